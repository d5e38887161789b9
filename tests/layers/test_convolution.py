"""Convolution against plain loops, SciPy and Keras, and what must hold for any picture."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.signal import correlate2d

from cnnviz_core.layers import convolution
from cnnviz_core.layers.convolution import convolve, output_size
from cnnviz_core.layers.kernels import named_kernel, on_each_channel
from cnnviz_core.layers.windows import Padding, span
from tests import oracles

# All that the page's sliders can be set to.
SIZES = range(1, 16)
STRIDES = range(1, 5)
PADDINGS: tuple[Padding, ...] = ("valid", "same", *range(8))
DILATIONS = range(1, 4)

some_padding = st.sampled_from(PADDINGS)
small_pictures = hnp.arrays(
    np.float32,
    st.tuples(st.integers(3, 8), st.integers(3, 8), st.just(2)),
    elements=st.floats(-255, 255, width=32),
)
small_kernels = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 3), st.integers(1, 3), st.just(2), st.integers(1, 3)),
    elements=st.floats(-2, 2, width=32),
)
quick = settings(deadline=None, max_examples=30)


def noise(*shape: int, seed: int = 7) -> Any:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def assert_close(actual: Any, expected: Any, image: Any, kernels: Any) -> None:
    """Equal but for float32 rounding of sums as large as these can become."""
    assert actual.dtype == np.float32
    assert actual.shape == expected.shape
    largest_sum = np.abs(image).max() * np.abs(kernels).sum((0, 1, 2)).max()
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-6 * largest_sum + 1e-9)


@pytest.mark.parametrize("dilation", DILATIONS)
@pytest.mark.parametrize("padding", ["valid", "same", 0, 1, 4])
@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 3), (2, 3), (4, 1)])
def test_convolve_agrees_with_loops(size: tuple[int, int], padding: Padding, dilation: int) -> None:
    image, kernels = noise(11, 10, 2), noise(*size, 2, 3, seed=8)
    for stride in STRIDES:
        expected = oracles.convolve(image, kernels, stride, padding, dilation)
        result = convolve(image, kernels, stride=stride, padding=padding, dilation=dilation)
        assert_close(result, expected, image, kernels)


@pytest.mark.parametrize("size", SIZES)
def test_each_channel_agrees_with_scipy(size: int) -> None:
    image, kernels = noise(40, 33, 3), noise(size, size, 3, 2, seed=8)
    for padding, mode in (("valid", "valid"), (size - 1, "full")):
        expected = np.stack(
            [
                sum(correlate2d(image[..., c], kernels[..., c, f], mode) for c in range(3))
                for f in range(2)
            ],
            axis=-1,
        )
        assert_close(convolve(image, kernels, padding=padding), expected, image, kernels)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (3, 1), (4, 1), (1, 2), (1, 3)])
def test_a_keras_layer_of_the_same_weights_agrees(
    padding: Padding, stride: int, dilation: int
) -> None:
    import keras

    image = noise(34, 37, 3)
    for size in (1, 2, 3, 10):
        kernels = noise(size, size, 3, 4, seed=size)
        layer = keras.layers.Conv2D(
            4, size, strides=stride, padding=padding, dilation_rate=dilation, use_bias=False
        )
        layer.build((1, *image.shape))
        layer.set_weights([kernels])
        expected = np.asarray(layer(image[np.newaxis]))[0]
        result = convolve(image, kernels, stride=stride, padding=padding, dilation=dilation)
        assert_close(result, expected, image, kernels)


def test_the_kernel_is_not_flipped() -> None:
    dot = np.zeros((3, 3, 1))
    dot[1, 1] = 1
    kernel = np.arange(9.0).reshape(3, 3, 1, 1)
    flipped = kernel[::-1, ::-1, :, 0]
    np.testing.assert_array_equal(convolve(dot, kernel, padding=1), flipped)


def test_the_cat_has_the_shapes_of_the_article(cat: Any) -> None:
    for size, filters, shape in [(3, 3, (318, 398)), (10, 3, (311, 391)), (15, 1, (306, 386))]:
        assert convolve(cat, noise(size, size, 3, filters)).shape == (*shape, filters)


@given(first=small_pictures, kernels=small_kernels, padding=some_padding, factor=st.integers(-3, 3))
@quick
def test_sums_and_multiples_of_pictures_pass_through(
    first: Any, kernels: Any, padding: Padding, factor: int
) -> None:
    second = noise(*first.shape)
    together = convolve(first + factor * second, kernels, padding=padding)
    apart = convolve(first, kernels, padding=padding) + factor * convolve(
        second, kernels, padding=padding
    )
    assert_close(together, apart, np.abs(first) + 20, np.abs(kernels) + 1)


@given(image=small_pictures, first=small_kernels, factor=st.integers(-3, 3))
@quick
def test_sums_and_multiples_of_kernels_pass_through(image: Any, first: Any, factor: int) -> None:
    second = noise(*first.shape)
    together = convolve(image, first + factor * second)
    apart = convolve(image, first) + factor * convolve(image, second)
    assert_close(together, apart, np.abs(image) + 1, np.abs(first) + 20)


@given(
    image=small_pictures,
    kernels=small_kernels,
    down=st.integers(0, 5),
    right=st.integers(0, 5),
    dilation=st.integers(1, 2),
)
@quick
def test_a_shifted_picture_gives_shifted_maps(
    image: Any, kernels: Any, down: int, right: int, dilation: int
) -> None:
    border = span(3, dilation)
    around = [(border, border)] * 2 + [(0, 0)]
    shifted = [(border + down, border), (border + right, border), (0, 0)]
    maps = convolve(np.pad(image, around), kernels, dilation=dilation)
    moved = convolve(np.pad(image, shifted), kernels, dilation=dilation)
    assert_close(moved[down:, right:], maps, image, kernels)
    assert not moved[:down].any()
    assert not moved[:, :right].any()


@given(image=small_pictures, kernels=small_kernels, stride=st.integers(1, 4), padding=st.just(2))
@quick
def test_a_stride_leaves_out_stops_and_changes_none(
    image: Any, kernels: Any, stride: int, padding: int
) -> None:
    every = convolve(image, kernels, padding=padding)
    some = convolve(image, kernels, stride=stride, padding=padding)
    assert_close(some, every[::stride, ::stride], image, kernels)


@pytest.mark.parametrize("size", SIZES)
def test_the_identity_kernel_gives_the_picture_back(size: int, cat: Any) -> None:
    kernels = on_each_channel(named_kernel("identity", size))
    piece = cat[100:140, 100:140]
    np.testing.assert_array_equal(convolve(piece, kernels, padding="same"), piece)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float64, bool])
def test_every_dtype_becomes_float32_and_inputs_stay_untouched(dtype: type) -> None:
    image, kernels = noise(8, 8, 3).astype(dtype), noise(3, 3, 3, 2).astype(np.float64)
    copies = image.copy(), kernels.copy()
    image.flags.writeable = kernels.flags.writeable = False
    result = convolve(image, kernels, padding=2)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(image, copies[0])
    np.testing.assert_array_equal(kernels, copies[1])
    assert not np.shares_memory(result, image)


@pytest.mark.parametrize("level", [0, 255])
@pytest.mark.parametrize("padding", ["valid", "same", 7])
def test_a_picture_of_one_color_gives_finite_maps(level: int, padding: Padding) -> None:
    image = np.full((20, 20, 3), level, np.uint8)
    kernels = noise(5, 5, 3, 4)
    maps = convolve(image, kernels, padding=padding, stride=2, dilation=2)
    assert np.isfinite(maps).all()
    middle = maps[maps.shape[0] // 2, maps.shape[1] // 2]
    np.testing.assert_allclose(middle, level * kernels.sum((0, 1, 2)), rtol=1e-3, atol=1e-2)


@pytest.mark.parametrize("dilation", DILATIONS)
@pytest.mark.parametrize("size", SIZES)
def test_opencv_stands_in_for_tensorflow(size: int, dilation: int) -> None:
    image = np.random.default_rng(size).uniform(0, 255, (48, 51, 3)).astype(np.float32)
    kernels = noise(size, size, 3, 2)
    for stride in STRIDES:
        stand_in = convolution._correlate_with_opencv(image, kernels, stride, dilation)
        expected = convolution._correlate_with_tensorflow(image, kernels, stride, dilation)
        assert_close(stand_in, expected, image, kernels)


@pytest.mark.parametrize(("channels", "filters"), [(1, 1), (1, 4), (130, 2)])
def test_opencv_stands_in_for_any_number_of_channels(channels: int, filters: int) -> None:
    image, kernels = noise(9, 12, channels), noise(2, 4, channels, filters)
    stand_in = convolution._correlate_with_opencv(image, kernels, 1, 1)
    expected = convolution._correlate_with_tensorflow(image, kernels, 1, 1)
    assert_close(stand_in, expected, image, kernels)


def test_while_tensorflow_is_loading_it_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    image, kernels = noise(9, 12, 3), noise(3, 3, 3, 2)
    settings = {"padding": "same", "stride": 2}
    expected = convolve(image, kernels, **settings)
    monkeypatch.setattr(convolution.warm_up, "in_progress", lambda: True)
    monkeypatch.delattr(convolution, "_correlate_with_tensorflow")
    assert_close(convolve(image, kernels, **settings), expected, image, kernels)


def size_by_formula(side: int, size: int, stride: int, padding: Padding, dilation: int) -> int:
    if padding == "same":
        return math.ceil(side / stride)
    zeros = 0 if padding == "valid" else padding
    return (side + 2 * zeros - dilation * (size - 1) - 1) // stride + 1


@pytest.mark.parametrize("dilation", DILATIONS)
def test_the_formula_gives_the_size_for_every_position_of_the_sliders(dilation: int) -> None:
    for size, stride, padding in product(SIZES, STRIDES, PADDINGS):
        height, width = (
            size_by_formula(side, size, stride, padding, dilation) for side in (320, 400)
        )
        assert output_size(320, size, stride, padding, dilation) == height
        assert output_size(400, size, stride, padding, dilation) == width
        before, after = oracles.border(320, size, stride, padding, dilation)
        assert oracles.count_stops(before + 320 + after, size, stride, 0, dilation) == height


@given(
    size=st.sampled_from(SIZES),
    stride=st.sampled_from(STRIDES),
    padding=some_padding,
    dilation=st.sampled_from(DILATIONS),
    height=st.integers(43, 60),
)
@settings(deadline=None, max_examples=150)
def test_convolve_gives_the_size_that_was_foretold(
    size: int, stride: int, padding: Padding, dilation: int, height: int
) -> None:
    layer: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    maps = convolve(np.ones((height, 43, 1)), np.ones((size, size, 1, 2)), **layer)
    sides = (output_size(side, size, **layer) for side in (height, 43))
    assert maps.shape == (*sides, 2)


IMAGE, KERNELS = np.ones((5, 6, 3)), np.ones((3, 3, 3, 1))


@pytest.mark.parametrize(
    ("image", "kernels", "layer", "message"),
    [
        (np.ones((5, 6)), KERNELS, {}, r"^image must have the three axes .* Add the channel axis"),
        (np.ones((0, 6, 3)), KERNELS, {}, r"^image must not be empty"),
        (IMAGE * 1j, KERNELS, {}, r"^image must hold real numbers"),
        (IMAGE, np.ones((3, 3)), {}, r"^kernels must have the four axes .*\(3, 3\).*on_brightness"),
        (IMAGE, np.ones((3, 0, 3, 1)), {}, r"^kernels must have the four axes .*\(3, 0, 3, 1\)"),
        (IMAGE, np.ones((3, 3, 1, 1)), {}, r"^kernels must take the picture's 3 channels"),
        (IMAGE, np.full((3, 3, 3, 1), "a"), {}, r"^kernels must hold real numbers"),
        (IMAGE, KERNELS, {"stride": 0}, r"^stride must be at least 1, but came as 0"),
        (IMAGE, KERNELS, {"stride": 1.5}, r"^stride must be a whole number .* 1\.5"),
        (IMAGE, KERNELS, {"padding": -1}, r"^padding must be at least 0, but came as -1"),
        (IMAGE, KERNELS, {"padding": "full"}, r"^padding must be 'valid', 'same' or .*'full'"),
        (IMAGE, KERNELS, {"dilation": 0}, r"^dilation must be at least 1, but came as 0"),
        (IMAGE, np.ones((6, 1, 3, 1)), {}, r"spans 6×1 cells, and there are 5×6\. Choose"),
        (IMAGE, KERNELS, {"dilation": 3}, r"spans 7×7 cells, and there are 5×6\. Choose"),
        (
            IMAGE,
            np.ones((9, 9, 3, 1)),
            {"padding": 1},
            r"spans 9×9 cells, and there are 7×8, padding included\. Choose a smaller window",
        ),
    ],
)
def test_what_cannot_be_convolved_is_refused_with_the_reason(
    image: Any, kernels: Any, layer: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        convolve(image, kernels, **layer)


def test_one_pixel_takes_any_window_with_same_padding() -> None:
    result = convolve(np.full((1, 1, 3), 2.0), np.ones((15, 15, 3, 1)), padding="same", dilation=3)
    np.testing.assert_array_equal(result, [[[6.0]]])
