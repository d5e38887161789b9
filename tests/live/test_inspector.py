"""The loupe shows what was computed at the place that is pointed at, and where it came from."""

import json
import re
from base64 import b64encode
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cnnviz_core import networks
from cnnviz_core.drawing import kernels as kernel_sheets
from cnnviz_core.drawing import maps as map_drawing
from cnnviz_core.drawing import rendering
from cnnviz_core.drawing.montage import montage, square_columns
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import NUM_COLORS, Scale
from cnnviz_core.images import sample
from cnnviz_core.inspection import architecture
from cnnviz_core.inspection.receptive_fields import Field, Span, seen_pixels
from cnnviz_core.layers.convolution import convolve
from cnnviz_core.layers.kernels import random_kernels
from cnnviz_core.layers.pooling import pool
from cnnviz_core.views import overlays
from pages.parts import pictures
from pages.parts.modules import joined
from tests.browser.chromium import find_chromium, settle
from tests.live.dragging import drag, grab, let_go
from tests.live.in_browser import PALETTES, TRAVEL, in_browser, received

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

PICTURES = '.st-key-in-view [data-testid="stImage"] img'
CAT = sample("cat")


def shown(display: str, height: int, width: int, count: int, **more: object) -> dict[str, Any]:
    """Return a picture as a plan gives it; of its maps, only their number counts."""
    return {
        "shape": [height, width, count],
        "maps": {"planes": [[]] * count},
        "display": display,
        "index": 0,
        "room": {"height": height, "width": width},
        "factor": 1,
        "maxWidth": 1024,
        **more,
    }


def test_the_middle_of_every_value_is_that_value(page: Page) -> None:
    chance = np.random.default_rng(5)
    cases = []
    for _ in range(300):
        height, width = chance.integers(1, 40, 2).tolist()
        count = int(chance.integers(1, 20))
        around = {"height": height + 7, "width": width + 4}
        one = {
            "tiles": shown("tiles", height, width, count, maxWidth=4000),
            "single": shown("single", height, width, count, room=around, factor=3),
        }[str(chance.choice(["tiles", "single"]))]
        index = int(chance.integers(count)) if one["display"] == "tiles" else 0
        row, column = int(chance.integers(height)), int(chance.integers(width))
        cases.append([one, {"row": row, "column": column, "index": index}])
    found = in_browser(
        page,
        "cells",
        "([shown, cell]) => live.cellAt(shown, ...live.middleOf(shown, cell))",
        cases,
    )
    assert found == [cell for _, cell in cases]


def test_a_value_is_pointed_at_where_the_server_draws_it(page: Page) -> None:
    """One map of six is bright at one place: there the drawn sheet is bright, and nowhere else."""
    chance = np.random.default_rng(6)
    cases, expected = [], []
    for _ in range(40):
        height, width = chance.integers(2, 30, 2).tolist()
        count = int(chance.integers(1, 9))
        index, row, column = (int(chance.integers(most)) for most in (count, height, width))
        tiles = [np.zeros((height, width), np.uint8) for _ in range(count)]
        tiles[index][row, column] = 200
        sheet = montage(tiles, square_columns(height, width, count), gap_level=0)
        (down,), (across,) = np.nonzero(sheet == 200)
        cases.append(
            [
                shown("tiles", height, width, count, maxWidth=4000),
                (float(across) + 0.5) / sheet.shape[1],
                (float(down) + 0.5) / sheet.shape[0],
            ]
        )
        expected.append({"row": row, "column": column, "index": index})
    found = in_browser(page, "cells", "(one) => live.cellAt(...one)", cases)
    assert found == expected


def test_between_tiles_and_beside_a_picture_there_is_no_value(page: Page) -> None:
    sheet = shown("tiles", 8, 8, 4)
    small = shown("single", 2, 2, 1, room={"height": 10, "width": 10})
    gap = in_browser(
        page,
        "cells",
        "(one) => live.cellAt(...one)",
        [[sheet, 0.5, 0.2], [sheet, 0.2, 0.5], [small, 0.2, 0.5], [small, 0.5, 0.9]],
    )
    assert gap == [None] * 4
    assert in_browser(page, "cells", "(one) => live.cellAt(...one)", [[small, 0.5, 0.5]]) != [None]


def drawn_in_tiles() -> tuple[Rendered, np.ndarray, str]:
    maps = np.random.default_rng(1).normal(size=(9, 11, 7)).astype(np.float32)
    scale = map_drawing.robust_scale(maps)
    sheet = map_drawing.draw_tile_sheet(maps, range(7), scale)
    return rendered(sheet.pixels, maps, scale, sheet.grid), np.moveaxis(maps, -1, 0), "tiles"


def drawn_reduced() -> tuple[Rendered, np.ndarray, str]:
    maps = np.broadcast_to(np.arange(4, dtype=np.float32), (500, 500, 4)).copy()
    scale = rendering.value_scale(maps)
    sheet = map_drawing.draw_tile_sheet(maps, range(4), scale)
    assert sheet.grid.rows < 500
    few = maps[: sheet.grid.rows, : sheet.grid.columns]
    return rendered(sheet.pixels, maps, scale, sheet.grid), np.moveaxis(few, -1, 0), "tiles"


