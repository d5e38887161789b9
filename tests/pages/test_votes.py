"""The votes page: the sum that it shows, and what silence does to it."""

import re
from itertools import count
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import images, networks
from cnnviz_core.heatmaps import votes
from cnnviz_core.inspection import predictions
from cnnviz_core.networks import Network, from_keras
from cnnviz_core.views import networks as networks_view
from cnnviz_core.views import predictions as predictions_view
from cnnviz_core.views import sharing
from cnnviz_core.views import votes as votes_view
from cnnviz_core.views.sharing import Picture
from pages.parts.heatmaps.vote_controls import ABLATED, COUNT, DISPLAY, SHOWN, SIDE, VERSUS
from pages.parts.network_controls import NETWORK, OWN, UPLOAD_SWITCH
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests.pages.visits import opened

EGYPTIAN_CAT, TABBY = 285, 281
CHANGE = re.compile(
    r'change-row( change-asked)?"><span class="change-name">([^<]*)<.*?'
    r'change-chance">([^<]*)<.*?change-before" style="width:([\d.]+)%.*?'
    r'change-after" style="width:([\d.]+)%',
    re.DOTALL,
)
STEP = re.compile(
    r'votes-row votes-(\w+)"><span class="votes-label">([^<]*)<.*?votes-number">([^<]*)<', re.DOTALL
)
# The class that comes first when the preset is pressed, and how many channels it silences.
PRESETS = {
    "Who says cat?": ("Egyptian cat", 0),
    "Silence the loudest": ("Egyptian cat", 1),
    "Silence twenty": ("tabby", 20),
    "Silence the doubters": ("Egyptian cat", 10),
    "Tabby instead": ("tabby", 10),
    "One vote decides": ("bubble", 1),
}
numbers = count()


@pytest.fixture
def page() -> AppTest:
    return opened("votes")


