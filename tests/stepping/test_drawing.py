"""Drawings of single stops: one layout for all, a legible difference, SVG, pixels, and a GIF."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from typing import get_args
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image, ImageColor

from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.stepping import svg
from cnnviz_core.stepping.animation import animate
from cnnviz_core.stepping.arranging import arrange
from cnnviz_core.stepping.backwards import pooling_gradient
from cnnviz_core.stepping.causal import stack_causal
from cnnviz_core.stepping.chain import chain
from cnnviz_core.stepping.colors import COLORS
from cnnviz_core.stepping.drawing import COMFORTABLE_WIDTH, Frame, Text, Tile, draw
from cnnviz_core.stepping.gathering import convolve
from cnnviz_core.stepping.normalizing import normalize
from cnnviz_core.stepping.pixels import paint
from cnnviz_core.stepping.pooling import pool_windows
from cnnviz_core.stepping.scattering import transpose
from cnnviz_core.stepping.stops import Name
from cnnviz_core.theme import Theme

INPUT = parse_grid("1 1 1 0 0; 0 1 1 1 0; 0 0 1 1 1; 0 0 1 1 0; 0 1 1 0 0")[..., np.newaxis]
KERNEL = parse_grid("1 0 1; 0 1 0; 1 0 1")[..., np.newaxis, np.newaxis]
NAMES = [name for one in get_args(Name) for name in get_args(one)]
WORDS = dict(zip(NAMES, NAMES, strict=True))


def textbook():
    return convolve(INPUT, KERNEL)


def signed():
    grid = np.random.default_rng(0).normal(scale=30, size=(6, 7, 1))
    kernel = parse_grid("1/9 -1/9 0.5; -2.25 4 0.125")[..., np.newaxis, np.newaxis]
    return convolve(grid, kernel, stride=2, padding=1)


def several():
    rng = np.random.default_rng(1)
    channels, kernels = rng.integers(-3, 4, (5, 5, 3)), rng.integers(-2, 3, (3, 3, 3, 2))
    return convolve(channels, kernels, [1, -1], padding=1, stride=2)


def depthwise():
    rng = np.random.default_rng(2)
    return convolve(rng.integers(0, 9, (4, 4, 2)), rng.integers(-2, 3, (3, 3, 1, 2)), groups=2)


def average():
    return pool_windows(INPUT, 3, stride=2, mode="average", padding="same")


def maximum():
    return pool_windows(np.concatenate([INPUT, 2 * INPUT], axis=-1), 2)


def transposed():
    return transpose([[1, -2], [3, 4]], [[1, 0.5], [0, -1]], stride=2, padding=1)


def handed_back():
    return pooling_gradient([[1, 5, 2], [0, 3, 4], [7, 1, 1]], 2, [[1, -2], [3, 4]], stride=1)


def rhythm():
    return stack_causal([[1, 0, 2, 0, 3]], [[1, 2]])


def there_and_back():
    return chain(INPUT[..., 0], [[1, -1], [-1, 1]])


def batch():
    return normalize([[1, 10], [2, 30], [6, 20]], 2.0, 1.0)


WALKS = (
    *(textbook, signed, several, depthwise, average, maximum),
    *(transposed, handed_back, rhythm, batch, there_and_back),
)
every_kind = pytest.mark.parametrize("kind", WALKS)
themes = pytest.mark.parametrize("theme", get_args(Theme))


def drawn(walk):
    return [draw(walk.at(position), WORDS) for position in range(walk.num_stops)]


def marks(piece, kind):
    return [mark for group in piece.groups for mark in group if isinstance(mark, kind)]


def frames_of(gif):
    with Image.open(io.BytesIO(gif)) as image:
        for index in range(image.n_frames):
            image.seek(index)
            yield np.asarray(image.convert("RGB")), image.info["duration"]


def share_of(pixels, color):
    return (pixels == ImageColor.getrgb(color)).all(axis=-1).mean()


@every_kind
def test_all_stops_have_one_layout_and_differ(kind):
    """What does not move stays, so that a page can change the groups alone."""
    stops = drawn(kind())
    layouts = {
        tuple((one.width, one.height, len(one.groups)) for one in stop.pieces) for stop in stops
    }
    assert len(layouts) == 1
    assert len(set(stops)) == len(stops)
    places = {
        tuple((tile.x, tile.y) for piece in stop.pieces for tile in marks(piece, Tile))
        for stop in stops
    }
    assert len(places) == 1


@every_kind
def test_every_cell_of_every_grid_looks_as_the_stop_says(kind):
    walk = kind()
    for position in range(walk.num_stops):
        stop = walk.at(position)
        acts = [*draw(stop, WORDS).parts, draw(stop, WORDS).whole]
        for act, shown in zip(stop.acts, acts, strict=True):
            for item, piece in zip(act.items, shown.items, strict=True):
                if not isinstance(item, str):
                    looks = [tile.look for tile in marks(piece, Tile)]
                    assert looks == item.looks.ravel().tolist()
                    assert len(marks(piece, Frame)) == (item.frame is not None)
            tiles = [tile.look for line in shown.lines for tile in marks(line, Tile)]
            if act.sum is None:
                assert tiles == []
                continue
            result = [] if act.sum.value is None else [act.sum.look]
            assert tiles == [one.look for one in act.sum.terms] + result


@every_kind
def test_no_text_is_wider_than_what_it_stands_on_and_nothing_wider_than_the_page(kind):
    for stop in drawn(kind()):
        assert all(piece.width <= COMFORTABLE_WIDTH for piece in stop.pieces)
        for piece in stop.pieces:
            for mark in marks(piece, Text):
                assert 0 <= mark.x <= piece.width
                assert 0 <= mark.y <= piece.height


def test_weights_stand_in_the_corners_of_the_covered_cells_alone():
    stop = textbook().at(4)
    source = draw(stop, WORDS).whole.items[0]
    _, *cells, frame = source.groups
    for (row, column), group in zip(np.ndindex(5, 5), cells, strict=True):
        weights = [mark.text for mark in group if isinstance(mark, Text) and mark.ink == "weight"]
        covered = 1 <= row <= 3 and 1 <= column <= 3
        expected = f"×{KERNEL[row - 1, column - 1, 0, 0]:.0f}" if covered else None
        assert weights == ([expected] if covered else [])
    assert len(frame) == 1


def test_the_words_of_a_page_stand_over_the_grids():
    words = {**WORDS, "input": "Eingabe", "filter": "Filter"}
    pieces = [item for part in draw(several().at(1), words).parts for item in part.items]
    labels = [mark.text for piece in pieces for mark in piece.groups[0]]
    assert labels == [
        *("Eingabe 1 5×5", "×", "Filter 2 3×3"),
        *("Eingabe 2 5×5", "×", "Filter 2 3×3"),
        *("Eingabe 3 5×5", "×", "Filter 2 3×3"),
    ]


@every_kind
def test_svg_has_every_letter_and_every_tile(kind):
    for stop in drawn(kind())[:3]:
        for piece in stop.pieces:
            root = ET.fromstring(svg.svg(piece))  # noqa: S314
            texts = [one.text for one in root.iter("text")]
            assert texts == [mark.text for mark in marks(piece, Text)]
            tiles = [one.get("class") for one in root.iter("rect") if one.get("class") != "frame"]
            assert tiles == [mark.look for mark in marks(piece, Tile)]
            assert len(root.findall("g")) == len(piece.groups) == len(svg.groups(piece))


def test_svg_has_the_colors_of_both_themes():
    style = svg.style()
    for theme in get_args(Theme):
        colors = COLORS[theme]
        for color in (colors.muted, colors.weight, colors.outline, colors.window.fill):
            assert color in style
    hatched = re.findall(r'id="cnnviz-step-(\w+)"', svg.hatching())
    assert hatched == ["padding", "window_padding"]
    for look in hatched:
        assert f"url(#cnnviz-step-{look})" in style


@themes
@every_kind
def test_pixels_wear_the_colors_of_their_looks(kind, theme):
    picture = arrange(draw(kind().at(1), WORDS))
    pixels = paint(picture, theme=theme)
    for tile in marks(picture, Tile):
        x, y, right, bottom = (
            round(2 * one) for one in (tile.x, tile.y, tile.x + tile.width, tile.y + tile.height)
        )
        look = COLORS[theme].paint(tile.look)
        assert share_of(pixels[y:bottom, x:right], look.fill) > 0.2
    edges = (pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:])
    background = ImageColor.getrgb(COLORS[theme].background)
    assert all((edge == background).all() for edge in edges)


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_the_scale_multiplies_the_size(scale):
    picture = arrange(draw(textbook().at(0), WORDS))
    height, width, _ = paint(picture, scale=scale).shape
    assert (height, width) == (round(scale * picture.height), round(scale * picture.width))


@pytest.mark.parametrize(
    "walk",
    [
        convolve([[[1]]], [[[[1]]]]),
        convolve(np.full((12, 12, 1), -9999), np.full((12, 12, 1, 1), 9999)),
        convolve(np.full((12, 12, 1), 1e-3), np.full((5, 5, 1, 1), -0.125), padding=4),
        convolve(np.full((12, 12, 3), -9999), np.full((5, 5, 3, 3), -9999), [-9999] * 3),
        pool_windows([[[-1.25]]], 1),
        pool_windows(np.full((12, 12, 1), -0.125), 12, mode="average"),
        pool_windows(np.full((2, 2, 1), 7), 5, stride=1, padding="same"),
        convolve(np.ones((1, 12, 1)), np.ones((1, 12, 1, 1))),
        convolve(np.ones((12, 1, 1)), np.ones((12, 1, 1, 1))),
    ],
)
def test_nothing_touches_the_edge_of_the_picture(walk):
    drawing = draw(walk.at(walk.num_stops - 1), WORDS)
    assert all(piece.width <= COMFORTABLE_WIDTH for piece in drawing.pieces)
    pixels = paint(arrange(drawing))
    background = ImageColor.getrgb(COLORS["light"].background)
    for edge in (pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]):
        assert (edge == background).all()


def test_threads_draw_the_same_as_one():
    stops = [walk.at(position) for walk in (textbook(), several()) for position in range(6)]

    def pixels(stop):
        return paint(arrange(draw(stop, WORDS)))

    expected = [pixels(stop) for stop in stops]
    with ThreadPoolExecutor(4) as pool:
        for picture, one in zip(pool.map(pixels, stops * 2), expected * 2, strict=True):
            np.testing.assert_array_equal(picture, one)


@every_kind
def test_the_animation_shows_every_stop_in_turn_for_ever(kind):
    pictures = [arrange(one) for one in drawn(kind())]
    gif = animate(pictures)
    with Image.open(io.BytesIO(gif)) as image:
        assert image.format == "GIF"
        assert image.info["loop"] == 0
    frames = list(frames_of(gif))
    assert [duration for _, duration in frames] == [800] * (len(pictures) - 1) + [1600]
    for (frame, _), picture in zip(frames, pictures, strict=True):
        painted = paint(picture, scale=1)
        assert frame.shape == painted.shape
        assert np.abs(frame.astype(int) - painted).mean() < 1


@themes
def test_the_animation_keeps_the_background_exact(theme):
    frame, _ = next(frames_of(animate(map(arrange, drawn(textbook())), theme=theme)))
    np.testing.assert_array_equal(frame[0, 0], ImageColor.getrgb(COLORS[theme].background))


def test_the_textbook_animation_is_a_small_file():
    assert len(animate(map(arrange, drawn(textbook())))) < 100_000


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda one: paint(one, theme="blue"), "theme must be one of"),
        (lambda one: paint(one, scale=0), "scale must be from 1 to 4"),
        (lambda _: animate([]), "drawings must hold at least one"),
        (lambda one: animate([one, arrange(draw(maximum().at(0), WORDS))]), "differ in size"),
    ],
)
def test_arguments_out_of_range_are_refused(use, message):
    with pytest.raises(ValueError, match=message):
        use(arrange(draw(textbook().at(0), WORDS)))
