"""Draw one stop of a sliding window: the input, the kernel, the result and the sum written out."""

import io
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import get_args

import numpy as np
from PIL import Image

from cnnviz_core.arrays import ByteArray, FloatArray, require_choice, require_whole
from cnnviz_core.layers.step_layout import (
    HALF_DIGIT,
    LABEL,
    VALUE,
    WEIGHT,
    Labels,
    Layout,
    Panel,
    fit_font,
    format_number,
    in_brackets,
    lay_out,
    text_width,
    texts_of,
)
from cnnviz_core.layers.step_style import (
    COLORS,
    Colors,
    Paint,
    Sheet,
    blank_sheet,
    blend,
    frame_mask,
    tile,
    write,
)
from cnnviz_core.layers.stepping import Step
from cnnviz_core.theme import Theme

# Flat colors with their blends at soft edges; twice as many give a larger file, not a better one.
_GIF_COLORS = 64

# How many pixels of the drawing a CSS pixel may have.
MAX_SCALE = 4

_WORDS: Labels = ("input", "kernel", "result")


def draw_step(
    step: Step, *, theme: Theme = "light", scale: int = 2, labels: Labels = _WORDS
) -> ByteArray:
    """Draw one stop of the window.

    The window and the cell being written are amber, weights are blue and stand small in the corner
    of the cells they multiply, padding is hatched, cells to come are empty. Below stands the sum.
    All stops of one window give pictures of one size, with everything in the same place.

    Parameters
    ----------
    step : Step
    theme : "light" or "dark"
    scale : int
        Pixels for each CSS pixel, 1 to 4.
    labels : tuple of str
        The words over the input, the kernel and the result.

    Returns
    -------
    uint8 (H, W, 3)
        RGB.

    Raises
    ------
    ValueError
        If `theme` or `scale` is not one of those.
    """
    require_choice(theme, "theme", get_args(Theme))
    scale = require_whole(scale, "scale", low=1, high=MAX_SCALE)
    return _picture(step, COLORS[theme], lay_out(step, scale, labels))


def animate_steps(
    steps: Iterable[Step],
    *,
    theme: Theme = "light",
    scale: int = 1,
    seconds_per_step: float = 0.8,
    labels: Labels = _WORDS,
) -> bytes:
    """Draw the stops of one window as an animated GIF that runs in a loop.

    The last stop stays twice as long as the others: one sees where the round ends.

    Parameters
    ----------
    steps : iterable of Step
        At least one.
    theme, scale, labels
        As in `draw_step`.
    seconds_per_step : float
        0.02 to 60; GIF counts in hundredths.

    Returns
    -------
    bytes
        A GIF with a frame for each stop.

    Raises
    ------
    ValueError
        If there are no steps, their pictures differ in size, or an argument is out of its range.
    """
    steps = tuple(steps)
    if not steps:
        raise ValueError("steps must hold at least one step, but came empty.")
    if not 0.02 <= seconds_per_step <= 60:
        raise ValueError(
            f"seconds_per_step must be from 0.02 to 60, but came as {seconds_per_step}."
        )
    layouts = [lay_out(step, scale, labels) for step in steps]
    if len({(layout.width, layout.height) for layout in layouts}) > 1:
        raise ValueError("steps must be of one window, but their pictures differ in size.")
    draw = partial(draw_step, theme=theme, scale=scale, labels=labels)
    # The first and the last stop together show every color that any of them has.
    ends = Image.fromarray(np.concatenate([draw(steps[0]), draw(steps[-1])]))
    palette = ends.quantize(_GIF_COLORS)
    exact = _commonest_colors(ends, palette)
    frames = [_with_palette(Image.fromarray(draw(step)), palette) for step in steps]
    for frame in frames:
        frame.putpalette(exact)
    milliseconds = round(1000 * seconds_per_step)
    encoded = io.BytesIO()
    frames[0].save(
        encoded,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[milliseconds] * (len(frames) - 1) + [2 * milliseconds],
        loop=0,
    )
    return encoded.getvalue()


