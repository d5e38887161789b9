"""The filter-ascent page: what climbs when, what stays, and what is said of it."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz_core import (
    ascent_batches,
    best_patches,
    filter_ascent,
    images,
    kept_results,
    networks,
    turns,
)
from cnnviz_core.ascent_batches import Climbed
from cnnviz_core.ascent_images import stretched
from cnnviz_core.cached import (
    AscentJob,
    AscentQuestion,
    AscentSettings,
    AscentState,
    AscentWatch,
    Picture,
    article_question,
    ascent_animation,
    ascent_job,
    ascent_layers,
    ascent_sheet,
    ascent_size,
    ascent_sizes,
    ascent_standing,
    ascent_view,
    class_layer,
    climb_on,
    comparison,
    excited_channels,
    is_answered,
    look_away,
    preview_question,
    random_channels,
    sample_picture,
    watch_ascent,
    work_on,
)
from cnnviz_core.cached import _ascent_kept as kept
from cnnviz_core.cached._jobs import LINE
from cnnviz_core.filter_ascent import BOOK
from cnnviz_core.networks import Network
from pages.parts.ascent_controls import COUNT, FIRST, LAYER, TARGET, WAY, WHICH
from pages.parts.ascent_settings import AFTER, COPIES, IMAGE, JITTER, SEED, SIDE, START, STEPS
from pages.parts.network_controls import KEY as NETWORK
from pages.parts.picker import OWN_KEY, OWN_NAME

DASHBOARD = Path(__file__).parents[1] / "dashboard.py"
WATCHES = "ascent watches"
QUICK = {LAYER: "block1_conv1", COUNT: 2, SIDE: 64, STEPS: 8}
seeds = count(1)


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test begins without results, and with nobody in the line."""
    monkeypatch.delenv(kept_results.FOLDER_VARIABLE, raising=False)
    forget()
    LINE._state.seen.clear()
    yield
    forget()


def forget() -> None:
    """Have the server start anew, as far as climbs are concerned."""
    ascent_job.clear()
    kept._public_store.cache_clear()
    kept._private_store.cache_clear()


@pytest.fixture
def page() -> AppTest:
    return opened()


def opened(**values: Any) -> AppTest:
    """A first visit, with a link that sets some controls."""
    app = AppTest.from_file(DASHBOARD, default_timeout=60).run()
    for key, value in values.items():
        app.session_state[key] = value
    return checked(app.switch_page("pages/filter_ascent.py").run())


def checked(page: AppTest) -> AppTest:
    assert [one.value for one in page.exception] == []
    return page


def watches(page: AppTest) -> tuple[AscentWatch, ...]:
    state = page.session_state
    return state[WATCHES] if WATCHES in state else ()  # noqa: SIM401 (it has no `get`)


def finish(page: AppTest) -> AppTest:
    """Do what the browser asks for, piece by piece, and draw the page as it does at the end."""
    for watch in watches(page):
        while not watch.ascent.is_finished:
            climb_on(watch)
    return checked(page.run())


def said(page: AppTest) -> str:
    """What the bar of the climb says."""
    return str(page.get("progress")[0].proto.text)


def grids(page: AppTest) -> list[str]:
    return [one.proto.body for one in page.get("html") if "ascent-grid" in one.proto.body]


def pictures(page: AppTest) -> list[str]:
    return [found for grid in grids(page) for found in re.findall(r'<img src="([^"]+)"', grid)]


def button(page: AppTest) -> Any:
    return page.button(key="ascent button")


def move(page: AppTest, key: str, value: Any) -> AppTest:
    return checked(page.select_slider(key=key).set_value(value).run())


def vgg() -> Network:
    return networks.load("vgg16-edges")


def question(**changes: Any) -> AscentQuestion:
    """A climb of two filters that takes half a second; no other test asks for the same."""
    usual = AscentQuestion(
        "block1_conv1", "filters", (1, 5), (64, 64), steps=4, seed=1000 + next(seeds)
    )
    return replace(usual, **changes)


def climbed(network: Network, asked: AscentQuestion, picture: Picture | None = None) -> AscentJob:
    job = ascent_job(network, picture, asked)
    watch = watch_ascent(job, "finished")
    while not job.is_finished:
        climb_on(watch)
    return job


