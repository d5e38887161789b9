"""The home page: the first layers, and the way to every page and every figure."""

import re
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import images
from cnnviz_core.drawing import rendering
from cnnviz_core.layers.article import FIGURES, ArticleFigure
from cnnviz_core.layers.kernels import NamedKernel, kernel_sizes
from cnnviz_core.runtime import jobs
from cnnviz_core.views import activation, lenet, pooling, sharing, thumbnails
from cnnviz_core.views import home as home_view
from cnnviz_core.views.thumbnails import ASCENT_LAYERS
from pages.parts import contents, first_layers
from pages.parts.filter_ascent.ascent_controls import LAYER
from pages.parts.presets import ASKED
from pages.parts.seeds import PLEASING_SEED
from pages.parts.table_of_contents import ASCENT_PRESETS

DASHBOARD = Path(__file__).parents[2] / "dashboard.py"
LINKED = [figure for figure in FIGURES if figure.layers]


@pytest.fixture
def home() -> AppTest:
    return checked(AppTest.from_file(DASHBOARD, default_timeout=30).run())


def checked(page: AppTest) -> AppTest:
    assert [one.value for one in page.exception] == []
    return page


def title(page: AppTest) -> str:
    html = "".join(one.proto.body for one in page.main.get("html"))
    return re.findall(r"<h1>([^<]*)</h1>", html)[0]


def shapes(page: AppTest) -> list[str]:
    html = "".join(one.proto.body for one in page.main.get("html"))
    return re.findall(r'cnnviz-shape">([^<]*)<', html)


def said(page: AppTest) -> str:
    html = [unescape(one.proto.body) for one in page.main.get("html")]
    return "\n".join([*(one.value for one in (*page.markdown, *page.caption)), *html])


def test_the_first_picture_is_an_outline(home: AppTest) -> None:
    assert shapes(home) == ["320 × 400 × 3", "312 × 392 × 1", "312 × 392 × 1", "78 × 98 × 1"]
    assert not [one for one in home.button if one.key == "roll home_seed"]


def test_random_weights_are_the_second_click_and_can_be_drawn_again(home: AppTest) -> None:
    checked(home.segmented_control(key=first_layers.WEIGHTS.key).set_value("random").run())
    assert shapes(home)[1:] == ["318 × 398 × 3", "318 × 398 × 3", "79 × 99 × 3"]
    checked(home.button(key="roll home_seed").click().run())
    assert home.number_input(key="home_seed").value == PLEASING_SEED + 1


def test_its_sliders_move_the_layers(home: AppTest) -> None:
    home.select_slider(key=first_layers.OUTLINE_SIZE.key).set_value(15)
    checked(home.slider(key=first_layers.WINDOW.key).set_value(10).run())
    assert shapes(home)[1:] == ["306 × 386 × 1", "306 × 386 × 1", "30 × 38 × 1"]
    assert "Of every 10 × 10 values" in said(home)
    checked(home.slider(key=first_layers.WINDOW.key).set_value(1).run())
    assert first_layers.NOT_POOLED in said(home)


def test_an_outline_is_black_where_nothing_is_and_loses_its_negative_half() -> None:
    choice = NamedKernel("laplacian", 9, 0.0, "brightness")
    _, summed, kept, pooled = home_view.first_layers(sharing.sample_picture("cat"), choice, 4)
    assert (summed.scale.color_map, kept.scale.color_map) == ("diverging", "sequential")
    assert kept.scale == pooled.scale
    assert (summed.scale.low, kept.scale.low) == (-summed.scale.high, 0)
    assert summed.low < 0 == kept.low == pooled.low
    assert summed.high == kept.high == pooled.high


@pytest.mark.parametrize("size", [(5, 480), (12, 12), (3000, 50)])
def test_the_first_layers_fit_into_small_pictures(size: tuple[int, int]) -> None:
    picture = sharing.Picture(f"small {size}", np.full((*size, 3), 9, np.uint8))
    fitting = max(one for one in kernel_sizes("laplacian") if one <= min(size))
    choice = NamedKernel("laplacian", fitting, 0.0, "brightness")
    assert len(home_view.first_layers(picture, choice, 1)) == 4


def test_a_picture_too_small_for_a_layer_stands_on_its_card_itself() -> None:
    made = thumbnails.layer_thumbnails(sharing.Picture("a pixel", np.full((1, 1, 3), 9, np.uint8)))
    assert made["convolution"].picture
    assert images.decode(made["convolution"].picture).tolist() == [[[9, 9, 9]]]


