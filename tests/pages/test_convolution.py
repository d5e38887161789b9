"""The convolution page: what it shows, whatever its controls, its address and its visitor say."""

import re
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import images
from cnnviz_core.drawing.encoding import encode_png
from cnnviz_core.layers.kernels import kernel_names, kernel_sizes
from cnnviz_core.number_format import short_number
from pages.parts.layers import kernel_editor
from pages.parts.layers.convolution_controls import PADDING
from pages.parts.layers.kernel_controls import EDITED_COLORS, NAMED_COLORS, NAMES, SOURCE
from pages.parts.layers.map_controls import COLORS, DISPLAYS, OF_THREE, SIZE

DASHBOARD = Path(__file__).parents[2] / "dashboard.py"

# The article's figures, exactly, and the surprises.
SHAPES = {
    "Find edges": "318 × 398 × 1",
    "Whiskers": "312 × 392 × 1",
    "Emboss": "318 × 398 × 3",
    "64 filters": "318 × 398 × 64",
    "24 maps? No, 8": "318 × 398 × 8",
    "One color each": "318 × 398 × 3",
    "One convolution": "318 × 398 × 3",
    "Bigger kernel": "311 × 391 × 3",
    "One filter": "318 × 398 × 1",
    "One filter, big kernel": "306 × 386 × 1",
}
RANDOM = {"kernels": SOURCE.options["random"]}


def open_page(**address: str) -> AppTest:
    """The page as a visitor finds it who comes with such query parameters."""
    app = AppTest.from_file(DASHBOARD, default_timeout=30)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    return checked(app.switch_page("pages/convolution.py").run())


@pytest.fixture
def page() -> AppTest:
    return open_page()


def checked(page: AppTest) -> AppTest:
    assert [one.value for one in page.exception] == []
    return page


def html(page: AppTest) -> str:
    return "".join(one.proto.body for one in page.main.get("html"))


def shapes(page: AppTest) -> list[str]:
    """The shapes under the pictures, from left to right."""
    return re.findall(r'class="cnnviz-shape">(.*?)<', html(page))


def pictures(page: AppTest) -> list[str]:
    """The addresses of the pictures, which change with their content; several kernels come last."""
    addresses = [address for one in page.main.get("image") for address in one.value]
    return [*addresses, *re.findall(r'<img [^>]*src="(.*?)"', html(page))]


def kernel_cells(page: AppTest) -> list[str]:
    """The numbers of the kernel between the two pictures, row by row."""
    table = re.search(r'class="conv-kernel">.*?</table>', html(page))
    assert table is not None
    return re.findall(r"<td.*?>(.*?)</td>", table[0])


def boxes(page: AppTest) -> list[list[float]]:
    """Left, top, width and height of the frames, in percent of their pictures."""
    found = re.findall(r'class="conv-box" style="(.*?)"', html(page))
    return [[float(number) for number in re.findall(r":(.*?)%", style)] for style in found]


def texts(elements: Iterable[Any]) -> list[str]:
    return [one.value for one in elements]


def ends(widget: Any) -> tuple[int, int]:
    """The smallest and the largest number that a slider or a number input takes."""
    if widget.type == "select_slider":
        return int(widget.options[0]), int(widget.options[-1])
    return widget.min, widget.max


def press(page: AppTest, label: str) -> AppTest:
    return checked(page.button(key=f"preset {label}").click().run())


def choose(page: AppTest, key: str, value: object) -> AppTest:
    return checked(page.button_group(key=key).set_value(value).run())


def test_the_first_visit_shows_the_cat_and_its_edges(page: AppTest) -> None:
    assert shapes(page) == ["320 × 400 × 3", "318 × 398 × 1"]
    assert len(pictures(page)) == 2
    assert kernel_cells(page) == ["−1", "0", "1", "−2", "0", "2", "−1", "0", "1"]
    assert pictures(page) == pictures(press(page, "Find edges"))
    sizes = re.findall(r"⌋ \+ 1 = <b>(\d+)</b>", html(page))
    assert sizes == ["318", "398"]


