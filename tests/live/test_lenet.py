"""LeNet while a slider is moved: its pictures, their facts, and the numbers behind them."""

import io
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnnviz_core import images
from cnnviz_core.layers.kernels import random_kernels
from cnnviz_core.layers.specs import Activation, Convolution, Layer, Pooling, shapes
from cnnviz_core.views.lenet import LenetView, lenet
from cnnviz_core.views.maps import largest_dilation, largest_kernel
from cnnviz_core.views.sharing import Picture
from pages.parts import pictures
from pages.parts.declarations import Choice
from pages.parts.layers.lenet_controls import (
    FIRST,
    LENET_CONTROLS,
    MAPS,
    SCALE,
    SECOND,
    SEED,
    SIZE,
    Block,
)
from pages.parts.modules import joined
from tests.browser.chromium import find_chromium, settle
from tests.live.dragging import LIVE, drag_by, let_go
from tests.live.in_browser import PALETTES, TRAVEL, WORDS, maps, received

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

GIVEN = {
    "words": {**WORDS, "parameters": "{count} parameters", "noParameters": "no parameters"},
    "palettes": PALETTES,
}
# What a page with these settings shows, as pictures and as text.
SHOW = f"""async ([sources, picture, cases, given]) => {{
  {TRAVEL}
  const blob = (source) => new Blob([source], {{type: "text/javascript"}});
  const load = (source) => import(URL.createObjectURL(blob(source)));
  const [{{PLANS}}, {{paint}}, {{facts}}] = await Promise.all(sources.map(load));
  const pixels = maps(picture);
  return cases.map((said) => {{
    const {{shown, texts}} = PLANS[said.page](pixels, said, () => 1, given);
    const drawn = shown.map((one) => {{
      const canvas = document.createElement("canvas");
      paint(canvas, one, given.palettes);
      return [canvas.toDataURL(), facts(one, one.scale, given.words)];
    }});
    return {{drawn, texts}};
  }});
}}"""


def some_settings(rng: np.random.Generator) -> dict[str, Any]:
    """What LeNet's controls may say, as the page tells the browser."""
    said: dict[str, Any] = {"page": "lenet", "pools": [True, True]}
    for one in LENET_CONTROLS:
        if isinstance(one, Choice):
            options = list(one.options)
            said[one.key] = options[rng.integers(len(options))]
        else:
            said[one.key] = int(rng.integers(one.low, one.high + 1))
    # Composites need three filters, of up to 16; and the largest kernels leave little over.
    for block in (FIRST, SECOND):
        said[block.filters.key] = int(rng.choice([1, 2, 3, 3, 3, 5, 16]))
        said[block.size.key] = min(said[block.size.key], int(rng.choice([3, 5, 15])))
        said[block.stride.key] = min(said[block.stride.key], int(rng.choice([1, 4])))
    return said


def layers_of(said: dict[str, Any], shape: tuple[int, ...]) -> tuple[Layer, ...]:
    """The layers that the page makes of its controls: windows have no more than there is room."""

    def room(layers: tuple[Layer, ...]) -> int:
        return min(shapes(shape, layers)[-1].shape[:2])

    def block(layers: tuple[Layer, ...], of: Block) -> tuple[Layer, ...]:
        padding = said[of.padding.key]
        size = min(said[of.size.key], largest_kernel(room(layers), padding))
        dilation = min(said[of.dilation.key], largest_dilation(room(layers), size, padding))
        filters, stride = said[of.filters.key], said[of.stride.key]
        layers = (*layers, Convolution(filters, size, stride, padding, dilation))
        layers = (*layers, Activation(said[of.function.key], said[of.slope.key]))
        window = min(said[of.window.key], room(layers))
        pooling = said[of.mode.key], said[of.pool_padding.key]
        return *layers, Pooling(window, said[of.pool_stride.key] or None, *pooling)

    return block(block((), FIRST), SECOND)


def served(said: dict[str, Any], picture: Picture) -> LenetView:
    return lenet(
        picture,
        layers_of(said, picture.pixels.shape),
        said[SEED.key],
        display=said[MAPS.key],
        size=said[SIZE.key],
        sharing=said[SCALE.key],
    )


