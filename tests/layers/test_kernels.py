"""Named kernels against what is known of them, and random ones against their distribution."""

import math
from typing import Any

import cv2
import numpy as np
import pytest
from scipy.signal.windows import gaussian
from scipy.stats import kstest

from cnnviz_core.layers.convolution import convolve
from cnnviz_core.layers.kernels import (
    EditedKernel,
    NamedKernel,
    RandomKernels,
    in_groups,
    kernel_names,
    kernel_sizes,
    make_kernels,
    named_kernel,
    num_groups,
    on_brightness,
    on_each_channel,
    random_kernels,
)
from cnnviz_core.layers.named_kernels import ANY_SIZE, DIRECTIONAL, ODD_SIZES, KernelName

BLURS: tuple[KernelName, ...] = ("box_blur", "gaussian_blur", "motion_blur")
DERIVATIVES: tuple[KernelName, ...] = ("sobel_x", "sobel_y", "laplacian", "gabor")
EVERY_SIZE = [(name, size) for name in kernel_names() for size in kernel_sizes(name)]


def sizes_of(*names: KernelName) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("name", "size"), [(name, size) for name, size in EVERY_SIZE if name in names]
    )


def centered(size: int) -> Any:
    """Rows and columns from the middle of a square."""
    return np.indices((size, size)) - (size - 1) / 2


def stripes(angle: float, wavelength: float, size: int = 61) -> Any:
    """A gray picture (size, size, 1) of soft stripes that run along `angle` on the screen."""
    row, column = centered(size)
    along_x, along_y = math.cos(math.radians(angle)), -math.sin(math.radians(angle))
    return np.cos(2 * math.pi * (row * along_x - column * along_y) / wavelength)[..., np.newaxis]


def answer(picture: Any, kernel: Any) -> Any:
    """The one map that a kernel makes of a gray picture, without its channel axis."""
    return convolve(picture, kernel[..., np.newaxis, np.newaxis])[..., 0]


@pytest.mark.parametrize(("name", "size"), EVERY_SIZE)
def test_every_kernel_has_its_size_and_sums_to_what_its_name_says(
    name: KernelName, size: int
) -> None:
    kernel = named_kernel(name, size)
    assert kernel.shape == (size, size)
    assert kernel.dtype == np.float32
    expected = 0 if name in DERIVATIVES else 1
    assert kernel.sum(dtype=np.float64) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("name", kernel_names())
def test_kernels_that_need_a_center_exist_in_odd_sizes_only(name: KernelName) -> None:
    any_size = name in ("identity", "box_blur", "gaussian_blur")
    assert kernel_sizes(name) == (tuple(range(1, 16)) if any_size else (3, 5, 7, 9, 11, 13, 15))


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("box_blur", [[1 / 9] * 3] * 3),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("sobel_x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("sobel_y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    ],
)
def test_the_classics_are_as_in_the_textbooks(name: KernelName, rows: list[list[float]]) -> None:
    np.testing.assert_allclose(named_kernel(name), rows, rtol=1e-6)


@sizes_of("motion_blur", "box_blur", "gaussian_blur")
def test_blurs_average_and_never_subtract(name: KernelName, size: int) -> None:
    assert named_kernel(name, size).min() >= 0


@sizes_of("box_blur", "gaussian_blur", "sharpen", "laplacian")
def test_kernels_without_direction_look_the_same_from_all_sides(
    name: KernelName, size: int
) -> None:
    kernel = named_kernel(name, size)
    for other in (kernel.T, kernel[::-1], kernel[:, ::-1]):
        np.testing.assert_allclose(other, kernel, atol=1e-6)


@pytest.mark.parametrize("size", ANY_SIZE)
def test_the_gaussian_is_as_wide_as_opencv_has_it(size: int) -> None:
    # The documentation of getGaussianKernel, which takes odd sizes only and rounds small ones
    # unless it is given the width.
    sigma = 0.3 * ((size - 1) * 0.5 - 1) + 0.8
    row = gaussian(size, sigma) / gaussian(size, sigma).sum()
    np.testing.assert_allclose(named_kernel("gaussian_blur", size), np.outer(row, row), atol=1e-7)
    if size % 2:
        np.testing.assert_allclose(cv2.getGaussianKernel(size, sigma)[:, 0], row, atol=1e-7)


