"""Home's first layers while a slider is moved, and what one points at in their pictures."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from cnnviz_core import images
from cnnviz_core.layers.convolution import convolve
from cnnviz_core.layers.kernels import KernelChoice, NamedKernel, RandomKernels, make_kernels
from cnnviz_core.views.home import first_layers
from cnnviz_core.views.sharing import Picture
from pages.parts import pictures
from pages.parts.first_layers import CONTROLS, OUTLINE_SIZE, SEED, SIZE, WEIGHTS, WINDOW
from pages.parts.modules import joined
from tests.browser.chromium import PHONE, complaints, find_chromium, settle
from tests.live.dragging import LIVE, drag, grab, let_go, visit
from tests.live.in_browser import floats, in_browser, maps, text
from tests.live.test_inspector import PICTURES, place_of, point, values_of
from tests.live.test_lenet import GIVEN, SHOW, assert_alike

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

SENTENCES = ".st-key-home-sentences"
POOLED, KEPT = "{window} by {window}, once more {window}", "all kept"
OUTLINE = NamedKernel("laplacian", 9, 0.0, "brightness")


def test_a_quantile_is_that_of_numpy(page: Page) -> None:
    rng = np.random.default_rng(50)
    drawn = [
        (np.abs(rng.normal(size=rng.choice([1, 2, 3, 100, 5000]))) * scale).astype(np.float32)
        for scale in (0, 1e-6, 1, 1e4)
        for _ in range(20)
    ]
    drawn += [np.repeat(np.float32([0, 3]), counts) for counts in ((98, 2), (99, 1), (1, 99))]
    run = "(values) => live.quantile(floats(values), 0.99)"
    found = in_browser(page, "home_plan", run, [text(values) for values in drawn])
    np.testing.assert_allclose(found, [np.percentile(one, 99.0) for one in drawn], rtol=1e-6)


def some_settings(rng: np.random.Generator, side: int) -> tuple[dict[str, Any], KernelChoice, int]:
    """What home's controls may say, and the kernels and the window that the page makes of it."""
    said = {
        "page": "home",
        "pooled": POOLED,
        "kept": KEPT,
        WEIGHTS.key: str(rng.choice(list(WEIGHTS.options))),
        OUTLINE_SIZE.key: int(rng.choice(list(OUTLINE_SIZE.options))),
        SIZE.key: int(rng.integers(SIZE.low, SIZE.high + 1)),
        SEED.key: int(rng.integers(10_000)),
        WINDOW.key: int(rng.integers(WINDOW.low, WINDOW.high + 1)),
    }
    choice: KernelChoice
    if said[WEIGHTS.key] == "random":
        choice = RandomKernels(min(said[SIZE.key], side), 3, said[SEED.key])
    else:
        fitting = [one for one in OUTLINE_SIZE.options if one <= min(side, said[OUTLINE_SIZE.key])]
        name, size = ("laplacian", fitting[-1]) if fitting else ("identity", 1)
        choice = NamedKernel(name, size, 0.0, "brightness")  # type: ignore[arg-type]
    return said, choice, min(said[WINDOW.key], side - choice.size + 1)


