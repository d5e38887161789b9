"""What the browser computes while a slider is moved is what the server says once it is let go."""

import math
from base64 import b64decode
from itertools import product
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from cnnviz_core.drawing import rendering
from cnnviz_core.drawing.montage import square_columns
from cnnviz_core.drawing.rendered import described
from cnnviz_core.drawing.rendering import NUM_COLORS, PICTURE_SCALE, ColorMap, Scale
from cnnviz_core.layers import windows
from cnnviz_core.layers.activation import activate, activation_names
from cnnviz_core.layers.convolution import convolve
from cnnviz_core.layers.formulas import output_size_formula
from cnnviz_core.layers.kernels import EditedKernel, NamedKernel, RandomKernels, make_kernels
from cnnviz_core.layers.named_kernels import DIRECTIONAL, kernel_names, kernel_sizes
from cnnviz_core.layers.pooling import pool
from cnnviz_core.number_format import short_number
from pages.parts import pictures
from tests.browser.chromium import find_chromium
from tests.live.in_browser import (
    PALETTES,
    WORDS,
    floats,
    in_browser,
    maps,
    received,
    saying,
    text,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]


def some_values(rng: np.random.Generator, channels: int) -> Any:
    """Maps as layers give them, or as they should not: all of one sign, all alike, not finite."""
    shape = (*rng.integers(1, 9, 2), channels)
    values = rng.normal(rng.choice([-3, 0, 3]), rng.choice([0, 1, 100]), shape).astype(np.float32)
    if rng.random() < 0.3:
        spots = rng.random(shape) < rng.choice([0.2, 1])
        values[spots] = rng.choice([np.nan, np.inf, -np.inf, 0], spots.sum())
    return values


def fits(size: int, kernel: int, stride: int, padding: Any, dilation: int) -> bool:
    """Whether a window finds a place along an axis."""
    room = size if padding == "valid" else size + 2 * padding if padding != "same" else math.inf
    return windows.span(kernel, dilation) <= room


ALONG_AN_AXIS = list(
    product(
        (1, 2, 7, 33, 320), (1, 2, 3, 8, 15), (1, 2, 3, 7), ("valid", "same", 0, 1, 7), (1, 2, 3)
    )
)
FITTING = [case for case in ALONG_AN_AXIS if fits(*case)]


def test_windows_stop_where_they_do_on_the_server(page: Page) -> None:
    run = """([size, kernel, stride, padding, dilation]) => [
      live.padAmounts(size, kernel, stride, padding, dilation),
      live.outputSize(size, kernel, stride, padding, dilation),
      live.largestDilation(size, kernel, padding),
    ]"""
    assert in_browser(page, "windows", run, FITTING) == [
        [
            list(windows.pad_amounts(size, kernel, stride, padding, dilation)),
            windows.output_size(size, kernel, stride, padding, dilation),
            windows.largest_dilation(size, kernel, padding),
        ]
        for size, kernel, stride, padding, dilation in FITTING
    ]


def test_a_window_that_does_not_fit_stops_nowhere(page: Page) -> None:
    cases = [case for case in ALONG_AN_AXIS if not fits(*case)]
    sizes = in_browser(page, "windows", "(along) => live.outputSize(...along)", cases)
    assert max(sizes) < 1


def test_random_numbers_are_those_of_numpy_to_the_last_bit(page: Page) -> None:
    rng = np.random.default_rng(1)
    seeds = [0, 1, 265, 9999, 2**32 - 1, *rng.integers(0, 2**32, 500).tolist()]
    cases = [[seed, int(rng.integers(1, 60))] for seed in seeds] + [[7, 15 * 15 * 3 * 64]]
    drawn = in_browser(
        page, "random", "([seed, count]) => Array.from(live.uniform(seed, count))", cases
    )
    for (seed, count), numbers in zip(cases, drawn, strict=True):
        expected = np.random.default_rng(seed).random(count, dtype=np.float32)
        assert numbers == expected.tolist()


def test_seeds_of_later_layers_are_those_of_numpy(page: Page) -> None:
    rng = np.random.default_rng(14)
    cases = [[seed, place] for seed in rng.integers(0, 2**32, 100).tolist() for place in (1, 2, 9)]
    seeds = in_browser(page, "random", "(layer) => live.laterSeed(...layer)", cases)
    assert seeds == [
        np.random.SeedSequence(seed, spawn_key=(place,)).generate_state(1).item()
        for seed, place in cases
    ]


