"""What can be saved of a page: what it shows, with the settings that it shows it with."""

import io
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.views import files
from cnnviz_core.views.files import Saved
from pages.parts import actions
from pages.parts.save_drawer import DRAWER
from tests.pages.visits import opened

# What is saved of each page as it is at first: the file's name, and the shape of the numbers.
FIRST = {
    "convolution": ("cat-convolution-sobel-x-3x3", (318, 398, 1)),
    "pooling": ("cat-pooling-max-5x5", (64, 80, 3)),
    "activation": ("cat-activation-relu", (318, 398, 3)),
    "lenet": ("cat-lenet", (52, 65, 3)),
    "feature_maps": ("cat-feature-maps-efficientnet-lite0-stem-relu", (112, 112, 32)),
    "kernels": ("kernels-efficientnet-lite0-stem-conv", (3, 3, 3, 32)),
    "stepping": ("step-by-step", (3, 3, 1)),
    "predictions": ("cat-predictions-efficientnet-lite0", (1000, 2)),
    "votes": ("cat-votes-efficientnet-lite0-class-285", (7, 7)),
    "occlusion": ("cat-covered-efficientnet-lite0-class-285", (1000, 2)),
    "architecture": ("cat-architecture-efficientnet-lite0-block3a-depthwise", (142, 5)),
    "heatmaps": ("cat-grad-cam-efficientnet-lite0-head-relu", (7, 7)),
}


def offered(app: AppTest) -> list[str]:
    """The files in the drawer that is open."""
    return [one.label for one in app.get("download_button") if (one.key or "").startswith("save ")]


def made(app: AppTest) -> Saved:
    _title, make, _settings = app.session_state[actions._TOLD][DRAWER.key]
    return make()  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", FIRST)
def test_a_page_saves_what_it_shows(name: str, monkeypatch: Any) -> None:
    asked: list[Saved] = []
    app = opened(name)
    assert offered(app) == []
    monkeypatch.setattr(files, "npz", lambda saved, settings: asked.append(saved) or b"")
    app.button(key="save").click().run()
    assert not app.exception
    saved = made(app)
    assert (saved.name, saved.values.shape) == FIRST[name]
    assert saved.values.dtype == np.float32
    assert "Picture (PNG)" in offered(app)
    assert ("Single maps (ZIP)" in offered(app)) == (
        saved.values.shape[2:] not in ((), (1,)) and saved.values.ndim == 3
    )
    assert "Numbers for Python (NPZ)" in offered(app)
    # Nothing is made before it is asked for.
    assert asked == []


def settings(app: AppTest) -> dict[str, str]:
    """What is said of the file that can be saved now."""
    return dict(app.session_state[actions._TOLD][DRAWER.key][2])


def test_settings_are_those_of_the_controls_on_the_page() -> None:
    app = opened("pooling")
    assert settings(app)["Input"] == "The picture"
    assert "Seed" not in settings(app)
    app.button_group(key="pool_input").set_value("maps").run()
    assert settings(app)["Seed"] == "265"
    app.slider(key="pool_size").set_value(3)
    app.button_group(key="pool_input").set_value("picture").run()
    assert "Seed" not in settings(app)
    assert settings(app)["Window size"] == "3"


def test_a_heatmap_names_its_class() -> None:
    said = settings(opened("heatmaps"))
    assert said["Class"] == "Egyptian cat"
    assert said["Method"] == "Grad-CAM"
    assert "Steps of integrated gradients" not in said


def test_a_network_without_classes_has_nothing_to_save_of_other_pages() -> None:
    app = opened("pooling")
    app.session_state["network"] = "vgg16-edges"
    app.switch_page("pages/heatmaps.py").run()
    app.button(key="save").click().run()
    assert not app.exception
    assert offered(app) == []
    assert any("Choose a network" in one.value for one in app.info)


def test_many_numbers_are_no_table() -> None:
    app = opened("convolution", {"kernels": "random", "filters": "64"})
    app.button(key="save").click().run()
    assert "Numbers as a table (CSV)" not in offered(app)
    assert any("8,100,096 numbers are too many" in one.value for one in app.caption)


# What is offered beside a picture and its numbers.
OTHERS = {
    "activation": ({}, ["Curves (SVG)", "Curves as a table (CSV)"]),
    "stepping": ({}, ["Animation (GIF)", "Film (WebM)"]),
}


@pytest.mark.parametrize("name", OTHERS)
def test_curves_and_animations_are_made_when_asked_for(name: str) -> None:
    asked, labels = OTHERS[name]
    app = opened(name, asked)
    app.button(key="save").click().run()
    assert [one for one in offered(app) if one in labels] == labels
    for make in made(app).others.values():
        assert len(make()) > 1000


@pytest.mark.parametrize(
    ("operation", "axes"),
    [
        ("causal", ("place", "layer")),
        ("batch", ("sample", "channel")),
        ("chain", files.MAPS_AXES),
        ("transposed", files.MAPS_AXES),
        ("max", files.MAPS_AXES),
        ("separable", files.MAPS_AXES),
    ],
)
def test_every_operation_step_by_step_is_saved(operation: str, axes: tuple[str, ...]) -> None:
    saved = made(opened("stepping", {"step_operation": operation, "step_channels": "3"}))
    assert saved.axes == axes
    assert saved.values.ndim == len(axes)


def test_numbers_have_names() -> None:
    saved = made(opened("predictions"))
    lines = files.table(saved, []).decode().splitlines()
    assert lines[0] == "class,logit,probability"
    assert lines[1 + 285].startswith("Egyptian cat,")
    with np.load(io.BytesIO(files.npz(saved, []))) as found:
        assert found["labels_class"][285] == "Egyptian cat"


def test_the_class_is_said_by_its_name_alone() -> None:
    for name in ("votes", "occlusion"):
        assert settings(opened(name))["Class"] == "Egyptian cat"
