"""How a picture is moved before the network sees it, so that no pattern hangs on single pixels.

A picture is taken as periodic: what leaves on one side comes back on the other. All pictures of a
batch are moved alike.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray


def draw_shift(jitter: int, seed: int, step: int) -> npt.NDArray[np.int32]:
    """Draw how many pixels to move down and to the right, each from −jitter to jitter.

    The numbers depend on seed and step alone, so that a run can be taken up at any step.
    """
    random = np.random.default_rng((seed, step, 0))
    return random.integers(-jitter, jitter, 2, dtype=np.int32, endpoint=True)


def draw_rotation(rotation: float, scaling: float, seed: int, step: int) -> FloatArray:
    """Draw a rotation by up to `rotation` degrees and a zoom by a factor of up to 1 + `scaling`.

    Returns
    -------
    float32 (2, 2)
        From a place in the moved picture to one in the picture, both from its middle, in pixels
        (down, right).
    """
    random = np.random.default_rng((seed, step, 1))
    angle = np.deg2rad(random.uniform(-rotation, rotation))
    # Making larger is as likely as making smaller by the same factor.
    zoom = (1 + scaling) ** random.uniform(-1, 1)
    cos, sin = np.cos(angle) / zoom, np.sin(angle) / zoom
    return np.array([[cos, -sin], [sin, cos]], np.float32)


def shift(pictures: Any, by: Any) -> Any:
    """Move pictures (N, H, W, 3) by whole pixels (down, right)."""
    import tensorflow as tf

    return tf.roll(pictures, by, axis=(1, 2))


def rotate(pictures: Any, matrix: Any) -> Any:
    """Rotate and zoom pictures around their middle, with bilinear interpolation.

    TensorFlow's own `ImageProjectiveTransformV3` turns the gradient back by interpolating again,
    which is not the derivative; this is.

    Parameters
    ----------
    pictures : tensor (N, H, W, 3)
    matrix : tensor (2, 2)
        From `draw_rotation`.
    """
    import tensorflow as tf

    count, height, width, colors = pictures.shape
    middle = np.array([(height - 1) / 2, (width - 1) / 2], np.float32)
    grid = np.indices((height, width), np.float32).reshape(2, -1).T
    places = tf.linalg.matmul(tf.constant(grid - middle), matrix, transpose_b=True) + middle
    corner = tf.floor(places)
    part = places - corner
    # One row for each pixel, holding all pictures: four gathers of rows instead of many of numbers.
    pixels = tf.reshape(tf.transpose(pictures, (1, 2, 0, 3)), (height * width, count * colors))
    moved = 0.0
    for down, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
        row = tf.cast(corner[:, 0], tf.int32) + down
        column = tf.cast(corner[:, 1], tf.int32) + right
        index = tf.math.floormod(row, height) * width + tf.math.floormod(column, width)
        share = (part[:, 0] if down else 1 - part[:, 0]) * (part[:, 1] if right else 1 - part[:, 1])
        moved += share[:, tf.newaxis] * tf.gather(pixels, index)
    return tf.transpose(tf.reshape(moved, (height, width, count, colors)), (2, 0, 1, 3))
