"""Ascents that sessions share, and what is shown of them: against the core, and by hand."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnviz_core import filter_ascent, images, networks
from cnnviz_core.filter_ascent import ascent as ascent_ascent
from cnnviz_core.filter_ascent import batches, patches
from cnnviz_core.filter_ascent.batches import AscentProgress
from cnnviz_core.filter_ascent.channel_activations import (
    channel_activations,
    most_excited,
    objective_means,
)
from cnnviz_core.filter_ascent.objectives import Term
from cnnviz_core.filter_ascent.parameterization import stretched
from cnnviz_core.filter_ascent.settings import BOOK, AscentSettings
from cnnviz_core.number_format import short_tex
from cnnviz_core.runtime import result_store, scheduler
from cnnviz_core.runtime.jobs import SCHEDULER
from cnnviz_core.views.ascent_jobs import (
    AscentJob,
    ascent_job,
    is_answered,
    known_activations,
    seconds_left,
)
from cnnviz_core.views.ascent_patches import excited_channels
from cnnviz_core.views.ascent_store import AscentHistory, article_question
from cnnviz_core.views.filter_ascent import (
    ascent_animation,
    ascent_layers,
    ascent_sheet,
    ascent_size,
    ascent_sizes,
    ascent_view,
    class_layer,
    neuron_place,
    preview_question,
    random_channels,
)
from cnnviz_core.views.sharing import Picture, sample_picture
from tests.views.ascents import (
    compared,
    decoded,
    finished_ascent,
    forget,
    nothing_kept,
    question,
    vgg,
)


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with nothing_kept(monkeypatch):
        yield


def test_a_neuron_stays_at_its_place_in_the_preview() -> None:
    place = neuron_place(vgg(), "block3_conv1", (128, 96), 100, 50)
    assert place == (31, 12)
    asked = question(layer="block3_conv1", target="neuron", size=(128, 96), place=place)
    assert [one.terms for one in asked.objectives] == [
        (Term(channel, 31, 12),) for channel in asked.channels
    ]
    small = preview_question(vgg(), asked, sample_picture("cat"))
    assert small.size == (64, 64)
    assert small.place == (15, 8)


def test_a_direction_is_one_objective() -> None:
    asked = question(target="direction", channels=(1, 5))
    (tile,) = ascent_view(job := finished_ascent(vgg(), asked), job.state).tiles
    assert tile.channel is None
    assert tile.last > tile.first


def test_a_folder_keeps_what_is_finished_over_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(result_store.FOLDER_VARIABLE, str(tmp_path))
    asked = question()
    done = finished_ascent(vgg(), asked)
    assert len(list(tmp_path.iterdir())) == 1
    forget()
    assert is_answered(vgg(), asked)
    again = ascent_job(vgg(), asked, sample_picture("cat"))
    assert again.job.is_finished
    np.testing.assert_allclose(
        again.state.progress.images, done.state.progress.images, atol=1 / 1024
    )
    np.testing.assert_array_equal(again.state.progress.activations, done.state.progress.activations)
    assert again.state.frames == done.state.frames


def test_nothing_made_of_somebodys_own_picture_or_network_reaches_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(result_store.FOLDER_VARIABLE, str(tmp_path))
    own = Picture("somebody's", np.zeros((40, 50, 3), np.uint8))
    asked = question(size=(64, 80), picture=own.key)
    finished_ascent(vgg(), asked, own)
    assert is_answered(vgg(), asked)
    finished_ascent(replace(vgg(), key="brought along"), question())
    assert not tmp_path.exists() or not list(tmp_path.iterdir())
    finished_ascent(vgg(), replace(asked, picture="cat"), sample_picture("cat"))
    assert len(list(tmp_path.iterdir())) == 1


def test_different_questions_have_different_answers() -> None:
    asked = question()
    finished_ascent(vgg(), asked)
    assert is_answered(vgg(), asked)
    for change in (
        {"steps": 5},
        {"seed": 0},
        {"channels": (1, 4)},
        {"size": (64, 72)},
        {"copies": 2},
        {"settings": AscentSettings(jitter=0)},
        {"picture": "cat"},
    ):
        assert not is_answered(vgg(), replace(asked, **change))


def test_who_asks_for_the_same_shares_it_whichever_picture_is_chosen() -> None:
    cat, rocket = map(sample_picture, ("cat", "rocket"))
    asked = question()
    assert ascent_job(vgg(), asked, cat) is ascent_job(vgg(), asked, rocket)
    from_cat, from_rocket = (
        ascent_job(vgg(), replace(asked, picture=one.key), one) for one in (cat, rocket)
    )
    assert np.any(from_cat.before.progress.images != from_rocket.before.progress.images)


def test_the_time_left_is_that_of_all_who_share(monkeypatch: pytest.MonkeyPatch) -> None:
    job = ascent_job(vgg(), question(steps=9), sample_picture("cat"))
    assert seconds_left([job]) is None
    # The first of ten rounds is not counted: 4 more took 2 s, so the last 5 take 2.5 s.
    state = AscentHistory(
        AscentProgress(0.5, job.before.progress.images, np.zeros((5, 2))), (), 2.0
    )
    monkeypatch.setattr(AscentJob, "state", state)
    assert seconds_left([job]) == pytest.approx(2.5)
    for asked in (job.job, "another"):
        with scheduler.turn(SCHEDULER, asked, wait=0):
            pass
    assert seconds_left([job]) == pytest.approx(5.0)


def test_a_preview_is_small_and_has_the_same_proportions() -> None:
    cat = sample_picture("cat")
    asked = question(size=(205, 256), steps=96, picture=cat.key)
    assert preview_question(vgg(), asked, cat) == replace(asked, size=(102, 128), steps=12)
    asked = question(size=(256, 256), steps=8)
    assert preview_question(vgg(), asked, cat) == replace(asked, size=(64, 64))
    efficientnet = networks.load("efficientnet-lite0")
    asked = question(layer="classes", target="class", size=(224, 224))
    assert preview_question(efficientnet, asked, cat).size == (128, 128)
    lenet = networks.load("lenet-5")
    asked = question(layer="classes", target="class", size=lenet.input_size, channels=(3,))
    assert preview_question(lenet, asked, cat).size == lenet.input_size


def test_the_articles_way_is_the_books() -> None:
    asked = article_question(
        question(copies=3, steps=9, settings=AscentSettings(blur=1.0), picture="cat")
    )
    assert asked.settings == BOOK
    assert (asked.steps, asked.copies, asked.picture) == (40, 1, None)
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
    activations = {
        name: channel_activations(vgg(), "block2_conv1", images.sample(name))
        for name in images.sample_names()
    }
    assert found == most_excited(
        activations["rocket"], [activations[name] for name in others], count=5
    )


def test_the_curve_is_that_of_the_activation() -> None:
    network, asked = vgg(), question(steps=8)
    job = finished_ascent(network, asked)
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
    assert f"\\mathbf{{{short_tex(view.tiles[0].last)}}}" in str(view.objective_formula)
    assert r"64\cdot 64" in str(view.objective_formula)


def test_the_articles_pictures_are_shown_with_more_contrast_and_say_what_they_are() -> None:
    job = finished_ascent(vgg(), article_question(question()))
    shown = decoded(ascent_sheet(job, job.state))
    expected = np.rint(255 * stretched(job.state.progress.images)).astype(np.uint8)
    np.testing.assert_array_equal(shown[:, :64], expected[0])
    np.testing.assert_array_equal(shown[:, -64:], expected[1])
    assert "255" in ascent_view(job, job.state).step_formula


def test_the_sheet_shows_every_picture() -> None:
    job = finished_ascent(vgg(), question(channels=(0, 1, 2, 3, 4, 5)))
    shown = decoded(ascent_sheet(job, job.state))
    assert shown.shape == (130, 196, 3)
    expected = np.rint(255 * job.state.progress.images).astype(np.uint8)
    np.testing.assert_array_equal(shown[:64, 66:130], expected[1])
    np.testing.assert_array_equal(shown[66:, :64], expected[3])


def test_the_animation_runs_from_the_start_to_the_end() -> None:
    job = finished_ascent(vgg(), question(channels=(4,), steps=60))
    film = Image.open(io.BytesIO(ascent_animation(job.state)))
    # The start, every third of 60 steps.
    assert film.n_frames == 21
    assert film.size == (512, 512)
    film.seek(20)
    last = np.asarray(film.convert("RGB"), np.float64)
    shown = decoded(ascent_sheet(job, job.state))
    expected = np.asarray(Image.fromarray(shown).resize((512, 512)), np.float64)
    assert np.abs(last - expected).mean() < 10
    film.seek(0)
    assert np.abs(np.asarray(film.convert("RGB"), np.float64) - expected).mean() > 20


def test_activations_by_real_pictures_stand_beside_those_by_the_picture_made_for_a_filter() -> None:
    network, asked = vgg(), question(channels=(3, 7), copies=2)
    job = finished_ascent(network, asked)
    found = compared(job, sample_picture("coffee"))
    names = ("coffee", *(name for name in images.sample_names() if name != "coffee"))
    activations = [channel_activations(network, asked.layer, images.sample(name)) for name in names]
    own = ascent_ascent.measure(
        network, asked.layer, [3, 3, 7, 7], job.state.progress.images, negative_slope=0.1
    ).reshape(2, 2)
    for row, channel, values in zip(found.rows, (3, 7), own, strict=True):
        assert row.own.value == pytest.approx(values.max(), rel=1e-3)
        assert row.index == (0 if channel == 3 else 2) + values.argmax()
        measured = [objective_means(one, 0.1)[channel] for one in activations]
        means = dict(zip(names, measured, strict=True))
        assert row.chosen.sample == "coffee"
        assert row.chosen.value == pytest.approx(means.pop("coffee"), rel=1e-5)
        assert row.best.value == pytest.approx(max(means.values()), rel=1e-5)
        assert row.best.sample == max(means, key=means.__getitem__)
        expected = patches.top_patches(
            network,
            asked.layer,
            channel,
            [images.sample(name) for name in names],
            activations,
            count=6,
        )
        assert [one.value for one in row.patches] == [one.value for one in expected]
        assert [one.sample for one in row.patches] == [names[one.picture] for one in expected]
        # The pixels of a patch of 3×3, enlarged.
        shown = decoded(row.patches[0].data)
        assert shown.shape[0] >= 96
        np.testing.assert_array_equal(shown[16::32, 16::32], expected[0].crop)


def test_the_best_of_the_others_is_another_than_the_chosen_one() -> None:
    means = {
        name: objective_means(channel_activations(vgg(), "block1_conv1", images.sample(name)), 0.1)[
            3
        ]
        for name in images.sample_names()
    }
    first, second, *_others = sorted(means, key=means.__getitem__, reverse=True)
    (row,) = compared(finished_ascent(vgg(), question(channels=(3,))), sample_picture(first)).rows
    assert (row.chosen.sample, row.best.sample) == (first, second)


def test_bars_have_one_scale_and_begin_at_zero() -> None:
    job = finished_ascent(vgg(), question(channels=(3,)))
    (row,) = compared(job, sample_picture("cat")).rows
    bars = (row.own, row.chosen, row.best)
    units = [(one.end - one.start) / abs(one.value) for one in bars]
    assert units == pytest.approx([units[0]] * 3)
    for one in bars:
        assert one.zero == pytest.approx(one.start if one.value > 0 else one.end)
    assert max(one.end for one in bars) == pytest.approx(1.0)


@pytest.mark.parametrize("is_articles", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_picture_has_one_activation_and_it_is_not_below_the_plain_mean(
    is_articles: bool,
) -> None:
    # Shifted by up to 32 of 64 pixels: what was measured last was far from the picture as it is.
    asked = question(layer="block2_conv1", steps=6, settings=AscentSettings(jitter=32))
    job = finished_ascent(vgg(), article_question(asked) if is_articles else asked)
    assert known_activations(job, job.state) is None
    rows = compared(job, sample_picture("cat")).rows
    view = ascent_view(job, job.state)
    plain = ascent_ascent.measure(vgg(), asked.layer, asked.channels, job.state.progress.images)
    for row, tile, mean in zip(rows, view.tiles, plain, strict=True):
        assert row.own.value == tile.last >= mean
        assert tile.curve[-1][0] == 1.0
    assert f"\\mathbf{{{short_tex(rows[0].own.value)}}}" in view.objective_formula


@pytest.mark.slow
def test_the_picture_made_for_a_filter_excites_it_more_than_any_real_one() -> None:
    job = finished_ascent(vgg(), question(layer="block3_conv1", channels=(1, 2), steps=24, seed=1))
    for row in compared(job, sample_picture("cat")).rows:
        assert row.own.value > max(row.chosen.value, row.best.value)


def test_what_was_measured_once_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    job = finished_ascent(vgg(), question())
    first = compared(job, sample_picture("cat"))
    asked: list[Any] = []
    monkeypatch.setattr(batches, "measure_in_batches", lambda *args: asked.append(args))
    again = compared(job, sample_picture("rocket"))
    assert asked == []
    assert [one.own.value for one in again.rows] == [one.own.value for one in first.rows]
