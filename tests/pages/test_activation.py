"""The activation page: what it shows, whatever its controls say."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz_core.layers.activation import activation_names
from cnnviz_core.layers.article import FIGURES
from cnnviz_core.layers.specs import Activation, Convolution
from cnnviz_core.views.activation import activated
from cnnviz_core.views.sharing import sample_picture
from pages.parts.layers.activation_names import ACTIVATION_TITLES
from tests.pages.visits import opened

ARTICLE = {"ReLU, one map": "relu-1", "ReLU, color": "relu-3"}
SURPRISES = {
    "Sigmoid saturates": "318 × 398 × 3",
    "tanh keeps the sign": "318 × 398 × 1",
    "Leaky ReLU": "318 × 398 × 1",
    "Softmax over 8": "318 × 398 × 8",
    "GELU, swish, ReLU": "318 × 398 × 3",
}
CHOICES = {
    "act_input": ("picture", "maps"),
    "act_filters": (1, 8, 3),
    "act_values": (255, 1),
    "act_scale": ("own", "shared"),
    "act_display": ("tiles", "composite"),
}


@pytest.fixture
def page() -> AppTest:
    return opened("activation")


def shapes(page: AppTest) -> list[str]:
    """The shapes under the pictures, from left to right."""
    marker = '<span class="cnnviz-shape">'
    return [
        one.proto.body.split(marker)[1].split("</span>")[0]
        for one in page.get("html")
        if marker in one.proto.body
    ]


def pictures(page: AppTest) -> list[str]:
    """The addresses of all pictures: before, after, curve; not of the one for the browser alone."""
    *seen, _ = [image.proto.imgs[0].url for image in page.get("image")]
    return seen


def press(page: AppTest, label: str) -> None:
    page.button(key=f"preset {label}").click().run()


def choose(page: AppTest, name: str) -> None:
    page.selectbox(key="act_function").set_value(name).run()


def says(page: AppTest, words: str) -> bool:
    return any(words in one.value for one in page.markdown)


@pytest.mark.parametrize(("label", "name"), ARTICLE.items())
def test_a_preset_shows_the_figure_of_the_article(page: AppTest, label: str, name: str) -> None:
    figure = next(one for one in FIGURES if one.name == name)
    press(page, label)
    assert not page.exception
    assert shapes(page)[1] == " × ".join(map(str, figure.shape))
    assert page.number_input(key="act_seed").value == figure.seed
    assert page.selectbox(key="act_function").value == "relu"


@pytest.mark.parametrize(("label", "shape"), SURPRISES.items())
def test_a_surprise_runs(page: AppTest, label: str, shape: str) -> None:
    press(page, label)
    assert not page.exception
    assert shapes(page)[1] == shape


def test_every_function_has_a_curve_and_a_picture_of_its_own(page: AppTest) -> None:
    curves, afters = set(), set()
    for name in activation_names():
        choose(page, name)
        assert not page.exception, name
        assert says(page, f"**{ACTIVATION_TITLES[name]}**")
        _, after, drawn = pictures(page)
        curves.add(drawn)
        afters.add(after)
    assert len(curves) == len(activation_names())
    # No value reaches 6, so that ReLU6 is ReLU.
    assert len(afters) == len(activation_names()) - 1


def test_every_control_can_be_moved_to_both_ends(page: AppTest) -> None:
    page.multiselect(key="act_compare").set_value(["tanh", "softmax", "leaky_relu"]).run()
    for slope in (0.0, 1.0):
        page.select_slider(key="act_slope").set_value(slope).run()
        assert not page.exception, slope
    for key, options in CHOICES.items():
        for option in options:
            page.segmented_control(key=key).set_value(option).run()
            assert not page.exception, (key, option)


def test_the_slope_is_asked_for_only_where_it_counts(page: AppTest) -> None:
    assert not page.select_slider
    page.multiselect(key="act_compare").set_value(["leaky_relu"]).run()
    assert page.select_slider(key="act_slope").value == 0.3


def facts(page: AppTest) -> list[str]:
    """What stands under the pictures: color bars, shape, what zero looks like."""
    bodies = [one.proto.body for one in page.get("html")]
    return [body for body in bodies if 'class="cnnviz-facts"' in body]


def ends(page: AppTest) -> list[list[float]]:
    """The numbers below each color bar."""
    marks = [re.findall(r'cnnviz-marks">(.*?)</div>', one)[0] for one in facts(page)]
    return [
        [float(end) for end in re.findall(r"[\d.]+", re.sub("<.*?>", " ", one))] for one in marks
    ]


def test_before_and_after_share_a_scale_or_each_has_its_own(page: AppTest) -> None:
    choose(page, "sigmoid")
    page.segmented_control(key="act_scale").set_value("shared").run()
    before, after = ends(page)
    assert before == after
    page.segmented_control(key="act_scale").set_value("own").run()
    before, after = ends(page)
    assert before != after


def test_after_relu_zero_is_black_and_before_it_mid_gray(page: AppTest) -> None:
    before, after = facts(page)
    assert "mid-gray is zero" in before
    assert "black is zero" in after
    assert ends(page)[1][0] == 0
    assert len(re.findall('class="cnnviz-bar"', after)) == 3
    view = activated(
        sample_picture("cat"),
        (Convolution(3, 3),),
        265,
        1,
        Activation("relu"),
        display="composite",
        sharing="zero",
    )
    shown = np.asarray(Image.open(io.BytesIO(view.after.data)))
    assert (shown == 0).mean() >= view.share_zeroed > 0.2


def test_one_map_is_offered_only_scales_that_differ(page: AppTest) -> None:
    page.segmented_control(key="act_scale").set_value("own").run()
    page.segmented_control(key="act_filters").set_value(1).run()
    assert not page.exception
    assert page.segmented_control(key="act_scale").value == "zero"
    assert len(page.segmented_control(key="act_scale").options) == 2


def test_softmax_of_one_channel_is_explained(page: AppTest) -> None:
    page.segmented_control(key="act_filters").set_value(1).run()
    assert not page.info
    choose(page, "softmax")
    assert "always 1" in page.info[0].value
    page.segmented_control(key="act_filters").set_value(2).run()
    assert not page.info


def test_relu_tells_how_many_values_it_zeroed(page: AppTest) -> None:
    press(page, "ReLU, one map")
    assert not says(page, "**0.0%** of all values")
    choose(page, "identity")
    assert says(page, "**0.0%** of all values")
    assert says(page, "from **−∞** to **∞**")


def test_the_histogram_is_drawn_only_when_opened(page: AppTest) -> None:
    assert len(pictures(page)) == 3
    page.session_state["act_histogram"] = True
    page.run()
    assert not page.exception
    assert len(pictures(page)) == 4