# What climbs when


def test_the_first_visit_begins_to_climb_by_itself(page: AppTest) -> None:
    assert said(page) == "Step 0 of 48, 128 × 128 pixels"
    assert button(page).label == "Stop"
    (watch,) = watches(page)
    assert watch.ascent.network.key == "vgg16-edges"
    assert watch.ascent.question.layer == "block3_conv1"
    assert watch.ascent.question.channels == tuple(range(8))
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
    asked = watches(page)[-1].ascent
    assert asked.network.key == network
    assert (asked.question.layer, asked.question.target) == (layer, target)
    assert len(asked.question.channels) == num_filters
    assert asked.question.size == size
    assert button(page).label == "Stop"
    assert said(page).startswith("Step 0 of ")


def test_the_two_ways_climb_for_the_same_filters(page: AppTest) -> None:
    checked(page.button(key="preset Two ways").click().run())
    articles, ours = (one.ascent.question for one in watches(page))
    assert articles.settings == BOOK
    assert articles.steps == 40
    assert (articles.layer, articles.channels) == (ours.layer, ours.channels)
    assert len(grids(page)) == 2


def test_deepdream_begins_with_the_cat_and_the_egyptian_cat_is_a_class(page: AppTest) -> None:
    checked(page.button(key="preset DeepDream").click().run())
    (watch,) = watches(page)
    assert watch.ascent.picture is not None
    assert watch.ascent.picture.key == "cat"
    climb_on(watch)
    checked(page.run())
    assert len(pictures(page)) == 2
    assert "Before" in grids(page)[0]
    checked(page.button(key="preset Egyptian cat").click().run())
    (watch,) = watches(page)
    assert watch.ascent.question.channels == (285,)
    assert watch.ascent.network.class_names[285] == "Egyptian cat"
    checked(page.button(key="preset Four of one").click().run())
    (watch,) = watches(page)
    assert watch.ascent.question.copies == 4
    assert watch.ascent.question.settings.diversity > 0


def test_pictures_grow_and_the_end_says_so() -> None:
    page = opened(**QUICK)
    (watch,) = watches(page)
    seen = []
    while not watch.ascent.is_finished:
        climb_on(watch)
        seen.append(pictures(checked(page.run())))
    assert said(checked(page.run())) == "All 8 steps, 64 × 64 pixels"
    assert watches(page) == ()
    assert all(len(one) == 2 for one in seen)
    labels = [one.label for one in page.get("download_button")]
    assert labels == ["Save as PNG", "Save the climb as GIF"]


def test_a_moved_slider_lets_go_of_the_climb_and_begins_a_preview() -> None:
    page = opened(**QUICK | {SIDE: 128, STEPS: 96})
    (old,) = watches(page)
    climb_on(old)
    shown = pictures(checked(page.run()))
    move(page, FIRST, 9)
    (new,) = watches(page)
    assert new.ascent is not old.ascent
    assert new.ascent.question.size == (64, 64)
    assert new.ascent.question.steps == 24
    assert new.ascent.question.channels == (8, 9)
    assert new.ticket.urgency == "preview"
    # Whoever asked for the old one stands in no line any more, and gets no turn.
    assert set(LINE._state.seen) == {new.ticket}
    step = old.ascent.state.climbed.share
    climb_on(old)
    assert old.ascent.state.climbed.share == step
    assert button(page).label == "Climb"
    assert said(page) == "A preview of 64 × 64 pixels: step 0 of 24"
    # As long as the new one has not begun, the last pictures stay.
    assert pictures(page) == shown
    finish(page)
    assert said(page) == "A preview of 64 × 64 pixels, after 24 steps"
    assert pictures(page) != shown


def test_the_button_climbs_in_full_size() -> None:
    page = opened(**QUICK)
    finish(move(finish(page), SIDE, 96))
    assert said(page).startswith("A preview of 64 × 64")
    checked(button(page).click().run())
    assert said(page) == "Step 0 of 8, 96 × 96 pixels"
    assert watches(page)[0].ticket.urgency == "finished"
    finish(page)
    assert said(page) == "All 8 steps, 96 × 96 pixels"