def test_pages_are_a_numbered_path_and_all_of_them_are_linked(home: AppTest) -> None:
    cards = [one.proto for one in home.main.get("page_link") if " · " in one.proto.label]
    assert [card.page for card in cards] == [entry.name for entry in contents.PATH]
    assert [card.label.split(" · ")[0].strip("*") for card in cards] == [
        str(number) for number in range(1, len(cards) + 1)
    ]


def test_what_needs_no_network_has_its_picture_at_once(home: AppTest) -> None:
    alts = [one.proto.imgs[0].alt for one in home.main.get("image")]
    for name in ("convolution", "stepping", "activation", "pooling", "lenet", "occlusion"):
        assert contents.entry(name).title in alts


def test_thumbnails_of_networks_come_one_by_one() -> None:
    picture = sharing.sample_picture("cat")
    job = thumbnails.network_thumbnails(picture)
    found: list[set[str]] = []
    while not job.is_finished:
        jobs.work_on([job])
        found.append(set(job.state or {}))
    assert all(fewer <= more for fewer, more in pairwise(found))
    made = job.state
    assert made is not None
    missing = {entry.name for entry in contents.SECTIONS["Trained networks"]} - set(made)
    assert missing == {"occlusion", "filter_ascent"}
    assert made["predictions"].classes[0].name == "Egyptian cat"
    drawn = {name for name, one in made.items() if one.picture and images.decode(one.picture).size}
    assert drawn == {"feature_maps", "heatmaps", "votes", "kernels"}
    assert made["architecture"].drawing.startswith("<svg")


def scales_on_their_pages(picture: sharing.Picture, figure: ArticleFigure) -> rendering.Scale:
    *layers, last = figure.layers
    asked = picture, tuple(layers), figure.seed
    if figure.page == "lenet":
        look = {"display": figure.display, "size": "enlarged", "sharing": "zero"}
        return lenet.lenet(picture, figure.layers, figure.seed, **look).stages[-1].picture.scale
    if figure.page == "pooling":
        return pooling.pooled(*asked, last, down=0, across=0).after.scale
    look = {"display": figure.display, "sharing": "zero"}
    return activation.activated(*asked, 255, last, **look).after.scale


def test_figures_in_the_gallery_have_the_scale_of_their_pages() -> None:
    picture = sharing.sample_picture("cat")
    shown = {one.figure.name: one.picture.scale for one in home_view.gallery(picture)}
    for figure in LINKED:
        if figure.page != "convolution":
            assert shown[figure.name] == scales_on_their_pages(picture, figure), figure.name


def test_the_layers_of_the_gallery_are_those_with_an_ascent() -> None:
    assert set(ASCENT_PRESETS.values()) == set(ASCENT_LAYERS)


def follow(app: AppTest, name: str, preset: str) -> None:
    """Click on the figure that leads to a page's preset."""
    links = [
        parse_qs(one.proto.query_string)
        for one in app.main.get("page_link")
        if one.proto.page == name
    ]
    assert {ASKED: [preset]} in links
    app.query_params[ASKED] = preset
    checked(app.switch_page(f"pages/{name}.py").run())


@pytest.mark.parametrize("figure", LINKED, ids=lambda figure: figure.name)
def test_every_figure_of_the_article_leads_to_its_page_and_moves_there(figure) -> None:
    page = AppTest.from_file(DASHBOARD, default_timeout=30).run()
    follow(page, figure.page, figure.title)
    assert title(page) == contents.entry(figure.page).title
    assert " × ".join(map(str, figure.shape)) in shapes(page)[1:]


@pytest.mark.parametrize(("preset", "layer"), ASCENT_PRESETS.items(), ids=ASCENT_PRESETS)
def test_every_layer_of_the_article_leads_to_its_ascent(preset, layer) -> None:
    page = AppTest.from_file(DASHBOARD, default_timeout=30).run()
    follow(page, "filter_ascent", preset)
    assert title(page) == contents.entry("filter_ascent").title
    assert page.select_slider(key=LAYER.key).value == layer
    assert [one.proto.text for one in page.get("progress")] == ["Step 0 of 24, 128 × 128 pixels"]


def test_the_heatmap_of_the_article_is_one_click_away() -> None:
    page = AppTest.from_file(DASHBOARD, default_timeout=60).run()
    follow(page, "heatmaps", "Heatmap")
    assert title(page) == contents.entry("heatmaps").title
    assert shapes(page) == ["320 × 400", "7 × 7"]
