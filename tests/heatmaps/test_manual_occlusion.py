"""The map of the places tried by hand, against the sliding patch and a slow loop."""

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.heatmaps.class_scores import one_class
from cnnviz_core.heatmaps.manual_occlusion import no_places, try_place
from cnnviz_core.heatmaps.occlusion import cover, occlusion
from cnnviz_core.inspection.predictions import logits
from tests.tiny_networks import picture, pooled


def test_trying_every_place_of_the_sliding_patch_gives_its_map() -> None:
    network, image, target = pooled(), picture(), 2
    whole = float(logits(network, image)[target])
    tried = no_places((6, 5))
    # Patches of 3 that begin at 0, 2 and 3 (rows), and at 0 and 2 (columns).
    for row in (1, 3, 4):
        for column in (1, 3):
            covered = cover(network, image, row, column, size=3)
            fall = whole - float(covered.logits[target])
            tried = try_place(tried, row, column, 3, fall)
    expected = occlusion(network, image, one_class(network, target), size=3, stride=2)
    np.testing.assert_allclose(tried.values, expected, atol=1e-5)
    assert (tried.counts > 0).all()


@pytest.mark.parametrize("size", [1, 2, 5, 40])
@pytest.mark.parametrize("place", [(0, 0), (5, 4), (2, 3)])
def test_what_is_marked_is_what_the_network_does_not_see(size: int, place: tuple[int, int]) -> None:
    image = picture()
    covered = cover(pooled(), image, *place, size=size)
    tried = try_place(no_places((6, 5)), *place, size, 0.25)
    is_covered = (covered.picture != image).any(-1)
    np.testing.assert_array_equal(tried.counts > 0, is_covered)
    np.testing.assert_array_equal(tried.values, np.where(is_covered, np.float32(0.25), 0))


def test_a_place_counts_once_and_nothing_is_written_to() -> None:
    empty = no_places((4, 4))
    once = try_place(empty, 1, 1, 2, 1.0)
    assert try_place(once, 1, 1, 2, 9.0) is once
    assert not empty.counts.any()
    assert empty.places == frozenset()


@pytest.mark.parametrize(
    ("arguments", "name"), [((4, 0, 1), "row"), ((0, -1, 1), "column"), ((0, 0, 0), "size")]
)
def test_a_place_outside_the_picture_is_refused(arguments: tuple[int, ...], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        try_place(no_places((4, 4)), *arguments, 1.0)


def test_the_real_network_keeps_places_of_a_long_visit() -> None:
    network = networks.load("lenet-5")
    assert network.logits is not None
    tried = no_places((320, 400))
    for number in range(300):
        tried = try_place(tried, number, number, 60, 1.0)
    assert len(tried.places) == 300
    assert np.isfinite(tried.values).all()
