"""A picture from which the pixels that a heatmap calls the hottest are taken away."""

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps.faithfulness import removal_ranks
from cnnviz_core.heatmaps.holes import HoleFill, hole_filler
from cnnviz_core.networks.network import Picture
from cnnviz_core.networks.preprocessing import as_picture


def without_hottest(
    image: Picture, heat: FloatArray, share: float, *, fill: HoleFill = "black"
) -> FloatArray:
    """Return the picture of one point of a deletion curve.

    It is the one that `faithfulness.deletion` shows the network: the same pixels, in the same
    order among equals.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255.
    heat : float32 (H, W)
        Only its order counts.
    share : float
        Of the pixels, 0..1.
    fill : "grey", "mean", "blur", "black" or "inpainting"
        What deleted pixels show; see `holes.hole_filler`.

    Returns
    -------
    float32 (H, W, 3)
        RGB, 0..255; a new array.

    Raises
    ------
    ValueError
        If `heat` does not fit, `share` is out of its range, or `image` is no picture.

    Examples
    --------
    >>> picture = np.full((1, 4, 3), 9, np.uint8)
    >>> without_hottest(picture, np.float32([[0, 0.5, 1, 0.2]]), 0.5)[..., 0]
    array([[9., 0., 0., 9.]], dtype=float32)
    """
    picture, hot = as_picture(image), np.asarray(heat, np.float32)
    if hot.shape != picture.shape[:2]:
        raise ValueError(
            f"heat must have the picture's height and width, {picture.shape[:2]}, "
            f"but came with the shape {hot.shape}."
        )
    if not 0 <= share <= 1:
        raise ValueError(f"share must be from 0 to 1, but came as {share!r}.")
    return hole_filler(picture, fill)(removal_ranks(hot) < round(share * hot.size))