@pytest.mark.parametrize("size", ODD_SIZES)
def test_both_sobels_are_one_turned(size: int) -> None:
    np.testing.assert_array_equal(named_kernel("sobel_y", size), named_kernel("sobel_x", size).T)


@pytest.mark.parametrize("size", ODD_SIZES)
def test_sobel_answers_a_step_alike_in_every_size_and_only_across_it(size: int) -> None:
    step = np.zeros((40, 40, 1))
    step[:, 20:] = 10
    assert answer(step, named_kernel("sobel_x", size)).max() == pytest.approx(40, rel=1e-5)
    assert answer(step, named_kernel("sobel_x", size)).min() == pytest.approx(0, abs=1e-4)
    np.testing.assert_allclose(answer(step, named_kernel("sobel_y", size)), 0, atol=1e-4)


@pytest.mark.parametrize("size", ODD_SIZES)
def test_the_laplacian_sees_dots_but_no_even_slopes(size: int) -> None:
    row, column = centered(31)
    kernel = named_kernel("laplacian", size)
    slope = (2 * row - 3 * column)[..., np.newaxis]
    np.testing.assert_allclose(answer(slope, kernel), 0, atol=1e-3)
    dot = np.zeros((31, 31, 1))
    dot[15, 15] = 1
    seen = answer(dot, kernel)
    assert seen.min() == pytest.approx(-4)
    assert np.unravel_index(seen.argmin(), seen.shape) == (seen.shape[0] // 2,) * 2


@pytest.mark.parametrize("size", ODD_SIZES)
def test_sharpening_takes_the_laplacian_away(size: int) -> None:
    expected = named_kernel("identity", size) - named_kernel("laplacian", size)
    np.testing.assert_allclose(named_kernel("sharpen", size), expected, atol=1e-6)


@pytest.mark.parametrize("size", ODD_SIZES)
def test_embossing_lights_one_corner_and_darkens_the_other(size: int) -> None:
    relief = named_kernel("emboss", size) - named_kernel("identity", size)
    np.testing.assert_allclose(relief, -relief[::-1, ::-1], atol=1e-6)
    np.testing.assert_allclose(relief, relief.T, atol=1e-6)
    assert (np.diff(relief, axis=0) > 0).all()


@pytest.mark.parametrize("size", ODD_SIZES)
@pytest.mark.parametrize("name", DIRECTIONAL)
def test_upright_is_level_turned(name: KernelName, size: int) -> None:
    level, upright = named_kernel(name, size, angle=0), named_kernel(name, size, angle=90)
    np.testing.assert_allclose(upright, level.T, atol=1e-6)
    np.testing.assert_allclose(named_kernel(name, size, angle=180), level, atol=1e-6)


@pytest.mark.parametrize("size", [7, 9, 11, 13, 15])
@pytest.mark.parametrize("angle", range(0, 180, 30))
def test_gabor_answers_most_to_stripes_along_its_angle(angle: int, size: int) -> None:
    kernel = named_kernel("gabor", size, angle=angle)
    energy = {
        other: float((answer(stripes(other, size / 2), kernel) ** 2).sum())
        for other in range(0, 180, 30)
    }
    assert max(energy, key=lambda other: energy[other]) == angle


def test_stripes_along_0_are_level() -> None:
    assert np.ptp(stripes(0, 5), axis=1).max() == pytest.approx(0, abs=1e-9)
    assert np.ptp(stripes(90, 5), axis=0).max() == pytest.approx(0, abs=1e-9)
    falling_diagonal = np.diagonal(stripes(135, 5)[..., 0])
    assert np.ptp(falling_diagonal) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("size", ODD_SIZES)
@pytest.mark.parametrize("angle", range(10, 180, 20))
def test_motion_blur_smears_a_dot_along_its_angle(angle: int, size: int) -> None:
    row, column = centered(size)
    weight = named_kernel("motion_blur", size, angle=angle).astype(np.float64)
    x, y = column, -row
    slant = np.arctan2(2 * (weight * x * y).sum(), (weight * (x * x - y * y)).sum()) / 2
    assert math.degrees(slant) % 180 == pytest.approx(angle, abs=3)


@pytest.mark.parametrize("size", ODD_SIZES)
def test_motion_blur_leaves_lines_along_it_and_spreads_those_across(size: int) -> None:
    line = np.zeros((31, 31, 1))
    line[15] = 6
    middle = (31 - size) // 2
    along = answer(line, named_kernel("motion_blur", size, angle=0))
    across = answer(line, named_kernel("motion_blur", size, angle=90))
    np.testing.assert_allclose(along[middle], 6, rtol=1e-5)
    np.testing.assert_allclose(np.delete(along, middle, axis=0), 0, atol=1e-6)
    smeared = across[middle - size // 2 : middle + size // 2 + 1]
    np.testing.assert_allclose(smeared, 6 / size, rtol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "angle", "message"),
    [
        (("sobel",), 0, r"^name must be one of 'identity', .*'gabor', but came as 'sobel'"),
        (("sobel_x", 4), 0, r"^size must be one of 3, 5, .*15 for 'sobel_x', but came as 4"),
        (("gabor", 1), 0, r"^size must be one of 3, 5, .*15 for 'gabor', but came as 1"),
        (("identity", 16), 0, r"^size must be one of 1, 2, 3, .*15 for 'identity', .* 16"),
        (("sharpen", 3), 30, r"^angle goes with 'motion_blur', 'gabor' only, .*30 for 'sharpen'"),
    ],
)
def test_kernels_that_do_not_exist_are_refused_with_those_that_do(
    arguments: Any, angle: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        named_kernel(*arguments, angle=angle)


@pytest.mark.parametrize(("size", "filters"), [(1, 64), (3, 3), (15, 64)])
def test_random_weights_are_glorot_uniform(size: int, filters: int) -> None:
    weights = random_kernels(size, filters, 3, seed=5)
    assert weights.shape == (size, size, 3, filters)
    assert weights.dtype == np.float32
    limit = math.sqrt(6 / (size * size * 3 + size * size * filters))
    assert np.abs(weights).max() <= limit
    assert kstest(weights.ravel() / limit, "uniform", (-1, 2)).pvalue > 0.01


def test_random_weights_are_as_large_as_those_of_a_keras_layer() -> None:
    import keras

    shape = (5, 5, 3, 64)
    theirs = np.asarray(keras.initializers.GlorotUniform(seed=1)(shape))
    ours = random_kernels(5, 64)
    assert ours.std() == pytest.approx(theirs.std(), rel=0.03)
    assert ours.mean() == pytest.approx(0, abs=0.002)
    assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=0.01)


def test_a_seed_draws_the_same_kernels_and_another_one_others() -> None:
    np.testing.assert_array_equal(random_kernels(3, 4, seed=9), random_kernels(3, 4, seed=9))
    assert not np.isin(random_kernels(3, 4, seed=9), random_kernels(3, 4, seed=10)).any()


@pytest.mark.parametrize("more", [2, 7, 64])
def test_more_filters_keep_the_patterns_of_the_first(more: int) -> None:
    few, many = random_kernels(4, 1, seed=3), random_kernels(4, more, seed=3)
    expected = few * math.sqrt((3 + 1) / (3 + more))
    np.testing.assert_allclose(many[..., :1], expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1), r"^size must be at least 1, but came as 0"),
        ((2.0, 1), r"^size must be a whole number at least 1, but came as 2\.0"),
        ((3, 0), r"^num_filters must be at least 1"),
        ((3, 1, 0), r"^in_channels must be at least 1"),
        ((3, 1, 3, -1), r"^seed must be at least 0"),
    ],
)
def test_random_kernels_of_impossible_numbers_are_refused(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        random_kernels(*arguments)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_on_each_channel_the_maps_stay_apart(channels: int, cat: Any) -> None:
    picture = np.resize(cat, (30, 40, channels))
    kernel = named_kernel("emboss", 5)
    maps = convolve(picture, on_each_channel(kernel, channels))
    for channel in range(channels):
        alone = answer(picture[..., [channel]], kernel)
        np.testing.assert_allclose(maps[..., channel], alone, rtol=1e-5, atol=1e-2)


def test_on_brightness_colors_are_averaged_first(cat: Any) -> None:
    kernel = named_kernel("sobel_x", 5)
    maps = convolve(cat, on_brightness(kernel))
    gray = cat.mean(axis=2, keepdims=True)
    assert maps.shape == (316, 396, 1)
    np.testing.assert_allclose(maps[..., 0], answer(gray, kernel), atol=1e-2)


@pytest.mark.parametrize(("groups", "filters"), [(1, 4), (2, 6), (3, 9), (6, 6)])
def test_grouped_kernels_do_what_those_of_a_grouped_layer_do(groups: int, filters: int) -> None:
    import keras

    picture = np.random.default_rng(1).uniform(0, 255, (9, 8, 6)).astype(np.float32)
    read = random_kernels(3, filters, 6 // groups, seed=4)
    layer = keras.layers.Conv2D(filters, 3, groups=groups, use_bias=False)
    layer.build((1, *picture.shape))
    layer.set_weights([read])
    laid = make_kernels(RandomKernels(3, filters, 4, groups), in_channels=6)
    np.testing.assert_array_equal(laid, in_groups(read, groups))
    assert np.count_nonzero(laid) == read.size
    expected = np.asarray(layer(picture[np.newaxis]))[0]
    np.testing.assert_allclose(convolve(picture, laid), expected, rtol=1e-5, atol=1e-3)


def test_depthwise_is_one_kernel_on_each_channel() -> None:
    kernel = named_kernel("emboss", 5)
    alike = np.repeat(kernel[:, :, np.newaxis, np.newaxis], 3, axis=3)
    np.testing.assert_array_equal(in_groups(alike, 3), on_each_channel(kernel, 3))
    assert num_groups(NamedKernel("emboss", 5, 0.0, "each_channel")) == 3
    assert num_groups(NamedKernel("emboss", 5, 0.0, "brightness")) == 1
    assert num_groups(RandomKernels(3, 6, 0, groups=3)) == 3


@pytest.mark.parametrize("lay", [on_each_channel, on_brightness])
@pytest.mark.parametrize(
    ("kernel", "message"),
    [
        (np.ones(3), r"^kernel must be one grid \(height, width\), .*\(3,\)"),
        (np.ones((0, 3)), r"^kernel must be one grid .*\(0, 3\)"),
        ([[1, math.nan]], r"^kernel must hold finite numbers: replace what is missing"),
        ([[1, math.inf]], r"^kernel must hold finite numbers"),
        ([["a"]], r"^kernel must hold real numbers"),
    ],
)
def test_what_is_no_grid_of_numbers_is_laid_over_nothing(
    lay: Any, kernel: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        lay(kernel)


def test_a_choice_stands_for_its_kernels() -> None:
    gabor = named_kernel("gabor", 7, angle=30)
    choices: dict[Any, Any] = {
        RandomKernels(4, 5, seed=2): random_kernels(4, 5, 3, 2),
        NamedKernel("gabor", 7, 30.0, "each_channel"): on_each_channel(gabor),
        NamedKernel("gabor", 7, 30.0, "brightness"): on_brightness(gabor),
        EditedKernel(((1, 2, 3),), "each_channel"): on_each_channel([[1, 2, 3]]),
        EditedKernel(((1,), (0.5,)), "brightness"): on_brightness([[1], [0.5]]),
    }
    for choice, expected in choices.items():
        np.testing.assert_array_equal(make_kernels(choice), expected)
        assert make_kernels(choice, in_channels=1).shape[2] == 1


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (EditedKernel(((1, 2), (3,)), "brightness"), r"^rows must all have one length, .* 1, 2\."),
        (EditedKernel((), "brightness"), r"^rows must all have one length, .* none\."),
        (EditedKernel(((),), "brightness"), r"^kernel must be one grid"),
        (EditedKernel(((math.nan,),), "brightness"), r"^kernel must hold finite numbers"),
        (EditedKernel(((1,),), "gray"), r"^colors must be one of 'each_channel', 'brightness'"),
        (NamedKernel("sobel_x", 4, 0.0, "brightness"), r"^size must be one of 3, 5"),
        (RandomKernels(3, 0, 0), r"^num_filters must be at least 1"),
        (RandomKernels(3, 4, 0, groups=3), r"^groups must split 3 channels and 4 filters evenly"),
        (RandomKernels(3, 4, 0, groups=2), r"^groups must split 3 channels and 4 filters evenly"),
        (RandomKernels(3, 4, 0, groups=0), r"^groups must be at least 1"),
    ],
)
def test_impossible_choices_are_refused(choice: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_kernels(choice)