def checked(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def bodies(page: AppTest) -> str:
    return "".join(str(one.proto.body) for one in page.get("html"))


def changes(page: AppTest) -> dict[str, tuple[float, float]]:
    """Names with their probabilities before and now, in percent."""
    return {
        name: (float(before), float(now))
        for _, name, _, before, now in CHANGE.findall(bodies(page))
    }


def first_now(page: AppTest) -> str:
    found = changes(page)
    return max(found, key=lambda name: found[name][1])


def steps(page: AppTest) -> list[tuple[str, str, str]]:
    return STEP.findall(bodies(page))


def number(text: str) -> float:
    return float(text.strip("()+").replace("−", "-"))


def formula_result(page: AppTest) -> float:
    (found,) = [one.value for one in page.markdown if r"\sum_k" in one.value]
    return float(found.split(r"\mathbf{")[1].split("}")[0])


def press(page: AppTest, label: str) -> AppTest:
    return checked(page.button(key=f"preset {label}").click().run())


def silence(page: AppTest, channel: int) -> AppTest:
    return checked(page.button(key=f"votes silence {channel}").click().run())


def use_own(page: AppTest, network: Network, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv(UPLOAD_SWITCH, "1")
    page.session_state["uploaded network"] = network
    checked(page.run())
    return checked(page.selectbox(key=NETWORK.key).set_value(OWN).run())


def small_network(title: str, *layers: Any) -> Network:
    import keras

    keras.utils.set_random_seed(0)
    return from_keras(keras.Sequential([keras.Input((12, 15, 3)), *layers]), title=title)


def logits() -> np.ndarray:
    return predictions.logits(networks.load("efficientnet-lite0"), images.sample("cat"))


def test_the_first_visit_shows_the_sum_that_is_the_score(page: AppTest) -> None:
    score = float(logits()[EGYPTIAN_CAT])
    assert formula_result(page) == float(f"{score:.3g}")
    *parts, (kind, _, total) = steps(page)
    assert kind == "total"
    # Each number has three digits; the largest of them is about 10.
    assert sum(number(one) for _, _, one in parts) == pytest.approx(score, abs=0.02)
    assert number(total) == pytest.approx(score, abs=0.05)
    assert list(changes(page))[:3] == ["Egyptian cat", "tiger cat", "tabby"]
    assert all(before == now for before, now in changes(page).values())


@pytest.mark.parametrize(("label", "expected"), PRESETS.items())
def test_a_preset_keeps_its_promise(page: AppTest, label: str, expected: tuple[str, int]) -> None:
    press(page, label)
    name, num_ablated = expected
    assert first_now(page) == name
    assert (f"Silenced: {num_ablated}. " in bodies(page)) == bool(num_ablated)


def test_the_promised_percentages_are_true(page: AppTest) -> None:
    press(page, "Silence the loudest")
    before, now = changes(page)["Egyptian cat"]
    assert (round(before), round(now)) == (65, 58)
    press(page, "Silence twenty")
    assert max(now for _, now in changes(page).values()) == pytest.approx(10, abs=0.5)
    press(page, "Silence the doubters")
    before, now = changes(page)["Egyptian cat"]
    assert now > before + 10


def test_what_is_shown_now_is_what_the_network_says_without_the_channels(page: AppTest) -> None:
    network, cat = networks.load("efficientnet-lite0"), images.sample("cat")
    checked(page.select_slider(key=COUNT.key).set_value(5).run())
    loudest = np.argsort(-votes.votes(network, cat).values)[:5].tolist()
    expected = predictions.probabilities(network, votes.ablated_logits(network, cat, loudest))
    assert changes(page)["Egyptian cat"][1] == pytest.approx(100 * expected[EGYPTIAN_CAT], abs=0.01)
    assert [kind for kind, _, _ in steps(page)][:6] == ["silent"] * 5 + ["for"]
    assert formula_result(page) == number(steps(page)[-1][2])


def test_the_button_under_a_voter_silences_it_and_lets_it_speak_again(page: AppTest) -> None:
    network, cat = networks.load("efficientnet-lite0"), images.sample("cat")
    pro, contra = votes.strongest_votes(votes.votes(network, cat), 4)
    before = changes(page)["Egyptian cat"][0]
    silence(page, contra[0].channel)
    assert page.text_input(key=ABLATED.key).value == f"{contra[0].channel + 1}"
    assert changes(page)["Egyptian cat"][1] > before
    silence(page, pro[1].channel)
    assert (
        page.text_input(key=ABLATED.key).value == f"{contra[0].channel + 1}, {pro[1].channel + 1}"
    )
    silence(page, contra[0].channel)
    silence(page, pro[1].channel)
    assert page.text_input(key=ABLATED.key).value == ""
    assert changes(page)["Egyptian cat"][1] == before


def test_the_button_of_a_voter_that_the_slider_silences_cannot_be_pressed(page: AppTest) -> None:
    buttons = [one.key for one in page.button if str(one.key).startswith("votes silence")]
    checked(page.select_slider(key=COUNT.key).set_value(2).run())
    disabled = [one.key for one in page.button if one.disabled]
    assert disabled == buttons[:2]


def test_the_caption_says_what_the_votes_have_decided(page: AppTest) -> None:
    def caption() -> str:
        (found,) = [one.value for one in page.caption if "softmax" in one.value.lower()]
        return found

    assert "The strongest channel casts" in caption()
    assert "*Rather than another class*" in caption()
    assert "places raise the score of *Egyptian cat*" in caption()
    press(page, "Silence the loudest")
    assert "this vote alone does not decide" in caption()
    press(page, "One vote decides")
    assert "This one channel decides: without it *bubble* comes first" in caption()
    press(page, "Silence twenty")
    assert "These 20 channels decide: without them *tabby* comes first" in caption()
    press(page, "Tabby instead")
    assert "the ratio of the two probabilities is e to the power of it" in caption()
    checked(page.selectbox(key="target_class").set_value(1).run())
    assert "goldfish rather than tabby" in caption()


def test_softmax_ignores_what_all_classes_gain_alike() -> None:
    network, cat = networks_view.load_network("efficientnet-lite0"), sharing.sample_picture("cat")
    view = votes_view.vote_view(network, cat, EGYPTIAN_CAT, None, (254, 3))
    before = logits()
    after = votes.ablated_logits(network, cat.pixels, (254, 3))
    assert view.common_rise == pytest.approx(float((after - before).mean()), abs=1e-5)
    chances = [predictions.probabilities(network, one) for one in (after, after - view.common_rise)]
    np.testing.assert_allclose(*chances, rtol=1e-4)
    two = votes_view.vote_view(network, cat, EGYPTIAN_CAT, TABBY, ())
    odds = np.divide(
        *(
            one.before.probability
            for one in two.changes
            if one.before.name in ("Egyptian cat", "tabby")
        )
    )
    assert np.exp(two.score) == pytest.approx(odds, rel=1e-3)


def test_the_sides_are_silenced_apart(page: AppTest) -> None:
    assert SIDE.key not in [one.key for one in page.segmented_control]
    checked(page.select_slider(key=COUNT.key).set_value(10).run())
    falls = changes(page)["Egyptian cat"]
    checked(page.segmented_control(key=SIDE.key).set_value("against").run())
    rises = changes(page)["Egyptian cat"]
    assert falls[1] < falls[0] == rises[0] < rises[1]


def test_all_who_are_for_it_can_be_silenced(page: AppTest) -> None:
    slider = page.select_slider(key=COUNT.key)
    assert int(slider.options[-1]) == 310
    checked(slider.set_value(310).run())
    assert changes(page)["Egyptian cat"][1] < 1
    # Fewer are against it: the slider moves to as many as there are.
    checked(page.segmented_control(key=SIDE.key).set_value("against").run())
    checked(page.run())
    assert page.select_slider(key=COUNT.key).value <= 157


def test_another_class_has_other_voters_and_silence_stays(page: AppTest) -> None:
    silence(page, 254)
    checked(page.selectbox(key="target_class").set_value(TABBY).run())
    assert page.text_input(key=ABLATED.key).value == "255"
    assert formula_result(page) < float(logits()[TABBY])
    buttons = [one.key for one in page.button if str(one.key).startswith("votes silence")]
    assert "votes silence 254" not in buttons
    assert len(buttons) == 8


def test_one_class_rather_than_another(page: AppTest) -> None:
    checked(page.toggle(key=VERSUS.key).set_value(True).run())
    checked(page.selectbox(key="other_class").set_value(TABBY).run())
    assert formula_result(page) == pytest.approx(logits()[EGYPTIAN_CAT] - logits()[TABBY], abs=0.01)
    assert any("Egyptian cat rather than tabby" in one.value for one in page.markdown)


def test_maps_are_shown_without_running_the_network_again(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(page.select_slider(key=COUNT.key).set_value(4).run())
    runs: list[str] = []
    monkeypatch.setattr(votes, "votes", lambda *given, **more: runs.append("votes"))
    monkeypatch.setattr(votes, "ablated_logits", lambda *given: runs.append("logits"))
    checked(page.segmented_control(key=DISPLAY.key).set_value("values").run())
    for shown in (12, 1):
        checked(page.slider(key=SHOWN.key).set_value(shown).run())
        buttons = [one for one in page.button if str(one.key).startswith("votes silence")]
        assert len(buttons) == 2 * shown
    assert runs == []


@pytest.mark.parametrize(
    "key", ["efficientnet-lite0", pytest.param("lenet-5", marks=pytest.mark.slow)]
)
def test_every_control_can_be_moved_to_both_ends(page: AppTest, key: str) -> None:
    checked(page.selectbox(key=NETWORK.key).set_value(key).run())
    for side in ("against", "for"):
        checked(page.select_slider(key=COUNT.key).set_value(1).run())
        checked(page.segmented_control(key=SIDE.key).set_value(side).run())
        options = [int(one) for one in page.select_slider(key=COUNT.key).options]
        for end in (options[-1], 1):
            checked(page.select_slider(key=COUNT.key).set_value(end).run())
    channels = networks.load(key).layer("head_relu" if key != "lenet-5" else "conv2").output_shape
    checked(page.text_input(key=ABLATED.key).set_value(f"1, {channels[-1]}").run())
    assert not page.error
    for shown in (1, 12):
        checked(page.slider(key=SHOWN.key).set_value(shown).run())
    for display in ("values", "overlay"):
        checked(page.segmented_control(key=DISPLAY.key).set_value(display).run())
    checked(page.toggle(key=VERSUS.key).set_value(True).run())


def test_a_network_whose_sum_is_not_the_score_says_so_and_shows_kernels(page: AppTest) -> None:
    num_pictures = len(page.get("image"))
    press(page, "No simple sum")
    assert any("votes are not the score" in one.value for one in page.info)
    assert [label for _, label, _ in steps(page)][-1] == "Sum of the votes"
    # Eight voters on both networks; these have kernels of 5×5.
    assert len(page.get("image")) == num_pictures + 8


@pytest.mark.parametrize(("text", "reason"), [("255, x", "whole numbers"), ("0", "from 1 to")])
def test_what_is_no_channel_is_refused_and_silences_nothing(
    page: AppTest, text: str, reason: str
) -> None:
    checked(page.text_input(key=ABLATED.key).set_value(text).run())
    assert reason in page.error[0].value
    assert all(before == now for before, now in changes(page).values())
    checked(page.text_input(key=ABLATED.key).set_value("255 1157").run())
    assert not page.error
    assert changes(page)["Egyptian cat"][1] < 65


def test_another_network_says_that_it_has_no_such_channel(page: AppTest) -> None:
    silence(page, 254)
    checked(page.selectbox(key=NETWORK.key).set_value("lenet-5").run())
    assert "from 1 to 16" in page.error[0].value


def test_a_network_without_classes_offers_one_that_has(page: AppTest) -> None:
    checked(page.selectbox(key=NETWORK.key).set_value("vgg16-edges").run())
    assert "no classes" in page.info[0].value
    checked(page.button(key="predict switch").click().run())
    assert first_now(page) == "Egyptian cat"


def test_a_network_without_convolutions_says_what_is_missing(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keras import layers

    network = small_network("flat", layers.Flatten(), layers.Dense(3, "softmax"))
    use_own(page, network, monkeypatch)
    assert "must have a convolutional layer" in page.error[0].value
    checked(page.selectbox(key=NETWORK.key).set_value("efficientnet-lite0").run())
    assert first_now(page) == "Egyptian cat"


def test_a_network_of_damaged_weights_is_refused(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras

    network = small_network(
        "damaged",
        keras.layers.Conv2D(2, 3, bias_initializer=keras.initializers.Constant(np.inf)),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(2, "softmax"),
    )
    use_own(page, network, monkeypatch)
    assert "finite" in page.error[0].value


@pytest.mark.parametrize(("units", "activation"), [(1, "sigmoid"), (3, "sigmoid"), (2, "softmax")])
def test_every_kind_of_classifier_has_votes(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, units: int, activation: str
) -> None:
    from keras import layers

    network = small_network(
        f"{units} {activation}",
        layers.Conv2D(5, 3, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(units, activation),
    )
    use_own(page, network, monkeypatch)
    assert len(changes(page)) == max(2, units)
    scores = predictions.logits(network, images.sample("cat"))
    best = abs(scores[0]) if units == 1 else scores.max()
    assert formula_result(page) == pytest.approx(best, rel=0.01)


def test_a_channel_that_answers_nowhere_and_one_color_pictures(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keras import layers

    network = small_network(
        "silent",
        layers.Conv2D(5, 3, kernel_initializer="zeros", activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(2, "softmax", bias_initializer="ones"),
    )
    use_own(page, network, monkeypatch)
    assert formula_result(page) == 1.0
    assert [kind for kind, _, _ in steps(page)] == ["for", "total"]
    assert COUNT.key not in [one.key for one in page.select_slider]
    page.session_state[OWN_KEY] = Picture(
        f"votes {next(numbers)}", np.full((3, 90, 3), 40, np.uint8)
    )
    page.run()
    checked(page.radio(key="picture").set_value(OWN_NAME).run())


def test_the_map_of_all_votes_has_the_score_as_its_mean() -> None:
    network, cat = networks_view.load_network("efficientnet-lite0"), sharing.sample_picture("cat")
    found = votes.votes(network, cat.pixels, EGYPTIAN_CAT)
    assert found.bias is not None
    whole = votes_view.vote_view(network, cat, EGYPTIAN_CAT, None, ())
    heat = found.activations @ found.weights
    assert (whole.heat.low, whole.heat.high) == (
        pytest.approx(heat.min()),
        pytest.approx(heat.max()),
    )
    assert heat.mean() + found.bias == pytest.approx(whole.score, abs=1e-4)
    # Fewer votes, and the same colors.
    fewer = votes_view.vote_view(network, cat, EGYPTIAN_CAT, None, (254,))
    assert fewer.heat.scale == whole.heat.scale
    assert fewer.heat.high < whole.heat.high


@pytest.mark.parametrize("against", [None, TABBY])
def test_each_stop_of_the_slider_says_what_the_page_says_there(against: int | None) -> None:
    network, cat = networks_view.load_network("efficientnet-lite0"), sharing.sample_picture("cat")
    asked = network, cat, EGYPTIAN_CAT, against
    single = (3, 254)
    for stop in votes_view.ablation_stops(*asked, "for", (0, 1, 12, 310), single):
        strongest = votes_view.strongest_channels(*asked, "for", stop.count)
        view = votes_view.vote_view(*asked, tuple(sorted({*strongest, *single})))
        assert stop.num_ablated == len({*strongest, *single})
        assert stop.score == pytest.approx(view.score, abs=1e-4)
        for one, other in zip(stop.changes, view.changes, strict=True):
            assert (one.before, one.is_asked) == (other.before, other.is_asked)
            assert one.after.index == other.after.index
            assert one.after.probability == pytest.approx(other.after.probability, abs=1e-6)
        assert (stop.heat.min(), stop.heat.max()) == (view.heat.low, view.heat.high)


def test_bars_reach_from_where_the_last_one_ends() -> None:
    network, cat = networks_view.load_network("efficientnet-lite0"), sharing.sample_picture("cat")
    view = votes_view.vote_view(network, cat, EGYPTIAN_CAT, TABBY, (254, 3))
    for bar in view.bars:
        assert 0 <= bar.left <= bar.right <= 1
    assert view.bars[0].left == pytest.approx(view.zero)
    last = view.bars[-1]
    assert view.sum in (pytest.approx(last.left), pytest.approx(last.right))
    assert max(bar.right for bar in view.bars) == pytest.approx(1)


def test_kernels_are_shown_in_the_way_that_suits_them() -> None:
    lenet, cat = networks_view.load_network("lenet-5"), sharing.sample_picture("cat")
    target = predictions_view.ranked_classes(lenet, cat)[0].index
    for one in votes_view.channel_views(lenet, cat, target, None, 2, "values").pro:
        # One tile for each of the six channels that it reads.
        assert one.kernel is not None
        assert one.kernel.shape == (5, 5, 1, 6)
    lite = networks_view.load_network("efficientnet-lite0")
    # Kernels of one pixel have no picture.
    for one in votes_view.channel_views(lite, cat, EGYPTIAN_CAT, None, 2, "overlay").pro:
        assert one.kernel is None


def test_a_link_offers_as_many_voters_as_the_side_has_that_it_asks_for() -> None:
    by_link = opened("votes", {"votes_count": "10", "votes_side": "Against it"})
    by_hand = opened("votes")
    by_hand.select_slider(key=COUNT.key).set_value(10).run()
    before = by_hand.select_slider(key=COUNT.key).options
    by_hand.segmented_control(key=SIDE.key).set_value("against").run()
    against = by_hand.select_slider(key=COUNT.key).options
    assert by_link.select_slider(key=COUNT.key).options == against != before
