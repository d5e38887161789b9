"""How much confidence a network loses when it sees only the hot parts of a picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.heatmaps.faithfulness import class_probabilities, require_heat
from cnnviz_core.images import ImageArray, as_picture
from cnnviz_core.inspection.predictions import require_classifier
from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Drop:
    """What is left of a class when only the hot parts of a picture are shown.

    Attributes
    ----------
    whole, shown : float
        The probability of the class, for the picture and for what its heatmap shows.
    picture : float32 (H, W, 3)
        What its heatmap shows; RGB, 0..255.
    """

    whole: float
    shown: float
    picture: FloatArray

    @property
    def share(self) -> float:
        """Return the share of the probability that is lost, 0..1; 0 where it rises."""
        return max(0.0, self.whole - self.shown) / self.whole if self.whole > 0 else 0.0


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
    return Drop(float(whole), float(left), shown)


def average_drop(drops: Sequence[Drop]) -> tuple[float, float]:
    """Return two numbers for many pictures: the average drop, and how often confidence rose.

    Chattopadhay et al. (2018). A good heatmap has a small first and a large second.

    Parameters
    ----------
    drops : sequence of Drop
        At least one.

    Returns
    -------
    float, float
        Shares, 0..1; the paper gives percent.

    Raises
    ------
    ValueError
        If there are none.

    Examples
    --------
    >>> picture = np.zeros((1, 1, 3), np.float32)
    >>> average_drop([Drop(0.8, 0.4, picture), Drop(0.5, 0.6, picture)])
    (0.25, 0.5)
    """
    if not drops:
        raise ValueError("drops must hold at least one, but came empty.")
    losses = [one.share for one in drops]
    rises = [one.shown > one.whole for one in drops]
    return sum(losses) / len(losses), sum(rises) / len(rises)
