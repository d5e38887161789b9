"""Pictures of single stops: one layout for all, a legible difference, and a GIF that loops."""

import io
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import numpy as np
import pytest
from PIL import Image, ImageColor

from cnnviz_core.layers.step_animation import animate_steps
from cnnviz_core.layers.step_drawing import draw_step
from cnnviz_core.layers.step_layout import lay_out
from cnnviz_core.layers.step_style import COLORS
from cnnviz_core.layers.stepping import convolution_step, pooling_step
from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.theme import Theme

INPUT = parse_grid("1 1 1 0 0; 0 1 1 1 0; 0 0 1 1 1; 0 0 1 1 0; 0 1 1 0 0")
KERNEL = parse_grid("1 0 1; 0 1 0; 1 0 1")
LABELS = ("input", "kernel", "result")


def textbook_steps():
    return [convolution_step(INPUT, KERNEL, i) for i in range(9)]


def signed_steps():
    grid = np.random.default_rng(0).normal(scale=30, size=(6, 7))
    kernel = parse_grid("1/9 -1/9 0.5; -2.25 4 0.125")
    count = convolution_step(grid, kernel, 0, stride=2, padding=1).output.size
    return [convolution_step(grid, kernel, i, stride=2, padding=1) for i in range(count)]


def average_steps():
    return [pooling_step(INPUT, 3, i, stride=2, mode="average", padding="same") for i in range(9)]


def maximum_steps():
    return [pooling_step(INPUT, 2, i) for i in range(4)]


every_kind = pytest.mark.parametrize(
    "steps", [textbook_steps(), signed_steps(), average_steps(), maximum_steps()]
)
themes = pytest.mark.parametrize("theme", get_args(Theme))
# One kind in both themes; the others dark are slow.
every_kind_in_themes = pytest.mark.parametrize(
    ("steps", "theme"),
    [
        (textbook_steps(), "light"),
        (textbook_steps(), "dark"),
        *((steps(), "light") for steps in (signed_steps, average_steps, maximum_steps)),
        *(
            pytest.param(steps(), "dark", marks=pytest.mark.slow)
            for steps in (signed_steps, average_steps, maximum_steps)
        ),
    ],
)


def frames_of(gif):
    with Image.open(io.BytesIO(gif)) as image:
        for index in range(image.n_frames):
            image.seek(index)
            yield np.asarray(image.convert("RGB")), image.info["duration"]


def share_of(pixels, color):
    return (pixels == ImageColor.getrgb(color)).all(axis=-1).mean()


def cell_of(pixels, step, panel_index, row, col, scale=2):
    layout = lay_out(step, scale, LABELS)
    panel, cell = layout.panels[panel_index], layout.cell
    top, left = panel.y + row * cell, panel.x + col * cell
    return pixels[top : top + cell, left : left + cell]


@every_kind_in_themes
def test_all_steps_have_one_size_and_differ(steps, theme):
    pictures = [draw_step(step, theme=theme) for step in steps]
    assert {picture.shape for picture in pictures} == {pictures[0].shape}
    assert pictures[0].dtype == np.uint8
    assert len({picture.tobytes() for picture in pictures}) == len(steps)


@every_kind
def test_all_steps_have_one_layout(steps):
    layouts = {lay_out(step, 2, LABELS) for step in steps}
    assert len(layouts) == 1


@every_kind
def test_drawing_twice_gives_the_same_and_writable_pixels(steps):
    first = draw_step(steps[0])
    first_copy = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(draw_step(steps[0]), first_copy)


@every_kind_in_themes
def test_cells_wear_the_colors_of_their_state(steps, theme):
    colors = COLORS[theme]
    for step in steps:
        pixels = draw_step(step, theme=theme)
        for index in range(step.output.size):
            row, col = divmod(index, step.output.shape[1])
            cell = cell_of(pixels, step, -1, row, col)
            if index < step.position:
                expected = colors.done
            elif index == step.position:
                expected = colors.current
            else:
                expected = colors.to_come
            assert share_of(cell, expected.fill) > 0.4
            texts = colors.done.text, colors.current.text
            written = any(share_of(cell, text) > 0 for text in texts)
            assert written == (index <= step.position)


@themes
def test_exactly_the_covered_cells_are_highlighted(theme):
    step = convolution_step(INPUT, KERNEL, 3, padding=1, dilation=2)
    pixels = draw_step(step, theme=theme)
    for row, col in np.ndindex(step.grid.shape):
        share = share_of(cell_of(pixels, step, 0, row, col), COLORS[theme].window.fill)
        covered = row in step.rows and col in step.cols
        assert (share > 0.3) == covered


