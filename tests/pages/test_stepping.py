"""The step-by-step page: presets, controls, the clock, and input that cannot be read."""

import io
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz_core.layers.step_setups import ConvolutionSetup, PoolingSetup
from cnnviz_core.layers.step_style import COLORS
from cnnviz_core.theme import Theme
from cnnviz_core.views import stepping
from pages.parts.layers import step_player
from tests.pages.visits import opened

ROOT = Path(__file__).parents[2]
LABELS = ("input", "kernel", "result")
# The size of the result, and its first number.
PRESETS = {
    "Textbook": (3, 3, "4"),
    "Zero padding": (5, 5, "2"),
    "Stride 2": (2, 2, "4"),
    "Dilation 2": (3, 3, "4"),
    "Max pooling": (2, 2, "6"),
    "Average pooling": (2, 2, "3.25"),
    "Find an edge": (3, 5, "0"),
}
SLIDERS = {
    "step_stride": (1, 4),
    "step_dilation": (1, 3),
    "step_zeros": (0, 3),
    "step_size": (1, 5),
    "step_pool_stride": (1, 4),
}


@pytest.fixture
def page() -> AppTest:
    return opened("stepping")


def press(page: AppTest, label: str) -> AppTest:
    return page.button(key=f"preset {label}").click().run()


def play(page: AppTest) -> AppTest:
    return page.button(key="step play").click().run()


def picture(page: AppTest) -> str:
    """What the picture says to those who can't see it."""
    return str(page.get("image")[0].proto.imgs[0].alt)


def sizes(page: AppTest) -> list[int]:
    """Height and width of the result, from the formulas."""
    formulas = "".join(one.proto.body for one in page.get("html"))
    return [int(size) for size in re.findall(r" = <b>(\d+)</b>", formulas)]


@pytest.mark.parametrize(("label", "expected"), PRESETS.items())
def test_a_preset_begins_at_its_first_stop(
    page: AppTest, label: str, expected: tuple[int, int, str]
) -> None:
    page.select_slider(key="step_stop").set_value(4).run()
    press(page, label)
    height, width, first = expected
    assert not page.exception
    assert sizes(page) == [height, width]
    assert picture(page) == (
        f"Stop 1 of {height * width}: row 1, column 1 of the result becomes {first}."
    )


def test_the_slider_goes_from_stop_to_stop(page: AppTest) -> None:
    page.select_slider(key="step_stop").set_value(6).run()
    assert picture(page) == "Stop 6 of 9: row 2, column 3 of the result becomes 3."


def test_a_stop_that_has_gone_becomes_the_last(page: AppTest) -> None:
    page.select_slider(key="step_stop").set_value(9).run()
    page.slider(key="step_stride").set_value(2).run()
    assert picture(page).startswith("Stop 4 of 4")


def test_a_stop_that_remains_is_kept(page: AppTest) -> None:
    page.select_slider(key="step_stop").set_value(3).run()
    page.slider(key="step_stride").set_value(2).run()
    assert picture(page).startswith("Stop 3 of 4")


def test_a_single_stop_needs_no_slider(page: AppTest) -> None:
    page.text_area(key="step_grid").set_value("1 2 3; 4 5 6; 7 8 9").run()
    assert not page.select_slider
    assert picture(page).startswith("Stop 1 of 1")


