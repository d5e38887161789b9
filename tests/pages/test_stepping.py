"""The step-by-step page: presets, controls, the clock, and input that cannot be read."""

import io
import json
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.stepping.colors import COLORS
from cnnviz_core.stepping.setups import ConvolutionSetup, GradientSetup, PoolingSetup
from cnnviz_core.theme import Theme
from cnnviz_core.views import step_facts, stepping
from cnnviz_core.views.sharing import sample_picture
from pages.parts.layers import step_player
from pages.parts.step_position import words
from tests.pages.visits import opened

ROOT = Path(__file__).parents[2]
WORDS = words()
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
# How many stops, and what the first one says.
MORE_PRESETS = {
    "A filter sees three channels": (9, "row 1, column 1 of the result becomes"),
    "Nine maps? No, three": (27, "row 1, column 1 of the result becomes"),
    "Depthwise": (27, "row 1, column 1 of the result becomes 4."),
    "1×1 mixes": (50, "row 1, column 1 of the result becomes 1."),
    "Depthwise and pointwise": (27, "row 1, column 1 of the result becomes 4."),
    "There and back": (8, "what is written adds up to"),
    "A rhythm": (36, "cell 1 of layer 1 becomes 0."),
    "A heart beat": (16, "cell 1 of layer 1 becomes 0.4."),
    "A batch": (12, "in channel 1, 3 is written."),
    "Transposed paints": (4, "row 1, column 1 of the input, 1, paints the kernel."),
    "Checkerboard": (9, "row 1, column 1 of the input, 1, paints the kernel."),
    "Who is to blame?": (9, "the gradient of the weight in row 1, column 1 becomes 1."),
    "A step of learning": (9, "the gradient of the weight in row 1, column 1 becomes 3."),
    "Back to the input": (9, "row 1, column 1 of the result, 1, goes back to the input."),
    "Back through max pooling": (4, "row 1, column 1 of the result, 1, goes back to the input."),
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


def sent(page: AppTest) -> dict[str, Any]:
    """What the browser gets of a stop."""
    (found,) = (
        one.proto.json
        for one in page.get("bidi_component")
        if one.proto.component_name == "cnnviz_stops"
    )
    return dict(json.loads(found))


def numbers(page: AppTest) -> list[str]:
    """All that is written in the picture."""
    return re.findall(r">([^<>]+)</text>", sent(page)["html"])


def picture(page: AppTest) -> str:
    """What the picture says to those who can't see it."""
    return str(sent(page)["label"])


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


@pytest.mark.parametrize(("label", "expected"), MORE_PRESETS.items())
def test_a_preset_shows_what_it_promises(
    page: AppTest, label: str, expected: tuple[int, str]
) -> None:
    press(page, label)
    count, said = expected
    assert not page.exception
    assert not page.error
    assert picture(page).startswith(f"Stop 1 of {count}: ")
    assert said in picture(page)


def test_both_acts_are_counted_beside_the_dense_layer(page: AppTest) -> None:
    press(page, "Depthwise and pointwise")
    formulas = "".join(one.value for one in page.markdown)
    for formula in (
        r"30 + 8 = \mathbf{38}",
        r"243 + 54 = \mathbf{297}",
        r"(3\cdot 3\cdot 3 + 1)\cdot 2 = \mathbf{56}",
        r"9\cdot 3\cdot 3\cdot 3\cdot 2 = \mathbf{486}",
    ):
        assert formula in formulas
    page.button_group(key="step_act").set_value("pointwise").run()
    assert not page.exception
    assert picture(page).startswith("Stop 1 of 18: ")
    page.text_area(key="step_mixing").set_value("1 1").run()
    assert "one for each of the 3 channels in a row, but have 2" in page.error[0].value


def test_the_picture_is_enlarged_as_the_grid_is(page: AppTest) -> None:
    press(page, "Checkerboard")
    shapes = re.findall(
        r'cnnviz-shape">(.*?)<', "".join(one.proto.body for one in page.main.get("html"))
    )
    assert shapes == ["80 × 100 × 3", "161 × 201 × 3", "160 × 200 × 3"]
    page.slider(key="step_stride").set_value(1).run()
    assert "With a stride of 2 or more" in "".join(one.value for one in page.caption)
    page.slider(key="step_stride").set_value(3).run()
    page.text_area(key="step_kernel").set_value("1 -1").run()
    assert "leave nothing of its brightness" in "".join(one.value for one in page.caption)
    assert not page.error
    # The grid is shown as ever.
    assert not [one for one in page.get("html") if "cnnviz-stale" in one.proto.body]
    assert picture(page).startswith("Stop 1 of 9: ")
    assert not page.exception


def test_the_heart_beats_instead_of_what_is_typed(page: AppTest) -> None:
    page.button_group(key="step_operation").set_value("causal").run()
    page.button_group(key="step_row_source").set_value("heart").run()
    assert not page.exception
    assert "−0.4" in numbers(page)
    assert "step_row" not in [one.key for one in page.text_input]
    page.button_group(key="step_row_source").set_value("typed").run()
    assert page.text_input(key="step_row").value == "0 0 1 0 0 2 0 0 1 0 0 2"


def test_a_whole_grid_becomes_one_number(page: AppTest) -> None:
    press(page, "Average pooling")
    page.toggle(key="step_whole").set_value(True).run()
    assert not page.exception
    assert picture(page) == "Stop 1 of 1: row 1, column 1 of the result becomes 3.12."
    page.button_group(key="step_direction").set_value("input").run()
    assert not page.exception
    assert picture(page).startswith("Stop 1 of 4: the gradient of row 1")


def test_the_bias_gets_the_plain_sum(page: AppTest) -> None:
    press(page, "Who is to blame?")
    page.button_group(key="step_upstream").set_value("typed").run()
    assert any(r"\partial b = 3$" in one.value for one in page.markdown)
    page.text_area(key="step_gradient").set_value("1 2; 3 4").run()
    assert "a cell for each of the 3×3 of the result, but came with 2×2" in page.error[0].value


@pytest.mark.parametrize("rate", [0.01, 0.3])
def test_a_step_of_learning_lowers_the_loss_by_the_squares_of_the_gradient(rate: float) -> None:
    forwards = ConvolutionSetup(("1 2 0; 3 1 2; 0 1 1",), (("1 0; 2 -1",),))
    setup = GradientSetup(forwards, "kernel", "1 -1; 2 0")
    step = step_facts.learning_step(setup, rate)
    gradient = np.float32([[5, 4], [2, 1]])  # by hand, as 2 = 1·3 − 1·1 + 2·0
    np.testing.assert_allclose(step.new_kernel, step.kernel - rate * gradient, atol=1e-6)
    # The loss is linear in the kernel, so it falls by exactly so much.
    fallen = rate * float((gradient**2).sum())
    assert step.new_loss == pytest.approx(step.loss - fallen, abs=1e-4)


def test_a_step_of_learning_is_shown_on_demand(page: AppTest) -> None:
    press(page, "A step of learning")
    assert "The loss goes" not in "".join(one.value for one in page.markdown)
    page.session_state["step_learning"] = True
    page.run()
    assert not page.exception
    page.select_slider(key="step_rate").set_value(0.01).run()
    assert "The loss goes from" in "".join(one.value for one in page.markdown)
    assert "New kernel" in "".join(one.proto.body for one in page.get("html"))


def test_a_direction_that_an_operation_does_not_have_is_forwards(page: AppTest) -> None:
    press(page, "Who is to blame?")
    page.button_group(key="step_operation").set_value("max").run()
    assert not page.exception
    assert page.button_group(key="step_direction").value == "forwards"
    assert picture(page).startswith("Stop 1 of 4: row 1, column 1 of the result becomes")


def test_more_than_fits_on_the_screen_is_refused(page: AppTest) -> None:
    press(page, "Checkerboard")
    page.text_area(key="step_grid").set_value("1 " * 12).run()
    assert "25 cells in a row would be painted, and 20 fit on the screen" in page.error[0].value
    assert picture(page).startswith("Stop 1 of 9")


def test_the_size_of_what_is_painted_is_explained(page: AppTest) -> None:
    press(page, "Checkerboard")
    page.slider(key="step_cut").set_value(1).run()
    page.slider(key="step_output_padding").set_value(1).run()
    assert sizes(page) == [6, 6]
    formulas = "".join(one.proto.body for one in page.get("html"))
    assert "2·(3 − 1) + 3 − 2·1 + 1" in formulas


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
    monkeypatch.setattr(step_player, "SECONDS_PER_STOP", -1.0)
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
    monkeypatch.setattr(step_player, "SECONDS_PER_STOP", -1.0)
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
    page.button(key="save").click().run()
    assert "Animation (GIF)" in [one.label for one in page.get("download_button")]
    page.button_group(key="step_padding").set_value("zeros").run()
    page.slider(key="step_zeros").set_value(2).run()
    page.button(key="save").click().run()
    assert "Animation (GIF)" not in [one.label for one in page.get("download_button")]
    assert any(
        "at most 144 stops, and this one would have 196" in one.value for one in page.caption
    )


@pytest.mark.parametrize("theme", get_args(Theme))
def test_the_animation_has_every_stop(theme: Theme) -> None:
    setup = PoolingSetup(("1 1 2 4; 5 6 7 8; 3 2 1 0; 1 2 3 4",), 2, "max")
    with Image.open(io.BytesIO(stepping.animated_stops(setup, theme, WORDS))) as gif:
        assert gif.n_frames == 4
        drawn = Image.open(io.BytesIO(stepping.stop_picture(setup, 0, theme, WORDS)))
        assert gif.size == drawn.size


@pytest.mark.parametrize(
    "setup",
    [
        PoolingSetup(("1",), 1, "max"),
        PoolingSetup(("\n".join(["1 " * 7] * 7),), 1, "max"),
    ],
)
def test_an_animation_is_wide_enough_for_a_wall(setup: PoolingSetup) -> None:
    with Image.open(io.BytesIO(stepping.animated_stops(setup, "light", WORDS))) as gif:
        assert gif.width >= 512


def test_the_first_stop_and_what_changes_make_every_stop() -> None:
    setup = ConvolutionSetup(
        ("1 2 3; 4 5 6; 7 8 9", "1 0 1; 0 1 0; 1 0 1"),
        (("1 0; 0 1", "2 2; 2 2"), ("0 1; 1 0", "0 0; 0 3")),
        "1 -1",
    )
    known = stepping.changes(setup, WORDS)
    assert known is not None
    assert len(known.later) == len(known.middles) == 8
    assert known.middles[3] == (1, 2)
    for stop, changed in enumerate(known.later):
        numbers = [*known.first]
        for group, number in changed:
            assert number != known.first[group]
            numbers[group] = number
        html = stepping.stop_view(setup, stop, WORDS).html
        assert re.findall(r"<g>(.*?)</g>", html) == [known.texts[one] for one in numbers]


def test_what_is_too_much_to_take_along_stays_on_the_server(page: AppTest) -> None:
    page.text_area(key="step_grid").set_value("\n".join(["1 " * 12] * 12)).run()
    page.text_area(key="step_kernel").set_value("\n".join(["1 " * 5] * 5)).run()
    assert '<i data-step-changes="null"></i>' in [one.proto.body for one in page.get("html")]
    assert picture(page).startswith("Stop 1 of 64")


def test_each_filter_has_kernels_for_all_channels(page: AppTest) -> None:
    page.slider(key="step_channels").set_value(3).run()
    page.slider(key="step_filters").set_value(2).run()
    assert not page.exception
    assert picture(page).startswith("Stop 1 of 18")
    formulas = "".join(one.value for one in page.markdown)
    assert r"(3\cdot 3\cdot 3 + 1)\cdot 2 = \mathbf{56}" in formulas
    assert r"9\cdot 3\cdot 3\cdot 3\cdot 2 = \mathbf{486}" in formulas
    before = numbers(page)
    page.slider(key="step_filter").set_value(2).run()
    page.text_area(key="step_kernel_2_3").set_value("9 9 9; 9 9 9; 9 9 9").run()
    assert numbers(page) == before  # the first stop is the first filter's
    page.select_slider(key="step_stop").set_value(2).run()
    assert numbers(page).count("×9") == 9
    page.text_input(key="step_biases").set_value("1 2 3").run()
    assert "a bias for each of the 2 filters" in page.error[0].value


def test_a_link_holds_the_kernels_of_all_filters(page: AppTest) -> None:
    page.slider(key="step_filters").set_value(2).run()
    page.text_area(key="step_kernel_2_1").set_value("9 9 9; 9 9 9; 9 9 9").run()
    page.select_slider(key="step_stop").set_value(2).run()
    assert sent(opened("stepping", page.query_params)) == sent(page)


def test_with_as_many_groups_as_channels_each_filter_reads_one(page: AppTest) -> None:
    page.slider(key="step_channels").set_value(3).run()
    page.slider(key="step_filters").set_value(3).run()
    page.select_slider(key="step_groups").set_value(3).run()
    assert not page.exception
    formulas = "".join(one.value for one in page.markdown)
    assert r"(3\cdot 3\cdot 1 + 1)\cdot 3 = \mathbf{30}" in formulas
    assert r"in one group: $(3\cdot 3\cdot 3 + 1)\cdot 3 = \mathbf{84}$ and" in formulas
    page.slider(key="step_filters").set_value(2).run()
    assert not page.exception
    assert not page.error
    formulas = "".join(one.value for one in page.markdown)
    assert r"(3\cdot 3\cdot 3 + 1)\cdot 2 = \mathbf{56}" in formulas


def test_numbers_from_the_picture_are_its_pixels(page: AppTest) -> None:
    page.button_group(key="step_source").set_value("picture").run()
    page.slider(key="step_down").set_value(0).run()
    page.slider(key="step_across").set_value(100).run()
    assert not page.exception
    patch = stepping.picture_patch(sample_picture("cat"), 0, 100)
    expected = sample_picture("cat").pixels[:7, -7:]
    for channel, text in enumerate(patch):
        assert (parse_grid(text) == expected[..., channel]).all()
    assert sizes(page) == [5, 5]
    assert picture(page).startswith("Stop 1 of 25")


@pytest.mark.parametrize("theme", get_args(Theme))
def test_a_picture_has_the_background_of_the_page(theme: Theme) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert COLORS[theme].background == config["theme"][theme]["backgroundColor"].lower()
