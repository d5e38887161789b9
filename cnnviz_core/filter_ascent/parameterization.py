"""How the picture of an ascent is written down: as pixels, or in a Fourier basis.

As pixels, gradients raise single points, and the picture fills with fine noise. In a Fourier basis
(Olah, Mordvintsev and Schubert, *Feature Visualization*, 2017, "Preconditioning and
Parameterization"), each step moves the whole picture, coarse structure as easily as fine; and along
the axes in which photographs vary, brightness moves more than color, as it does in photographs.
"""

from typing import Any, Literal

import numpy as np

from cnnviz_core.arrays import FloatArray

ImageKind = Literal["fourier", "pixels"]
IMAGE_KINDS: tuple[ImageKind, ...] = ("fourier", "pixels")
Start = Literal["noise", "gray"]
STARTS: tuple[Start, ...] = ("noise", "gray")

# Principal components of the colors of ImageNet's pixels in 0..1: variances, and directions in
# red, green and blue, one a column. Krizhevsky, Sutskever and Hinton (2012), section 4.1, describe
# them; the numbers are those published with Facebook's fb.resnet.torch (2016), `transforms.lua`.
COLOR_VARIANCES = np.array([0.2175, 0.0188, 0.0045], np.float32)
COLOR_DIRECTIONS = np.array(
    [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]],
    np.float32,
)
# From independent components of deviation 1 to colors that vary together as in photographs. The
# logistic function that follows is steepest at gray, where its slope is 1/4.
COLORS = 4 * COLOR_DIRECTIONS * np.sqrt(COLOR_VARIANCES)

# Deviation of the Fourier coefficients of noise: nearly gray, and different for every seed.
NOISE = 0.05
# Of pixels, as the book's first edition has it: 128 ± 10 of 255.
PIXEL_NOISE = 10 / 255
# Of a picture that is hardly more than gray, as it is shown: Chollet, *Deep Learning with Python*
# (2017), listing 5.36.
SHOWN_DEVIATION = 0.1
# A person's picture keeps away from black and white, which the logistic function never reaches.
MARGIN = 0.02


def frequencies(height: int, width: int) -> FloatArray:
    """Return the frequency of each Fourier coefficient of a real picture, in periods a pixel.

    Returns
    -------
    float32 (H, W // 2 + 1)

    Examples
    --------
    >>> frequencies(2, 4).astype(float).round(2).tolist()
    [[0.0, 0.25, 0.5], [0.5, 0.56, 0.71]]
    """
    down, right = np.fft.fftfreq(height)[:, np.newaxis], np.fft.rfftfreq(width)
    return np.asarray(np.hypot(down, right), np.float32)


def fourier_scales(height: int, width: int) -> FloatArray:
    """Return how much a step moves each Fourier coefficient: 1/f, as photographs' amplitudes fall.

    Field, *Relations Between the Statistics of Natural Images and the Response Properties of
    Cortical Cells* (1987). The scale makes noise of deviation 1 a picture of deviation 1.
    """
    found = 1 / np.maximum(frequencies(height, width), 1 / max(height, width))
    # Of a real picture, all columns but the first and (at an even width) the last count twice.
    twice = np.full(found.shape[1], 2.0)
    twice[0] = 1
    if width % 2 == 0:
        twice[-1] = 1
    # Real and imaginary part vary independently: hence the 2.
    power = 2 * (found**2 * twice).sum() / (height * width) ** 2
    return np.asarray(found / np.sqrt(power), np.float32)