def test_every_preset_shows_its_shape_whatever_was_set_before(page: AppTest) -> None:
    buttons = [one.label for one in page.button if one.key.startswith("preset ")]
    assert buttons == list(SHAPES)
    for label in [*buttons, *reversed(buttons)]:
        page.slider(key="stride").set_value(3)
        choose(page, "padding", "same")
        press(page, label)
        assert shapes(page) == ["320 × 400 × 3", SHAPES[label]], label
        assert texts(page.error) == []


def test_filters_of_one_color_come_in_threes(page: AppTest) -> None:
    press(page, "One color each")
    for chosen, given in ((7, 6), (64, 63), (2, 3)):
        page.slider(key="filters").set_value(chosen).run()
        assert page.slider(key="filters").value == given
        assert shapes(page)[1] == f"318 × 398 × {given}"
    choose(page, "groups", 1)
    page.slider(key="filters").set_value(7).run()
    assert shapes(page)[1] == "318 × 398 × 7"
    choose(page, "groups", 3)
    assert shapes(page)[1] == "318 × 398 × 6"


def test_what_depthwise_saves_is_written_out() -> None:
    page = open_page(kernels="Random", groups="One color", numbers="true")
    (said,) = [text for text in texts(page.markdown) if "Weights and biases" in text]
    assert r"(3\cdot 3\cdot 1 + 1)\cdot 3 = \mathbf{30}" in said
    assert r"(3\cdot 3\cdot 3 + 1)\cdot 3 = \mathbf{84}" in said
    # 318 · 398 = 126,564
    assert r"126{,}564\cdot 3\cdot 3\cdot 1\cdot 3 = \mathbf{3{,}417{,}228}" in said


def test_presets_show_different_pictures(page: AppTest) -> None:
    after = [pictures(press(page, label))[1] for label in SHAPES]
    assert len(set(after)) == len(after)


@pytest.mark.parametrize(
    ("address", "low", "high"),
    [
        (RANDOM | {"size": ""}, ("1", "320 × 400 × 3"), ("15", "306 × 386 × 3")),
        (RANDOM | {"filters": ""}, ("1", "318 × 398 × 1"), ("64", "318 × 398 × 64")),
        (RANDOM | {"seed": ""}, ("0", "318 × 398 × 3"), ("9999", "318 × 398 × 3")),
        ({"stride": ""}, ("1", "318 × 398 × 1"), ("4", "80 × 100 × 1")),
        ({"dilation": ""}, ("1", "318 × 398 × 1"), ("3", "314 × 394 × 1")),
        ({"padding": "Zeros", "zeros": ""}, ("0", "318 × 398 × 1"), ("7", "332 × 412 × 1")),
        (
            {"kernels": "Named", "kernel": NAMES["gabor"], "kernel_size": ""},
            ("3", "318 × 398 × 3"),
            ("15", "306 × 386 × 3"),
        ),
        (
            {"kernels": "Named", "kernel": NAMES["gabor"], "angle": ""},
            ("0", "318 × 398 × 3"),
            ("180", "318 × 398 × 3"),
        ),
    ],
)
def test_every_slider_has_its_effect_at_both_ends(
    address: dict[str, str], low: tuple[str, str], high: tuple[str, str]
) -> None:
    key = list(address)[-1]
    page = open_page(**address | {key: low[0]})
    assert shapes(page)[1] == low[1]
    widget = next(
        one for one in [*page.slider, *page.select_slider, *page.number_input] if one.key == key
    )
    assert str(widget.value) == low[0]
    shown = pictures(page)[1]
    checked(widget.set_value(int(high[0])).run())
    assert shapes(page)[1] == high[1]
    assert (pictures(page)[1] != shown) == (key != "angle")
    assert ends(widget) == (int(low[0]), int(high[0]))


def test_every_named_kernel_runs_in_its_smallest_and_largest_size(page: AppTest) -> None:
    choose(page, "kernels", "named")
    for name in kernel_names():
        checked(page.selectbox(key="kernel").set_value(name).run())
        for size in (kernel_sizes(name)[-1], kernel_sizes(name)[0]):
            checked(page.select_slider(key="kernel_size").set_value(size).run())
            assert shapes(page)[1] == f"{321 - size} × {401 - size} × 1"


