"""From a picture to a heatmap on its own pixels, and to the picture under it."""

import numpy as np

from cnnviz_core import heatmaps, images, networks
from cnnviz_core.heatmaps import RawMap, heatmap, shown

LITE = "efficientnet-lite0"


def found(values: object) -> RawMap:
    return RawMap("grad-cam", "conv", np.float32(values), np.zeros(1), np.ones(1))


def test_a_cat_has_its_heat_in_the_picture() -> None:
    heat = heatmap(networks.load(LITE), images.sample("cat"))
    assert heat.shape == (320, 400)
    assert heat.dtype == np.float32
    assert heat.min() >= 0
    assert heat.max() == 1


def test_the_hottest_point_lies_where_its_share_of_the_picture_is() -> None:
    values = np.zeros((4, 5))
    values[1, 3] = 7
    heat = shown(found(values), (40, 100))
    # The share of row 1 is 10..19, that of column 3 is 60..79.
    rows, columns = np.nonzero(heat == heat.max())
    assert rows.mean() == 14.5
    assert columns.mean() == 69.5


def test_without_alpha_the_picture_stays() -> None:
    cat = images.sample("cat")
    np.testing.assert_array_equal(heatmaps.overlay(cat, np.ones((320, 400)), 0), cat)
