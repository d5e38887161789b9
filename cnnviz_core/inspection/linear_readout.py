"""How well a picture's colors can be read off a layer's maps: R² of a linear regression."""

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray
from cnnviz_core.images import ImageArray, as_picture

# The side of the picture that is predicted. Small enough for all layers of a network in
# about a second, and still finer than the maps where pictures begin to blur.
MEASURED_SIDE = 64

# The squares of the chessboard that halves it: larger than what one position of a 7×7 map covers,
# so that the two halves don't see the same maps.
SQUARE = 16

# Ridge of the read-out, as a share of the mean variance of the channels. Deep layers have more
# channels than there are positions to learn from; without it they would learn the picture by heart.
RIDGE = 0.01


def r2_of_colors(maps: FloatArray, image: ImageArray) -> float:
    """Return R² of a picture's colors, regressed on a layer's channels at the same position.

    The picture and the maps are brought to 64×64 and halved like a chessboard of 16×16 squares. On
    one half, ridge regression finds the weighted sum of the channels that comes closest to red,
    green and blue at the same position; on the other half it must then guess them, and the other
    way round. The result is R² of the guesses: the share of the picture's variance that they get
    right. It asks what the layer still tells about the color at a place, and sinks both where
    maps become coarse and where channels mean something else; like a linear probe (Alain and
    Bengio, *Understanding Intermediate Layers Using Linear Classifier Probes*, 2016). Where maps
    have few positions, there is little to learn from and the result is a lower bound: it does not
    say that the network has forgotten the rest.

    Parameters
    ----------
    maps : float32 (H', W', C)
    image : uint8 or float32 (H, W, 3)

    Returns
    -------
    float
        In 0..1: 0 where guessing is no better than the mean color. A picture of a single color
        has nothing to lose: 1.
    """
    target = _resampled(as_picture(image)).reshape(-1, 3).astype(np.float64)
    total = float(((target - target.mean(0)) ** 2).sum())
    if total <= 1e-6 * target.size:
        return 1.0
    features = _resampled(_reduced(maps)).reshape(MEASURED_SIDE**2, -1)
    rows, columns = np.indices((MEASURED_SIDE, MEASURED_SIDE)).reshape(2, -1) // SQUARE
    is_white = (rows + columns) % 2 == 0
    missed = sum(
        float(((target[~half] - _read_out(features, target, half)) ** 2).sum())
        for half in (is_white, ~is_white)
    )
    return min(1.0, max(0.0, 1.0 - missed / total))


def _read_out(
    features: FloatArray, target: npt.NDArray[np.float64], half: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Learn `target` from `features` where `half` is true; guess it where it is not."""
    center, mean = features[half].mean(0), target[half].mean(0)
    known = features[half] - center
    gram = (known.T @ known).astype(np.float64)
    ridge = RIDGE * gram.trace() / len(gram)
    if ridge <= 0:
        return np.broadcast_to(mean, target[~half].shape)
    gram[np.diag_indices_from(gram)] += ridge
    weights = np.linalg.solve(gram, known.T @ (target[half] - mean))
    return np.asarray(mean + (features[~half] - center) @ weights)


def _reduced(maps: FloatArray) -> FloatArray:
    # Of more channels than positions, so many weighted sums say as much as all of them: turn to
    # the principal axes of the positions, which span the same guesses with less work.
    height, width, channels = maps.shape
    positions = maps.reshape(-1, channels).astype(np.float64)
    if channels <= len(positions):
        return maps
    values, axes = np.linalg.eigh(positions @ positions.T)
    scaled = axes * np.sqrt(np.maximum(values, 0))
    return np.asarray(scaled, np.float32).reshape(height, width, -1)


def _resampled(maps: FloatArray) -> FloatArray:
    rows, columns = (_resampling(size) for size in maps.shape[:2])
    resampled = np.einsum("ri,ijc,sj->rsc", rows, maps, columns, optimize=True)
    return np.asarray(resampled, np.float32)


def _resampling(size: int) -> FloatArray:
    """Return the matrix (64, size) that brings an axis to 64 samples.

    A triangle as wide as the coarser of the two grids: linear interpolation where the axis grows,
    averaging where it shrinks.
    """
    scale = size / MEASURED_SIDE
    centers = (np.arange(MEASURED_SIDE) + 0.5) * scale - 0.5
    centers = np.clip(centers, 0, size - 1)
    distances = np.abs(centers[:, np.newaxis] - np.arange(size)) / max(scale, 1.0)
    triangle = np.maximum(0.0, 1.0 - distances)
    return np.asarray(triangle / triangle.sum(1, keepdims=True), np.float32)
