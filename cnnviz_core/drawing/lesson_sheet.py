"""A view as a sheet for the classroom: picture, settings, formula, program and QR code, as PDF."""

import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import ByteArray
from cnnviz_core.drawing.rendered import Rendered
from cnnviz_core.drawing.saving import Settings, color_bars, decoded
from cnnviz_core.number_format import short_number

# Of a page, in inches: A4 (ISO 216), and a margin that every printer leaves.
WIDTH, HEIGHT, MARGIN = 210 / 25.4, 297 / 25.4, 0.7
PICTURE_WIDTH, PICTURE_HEIGHT = 4.4, 4.4
QR_SIDE = 1.5
GAP = 0.25

# Letters of an address that are written; its code has all of them.
MAX_WRITTEN = 300

TITLE_POINTS, TEXT_POINTS, NOTE_POINTS, CODE_POINTS = 20, 10.5, 8, 8
POINTS_PER_INCH = 72
LINE_HEIGHT = 1.4
# Letters of a proportional font, on average, and of a monospaced one, as parts of its size.
LETTER, CODE_LETTER = 0.56, 0.602
INK = "#2B2622"

Modules = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """What stands over the parts of a sheet, as a reader reads it."""

    settings: str
    formula: str
    program: str
    address: str


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What a sheet shows.

    Attributes
    ----------
    title : str
    picture : Rendered
    settings : sequence of (str, str)
    formulas : sequence of str
        Lines of text, formulas in LaTeX between dollar signs.
    program : str or None
        Python, if the view has a program.
    address : str
        Of the view.
    qr_code : bool (N, N)
        The address as modules, dark where true; empty if it is too long.
    """

    title: str
    picture: Rendered
    settings: Settings
    formulas: Sequence[str]
    program: str | None
    address: str
    qr_code: Modules


def lesson_sheet(sheet: Sheet, words: Words) -> bytes:
    """Return a sheet as PDF in A4: a page for the view, and as many as its program takes.

    All texts are texts: they can be searched and copied.
    """
    # Takes longer to import than a page that saves nothing.
    import matplotlib
    from matplotlib.backends.backend_pdf import PdfPages

    file = io.BytesIO()
    # Else letters beyond the first 256 would be drawings. Nothing else here becomes PDF.
    matplotlib.rcParams["pdf.fonttype"] = 42
    with PdfPages(file, metadata={"Title": sheet.title, "CreationDate": None}) as pages:
        for page in (_view(sheet, words), *_program(sheet, words)):
            pages.savefig(page)
    return file.getvalue()


def qr_modules(address: str) -> Modules:
    """Return an address as a QR code's modules, with a quiet zone; nothing if it is too long."""
    import segno

    try:
        code = segno.make_qr(address, error="m")
    except segno.DataOverflowError:
        return np.zeros((0, 0), np.bool_)
    return np.pad(np.array(code.matrix, np.bool_), 4)


def _view(sheet: Sheet, words: Words) -> Any:
    page = _Page()
    page.write(sheet.title, TITLE_POINTS)
    top = page.top + GAP
    left, side = MARGIN, WIDTH - MARGIN - QR_SIDE
    height = _draw_picture(page, sheet.picture, left, top)
    page.top = top
    if sheet.qr_code.size:
        page.draw(np.where(sheet.qr_code, 0, 255).astype(np.uint8), side, top, QR_SIDE, QR_SIDE)
        page.top = top + QR_SIDE
        page.write(words.address, NOTE_POINTS, left=side, width=QR_SIDE)
        address = sheet.address
        written = address if len(address) <= MAX_WRITTEN else f"{address[:MAX_WRITTEN]}…"
        page.write(written, NOTE_POINTS, left=side, width=QR_SIDE)
    page.top = max(page.top, top + height) + GAP
    if sheet.settings:
        page.write(words.settings, TEXT_POINTS, weight="bold")
        said = [f"{label}: {value}" for label, value in sheet.settings]
        for first in range(0, len(said), 2):
            page.write_beside(*said[first : first + 2])
        page.top += GAP
    if sheet.formulas:
        page.write(words.formula, TEXT_POINTS, weight="bold")
        for line in sheet.formulas:
            page.write_formula(line)
    return page.figure


