"""The channels that are named for a value of a map are those that contribute most to it."""

from functools import partial

import numpy as np
import pytest

from cnnviz_core import images, networks
from cnnviz_core.heatmaps import method_runs
from cnnviz_core.heatmaps.channel_contributions import MAX_VALUES, strongest_channels
from cnnviz_core.heatmaps.class_gradients import class_gradients
from cnnviz_core.heatmaps.maps import raw_map
from cnnviz_core.heatmaps.methods import METHODS
from tests.tiny_networks import picture, pooled

OF_CHANNELS = [
    name
    for name, method in METHODS.items()
    if method.kind == "class activation" and name != "eigen-cam"
]


@pytest.mark.parametrize("method", OF_CHANNELS)
def test_contributions_of_all_channels_add_up_to_the_map(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(method_runs, "strongest_channels", partial(strongest_channels, count=99))
    found = raw_map(pooled(), picture(), 1, method=method)
    assert found.strongest is not None
    channels, contributions = found.strongest.channels, found.strongest.contributions
    every = np.broadcast_to(np.arange(channels.shape[2]), channels.shape)
    np.testing.assert_array_equal(np.sort(channels, axis=2), every)
    assert (np.diff(np.abs(contributions), axis=2) <= 0).all()
    assert contributions.any()
    np.testing.assert_allclose(contributions.sum(axis=2), found.values, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("method", ["grad-cam", "layer-cam"])
def test_the_three_of_a_trained_network_are_those_that_a_loop_finds(method: str) -> None:
    network, cat = networks.load("efficientnet-lite0"), images.sample("cat")
    named = raw_map(network, cat, 285, method=method).strongest
    assert named is not None
    found = class_gradients(network, cat, 285)
    height, width, channels = found.activations.shape
    for row, column in ((0, 0), (3, 4), (height - 1, width - 1)):
        parts = []
        for channel in range(channels):
            slopes = found.gradients[..., channel].astype(float)
            weight = slopes.mean() if method == "grad-cam" else max(slopes[row, column], 0)
            parts.append(weight * found.activations[row, column, channel])
        expected = sorted(range(channels), key=lambda channel: -abs(parts[channel]))[:3]
        assert named.channels[row, column].tolist() == expected
        np.testing.assert_allclose(
            named.contributions[row, column], np.take(parts, expected), rtol=1e-4, atol=1e-9
        )


@pytest.mark.parametrize("method", ["eigen-cam", "saliency"])
def test_where_no_channels_are_weighed_for_a_class_none_are_named(method: str) -> None:
    assert raw_map(pooled(), picture(), 1, method=method).strongest is None


def test_of_many_values_and_of_those_that_are_none_nothing_is_said() -> None:
    weights = np.ones(2, np.float32)
    assert strongest_channels(np.ones((1, MAX_VALUES, 2), np.float32), weights) is not None
    assert strongest_channels(np.ones((1, MAX_VALUES + 1, 2), np.float32), weights) is None
    assert strongest_channels(np.float32([[[1, np.nan]]]), weights) is None
    assert strongest_channels(np.float32([[[3e38, 1]]]), weights * 10) is None


def test_fewer_channels_than_asked_for_are_all_named() -> None:
    found = strongest_channels(np.float32([[[2]], [[-3]]]), np.float32([4]))
    assert found is not None
    assert found.channels.tolist() == [[[0]], [[0]]]
    assert found.contributions.tolist() == [[[8]], [[-12]]]