def test_random_kernels_are_those_of_the_server_to_the_last_bit(page: Page) -> None:
    rng = np.random.default_rng(2)
    highest = [16, 65, 4, 3]
    cases = [[*rng.integers([1, 1, 1, 0], highest).tolist(), 1] for _ in range(150)]
    for groups in (2, 3) * 30:
        size, filters, read, seed = rng.integers([1, 1, 1, 0], highest).tolist()
        cases.append([size, groups * filters, groups * read, seed, groups])
    cases.append([15, 64, 3, 2, 1])
    run = "(setting) => text(live.randomKernels(...setting).weights)"
    for setting, weights in zip(cases, in_browser(page, "kernels", run, cases), strict=True):
        size, filters, channels, seed, groups = setting
        expected = make_kernels(RandomKernels(size, filters, seed, groups), channels)
        np.testing.assert_array_equal(floats(weights), expected.ravel(), str(setting))


def test_named_kernels_are_those_of_the_server_in_all_sizes_and_angles(page: Page) -> None:
    cases = [
        [name, size, angle, colors, channels]
        for name in kernel_names()
        for size in kernel_sizes(name)
        for angle in (range(0, 181, 9) if name in DIRECTIONAL else [0])
        for colors in ("each_channel", "brightness")
        for channels in (1, 3)
    ]
    run = """([name, size, angle, ...laid]) =>
      text(live.layOver(live.namedKernel(name, size, angle), ...laid).weights)"""
    for setting, weights in zip(cases, in_browser(page, "kernels", run, cases), strict=True):
        *named, channels = setting
        expected = make_kernels(NamedKernel(*named), channels).ravel()
        np.testing.assert_allclose(floats(weights), expected, rtol=0, atol=1e-6, err_msg=setting)


def test_kernels_by_hand_are_those_of_the_server_to_the_last_bit(page: Page) -> None:
    rng = np.random.default_rng(3)
    cases = [
        [rng.normal(size=rng.integers(1, 8, 2)).tolist(), colors, channels]
        for colors in ("each_channel", "brightness")
        for channels in (1, 2, 3)
        for _ in range(20)
    ]
    run = """(setting) => {
      const {weights, ...sides} = live.layOver(...setting);
      return [text(weights), Object.values(sides)];
    }"""
    for setting, laid in zip(cases, in_browser(page, "kernels", run, cases), strict=True):
        rows, colors, channels = setting
        expected = make_kernels(EditedKernel(tuple(map(tuple, rows)), colors), channels)
        weights, sides = laid
        assert sides == list(expected.shape)
        np.testing.assert_array_equal(floats(weights), expected.ravel())


