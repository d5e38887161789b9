"""From a picture of any size to the numbers a network was trained on.

A picture is stretched to the input size, not cropped, so that every position of a feature map has
its place in the whole picture.
"""

from collections.abc import Callable

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.images import ImageArray, as_picture, stretch

Scaling = Callable[[FloatArray], FloatArray]

# The mean of ImageNet's training pictures, blue, green, red: Simonyan and Zisserman (2014) publish
# it with the weights of VGG.
IMAGENET_MEAN_BGR = np.array([103.939, 116.779, 123.68], np.float32)

# Mean and standard deviation of ImageNet, red, green, blue, of values in 0..1: the numbers that
# Torch's models are trained with.
IMAGENET_MEAN_RGB = np.array([0.485, 0.456, 0.406], np.float32)
IMAGENET_DEVIATION_RGB = np.array([0.229, 0.224, 0.225], np.float32)

# The weights for luminance of ITU-R BT.601.
LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)


def preprocessing(
    input_size: tuple[int, int], scaling: Scaling
) -> Callable[[ImageArray], FloatArray]:
    """Return the function that brings pictures to `input_size` and scales their values.

    Parameters
    ----------
    input_size : (int, int)
        Height and width.
    scaling : callable
        float32 (h, w, 3), RGB, 0..255, its own to change -> (h, w, C) or (1, h, w, C).
    """

    def preprocess(image: ImageArray) -> FloatArray:
        scaled = np.asarray(scaling(stretch(as_picture(image), input_size)), np.float32)
        return scaled if scaled.ndim == 4 else scaled[np.newaxis]

    return preprocess


def bgr_minus_mean(picture: FloatArray) -> FloatArray:
    """Scale as for VGG: blue, green, red, minus ImageNet's mean, unscaled."""
    return picture[..., ::-1] - IMAGENET_MEAN_BGR


def minus_one_to_one(picture: FloatArray) -> FloatArray:
    """Scale 0..255 to −1..1.

    Examples
    --------
    >>> minus_one_to_one(np.float32([0, 127.5, 255])).tolist()
    [-1.0, 0.0, 1.0]
    """
    return picture / np.float32(127.5) - np.float32(1)


def zero_to_one(picture: FloatArray) -> FloatArray:
    """Scale 0..255 to 0..1."""
    return picture / np.float32(255)


def standardized(picture: FloatArray) -> FloatArray:
    """Scale to mean 0 and deviation 1 over ImageNet, channel by channel."""
    return (picture / np.float32(255) - IMAGENET_MEAN_RGB) / IMAGENET_DEVIATION_RGB


def unchanged(picture: FloatArray) -> FloatArray:
    """Leave 0..255 as it is: for networks that scale in their first layers."""
    return picture


def gray(picture: FloatArray) -> FloatArray:
    """Reduce red, green and blue to luminance, (h, w, 1)."""
    return (picture @ LUMINANCE)[..., np.newaxis]