def test_stop_keeps_the_pictures_and_goes_on_from_there() -> None:
    page = opened(**QUICK | {STEPS: 256, SIDE: 128, COUNT: 8})
    (watch,) = watches(page)
    climb_on(watch)
    climb_on(watch)
    checked(page.run())
    step = watch.ascent.state.climbed.step
    assert 0 < step < 256
    shown = pictures(page)
    checked(button(page).click().run())
    assert said(page) == f"Stopped at step {step} of 256"
    assert watches(page) == ()
    assert not LINE._state.seen
    # Somebody else climbs on.
    other = watch_ascent(watch.ascent, "finished")
    climb_on(other)
    assert watch.ascent.state.climbed.step > step
    assert pictures(checked(page.run())) == shown
    assert said(page) == f"Stopped at step {step} of 256"
    # Nor is it lost when others have climbed so much that the server forgets it.
    ascent_job.clear()
    checked(button(page).click().run())
    assert watches(page)[0].ascent is watch.ascent
    assert button(page).label == "Stop"
    assert said(page).startswith(f"Step {watch.ascent.state.climbed.step} of 256")


def test_what_cannot_be_climbed_is_said_and_the_last_pictures_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = finish(opened(**QUICK))
    shown = pictures(page)

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise ValueError("size must suit the layer.")

    monkeypatch.setattr(ascent_batches, "climb", refuse)
    move(page, FIRST, 20)
    assert [one.value for one in page.error] == ["size must suit the layer."]
    assert pictures(page) == shown
    assert watches(page) == ()


# What is shared


def test_a_finished_picture_is_never_climbed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    finish(opened(**QUICK))
    shown = pictures(finish(opened(**QUICK)))
    begun = []
    monkeypatch.setattr(ascent_batches, "climb", lambda *args, **kwargs: begun.append(args))
    other = opened(**QUICK)
    assert said(other) == "All 8 steps, 64 × 64 pixels"
    assert pictures(other) == shown
    # Nor when the page's own memory of jobs has gone.
    ascent_job.clear()
    assert pictures(checked(other.run()))[0].startswith("data:image/jpeg;base64,")
    assert begun == []


def test_a_folder_keeps_what_is_finished_over_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept_results.FOLDER_VARIABLE, str(tmp_path))
    asked = question()
    done = climbed(vgg(), asked)
    assert len(list(tmp_path.iterdir())) == 1
    forget()
    assert is_answered(vgg(), None, asked)
    again = ascent_job(vgg(), None, asked)
    assert again.is_finished
    np.testing.assert_allclose(again.state.climbed.images, done.state.climbed.images, atol=1 / 1024)
    np.testing.assert_array_equal(again.state.climbed.activations, done.state.climbed.activations)
    assert again.state.frames == done.state.frames


def test_nothing_made_of_somebodys_own_picture_or_network_reaches_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept_results.FOLDER_VARIABLE, str(tmp_path))
    own = Picture("somebody's", np.zeros((40, 50, 3), np.uint8))
    asked = question(size=(64, 80))
    climbed(vgg(), asked, own)
    assert is_answered(vgg(), own, asked)
    climbed(replace(vgg(), key="brought along"), question())
    assert not tmp_path.exists() or not list(tmp_path.iterdir())
    climbed(vgg(), asked, sample_picture("cat"))
    assert len(list(tmp_path.iterdir())) == 1


def test_different_questions_have_different_answers() -> None:
    asked = question()
    climbed(vgg(), asked)
    assert is_answered(vgg(), None, asked)
    for change in (
        {"steps": 5},
        {"seed": 0},
        {"channels": (1, 4)},
        {"size": (64, 72)},
        {"copies": 2},
        {"settings": AscentSettings(jitter=0)},
    ):
        assert not is_answered(vgg(), None, replace(asked, **change))
    assert not is_answered(vgg(), sample_picture("cat"), asked)


