"""The LeNet page: six pictures and what stands behind them, whatever its controls say."""

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import networks
from cnnviz_core.layers.activation import activation_names
from cnnviz_core.layers.article import FIGURES
from cnnviz_core.views import lenet as lenet_view
from cnnviz_core.views import sharing
from pages.parts.layers.activation_names import ACTIVATION_TITLES
from tests.pages.visits import opened

SLIDERS = {
    "filters": (1, 16),
    "size": (1, 15),
    "stride": (1, 4),
    "dilation": (1, 3),
    "window": (2, 10),
}
ARTICLE = {
    "LeNet, 1 and 1 filters": "lenet-1-1",
    "LeNet, 3 and 1 filters": "lenet-3-1",
    "LeNet, 3 and 3 filters": "lenet-3-3",
}
SURPRISES = {
    "After LeNet-5": "77 × 97 × 16",
    "Strides, no pooling": "52 × 66 × 3",
    "A cat of few pixels": "12 × 15 × 3",
}
FIRST_VISIT = [
    "318 × 398 × 3",
    "318 × 398 × 3",
    "106 × 132 × 3",
    "104 × 130 × 3",
    "104 × 130 × 3",
    "52 × 65 × 3",
]


@pytest.fixture
def page() -> AppTest:
    return opened("lenet")


def html(page: AppTest) -> list[str]:
    return [one.proto.body for one in page.get("html")]


def shapes(page: AppTest) -> list[str]:
    """The shapes under the pictures, in the order of the layers."""
    marker = '<span class="cnnviz-shape">'
    return [body.split(marker)[1].split("</span>")[0] for body in html(page) if marker in body]


def addresses(page: AppTest) -> list[str]:
    """Where the pictures lie; an address follows from what a picture shows.

    The last is the picture that the browser computes with.
    """
    return [one.proto.imgs[0].url for one in page.get("image")][:-1]


def head(page: AppTest) -> str:
    return next(body for body in html(page) if 'class="lenet-head"' in body)


def press(page: AppTest, label: str) -> AppTest:
    return page.button(key=f"preset {label}").click().run()


def test_the_first_visit_shows_a_picture_after_each_layer(page: AppTest) -> None:
    assert not page.exception
    assert shapes(page) == FIRST_VISIT