def test_the_angle_is_there_for_kernels_that_look_along_one(page: AppTest) -> None:
    choose(page, "kernels", "named")
    assert "angle" not in [one.key for one in page.slider]
    checked(page.selectbox(key="kernel").set_value("motion_blur").run())
    assert "angle" in [one.key for one in page.slider]


@pytest.mark.parametrize("source", SOURCE.options)
def test_every_choice_can_be_made_with_every_kind_of_kernels(page: AppTest, source: str) -> None:
    choose(page, "kernels", source)
    options = {
        "padding": PADDING.kind.options,
        "display": OF_THREE.options,
        "color_range": COLORS.options,
        "size_on_screen": SIZE.options,
        "colors": EDITED_COLORS.options,
        "named_colors": NAMED_COLORS.options,
    }
    there = {one.key for one in page.button_group}
    for key in [key for key in options if key in there]:
        for value in reversed(options[key]):
            choose(page, key, value)
            assert len(shapes(page)) == 2
            assert texts(page.error) == []


@pytest.mark.parametrize("filters", ["1", "3", "64"])
def test_each_map_can_be_looked_at_alone_where_there_are_several(filters: str) -> None:
    page = open_page(filters=filters, display=DISPLAYS["single"], display_many=DISPLAYS["single"])
    sliders = [one for one in page.slider if one.key == "filter"]
    assert len(sliders) == (filters != "1")
    for slider in sliders:
        first = pictures(page)[1]
        checked(slider.set_value(int(filters)).run())
        assert pictures(page)[1] != first
        assert ends(slider) == (1, int(filters))


def test_fewer_filters_leave_no_map_chosen_that_has_gone() -> None:
    page = open_page(filters="64", display_many=DISPLAYS["single"], filter="64")
    checked(page.slider(key="filters").set_value(2).run())
    assert shapes(page)[1] == "318 × 398 × 2"
    assert texts(page.error) == []
    last = open_page(filters="2", display_many=DISPLAYS["single"], filter="2")
    assert pictures(page) == pictures(last)


def test_roll_again_draws_other_kernels_and_the_last_seed_starts_over(page: AppTest) -> None:
    press(page, "One convolution")
    shown = pictures(page)
    checked(page.button(key="roll seed").click().run())
    assert pictures(page)[0] == shown[0]
    assert pictures(page)[1] != shown[1]
    assert pictures(page)[2] != shown[2]
    page.number_input(key="seed").set_value(9999).run()
    checked(page.button(key="roll seed").click().run())
    assert page.number_input(key="seed").value == 0


@pytest.mark.parametrize(
    ("address", "shape"),
    [
        ({"size": "99", "stride": "0", "dilation": "4", "filters": "1e9"}, "318 × 398 × 3"),
        ({"size": "large", "seed": "-1", "stride": "1.5"}, "318 × 398 × 3"),
        ({"kernels": "zzz", "padding": "Full", "display": "3D"}, "318 × 398 × 1"),
        ({"picture": "dog", "color_range": "", "source": "Fax"}, "318 × 398 × 1"),
        ({"padding": "Zeros", "zeros": "8"}, "320 × 400 × 1"),
        ({"kernels": "Named", "kernel": "zzz", "kernel_size": "4"}, "318 × 398 × 3"),
        ({"kernels": "Named", "kernel": NAMES["gabor"], "angle": "999"}, "318 × 398 × 3"),
        ({"nonsense": "1", "embed": "zzz"}, "318 × 398 × 1"),
    ],
)
def test_what_is_wrong_in_an_address_falls_back_to_the_default(
    address: dict[str, str], shape: str
) -> None:
    page = open_page(**address)
    assert shapes(page) == ["320 × 400 × 3", shape]
    assert texts(page.error) == []


def test_wrong_weights_in_an_address_are_named_and_the_default_shown() -> None:
    page = open_page(kernels=SOURCE.options["edited"], weights="1 zzz")
    assert shapes(page) == ["320 × 400 × 3", "318 × 398 × 3"]
    assert "“zzz” is not a number" in page.error[0].value


