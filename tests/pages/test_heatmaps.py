"""The heatmaps page: what it shows, what it computes for it, and what makes it stop."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import images
from cnnviz_core.heatmaps import maps, methods
from cnnviz_core.networks import from_keras
from cnnviz_core.runtime import jobs as core_jobs
from cnnviz_core.runtime import scheduler
from cnnviz_core.views import heat_cascades, heat_jobs, heatmaps, networks, sharing
from cnnviz_core.views import heat_jobs as heat_jobs_view
from cnnviz_core.views.heat_jobs import HeatJob, HeatQuestion
from cnnviz_core.views.heatmaps import HeatLook
from cnnviz_core.views.sharing import Picture
from pages.parts.network_controls import OWN, UPLOAD_SWITCH
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests.pages.visits import opened

EGYPTIAN_CAT, TABBY, GIANT_PANDA = 285, 281, 388
# What stands over the pictures of each preset but for those of many maps, and their shapes.
PRESETS = {
    "Heatmap": (["For “Egyptian cat”", "The map as it is"], ["320 × 400", "7 × 7"]),
    "Egyptian or tabby?": (
        ["For “Egyptian cat”", "For “tabby”", "“Egyptian cat” − “tabby”"],
        ["320 × 400"] * 3,
    ),
    "Panda?": (["For “giant panda”", "The map as it is"], ["7 × 7"]),
    "Sanity check: random weights": (["Trained", "Random weights"], ["320 × 400"] * 2),
    "Which pixels?": (["For “Egyptian cat”", "The map as it is"], ["320 × 400"] * 2),
    "Astronaut": (["For “football helmet”", "The map as it is"], ["320 × 320", "7 × 7"]),
    "Coffee": (["For “espresso”", "The map as it is"], ["320 × 480", "7 × 7"]),
}
# What they compute takes seconds.
LONG = ("Sanity check: random weights", "Which pixels?")
LENET_METHODS = [name for name in methods.METHODS if name != "cam"]
# The name over a small map.
TILE = 'heat-title">([^<]*)<'
numbers = count()


@pytest.fixture
def page() -> AppTest:
    return opened("heatmaps")


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The methods that began to work, one entry each time."""
    seen: list[str] = []
    raw_maps = heat_jobs.raw_maps

    def counted(*given: Any, method: str, **more: Any) -> Iterator[Any]:
        seen.append(method)
        return raw_maps(*given, method=method, **more)

    monkeypatch.setattr(heat_jobs, "raw_maps", counted)
    return seen


