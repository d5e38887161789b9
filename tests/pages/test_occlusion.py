"""The occlusion page: what the network says of a covered picture, by hand and all over."""

import base64
import re
from itertools import count
from typing import Any

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import images, networks
from cnnviz_core.heatmaps import confidence_drops, manual_occlusion, occlusion
from cnnviz_core.heatmaps.baselines import BASELINES, Baseline, HoleBaseline, baseline_picture
from cnnviz_core.heatmaps.class_scores import one_class
from cnnviz_core.heatmaps.records import last
from cnnviz_core.inspection import predictions
from cnnviz_core.networks import Network, from_keras
from cnnviz_core.runtime import jobs
from cnnviz_core.views import faithfulness as faithfulness_view
from cnnviz_core.views import heat_curves, sharing
from cnnviz_core.views import occlusion as occlusion_view
from cnnviz_core.views.sharing import Picture
from pages.parts.heatmaps import occlusion_pad
from pages.parts.heatmaps.occlusion_controls import (
    ACROSS,
    BASELINE,
    DOWN,
    HOLES,
    METHOD,
    SHARE,
    SIZE,
    STEP,
)
from pages.parts.heatmaps.occlusion_verdict import VERDICTS
from pages.parts.network_controls import NETWORK, OWN, UPLOAD_SWITCH
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests.pages.visits import opened

EGYPTIAN_CAT, TABBY = 285, 281
TEST = "occlusion_faithfulness"
CHANGE = re.compile(
    r'change-name">([^<]*)<.*?change-before" style="width:([\d.]+)%.*?'
    r'change-after" style="width:([\d.]+)%',
    re.DOTALL,
)
# The class that comes first when the preset is pressed.
PRESETS = {
    "Cover nose and eye": "Egyptian cat",
    "Cover the face": "Egyptian cat",
    "Cover an ear": "Egyptian cat",
    "Hide the rocket": "drilling platform",
    "Out comes a Model T": "Model T",
    "The patch is a thing, too": "traffic light",
}
numbers = count()


@pytest.fixture
def page() -> AppTest:
    return opened("occlusion")