@themes
def test_weights_stand_in_the_corners_of_the_covered_cells_alone(theme):
    step = convolution_step(INPUT, KERNEL, 4)
    pixels = draw_step(step, theme=theme)
    for row, col in np.ndindex(step.grid.shape):
        cell = cell_of(pixels, step, 0, row, col)
        half = cell.shape[0] // 2
        weight = COLORS[theme].weight
        covered = row in step.rows and col in step.cols
        assert (share_of(cell[half:, half:], weight) > 0.01) == covered
        assert share_of(cell[:half], weight) == 0


def test_a_changed_weight_changes_the_picture():
    other = KERNEL.copy()
    other[0, 0] = 2
    plain, changed = (draw_step(convolution_step(INPUT, k, 0)) for k in (KERNEL, other))
    assert (plain != changed).any()


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_the_scale_multiplies_the_size(scale):
    step = textbook_steps()[0]
    height, width, _ = draw_step(step, scale=1).shape
    scaled = draw_step(step, scale=scale).shape
    assert scaled[0] == pytest.approx(scale * height, abs=6)
    assert scaled[1] == pytest.approx(scale * width, abs=6)


def test_large_grids_stay_legible_on_a_phone():
    step = convolution_step(np.full((12, 12), -99), KERNEL, 0, padding=1)
    layout = lay_out(step, 1, LABELS)
    # 360 CSS pixels is a common phone; a cell of 18 leaves digits about 9 pixels tall.
    assert 360 / layout.width * layout.cell > 18


@pytest.mark.parametrize(
    "step",
    [
        convolution_step([[1]], [[1]], 0),
        convolution_step(np.full((12, 12), -9999), np.full((12, 12), 9999), 0),
        convolution_step(np.full((12, 12), 1e-3), np.full((5, 5), -0.125), 0, padding=4),
        pooling_step([[-1.25]], 1, 0),
        pooling_step(np.full((12, 12), -0.125), 12, 0, mode="average"),
        pooling_step(np.full((2, 2), 7), 5, 3, stride=1, padding="same"),
        convolution_step(np.ones((1, 12)), np.ones((1, 12)), 0),
        convolution_step(np.ones((12, 1)), np.ones((12, 1)), 0),
    ],
)
@themes
def test_nothing_touches_the_edge_of_the_picture(step, theme):
    pixels = draw_step(step, theme=theme)
    background = ImageColor.getrgb(COLORS[theme].background)
    for edge in (pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]):
        assert (edge == background).all()


def test_translated_labels_are_drawn():
    step = textbook_steps()[0]
    translated = draw_step(step, labels=("Eingabe", "Kern", "Ergebnis"))
    assert translated.shape == draw_step(step).shape
    assert (translated != draw_step(step)).any()


def test_threads_draw_the_same_as_one():
    steps = textbook_steps() + signed_steps()
    expected = [draw_step(step) for step in steps]
    with ThreadPoolExecutor(4) as pool:
        for drawn, one in zip(pool.map(draw_step, steps * 3), expected * 3, strict=True):
            np.testing.assert_array_equal(drawn, one)


@every_kind_in_themes
def test_the_animation_shows_every_step_in_turn_for_ever(steps, theme):
    gif = animate_steps(steps, theme=theme)
    with Image.open(io.BytesIO(gif)) as image:
        assert image.format == "GIF"
        assert image.info["loop"] == 0
    frames = list(frames_of(gif))
    assert len(frames) == len(steps)
    assert [duration for _, duration in frames] == [800] * (len(steps) - 1) + [1600]
    for (frame, _), step in zip(frames, steps, strict=True):
        drawn = draw_step(step, theme=theme, scale=1)
        assert frame.shape == drawn.shape
        assert np.abs(frame.astype(int) - drawn).mean() < 1


@themes
def test_the_animation_keeps_the_background_exact(theme):
    frame, _ = next(frames_of(animate_steps(textbook_steps(), theme=theme)))
    np.testing.assert_array_equal(frame[0, 0], ImageColor.getrgb(COLORS[theme].background))


def test_the_textbook_animation_is_a_small_file():
    assert len(animate_steps(textbook_steps())) < 100_000


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: draw_step(textbook_steps()[0], theme="blue"), "theme must be one of"),
        (lambda: draw_step(textbook_steps()[0], scale=0), "scale must be from 1 to 4"),
        (lambda: animate_steps([]), "steps must hold at least one"),
        (lambda: animate_steps(textbook_steps() + maximum_steps()), "differ in size"),
    ],
)
def test_arguments_out_of_range_are_refused(use, message):
    with pytest.raises(ValueError, match=message):
        use()