def drawn_in_colors() -> tuple[Rendered, np.ndarray, str]:
    weights = random_kernels(5, 6)
    scale = kernel_sheets.sheet_scale("color", weights)
    pixels, grid = kernel_sheets.draw_sheet(weights, scale, "color", 1.8)
    # For each filter its red, its green, its blue.
    planes = np.moveaxis(weights, (3, 2), (0, 1)).reshape(-1, 5, 5)
    return rendered(pixels, weights, scale, grid), planes, "tiles"


def drawn_in_cells() -> tuple[Rendered, np.ndarray, str]:
    values = np.random.default_rng(2).random((7, 7), np.float32)
    picture = overlays.rendered_cells(values, rendering.value_scale(values), CAT)
    return picture, values[np.newaxis], "single"


@pytest.mark.parametrize("draw", [drawn_in_tiles, drawn_reduced, drawn_in_colors, drawn_in_cells])
def test_what_is_read_off_a_color_is_right_to_half_a_color(page: Page, draw: Any) -> None:
    picture, planes, display = draw()
    found = re.search(r'data-grid="([^"]*)"', pictures.facts(picture))
    assert found is not None
    grid = json.loads(found[1].replace("&quot;", '"'))
    address = "data:image/png;base64," + b64encode(picture.data).decode()
    read = page.evaluate(
        f"""async ([source, address, grid, palettes]) => {{
          {TRAVEL}
          const blob = new Blob([source], {{type: "text/javascript"}});
          const {{read}} = await import(URL.createObjectURL(blob));
          const image = new Image();
          image.src = address;
          await image.decode();
          const shown = read(image, grid, 0, palettes);
          return [shown.display, sent(shown.maps)];
        }}""",
        [joined("readings"), address, grid, PALETTES],
    )
    assert read[0] == display
    scale = picture.scale
    colors = 255 if scale.color_map == "channels" else NUM_COLORS - 1
    half = (scale.high - scale.low) / colors / 2
    values = np.moveaxis(received(read[1]), -1, 0)
    assert np.abs(values - np.clip(planes, scale.low, scale.high)).max() <= half * 1.001


def test_a_picture_without_values_in_its_colors_says_nothing_of_them() -> None:
    assert "data-grid" not in pictures.facts(rendered(CAT, CAT, rendering.PICTURE_SCALE))
    blank = overlays.rendered_cells(np.zeros((2, 2), np.float32), Scale(0, 1, "sequential"), CAT)
    assert "data-grid" not in pictures.facts(blank)
    assert asdict(blank.grid or pytest.fail("no grid"))["rows"] == 2


def test_a_scale_that_is_no_number_says_nothing_of_values() -> None:
    drawn, _values, _ = drawn_in_cells()
    assert "data-grid" in pictures.facts(drawn)
    for end in (np.nan, np.inf):
        broken = replace(drawn, scale=replace(drawn.scale, high=end))
        assert "data-grid" not in pictures.facts(broken)


def point(page: Page, place: int, across: float, down: float) -> list[str]:
    """Move the mouse over a picture of the page and give the lines of the loupe."""
    box = page.locator(PICTURES).nth(place).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
    return read_loupe(page)


def read_loupe(page: Page) -> list[str]:
    loupe = page.locator(".cnnviz-loupe > div")
    expect(loupe).to_be_visible()
    return loupe.inner_text().split("\n")


def place_of(line: str) -> tuple[int, int]:
    """Return row and column, from 0, of a line of the loupe."""
    numbers = [int(one) - 1 for one in re.findall(r"\d+", line.split(": ")[-1])]
    return numbers[0], numbers[1]


def values_of(lines: list[str]) -> list[float]:
    return [float(one.removeprefix("R").removeprefix("G").removeprefix("B").replace("−", "-"))
            for one in lines]  # fmt: skip


def test_pointing_shows_what_was_computed_and_asks_the_server_nothing(
    page: Page, address: str
) -> None:
    sent: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data)))
    page.goto(f"{address}/convolution?kernels=Random&stride=2&dilation=2&padding=Same")
    expect(page.locator(".cnnviz-shape").last).to_have_text("160 × 200 × 3")
    settle(page)
    maps = convolve(CAT, random_kernels(3, 3, seed=265), stride=2, padding="same", dilation=2)
    told = page.locator(".conv-sum").inner_text()
    before = len(sent)
    for across, down in ((0.3, 0.3), (0.62, 0.6), (0.7, 0.45)):
        where, *values = point(page, 1, across, down)
        cell = place_of(where)
        np.testing.assert_allclose(values_of(values), maps[cell], rtol=1e-4, atol=1e-3)
        said = page.locator(".conv-sum").inner_text()
        assert said.startswith(f"{where} of the result")
    page.mouse.move(5, 5)
    expect(page.locator(".cnnviz-loupe")).to_have_count(0)
    expect(page.locator(".conv-sum")).to_have_text(told)
    assert len(sent) == before


