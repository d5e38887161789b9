"""Programs of ascents come to the pictures that the page came to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.filter_ascent.settings import DEFAULT, AscentSettings
from cnnviz_core.networks import Network
from cnnviz_core.snippets.filter_ascent import WITHIN
from cnnviz_core.snippets.program import Program, as_script
from cnnviz_core.views.ascent_jobs import AscentJob
from cnnviz_core.views.ascent_store import AscentQuestion, article_question, pictures_of
from cnnviz_core.views.filter_ascent_files import program as ascent_program
from cnnviz_core.views.sharing import sample_picture
from tests.snippets.running import ROOT, run
from tests.views.ascents import finished_ascent, nothing_kept

CAT = sample_picture("cat")
LENET = AscentQuestion("conv2", "filters", (3, 4), (32, 32), steps=8, seed=5)
VGG = AscentQuestion("block2_conv1", "filters", (3, 7), (64, 64), steps=4, seed=5)
# In this network two runs part fast, and so does a program from itself if its noise is off by a
# millionth: fewer steps tell more.
LITE = AscentQuestion("block4b_expand_relu", "filters", (1, 30), (64, 64), steps=2, seed=5)
CLASS = replace(LITE, layer="classes", target="class", channels=(285,), steps=1)
# One setting at a time, each away from its default.
SETTINGS: dict[str, AscentSettings] = {
    "pixels": AscentSettings(image="pixels", step_size=0.02),
    "pixels from gray": AscentSettings(image="pixels", start="gray", step_size=0.02),
    "waves from gray": AscentSettings(start="gray"),
    "no contrast": AscentSettings(contrast=0.0),
    "still": AscentSettings(jitter=0),
    "turned": AscentSettings(rotation=20.0),
    "enlarged": AscentSettings(scaling=0.3),
    "turned and enlarged": AscentSettings(rotation=20.0, scaling=0.3, jitter=3),
    "total variation": AscentSettings(total_variation=0.2),
    "l2": AscentSettings(l2=0.5),
    "blurred waves": AscentSettings(blur=1.0),
    "blurred pixels": AscentSettings(image="pixels", step_size=0.02, blur=1.0),
    "below zero alike": AscentSettings(negative_slope=1.0),
    "below zero not": AscentSettings(negative_slope=0.0),
    "after": AscentSettings(after_activation=True),
}
# The others are left to the slow run.
USUAL = ("pixels", "waves from gray", "turned and enlarged", "total variation", "blurred pixels")
DIVERSE = replace(DEFAULT, diversity=1.0)


def asked(**changes: Any) -> AscentQuestion:
    """An ascent in LeNet-5, whose steps take no time."""
    return replace(LENET, **changes)


SMALL = {
    "copies that differ": asked(copies=3, settings=DIVERSE),
    "a neuron": asked(target="neuron", place=(2, 1)),
    "a direction": asked(target="direction", channels=(1, 2, 5)),
    "a direction, twice": asked(target="direction", copies=2, settings=DIVERSE),
    "a layer": asked(target="layer", channels=()),
    "a layer, from the cat": asked(target="layer", channels=(), picture="cat"),
    "a unit": asked(layer="hidden1"),
    "a digit": asked(layer="digits", target="class", channels=(3,)),
}
WHOLE = {"target": "layer", "channels": (), "size": (51, 64), "picture": "cat"}
LARGE = {
    "article": article_question(VGG),
    "bfloat16": replace(VGG, settings=replace(DEFAULT, precision="bfloat16")),
    "many": replace(VGG, channels=tuple(range(24)), size=(96, 96)),
    "a class": CLASS,
    "a class, four times": replace(CLASS, copies=4, settings=DIVERSE),
    "a picture": replace(LITE, **WHOLE),
    "a picture as pixels": replace(VGG, **WHOLE, settings=SETTINGS["pixels"]),
    "a neuron": replace(LITE, target="neuron", place=(1, 2)),
    **{f"VGG16, {name}": replace(VGG, settings=one) for name, one in SETTINGS.items()},
    **{f"Lite0, {name}": replace(LITE, settings=one) for name, one in SETTINGS.items()},
}
CASES = [
    *(pytest.param("lenet-5", asked(settings=SETTINGS[one]), id=one) for one in USUAL),
    *(pytest.param("lenet-5", one, id=name) for name, one in SMALL.items()),
    pytest.param("lenet-cat", asked(layer="relu2", channels=(0, 2), size=(64, 64)), id="resized"),
    pytest.param("vgg16-edges", VGG, id="filters"),
    *(
        pytest.param("lenet-5", asked(settings=one), id=name, marks=pytest.mark.slow)
        for name, one in SETTINGS.items()
        if name not in USUAL
    ),
]


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with nothing_kept(monkeypatch):
        yield


def written_for(network: Network, question: AscentQuestion) -> tuple[AscentJob, Program]:
    job = finished_ascent(network, question, CAT)
    return job, ascent_program([(job, job.state)], CAT)


def left_by(written: Program) -> dict[str, Any]:
    """What a program leaves; its assertions must hold."""
    found: dict[str, Any] = {}
    exec(as_script(written), found)  # noqa: S102
    return found


def assert_found(found: dict[str, Any], job: AscentJob, within: float) -> None:
    expected = job.state.progress.activations
    assert found["measured"].shape == expected.shape
    reach = np.abs(expected[-1]).max()
    np.testing.assert_allclose(found["measured"][-1], expected[-1], rtol=0, atol=within * reach)
    shown = pictures_of(job.question, job.state.progress)
    assert found["images"].shape == shown.shape
    assert np.abs(found["images"] - shown).mean() < 0.05


@pytest.mark.parametrize(("key", "question"), CASES)
def test_an_ascent_comes_to_what_the_page_shows(key: str, question: AscentQuestion) -> None:
    job, written = written_for(networks.load(key), question)
    assert_found(left_by(written), job, 1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_an_ascent_in_a_large_network_comes_to_it_within_two_percent(name: str) -> None:
    question = LARGE[name]
    key = "vgg16-edges" if question.layer == VGG.layer else "efficientnet-lite0"
    job, written = written_for(networks.load(key), question)
    assert_found(left_by(written), job, WITHIN)


@pytest.mark.slow
def test_a_script_of_an_ascent(tmp_path: Path) -> None:
    job, written = written_for(networks.load("lenet-5"), LENET)
    found = run(as_script(written), tmp_path, "images", "measured", path=ROOT)
    assert_found(found, job, 1e-3)


@pytest.mark.parametrize("count", [1, 2, 6])
def test_a_notebook_ends_with_all_pictures(count: int) -> None:
    import matplotlib.pyplot as plt

    question = asked(channels=tuple(range(count)), steps=1)
    _job, written = written_for(networks.load("lenet-5"), question)
    pixels = np.random.default_rng(0).random((count, 32, 32, 3))
    exec(written.picture.code, {"plt": plt, "images": pixels})  # noqa: S102
    shown = [one.get_array() for axis in plt.gcf().axes for one in axis.images]
    plt.close("all")
    np.testing.assert_array_equal(np.stack(shown), pixels)


def test_an_ascent_under_way_has_no_program_yet() -> None:
    with pytest.raises(ValueError, match="not finished yet"):
        ascent_program([], CAT)
