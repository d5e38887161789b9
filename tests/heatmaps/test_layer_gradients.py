"""One pass for all layers: what a pass for each layer finds, in one trace, and not asked twice."""

from typing import Any

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.heatmaps import layer_gradients as module
from cnnviz_core.heatmaps.class_gradients import class_gradients
from cnnviz_core.heatmaps.layer_gradients import has_layer_gradients, layer_gradients
from cnnviz_core.heatmaps.split_network import split_at
from cnnviz_core.inspection.layer_roles import target_layers
from tests.tiny_networks import picture, residual


@pytest.mark.parametrize("target", [None, 1])
def test_each_layer_gets_what_a_pass_for_it_alone_finds(target: int | None) -> None:
    network = residual()
    *before, last = target_layers(network)
    assert len(before) > 1
    assert not has_layer_gradients(network, last)
    for layer in before:
        assert has_layer_gradients(network, layer)
        found = class_gradients(network, picture(), target, layer=layer)
        activations, logits, weights, gradients = split_at(network, layer).gradients(
            network.preprocess(picture()), found.logit_weights, False
        )
        np.testing.assert_allclose(found.activations, activations[0], atol=1e-6)
        np.testing.assert_allclose(found.gradients, gradients[0], atol=1e-6)
        np.testing.assert_allclose(found.logits, logits, atol=1e-6)
        np.testing.assert_array_equal(found.logit_weights, weights)
        assert np.abs(found.gradients).max() > 0


def test_all_layers_are_traced_once_and_the_same_question_takes_no_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = residual()
    traced = module._traced(network)
    passes: list[Any] = []

    def counted(*tensors: Any) -> Any:
        passes.append(tensors)
        return traced(*tensors)

    monkeypatch.setattr(module, "_traced", lambda network: counted)
    for layer in target_layers(network)[:-1]:
        class_gradients(network, picture(), 0, layer=layer)
    assert len(passes) == 1
    class_gradients(network, picture(), 1, layer=layer)
    class_gradients(network, picture() // 2, 1, layer=layer)
    assert len(passes) == 3
    assert traced.experimental_get_tracing_count() == 1


def test_a_network_too_large_to_keep_all_maps_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_NUMBERS", 10)
    network = residual()
    layer = target_layers(network)[0]
    assert not has_layer_gradients(network, layer)
    assert class_gradients(network, picture(), 0, layer=layer).layer == layer


def test_the_bundled_classifier_is_not_too_large() -> None:
    network = networks.load("efficientnet-lite0")
    assert all(has_layer_gradients(network, one) for one in target_layers(network)[:-1])
    found = layer_gradients(
        network, np.zeros((1, 224, 224, 3), np.float32), np.zeros(1000, np.float32), True
    )
    assert found.activations.keys() == found.gradients.keys() == {*target_layers(network)[:-1]}
    assert found.logit_weights.sum() == 1
    assert found.logit_weights.argmax() == found.logits.argmax()
