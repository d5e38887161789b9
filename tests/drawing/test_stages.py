"""Stages in a row: pictures alike in size, on scales that the eye can follow."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.montage import NOTHING_INDEX
from cnnviz_core.drawing.rendering import (
    Scale,
    anchored_channel_scale,
    channel_scale,
    composite,
    value_scale,
)
from cnnviz_core.drawing.stages import (
    STAGE_PIXELS,
    anchored_scales,
    block_scales,
    draw_enlarged,
    draw_in_proportion,
)
from cnnviz_core.layers.activation import activate

PICTURE = (320, 400, 3)
sizes = st.integers(1, 60)


def maps_of(height: int, width: int, count: int) -> FloatArray:
    return np.random.default_rng(0).normal(size=(height, width, count)).astype(np.float32)


def opaque_size(drawn: np.ndarray) -> tuple[int, int]:
    opaque = drawn != NOTHING_INDEX
    return int(opaque.any(axis=1).sum()), int(opaque.any(axis=0).sum())


@settings(deadline=None, max_examples=50)
@given(height=sizes, width=sizes, count=st.integers(1, 16), is_enlarged=st.booleans())
def test_every_stage_has_the_proportions_of_the_picture(
    height: int, width: int, count: int, is_enlarged: bool
) -> None:
    draw = draw_enlarged if is_enlarged else draw_in_proportion
    maps = maps_of(height, width, count)
    drawn = draw(maps, value_scale(maps), PICTURE)
    assert drawn.ndim == 2
    assert abs(drawn.shape[0] * 400 - drawn.shape[1] * 320) <= 400


@pytest.mark.parametrize("count", [1, 6, 16])
def test_a_stage_in_proportion_fills_its_share_of_the_frame(count: int) -> None:
    scale = Scale(-3, 3, "diverging")
    full = draw_in_proportion(maps_of(320, 400, count), scale, PICTURE)
    half = draw_in_proportion(maps_of(160, 200, count), scale, PICTURE)
    assert half.shape == full.shape
    for small, large in zip(opaque_size(half), opaque_size(full), strict=True):
        assert small == pytest.approx(large / 2, abs=4)


def test_padding_that_outgrows_the_picture_is_drawn_whole() -> None:
    assert opaque_size(
        draw_in_proportion(maps_of(334, 414, 1), value_scale(maps_of(2, 2, 1)), PICTURE)
    ) == (334, 414)


def test_enlarging_repeats_values_without_smoothing() -> None:
    maps = np.float32([[[-1], [1]], [[1], [-1]]])
    drawn = draw_enlarged(maps, value_scale(maps), (100, 100, 3))
    assert drawn.shape == (STAGE_PIXELS, STAGE_PIXELS)
    middle = STAGE_PIXELS // 2
    assert (drawn[:middle, :middle] == drawn[0, 0]).all()
    assert (drawn[:middle, middle:] == drawn[0, -1]).all()
    assert drawn[0, 0] != drawn[0, -1]


def test_a_narrow_strip_is_not_enlarged_without_limit() -> None:
    drawn = draw_enlarged(maps_of(60, 1, 1), Scale(-3, 3, "diverging"), PICTURE)
    assert max(drawn.shape) <= STAGE_PIXELS * 400 / 320


def test_three_maps_on_a_channel_scale_are_one_color_picture() -> None:
    maps = maps_of(320, 400, 3)
    drawn = draw_enlarged(maps, channel_scale(maps), PICTURE)
    assert np.array_equal(drawn[:, :, :3], composite(maps, channel_scale(maps)))
    assert (drawn[:, :, 3] == 255).all()


def test_relu_stays_on_the_scale_of_its_convolution() -> None:
    convolved = maps_of(6, 6, 1)
    block = [convolved, activate(convolved, "relu"), activate(convolved, "relu")[::2, ::2]]
    assert set(block_scales(block, value_scale, is_bounded=False)) == {value_scale(convolved)}


@pytest.mark.parametrize("scale_of", [anchored_channel_scale, value_scale])
def test_after_relu_an_anchored_scale_begins_at_zero(scale_of: Callable[..., Scale]) -> None:
    convolved = maps_of(6, 6, 3)
    activated = activate(convolved, "relu")
    first, second, third = anchored_scales([convolved, activated, activated[::2, ::2]], scale_of)
    assert first.low == -first.high
    assert second == third
    assert (second.low, second.high) == (0, activated.max())


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu6", "hard_sigmoid", "softmax"])
def test_a_function_with_a_limit_starts_a_scale_of_its_own(name: str) -> None:
    convolved = 100 * maps_of(6, 6, 2)
    activated = activate(convolved, name)
    first, second, third = block_scales(
        [convolved, activated, activated], value_scale, is_bounded=True
    )
    assert first == value_scale(convolved)
    assert second == third == value_scale(activated)