def some_sliding(rng: np.random.Generator) -> tuple[Any, Any, dict[str, Any]]:
    """A picture, kernels that fit into it, and how they slide."""
    channels, filters = int(rng.integers(1, 4)), int(rng.integers(1, 5))
    dilation = int(rng.integers(1, 4))
    sides = rng.integers(1, 12 // dilation, 2)
    needed = dilation * (sides - 1) + 1
    image = rng.uniform(0, 255, (*(needed + rng.integers(0, 12, 2)), channels))
    kernels = rng.normal(size=(*sides, channels, filters))
    kernels[rng.random(kernels.shape) < 0.2] = 0
    padding = (["valid", "same", *range(8)])[rng.integers(10)]
    sliding = {"stride": int(rng.integers(1, 5)), "padding": padding, "dilation": dilation}
    return image.astype(np.float32), kernels.astype(np.float32), sliding


def test_convolution_gives_what_it_gives_on_the_server(page: Page) -> None:
    rng = np.random.default_rng(4)
    drawn = [some_sliding(rng) for _ in range(400)]
    every = rng.integers(1, 5, len(drawn)).tolist()
    cases = [
        {
            "image": maps(image),
            "kernels": dict(
                zip(("height", "width", "channels", "filters"), kernels.shape, strict=True)
            ),
            "weights": text(kernels),
            "sliding": {**sliding, "every": step},
        }
        for (image, kernels, sliding), step in zip(drawn, every, strict=True)
    ]
    run = """({image, kernels, weights, sliding}) =>
      sent(live.convolve(maps(image), {...kernels, weights: floats(weights)}, sliding))"""
    results = in_browser(page, "layers", run, cases)
    for (image, kernels, sliding), step, result in zip(drawn, every, results, strict=True):
        expected = convolve(image, kernels, **sliding)[::step, ::step]
        largest_sum = image.max() * np.abs(kernels).sum((0, 1, 2)).max()
        np.testing.assert_allclose(received(result), expected, rtol=0, atol=1e-6 * largest_sum)


def some_pooling(rng: np.random.Generator) -> tuple[Any, int, dict[str, Any]]:
    """Maps, the size of a window that fits into them, and how it slides."""
    values = rng.normal(size=(*rng.integers(1, 25, 2), rng.integers(1, 4))).astype(np.float32)
    size = int(rng.integers(1, min(10, *values.shape[:2]) + 1))
    stride = int(rng.integers(1, 11))
    mode, padding = rng.choice(["max", "average"]), rng.choice(["valid", "same"])
    return values, size, {"stride": stride, "mode": str(mode), "padding": str(padding)}


def test_pooling_gives_what_it_gives_on_the_server(page: Page) -> None:
    rng = np.random.default_rng(5)
    drawn = [some_pooling(rng) for _ in range(400)]
    every = rng.integers(1, 4, len(drawn)).tolist()
    cases = [
        [maps(values), size, {**sliding, "every": step}]
        for (values, size, sliding), step in zip(drawn, every, strict=True)
    ]
    run = "([values, size, sliding]) => sent(live.pool(maps(values), size, sliding))"
    results = in_browser(page, "layers", run, cases)
    for (values, size, sliding), step, result in zip(drawn, every, results, strict=True):
        expected = pool(values, size, **sliding)[::step, ::step]
        np.testing.assert_allclose(received(result), expected, rtol=0, atol=2e-6)


def test_activation_functions_give_what_they_give_on_the_server(page: Page) -> None:
    rng = np.random.default_rng(6)
    sizes = np.float32([0, 1e-30, 1e-7, 0.5, 3, 6, 17, 88, 89, 104, 1e4, 1e38])
    ends = np.concatenate([sizes, -sizes]).reshape(4, 2, 3)
    several = [rng.normal(0, reach, (5, 6, 8)).astype(np.float32) for reach in (1, 5, 100)]
    drawn = [
        (name, slope, values)
        for name in activation_names()
        for slope in ((0.0, 0.01, 0.3, 1.0) if name == "leaky_relu" else (0.3,))
        for values in (ends, ends[:, :, :1], *several)
    ]
    cases = [[maps(values), name, slope] for name, slope, values in drawn]
    run = "([values, ...choice]) => sent(live.activate(maps(values), ...choice))"
    for (name, slope, values), result in zip(
        drawn, in_browser(page, "layers", run, cases), strict=True
    ):
        expected = activate(values, name, slope=slope)
        np.testing.assert_allclose(received(result), expected, rtol=2e-6, atol=1e-7, err_msg=name)


@pytest.mark.parametrize(
    ("exported", "expected"),
    [
        ("valueScale", rendering.value_scale),
        ("channelScale", rendering.channel_scale),
        ("anchoredChannelScale", rendering.anchored_channel_scale),
    ],
)
def test_scales_reach_as_far_as_on_the_server(page: Page, exported: str, expected: Any) -> None:
    rng = np.random.default_rng(7)
    drawn = [some_values(rng, channels) for channels in (1, 2, 3) for _ in range(100)]
    run = f"(values) => live.{exported}(maps(values).planes)"
    scales = in_browser(page, "render", run, [maps(values) for values in drawn])
    assert scales == [saying(expected(values)) for values in drawn]


def some_scale(rng: np.random.Generator, color_map: ColorMap) -> Scale:
    low, high = np.sort(rng.normal(0, rng.choice([0.01, 5, 200]), 2)).tolist()
    return Scale(low, high, color_map)


def pixels(image: dict[str, Any]) -> Any:
    """The colors of a picture that is opaque."""
    data = np.frombuffer(b64decode(image["data"]), np.uint8)
    colors = data.reshape(image["height"], image["width"], 4)
    assert (colors[:, :, 3] == 255).all()
    return colors[:, :, :3]


PIXELS = "({height, width, data}) => ({height, width, data: text(data)})"


def test_composites_have_the_bytes_of_the_server(page: Page) -> None:
    rng = np.random.default_rng(8)
    drawn = [(some_values(rng, 3), some_scale(rng, "channels")) for _ in range(200)]
    drawn += [(rng.uniform(-50, 300, (20, 30, 3)).astype(np.float32), PICTURE_SCALE)]
    halfway = ((np.arange(255) + 0.5) / 255).astype(np.float32).reshape(5, 17, 3)
    drawn += [(halfway, Scale(0.0, 1.0, "channels"))]
    cases = [[maps(values), saying(scale)] for values, scale in drawn]
    run = f"([values, scale]) => ({PIXELS})(live.composite(maps(values), scale))"
    for (values, scale), image in zip(drawn, in_browser(page, "render", run, cases), strict=True):
        np.testing.assert_array_equal(pixels(image), rendering.composite(values, scale))


def test_colored_maps_have_the_bytes_of_the_server(page: Page) -> None:
    rng = np.random.default_rng(9)
    kinds: list[ColorMap] = ["sequential", "diverging"]
    drawn = [(some_values(rng, 3), some_scale(rng, kind)) for kind in kinds for _ in range(100)]
    cases = [
        [maps(values), index % 3, saying(scale), PALETTES[scale.color_map]]
        for index, (values, scale) in enumerate(drawn)
    ]
    run = f"([values, ...look]) => ({PIXELS})(live.colorize(maps(values), ...look))"
    for index, image in enumerate(in_browser(page, "render", run, cases)):
        values, scale = drawn[index]
        expected = rendering.colorize(values[:, :, index % 3], scale)
        np.testing.assert_array_equal(pixels(image), expected)


def test_tiles_stand_in_as_many_columns_as_on_the_server(page: Page) -> None:
    rng = np.random.default_rng(10)
    cases = np.stack([*rng.integers(1, 500, (2, 4000)), rng.integers(1, 65, 4000)], -1).tolist()
    columns = in_browser(page, "render", "(sheet) => live.squareColumns(...sheet)", cases)
    assert columns == [square_columns(*sheet) for sheet in cases]


def test_tiles_lie_where_they_lie_on_the_server(page: Page) -> None:
    rng = np.random.default_rng(11)
    cases = rng.integers([1, 1, 1, 20], [40, 40, 65, 400], (200, 4)).tolist()
    sheets = in_browser(page, "render", "(sheet) => live.tileSheet(...sheet)", cases)
    for (height, width, count, max_width), sheet in zip(cases, sheets, strict=True):
        values = np.zeros((height, width, count), np.float32) + np.arange(count)
        scale = Scale(0, NUM_COLORS - 1, "sequential")
        expected = rendering.tiles(values, scale, max_width=max_width)
        assert (sheet["height"], sheet["width"]) == expected.shape
        for index, place in enumerate(sheet["places"]):
            rows = slice(place["top"], place["top"] + sheet["tile"]["height"])
            columns = slice(place["left"], place["left"] + sheet["tile"]["width"])
            assert (expected[rows, columns] == index).all()
            expected[rows, columns] = NUM_COLORS
        assert (expected >= NUM_COLORS).all()


def some_numbers() -> list[float]:
    rng = np.random.default_rng(12)
    powers = [10.0**power for power in range(-20, 21)]
    halves = [whole + 0.5 for whole in range(90, 1200)]
    ties = [part / 8 for part in range(1, 900)] + [(2 * whole + 1) / 2048 for whole in range(900)]
    around = [power * (1 + step) for power in powers for step in (-1e-3, -4.9e-4, -1e-16, 5e-3)]
    wide = (rng.normal(size=3000) * 10.0 ** rng.integers(-12, 15, 3000)).tolist()
    ends = [0.0, 5e-324, 1.7e308, 2.225e9, 1.235e12, float("inf"), float("nan")]
    numbers = [*powers, *halves, *ties, *around, *wide, *ends]
    return [*numbers, *(-number for number in numbers)]


def test_numbers_are_written_as_on_the_server(page: Page) -> None:
    numbers = some_numbers()
    written = in_browser(page, "numbers", "(number) => live.shortNumber(number)", numbers)
    different = [
        (number, text, short_number(number))
        for number, text in zip(numbers, written, strict=True)
        if text != short_number(number)
    ]
    assert different == []


def test_what_stands_under_a_picture_is_what_the_server_writes(page: Page) -> None:
    rng = np.random.default_rng(13)
    scales: list[Any] = [
        rendering.value_scale,
        rendering.channel_scale,
        rendering.anchored_channel_scale,
        lambda _: PICTURE_SCALE,
        lambda _: Scale(-5.0, 11.0, "channels"),
        lambda _: Scale(-12.0, 88.0, "channels"),
    ]
    drawn = [
        (values, scale_of(values))
        for scale_of in scales
        for values in (some_values(rng, 3) for _ in range(60))
    ]
    cases = [
        [{"maps": maps(values), "shape": values.shape, "isSampled": False}, saying(scale), WORDS]
        for values, scale in drawn
    ]
    run = "([shown, ...how]) => live.facts({...shown, maps: maps(shown.maps)}, ...how)"
    for (values, scale), html in zip(drawn, in_browser(page, "facts", run, cases), strict=True):
        expected = pictures.facts(described(b"", values, scale))
        assert f'<div class="cnnviz-facts">{html}</div>' == expected


def test_what_is_known_of_a_part_is_said_to_be_about_right(page: Page) -> None:
    values = np.float32([[[-1], [3]]])
    shown = {"maps": maps(values), "shape": [4, 2, 1], "isSampled": True}
    case = [shown, saying(rendering.value_scale(values)), WORDS]
    run = "([shown, ...how]) => live.facts({...shown, maps: maps(shown.maps)}, ...how)"
    (html,) = in_browser(page, "facts", run, [case])
    assert "4 × 2 × 1" in html
    assert "values ≈ −1 … 3" in html


def test_output_sizes_come_about_as_on_the_server(page: Page) -> None:
    run = "(along) => live.sizeFormula(...along).join(' = ')"
    assert in_browser(page, "facts", run, FITTING) == [
        output_size_formula(*case) for case in FITTING
    ]
