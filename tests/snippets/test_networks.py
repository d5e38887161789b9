"""Programs of the pages about trained networks make what the pages show."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.heatmaps.maps import raw_maps
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.split_network import layers_beside
from cnnviz_core.inspection import feature_maps
from cnnviz_core.inspection.architecture import unit_at
from cnnviz_core.inspection.receptive_fields import fields, seen_pixels
from cnnviz_core.networks.keras_applications import APPLICATIONS
from cnnviz_core.snippets import heatmaps
from cnnviz_core.snippets.networks import load
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import as_script
from cnnviz_core.views import (
    architecture_files,
    feature_maps_files,
    kernels_files,
    predictions_files,
    votes_files,
)
from cnnviz_core.views.files import source
from cnnviz_core.views.kernels import layer_kernels, layers_with_kernels
from cnnviz_core.views.sharing import sample_picture
from cnnviz_core.views.votes import vote_view
from tests.snippets.running import ROOT, made, run

CAT = sample_picture("cat")
EGYPTIAN_CAT, LAST = 285, "head_relu"
# Where an activation function has a kink, the last digit of what is summed up decides.
ROUGH = {"smoothgrad": 0.02, "integrated-gradients": 1e-3}
QUICK = "grad-cam"


def test_a_script_says_what_a_network_says(tmp_path: Path) -> None:
    network = networks.load("efficientnet-lite0")
    written = predictions_files.program(network, CAT, count=5, temperature=2.0)
    chances = run(as_script(written), tmp_path, "chances", path=ROOT)["chances"]
    assert abs(chances.sum() - 1) < 1e-5
    assert chances.argmax() == EGYPTIAN_CAT


@pytest.mark.parametrize(
    ("key", "layer"),
    [
        ("efficientnet-lite0", "block4a_depthwise_relu"),
        ("efficientnet-lite0", "head_relu"),
        ("vgg16-edges", "block3_conv1"),
        ("lenet-5", "conv2"),
    ],
)
def test_feature_maps_are_those_of_the_page(key: str, layer: str) -> None:
    network = networks.load(key)
    expected = feature_maps.feature_maps(network, CAT.pixels, layer)
    maps = made(feature_maps_files.program(network, CAT, layer, 3), "maps")
    np.testing.assert_allclose(maps, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("key", ["efficientnet-lite0", "vgg16-edges", "lenet-5"])
def test_kernels_are_those_of_the_page(key: str) -> None:
    network = networks.load(key)
    for layer in layers_with_kernels(network)[:4]:
        kernels = made(kernels_files.program(network, layer), "kernels")
        np.testing.assert_array_equal(kernels, layer_kernels(network, layer))


METHOD_CASES = [
    pytest.param(one, marks=() if one == QUICK else pytest.mark.slow) for one in METHODS
]


@pytest.mark.parametrize("method", METHOD_CASES)
def test_a_heatmap_is_what_its_definition_says(method: str) -> None:
    network = networks.load("efficientnet-lite0")
    is_of_layer = METHODS[method].kind == "class activation"
    layer = LAST if is_of_layer else None
    *_, state = raw_maps(network, CAT.pixels, EGYPTIAN_CAT, method=method, layer=layer)
    written = heatmaps.program(
        network, source(CAT), method, EGYPTIAN_CAT, state.values, layer=state.layer, steps=32
    )
    heat = made(written, "heat")
    within = ROUGH.get(method, 1e-4) * np.abs(state.values).max()
    np.testing.assert_allclose(heat, state.values, rtol=0, atol=within)
    script = as_script(written)
    lines = [line for line in script.splitlines() if line.strip() and line[0] != "#"]
    assert len(lines) <= 31


# Within a block that a residual connection leads around.
WITHIN_BLOCK = "block4b_depthwise_relu"


def test_a_residual_connection_is_found() -> None:
    network = networks.load("efficientnet-lite0")
    assert layers_beside(network, WITHIN_BLOCK) == ("block4a_project_bn",)
    assert layers_beside(network, LAST) == ()


@pytest.mark.parametrize(
    ("key", "layer"),
    [
        ("lenet-5", "conv1"),
        pytest.param("efficientnet-lite0", WITHIN_BLOCK, marks=pytest.mark.slow),
    ],
)
def test_channels_are_ablated_in_layers_in_the_middle(key: str, layer: str) -> None:
    network = networks.load(key)
    *_, state = raw_maps(network, CAT.pixels, 3, method="ablation-cam", layer=layer)
    beside = layers_beside(network, layer)
    written = heatmaps.program(
        network,
        source(CAT),
        "ablation-cam",
        3,
        state.values,
        layer=layer,
        steps=32,
        beside=beside,
    )
    within = 1e-4 * np.abs(state.values).max()
    np.testing.assert_allclose(made(written, "heat"), state.values, rtol=0, atol=within)


@pytest.mark.parametrize("side", [40, 224, 300])
def test_a_map_of_pixels_comes_back_to_a_picture_of_any_size(side: int) -> None:
    network = networks.load("efficientnet-lite0")
    pixels = np.random.default_rng(side).integers(0, 256, (side, side + 5, 3), np.uint8)
    *_, state = raw_maps(network, pixels, EGYPTIAN_CAT, method="saliency")
    written = heatmaps.program(
        network,
        Source(None, side, side + 5),
        "saliency",
        EGYPTIAN_CAT,
        state.values,
        layer=None,
        steps=32,
    )
    found: dict[str, Any] = {}
    cells = [cell.code for cell in written.cells[1:]]
    exec("\n".join(written.imports), found)  # noqa: S102
    found["image"] = pixels
    exec("\n".join(cells), found)  # noqa: S102
    # Of noise, many a sum lies at a kink of an activation function: single pixels differ.
    assert found["heat"].shape == state.values.shape
    assert np.abs(found["heat"] - state.values).mean() < 1e-3 * state.values.max()


@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda one: one.key)
def test_pictures_go_into_networks_of_keras_as_they_do_here(application: Any) -> None:
    import cv2
    import keras

    key = application.key
    shell = networks.Network(
        key=key,
        title=application.name,
        model=None,
        input_size=application.input_size,
        preprocess=None,  # type: ignore[arg-type]
        class_names=None,
        layers=(),
        logits=None,
        output_activation=None,
        run_layers=None,  # type: ignore[arg-type]
        run_logits=None,
    )
    written = load(shell, source(CAT))
    found: dict[str, Any] = {"cv2": cv2, "keras": keras, "np": np, "image": CAT.pixels}
    exec(written.cells[1].code, found)  # noqa: S102
    expected = preprocessing_of(application)(CAT.pixels)
    np.testing.assert_allclose(found["batch"], expected, rtol=0, atol=1e-4)
    assert hasattr(keras.applications, application.name)
    assert f"keras.applications.{application.name}(" in written.cells[0].code


def preprocessing_of(application: Any) -> Any:
    from cnnviz_core.networks.preprocessing import preprocessing

    return preprocessing(application.input_size, application.scaling)


@pytest.mark.parametrize(("against", "ablated"), [(None, ()), (281, (5, 700)), (None, (1, 2, 3))])
def test_votes_add_up_as_on_the_page(against: int | None, ablated: tuple[int, ...]) -> None:
    network = networks.load("efficientnet-lite0")
    view = vote_view(network, CAT, EGYPTIAN_CAT, against, ablated)
    written = votes_files.program(network, CAT, EGYPTIAN_CAT, against, ablated)
    assert abs(made(written, "score") - view.total) < 1e-3


# Of the bundled networks: windows, paths that join, and ends that read everything.
FIELDS = [
    ("efficientnet-lite0", "block3a_depthwise", 34, 38),
    ("efficientnet-lite0", "block6b_add", 100, 0),
    ("efficientnet-lite0", "classes", 0, 0),
    ("lenet-5", "digits", 0, 0),
    ("lenet-cat", "pool2", 100, 50),
]


@pytest.mark.parametrize(("key", "layer", "down", "across"), FIELDS)
def test_a_unit_sees_what_the_page_says(key: str, layer: str, down: int, across: int) -> None:
    network = networks.load(key)
    field = fields(network)[layer]
    assert field is not None
    unit = unit_at(network, layer, down, across)
    box = made(architecture_files.program(network, CAT, layer, down=down, across=across), "box")
    assert tuple(box) == seen_pixels(field, *unit, network.input_size)


def test_what_is_no_sum_has_no_program() -> None:
    with pytest.raises(ValueError, match="more than a weighted sum follows"):
        votes_files.program(networks.load("lenet-5"), CAT, 3, None, ())


def test_nobody_else_has_a_network_of_ones_own() -> None:
    import keras

    layers = [keras.layers.Input((8, 8, 3)), keras.layers.Conv2D(2, 3, name="own")]
    network = networks.from_keras(keras.Sequential(layers), title="Mine")
    with pytest.raises(ValueError, match="no program for a network of your own"):
        kernels_files.program(network, "own")