@pytest.mark.parametrize(
    ("address", "shape"),
    [
        ({"size": "7"}, "314 × 394 × 3"),
        ({"filters": "8", "stride": "2"}, "159 × 199 × 8"),
        ({"kernels": "Named"}, "318 × 398 × 3"),
        ({"kernels": "Named", "kernel": NAMES["emboss"], "colors": "Each color"}, "318 × 398 × 3"),
        ({"kernels": "Named", "colors": "Brightness"}, "318 × 398 × 1"),
        ({"kernels": "By hand", "weights": "1 2"}, "320 × 399 × 3"),
        ({"kernels": "By hand", "weights": "1 2", "colors": "Brightness"}, "320 × 399 × 1"),
    ],
)
def test_an_address_from_when_random_kernels_were_the_default_shows_what_it_did(
    address: dict[str, str], shape: str
) -> None:
    page = open_page(**address)
    assert shapes(page)[1] == shape
    checked(page.run())
    assert shapes(page)[1] == shape


def test_the_frame_shows_the_sum_of_its_place(page: AppTest) -> None:
    source, target = boxes(page)
    assert source == pytest.approx(
        [100 * 142 / 400, 100 * 120 / 320, 0.75, 100 * 3 / 320], abs=0.01
    )
    assert target == pytest.approx([100 * 143 / 400, 100 * 121 / 320, 0.25, 100 / 320], abs=0.01)
    gray = images.sample("cat").astype(np.float64).mean(axis=2)[120:123, 142:145]
    total = float((gray * np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])).sum())
    assert f"<b>{short_number(total)}</b>" in html(page)
    checked(page.slider(key="down").set_value(100).run())
    checked(page.slider(key="across").set_value(0).run())
    assert boxes(page)[0][:2] == pytest.approx([0, 100 * 317 / 320], abs=0.01)
    assert "Row 318, column 1 of the result" in html(page)


def test_a_kernel_too_large_for_numbers_is_drawn_between_the_pictures(page: AppTest) -> None:
    press(page, "One convolution")
    assert html(page).count("<table><caption>Red") == 1
    press(page, "Bigger kernel")
    assert "<table>" not in html(page)
    assert len(pictures(page)) == 4


def test_stride_padding_and_dilation_are_folded_until_they_are_used(page: AppTest) -> None:
    assert not page.session_state["more"]
    checked(page.slider(key="stride").set_value(2).run())
    assert page.session_state["more"]
    assert open_page(dilation="2").session_state["more"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("1 x 2", "“x” is not a number"),
        ("1 2; 3", "row 2 has length 1"),
        ("1,,2", "blank"),
        ("nan 1", "“nan”"),
        ("99999", "too large"),
        ("1 2 3 4 5 6 7 8", "at most 7"),
    ],
)
def test_weights_that_cannot_be_read_are_named_and_the_last_picture_stays(
    page: AppTest, text: str, reason: str
) -> None:
    choose(page, "kernels", "edited")
    checked(page.text_input(key="weights").set_value("0 1; 2 3").run())
    kept = shapes(page), pictures(page)
    assert kept[0][1] == "319 × 399 × 3"
    checked(page.text_input(key="weights").set_value(text).run())
    assert reason in page.error[0].value
    assert (shapes(page), pictures(page)) == kept
    checked(page.text_input(key="weights").set_value("1/9 2").run())
    assert texts(page.error) == []
    assert shapes(page)[1] == "320 × 399 × 3"