def test_play_ends_at_the_last_stop(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    page.select_slider(key="step_stop").set_value(8).run()
    # Every run of the player is a tick of the clock, for there is no browser that ticks.
    monkeypatch.setattr(step_player, "SECONDS_PER_POSITION", -1.0)
    play(page)
    assert page.button(key="step play").label == "Play"
    assert picture(page).startswith("Stop 9 of 9")
    page.run()
    assert picture(page).startswith("Stop 9 of 9")


def test_play_begins_anew_from_the_last_stop_until_another_control_is_touched(
    page: AppTest,
) -> None:
    page.select_slider(key="step_stop").set_value(9).run()
    play(page)
    assert page.button(key="step play").label == "Pause"
    assert picture(page).startswith("Stop 1 of 9")
    page.slider(key="step_dilation").set_value(1).run()
    assert page.button(key="step play").label == "Play"
    assert picture(page).startswith("Stop 1 of 9")


def test_pause_stays_where_it_is(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_player, "SECONDS_PER_POSITION", -1.0)
    play(page)
    play(page)
    assert page.button(key="step play").label == "Play"
    assert picture(page).startswith("Stop 2 of 9")


def test_a_stop_that_was_just_shown_waits_for_the_next_tick(page: AppTest) -> None:
    play(page)
    assert picture(page).startswith("Stop 1 of 9")


@pytest.mark.parametrize("operation", ["convolution", "max", "average"])
@pytest.mark.parametrize("padding", ["valid", "same", "zeros"])
def test_every_control_goes_to_both_ends(page: AppTest, operation: str, padding: str) -> None:
    # Its grid is large enough for every window.
    press(page, "Dilation 2")
    page.button_group(key="step_operation").set_value(operation).run()
    key = "step_padding" if operation == "convolution" else "step_pool_padding"
    if padding in page.button_group(key=key).options or operation == "convolution":
        page.button_group(key=key).set_value(padding).run()
    if operation != "convolution":
        page.toggle(key="step_touch").set_value(False).run()
    for key in [one.key for one in page.slider if one.key in SLIDERS]:
        for value in SLIDERS[key]:
            page.slider(key=key).set_value(value).run()
            assert not page.exception
            assert not page.error


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("step_grid", "", "The grid is empty"),
        ("step_grid", "1 2 3\n4 cat 6\n7 8 9", "row 2, column 2: “cat” is not a number"),
        ("step_grid", "1 2 3\n4 5\n7 8 9", "row 2 has length 2"),
        ("step_kernel", "1,,1", "The kernel, row 1, column 2 is blank"),
        ("step_kernel", "1 1 1 1 1 1", "must fit"),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_picture_stays(
    page: AppTest, key: str, text: str, message: str
) -> None:
    page.select_slider(key="step_stop").set_value(5).run()
    before = picture(page)
    page.text_area(key=key).set_value(text).run()
    assert not page.exception
    assert message in page.error[0].value
    assert picture(page) == before
    page.slider(key="step_stride").set_value(2).run()
    assert picture(page) == before
    press(page, "Textbook")
    assert not page.error


def test_a_window_larger_than_the_grid_is_refused(page: AppTest) -> None:
    press(page, "Max pooling")
    page.slider(key="step_size").set_value(5).run()
    assert "must fit" in page.error[0].value
    assert picture(page).startswith("Stop 1 of 4")


def test_too_long_an_animation_is_refused_with_the_reason(page: AppTest) -> None:
    page.text_area(key="step_grid").set_value("\n".join(["1 " * 12] * 12)).run()
    assert not page.get("download_button")[0].proto.disabled
    page.button_group(key="step_padding").set_value("zeros").run()
    page.slider(key="step_zeros").set_value(2).run()
    assert page.get("download_button")[0].proto.disabled
    assert any(
        "at most 144 stops, and this one would have 196" in one.value for one in page.caption
    )


@pytest.mark.parametrize("theme", get_args(Theme))
def test_the_animation_has_every_stop(theme: Theme) -> None:
    setup = PoolingSetup("1 1 2 4; 5 6 7 8; 3 2 1 0; 1 2 3 4", 2, "max")
    with Image.open(io.BytesIO(stepping.animated_positions(setup, theme, LABELS))) as gif:
        assert gif.n_frames == 4
        drawn = Image.open(io.BytesIO(stepping.position_picture(setup, 0, theme, LABELS).data))
        assert gif.size == drawn.size


@pytest.mark.parametrize(
    "setup",
    [
        PoolingSetup("1", 1, "max"),
        PoolingSetup("\n".join(["1 " * 7] * 7), 1, "max"),
    ],
)
def test_an_animation_is_wide_enough_for_a_wall(setup: PoolingSetup) -> None:
    with Image.open(io.BytesIO(stepping.animated_positions(setup, "light", LABELS))) as gif:
        assert gif.width >= 512


def test_every_stop_of_the_largest_picture_is_sent_as_it_is() -> None:
    # Streamlit shrinks, slowly, what is wider than this.
    setup = ConvolutionSetup("\n".join(["1 " * 12] * 12), "1 " * 12, padding=3)
    for kernel in ("1", "1 " * 3, "1 " * 12):
        setup = ConvolutionSetup(setup.grid, kernel, padding=3)
        assert 2 * stepping.position_picture(setup, 0, "light", LABELS).width <= 1460


@pytest.mark.parametrize("theme", get_args(Theme))
def test_a_picture_has_the_background_of_the_page(theme: Theme) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert COLORS[theme].background == config["theme"][theme]["backgroundColor"].lower()