def checked(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def finished(page: AppTest) -> AppTest:
    """Go on as a browser does, until no map grows any more."""
    for _ in range(200):
        if not stop_buttons(page):
            return page
        tick(page)
    raise AssertionError("The maps don't come to an end.")


def tick(page: AppTest) -> AppTest:
    """What happens each time the browser asks for more."""
    core_jobs.work_on([one.job for one in maps_of(page)])
    return checked(page.run())


def maps_of(page: AppTest) -> tuple[HeatJob, ...]:
    """What the page works on."""
    maps: tuple[HeatJob, ...] = page.session_state["long work"]["heat"].made
    return maps


def stop_buttons(page: AppTest) -> list[Any]:
    return [one for one in page.button if one.key == "heat stop"]


def press(page: AppTest, label: str) -> AppTest:
    return finished(checked(page.button(key=f"preset {label}").click().run()))


def choose(page: AppTest, key: str, value: Any) -> AppTest:
    kinds = (page.selectbox, page.select_slider, page.slider, page.button_group, page.toggle)
    (widget,) = [one for kind in kinds for one in kind if one.key == key]
    return checked(widget.set_value(value).run())


def bodies(page: AppTest) -> list[str]:
    return [str(one.proto.body) for one in page.get("html")]


def found(page: AppTest, pattern: str) -> list[str]:
    return [one for body in bodies(page) for one in re.findall(pattern, body)]


def shapes(page: AppTest) -> list[str]:
    return found(page, 'cnnviz-shape">([^<]*)<')


def marks(page: AppTest) -> list[list[str]]:
    """The numbers along each color bar."""
    bars = found(page, 'cnnviz-marks">(.*?)</div>')
    return [re.findall("<span>([^<]*)<", bar) for bar in bars]


def titles(page: AppTest) -> list[str]:
    return [one.value.strip("*") for one in page.markdown if re.fullmatch(r"\*\*.*\*\*", one.value)]


def says(page: AppTest, words: str) -> bool:
    return any(words in one.value for one in [*page.markdown, *page.caption, *page.info])


def new_picture(page: AppTest, pixels: np.ndarray | None = None) -> AppTest:
    """Look at a picture that no cache knows yet."""
    own = Picture(f"heat {next(numbers)}", images.sample("cat") if pixels is None else pixels)
    page.session_state[OWN_KEY] = own
    page.run()
    return checked(page.radio(key="picture").set_value(OWN_NAME).run())


def test_the_first_visit_shows_the_articles_heatmap(page: AppTest) -> None:
    assert titles(page) == ["For “Egyptian cat”", "The map as it is"]
    assert shapes(page) == ["320 × 400", "7 × 7"]
    assert found(page, 'classes-name">([^<]*)<')[:3] == ["Egyptian cat", "tiger cat", "tabby"]
    assert says(page, "Selvaraju et al., 2017")
    raw = maps.raw_map(networks.load_network("efficientnet-lite0"), images.sample("cat"))
    assert says(page, rf"z_{{{EGYPTIAN_CAT}}} = \mathbf{{{raw.logits[EGYPTIAN_CAT]:.2f}}}")
    # The bar under the map has the map's own numbers.
    assert marks(page)[1][-1] == f"{raw.values.max():.3g}"


@pytest.mark.parametrize(
    "label",
    [pytest.param(one, marks=pytest.mark.slow) if one in LONG else one for one in PRESETS],
)
def test_a_preset_shows_its_maps(page: AppTest, label: str) -> None:
    expected, shape = PRESETS[label]
    press(page, label)
    assert titles(page) == expected
    assert shapes(page) == shape


@pytest.mark.slow
def test_a_preset_of_many_maps_shows_them_all(page: AppTest) -> None:
    press(page, "Deeper")
    assert len(found(page, TILE)) == len(marks(page)) == 8
    assert found(page, ">still to come<") == []


@pytest.mark.parametrize("method", LENET_METHODS)
def test_every_method_gives_a_map_with_its_paper_and_its_numbers(
    page: AppTest, method: str
) -> None:
    choose(page, "network", "lenet-5")
    finished(choose(page, "heat_method", method))
    facts = methods.METHODS[method]
    assert says(page, f"**{facts.title}** ({facts.paper})")
    for definition in facts.definitions:
        assert says(page, f"${definition}$")
    assert says(page, r"$H_{ij} = \mathrm{ReLU}(M_{ij})$")
    is_of_pixels = facts.kind == "pixel attribution"
    assert (shapes(page)[1] == "320 × 400") == is_of_pixels
    assert says(page, "asks for no class") == (method == "eigen-cam")
    assert says(
        page, "must add up to the score of the picture minus that of the gray baseline"
    ) == (method == "integrated-gradients")


def test_all_methods_side_by_side(page: AppTest) -> None:
    choose(page, "network", "lenet-5")
    finished(choose(page, "heat_view", "methods"))
    expected = [methods.METHODS[name].title for name in LENET_METHODS]
    assert found(page, TILE) == expected
    assert len(found(page, 'class="classes-line')) == 1


def test_a_network_that_learnt_nothing_is_not_compared_with_one(page: AppTest) -> None:
    choose(page, "heat_view", "random")
    choose(page, "network", "lenet-5")
    assert page.session_state["heat_view"] == "one"
    assert titles(page)[1] == "The map as it is"
    assert says(page, "learned nothing yet")


def test_only_a_new_question_makes_the_network_work(page: AppTest, begun: list[str]) -> None:
    new_picture(page)
    assert begun == ["grad-cam"]
    choose(page, "heat_opacity", 80)
    choose(page, "heat_threshold", 30)
    choose(page, "heat_colors", "diverging")
    for evidence in ("against", "both", "for"):
        choose(page, "heat_evidence", evidence)
    assert begun == ["grad-cam"]
    choose(page, "target_class", TABBY)
    assert begun == ["grad-cam"] * 2
    choose(page, "target_class", EGYPTIAN_CAT)
    choose(page, "target_class", -1)
    assert begun == ["grad-cam"] * 2


def test_every_control_of_the_look_changes_the_picture(page: AppTest) -> None:
    network, picture = networks.load_network("efficientnet-lite0"), sharing.sample_picture("cat")
    job = heat_jobs_view.heat_job(
        network, picture, HeatQuestion("gradient-times-input", EGYPTIAN_CAT)
    )
    while not job.is_finished:
        core_jobs.work_on([job.job])
    looks = [
        HeatLook(),
        HeatLook(alpha=0.8),
        HeatLook(threshold=0.3),
        HeatLook(color_map="diverging"),
        HeatLook(evidence="against"),
        HeatLook(evidence="both"),
        HeatLook(is_clipped=False),
    ]
    views = [heatmaps.heat_view(job, look) for look in looks]
    assert None not in views
    assert len({view[0].data for view in views if view}) == len(looks)
    # The map as it is knows of clipping alone, and its bar is centered on zero.
    raws = [view[1] for view in views if view]
    assert len({raw.data for raw in raws}) == 2
    assert all(raw.scale.color_map == "diverging" for raw in raws)
    assert all(raw.scale.low == -raw.scale.high for raw in raws)
    assert raws[-1].scale.high == pytest.approx(max(-raws[-1].low, raws[-1].high))


def test_two_classes_share_a_scale_and_their_difference_is_centered_on_zero(page: AppTest) -> None:
    press(page, "Egyptian or tabby?")
    first, second, difference = marks(page)
    assert first == second
    assert difference[0] == difference[2].replace(difference[2], f"−{difference[2]}")
    assert difference[1] == "0"
    assert says(page, f"z_{{{EGYPTIAN_CAT}}} - z_{{{TABBY}}}")
    chosen = found(page, 'classes-chosen"><span class="classes-name">([^<]*)<')
    assert chosen == ["Egyptian cat", "tabby"]


def test_a_blank_map_says_why_and_offers_the_other_side(page: AppTest) -> None:
    press(page, "Panda?")
    assert "Nothing speaks for “giant panda”" in page.info[0].value
    # No color stands for a number over the picture, so there is no scale; beside it there is one.
    assert found(page, 'heat-marks">([^<]*)<') == ["blank: all values are 0"]
    assert len(marks(page)) == 1
    assert says(page, r"$H_{ij} = \mathrm{ReLU}(M_{ij})$")
    checked(page.button(key="heat offer against").click().run())
    assert titles(page)[0] == "Against “giant panda”"
    assert says(page, r"$H_{ij} = \mathrm{ReLU}(-M_{ij})$")
    assert not page.info
    assert float(marks(page)[0][-1]) > 0


def test_a_map_without_negative_values_says_so_and_leads_back(page: AppTest) -> None:
    choose(page, "heat_method", "layer-cam")
    choose(page, "heat_evidence", "against")
    assert "no value below 0" in page.info[0].value
    checked(page.button(key="heat offer for").click().run())
    assert titles(page)[0] == "For “Egyptian cat”"


def test_a_layer_where_nothing_moves_the_score_says_so(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_own_network(page, monkeypatch, bias=-9.0)
    assert "All values of this map are 0" in page.info[0].value
    assert marks(page) == []


def test_random_weights_are_compared_by_numbers(page: AppTest) -> None:
    press(page, "Sanity check: random weights")
    (text,) = [one.value for one in page.markdown if "How alike" in one.value]
    order, structure = (
        float(one.replace("−", "-")) for one in re.findall(r"\*\*(−?[\d.]+)\*\*", text)
    )
    assert -1 <= order < 0.7
    assert -1 <= structure < 0.7
    predicts = [one.value for one in page.caption if one.value.startswith("Predicts: ")]
    assert "Egyptian cat 65" in predicts[0]
    assert "Egyptian cat" not in predicts[1]


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("score-cam", "Faster Score-CAM (tabayashi0117, 2020): $K$ holds 256 of 1,280 channels"),
        ("ablation-cam", "The paper also divides each weight by $y$."),
        ("grad-cam++", "the same positive $e^y$. That factor is left out"),
        ("integrated-gradients", "preprocessing turns into 0.00391."),
        ("gradient-times-input", "the color 127, 127, 127"),
    ],
)
def test_what_leaves_the_paper_or_needs_a_baseline_is_said(
    page: AppTest, method: str, words: str
) -> None:
    choose(page, "heat_method", method)
    assert says(page, words)


