"""The files that a page becomes: its program, its picture, its numbers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cnnviz_core import images
from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing import saving
from cnnviz_core.drawing.lesson_sheet import Sheet, Words, lesson_sheet, qr_modules
from cnnviz_core.drawing.rendered import Rendered
from cnnviz_core.drawing.rendering import value_scale
from cnnviz_core.drawing.saving import MAX_CELLS, Labels, Settings
from cnnviz_core.snippets import program as programs
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.sharing import Picture

# Files beside a picture and its numbers.
Other = Literal["curves as SVG", "curves as CSV", "GIF", "WebM"]

MAPS_AXES = ("row", "column", "channel")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Saved:
    """A picture of a page and the numbers behind it.

    Attributes
    ----------
    name : str
        Of files, without an ending: what they show.
    picture : Rendered
        As it is on the page.
    values : float32
        The numbers, with an axis for each of `axes`.
    formulas : tuple of str
        How they come about: lines of plain text, or of LaTeX between dollar signs.
    labels : mapping
        What places along an axis are called, where they are not counted.
    others : mapping
        What else is saved of the page, each made when it is asked for.
    """

    name: str
    picture: Rendered
    values: FloatArray
    axes: tuple[str, ...] = MAPS_AXES
    formulas: tuple[str, ...] = ()
    labels: Labels = field(default_factory=dict)
    others: Mapping[Other, Callable[[], bytes]] = field(default_factory=dict)


def source(picture: Picture) -> Source:
    """Return where a program finds a picture; a visitor's own is known to them alone."""
    height, width = picture.pixels.shape[:2]
    sample = picture.key if picture.key in images.sample_names() else None
    return Source(sample, height, width)


def script(program: Program) -> str:
    """Return a program as `program.as_script` does."""
    return programs.as_script(program)


def notebook(program: Program) -> str:
    """Return a program as `program.as_notebook` does."""
    return programs.as_notebook(program)


def needs_project(program: Program) -> bool:
    """Return whether a program imports more than public packages: the core of this project."""
    return any("cnnviz_core" in one for one in program.imports)


def name_of(picture: Picture, *parts: object) -> str:
    """Return a name for files: the picture, and what was made of it.

    >>> import numpy as np
    >>> name_of(Picture("cat", np.zeros((1, 1, 3), np.uint8)), "Sobel X", "3x3", None)
    'cat-sobel-x-3x3'
    """
    first = picture.key if picture.key in images.sample_names() else "picture"
    words = [first, *(str(one) for one in parts if one is not None)]
    return "-".join(re.sub(r"[^a-z0-9.]+", "-", word.lower()).strip("-") for word in words)


def has_tiles(saved: Saved) -> bool:
    """Return whether there is more than one map to save on its own."""
    return saved.axes == MAPS_AXES and saved.values.shape[2] > 1


def fits_table(saved: Saved) -> bool:
    """Return whether a spreadsheet opens a table of so many numbers."""
    return saved.values.size <= MAX_CELLS


def captioned(saved: Saved, title: str, settings: Settings) -> bytes:
    """Return the picture with what is said of it; see `saving.captioned`."""
    return saving.captioned(saved.picture, title, settings)


def sheet(
    saved: Saved,
    title: str,
    settings: Settings,
    program: str | None,
    address: str,
    words: Words,
) -> bytes:
    """Return a lesson sheet; see `lesson_sheet.lesson_sheet`."""
    code = qr_modules(address)
    shown = Sheet(
        title=title,
        picture=saved.picture,
        settings=settings,
        formulas=saved.formulas,
        program=program,
        address=address,
        qr_code=code,
    )
    return lesson_sheet(shown, words)


def tiles(saved: Saved) -> bytes:
    """Return each map as a PNG of its own, in a ZIP; see `saving.tile_archive`."""
    names = [f"{saved.name}-{index + 1}" for index in range(saved.values.shape[2])]
    return saving.tile_archive(saved.values, value_scale(saved.values), names)


def npz(saved: Saved, settings: Settings) -> bytes:
    """Return the numbers; see `saving.as_npz`."""
    return saving.as_npz(saved.values, saved.axes, settings, saved.labels)


def table(saved: Saved, settings: Settings) -> bytes:
    """Return the numbers as CSV; see `saving.as_csv`."""
    return saving.as_csv(saved.values, saved.axes, settings, saved.labels)
