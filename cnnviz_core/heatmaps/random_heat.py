"""A heatmap that knows nothing of the picture: what any other one must do better than."""

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.networks.preprocessing import stretch


def random_heat(size: tuple[int, int], grain: tuple[int, int], seed: int = 0) -> FloatArray:
    """Return random heat as coarse as that of a heatmap.

    Deleting single pixels at random destroys a picture far faster than deleting patches, so what
    is compared must have the same grain.

    Parameters
    ----------
    size : (int, int)
        Height and width of the picture.
    grain : (int, int)
        Height and width of a layer's maps, or of the picture itself for heat of single pixels.
    seed : int

    Returns
    -------
    float32 (H, W)
        0..1.

    Raises
    ------
    ValueError
        If a side is below 1, or `seed` below 0.

    Examples
    --------
    >>> bool(np.ptp(random_heat((2, 3), (1, 1))) < 1e-6)
    True
    """
    for name, sides in (("size", size), ("grain", grain)):
        for side in sides:
            require_whole(side, name, low=1)
    coarse = np.random.default_rng(require_whole(seed, "seed", low=0)).random(grain, np.float32)
    return stretch(coarse[..., np.newaxis], size)[..., 0].clip(0, 1)