def test_every_view_says_how_to_read_it_and_cites_its_papers(page: AppTest) -> None:
    page.session_state["heat_references"] = True
    cited = {
        "one": "Selvaraju",
        "classes": "Contrastive Explanations",
        "random": "Sanity Checks for Saliency Maps",
    }
    for view, words in cited.items():
        finished(choose(page, "heat_view", view))
        assert says(page, "does not say where the object is")
        assert any(words in one.value for one in page.markdown if one.value.startswith("- "))


def test_the_cascade_is_drawn_once_it_is_asked_for(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = use_own_network(page, monkeypatch, bias=1.0).session_state["uploaded network"]
    finished(choose(page, "heat_view", "random"))
    assert cascade_figures(page) == []
    assert page.button(key="cascade").label == "Draw the curve"
    question = maps_of(page)[0].question
    job = heat_cascades.cascade_job(network, sharing.sample_picture("cat"), question)
    while not job.is_finished:
        core_jobs.work_on([job])
    checked(page.run())
    assert len(cascade_figures(page)) == 1
    assert not page.error
    state = job.state
    assert state is not None
    # Two layers have weights.
    assert [len(run) for run in state.runs] == [2] * len(heat_cascades.CASCADE_SEEDS)
    # It is bounded: what takes many passes for each map is not asked forty times.
    finished(choose(page, "heat_method", "saliency"))
    assert "cascade" in {one.key for one in page.button}
    finished(choose(page, "heat_method", "occlusion"))
    assert says(page, "needs many passes for each map")


def cascade_figures(page: AppTest) -> list[str]:
    """What is said of the figure in words, for whoever cannot see it."""
    images = [one for one in page.get("image") for one in one.proto.imgs]
    return [one.alt for one in images if one.alt.startswith("Similarity of the map")]


@pytest.mark.slow
def test_integrated_gradients_that_do_not_add_up_ask_for_more_steps(page: AppTest) -> None:
    press(page, "Egyptian or tabby?")
    finished(choose(page, "heat_method", "integrated-gradients"))
    assert says(page, "take more steps")


def test_what_takes_long_grows_and_can_be_stopped(page: AppTest, begun: list[str]) -> None:
    new_picture(page)
    choose(page, "heat_method", "score-cam")
    assert stop_buttons(page)
    first = progress(page)
    assert progress(tick(page)) > first
    checked(page.button(key="heat stop").click().run())
    assert not stop_buttons(page)
    assert says(page, "Stopped: Score-CAM")
    before = len(begun)
    checked(page.run())
    checked(page.button(key="heat go on").click().run())
    assert stop_buttons(page)
    assert progress(tick(page)) > first
    assert len(begun) == before


def test_another_question_leaves_the_work_and_the_same_one_goes_on_with_it(
    page: AppTest, begun: list[str]
) -> None:
    new_picture(page)
    choose(page, "heat_method", "score-cam")
    reached = progress(page)
    choose(page, "heat_method", "hires-cam")
    assert not stop_buttons(page)
    choose(page, "heat_method", "score-cam")
    assert progress(page) == reached
    assert progress(tick(page)) > reached
    assert begun == ["grad-cam", "score-cam", "hires-cam"]


def test_who_waits_sees_with_how_many_others(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = scheduler.Scheduler()
    monkeypatch.setattr(core_jobs, "SCHEDULER", queue)
    with scheduler.turn(queue, "another", wait=0):
        new_picture(page)
        choose(page, "heat_method", "occlusion")
        # Whoever works asks again and again.
        with scheduler.turn(queue, "another", wait=0):
            checked(page.run())
        (bar,) = page.get("progress")
        assert "about to begin · taking turns with 1 other" in bar.proto.text
        # The picture is there already.
        assert titles(page)[0] == "For “Egyptian cat”"
    assert progress(tick(page)) > 0


def progress(page: AppTest) -> int:
    """How many parts of the map that grows are done."""
    (bar,) = page.get("progress")
    numbers = re.findall(r"([\d,]+) of", bar.proto.text)
    return int(numbers[-1].replace(",", "")) if numbers else 0


def test_a_network_without_classes_leads_to_one_that_has(page: AppTest) -> None:
    choose(page, "network", "vgg16-edges")
    assert "no classes" in page.info[0].value
    assert shapes(page) == []
    checked(page.button(key="predict switch").click().run())
    assert page.selectbox(key="network").value == "efficientnet-lite0"
    assert shapes(page) == ["320 × 400", "7 × 7"]


def test_a_layer_of_one_network_gives_way_to_the_last_of_another(page: AppTest) -> None:
    choose(page, "heat_layer", "block7a_project_bn")
    choose(page, "network", "lenet-5")
    assert page.select_slider(key="heat_layer").value == "conv2"
    choose(page, "network", "efficientnet-lite0")
    assert page.select_slider(key="heat_layer").value == "head_relu"


def test_cam_is_offered_where_the_network_ends_in_means(page: AppTest) -> None:
    assert "CAM" in page.selectbox(key="heat_method").options
    choose(page, "heat_method", "cam")
    assert shapes(page)[1] == "7 × 7"
    choose(page, "network", "lenet-5")
    assert "CAM" not in page.selectbox(key="heat_method").options
    assert page.selectbox(key="heat_method").value == "grad-cam"


def use_own_network(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, *, bias: float = 0.0, scale: float = 1.0
) -> AppTest:
    """Look into a small network whose ReLU has this bias, and whose classes these weights."""
    import keras

    layers = keras.layers
    # One that is the same each time: some drawn by chance have no evidence for their first class.
    drawn = keras.initializers.GlorotUniform(seed=1)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, activation="relu", name="maps", kernel_initializer=drawn),
            layers.GlobalAveragePooling2D(name="means"),
            layers.Dense(3, activation="softmax", name="classes", kernel_initializer=drawn),
        ]
    )
    kernel, _ = model.get_layer("maps").get_weights()
    model.get_layer("maps").set_weights([kernel / 255, np.full(4, bias, np.float32)])
    weights, biases = model.get_layer("classes").get_weights()
    model.get_layer("classes").set_weights([weights * scale, biases])
    monkeypatch.setenv(UPLOAD_SWITCH, "1")
    page.session_state["uploaded network"] = from_keras(model, title=f"own {next(numbers)}")
    checked(page.run())
    return choose(page, "network", OWN)


