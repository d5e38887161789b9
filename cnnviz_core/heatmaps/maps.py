"""Where a network finds its evidence for a class: every method under its name.

A method gives a raw map at the resolution of its layer, for the class where it is positive and
against it where it is negative. `heatmap` shows what is for the class, in 0..1 on the picture's own
pixels; `shown` shows either side, or both.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from cnnviz_core.arrays import FloatArray, require_choice, require_whole
from cnnviz_core.heatmaps.class_gradients import score_weights
from cnnviz_core.heatmaps.class_scores import at_picture_size
from cnnviz_core.heatmaps.methods import INTEGRATED_STEPS, METHODS
from cnnviz_core.heatmaps.records import Question, RawMap, last
from cnnviz_core.images import ImageArray, as_picture, stretch
from cnnviz_core.networks.network import Network

Evidence = Literal["for", "against", "both"]
EVIDENCES: tuple[Evidence, ...] = ("for", "against", "both")

# Derivatives by pixels have few extremes, beside which nothing else could be seen: so many percent
# of the pixels get colors of their own.
CLIPPED_PERCENT = 99.0


def heatmap(
    network: Network,
    image: ImageArray,
    target_class: int | None = None,
    *,
    method: str = "grad-cam",
    layer: str | None = None,
) -> FloatArray:
    """Return where the picture speaks for a class.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    target_class : int, optional
        Index of a class; the most probable one by default.
    method : str
        One of `METHODS`.
    layer : str, optional
        One of `layer_roles.target_layers`; the last one by default. Attributions to pixels ask
        for none.

    Returns
    -------
    float32 (H, W)
        0..1, on the pixels of `image`; all zeros where nothing speaks for the class, which
        `raw_map(…).blank` explains.

    Raises
    ------
    ValueError
        If the network has no classifier, there is no such class, method or layer, or `image` is no
        picture.
    """
    size = as_picture(image).shape[:2]
    found = raw_map(network, image, target_class, method=method, layer=layer)
    return shown(found, (size[0], size[1]))


def raw_map(
    network: Network,
    image: ImageArray,
    target_class: int | None = None,
    *,
    method: str = "grad-cam",
    layer: str | None = None,
    against: int | None = None,
    max_channels: int | None = None,
    steps: int = INTEGRATED_STEPS[0],
) -> RawMap:
    """Return what a method finds, signed and at its own resolution.

    `raw_maps` describes the arguments, and shows the map growing.
    """
    states = raw_maps(
        network,
        image,
        target_class,
        method=method,
        layer=layer,
        against=against,
        max_channels=max_channels,
        steps=steps,
    )
    return last(states)


def raw_maps(
    network: Network,
    image: ImageArray,
    target_class: int | None = None,
    *,
    method: str = "grad-cam",
    layer: str | None = None,
    against: int | None = None,
    max_channels: int | None = None,
    steps: int = INTEGRATED_STEPS[0],
) -> Iterator[RawMap]:
    """Return what a method finds, after every part of its work.

    Parameters
    ----------
    image, target_class, method, layer
        As in `heatmap`.
    against : int, optional
        A class whose logit is subtracted: what speaks for the one rather than the other.
    max_channels : int, optional
        How many channels Score-CAM and Ablation-CAM try, the most promising ones; by default at
        most 256 and all of them.
    steps : int
        Of integrated gradients: the more, the closer to complete.

    Yields
    ------
    RawMap
        One for a method of one pass; else better and better ones, the last of which is done.
        Leaving the iterator stops the work.

    Raises
    ------
    ValueError
        As `heatmap`; at the call, but for what the work itself finds out.
    """
    require_choice(method, "method", tuple(METHODS))
    as_picture(image)
    score_weights(network, target_class, against)
    if layer is not None:
        network.layer(layer)
    if max_channels is not None:
        require_whole(max_channels, "max_channels", low=1)
    require_whole(steps, "steps", low=1)
    question = Question(
        network=network,
        image=image,
        target_class=target_class,
        against=against,
        layer=layer,
        max_channels=max_channels,
        steps=steps,
    )
    return METHODS[method].run(question)


def shown(raw: RawMap, size: tuple[int, int], evidence: Evidence = "for") -> FloatArray:
    """Bring a raw map to the size of a picture, and its largest value to 1.

    Bilinear, the centers of the first and last values where the centers of their shares of the
    picture are. What is not finite counts as no evidence.

    Parameters
    ----------
    size : (int, int)
        Height and width.
    evidence : "for", "against" or "both"
        The positive part, the negative part turned positive, or both with their signs.

    Returns
    -------
    float32 (height, width)
        0..1; −1..1 for both. All zeros where there is none.

    Examples
    --------
    >>> values = np.float32([[2, -4]])
    >>> found = RawMap("grad-cam", "conv", values, np.zeros(1), np.ones(1))
    >>> shown(found, (1, 4))
    array([[1.  , 0.75, 0.25, 0.  ]], dtype=float32)
    """
    values = _side(raw, evidence)
    # First to 1, for the largest float32 would overflow and the smallest vanish.
    scaled = _to_one(values.astype(np.float64)).astype(np.float32)
    return _to_one(stretch(scaled[..., np.newaxis], size)[..., 0])


def on_picture(raw: RawMap, image: ImageArray, evidence: Evidence = "for") -> FloatArray:
    """Bring one side of a raw map to the size of a picture, in the method's own numbers.

    Parameters
    ----------
    image : (H, W, 3)
        Only its size counts.
    evidence : "for", "against" or "both"
        The positive part, the negative part turned positive, or both with their signs.

    Returns
    -------
    float32 (H, W)
        What is not finite counts as no evidence.

    Examples
    --------
    >>> found = RawMap("grad-cam", "conv", np.float32([[2, -4]]), np.zeros(1), np.ones(1))
    >>> on_picture(found, np.zeros((1, 2, 3)), "against").tolist()
    [[0.0, 4.0]]
    """
    return at_picture_size(_side(raw, evidence), image)


def scale_end(*maps: FloatArray, percent: float = 100.0) -> float:
    """Return where the colors of maps that share a scale end: 1 where there is nothing.

    Parameters
    ----------
    percent : float
        Of each map's values that keep a color of their own, leaving out their signs. Of several
        maps the furthest end counts. Zeros are no evidence, and don't count.

    Examples
    --------
    >>> scale_end(np.float32([1, -3]), np.float32([0, 2])), scale_end(np.float32([0]))
    (3.0, 1.0)
    """
    strengths = [np.abs(values[values != 0]) for values in maps]
    ends = [float(np.percentile(one, percent)) for one in strengths if one.size]
    return max(ends, default=1.0)


def _side(raw: RawMap, evidence: Evidence) -> FloatArray:
    require_choice(evidence, "evidence", EVIDENCES)
    values = np.where(np.isfinite(raw.values), raw.values, np.float32(0))
    match evidence:
        case "for":
            return np.maximum(values, 0)
        case "against":
            return np.maximum(-values, 0)
        case "both":
            return values


def _to_one(values: FloatArray) -> FloatArray:
    largest = np.abs(values).max()
    return values / largest if largest > 0 else values