def checked(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def changes(page: AppTest, place: int = 0) -> dict[str, tuple[float, float]]:
    """Names with their probabilities before and now, in percent; of the bars at a place."""
    bodies = [str(one.proto.body) for one in page.get("html")]
    found = [CHANGE.findall(one) for one in bodies if "change-rows" in one]
    return {name: (float(before), float(now)) for name, before, now in found[place]}


def program(page: AppTest, key: str) -> str:
    """The program that a button opens."""
    checked(page.button(key=key).click().run())
    (shown,) = page.code
    return str(shown.value)


def first_now(page: AppTest) -> str:
    found = changes(page)
    return max(found, key=lambda name: found[name][1])


def says(page: AppTest, words: str) -> bool:
    read = [*page.markdown, *page.caption, *page.info, *page.error]
    return any(words in one.value for one in read)


def press(page: AppTest, label: str) -> AppTest:
    return checked(page.button(key=f"preset {label}").click().run())


def move(page: AppTest, down: int, across: int) -> AppTest:
    page.slider(key=DOWN.key).set_value(down)
    return checked(page.slider(key=ACROSS.key).set_value(across).run())


def num_tried(page: AppTest) -> int:
    (found,) = [one.value for one in page.markdown if "Places tried" in one.value]
    return int(re.findall(r"\*\*(\d+)\*\*", found)[0])


def new_picture(pixels: np.ndarray | None = None) -> Picture:
    """A picture that no cache knows yet."""
    pixels = images.sample("cat") if pixels is None else pixels
    return Picture(f"occlusion {next(numbers)}", pixels)


def show_own_picture(page: AppTest, picture: Picture) -> AppTest:
    page.session_state[OWN_KEY] = picture
    page.run()
    return checked(page.radio(key="picture").set_value(OWN_NAME).run())


def use_own(page: AppTest, network: Network, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv(UPLOAD_SWITCH, "1")
    page.session_state["uploaded network"] = network
    checked(page.run())
    return checked(page.selectbox(key=NETWORK.key).set_value(OWN).run())


def small_network(title: str, *layers: Any) -> Network:
    import keras

    keras.utils.set_random_seed(0)
    return from_keras(keras.Sequential([keras.Input((12, 15, 3)), *layers]), title=title)


def lite() -> Network:
    return networks.load("efficientnet-lite0")


def finish(*work: jobs.Job[Any]) -> None:
    """Work until all is done."""
    while not all(one.is_finished for one in work):
        jobs.work_on(work)


@pytest.mark.parametrize(("label", "expected"), PRESETS.items())
def test_a_preset_keeps_its_promise(page: AppTest, label: str, expected: str) -> None:
    press(page, label)
    assert first_now(page) == expected


def test_the_promised_percentages_are_true(page: AppTest) -> None:
    before, now = changes(page)["Egyptian cat"]
    assert (round(before), round(now)) == (65, 47)
    press(page, "Cover the face")
    before, now = changes(page)["Egyptian cat"]
    assert now > before
    press(page, "Cover an ear")
    before, now = changes(page)["Egyptian cat"]
    assert (round(before), round(now)) == (65, 86)


def test_what_is_shown_is_what_the_network_says_of_the_covered_picture(page: AppTest) -> None:
    cat = images.sample("cat")
    checked(page.select_slider(key=SIZE.key).set_value(25).run())
    move(page, 40, 30)
    # 40% of 319 rows, 30% of 399 columns, 25% of 320 pixels.
    covered = manual_occlusion.cover(lite(), cat, 128, 120, size=80)
    expected = 100 * predictions.probabilities(lite(), covered)[EGYPTIAN_CAT]
    assert changes(page)["Egyptian cat"][1] == pytest.approx(expected, abs=0.01)
    before, after = predictions.logits(lite(), cat)[EGYPTIAN_CAT], covered[EGYPTIAN_CAT]
    assert says(page, f"{float(before):.3g}")
    assert says(page, f"{abs(float(before - after)):.3g}")


def test_a_fall_and_a_rise_are_named_as_such(page: AppTest) -> None:
    assert says(page, "it falls by")
    press(page, "Cover an ear")
    assert says(page, "it rises by")


@pytest.mark.parametrize(
    "key", [pytest.param("efficientnet-lite0", marks=pytest.mark.slow), "lenet-5"]
)
def test_every_control_can_be_moved_to_both_ends(page: AppTest, key: str) -> None:
    checked(page.selectbox(key=NETWORK.key).set_value(key).run())
    for baseline in BASELINES:
        checked(page.segmented_control(key=BASELINE.key).set_value(baseline).run())
    for size in (min(SIZE.options), max(SIZE.options)):
        checked(page.select_slider(key=SIZE.key).set_value(size).run())
        for down in (0, 100):
            for across in (0, 100):
                move(page, down, across)
                assert len(changes(page)) == 4
    for step in STEP.options:
        checked(page.segmented_control(key=STEP.key).set_value(step).run())


def test_places_are_remembered_until_something_else_is_asked(page: AppTest) -> None:
    assert num_tried(page) == 1
    move(page, 10, 10)
    move(page, 90, 90)
    assert num_tried(page) == 3
    move(page, 10, 10)
    assert num_tried(page) == 3
    checked(page.button(key="occlusion forget").click().run())
    assert num_tried(page) == 1
    move(page, 50, 50)
    checked(page.selectbox(key="target_class").set_value(TABBY).run())
    assert num_tried(page) == 1


def test_the_hand_moves_the_sliders(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(occlusion_pad.st, "session_state", state)

    class Hand:
        place: Any = None

    hand = Hand()
    state[occlusion_pad.KEY] = hand
    for place, expected in [
        ({"down": 30, "across": 80}, {DOWN.key: 30, ACROSS.key: 80}),
        ({"down": 130, "across": -5}, {DOWN.key: 100, ACROSS.key: 0}),
        # What no browser of ours sends moves nothing.
        ({"down": "x", "across": float("nan")}, {DOWN.key: 100, ACROSS.key: 0}),
        ({"down": True, "across": float("inf")}, {DOWN.key: 100, ACROSS.key: 0}),
        ([3], {DOWN.key: 100, ACROSS.key: 0}),
        (None, {DOWN.key: 100, ACROSS.key: 0}),
    ]:
        hand.place = place
        occlusion_pad._follow()
        assert {key: state[key] for key in (DOWN.key, ACROSS.key)} == expected


def test_the_same_place_runs_the_network_once(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_own_picture(page, new_picture())
    runs: list[int] = []
    cover = manual_occlusion.cover
    monkeypatch.setattr(
        manual_occlusion, "cover", lambda *given, **more: runs.append(1) or cover(*given, **more)
    )
    move(page, 20, 20)
    move(page, 40, 20)
    move(page, 20, 20)
    checked(page.selectbox(key="target_class").set_value(TABBY).run())
    assert len(runs) == 2


def test_the_sliding_patch_starts_stops_goes_on_and_ends(page: AppTest) -> None:
    show_own_picture(page, new_picture())
    checked(page.select_slider(key=SIZE.key).set_value(60).run())
    checked(page.segmented_control(key=STEP.key).set_value(1).run())
    assert page.button(key="occlusion slide").label == "Slide it across the picture"
    assert "code of the slid patch" not in [one.key for one in page.button]
    # The test runs the whole script where a browser runs the fragment, which is stopped by that.
    checked(page.button(key="occlusion slide").click().run())
    size = occlusion_view.patch_on(page.session_state[OWN_KEY], 0, 0, 60).size
    job = occlusion_view.sliding_job(
        lite(), page.session_state[OWN_KEY], EGYPTIAN_CAT, size, size, "gray"
    )
    finish(job)
    checked(page.run())
    assert "occlusion slide" not in [one.key for one in page.button]
    (bar,) = [one.proto for one in page.get("progress")]
    assert (bar.value, bar.text) == (100, "6 of 6 places")
    assert f"top : top + {size}, left : left + {size}" in program(page, "code of the slid patch")


def test_a_sliding_map_is_that_of_the_core_and_is_shared() -> None:
    cat = sharing.sample_picture("cat")
    job = occlusion_view.sliding_job(lite(), cat, EGYPTIAN_CAT, 160, 160, "black")
    assert occlusion_view.sliding_job(lite(), cat, EGYPTIAN_CAT, 160, 160, "black") is job
    assert occlusion_view.sliding_map(cat, job, 160).total == 0
    finish(job)
    found = occlusion_view.sliding_map(cat, job, 160)
    states = occlusion.occlusion_states(
        lite(), cat.pixels, one_class(lite(), EGYPTIAN_CAT), size=160, stride=160, baseline="black"
    )
    expected = last(states).values
    assert (found.done, found.total) == (6, 6)
    assert job.state is not None
    np.testing.assert_allclose(job.state.values, expected, atol=1e-4)
    assert found.scale.high >= np.abs(expected).max()


def test_work_that_cannot_be_done_says_why(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    from keras import layers

    network = small_network(
        "not a number",
        layers.Conv2D(2, 3, kernel_initializer="ones"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(2, "softmax"),
    )
    weights = network.model.get_weights()
    weights[-1] = np.float32([np.nan, 0])
    network.model.set_weights(weights)
    page.session_state[TEST] = True
    use_own(page, network, monkeypatch)
    assert [("finite" in one.value) for one in page.error] == [True, True]
    cat = sharing.sample_picture("cat")
    job = occlusion_view.sliding_job(network, cat, 0, 200, 200, "gray")
    finish(job)
    with pytest.raises(ValueError, match="finite"):
        occlusion_view.sliding_map(cat, job, 200)


@pytest.mark.parametrize(
    "baseline",
    ["blur", *(pytest.param(one, marks=pytest.mark.slow) for one in BASELINES if one != "blur")],
)
def test_a_picture_of_any_size_can_be_covered(page: AppTest, baseline: Baseline) -> None:
    checked(page.segmented_control(key=BASELINE.key).set_value(baseline).run())
    for shape in [(1, 1), (2, 90), (33, 3), (320, 480)]:
        pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
        show_own_picture(page, new_picture(pixels))
        move(page, 100, 0)
        assert num_tried(page) in (1, 2)


@pytest.mark.parametrize("baseline", BASELINES)
def test_the_browser_draws_what_the_network_is_shown(baseline: Baseline) -> None:
    cat = sharing.sample_picture("cat")
    background = occlusion_view.baseline_background(cat, baseline)
    expected = baseline_picture(cat.pixels, baseline)
    if baseline != "blur":
        drawn = np.array([int(one) for one in re.findall(r"\d+", background)])
        assert np.abs(drawn - expected[0, 0]).max() <= 0.5
        return
    data = base64.b64decode(background.split("base64,")[1].rstrip(")"))
    assert len(data) < 10_000
    small = cv2.cvtColor(cv2.imdecode(np.frombuffer(data, np.uint8), 1), cv2.COLOR_BGR2RGB)
    drawn = cv2.resize(small, (400, 320), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    assert np.abs(drawn - expected).mean() < 2


def test_a_patch_lies_where_percents_say() -> None:
    cat = sharing.sample_picture("cat")
    assert occlusion_view.patch_on(cat, 0, 100, 50) == occlusion_view.Patch(0, 399, 160)
    assert occlusion_view.patch_on(cat, 50, 50, 5) == occlusion_view.Patch(160, 200, 16)
    tiny = new_picture(np.zeros((1, 1, 3), np.uint8))
    assert occlusion_view.patch_on(tiny, 100, 100, 5) == occlusion_view.Patch(0, 0, 1)


def test_a_network_without_classes_offers_one_that_has(page: AppTest) -> None:
    checked(page.selectbox(key=NETWORK.key).set_value("vgg16-edges").run())
    assert "no classes" in page.info[0].value
    checked(page.button(key="predict switch").click().run())
    assert first_now(page) == "Egyptian cat"


def test_a_closed_test_computes_nothing(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []
    heatmap = confidence_drops.drop
    monkeypatch.setattr(
        confidence_drops, "drop", lambda *given, **more: runs.append("") or heatmap(*given, **more)
    )
    show_own_picture(page, new_picture())
    assert runs == []
    page.session_state[TEST] = True
    checked(page.run())
    assert runs == [""]


@pytest.mark.parametrize(
    "key", [pytest.param("efficientnet-lite0", marks=pytest.mark.slow), "lenet-5"]
)
def test_the_test_of_heatmaps_takes_every_quick_method_and_share(page: AppTest, key: str) -> None:
    page.session_state[TEST] = True
    checked(page.selectbox(key=NETWORK.key).set_value(key).run())
    offered = page.selectbox(key=METHOD.key).options
    assert ("CAM" in offered) == (key == "efficientnet-lite0")
    assert "Score-CAM" not in offered
    methods = faithfulness_view.quick_methods(networks.load(key))
    assert len(methods) == len(offered)
    for method in methods:
        checked(page.selectbox(key=METHOD.key).set_value(method).run())
    for share in (0, 100):
        checked(page.slider(key=SHARE.key).set_value(share).run())
    # Of a picture of which nothing is left, the network says the same for any method.
    assert says(page, "100% deleted")


def test_nothing_deleted_changes_nothing(page: AppTest) -> None:
    page.session_state[TEST] = True
    checked(page.run())
    checked(page.slider(key=SHARE.key).set_value(0).run())
    assert all(before == now for before, now in changes(page, 1).values())


@pytest.mark.slow
def test_deleting_by_grad_cam_is_what_the_core_says(page: AppTest) -> None:
    page.session_state[TEST] = True
    checked(page.run())
    checked(page.slider(key=SHARE.key).set_value(50).run())
    cat = sharing.sample_picture("cat")
    curves = heat_curves.heat_curves(lite(), cat, EGYPTIAN_CAT, "grad-cam", "black")
    finish(*curves.jobs)
    state = curves.deletion.state
    assert state is not None
    half = np.flatnonzero(state.shares == 0.5)
    assert changes(page, 1)["Egyptian cat"][1] == pytest.approx(
        100 * state.probabilities[half].item(), abs=0.01
    )
    finish(faithfulness_view.average_drop_job(lite(), "grad-cam"))
    checked(page.run())
    assert "occlusion measure" not in [one.key for one in page.button]
    assert says(page, "Average drop over 7 of 7 samples")
    assert curves.verdicts is not None
    for one in curves.verdicts:
        assert says(
            page, f"is {one.area:.3f}, against {one.low:.3f} to {one.high:.3f} for 5 random maps"
        )
        assert says(page, f"**{VERDICTS[one.verdict]}**")
    assert says(page, "On this picture, with black holes")
    assert f"powers[{EGYPTIAN_CAT}]" in program(page, "code of the curves")


def test_curves_are_drawn_as_far_as_they_are() -> None:
    picture = new_picture()
    curves = heat_curves.heat_curves(networks.load("lenet-5"), picture, 0, "layer-cam", "blur")

    def drawn() -> str | None:
        return heat_curves.heat_curves_figure(
            curves,
            20,
            labels=("deleted: {area}", "inserted: {area}"),
            x_label="pixels",
            y_label="left",
            theme="dark",
        )

    assert drawn() is None
    assert curves.num_random == 0
    assert curves.verdicts is None
    finish(curves.deletion)
    half = drawn()
    assert half is not None
    finish(*curves.jobs)
    assert curves.num_random == 5
    assert curves.verdicts is not None
    whole = drawn()
    assert whole is not None
    # Both bands have two dashed edges.
    assert whole.count("stroke-dasharray") == half.count("stroke-dasharray") + 4


def test_a_verdict_compares_with_random_maps_filled_alike() -> None:
    lenet = networks.load("lenet-5")
    curves = heat_curves.heat_curves(lenet, new_picture(), 0, "grad-cam", "inpainting")
    finish(*curves.jobs)
    assert curves.verdicts is not None
    deletion, insertion = curves.verdicts
    pairs = (
        (deletion, curves.deletion.state, curves.random_deletion.state),
        (insertion, curves.insertion.state, curves.random_insertion.state),
    )
    for found, state, by_chance in pairs:
        assert state is not None
        assert by_chance is not None
        assert (found.area, found.low, found.high) == (
            state.area,
            min(by_chance.areas),
            max(by_chance.areas),
        )
        # One begins where the others do: with the whole picture, or with none of it.
        first = state.probabilities[0]
        np.testing.assert_allclose(by_chance.probabilities[:, 0], first, rtol=1e-3)


@pytest.mark.parametrize("baseline", HOLES.options)
def test_the_words_say_which_holes_and_whether_the_class_falls_or_rises(
    page: AppTest, baseline: HoleBaseline
) -> None:
    page.session_state[TEST] = True
    checked(page.run())
    checked(page.segmented_control(key=HOLES.key).set_value(baseline).run())
    for share in (0, 20, 90):
        checked(page.slider(key=SHARE.key).set_value(share).run())
        before, now = changes(page, 1)["Egyptian cat"]
        cat = sharing.sample_picture("cat")
        view = faithfulness_view.deleted(lite(), cat, EGYPTIAN_CAT, "grad-cam", share, baseline)
        (asked,) = [one for one in view.changes if one.is_asked]
        assert now == pytest.approx(100 * asked.after.probability, abs=0.01)
        word = "is still" if share == 0 else "has fallen from" if now < before else "**risen** from"
        assert says(page, f"With {share}% of the pixels deleted, the probability of *Egyptian cat*")
        assert says(page, word)
    assert says(page, "Would random maps do the same?") or says(page, "On this picture, with")


def test_random_heat_is_shared_by_methods_of_one_grain() -> None:
    cat = sharing.sample_picture("cat")
    one, other, pixels = (
        heat_curves.heat_curves(lite(), cat, EGYPTIAN_CAT, method, "black")
        for method in ("grad-cam", "eigen-cam", "saliency")
    )
    assert one.random_deletion is other.random_deletion
    assert one.random_deletion is not pixels.random_deletion
    assert one.deletion is not other.deletion


def test_a_network_without_convolutions_is_covered_and_tested(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keras import layers

    network = small_network("flat too", layers.Flatten(), layers.Dense(3, "softmax"))
    use_own(page, network, monkeypatch)
    page.session_state[TEST] = True
    checked(page.run())
    assert len(changes(page)) == 3
    assert page.selectbox(key=METHOD.key).options == ["Saliency", "Gradient × input"]


def test_a_blank_heatmap_is_explained(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    from keras import layers

    network = small_network(
        "blank",
        layers.Conv2D(3, 3, kernel_initializer="zeros"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(1, "sigmoid"),
    )
    use_own(page, network, monkeypatch)
    page.session_state[TEST] = True
    checked(page.run())
    assert says(page, "This heatmap is blank")
    # It deletes single pixels in a random order, and so do the maps that it is compared with.
    cat = sharing.sample_picture("cat")
    blank, pixels = (
        heat_curves.heat_curves(network, cat, 1, method, "black")
        for method in ("grad-cam", "saliency")
    )
    assert blank.random_deletion is pixels.random_deletion
    assert len(changes(page)) == 2