def test_who_asks_for_the_same_climbs_together() -> None:
    first, second = opened(**QUICK | {STEPS: 96}), opened(**QUICK | {STEPS: 96})
    (one,), (two,) = watches(first), watches(second)
    assert one.ascent is two.ascent
    assert ascent_standing(one).num_jobs == 1
    climb_on(one)
    step = two.ascent.state.climbed.share
    climb_on(two)
    assert two.ascent.state.climbed.share > step
    # One of them moves on; the other keeps the place.
    move(first, FIRST, 3)
    finish(first)
    assert ascent_standing(two) == replace(ascent_standing(two), place=1, num_jobs=1)


def test_who_asks_for_something_else_sees_the_place_in_the_line() -> None:
    first, second = opened(**QUICK | {STEPS: 256}), opened(**QUICK | {STEPS: 256, FIRST: 5})
    (one,), (two,) = watches(first), watches(second)
    assert [ascent_standing(watch).num_jobs for watch in (one, two)] == [2, 2]
    assert [ascent_standing(watch).place for watch in (one, two)] == [1, 2]
    climb_on(one)
    assert [ascent_standing(watch).place for watch in (one, two)] == [2, 1]
    climb_on(two)
    assert [ascent_standing(watch).place for watch in (one, two)] == [1, 2]
    # A preview comes before both.
    move(first, FIRST, 9)
    (preview,) = watches(first)
    assert ascent_standing(preview).place == 1
    assert ascent_standing(two).place == 2


def test_a_lost_watch_leaves_the_line() -> None:
    job = ascent_job(vgg(), None, question())
    one, two = watch_ascent(job, "finished"), watch_ascent(job, "finished")
    assert one.ticket is two.ticket
    look_away(one)
    look_away(one)
    assert list(LINE._state.seen) == [two.ticket]
    del two
    assert not LINE._state.seen


def test_the_time_left_is_that_of_all_who_share(monkeypatch: pytest.MonkeyPatch) -> None:
    job = ascent_job(vgg(), None, question(steps=9))
    watch = watch_ascent(job, "finished")
    assert ascent_standing(watch).seconds is None
    # The first of ten rounds is not counted: 4 more took 2 s, so the last 5 take 2.5 s.
    state = AscentState(Climbed(0.5, job.before.climbed.images, np.zeros((5, 2))), (), 2.0)
    monkeypatch.setattr(AscentJob, "state", state)
    assert ascent_standing(watch).seconds == pytest.approx(2.5)
    other = turns.join(LINE, "finished")
    assert ascent_standing(watch).seconds == pytest.approx(5.0)
    turns.leave(LINE, other)


# What is asked for


def test_a_preview_is_small_and_has_the_same_proportions() -> None:
    asked = question(size=(205, 256), steps=96)
    cat = sample_picture("cat")
    assert preview_question(vgg(), cat, asked) == replace(asked, size=(102, 128), steps=24)
    asked = question(size=(256, 256), steps=16)
    assert preview_question(vgg(), None, asked) == replace(asked, size=(64, 64))
    efficientnet = networks.load("efficientnet-lite0")
    asked = question(layer="classes", target="class", size=(224, 224))
    assert preview_question(efficientnet, None, asked).size == (128, 128)
    lenet = networks.load("lenet-5")
    asked = question(layer="classes", target="class", size=lenet.input_size, channels=(3,))
    assert preview_question(lenet, None, asked).size == lenet.input_size


def test_the_articles_way_is_the_books() -> None:
    asked = article_question(question(copies=3, steps=9, settings=AscentSettings(blur=1.0)))
    assert asked.settings == BOOK
    assert (asked.steps, asked.copies) == (40, 1)
    assert asked.is_articles


@pytest.mark.parametrize("key", ["efficientnet-lite0", "vgg16-edges", "lenet-5", "lenet-cat"])
def test_layers_on_offer_compute_something_of_their_own(key: str) -> None:
    network = networks.load(key)
    names = ascent_layers(network)
    kinds = {network.layer(name).type for name in names}
    assert names
    assert not any("Pooling" in kind for kind in kinds)
    assert class_layer(network) not in names


