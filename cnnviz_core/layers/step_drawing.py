"""Draw one position of a sliding window: input, kernel, result, and the sum written out."""

from dataclasses import replace
from typing import get_args

import numpy as np

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
    in_brackets,
    lay_out,
    text_width,
    texts_of,
)
from cnnviz_core.layers.step_style import (
    COLORS,
    Canvas,
    Colors,
    Paint,
    blank_canvas,
    blend,
    outline_mask,
    tile,
    write,
)
from cnnviz_core.layers.stepping import Step
from cnnviz_core.number_format import narrow_number
from cnnviz_core.theme import Theme

# How many pixels of the drawing a CSS pixel may have.
MAX_SCALE = 4

WORDS: Labels = ("input", "kernel", "result")


def draw_step(
    step: Step, *, theme: Theme = "light", scale: int = 2, labels: Labels = WORDS
) -> ByteArray:
    """Draw one position of the window.

    The window and the cell being written are amber, weights are blue and stand small in the corner
    of the cells they multiply, padding is hatched, cells to come are empty. Below stands the sum.
    All positions of one window give pictures of one size, with everything in the same place.

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


def _picture(step: Step, colors: Colors, layout: Layout) -> ByteArray:
    canvas = blank_canvas(colors, layout)
    size = round(LABEL * layout.cell)
    for panel in layout.panels:
        middle = panel.x + panel.cols * layout.cell // 2
        write(canvas, panel.label, middle, panel.y - round(0.9 * size), size, colors.muted)
    for sign in layout.signs:
        write(canvas, sign.text, sign.x, sign.y, round(0.6 * layout.cell), colors.muted)
    _draw_input(canvas, step)
    if step.weights is not None:
        _draw_kernel(canvas, step.weights)
    _draw_output(canvas, step)
    _draw_sum(canvas, step)
    return canvas.pixels


def _draw_input(canvas: Canvas, step: Step) -> None:
    colors, cell, panel = canvas.colors, canvas.layout.cell, canvas.layout.panels[0]
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
        text = "" if padding and step.weights is None else narrow_number(float(value))
        _cell(canvas, panel, row, col, paint, text, size, lift=lift)
    _outline_window(canvas, panel, step)
    if step.weights is not None:
        _draw_corners(canvas, step, step.weights)


def _draw_corners(canvas: Canvas, step: Step, weights: FloatArray) -> None:
    """Write each weight small in the corner of the cell that it multiplies."""
    cell, panel = canvas.layout.cell, canvas.layout.panels[0]
    size = fit_font(
        (f"×{text}" for text in texts_of(weights)), 0.8 * cell, WEIGHT * cell, bold=True
    )
    for (i, j), weight in np.ndenumerate(weights):
        text = f"×{narrow_number(float(weight))}"
        right = panel.x + (step.cols[j] + 1) * cell - round(0.1 * cell)
        middle = right - text_width(text, size, bold=True) // 2
        bottom = panel.y + (step.rows[i] + 1) * cell - round(0.1 * cell)
        y = bottom - round(HALF_DIGIT * size)
        write(canvas, text, middle, y, size, canvas.colors.weight, bold=True)


def _draw_kernel(canvas: Canvas, weights: FloatArray) -> None:
    cell, panel = canvas.layout.cell, canvas.layout.panels[1]
    size = fit_font(texts_of(weights), 0.84 * cell, VALUE * cell)
    for (row, col), weight in np.ndenumerate(weights):
        _cell(canvas, panel, row, col, canvas.colors.kernel, narrow_number(float(weight)), size)


def _draw_output(canvas: Canvas, step: Step) -> None:
    colors, cell, panel = canvas.colors, canvas.layout.cell, canvas.layout.panels[-1]
    size = fit_font(texts_of(step.output), 0.84 * cell, VALUE * cell, bold=True)
    for index, value in enumerate(step.output.flat):
        row, col = divmod(index, panel.cols)
        if index > step.position:
            _cell(canvas, panel, row, col, colors.to_come, "", size)
        else:
            paint = colors.current if index == step.position else colors.done
            text = narrow_number(float(value))
            _cell(canvas, panel, row, col, paint, text, size, bold=index == step.position)


def _draw_sum(canvas: Canvas, step: Step) -> None:
    colors, measures = canvas.colors, canvas.layout.sum
    size, middle = measures.font, measures.chip_height // 2
    winner = _winner(step)
    for index, counts in enumerate(step.counts.flat):
        i, j = divmod(index, len(step.cols))
        x, y = measures.chip_at(index)
        is_winner = (step.rows[i], step.cols[j]) == winner
        paint = colors.current if is_winner else colors.window if counts else colors.padding
        tile(canvas, x, y, measures.chip_width, measures.chip_height, paint)
        if counts:
            _draw_term(canvas, step, (i, j), x + measures.chip_width // 2, y, paint.text)
        if index + 1 < measures.num_chips:
            comma = x + measures.chip_width + measures.gap // 2
            write(canvas, measures.between, comma, y + middle, size, colors.muted)
    if measures.before:
        lead = measures.x + text_width(measures.before, size) // 2
        write(canvas, measures.before, lead, measures.y + middle, size, colors.muted)
    after = x + measures.chip_width + measures.tail // 2
    words = measures.after.format(count=step.counts.sum())
    write(canvas, words, after, y + middle, size, colors.muted)
    x += measures.chip_width + measures.tail
    y += middle - size
    tile(canvas, x, y, measures.result_width, 2 * size, colors.current)
    text, center = narrow_number(step.value), x + measures.result_width // 2
    write(canvas, text, center, y + size, size, colors.current.text, bold=True)


def _draw_term(
    canvas: Canvas, step: Step, place: tuple[int, int], x: int, y: int, color: str
) -> None:
    """Write a covered cell, in a convolution with its weight and below it their product."""
    size = canvas.layout.sum.font
    value = in_brackets(narrow_number(float(step.covered[place])))
    if step.weights is None:
        middle = y + canvas.layout.sum.chip_height // 2
        write(canvas, value, x, middle, size, color)
        return
    weight = in_brackets(narrow_number(float(step.weights[place])))
    widths = [text_width(text, size) for text in (value, "×", weight)]
    left = x - sum(widths) // 2
    colors = color, color, canvas.colors.weight
    for text, width, text_color in zip((value, "×", weight), widths, colors, strict=True):
        write(canvas, text, left + width // 2, y + round(0.8 * size), size, text_color)
        left += width
    product = in_brackets(narrow_number(float(step.products[place])))
    write(canvas, product, x, y + round(1.95 * size), size, color, bold=True)


def _winner(step: Step) -> tuple[int, int] | None:
    """Find the cell that max pooling takes, the first of equals."""
    if step.operation != "max":
        return None
    index = int(np.argmax(np.where(step.counts, step.covered, -np.inf)))
    i, j = divmod(index, len(step.cols))
    return step.rows[i], step.cols[j]


def _cell(
    canvas: Canvas,
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
    cell = canvas.layout.cell
    x, y, gap = panel.x + col * cell, panel.y + row * cell, _gap(cell)
    tile(canvas, x + gap, y + gap, cell - 2 * gap, cell - 2 * gap, paint)
    if text:
        write(canvas, text, x + cell // 2, y + cell // 2 - lift, size, paint.text, bold)


def _gap(cell: int) -> int:
    return max(round(0.04 * cell), 1)


def _outline_window(canvas: Canvas, panel: Panel, step: Step) -> None:
    """Draw a line around all that the window spans, also the cells that dilation leaves out."""
    cell = canvas.layout.cell
    line = _gap(cell)
    width = (step.cols[-1] - step.cols[0] + 1) * cell + 2 * line
    height = (step.rows[-1] - step.rows[0] + 1) * cell + 2 * line
    left, top = panel.x + step.cols[0] * cell - line, panel.y + step.rows[0] * cell - line
    blend(canvas, left, top, outline_mask(width, height, 2 * line), canvas.colors.outline)