def pixels_of(png: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA")).astype(int)


def assert_alike(drawn: str, expected: bytes, about: object) -> None:
    """The picture drawn here is the server's; float32 adds up otherwise, rarely a color away."""
    mine, its = pixels_of(b64decode(drawn.partition(",")[2])), pixels_of(expected)
    assert mine.shape == its.shape, about
    np.testing.assert_array_equal(mine[:, :, 3], its[:, :, 3], str(about))
    difference = np.abs(mine - its)[its[:, :, 3] > 0].max(axis=1)
    assert (difference > 0).mean() < 0.01, about
    assert difference.max() <= 12, about


def test_all_stages_are_drawn_and_counted_as_on_the_server(page: Page) -> None:
    rng = np.random.default_rng(20)
    cases = [some_settings(rng) for _ in range(20)]
    # Whether a row shares one scale depends on its activation: all of them.
    for case, function in zip(cases, FIRST.function.options, strict=False):
        case |= {FIRST.function.key: function, SCALE.key: "shared"}
    assert_served(page, cases, 70)


def test_tiles_that_have_no_room_are_reduced_as_on_the_server(page: Page) -> None:
    rng = np.random.default_rng(21)
    small = {FIRST.size.key: 2, FIRST.stride.key: 1, FIRST.dilation.key: 1}
    cases = [
        {**some_settings(rng), **small, FIRST.filters.key: count, SIZE.key: size}
        for count, size in ((5, "enlarged"), (10, "proportional"))
    ]
    assert_served(page, cases, 251)


def assert_served(page: Page, cases: list[dict[str, Any]], width: int) -> None:
    """What the browser makes of a cat so wide, and of these settings, is what the server shows."""
    cat = np.ascontiguousarray(images.fit(images.sample("cat"), width))
    picture = Picture(f"cat {width}", cat)
    sources = [joined(name) for name in ("plans", "canvas", "facts")]
    found = page.evaluate(SHOW, [sources, maps(cat.astype(np.float32)), cases, GIVEN])
    for said, one in zip(cases, found, strict=True):
        view = served(said, picture)
        for (drawn, facts), stage in zip(one["drawn"], view.stages, strict=True):
            assert_alike(drawn, stage.picture.data, (stage.layer, said))
            expected = pictures.facts(stage.picture)
            assert f'<div class="cnnviz-facts">{facts}</div>' == expected, (stage.layer, said)
        counts, numbers, parameters = one["texts"].values()
        assert counts == [number(stage.num_parameters) for stage in view.stages]
        assert numbers == [f"{layer.num_units:,}" for layer in view.head]
        assert parameters[1:] == [number(layer.num_parameters) for layer in view.head[1:]]


def number(parameters: int) -> str:
    return f"{parameters:,} parameters" if parameters else "no parameters"


def test_numbers_follow_a_dragged_slider_and_are_those_of_the_server(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/lenet?lenet_pool_stride1=2")
    settle(page)
    # None of them is so slow that values are left out; and one stop of the last has a word for it.
    for key, pixels in (
        (FIRST.stride.key, 50),
        (FIRST.filters.key, 15),
        (FIRST.pool_stride.key, -60),
    ):
        before, served = words_of(page), addresses(page)
        drag_by(page, key, pixels)
        expect(page.locator(LIVE)).to_have_count(6)
        followed = words_of(page)
        assert followed["facts"] != before["facts"]
        changed = "counts" if key == FIRST.filters.key else "boxes"
        assert followed[changed] != before[changed]
        assert addresses(page) == served
        let_go(page)
        assert words_of(page) == followed


def words_of(page: Page) -> dict[str, list[str]]:
    kinds = {"counts": ".lenet-count", "boxes": ".lenet-box", "facts": ".cnnviz-facts"}
    return {kind: page.locator(one).all_inner_texts() for kind, one in kinds.items()}


def addresses(page: Page) -> list[str | None]:
    return [one.get_attribute("src") for one in page.locator(".st-key-in-view img").all()]


ORIGINS = f"""async ([source, picture, said, points, given]) => {{
  {TRAVEL}
  const blob = new Blob([source], {{type: "text/javascript"}});
  const {{PLANS}} = await import(URL.createObjectURL(blob));
  const {{shown, origin}} = PLANS.lenet(maps(picture), said, () => 1, given);
  const parts = points.map(([place, ...at]) => {{
    const {{shape}} = shown[place];
    const [row, column, index] = shape.map((most, axis) => Math.floor(at[axis] * most));
    return [place, [row, column, index], origin(place, {{row, column, index}})];
  }});
  return [shown.map((one) => sent(one.maps)), parts];
}}"""


def test_a_value_comes_from_the_part_that_is_framed(page: Page) -> None:
    """The part alone gives the value."""
    rng = np.random.default_rng(40)
    cat = images.fit(images.sample("cat"), 60).astype(np.float32)
    said = {**{one.key: one.default for one in LENET_CONTROLS}, "pools": [True, True]}
    said |= {"lenet_padding1": "same", "lenet_window1": 3, "lenet_pool_padding1": "same"}
    said |= {"lenet_stride2": 2, "lenet_dilation2": 2, "lenet_filters2": 4, "lenet_size2": 2}
    points = [[place, *rng.random(3).tolist()] for place in range(6) for _ in range(20)]
    sent, parts = page.evaluate(ORIGINS, [joined("plans"), maps(cat), said, points, GIVEN])
    stages = [received(one) for one in sent]
    later = np.random.SeedSequence(said["lenet_seed"], spawn_key=(1,)).generate_state(1)
    second = random_kernels(2, 4, 3, int(later[0]))
    for place, (row, column, index), part in parts:
        if place == 0:
            assert part is None
            continue
        assert part["place"] == place - 1
        top, left = part["start"]
        bottom, right = top + part["height"], left + part["width"]
        seen = stages[place - 1][max(top, 0) : bottom, max(left, 0) : right]
        value = stages[place][row, column, index]
        if place % 3 == 0:
            assert "index" not in part
            assert value == pytest.approx((seen[::2, ::2] * second[..., index]).sum(), rel=1e-4)
        else:
            assert part["index"] == index
            assert value == max(seen[:, :, index].max(), 0)