def test_sizes_are_free_but_where_the_layer_takes_one_alone() -> None:
    lenet = networks.load("lenet-5")
    assert len(ascent_sizes(lenet, "conv1")) > 1
    last = class_layer(lenet)
    assert last is not None
    assert ascent_sizes(lenet, last) == (max(lenet.input_size),)
    assert ascent_size(lenet, last, 128, None) == lenet.input_size
    assert ascent_size(vgg(), "block1_conv1", 128, sample_picture("cat")) == (102, 128)
    narrow = Picture("narrow", np.zeros((300, 10, 3), np.uint8))
    assert ascent_size(vgg(), "block1_conv1", 128, narrow) == (128, 32)


def test_a_handful_is_random_and_always_the_same() -> None:
    handfuls = {random_channels(4, 64, seed) for seed in range(20)}
    assert len(handfuls) > 15
    assert all(len(set(one)) == 4 and max(one) < 64 for one in handfuls)
    assert random_channels(4, 64, 7) == random_channels(4, 64, 7)
    assert random_channels(3, 3, 1) == (0, 1, 2)


def test_the_pictures_filters_are_those_it_excites_more_than_others_do() -> None:
    others = [name for name in images.sample_names() if name != "rocket"]
    found = excited_channels(vgg(), "block2_conv1", sample_picture("rocket"), 5)
    answers = {
        name: best_patches.answers(vgg(), "block2_conv1", images.sample(name))
        for name in images.sample_names()
    }
    expected = best_patches.most_excited(
        answers["rocket"], [answers[name] for name in others], count=5
    )
    assert found == tuple(one.channel for one in expected)


TARGETS = {
    "efficientnet-lite0": ("layer", "class", "filters"),
    "vgg16-edges": ("layer", "filters"),
    "lenet-5": ("layer", "class", "filters"),
}


@pytest.mark.parametrize("key", TARGETS)
def test_every_control_can_be_moved_to_both_ends(page: AppTest, key: str) -> None:
    checked(page.selectbox(key=NETWORK).set_value(key).run())
    for target in TARGETS[key]:
        checked(page.segmented_control(key=TARGET).set_value(target).run())
        for slider in [one.key for one in page.select_slider]:
            for end in (-1, 0):
                move(page, slider, page.select_slider(key=slider).options[end])
        for slider in [one.key for one in page.slider]:
            for end in ("max", "min"):
                one = page.slider(key=slider)
                checked(one.set_value(getattr(one, end)).run())
    for group, values in (
        (WHICH, ("random", "picture", "range")),
        (START, ("grey", "picture", "noise")),
        (IMAGE, ("pixels", "waves")),
        (WAY, ("article", "both", "ours")),
    ):
        for value in values:
            checked(page.segmented_control(key=group).set_value(value).run())
    checked(page.toggle(key=AFTER).set_value(True).run())
    assert not page.error


def test_no_control_is_shown_that_changes_nothing(page: AppTest) -> None:
    everything = shown_keys(page)
    assert {STEPS, SIDE, START, JITTER, COUNT} <= everything
    checked(page.segmented_control(key=WAY).set_value("article").run())
    assert shown_keys(page) == everything & {LAYER, COUNT, FIRST, SIDE, SEED, WHICH, WAY, TARGET}
    checked(page.segmented_control(key=WAY).set_value("both").run())
    assert shown_keys(page) == everything
    assert page.select_slider(key=COUNT).options == ["1", "2", "3", "4"]
    checked(page.segmented_control(key=TARGET).set_value("layer").run())
    assert not shown_keys(page) & {COUNT, FIRST, WHICH, WAY, COPIES}


def shown_keys(page: AppTest) -> set[str]:
    widgets = (*page.select_slider, *page.slider, *page.segmented_control, *page.toggle)
    return {str(one.key) for one in widgets if str(one.key).startswith("ascent")}


@pytest.mark.parametrize("choice", ["class", "conv1"])
def test_a_layer_that_takes_one_size_alone_is_climbed_in_it(page: AppTest, choice: str) -> None:
    checked(page.selectbox(key=NETWORK).set_value("lenet-5").run())
    if choice == "class":
        checked(page.segmented_control(key=TARGET).set_value("class").run())
        assert SIDE not in shown_keys(page)
    finish(page)
    assert not page.error
    assert watches(page) == ()