def test_a_click_moves_the_frame_or_chooses_a_tile(page: Page, address: str) -> None:
    page.goto(f"{address}/convolution?kernels=Random&filters=8")
    expect(page.locator(".cnnviz-shape").last).to_have_text("318 × 398 × 8")
    settle(page)
    where, _ = point(page, 1, 0.62, 0.6)
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile("display_many=single"))
    expect(page).to_have_url(re.compile(f"filter={where.split(':')[0].split()[1]}"))
    row, column = place_of(where)
    expect(page).to_have_url(re.compile(f"down={round(100 * row / 317)}"))
    expect(page).to_have_url(re.compile(f"across={round(100 * column / 397)}"))


def test_arrow_keys_move_the_loupe_by_one_value(page: Page, address: str) -> None:
    page.goto(f"{address}/pooling")
    expect(page.locator(".cnnviz-shape").last).to_have_text("64 × 80 × 3")
    settle(page)
    pooled = pool(CAT, 5)
    page.locator(PICTURES).nth(2).focus()
    places = []
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        where, *values = read_loupe(page)
        places.append(place_of(where))
        np.testing.assert_array_equal(values_of(values), pooled[places[-1]])
    assert np.diff(places, axis=0).tolist() == [[1, 0], [0, 1], [0, -10], [-1, 0]]
    expect(page.locator(".cnnviz-origin .conv-box")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".cnnviz-loupe")).to_have_count(0)
    expect(page.locator(".cnnviz-origin")).to_have_count(0)


def test_what_a_unit_sees_is_what_the_server_says(page: Page) -> None:
    chance = np.random.default_rng(7)
    cases, expected = [], []
    for _ in range(200):
        first, length, jump = (int(chance.integers(*ends)) for ends in ((-20, 5), (1, 60), (0, 9)))
        span = Span(first, first + length - 1, jump)
        field = Field(span, Span(first, first + length, jump))
        row, column = chance.integers(0, 12, 2).tolist()
        cases.append([{"place": 2, "input": [96, 128], **asdict(field)}, row, column])
        top, left, bottom, right = seen_pixels(field, row, column, (96, 128))
        expected.append([top / 96, left / 128, (bottom - top) / 96, (right - left) / 128])
    found = in_browser(page, "fields", "(one) => live.seen(...one).box", cases)
    sides = [[box[side] for side in ("top", "left", "height", "width")] for box in found]
    np.testing.assert_allclose(sides, expected, atol=1e-9)


def test_a_unit_of_a_network_is_framed_in_the_picture(page: Page, address: str) -> None:
    page.goto(f"{address}/feature_maps?maps_layer=block4a_depthwise_relu")
    expect(page.locator(".cnnviz-shape").first).to_have_text("14 × 14 × 240", timeout=60_000)
    settle(page)
    point(page, 1, 0.5, 0.5)
    frame, picture = (
        page.locator(one).bounding_box()
        for one in (".cnnviz-origin .conv-box", ".st-key-maps-picture img")
    )
    assert frame is not None
    assert picture is not None
    row, column = place_of(read_loupe(page)[0])
    network = networks.load("efficientnet-lite0")
    layer = "block4a_depthwise_relu"
    part = architecture.field_on_picture(network, layer, row, column, (1, 1))
    assert part is not None
    top, left, bottom, right = part
    drawn = [
        (frame["y"] - picture["y"]) / picture["height"],
        (frame["x"] - picture["x"]) / picture["width"],
        frame["height"] / picture["height"],
        frame["width"] / picture["width"],
    ]
    assert drawn == pytest.approx([top, left, bottom - top, right - left], abs=0.01)


# As a hand that holds a slider, and strays.
OVER_IT = """one => {
  const {left, top, width, height} = one.getBoundingClientRect();
  const place = {clientX: left + 0.6 * width, clientY: top + 0.6 * height};
  one.dispatchEvent(new PointerEvent("pointermove", {bubbles: true, ...place}));
}"""


def test_a_moved_slider_takes_the_loupe_away_and_keeps_its_own_words(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/convolution?kernels=Random")
    expect(page.locator(".cnnviz-shape").last).to_have_text("318 × 398 × 3")
    settle(page)
    picture = page.locator(PICTURES).nth(1)
    grab(page, "size")
    picture.evaluate(OVER_IT)
    expect(page.locator(".cnnviz-loupe")).to_have_count(1)
    drag(page, "size", 7)
    expect(page.locator(".cnnviz-loupe")).to_have_count(0)
    sizes, told = (page.locator(one).all_inner_texts() for one in (".cnnviz-shape", ".conv-sum"))
    picture.evaluate(OVER_IT)
    expect(page.locator(".cnnviz-loupe")).to_have_count(0)
    assert sizes[-1] == "314 × 394 × 3"
    assert page.locator(".cnnviz-shape").all_inner_texts() == sizes
    assert page.locator(".conv-sum").all_inner_texts() == told
    let_go(page)
