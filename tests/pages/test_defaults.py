"""One click leads back to what a page shows at first."""

import pytest

from tests.pages.visits import controls, opened

# Of each page, an address that asks for something else, of its own and of what pages share.
ELSEWHERE = {
    "convolution": {"kernels": "random", "size": "7", "picture": "rocket"},
    "stepping": {"step_operation": "chain"},
    "pooling": {"pool_size": "9", "pool_input": "maps", "picture": "coffee"},
    "activation": {"act_function": "tanh"},
    "lenet": {"lenet_seed": "3"},
    "feature_maps": {"network": "vgg16-edges", "maps_layer": "block3_conv1"},
    "predictions": {"network": "lenet-5"},
    "heatmaps": {"target_class": "281", "heat_method": "saliency"},
    "votes": {"target_class": "281"},
    "occlusion": {"target_class": "281", "occlusion_size": "20"},
    "kernels": {"network": "lenet-5", "kernels_layer": "conv2"},
    "filter_ascent": {"ascent_network": "efficientnet-lite0"},
    "architecture": {"arch_layer": "head_relu"},
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_one_click_leads_back(name: str) -> None:
    first = controls(opened(name))
    app = opened(name, ELSEWHERE[name])
    assert controls(app) != first
    app.button(key="defaults").click().run()
    assert not app.exception
    assert controls(app) == first
    assert not app.query_params