def cells(text: object, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The session after the cells of the kernel 1 2; 3 4 have sent this."""
    session: dict[str, Any] = {
        kernel_editor.WEIGHTS.key: "1 2; 3 4",
        kernel_editor.CELLS: SimpleNamespace(weights=text),
    }
    for module in (kernel_editor, kernel_editor.controls):
        monkeypatch.setattr(module, "st", SimpleNamespace(session_state=session))
    kernel_editor._take_cells()
    return session


def test_edited_cells_are_written_into_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    session = cells("1, 1/2; -7, 0", monkeypatch)
    assert session[kernel_editor.WEIGHTS.key] == "1 0.5; -7 0"
    assert kernel_editor._REFUSAL not in session


def test_a_blank_cell_is_named_and_the_text_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    session = cells("1, 2; 3, ", monkeypatch)
    assert session[kernel_editor.WEIGHTS.key] == "1 2; 3 4"
    text, reason = session[kernel_editor._REFUSAL]
    assert text == "1 2; 3 4"
    assert "row 2, column 2 is blank" in reason


def test_a_picture_chosen_here_is_there_on_every_page(page: AppTest) -> None:
    checked(page.radio(key="picture").set_value("coffee").run())
    height, width, _ = images.sample("coffee").shape
    assert shapes(page)[0] == f"{height} × {width} × 3"
    checked(page.switch_page("pages/home.py").run())
    assert page.radio(key="picture").value == "coffee"
    assert shapes(page)[0] == f"{height} × {width} × 3"
    checked(page.switch_page("pages/convolution.py").run())
    assert shapes(page)[0] == f"{height} × {width} × 3"


def test_settings_survive_a_look_at_another_page(page: AppTest) -> None:
    press(page, "Whiskers")
    checked(page.switch_page("pages/home.py").run())
    checked(page.switch_page("pages/convolution.py").run())
    assert shapes(page)[1] == SHAPES["Whiskers"]


def upload(page: AppTest, data: bytes) -> AppTest:
    choose(page, "source", "Upload")
    file = ("mine.png", data, "image/png")
    return checked(page.file_uploader(key="upload").set_value(file).run())


def test_an_own_picture_is_shown_and_a_broken_one_keeps_it(page: AppTest) -> None:
    upload(page, encode_png(images.sample("cat")[:100, :90]))
    assert shapes(page) == ["100 × 90 × 3", "98 × 88 × 1"]
    upload(page, b"GIF8 or not")
    assert "cut short or damaged" in page.error[0].value
    assert shapes(page) == ["100 × 90 × 3", "98 × 88 × 1"]


def test_weights_move_apart_as_far_as_the_picture_has_room_for(page: AppTest) -> None:
    press(page, "One convolution")
    checked(page.slider(key="dilation").set_value(3).run())
    upload(page, encode_png(np.full((6, 5, 3), 200, np.uint8)))
    assert page.slider(key="dilation").max == page.slider(key="dilation").value == 2
    assert shapes(page)[1] == "2 × 1 × 3"
    choose(page, "padding", "same")
    assert page.slider(key="dilation").max == 3
    assert shapes(page)[1] == "6 × 5 × 3"
    checked(page.slider(key="size").set_value(1).run())
    assert page.slider(key="dilation_only").disabled
    assert texts(page.error) == []


def test_a_written_kernel_larger_than_the_picture_is_refused_and_the_last_picture_stays(
    page: AppTest,
) -> None:
    upload(page, encode_png(np.full((6, 5, 3), 200, np.uint8)))
    choose(page, "kernels", "edited")
    assert shapes(page)[1] == "4 × 3 × 3"
    kept = pictures(page)
    checked(page.text_input(key="weights").set_value("; ".join(["1 " * 7] * 7)).run())
    assert "7×7 cells, and there are 6×5" in page.error[0].value
    assert (shapes(page)[1], pictures(page)) == ("4 × 3 × 3", kept)
    choose(page, "padding", "same")
    assert shapes(page)[1] == "6 × 5 × 3"
    assert texts(page.error) == []


def test_one_pixel_can_be_convolved(page: AppTest) -> None:
    press(page, "One convolution")
    upload(page, encode_png(np.full((1, 1, 3), 200, np.uint8)))
    assert shapes(page) == ["1 × 1 × 3", "1 × 1 × 3"]


def test_the_kernels_numbers_are_those_of_the_kernel() -> None:
    page = open_page(
        kernels=SOURCE.options["edited"],
        weights="1 -2.5; 0 1/4",
        colors=EDITED_COLORS.options["each_channel"],
        numbers="true",
    )
    table = re.search(r"<table>.*?</table>", html(page))
    assert table is not None
    cells = re.findall(r"<td.*?>(.*?)</td>", table[0])
    assert cells == ["1", "−2.5", "0", "0.25"]