def test_somebodys_own_picture_is_climbed_from_and_compared(page: AppTest) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (300, 200, 3), np.uint8)
    page.session_state[OWN_KEY] = Picture("own", pixels)
    page.run()
    checked(page.radio(key="picture").set_value(OWN_NAME).run())
    checked(page.segmented_control(key=START).set_value("picture").run())
    (watch,) = watches(page)
    assert watch.ascent.picture is not None
    assert watch.ascent.picture.key == "own"
    assert watch.ascent.question.size == (128, 85)


# What is shown


def test_the_curve_is_that_of_the_activation() -> None:
    network, asked = vgg(), question(steps=8)
    job = climbed(network, asked)
    state = job.state
    view = ascent_view(job, state)
    ascent = list(
        filter_ascent.ascend(network, asked.layer, (1, 5), steps=8, size=64, seed=asked.seed)
    )
    for index, tile in enumerate(view.tiles):
        values = np.array([one.activations[index] for one in ascent])
        assert tile.channel == asked.channels[index]
        assert tile.first == pytest.approx(values[0], rel=1e-3)
        assert tile.last == pytest.approx(values[-1], rel=1e-3)
        x, y = np.array(tile.curve).T
        np.testing.assert_allclose(x, np.arange(9) / 8)
        # From the box back to the numbers: zero, and the height of one unit.
        high, low = max(0.0, values.max()), min(0.0, values.min())
        assert tile.zero == pytest.approx(high / (high - low), rel=1e-3)
        np.testing.assert_allclose((tile.zero - y) * (high - low), values, rtol=1e-2, atol=1e-3)
    assert view.facts.shape == (2, 64, 64, 3)
    assert f"\\mathbf{{{view.tiles[0].last:.3g}}}" in str(view.objective_formula)
    assert r"64\cdot 64" in str(view.objective_formula)


def test_the_articles_pictures_are_shown_with_more_contrast_and_say_what_they_are() -> None:
    job = climbed(vgg(), article_question(question()))
    shown = decoded(ascent_sheet(job, job.state))
    expected = np.rint(255 * stretched(job.state.climbed.images)).astype(np.uint8)
    np.testing.assert_array_equal(shown[:, :64], expected[0])
    np.testing.assert_array_equal(shown[:, -64:], expected[1])
    assert "255" in ascent_view(job, job.state).step_formula


def test_the_sheet_shows_every_picture() -> None:
    job = climbed(vgg(), question(channels=(0, 1, 2, 3, 4, 5)))
    shown = decoded(ascent_sheet(job, job.state))
    assert shown.shape == (130, 196, 3)
    expected = np.rint(255 * job.state.climbed.images).astype(np.uint8)
    np.testing.assert_array_equal(shown[:64, 66:130], expected[1])
    np.testing.assert_array_equal(shown[66:, :64], expected[3])


def test_the_animation_runs_from_the_start_to_the_end() -> None:
    job = climbed(vgg(), question(channels=(4,), steps=60))
    film = Image.open(io.BytesIO(ascent_animation(job.state)))
    # The start, every third of 60 steps.
    assert film.n_frames == 21
    assert film.size == (64, 64)
    film.seek(20)
    last = np.asarray(film.convert("RGB"), np.float64)
    expected = 255 * job.state.climbed.images[0]
    assert np.abs(last - expected).mean() < 10
    film.seek(0)
    assert np.abs(np.asarray(film.convert("RGB"), np.float64) - expected).mean() > 20


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def test_answers_to_real_pictures_stand_beside_those_to_the_picture_made_for_a_filter() -> None:
    network, asked = vgg(), question(channels=(3, 7), copies=2)
    job = climbed(network, asked)
    found = compared(job, sample_picture("coffee"))
    names = ("coffee", *(name for name in images.sample_names() if name != "coffee"))
    answers = [best_patches.answers(network, asked.layer, images.sample(name)) for name in names]
    own = filter_ascent.measure(
        network, asked.layer, [3, 3, 7, 7], job.state.climbed.images
    ).reshape(2, 2)
    for row, channel, values in zip(found.rows, (3, 7), own, strict=True):
        assert row.channel == channel
        assert row.own.value == pytest.approx(values.max(), rel=1e-3)
        assert row.index == (0 if channel == 3 else 2) + values.argmax()
        means = {name: float(one.mean[channel]) for name, one in zip(names, answers, strict=True)}
        assert row.chosen.sample == "coffee"
        assert row.chosen.value == pytest.approx(means.pop("coffee"), rel=1e-5)
        assert row.best.value == pytest.approx(max(means.values()), rel=1e-5)
        assert row.best.sample == max(means, key=means.__getitem__)
        patches = best_patches.best_patches(
            network, asked.layer, channel, [images.sample(name) for name in names], answers, count=6
        )
        assert [one.value for one in row.patches] == [one.value for one in patches]
        assert [one.sample for one in row.patches] == [names[one.picture] for one in patches]
        # The pixels of a patch of 3×3, enlarged.
        shown = decoded(row.patches[0].data)
        assert shown.shape[0] >= 96
        np.testing.assert_array_equal(shown[16::32, 16::32], patches[0].crop)


