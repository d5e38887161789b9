"""Where everything lies on the picture of a step: numbers as text, measures, places; no drawing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import ImageFont

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.stepping import Step
from cnnviz_core.number_format import narrow_number

Labels = tuple[str, str, str]

# Shares of a cell's side, found by looking at the pictures.
LABEL, VALUE, WEIGHT, SUM, MARGIN = 0.32, 0.48, 0.28, 0.38, 0.4
# Half the height of DejaVu's digits, as a share of the font size.
HALF_DIGIT = 0.365

# A cell's side before scaling, in CSS pixels: pictures of many cells get smaller ones.
# At scale 2, 690 with margins stays below the 1460 pixels from which Streamlit shrinks a picture.
_LARGEST_CELL, _SMALLEST_CELL, _COMFORTABLE_WIDTH = 48, 30, 690
# More cells than this side by side cannot be read on a phone: the result goes below the input.
_WIDEST_ROW = 20
# A sum stays on one line if its letters keep this share of their size.
_LEAST_SHRINK = 0.8


@dataclass(frozen=True, slots=True)
class Panel:
    """A grid on the picture: the words over it, its cells, and its top left corner."""

    label: str
    rows: int
    cols: int
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign between two panels, and its center."""

    text: str
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class Sum:
    """The written-out sum: a chip for each covered cell, and what stands before and after them.

    In `after`, {count} stands for the number of cells that count.
    """

    before: str
    between: str
    after: str
    num_chips: int
    per_line: int
    font: int
    chip_width: int
    chip_height: int
    result_width: int
    x: int = 0
    y: int = 0

    @property
    def lead(self) -> int:
        """Width of what stands before the first chip."""
        return text_width(self.before, self.font) + (self.font // 4 if self.before else 0)

    @property
    def gap(self) -> int:
        """From one chip to the next."""
        return text_width(self.between, self.font) + self.font // 3

    @property
    def tail(self) -> int:
        """Width of what stands between the last chip and the result."""
        longest = self.after.format(count=self.num_chips)
        return text_width(longest, self.font) + self.font // 2

    @property
    def width(self) -> int:
        """Width of all."""
        chips = self.per_line * (self.chip_width + self.gap) - self.gap
        return self.lead + chips + self.tail + self.result_width

    @property
    def line_height(self) -> int:
        """From one line of chips to the next."""
        return self.chip_height + self.font // 2

    @property
    def height(self) -> int:
        """Height of all lines."""
        num_lines = -(-self.num_chips // self.per_line)
        return num_lines * self.line_height - self.font // 2

    def chip_at(self, index: int) -> tuple[int, int]:
        """Return top left corner of a chip."""
        line, place = divmod(index, self.per_line)
        x = self.x + self.lead + place * (self.chip_width + self.gap)
        return x, self.y + line * self.line_height


@dataclass(frozen=True, slots=True)
class Layout:
    """All places on one picture, in pixels. A convolution has three panels, pooling has two."""

    width: int
    height: int
    cell: int
    panels: tuple[Panel, ...]
    signs: tuple[Sign, ...]
    sum: Sum


def lay_out(step: Step, scale: int, labels: Labels) -> Layout:
    """Find a place for everything; all positions of one window get the same places."""
    rows = _rows(step, labels)
    units = max(sum(item.cols if isinstance(item, Panel) else 1 for item in row) for row in rows)
    side = min(max(_COMFORTABLE_WIDTH // units, _SMALLEST_CELL), _LARGEST_CELL)
    cell = side * scale
    margin = round(MARGIN * cell)
    content = max(_row_width(row, cell) for row in rows)
    written_sum = _fit_sum(step, cell, content)
    content = max(content, written_sum.width)
    y = margin
    panels: list[Panel] = []
    signs: list[Sign] = []
    for row in rows:
        y += round(1.8 * LABEL * cell)
        height = cell * max(item.rows for item in row if isinstance(item, Panel))
        x = margin + (content - _row_width(row, cell)) // 2
        for item in row:
            width = _item_width(item, cell)
            if isinstance(item, Panel):
                inset = (width - item.cols * cell) // 2
                top = y + (height - item.rows * cell) // 2
                panels.append(replace(item, x=x + inset, y=top))
            else:
                signs.append(replace(item, x=x + width // 2, y=y + height // 2))
            x += width
        y += height + round(0.3 * cell)
    y += round(0.2 * cell)
    written_sum = replace(written_sum, x=margin + (content - written_sum.width) // 2, y=y)
    return Layout(
        width=content + 2 * margin,
        height=y + written_sum.height + margin,
        cell=cell,
        panels=tuple(panels),
        signs=tuple(signs),
        sum=written_sum,
    )


def in_brackets(text: str) -> str:
    """Put brackets around a negative number, as one writes it in a sum.

    Examples
    --------
    >>> in_brackets("−2")
    '(−2)'
    """
    return f"({text})" if text.startswith("−") else text


@lru_cache(maxsize=64)
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Load DejaVu Sans, which comes with matplotlib, so that every machine draws the same."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", name)
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def text_width(text: str, size: int, bold: bool = False) -> int:
    """Measure a text in pixels, rounded up."""
    return int(-(-font(size, bold).getlength(text) // 1))


def fit_font(texts: Iterable[str], room: float, largest: float, bold: bool = False) -> int:
    """Choose the largest font size, up to `largest`, at which every text is at most `room` wide."""
    widest = max(text_width(text, int(largest), bold) for text in texts)
    return max(int(largest * min(1.0, room / max(widest, 1))), 1)


def texts_of(values: FloatArray) -> list[str]:
    """Write every different value once."""
    return [narrow_number(value) for value in np.unique(values).tolist()]


def _rows(step: Step, labels: Labels) -> list[list[Panel | Sign]]:
    """Choose what stands side by side, by the shapes alone."""
    inside = ~step.is_padding
    inner = int(inside.any(axis=1).sum()), int(inside.any(axis=0).sum())
    source = _panel(labels[0], step.grid.shape, inner)
    result = _panel(labels[2], step.output.shape, step.output.shape)
    rest: list[Panel | Sign] = [Sign("→"), result]
    if step.weights is not None:
        kernel = _panel(labels[1], step.weights.shape, step.weights.shape)
        rest = [Sign("×"), kernel, Sign("="), result]
    units = source.cols + sum(item.cols if isinstance(item, Panel) else 1 for item in rest)
    return [[source, *rest]] if units <= _WIDEST_ROW else [[source], rest]


def _panel(word: str, shape: tuple[int, ...], named_shape: tuple[int, ...]) -> Panel:
    rows, cols = shape
    return Panel(f"{word} {named_shape[0]}×{named_shape[1]}", rows, cols)


def _row_width(row: list[Panel | Sign], cell: int) -> int:
    return sum(_item_width(item, cell) for item in row)


def _item_width(item: Panel | Sign, cell: int) -> int:
    if isinstance(item, Sign):
        return cell
    return max(item.cols * cell, text_width(item.label, round(LABEL * cell)))


def _fit_sum(step: Step, cell: int, room: int) -> Sum:
    """Write the sum on one line if it is not too long, else a line for each row of the window."""
    size = round(SUM * cell)
    in_one_line = _measure_sum(step, size, len(step.rows) * len(step.cols))
    if in_one_line.width * _LEAST_SHRINK <= room:
        chosen = in_one_line
    else:
        chosen = _measure_sum(step, size, len(step.cols))
    if chosen.width <= room:
        return chosen
    return _measure_sum(step, int(size * room / chosen.width), chosen.per_line)


def _measure_sum(step: Step, size: int, per_line: int) -> Sum:
    factors = max(text_width(in_brackets(text), size) for text in texts_of(step.grid))
    if step.weights is not None:
        weights = max(text_width(in_brackets(text), size) for text in texts_of(step.weights))
        factors += text_width("×", size) + weights
    num_chips = len(step.rows) * len(step.cols)
    before, between, after = {
        "convolution": ("", "+", "="),
        "max": ("max(", ",", ") ="),
        "average": ("(", "+", ") / {count} ="),
    }[step.operation]
    result = max(text_width(text, size, bold=True) for text in texts_of(step.output))
    return Sum(
        before=before,
        between=between,
        after=after,
        num_chips=num_chips,
        per_line=per_line,
        font=size,
        chip_width=max(factors + round(0.55 * size), round(1.6 * size)),
        chip_height=round((2.7 if step.weights is not None else 1.8) * size),
        result_width=max(result + size, 2 * size),
    )
