"""How much confidence a network loses when it sees only the hot parts of a picture."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from cnnviz_core import images
from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.heatmaps.faithfulness import class_probabilities, require_heat
from cnnviz_core.heatmaps.maps import heatmap
from cnnviz_core.images import ImageArray, as_picture
from cnnviz_core.inspection.predictions import require_classifier, top_classes
from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True)
class Drop:
    """What is left of a class when only the hot parts of a picture are shown.

    Attributes
    ----------
    whole, shown : float
        The probability of the class, for the picture and for what its heatmap shows.
    """

    whole: float
    shown: float

    @property
    def share(self) -> float:
        """Return the share of the probability that is lost, 0..1; 0 where it rises."""
        return max(0.0, self.whole - self.shown) / self.whole if self.whole > 0 else 0.0


@dataclass(frozen=True, slots=True)
class AverageDrop:
    """The average drop of `count` sample pictures so far, of `total`.

    Chattopadhay et al. (2018), who give percent. For a good heatmap it is small, and rises are
    many.

    Attributes
    ----------
    losses : tuple of float
        `Drop.share` of each.
    num_rises : int
        For how many of them the probability rose.
    total : int
    """

    losses: tuple[float, ...]
    num_rises: int
    total: int

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self.losses)

    @property
    def share(self) -> float:
        """Return the mean of the losses, 0..1."""
        return sum(self.losses) / len(self.losses)


def drop(network: Network, image: ImageArray, heat: FloatArray, target_class: int) -> Drop:
    """Show the network a picture only as far as it is hot.

    Chattopadhay, Sarkar, Howlader and Balasubramanian, *Grad-CAM++* (2018): each pixel is
    multiplied by its heat, so that cold ones fade to black.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    heat : float32 (H, W)
        0..1, from any method.
    target_class : int

    Raises
    ------
    ValueError
        As `faithfulness.deletion_states`.
    """
    picture, hot = as_picture(image), require_heat(heat, image)
    require_whole(target_class, "target_class", low=0, high=require_classifier(network) - 1)
    shown = hot[..., np.newaxis] * picture
    whole, left = class_probabilities(network, [picture, shown], target_class)
    return Drop(float(whole), float(left))


def average_drop_states(
    network: Network, *, method: str, resume: AverageDrop | None = None
) -> Iterator[AverageDrop]:
    """Measure the average drop over all samples, each for its most probable class.

    Parameters
    ----------
    method : str
        Of the heatmaps; one of `METHODS`.
    resume : AverageDrop, optional
        Go on from here.

    Yields
    ------
    AverageDrop
        After every sample.

    Raises
    ------
    ValueError
        As `maps.heatmap`, with the first state.
    """
    names = images.sample_names()
    found = AverageDrop((), 0, len(names)) if resume is None else resume
    for name in names[found.count :]:
        image = images.sample(name)
        target = top_classes(network, image, 1)[0].index
        one = drop(network, image, heatmap(network, image, target, method=method), target)
        rises = found.num_rises + (one.shown > one.whole)
        found = replace(found, losses=(*found.losses, one.share), num_rises=rises)
        yield found
