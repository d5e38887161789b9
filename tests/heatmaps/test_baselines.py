"""What stands in for a part of a picture."""

import time
from typing import Any

import numpy as np
import pytest

from cnnviz_core import images
from cnnviz_core.heatmaps.baselines import (
    BASELINES,
    HOLE_BASELINES,
    Baseline,
    HoleBaseline,
    baseline_picture,
    hole_replacer,
    inpaint,
)


def picture() -> Any:
    return np.random.default_rng(0).integers(0, 256, (40, 60, 3)).astype(np.uint8)


def test_plain_baselines_have_one_color():
    assert (baseline_picture(picture(), "gray") == 127.5).all()
    assert (baseline_picture(picture(), "black") == 0).all()
    expected = np.broadcast_to(picture().mean((0, 1)), (40, 60, 3))
    np.testing.assert_allclose(baseline_picture(picture(), "mean"), expected, rtol=1e-6)


def test_a_blur_keeps_the_mean_and_loses_the_noise():
    found = baseline_picture(picture(), "blur")
    assert found.mean() == pytest.approx(picture().mean(), rel=0.02)
    assert found.std() < 0.15 * picture().std()


def test_a_point_is_blurred_to_a_bell_of_a_twentieth_of_the_side():
    point = np.zeros((81, 101, 3), np.float32)
    point[40, 50] = 1000
    found = baseline_picture(point, "blur")[..., 0].astype(np.float64)
    rows, columns = np.indices(found.shape)
    for places, center in ((rows, 40), (columns, 50)):
        deviation = np.sqrt((found * (places - center) ** 2).sum() / found.sum())
        assert deviation == pytest.approx(101 / 20, rel=0.03)


@pytest.mark.parametrize("baseline", BASELINES)
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (30, 2)])
def test_each_is_a_new_picture_of_the_same_size(baseline: Any, size: tuple[int, int]):
    flat = np.full((*size, 3), 50, np.float32)
    found = baseline_picture(flat, baseline)
    assert (found.shape, found.dtype) == ((*size, 3), np.float32)
    assert not np.shares_memory(found, flat)
    if baseline in ("mean", "blur"):
        np.testing.assert_allclose(found, flat, rtol=1e-6)


def test_there_is_no_other_baseline():
    with pytest.raises(ValueError, match="baseline must be one of 'gray', 'mean', 'blur', 'black'"):
        baseline_picture(picture(), "pink")  # type: ignore[arg-type]


def half_gone(height: int, width: int) -> np.ndarray:
    return np.broadcast_to(np.arange(width) < width // 2, (height, width))


@pytest.mark.parametrize("baseline", HOLE_BASELINES)
def test_only_holes_change_and_the_picture_is_not_written_to(baseline: HoleBaseline) -> None:
    cat = images.sample("cat")
    before = cat.copy()
    holes = np.random.default_rng(0).random(cat.shape[:2]) < 0.5
    found = hole_replacer(cat, baseline)(holes)
    assert (found.shape, found.dtype) == (cat.shape, np.float32)
    assert 0 <= found.min() <= found.max() <= 255
    np.testing.assert_array_equal(found[~holes], cat[~holes])
    np.testing.assert_array_equal(cat, before)
    assert not np.array_equal(found[holes], cat[holes])


@pytest.mark.parametrize("baseline", BASELINES)
def test_plain_baselines_are_those_of_a_patch(baseline: Baseline) -> None:
    cat = images.sample("cat")
    holes = half_gone(*cat.shape[:2])
    found = hole_replacer(cat, baseline)(holes)
    np.testing.assert_array_equal(found[holes], baseline_picture(cat, baseline)[holes])


def test_inpainting_goes_on_with_what_is_around() -> None:
    ramp = np.repeat(np.linspace(0, 255, 200, dtype=np.float32)[:, np.newaxis], 240, 1)
    picture = np.stack([ramp, 255 - ramp, np.full_like(ramp, 90)], -1)
    holes = np.zeros(ramp.shape, np.bool_)
    holes[80:120, 100:140] = True
    # The mean color would be 26 levels off at the edges of the hole.
    np.testing.assert_allclose(inpaint(picture, holes), picture, atol=15)


def test_what_shines_through_between_holes_is_used() -> None:
    picture = np.full((200, 240, 3), (10, 120, 250), np.uint8)
    holes = np.random.default_rng(0).random((200, 240)) < 0.95
    np.testing.assert_allclose(inpaint(picture, holes), picture, atol=1)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (30, 2), (3, 3000)])
def test_a_picture_of_any_size_is_inpainted(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)
    whole = inpaint(picture, np.zeros(size, np.bool_))
    np.testing.assert_array_equal(whole, picture)
    gone = inpaint(picture, np.ones(size, np.bool_))
    np.testing.assert_array_equal(gone, baseline_picture(picture, "mean"))
    assert np.isfinite(inpaint(picture, half_gone(*size))).all()


def test_inpainting_is_fast_enough_for_a_curve() -> None:
    cat = images.sample("cat")
    rows, columns = np.indices(cat.shape[:2])
    holes = np.hypot(rows - 160, columns - 200) < 150
    begun = time.process_time()
    inpaint(cat, holes)
    assert time.process_time() - begun < 0.5


def test_holes_have_no_other_baseline() -> None:
    with pytest.raises(ValueError, match="'black', 'inpainting'"):
        hole_replacer(images.sample("cat"), "pink")  # type: ignore[arg-type]
