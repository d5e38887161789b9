"""Ways from what one page shows to the same on others: each lands on what it promises."""

from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import networks
from cnnviz_core.inspection.layer_roles import convolution_of
from cnnviz_core.layers import convolution, kernels
from cnnviz_core.layers.kernels import KernelChoice, NamedKernel, RandomKernels
from cnnviz_core.stepping.setups import walk
from cnnviz_core.views import convolution as convolution_view
from cnnviz_core.views.counterparts import counterpart
from cnnviz_core.views.sharing import sample_picture
from cnnviz_core.views.step_windows import step_window
from pages.parts.layers.step_links import asked as asked_of
from tests.pages.visits import opened

CAT = sample_picture("cat")
NOT_OURS = {"filter_ascent"}  # its ascents begin at once, and take long

# Pages from which there are ways, as visited, and to which pages they lead.
FROM: tuple[tuple[str, dict[str, Any], set[str]], ...] = (
    (
        "feature_maps",
        {"maps_layer": "head_relu", "maps_channel": "3", "picture": "coffee"},
        {"kernels", "filter_ascent", "votes", "architecture"},
    ),
    (
        "feature_maps",
        {"network": "vgg16-edges", "maps_layer": "block3_conv1"},
        {"kernels", "filter_ascent", "architecture"},
    ),
    (
        "kernels",
        {"kernels_layer": "block3a_depthwise", "kernels_numbers": "true", "kernels_filter": "7"},
        {"feature_maps", "filter_ascent", "architecture"},
    ),
    ("architecture", {"arch_layer": "stem_conv"}, {"feature_maps", "kernels", "filter_ascent"}),
    ("predictions", {"picture": "rocket"}, {"heatmaps", "votes", "occlusion", "filter_ascent"}),
    ("heatmaps", {}, {"votes", "occlusion", "filter_ascent"}),
    ("votes", {"votes_silent": "5"}, {"heatmaps", "occlusion", "filter_ascent", "kernels"}),
    ("occlusion", {}, {"heatmaps", "votes", "filter_ascent"}),
    ("convolution", {"down": "50", "across": "50"}, {"stepping"}),
)


def ways(app: AppTest) -> list[tuple[str, dict[str, str]]]:
    """Where the links below the pictures lead, and what they ask for."""
    found = [one.proto for one in app.get("page_link") if one.proto.query_string]
    return [(one.page, dict(parse_qsl(one.query_string))) for one in found]


@pytest.mark.parametrize(("page", "asked", "expected"), FROM)
def test_a_link_lands_on_what_it_promises(
    page: str, asked: dict[str, Any], expected: set[str]
) -> None:
    found = ways(opened(page, asked))
    assert expected <= {name for name, _ in found}
    for name, query in found:
        if "picture" in asked:
            assert query["picture"] == asked["picture"]
        if name in NOT_OURS:
            continue
        app = opened(name, query)
        assert not app.error
        # What an address asks for in vain is said in a note.
        assert not app.toast, query
        for key, value in query.items():
            assert str(app.session_state[key]).lower() == value.lower(), (name, key)


@pytest.mark.parametrize(
    ("key", "layer"),
    [("efficientnet-lite0", "block4a_depthwise_relu"), ("vgg16-edges", "block3_conv1")],
)
def test_a_counterpart_has_its_channels_by_the_same_kernels(key: str, layer: str) -> None:
    network = networks.load(key)
    every = [one.name for one in network.layers]
    convolutions = [one.name for one in network.layers if "Conv2D" in one.type]
    found = counterpart(network, layer, convolutions)
    assert found is not None
    assert convolution_of(network, found) == convolution_of(network, layer)
    assert network.layer(found).output_shape[-1] == network.layer(layer).output_shape[-1]
    assert counterpart(network, layer, every) == layer
    assert counterpart(network, layer, []) is None


@pytest.mark.parametrize(
    ("choice", "dilation"),
    [
        (NamedKernel("sobel_x", 3, 0.0, "brightness"), 1),
        (NamedKernel("emboss", 5, 0.0, "each_channel"), 1),
        (RandomKernels(3, 2, 5), 2),
    ],
)
def test_a_window_has_the_same_sum_step_by_step(choice: KernelChoice, dilation: int) -> None:
    shown = 0
    for index, (down, across) in enumerate(((38, 36), (0, 100), (71, 5), (100, 0))):
        sliding: dict[str, Any] = {"stride": 1, "padding": "valid", "dilation": dilation}
        filter_index = index % convolution_view.num_filters(choice)
        place = convolution_view.convolution_place(
            CAT,
            choice,
            **sliding,
            down=down,
            across=across,
            display="composite",
            filter_index=filter_index,
            size="proportional",
        )
        window = step_window(CAT, place, choice, filter_index)
        if window is None:
            # Between two whole percents of the way, seven pixels do not hold every window.
            assert round(place.source[2] * 400) > 3
            continue
        shown += 1
        app = opened("stepping", {key: str(value) for key, value in asked_of(window).items()})
        assert not app.error
        maps = convolution.convolve(CAT.pixels, kernels.make_kernels(choice), dilation=dilation)
        expected = maps[place.row, place.column, filter_index]
        setup = app.session_state["last valid stepping"][1][0]
        stop = walk(setup).at(app.session_state["step_stop"] - 1)
        np.testing.assert_allclose(stop.value, expected, rtol=1e-4, atol=1e-2)
    assert shown > 0


def test_what_does_not_fit_has_no_way() -> None:
    choice = NamedKernel("gaussian_blur", 9, 0.0, "brightness")
    place = convolution_view.convolution_place(
        CAT,
        choice,
        stride=1,
        padding="valid",
        dilation=1,
        down=50,
        across=50,
        display="single",
        filter_index=0,
        size="proportional",
    )
    assert step_window(CAT, place, choice, 0) is None