def values_shape(kind: ImageKind, count: int, size: tuple[int, int]) -> tuple[int, ...]:
    """Return the shape of the numbers of `count` pictures; see `first_values`.

    Examples
    --------
    >>> values_shape("fourier", 8, (128, 100))
    (2, 8, 3, 128, 51)
    """
    height, width = size
    return (count, height, width, 3) if kind == "pixels" else (2, count, 3, height, width // 2 + 1)


def first_values(
    kind: ImageKind, start: Start, count: int, size: tuple[int, int], seed: int
) -> FloatArray:
    """Return the numbers of `count` pictures to begin with; each has its own noise.

    Returns
    -------
    float32
        (N, H, W, 3) in 0..1 for pixels; (2, N, 3, H, W // 2 + 1), real and imaginary parts, for
        the Fourier basis.
    """
    height, width = size
    values = np.zeros(values_shape(kind, count, size), np.float32)
    for index in range(count if start == "noise" else 0):
        random = np.random.default_rng((seed, index))
        if kind == "pixels":
            values[index] = PIXEL_NOISE * random.uniform(-1, 1, (height, width, 3))
        else:
            values[:, index] = NOISE * random.standard_normal(values[:, index].shape)
    return values + np.float32(0.5) if kind == "pixels" else values


def values_of(kind: ImageKind, picture: FloatArray, count: int) -> FloatArray:
    """Return the numbers of `count` copies of a picture, float32 (H, W, 3) in 0..1."""
    if kind == "pixels":
        return np.repeat(picture[np.newaxis], count, 0)
    kept = np.clip(picture, MARGIN, 1 - MARGIN).astype(np.float64)
    components = np.log(kept / (1 - kept)) @ np.linalg.inv(COLORS.astype(np.float64)).T
    found = np.fft.rfft2(components, axes=(0, 1)) / fourier_scales(*picture.shape[:2])[..., None]
    parts = np.stack([found.real, found.imag]).transpose(0, 3, 1, 2).astype(np.float32)
    return np.repeat(parts[:, np.newaxis], count, 1)


def pictures(kind: ImageKind, values: Any, size: tuple[int, int], contrast: Any) -> Any:
    """Return the pictures that the numbers stand for, as a tensor (N, H, W, 3) in 0..1.

    Parameters
    ----------
    values : tensor
        As `first_values` describes them.
    size : (int, int)
    contrast : tensor ()
        In the Fourier basis, about the deviation that a picture has at least.
    """
    import tensorflow as tf

    if kind == "pixels":
        return values
    scales = tf.constant(fourier_scales(*size))
    # The gradient of `unstack` is one copy, of two slices two copies and their sum.
    real, imaginary = tf.unstack(values)
    spectrum = tf.complex(real * scales, imaginary * scales)
    components = tf.signal.irfft2d(spectrum, fft_length=size)
    colors = tf.einsum("nkhw,ck->nhwc", components, tf.constant(COLORS))
    # The logistic function's slope at gray is 1/4.
    return tf.sigmoid(_with_contrast(colors, 4 * contrast))


def _with_contrast(colors: Any, least: Any) -> Any:
    """Enlarge what differs from a picture's mean color, where it has less contrast than it must.

    A filter that is mostly inhibited likes gray best of all. Erhan, Bengio, Courville and Vincent
    (2009) hold the norm of the picture for that reason. Here pictures of more contrast stay as they
    are, and the factor has no gradient of its own: a picture that gains by contrast gains it, and
    outgrows the least.
    """
    import tensorflow as tf

    mean = tf.reduce_mean(colors, (1, 2), keepdims=True)
    rest = colors - mean
    # The small number is for a picture of one color.
    deviation = tf.sqrt(tf.reduce_mean(rest**2, (1, 2, 3), keepdims=True) + 1e-12)
    return mean + rest * tf.stop_gradient(tf.maximum(deviation, least) / deviation)


def blurred(kind: ImageKind, values: Any, size: tuple[int, int], deviation: Any) -> Any:
    """Return the numbers of the pictures after a Gaussian blur, periodic at the borders.

    Yosinski, Clune, Nguyen, Fuchs and Lipson, *Understanding Neural Networks Through Deep
    Visualization* (2015), section 3: blurring after each step keeps high frequencies down.

    Parameters
    ----------
    deviation : tensor ()
        In pixels. 0 leaves the numbers as they are.
    """
    import tensorflow as tf

    # The Fourier transform of a Gaussian is a Gaussian.
    damping = tf.exp(-2 * (np.pi * deviation * frequencies(*size)) ** 2)
    if kind == "fourier":
        return values * damping
    spectrum = tf.signal.rfft2d(tf.transpose(values, (0, 3, 1, 2)))
    smooth = tf.signal.irfft2d(spectrum * tf.cast(damping, tf.complex64), fft_length=size)
    return tf.where(deviation > 0, tf.transpose(smooth, (0, 2, 3, 1)), values)


def stretched(images: FloatArray) -> FloatArray:
    """Return pictures as Chollet's book shows its own, which are hardly more than gray.

    Parameters
    ----------
    images : float32 (N, H, W, 3)

    Returns
    -------
    float32 (N, H, W, 3)
        The mean is 0.5 and the deviation `SHOWN_DEVIATION`; clipped to 0..1.
    """
    centered = images - images.mean((1, 2, 3), keepdims=True)
    spread = np.maximum(centered.std((1, 2, 3), keepdims=True), np.float32(1e-5))
    return np.asarray(np.clip(0.5 + SHOWN_DEVIATION * centered / spread, 0, 1), np.float32)