def _commonest_colors(picture: Image.Image, palette: Image.Image) -> list[int]:
    """Give each color of a palette the commonest shade that it stands for.

    Pillow's palettes hold averages, which would tint the background.
    """
    red, green, blue = np.moveaxis(np.asarray(picture).astype(np.uint32), -1, 0)
    # Colors as single numbers: these are sorted far faster than triples.
    packed, counts = np.unique(red << 16 | green << 8 | blue, return_counts=True)
    shades = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], -1).astype(np.uint8)
    indices = np.asarray(_with_palette(Image.fromarray(shades[np.newaxis]), palette))[0]
    colors = np.zeros((256, 3), np.uint8)
    for i in np.argsort(counts):
        colors[indices[i]] = shades[i]
    return [int(part) for part in colors.flat]


def _with_palette(picture: Image.Image, palette: Image.Image) -> Image.Image:
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def _picture(step: Step, colors: Colors, layout: Layout) -> ByteArray:
    sheet = blank_sheet(colors, layout)
    size = round(LABEL * layout.cell)
    for panel in layout.panels:
        middle = panel.x + panel.cols * layout.cell // 2
        write(sheet, panel.label, middle, panel.y - round(0.9 * size), size, colors.muted)
    for sign in layout.signs:
        write(sheet, sign.text, sign.x, sign.y, round(0.6 * layout.cell), colors.muted)
    _draw_input(sheet, step)
    if step.weights is not None:
        _draw_kernel(sheet, step.weights)
    _draw_output(sheet, step)
    _draw_sum(sheet, step)
    return sheet.pixels


def _draw_input(sheet: Sheet, step: Step) -> None:
    colors, cell, panel = sheet.colors, sheet.layout.cell, sheet.layout.panels[0]
    size = fit_font(texts_of(step.grid), 0.84 * cell, VALUE * cell)
    # Where weights will stand in the corners, every number makes room, so that none ever moves.
    lift = 0 if step.weights is None else round(0.08 * cell)
    winner = _winner(step)
    for (row, col), value in np.ndenumerate(step.grid):
        covered = row in step.rows and col in step.cols
        padding = bool(step.is_padding[row, col])
        paint = colors.padding if padding else colors.plain
        if covered:
            paint = replace(colors.window, hatched=padding)
        if (row, col) == winner:
            paint = colors.current
        # Pooling leaves padding out, so there is no number to show.
        text = "" if padding and step.weights is None else format_number(float(value))
        _cell(sheet, panel, row, col, paint, text, size, lift=lift)
    _frame(sheet, panel, step)
    if step.weights is not None:
        _draw_corners(sheet, step, step.weights)


def _draw_corners(sheet: Sheet, step: Step, weights: FloatArray) -> None:
    """Write each weight small in the corner of the cell that it multiplies."""
    cell, panel = sheet.layout.cell, sheet.layout.panels[0]
    size = fit_font(
        (f"×{text}" for text in texts_of(weights)), 0.8 * cell, WEIGHT * cell, bold=True
    )
    for (i, j), weight in np.ndenumerate(weights):
        text = f"×{format_number(float(weight))}"
        right = panel.x + (step.cols[j] + 1) * cell - round(0.1 * cell)
        middle = right - text_width(text, size, bold=True) // 2
        bottom = panel.y + (step.rows[i] + 1) * cell - round(0.1 * cell)
        y = bottom - round(HALF_DIGIT * size)
        write(sheet, text, middle, y, size, sheet.colors.weight, bold=True)


def _draw_kernel(sheet: Sheet, weights: FloatArray) -> None:
    cell, panel = sheet.layout.cell, sheet.layout.panels[1]
    size = fit_font(texts_of(weights), 0.84 * cell, VALUE * cell)
    for (row, col), weight in np.ndenumerate(weights):
        _cell(sheet, panel, row, col, sheet.colors.kernel, format_number(float(weight)), size)


def _draw_output(sheet: Sheet, step: Step) -> None:
    colors, cell, panel = sheet.colors, sheet.layout.cell, sheet.layout.panels[-1]
    size = fit_font(texts_of(step.output), 0.84 * cell, VALUE * cell, bold=True)
    for index, value in enumerate(step.output.flat):
        row, col = divmod(index, panel.cols)
        if index > step.position:
            _cell(sheet, panel, row, col, colors.to_come, "", size)
        else:
            paint = colors.current if index == step.position else colors.done
            text = format_number(float(value))
            _cell(sheet, panel, row, col, paint, text, size, bold=index == step.position)


