"""Two ways to a larger picture against Keras, scipy, and what is known of checkerboards."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import correlate

from cnnviz_core.layers.kernels import on_each_channel
from cnnviz_core.layers.upsampling import resize_convolve, transposed_convolution

quick = settings(deadline=None, max_examples=60)
small = st.integers(-9, 9).map(float)


@st.composite
def enlargements(draw):
    """A picture, a kernel, and how far apart it is painted."""
    image = draw(
        arrays(np.float32, [draw(st.integers(1, 5)) for _ in range(2)] + [3], elements=small)
    )
    kernel = draw(arrays(np.float32, [draw(st.integers(1, 6)) for _ in range(2)], elements=small))
    stride = draw(st.integers(1, 4))
    return image, kernel, stride, draw(st.integers(0, stride - 1))


@quick
@given(enlargements(), st.integers(0, 2))
def test_painting_is_keras_transposed_layer(case, padding):
    import keras

    image, kernel, stride, more = case
    layer = keras.layers.Conv2DTranspose(
        3, kernel.shape, strides=stride, output_padding=more, use_bias=False
    )
    layer.build((1, *image.shape))
    # Keras has the filters before the channels.
    layer.set_weights([np.swapaxes(on_each_channel(kernel, 3), 2, 3)])
    whole = np.asarray(layer(image[np.newaxis]))[0]
    height, width = whole.shape[:2]
    assume(min(height, width) > 2 * padding)
    painted = transposed_convolution(
        image, kernel, stride=stride, padding=padding, output_padding=more
    )
    kept = whole[padding : height - padding, padding : width - padding]
    np.testing.assert_allclose(painted, kept, atol=1e-3)


@quick
@given(enlargements())
def test_resizing_comes_before_scipys_correlation(case):
    image, kernel, factor, _ = case
    larger = np.kron(image, np.ones((factor, factor, 1), np.float32))
    # scipy centers an even kernel one cell later.
    origin = [-(1 - side % 2) for side in kernel.shape]
    expected = [
        correlate(larger[..., channel], kernel, mode="nearest", origin=origin)
        for channel in range(3)
    ]
    resized = resize_convolve(image, kernel, factor)
    np.testing.assert_allclose(resized, np.stack(expected, axis=-1), atol=1e-2)


@pytest.mark.parametrize(("size", "stride"), [(3, 2), (4, 3), (5, 2), (2, 2), (4, 2), (6, 3)])
def test_a_checkerboard_is_where_the_stride_does_not_divide_the_kernel(size, stride):
    flat, kernel = np.ones((9, 9, 1)), np.ones((size, size))
    inside = transposed_convolution(flat, kernel, stride=stride)[size:-size, size:-size]
    assert (np.ptp(inside) == 0) == (size % stride == 0)
    assert np.ptp(resize_convolve(flat, kernel, stride)) == 0


def test_of_nothing_nothing_is_left():
    with pytest.raises(ValueError, match="padding must leave something"):
        transposed_convolution(np.ones((1, 1, 1)), [[1]], padding=1)
    with pytest.raises(ValueError, match="factor must be at least 1"):
        resize_convolve(np.ones((1, 1, 1)), [[1]], 0)
