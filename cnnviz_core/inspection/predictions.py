"""What a classifier makes of a picture: its scores, top classes, cat or dog, and their changes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.images import ImageArray
from cnnviz_core.networks.network import Network

# ImageNet's classes of domestic cats: tabby, tiger cat, Persian, Siamese, Egyptian. Cougar and lynx
# follow at 286 and 287, and the big cats to 293; nobody keeps them.
CAT_CLASSES = range(281, 286)

# ImageNet's breeds of dog, from Chihuahua to Mexican hairless. Wolves, coyote, dingo, dhole and
# African hunting dog follow from 269: dogs to a zoologist, not to a keeper.
DOG_CLASSES = range(151, 269)

NUM_IMAGENET_CLASSES = 1000


@dataclass(frozen=True, slots=True)
class Prediction:
    """One class and what the network thinks of it.

    Attributes
    ----------
    index : int
        Place among the network's classes, from 0.
    name : str
    probability : float
        In 0..1.
    logit : float
        The score that the probability is made of.
    """

    index: int
    name: str
    probability: float
    logit: float


@dataclass(frozen=True, slots=True)
class CatOrDog:
    """The probabilities of all domestic cats, of all breeds of dog, and of everything else."""

    cat: float
    dog: float
    other: float


@dataclass(frozen=True, slots=True)
class Change:
    """One class before and after.

    Attributes
    ----------
    before, after : Prediction
        Of the same class.
    is_asked : bool
        Whether it is the class that is asked about.
    """

    before: Prediction
    after: Prediction
    is_asked: bool


def num_classes(network: Network) -> int:
    """Return how many classes a network tells apart; 0 without a classifier.

    A single sigmoid output tells two apart.
    """
    return 0 if network.logits is None else max(2, int(network.logits.shape[-1]))


def require_classifier(network: Network) -> int:
    """Return how many classes a network tells apart.

    Raises
    ------
    ValueError
        If it has no classifier.
    """
    if network.logits is None:
        raise _no_classifier(network)
    return num_classes(network)


def require_finite(network: Network, *results: FloatArray) -> None:
    """Raise `ValueError` if a network gave NaN or infinity, as with damaged weights."""
    if not all(np.isfinite(result).all() for result in results):
        raise ValueError(
            f"The network must answer with finite numbers, but “{network.title}” gave NaN or "
            "infinity for this picture. Its weights are damaged or far too large."
        )


def logits(network: Network, image: ImageArray) -> FloatArray:
    """Return what the classifier says of `image`, before softmax or sigmoid.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.

    Returns
    -------
    float32 (classes,)
        For a single sigmoid output, that one score.

    Raises
    ------
    ValueError
        If the network has no classifier, or `image` is no picture.
    """
    if network.run_logits is None:
        raise _no_classifier(network)
    scores = np.asarray(network.run_logits(network.preprocess(image)), np.float32)
    return scores.reshape(-1)


def probabilities(network: Network, scores: FloatArray, *, temperature: float = 1.0) -> FloatArray:
    """Turn logits into probabilities, as the network's last activation does.

    Softmax with temperature T is exp(zᵢ/T) / Σ exp(zⱼ/T) (Hinton, Vinyals and Dean, *Distilling the
    Knowledge in a Neural Network*, 2015, equation 1): below 1 it sharpens, above 1 it levels.

    Parameters
    ----------
    scores : float32 (classes,)
        From `logits`.
    temperature : float
        Above 0; 1 gives the network's own probabilities.

    Returns
    -------
    float32 (classes,)
        In 0..1. They sum to 1, except for a network with a sigmoid for each class. A single
        sigmoid output gives two: of 0 and of 1.

    Raises
    ------
    ValueError
        If `temperature` is not a finite number above 0.
    """
    if not (np.isfinite(temperature) and temperature > 0):
        raise ValueError(f"temperature must be above 0, but came as {temperature!r}.")
    scaled = _both_sides(scores).astype(np.float64) / temperature
    if network.output_activation == "sigmoid" and scores.size > 1:
        return _sigmoid(scaled).astype(np.float32)
    exponentials = np.exp(scaled - scaled.max())
    return np.asarray(exponentials / exponentials.sum(), np.float32)


def top_classes(
    network: Network, image: ImageArray, count: int = 5, *, temperature: float = 1.0
) -> tuple[Prediction, ...]:
    """Return the most probable classes, the first one first.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    count : int
        At least 1; all classes where there are fewer.
    temperature : float
        See `probabilities`.

    Raises
    ------
    ValueError
        If the network has no classifier, or an argument is out of range.
    """
    require_whole(count, "count", low=1)
    scores = logits(network, image)
    return rank(network, scores, count, temperature=temperature)


def rank(
    network: Network, scores: FloatArray, count: int = 5, *, temperature: float = 1.0
) -> tuple[Prediction, ...]:
    """Return the classes of the highest `scores`: `top_classes` without running the network."""
    return _predictions(network, scores, _descending(scores)[:count], temperature)


def changes(
    network: Network, before: FloatArray, after: FloatArray, asked: int, *, count: int = 5
) -> tuple[Change, ...]:
    """Return the classes that stand out before or after, in the order that they had before.

    So rows keep their places while something moves; what newly rises comes last.

    Parameters
    ----------
    before, after : float32 (classes,)
        Logits, from `logits`.
    asked : int
        A class that is always among them.
    count : int
        How many, at least 1; all where there are fewer.

    Raises
    ------
    ValueError
        If `asked` is no class of the network, or `count` is below 1.
    """
    require_whole(count, "count", low=1)
    order = _descending(before)
    require_whole(asked, "asked", low=0, high=order.size - 1)
    highest = np.maximum(probabilities(network, before), probabilities(network, after))
    highest[asked] = np.inf
    # Sorting keeps the order of before among equals.
    standing_out = order[np.argsort(-highest[order], kind="stable")[:count]]
    shown = order[np.isin(order, standing_out)]
    was, now = (_predictions(network, scores, shown) for scores in (before, after))
    return tuple(Change(*pair, pair[0].index == asked) for pair in zip(was, now, strict=True))


def cat_or_dog(network: Network, scores: FloatArray, *, temperature: float = 1.0) -> CatOrDog:
    """Sum the probabilities of ImageNet's domestic cats and of its breeds of dog.

    Parameters
    ----------
    scores : float32 (1000,)
        From `logits`.
    temperature : float
        See `probabilities`.

    Raises
    ------
    ValueError
        If the network does not tell ImageNet's thousand classes apart, or `temperature` is not a
        finite number above 0.
    """
    if scores.shape != (NUM_IMAGENET_CLASSES,):
        raise ValueError(
            f"network must know ImageNet's {NUM_IMAGENET_CLASSES} classes, "
            f"but {network.title!r} knows {_both_sides(scores).size}."
        )
    chances = probabilities(network, scores, temperature=temperature)
    cat, dog = float(chances[CAT_CLASSES].sum()), float(chances[DOG_CLASSES].sum())
    return CatOrDog(cat=cat, dog=dog, other=max(0.0, 1.0 - cat - dog))


def _no_classifier(network: Network) -> ValueError:
    return ValueError(
        f"network must end in class scores, but {network.title!r} has feature maps only. "
        "Choose one with has_classifier in networks.available()."
    )


def _predictions(
    network: Network, scores: FloatArray, indices: npt.NDArray[np.intp], temperature: float = 1.0
) -> tuple[Prediction, ...]:
    chances = probabilities(network, scores, temperature=temperature)
    both = _both_sides(scores)
    return tuple(
        Prediction(
            index=index,
            name=_class_name(network, index),
            probability=float(chances[index]),
            logit=float(both[index]),
        )
        for index in indices.tolist()
    )


def _descending(scores: FloatArray) -> npt.NDArray[np.intp]:
    return np.argsort(-_both_sides(scores), kind="stable")


def _both_sides(scores: FloatArray) -> FloatArray:
    # A single sigmoid is a softmax over two classes, the first of which scores zero.
    return scores if scores.size > 1 else np.concatenate([np.zeros(1, np.float32), scores])


def _sigmoid(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> FloatArray:
    # By way of tanh, which does not overflow.
    return np.asarray((1 + np.tanh(values / 2)) / 2, np.float32)


def _class_name(network: Network, index: int) -> str:
    return f"class {index}" if network.class_names is None else network.class_names[index]