def test_the_visitors_own_network_is_explained_too(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_own_network(page, monkeypatch, bias=1.0)
    assert shapes(page) == ["320 × 400", "6 × 6"]
    finished(choose(page, "heat_view", "methods"))
    assert "CAM" in found(page, TILE)
    assert not page.error


def test_a_network_whose_numbers_overflow_is_refused_with_the_reason(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_own_network(page, monkeypatch, bias=1.0, scale=np.inf)
    assert "finite numbers" in page.error[0].value


def test_every_control_can_be_moved_to_both_ends(page: AppTest) -> None:
    choose(page, "network", "lenet-5")
    for key in ("heat_opacity", "heat_threshold"):
        for value in (0, 100):
            choose(page, key, value)
    finished(choose(page, "heat_method", "integrated-gradients"))
    for steps in methods.INTEGRATED_STEPS[::-1]:
        finished(choose(page, "heat_steps", steps))
    choose(page, "heat_clip", False)
    finished(choose(page, "heat_view", "depth"))
    finished(choose(page, "heat_view", "classes"))
    assert len(shapes(page)) == 3


@pytest.mark.parametrize("pixels", [np.zeros((1, 1, 3)), np.full((30, 900, 3), 255)])
def test_pictures_of_any_shape_and_of_one_color_have_maps(
    page: AppTest, pixels: np.ndarray
) -> None:
    new_picture(page, pixels.astype(np.uint8))
    assert len(shapes(page)) == 2
    choose(page, "network", "lenet-5")
    finished(choose(page, "heat_view", "methods"))
    assert not page.error
