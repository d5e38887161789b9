"""One click leads back to what a page shows at first."""

import pytest
from streamlit.testing.v1 import AppTest

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


def moved(app: AppTest, name: str) -> AppTest:
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception
    return app


def test_the_layer_stays_from_page_to_page() -> None:
    app = opened("feature_maps", {"maps_layer": "block3a_depthwise_relu"})
    app.query_params.clear()
    assert moved(app, "kernels").session_state["kernels_layer"] == "block3a_depthwise"
    assert moved(app, "architecture").session_state["arch_layer"] == "block3a_depthwise_relu"
    assert moved(app, "heatmaps").session_state["heat_layer"] == "block3a_depthwise_relu"
    # A layer that a page begins with is nobody's choice.
    app.button(key="defaults").click().run()
    assert moved(app, "votes").session_state["layer in view"] is None


def test_a_layer_without_a_counterpart_waits_for_a_page_that_has_it() -> None:
    app = opened("feature_maps", {"maps_steps": "true", "maps_layer": "block2b_add"})
    app.query_params.clear()
    app = moved(app, "kernels")
    assert app.session_state["kernels_layer"] == "stem_conv"
    assert moved(app, "architecture").session_state["arch_layer"] == "block2b_add"


def test_a_link_says_which_layer() -> None:
    app = opened("feature_maps", {"maps_layer": "block3a_depthwise_relu"})
    app.query_params.clear()
    app.query_params["kernels_layer"] = "block1a_project"
    assert moved(app, "kernels").session_state["kernels_layer"] == "block1a_project"