@pytest.mark.parametrize("size", [(56, 70), (2, 9), (1, 1), (8, 6)])
def test_layers_are_drawn_as_on_the_server(page: Page, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(51)
    cat = np.ascontiguousarray(images.sample("cat")[90 : 90 + size[0], 60 : 60 + size[1]])
    picture = Picture(f"cat {size}", cat)
    cases = [some_settings(rng, min(size)) for _ in range(12)]
    sources = [joined(name) for name in ("plans", "canvas", "facts")]
    told = [said for said, *_ in cases]
    found = page.evaluate(SHOW, [sources, maps(cat.astype(np.float32)), told, GIVEN])
    for (said, choice, window), one in zip(cases, found, strict=True):
        stages = first_layers(picture, choice, window)[1:]
        for (drawn, facts), stage in zip(one["drawn"], stages, strict=True):
            assert_alike(drawn, stage.data, said)
            assert f'<div class="cnnviz-facts">{facts}</div>' == pictures.facts(stage), said
        expected = KEPT if window == 1 else POOLED.format(window=window)
        assert list(one["texts"].values()) == [expected]


ORIGINS = """([picture, said, points]) => {
  const {shown, origin} = live.PLANS.home(maps(picture), said, () => 1, {});
  const cells = points.map(([place, down, across, index]) => {
    const [height, width, count] = place ? shown[place - 1].shape : [1, 1, 1];
    const at = [Math.floor(down * height), Math.floor(across * width), Math.floor(index * count)];
    return [place, at, origin(place, {row: at[0], column: at[1], index: at[2]})];
  });
  return [shown.map((one) => one.maps.planes.map(text)), cells];
}"""


@pytest.mark.parametrize("weights", ["outline", "random"])
def test_a_value_comes_from_the_part_that_is_framed(page: Page, weights: str) -> None:
    """The part alone gives the value."""
    rng = np.random.default_rng(52)
    cat = images.fit(images.sample("cat"), 60).astype(np.float32)
    said = {one.key: one.default for one in CONTROLS} | {WEIGHTS.key: weights, "pooled": ""}
    points = [[place, *rng.random(3).tolist()] for place in range(4) for _ in range(20)]
    ((sent, cells),) = in_browser(page, "plans", ORIGINS, [[maps(cat), said, points]])
    stages = [cat]
    for planes in sent:
        cut = 8 if weights == "outline" else 2
        shape = np.subtract(cat.shape[:2], cut) // (WINDOW.default if len(stages) == 3 else 1)
        stages.append(np.stack([floats(one).reshape(shape) for one in planes], axis=-1))
    choice = OUTLINE if weights == "outline" else RandomKernels(SIZE.default, 3, SEED.default)
    kernels = make_kernels(choice, 3)
    for place, (row, column, index), part in cells:
        if place == 0:
            assert part is None
            continue
        assert part["place"] == place - 1
        (top, left), value = part["start"], stages[place][row, column, index]
        seen = stages[place - 1][top : top + part["height"], left : left + part["width"]]
        if place == 1:
            expected = (seen * kernels[..., index]).sum(dtype=np.float64)
            assert value == pytest.approx(expected, rel=1e-3, abs=1e-3)
        else:
            assert value == max(seen[..., index].max(), 0)


@pytest.mark.parametrize(
    ("path", "key", "step", "shapes"),
    [
        ("", OUTLINE_SIZE.key, 5, ["308 × 388 × 1", "308 × 388 × 1", "77 × 97 × 1"]),
        ("", WINDOW.key, 7, ["312 × 392 × 1", "312 × 392 × 1", "44 × 56 × 1"]),
        ("?home_kernels=Random+weights", SIZE.key, 6, ["315 × 395 × 3"] * 2 + ["78 × 98 × 3"]),
    ],
)
def test_pictures_follow_their_sliders_and_are_those_of_the_server(
    page: Page, address: str, path: str, key: str, step: int, shapes: list[str]
) -> None:
    found = complaints(page)
    visit(page, f"{address}/{path}")
    served, before = addresses(page), words(page)
    grab(page, key)
    drag(page, key, step)
    expect(page.locator(LIVE)).to_have_count(3)
    assert page.locator(".cnnviz-shape").all_inner_texts() == ["320 × 400 × 3", *shapes]
    followed, drawn = words(page), urls(page)
    assert followed != before
    assert addresses(page) == served
    let_go(page)
    assert words(page) == followed
    for mine, its in zip(drawn, addresses(page)[1:], strict=True):
        assert_alike(mine, page.request.get(its).body(), key)
    assert found == []


def words(page: Page) -> list[str]:
    return page.locator(f".st-key-in-view .cnnviz-facts, {SENTENCES} p").all_inner_texts()


def addresses(page: Page) -> list[str]:
    return [one.get_attribute("src") or "" for one in page.locator(PICTURES).all()]


def urls(page: Page) -> list[str]:
    return [one.evaluate("canvas => canvas.toDataURL()") for one in page.locator(LIVE).all()]


def open_home(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)
    expect(page.locator(PICTURES).first).to_have_attribute("tabindex", "0")


def test_a_linked_picture_has_a_loupe_and_leads_to_its_page(page: Page, address: str) -> None:
    open_home(page, address)
    summed = convolve(images.sample("cat"), make_kernels(OUTLINE, 3))
    where, value = point(page, 1, 0.62, 0.4)
    cell = place_of(where)
    assert values_of([value]) == pytest.approx([summed[cell][0]], rel=1e-4)
    expect(page.locator(".cnnviz-origin .conv-box")).to_have_count(1)
    page.mouse.move(5, 5)
    expect(page.locator(".cnnviz-loupe")).to_have_count(0)
    point(page, 2, 0.5, 0.5)
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_role("heading", name="Activation", exact=True)).to_be_visible()


def test_the_first_tap_shows_a_loupe_and_the_second_follows_the_link(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_home(page, address)
    picture = page.locator(PICTURES).nth(1)
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.touchscreen.tap(*place)
    expect(page.locator(".cnnviz-loupe > div")).to_contain_text("Row")
    settle(page)
    page.wait_for_timeout(500)
    assert page.url.rstrip("/") == address
    page.touchscreen.tap(*place)
    expect(page.get_by_role("heading", name="Convolution", exact=True)).to_be_visible()
    context.close()