def _draw_picture(page: "_Page", picture: Rendered, left: float, top: float) -> float:
    """Draw a picture, its color bars and what is said of it; return how high all of that is."""
    pixels = decoded(picture.data)
    scale = min(PICTURE_WIDTH / pixels.shape[1], PICTURE_HEIGHT / pixels.shape[0])
    height, width = (side * scale for side in pixels.shape[:2])
    page.draw(pixels, left, top, width, height)
    place = top + height + 0.1
    for colors in color_bars(picture.scale):
        page.draw(np.repeat(colors, 8, axis=0), left, place, width, 0.1)
        place += 0.12
    low, high = picture.scale.low, picture.scale.high
    for share, ha in ((0.0, "left"), (0.5, "center"), (1.0, "right")):
        page.top = place
        value = short_number(low * (1 - share) + high * share)
        page.write(value, NOTE_POINTS, left=left + share * width, ha=ha)
    shape = " × ".join(map(str, picture.shape))
    reach = f"{short_number(picture.low)} … {short_number(picture.high)}"
    page.write(f"{shape}    {reach}", TEXT_POINTS, left=left)
    return page.top - top


def _program(sheet: Sheet, words: Words) -> Iterator[Any]:
    """Draw a program on pages of its own."""
    if sheet.program is None:
        return
    page = _Page()
    page.write(words.program, TEXT_POINTS, weight="bold")
    for line in sheet.program.splitlines():
        for part in _code_lines(line):
            if page.is_full:
                yield page.figure
                page = _Page()
            page.write_code(part)
    yield page.figure


def _code_lines(line: str) -> list[str]:
    """Break a line of code that is wider than the page; its parts are indented further.

    >>> _code_lines("x = 1"), len(_code_lines("x = " + "1 + " * 40))
    (['x = 1'], 2)
    """
    most = int((WIDTH - 2 * MARGIN) * POINTS_PER_INCH / (CODE_POINTS * CODE_LETTER))
    indent = " " * (len(line) - len(line.lstrip()) + 8)
    return textwrap.wrap(line, most, subsequent_indent=indent, drop_whitespace=False) or [""]


class _Page:
    """An empty page that is written from top to bottom; all lengths are inches."""

    def __init__(self) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
        self.top = MARGIN

    @property
    def is_full(self) -> bool:
        return self.top > HEIGHT - MARGIN

    def write(
        self, text: str, points: float, *, left: float = MARGIN, width: float = 0.0, **font: Any
    ) -> None:
        """Write a text, broken where `width` ends, the page's by default."""
        width = width or WIDTH - MARGIN - left
        most = max(1, int(width * POINTS_PER_INCH / (points * LETTER)))
        for line in textwrap.wrap(text, most) or [""]:
            self._line(line, left, points, parse_math=False, **font)

    def write_beside(self, *texts: str) -> None:
        """Write two texts at most, each in a half of the page."""
        half, top, below = (WIDTH - 2 * MARGIN) / 2, self.top, self.top
        for column, text in enumerate(texts):
            self.top = top
            self.write(text, TEXT_POINTS, left=MARGIN + column * half, width=half - GAP)
            below = max(below, self.top)
        self.top = below

    def write_formula(self, text: str) -> None:
        """Write a line with formulas, smaller if it would be wider than the page."""
        # Brackets larger than their line are unknown to matplotlib.
        text = re.sub(r"\\[bB]ig(?![a-z])", "", text)
        written = self._line(text, MARGIN, 1.15 * TEXT_POINTS, leading=2.6)
        room, extent = WIDTH - 2 * MARGIN, written.get_window_extent()
        width = extent.width / self.figure.dpi
        if width > room:
            written.set_fontsize(written.get_fontsize() * room / width)

    def write_code(self, text: str) -> None:
        self._line(text, MARGIN, CODE_POINTS, parse_math=False, family="monospace")

    def draw(self, pixels: ByteArray, left: float, top: float, width: float, height: float) -> None:
        """Draw pixels, each a square of one color."""
        place = left / WIDTH, 1 - (top + height) / HEIGHT, width / WIDTH, height / HEIGHT
        axes = self.figure.add_axes(place)
        axes.imshow(pixels, cmap="gray", vmin=0, vmax=255, aspect="auto", interpolation="none")
        axes.set_axis_off()

    def _line(
        self, text: str, left: float, points: float, leading: float = LINE_HEIGHT, **font: Any
    ) -> Any:
        written = self.figure.text(
            *(left / WIDTH, 1 - self.top / HEIGHT, text),
            va="top",
            fontsize=points,
            color=INK,
            **font,
        )
        self.top += points * leading / POINTS_PER_INCH
        return written