def _draw_sum(sheet: Sheet, step: Step) -> None:
    colors, measures = sheet.colors, sheet.layout.sum
    size, middle = measures.font, measures.chip_height // 2
    winner = _winner(step)
    for index, counts in enumerate(step.counts.flat):
        i, j = divmod(index, len(step.cols))
        x, y = measures.chip_at(index)
        is_winner = (step.rows[i], step.cols[j]) == winner
        paint = colors.current if is_winner else colors.window if counts else colors.padding
        tile(sheet, x, y, measures.chip_width, measures.chip_height, paint)
        if counts:
            _draw_term(sheet, step, (i, j), x + measures.chip_width // 2, y, paint.ink)
        if index + 1 < measures.num_chips:
            comma = x + measures.chip_width + measures.gap // 2
            write(sheet, measures.between, comma, y + middle, size, colors.muted)
    if measures.before:
        lead = measures.x + text_width(measures.before, size) // 2
        write(sheet, measures.before, lead, measures.y + middle, size, colors.muted)
    after = x + measures.chip_width + measures.tail // 2
    words = measures.after.format(count=step.counts.sum())
    write(sheet, words, after, y + middle, size, colors.muted)
    x += measures.chip_width + measures.tail
    y += middle - size
    tile(sheet, x, y, measures.result_width, 2 * size, colors.current)
    text, center = format_number(step.value), x + measures.result_width // 2
    write(sheet, text, center, y + size, size, colors.current.ink, bold=True)


def _draw_term(sheet: Sheet, step: Step, place: tuple[int, int], x: int, y: int, ink: str) -> None:
    """Write a covered cell, in a convolution with its weight and below it their product."""
    size = sheet.layout.sum.font
    value = in_brackets(format_number(float(step.covered[place])))
    if step.weights is None:
        middle = y + sheet.layout.sum.chip_height // 2
        write(sheet, value, x, middle, size, ink)
        return
    weight = in_brackets(format_number(float(step.weights[place])))
    widths = [text_width(text, size) for text in (value, "×", weight)]
    left = x - sum(widths) // 2
    inks = ink, ink, sheet.colors.weight
    for text, width, text_ink in zip((value, "×", weight), widths, inks, strict=True):
        write(sheet, text, left + width // 2, y + round(0.8 * size), size, text_ink)
        left += width
    product = in_brackets(format_number(float(step.products[place])))
    write(sheet, product, x, y + round(1.95 * size), size, ink, bold=True)


def _winner(step: Step) -> tuple[int, int] | None:
    """Find the cell that max pooling takes, the first of equals."""
    if step.operation != "max":
        return None
    index = int(np.argmax(np.where(step.counts, step.covered, -np.inf)))
    i, j = divmod(index, len(step.cols))
    return step.rows[i], step.cols[j]


def _cell(
    sheet: Sheet,
    panel: Panel,
    row: int,
    col: int,
    paint: Paint,
    text: str,
    size: int,
    bold: bool = False,
    lift: int = 0,
) -> None:
    """Draw a cell of a panel with its text, which `lift` moves up from the middle."""
    cell = sheet.layout.cell
    x, y, gap = panel.x + col * cell, panel.y + row * cell, _gap(cell)
    tile(sheet, x + gap, y + gap, cell - 2 * gap, cell - 2 * gap, paint)
    if text:
        write(sheet, text, x + cell // 2, y + cell // 2 - lift, size, paint.ink, bold)


def _gap(cell: int) -> int:
    return max(round(0.04 * cell), 1)


def _frame(sheet: Sheet, panel: Panel, step: Step) -> None:
    """Draw a line around all that the window spans, also the cells that dilation leaves out."""
    cell = sheet.layout.cell
    line = _gap(cell)
    width = (step.cols[-1] - step.cols[0] + 1) * cell + 2 * line
    height = (step.rows[-1] - step.rows[0] + 1) * cell + 2 * line
    left, top = panel.x + step.cols[0] * cell - line, panel.y + step.rows[0] * cell - line
    blend(sheet, left, top, frame_mask(width, height, 2 * line), sheet.colors.frame)
