"""The picture at a point of a deletion curve is the one that the network was shown."""

import numpy as np
import pytest

from cnnviz_core.heatmaps.baselines import fill_picture
from cnnviz_core.heatmaps.deleted_pictures import without_hottest
from cnnviz_core.heatmaps.faithfulness import deletion_states
from cnnviz_core.heatmaps.holes import HOLE_FILLS, HoleFill
from tests.tiny_networks import picture, pooled


@pytest.mark.parametrize("fill", HOLE_FILLS)
def test_it_is_the_picture_that_the_curve_was_measured_with(fill: HoleFill) -> None:
    image = picture()
    # Half of the heat is one value: there the order among equals counts.
    heat = np.random.default_rng(3).random((6, 5)).astype(np.float32)
    heat[:3] = 0.5
    # The picture is that of the last of some 16 points: here in the middle of the curve, too.
    for steps in (1, 40, 64):
        for state in deletion_states(pooled(), image, heat, 0, steps=steps, fill=fill):
            share = (state.done - 1) / steps
            found = without_hottest(image, heat, share, fill=fill)
            np.testing.assert_array_equal(found, state.picture)


def test_nothing_and_all() -> None:
    image, heat = picture(), np.zeros((6, 5), np.float32)
    np.testing.assert_array_equal(without_hottest(image, heat, 0.0), image)
    gone = without_hottest(image, heat, 1.0, fill="mean")
    np.testing.assert_array_equal(gone, fill_picture(image, "mean"))


def test_the_hottest_go_first_and_the_picture_is_not_written_to() -> None:
    image = picture()
    before = image.copy()
    heat = np.arange(30, dtype=np.float32).reshape(6, 5)
    found = without_hottest(image, heat, 0.1)
    assert not found[5, 2:].any()
    np.testing.assert_array_equal(found[:5], image[:5])
    np.testing.assert_array_equal(image, before)


def test_what_does_not_fit_is_refused() -> None:
    image = picture()
    with pytest.raises(ValueError, match="heat"):
        without_hottest(image, np.zeros((5, 6), np.float32), 0.5)
    for share in (-0.1, 1.1, np.nan):
        with pytest.raises(ValueError, match="share"):
            without_hottest(image, np.zeros((6, 5), np.float32), share)