def test_the_best_of_the_others_is_another_than_the_chosen_one() -> None:
    means = {
        name: best_patches.answers(vgg(), "block1_conv1", images.sample(name)).mean[3]
        for name in images.sample_names()
    }
    first, second, *_others = sorted(means, key=means.__getitem__, reverse=True)
    (row,) = compared(climbed(vgg(), question(channels=(3,))), sample_picture(first)).rows
    assert (row.chosen.sample, row.best.sample) == (first, second)


def test_bars_have_one_scale_and_begin_at_zero() -> None:
    job = climbed(vgg(), question(channels=(3,)))
    (row,) = compared(job, sample_picture("cat")).rows
    bars = (row.own, row.chosen, row.best)
    units = [(one.end - one.start) / abs(one.value) for one in bars]
    assert units == pytest.approx([units[0]] * 3)
    for one in bars:
        assert one.zero == pytest.approx(one.start if one.value > 0 else one.end)
    assert max(one.end for one in bars) == pytest.approx(1.0)


def test_the_picture_made_for_a_filter_excites_it_more_than_any_real_one() -> None:
    job = climbed(vgg(), question(layer="block3_conv1", channels=(1, 2), steps=24, seed=1))
    for row in compared(job, sample_picture("cat")).rows:
        assert row.own.value > max(row.chosen.value, row.best.value)


def compared(job: AscentJob, chosen: Picture) -> Any:
    work = comparison(job, job.state, chosen)
    ticket = turns.join(LINE, "finished")
    seen = []
    while not work.is_finished:
        work_on([work.job], ticket)
        seen.append(work.state)
    turns.leave(LINE, ticket)
    assert seen[-1].done == seen[-1].total == len(images.sample_names()) + 1
    return seen[-1]


def test_what_was_measured_once_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    job = climbed(vgg(), question())
    first = compared(job, sample_picture("cat"))
    asked: list[Any] = []
    monkeypatch.setattr(ascent_batches, "measure_in_batches", lambda *args: asked.append(args))
    again = compared(job, sample_picture("rocket"))
    assert asked == []
    assert [one.own.value for one in again.rows] == [one.own.value for one in first.rows]


def test_the_comparison_comes_by_itself_when_the_climb_has_ended() -> None:
    page = opened(**QUICK)
    assert not rows(page)
    finish(page)
    job = page.session_state["ascent comparison"][1]
    ticket = turns.join(LINE, "finished")
    while not job.is_finished:
        work_on([job.job], ticket)
    turns.leave(LINE, ticket)
    checked(page.run())
    assert len(rows(page)) == 2
    assert "its own picture" in rows(page)[0]
    # The cat is both the chosen picture and a sample.
    assert ">cat<" in rows(page)[0]


def rows(page: AppTest) -> list[str]:
    html = "".join(one.proto.body for one in page.get("html"))
    return html.split('<div class="ascent-row">')[1:]


def test_a_whole_layer_is_not_compared() -> None:
    page = opened(
        **QUICK
        | {TARGET: "layer", START: "picture", NETWORK: "efficientnet-lite0", LAYER: "stem_relu"}
    )
    finish(page)
    assert said(page) == "All 8 steps, 51 × 64 pixels"
    assert "ascent comparison" not in page.session_state
