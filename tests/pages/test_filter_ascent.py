"""The filter-ascent page: what begins when, what stays, and what is said of it."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.filter_ascent import batches
from cnnviz_core.filter_ascent.settings import BOOK
from cnnviz_core.runtime import jobs, scheduler
from cnnviz_core.runtime.jobs import num_others, work_on
from cnnviz_core.views.ascent_jobs import AscentJob, ascent_job
from cnnviz_core.views.sharing import Picture
from pages.parts.filter_ascent.ascent_controls import (
    ACROSS,
    COUNT,
    DOWN,
    FIRST,
    LAYER,
    NETWORK,
    TARGET,
    WAY,
    WHICH,
)
from pages.parts.filter_ascent.ascent_settings import (
    AFTER,
    COPIES,
    IMAGE,
    JITTER,
    SEED,
    SIDE,
    START,
    STEPS,
)
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests.pages.visits import move_all
from tests.views.ascents import nothing_kept

DASHBOARD = Path(__file__).parents[2] / "dashboard.py"
QUICK = {LAYER.key: "block1_conv1", COUNT.key: 2, SIDE.key: 64, STEPS.key: 8}


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with nothing_kept(monkeypatch):
        yield


@pytest.fixture
def page() -> AppTest:
    return opened()


def opened(**values: Any) -> AppTest:
    """A first visit, with a link that sets some controls."""
    app = AppTest.from_file(DASHBOARD, default_timeout=60)
    for key, value in values.items():
        app.session_state[key] = value
    return checked(app.switch_page("pages/filter_ascent.py").run())


def checked(page: AppTest) -> AppTest:
    assert [one.value for one in page.exception] == []
    return page


def under_way(page: AppTest) -> tuple[AscentJob, ...]:
    """The ascents that the page works on."""
    section = page.session_state["long work"]["ascent"]
    if not section.goes_on or all(one.job.is_finished for one in section.made):
        return ()
    ascents: tuple[AscentJob, ...] = section.made
    return ascents


def go_on(ascent: AscentJob) -> None:
    """Do what the browser asks for once."""
    work_on([ascent.job])


def finish(page: AppTest) -> AppTest:
    """Do what the browser asks for, piece by piece, and draw the page as it does at the end."""
    for ascent in under_way(page):
        while not ascent.job.is_finished:
            go_on(ascent)
    return checked(page.run())


def said(page: AppTest) -> str:
    """What the bar of the ascent says."""
    return str(page.get("progress")[0].proto.text)


def grids(page: AppTest) -> list[str]:
    return [one.proto.body for one in page.get("html") if 'class="ascent-grid"' in one.proto.body]


def pictures(page: AppTest) -> list[str]:
    return [found for grid in grids(page) for found in re.findall(r'<img src="([^"]+)"', grid)]


def button(page: AppTest) -> Any:
    return page.button(key="ascent button")


def move(page: AppTest, key: str, value: Any) -> AppTest:
    return checked(page.select_slider(key=key).set_value(value).run())


# What begins when


def test_the_first_visit_begins_by_itself(page: AppTest) -> None:
    assert said(page) == "Step 0 of 24, 128 × 128 pixels"
    assert button(page).label == "Stop"
    (ascent,) = under_way(page)
    assert ascent.network.key == "vgg16-edges"
    assert ascent.question.layer == "block3_conv1"
    assert ascent.question.channels == tuple(range(8))
    assert len(pictures(page)) == 8


PRESETS = {
    "Block 1": ("vgg16-edges", "block1_conv1", "filters", 8, (128, 128)),
    "Block 2": ("vgg16-edges", "block2_conv1", "filters", 8, (128, 128)),
    "Block 3": ("vgg16-edges", "block3_conv1", "filters", 8, (128, 128)),
    "Block 4": ("vgg16-edges", "block4_conv1", "filters", 8, (128, 128)),
    "Block 5": ("vgg16-edges", "block5_conv1", "filters", 8, (128, 128)),
    "Two ways": ("vgg16-edges", "block3_conv1", "filters", 4, (128, 128)),
    "DeepDream": ("efficientnet-lite0", "block4b_expand_relu", "layer", 0, (205, 256)),
    "Egyptian cat": ("efficientnet-lite0", "classes", "class", 1, (224, 224)),
    "Four of one": ("efficientnet-lite0", "block5b_expand_relu", "filters", 1, (128, 128)),
    "The cat's filters": ("vgg16-edges", "block4_conv3", "filters", 8, (128, 128)),
}


@pytest.mark.parametrize("label", PRESETS)
def test_a_preset_begins_at_once(page: AppTest, label: str) -> None:
    checked(page.button(key=f"preset {label}").click().run())
    network, layer, target, num_filters, size = PRESETS[label]
    asked = under_way(page)[-1]
    assert asked.network.key == network
    assert (asked.question.layer, asked.question.target) == (layer, target)
    assert len(asked.question.channels) == num_filters
    assert asked.question.size == size
    assert button(page).label == "Stop"
    assert said(page).startswith("Step 0 of ")


def test_the_two_ways_excite_the_same_filters(page: AppTest) -> None:
    checked(page.button(key="preset Two ways").click().run())
    articles, ours = (one.question for one in under_way(page))
    assert articles.settings == BOOK
    assert articles.steps == 40
    assert (articles.layer, articles.channels) == (ours.layer, ours.channels)
    for ascent in under_way(page):
        while not len(ascent.state.progress.activations):
            go_on(ascent)
    assert len(grids(checked(page.run()))) == 2
    assert any("are shown with more contrast" in one.value for one in page.caption)
    assert not is_stale(page)


def test_pictures_that_are_finished_have_a_program() -> None:
    page = opened(**QUICK)
    page.button(key="code").click().run()
    assert any("not finished yet" in one.value for one in page.error)
    finish(page)
    page.button(key="code").click().run()
    (shown,) = [one.value for one in checked(page).code]
    assert 'model.get_layer("block1_conv1")' in shown
    assert "for step in range(9):" in shown
    assert ".shape == (2, 64, 64, 3)" in shown


def test_deepdream_begins_with_the_cat_and_the_egyptian_cat_is_a_class(page: AppTest) -> None:
    checked(page.button(key="preset DeepDream").click().run())
    (ascent,) = under_way(page)
    assert ascent.question.picture == "cat"
    go_on(ascent)
    checked(page.run())
    assert len(pictures(page)) == 2
    assert "Before" in grids(page)[0]
    checked(page.button(key="preset Egyptian cat").click().run())
    (ascent,) = under_way(page)
    assert ascent.question.channels == (285,)
    assert ascent.network.class_names[285] == "Egyptian cat"
    checked(page.button(key="preset Four of one").click().run())
    (ascent,) = under_way(page)
    assert ascent.question.copies == 4
    assert ascent.question.settings.diversity > 0


def test_pictures_grow_and_the_end_says_so() -> None:
    page = opened(**QUICK)
    (ascent,) = under_way(page)
    seen = []
    while not ascent.job.is_finished:
        go_on(ascent)
        seen.append(pictures(checked(page.run())))
    assert said(checked(page.run())) == "All 8 steps, 64 × 64 pixels"
    assert under_way(page) == ()
    assert all(len(one) == 2 for one in seen)
    page.button(key="save").click().run()
    labels = [one.label for one in page.get("download_button")]
    assert labels == [
        "Picture (PNG)",
        "Picture with caption (PNG)",
        "Lesson sheet (PDF)",
        "Numbers for Python (NPZ)",
        "Numbers as a table (CSV)",
        "Animation (GIF)",
        "Film (WebM)",
    ]


def test_a_moved_slider_lets_go_of_the_ascent_and_begins_a_preview() -> None:
    page = opened(**QUICK | {SIDE.key: 128, STEPS.key: 96})
    (old,) = under_way(page)
    go_on(old)
    shown = pictures(checked(page.run()))
    move(page, FIRST.key, 9)
    (new,) = under_way(page)
    assert new is not old
    assert new.question.size == (64, 64)
    assert new.question.steps == 12
    assert new.question.channels == (8, 9)
    assert button(page).label == "Full size"
    assert said(page) == "A preview of 64 × 64 pixels: step 0 of 12"
    # As long as the new one has not begun, the last pictures stay, and say so; the rest is new.
    assert pictures(page) == shown
    assert is_stale(page)
    assert "Filter 1<" in grids(page)[0]
    assert formula(page).startswith("**Filter 9**")
    assert r"\mathbf" not in formula(page)
    assert not page.get("download_button")
    # Whoever asked for the old one takes no turns with the new one.
    go_on(new)
    assert num_others([new.job]) == 0
    finish(page)
    assert said(page) == "A preview of 64 × 64 pixels after 12 steps"
    assert pictures(page) != shown
    assert not is_stale(page)
    assert "Filter 9<" in grids(page)[0]
    assert r"\mathbf" in formula(page)


def is_stale(page: AppTest) -> bool:
    return all("These pictures belong to the earlier settings" in one for one in grids(page))


def formula(page: AppTest) -> str:
    """What stands below the pictures."""
    return str(next(one.value for one in page.markdown if "its activation" in one.value))


def test_the_button_begins_in_full_size() -> None:
    page = opened(**QUICK)
    finish(move(finish(page), SIDE.key, 96))
    assert said(page).startswith("A preview of 64 × 64")
    checked(button(page).click().run())
    assert said(page) == "Step 0 of 8, 96 × 96 pixels"
    finish(page)
    assert said(page) == "All 8 steps, 96 × 96 pixels"


def test_stop_keeps_the_pictures_and_goes_on_from_there() -> None:
    page = opened(**QUICK | {STEPS.key: 256, SIDE.key: 128, COUNT.key: 8})
    (ascent,) = under_way(page)
    while not ascent.state.progress.step:
        go_on(ascent)
    checked(page.run())
    step = ascent.state.progress.step
    assert 0 < step < 256
    shown = pictures(page)
    checked(button(page).click().run())
    assert said(page) == f"Stopped at step {step} of 256"
    assert under_way(page) == ()
    # Somebody else goes on.
    go_on(ascent)
    assert ascent.state.progress.step > step
    assert pictures(checked(page.run())) == shown
    assert said(page) == f"Stopped at step {step} of 256"
    # Nor is it lost when others have begun so much that the server forgets it.
    ascent_job.cache_clear()
    checked(button(page).click().run())
    assert under_way(page)[0] is ascent
    assert button(page).label == "Stop"
    assert said(page).startswith(f"Step {ascent.state.progress.step} of 256")


def test_what_cannot_be_computed_is_said_and_the_last_pictures_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = finish(opened(**QUICK))
    shown = pictures(page)

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise ValueError("size must suit the layer.")

    monkeypatch.setattr(batches, "ascend_in_batches", refuse)
    move(page, FIRST.key, 20)
    assert [one.value for one in page.error] == ["size must suit the layer."]
    assert pictures(page) == shown
    assert is_stale(page)
    assert under_way(page) == ()


# What is shared


def test_a_finished_picture_is_never_made_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    finish(opened(**QUICK))
    shown = pictures(finish(opened(**QUICK)))
    begun = []
    monkeypatch.setattr(batches, "ascend_in_batches", lambda *args, **kwargs: begun.append(args))
    other = opened(**QUICK)
    assert said(other) == "All 8 steps, 64 × 64 pixels"
    assert pictures(other) == shown
    # Nor when the page's own memory of jobs has gone.
    ascent_job.cache_clear()
    assert pictures(checked(other.run()))[0].startswith("data:image/jpeg;base64,")
    assert begun == []


def test_who_asks_for_the_same_goes_on_with_it() -> None:
    first, second = opened(**QUICK | {STEPS.key: 96}), opened(**QUICK | {STEPS.key: 96})
    (one,), (two,) = under_way(first), under_way(second)
    assert one is two
    go_on(one)
    assert num_others([one.job]) == 0
    step = two.state.progress.share
    go_on(two)
    assert two.state.progress.share > step
    # One of them moves on; the other stays.
    move(first, FIRST.key, 3)
    finish(first)
    go_on(two)
    assert num_others([two.job]) == 0


def test_two_who_ask_for_different_things_take_turns_and_both_say_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = count()
    queue = scheduler.Scheduler(patience=100, clock=lambda: next(seconds))
    monkeypatch.setattr(jobs, "SCHEDULER", queue)
    first, second = (
        opened(**QUICK | {STEPS.key: 256}),
        opened(**QUICK | {STEPS.key: 256, FIRST.key: 5}),
    )
    (one,), (two,) = under_way(first), under_way(second)
    for ascent in (one, two, one):
        go_on(ascent)
    # Whoever is drawn right after a turn would be the last in a queue: neither of them is first.
    for page in (checked(first.run()), checked(second.run())):
        assert said(page).endswith("taking turns with 1 other")
    assert min(ascent.state.progress.share for ascent in (one, two)) > 0
    # The second one closes the tab.
    seconds = count(next(seconds) + 101)
    go_on(one)
    assert "taking turns" not in said(checked(first.run()))


# What is asked for


TARGETS = {
    "efficientnet-lite0": ("layer", "class", "direction", "neuron", "filters"),
    "vgg16-edges": ("layer", "direction", "neuron", "filters"),
    "lenet-5": ("layer", "class", "direction", "neuron", "filters"),
}


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(key, marks=pytest.mark.slow) if key == "efficientnet-lite0" else key
        for key in TARGETS
    ],
)
def test_every_control_can_be_moved_to_both_ends(page: AppTest, key: str) -> None:
    checked(page.selectbox(key=NETWORK.key).set_value(key).run())
    for target in TARGETS[key]:
        checked(page.segmented_control(key=TARGET.key).set_value(target).run())
        for is_high in (True, False):
            checked(move_all(page, is_high))
            assert not page.error
    for group, values in (
        (WHICH.key, ("random", "picture", "range")),
        (START.key, ("gray", "picture", "noise")),
        (IMAGE.key, ("pixels", "fourier")),
        (WAY.key, ("article", "both", "ours")),
    ):
        for value in values:
            checked(page.segmented_control(key=group).set_value(value).run())
    checked(page.toggle(key=AFTER.key).set_value(True).run())
    assert not page.error


def test_no_control_is_shown_that_changes_nothing(page: AppTest) -> None:
    everything = shown_keys(page)
    assert {STEPS.key, SIDE.key, START.key, JITTER.key, COUNT.key} <= everything
    checked(page.segmented_control(key=WAY.key).set_value("article").run())
    assert shown_keys(page) == everything & {
        LAYER.key,
        COUNT.key,
        FIRST.key,
        SIDE.key,
        SEED.key,
        WHICH.key,
        WAY.key,
        TARGET.key,
    }
    checked(page.segmented_control(key=WAY.key).set_value("both").run())
    assert shown_keys(page) == everything
    assert page.select_slider(key=COUNT.key).options == ["1", "2", "3", "4"]
    checked(page.segmented_control(key=TARGET.key).set_value("layer").run())
    assert not shown_keys(page) & {COUNT.key, FIRST.key, WHICH.key, WAY.key, COPIES.key}


def test_neurons_are_asked_at_the_place_that_the_controls_say() -> None:
    page = opened(**QUICK | {TARGET.key: "neuron", DOWN.key: 0, ACROSS.key: 100})
    assert {DOWN.key, ACROSS.key} <= shown_keys(page)
    assert names(page) == ["Filter 1 at 1, 64", "Filter 2 at 1, 64"]
    assert "y_{1,\\,64}" in " ".join(one.value for one in page.markdown)
    checked(page.segmented_control(key=TARGET.key).set_value("filters").run())
    assert not {DOWN.key, ACROSS.key} & shown_keys(page)


def test_a_direction_is_one_picture_of_all_chosen_filters() -> None:
    page = opened(**QUICK | {TARGET.key: "direction", COUNT.key: 3})
    assert names(page) == ["Filters 1, 2, 3"]
    assert r"\sqrt{3}" in " ".join(one.value for one in page.markdown)
    assert not any("Strongest in" in one.value for one in page.markdown)


def names(page: AppTest) -> list[str]:
    return re.findall("<figcaption><b>([^<]+)</b>", grids(page)[-1])


def shown_keys(page: AppTest) -> set[str]:
    widgets = (*page.select_slider, *page.slider, *page.segmented_control, *page.toggle)
    return {str(one.key) for one in widgets if str(one.key).startswith("ascent")}


@pytest.mark.parametrize("choice", ["class", "conv1"])
def test_a_layer_that_takes_one_size_alone_gets_it(page: AppTest, choice: str) -> None:
    checked(page.selectbox(key=NETWORK.key).set_value("lenet-5").run())
    if choice == "class":
        checked(page.segmented_control(key=TARGET.key).set_value("class").run())
        assert SIDE.key not in shown_keys(page)
    finish(page)
    assert not page.error
    assert under_way(page) == ()


def test_somebodys_own_picture_is_begun_with_and_compared(page: AppTest) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (300, 200, 3), np.uint8)
    page.session_state[OWN_KEY] = Picture("own", pixels)
    page.run()
    checked(page.radio(key="picture").set_value(OWN_NAME).run())
    checked(page.segmented_control(key=START.key).set_value("picture").run())
    (ascent,) = under_way(page)
    assert ascent.question.picture == "own"
    assert ascent.question.size == (128, 85)


# What is shown


def test_the_comparison_comes_by_itself_when_the_ascent_has_ended() -> None:
    page = opened(**QUICK)
    assert not rows(page)
    finish(page)
    job = page.session_state["long work"]["ascent comparison"].made
    while not job.is_finished:
        work_on([job])
    checked(page.run())
    assert len(rows(page)) == 2
    assert "made for it" in rows(page)[0]
    # The cat is both the chosen picture and a sample.
    assert ">cat<" in rows(page)[0]


def rows(page: AppTest) -> list[str]:
    html = "".join(one.proto.body for one in page.get("html"))
    return html.split('<div class="ascent-row">')[1:]


def test_a_whole_layer_is_not_compared() -> None:
    page = opened(
        **QUICK
        | {
            TARGET.key: "layer",
            START.key: "picture",
            NETWORK.key: "efficientnet-lite0",
            LAYER.key: "stem_relu",
        }
    )
    finish(page)
    assert said(page) == "All 8 steps, 51 × 64 pixels"
    assert "ascent comparison" not in page.session_state["long work"]
