"""What stands in for a part of a picture."""

from typing import Any

import numpy as np
import pytest

from cnnviz_core.heatmaps.baselines import FILLS, fill_picture


def picture() -> Any:
    return np.random.default_rng(0).integers(0, 256, (40, 60, 3)).astype(np.uint8)


def test_plain_fills_have_one_colour():
    assert (fill_picture(picture(), "grey") == 127.5).all()
    assert (fill_picture(picture(), "black") == 0).all()
    expected = np.broadcast_to(picture().mean((0, 1)), (40, 60, 3))
    np.testing.assert_allclose(fill_picture(picture(), "mean"), expected, rtol=1e-6)


def test_a_blur_keeps_the_mean_and_loses_the_noise():
    found = fill_picture(picture(), "blur")
    assert found.mean() == pytest.approx(picture().mean(), rel=0.02)
    assert found.std() < 0.15 * picture().std()


def test_a_point_is_blurred_to_a_bell_of_a_twentieth_of_the_side():
    point = np.zeros((81, 101, 3), np.float32)
    point[40, 50] = 1000
    found = fill_picture(point, "blur")[..., 0].astype(np.float64)
    rows, columns = np.indices(found.shape)
    for places, centre in ((rows, 40), (columns, 50)):
        deviation = np.sqrt((found * (places - centre) ** 2).sum() / found.sum())
        assert deviation == pytest.approx(101 / 20, rel=0.03)


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (30, 2)])
def test_each_is_a_new_picture_of_the_same_size(fill: Any, size: tuple[int, int]):
    flat = np.full((*size, 3), 50, np.float32)
    found = fill_picture(flat, fill)
    assert (found.shape, found.dtype) == ((*size, 3), np.float32)
    assert not np.shares_memory(found, flat)
    if fill in ("mean", "blur"):
        np.testing.assert_allclose(found, flat, rtol=1e-6)


def test_there_is_no_other_fill():
    with pytest.raises(ValueError, match="fill must be one of 'grey', 'mean', 'blur', 'black'"):
        fill_picture(picture(), "pink")  # type: ignore[arg-type]
