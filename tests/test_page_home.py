"""The home page: the first layers, and the way to every page and every figure."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.article import FIGURES
from pages.parts import contents
from pages.parts.ascent_controls import LAYER
from pages.parts.table_of_contents import CLIMBED

DASHBOARD = Path(__file__).parents[1] / "dashboard.py"
LINKED = [figure for figure in FIGURES if figure.layers]


@pytest.fixture
def home() -> AppTest:
    return checked(AppTest.from_file(DASHBOARD, default_timeout=30).run())


def checked(page: AppTest) -> AppTest:
    assert [one.value for one in page.exception] == []
    return page


def shapes(page: AppTest) -> list[str]:
    html = "".join(one.proto.body for one in page.main.get("html"))
    return re.findall(r'cnnviz-shape">([^<]*)<', html)


def test_the_cat_goes_through_convolution_relu_and_pooling(home: AppTest) -> None:
    assert shapes(home) == ["320 × 400 × 3", "318 × 398 × 3", "318 × 398 × 3", "79 × 99 × 3"]


def test_its_sliders_move_the_layers(home: AppTest) -> None:
    home.slider(key="home_size").set_value(15)
    checked(home.slider(key="home_window").set_value(10).run())
    assert shapes(home)[1:] == ["306 × 386 × 3", "306 × 386 × 3", "30 × 38 × 3"]


def test_every_page_is_linked(home: AppTest) -> None:
    links = {one.proto.page for one in home.main.get("page_link")}
    entries = [entry for section in contents.SECTIONS.values() for entry in section]
    assert links == {entry.name for entry in entries}


@pytest.mark.parametrize("figure", LINKED, ids=lambda figure: figure.name)
def test_every_figure_of_the_article_leads_to_its_page_and_moves_there(figure) -> None:
    page = AppTest.from_file(DASHBOARD, default_timeout=30).run()
    checked(page.button(key=f"figure {figure.name}").click().run())
    assert page.title[0].value == contents.entry(figure.page).title
    assert " × ".join(map(str, figure.shape)) in shapes(page)[1:]


@pytest.mark.parametrize(("preset", "layer"), CLIMBED.items(), ids=CLIMBED)
def test_every_climbed_layer_of_the_article_leads_to_its_climb(preset, layer) -> None:
    page = AppTest.from_file(DASHBOARD, default_timeout=30).run()
    checked(page.button(key=f"layer {layer}").click().run())
    assert page.title[0].value == contents.entry("filter_ascent").title
    assert page.select_slider(key=LAYER).value == layer
    assert [one.proto.text for one in page.get("progress")] == ["Step 0 of 48, 128 × 128 pixels"]


def test_the_heatmap_of_the_article_is_one_click_away() -> None:
    page = AppTest.from_file(DASHBOARD, default_timeout=60).run()
    checked(page.button(key="figure heatmap").click().run())
    assert page.title[0].value == contents.entry("heatmaps").title
    assert shapes(page) == ["320 × 400", "7 × 7"]