@pytest.mark.parametrize(("label", "name"), ARTICLE.items())
def test_a_preset_is_the_articles_figure(
    page: AppTest, label: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    lenet = lenet_view.lenet

    def listen(
        picture: sharing.Picture, layers: Any, seed: int, **look: Any
    ) -> lenet_view.LenetView:
        asked.append((layers, seed))
        return lenet(picture, layers, seed, **look)

    monkeypatch.setattr(lenet_view, "lenet", listen)
    press(press(page, "After LeNet-5"), label)
    figure = next(figure for figure in FIGURES if figure.name == name)
    assert not page.exception
    assert asked[-1] == (figure.layers, figure.seed)
    assert shapes(page)[-1] == " × ".join(map(str, figure.shape))


@pytest.mark.parametrize(("label", "shape"), SURPRISES.items())
def test_a_surprise_shows_its_shape(page: AppTest, label: str, shape: str) -> None:
    press(page, label)
    assert not page.exception
    assert shapes(page)[-1] == shape


@pytest.mark.parametrize("block", [1, 2])
@pytest.mark.parametrize("name", SLIDERS)
def test_a_slider_changes_the_shapes_from_its_layer_on(
    page: AppTest, block: int, name: str
) -> None:
    place = 3 * (block - 1) + (2 if name == "window" else 0)
    results = []
    for end in SLIDERS[name]:
        page.slider(key=f"lenet_{name}{block}").set_value(end).run()
        assert not page.exception
        assert not page.error
        results.append(shapes(page))
    low, high = results
    assert low[:place] == high[:place] == FIRST_VISIT[:place]
    assert low[place] != high[place]


@pytest.mark.parametrize("block", [1, 2])
def test_a_pooling_window_overlaps_with_a_smaller_stride(page: AppTest, block: int) -> None:
    place = 3 * block - 1
    height, width, channels = map(int, FIRST_VISIT[place - 1].split(" × "))
    page.select_slider(key=f"lenet_pool_stride{block}").set_value(1).run()
    lost = page.slider(key=f"lenet_window{block}").value - 1
    assert shapes(page)[place] == f"{height - lost} × {width - lost} × {channels}"
    page.selectbox(key=f"lenet_pool_padding{block}").select("same").run()
    assert shapes(page)[place] == FIRST_VISIT[place - 1]


@pytest.mark.parametrize("block", [1, 2])
def test_the_slope_of_leaky_relu_changes_its_picture(page: AppTest, block: int) -> None:
    page.selectbox(key=f"lenet_function{block}").select("leaky_relu").run()
    before = addresses(page)
    page.select_slider(key=f"lenet_slope{block}").set_value(1.0).run()
    place = 3 * block - 2
    assert not page.exception
    assert addresses(page)[: place - 1] == before[: place - 1]
    assert addresses(page)[place] != before[place]


@pytest.mark.parametrize("block", [1, 2])
def test_every_activation_function_names_its_picture(page: AppTest, block: int) -> None:
    for name in activation_names():
        page.selectbox(key=f"lenet_function{block}").select(name).run()
        assert not page.exception
        titles = [body for body in html(page) if "lenet-title" in body and "<style>" not in body]
        assert f"<b>{ACTIVATION_TITLES[name]}</b>" in titles[3 * block - 2]


def test_padding_keeps_or_enlarges_the_picture(page: AppTest) -> None:
    page.selectbox(key="lenet_padding1").select("same").run()
    assert shapes(page)[0] == "320 × 400 × 3"
    page.selectbox(key="lenet_padding1").select(7).run()
    assert shapes(page)[0] == "332 × 412 × 3"
    assert not page.exception


@pytest.mark.parametrize(
    ("key", "other"),
    [("lenet_maps", "tiles"), ("lenet_enlarge", "proportional"), ("lenet_scale", "own")],
)
def test_a_look_changes_pictures_but_no_shape(page: AppTest, key: str, other: str) -> None:
    before = addresses(page)
    page.segmented_control(key=key).set_value(other).run()
    assert not page.exception
    assert shapes(page) == FIRST_VISIT
    assert len(before) == 6
    assert addresses(page) != before


def test_the_choice_between_rgb_and_tiles_is_there_for_three_maps_only(page: AppTest) -> None:
    keys = {one.key for one in page.segmented_control}
    assert "lenet_maps" in keys
    press(page, "After LeNet-5")
    assert "lenet_maps" not in {one.key for one in page.segmented_control}


def test_the_head_counts_the_values_of_the_last_picture(page: AppTest) -> None:
    # 52·65·3 = 10,140 and (10,140 + 1)·120 = 1,216,920
    assert "<b>10,140</b>" in head(page)
    assert "1,216,920 parameters" in head(page)
    press(page, "LeNet, 3 and 1 filters")
    assert "<b>3,380</b>" in head(page)


def test_the_formulas_have_this_moments_numbers(page: AppTest) -> None:
    page.slider(key="lenet_filters1").set_value(5).run()
    text = next(one.value for one in page.markdown if "first convolution" in one.value)
    assert r"(3\cdot 3\cdot 3 + 1)\cdot 5 = \mathbf{140}" in text
    assert r"(3\cdot 3\cdot 5 + 1)\cdot 3 = \mathbf{138}" in text
    assert r"(10{,}140 + 1)\cdot 120 = \mathbf{1{,}216{,}920}" in text
    # 140 + 138 + 1,216,920 + 10,164 + 850
    assert any("1,228,212" in one.value for one in page.markdown)


def test_without_pooling_no_pooling_is_drawn(page: AppTest) -> None:
    press(page, "Strides, no pooling")
    assert len(shapes(page)) == len(addresses(page)) == 4
    assert not any("Max pooling" in body for body in html(page) if 'lenet-title">' in body)
    # A window of one pixel that leaves pixels out is pooling still.
    page.select_slider(key="lenet_pool_stride2").set_value(2).run()
    assert shapes(page)[-1] == "26 × 33 × 3"
    assert len(shapes(page)) == 5


def test_the_numbers_of_lenet_5_add_up(page: AppTest) -> None:
    page.session_state["lenet_history"] = True
    page.run()
    table = next(one.value for one in page.markdown if "Layer of LeNet-5" in one.value)
    rows = [
        [re.sub(r"\D", "", cell) for cell in line.split("|")[2:4]]
        for line in table.splitlines()
        if re.match(r"\| (C|S|F|Output|\*\*Trained)", line)
    ]
    for column in (0, 1):
        *parts, total = [int(row[column] or 0) for row in rows]
        assert sum(parts) == total
    assert [int(row[1]) for row in rows if row[1]][:6] == [156, 0, 2416, 0, 48120, 10164]
    network = networks.load("lenet-5")
    trained = [one.num_parameters for one in network.layers if one.num_parameters]
    assert trained == [156, 2416, 48120, 10164, 850]
    # C3: six filters read 3 maps, nine read 4 and one reads 6; each has a bias.
    assert int(rows[2][0]) == 25 * (6 * 3 + 9 * 4 + 6) + 16


def test_another_seed_draws_other_kernels(page: AppTest) -> None:
    before = addresses(page)
    page.button(key="roll lenet_seed").click().run()
    after = addresses(page)
    assert len(before) == len(after) == 6
    assert not set(before) & set(after)


def test_a_kernel_comes_down_with_what_is_left_for_it(page: AppTest) -> None:
    page.slider(key="lenet_size2").set_value(15).run()
    page.slider(key="lenet_stride1").set_value(4)
    page.slider(key="lenet_window1").set_value(10).run()
    assert not page.error
    assert shapes(page)[2:4] == ["8 × 10 × 3", "1 × 3 × 3"]
    assert page.slider(key="lenet_size2").value == page.slider(key="lenet_size2").max == 8
    assert page.slider(key="lenet_window2_only").disabled


def test_an_address_sets_layers_of_both_tabs() -> None:
    app = opened("lenet", {"lenet_filters2": "2", "lenet_padding2": "Same"})
    assert shapes(app)[3] == "106 × 132 × 2"
