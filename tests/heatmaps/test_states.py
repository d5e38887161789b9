"""Heatmaps as they grow: the same as in one go, and integrated gradients that add up."""

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.arrays import ByteArray
from cnnviz_core.heatmaps import maps
from cnnviz_core.heatmaps.states import Completeness, HeatState, heat_states
from cnnviz_core.networks import Network

EGYPTIAN_CAT, TABBY = 285, 281


@pytest.fixture(scope="module")
def network() -> Network:
    return networks.load("efficientnet-lite0")


def finished(network: Network, cat: ByteArray, **asked: object) -> HeatState:
    *_, state = heat_states(network, cat, EGYPTIAN_CAT, **asked)  # type: ignore[arg-type]
    return state


@pytest.mark.parametrize("method", ["grad-cam", "saliency", "integrated-gradients", "ablation-cam"])
@pytest.mark.parametrize("against", [None, TABBY])
def test_the_last_state_is_the_map_itself(
    network: Network, cat: ByteArray, method: str, against: int | None
) -> None:
    state = finished(network, cat, method=method, against=against)
    expected = maps.raw_map(network, cat, EGYPTIAN_CAT, method=method, against=against)
    np.testing.assert_allclose(state.raw.values, expected.values, atol=1e-5)
    np.testing.assert_array_equal(state.raw.mixture, expected.mixture)
    np.testing.assert_allclose(state.raw.logits, expected.logits, atol=1e-4)
    assert (state.raw.method, state.raw.layer) == (method, expected.layer)
    assert state.raw.done == state.raw.total == expected.total
    assert (state.completeness is not None) == (method == "integrated-gradients")


def test_integrated_gradients_nearly_add_up(network: Network, cat: ByteArray) -> None:
    state = finished(network, cat, method="integrated-gradients")
    assert state.completeness is not None
    *_, coarse = heat_states(network, cat, EGYPTIAN_CAT, method="integrated-gradients", steps=2)
    assert coarse.completeness is not None
    assert coarse.completeness.difference == pytest.approx(state.completeness.difference)
    assert coarse.completeness.error > state.completeness.error
    assert state.completeness.error < 0.1
    # The sum over the network's input, where the map lies over the picture's own pixels.
    height, width = network.input_size
    total = state.raw.values.mean() * height * width
    assert state.completeness.attributed == pytest.approx(total, rel=0.05)


def test_an_unknown_layer_is_refused_at_the_call(network: Network, cat: ByteArray) -> None:
    with pytest.raises(ValueError, match="layer must be"):
        heat_states(network, cat, EGYPTIAN_CAT, layer="nowhere")


@pytest.mark.parametrize(
    ("attributed", "difference", "error"),
    [(9.0, 10.0, 0.1), (-11.0, -10.0, 0.1), (0.0, 0.0, 0.0), (1.0, 0.0, np.inf)],
)
def test_the_error_is_a_share_of_what_it_must_come_to(
    attributed: float, difference: float, error: float
) -> None:
    assert Completeness(attributed, difference).error == pytest.approx(error)
