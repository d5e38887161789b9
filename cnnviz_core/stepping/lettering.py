"""Letters and numbers of a drawing, and how much room they take; no drawing."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import ImageFont

from cnnviz_core.arrays import FloatArray
from cnnviz_core.number_format import narrow_number

# Half the height of DejaVu's digits, as a share of the font size.
HALF_DIGIT = 0.365

# Letters are measured at this size, in pixels: a width is a share of it.
_MEASURED = 100


@lru_cache(maxsize=64)
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Load DejaVu Sans, which comes with matplotlib, so that every machine draws the same."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", name)
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Measure a text, in the unit of its size."""
    return size / _MEASURED * _measured(text, bold)


def fit(texts: Iterable[str], room: float, largest: float, bold: bool = False) -> float:
    """Choose the largest size of letters, up to `largest`, at which every text fits the room."""
    widest = max((_measured(text, bold) for text in texts), default=0.0) / _MEASURED
    return min(largest, room / widest) if widest else largest


def texts_of(values: FloatArray) -> list[str]:
    """Write every different number once."""
    return [narrow_number(value) for value in np.unique(values[np.isfinite(values)]).tolist()]


def in_brackets(text: str) -> str:
    """Put brackets around a negative number, as one writes it in a sum.

    Examples
    --------
    >>> in_brackets("−2")
    '(−2)'
    """
    return f"({text})" if text.startswith("−") else text


@lru_cache(maxsize=4096)
def _measured(text: str, bold: bool) -> float:
    return font(_MEASURED, bold).getlength(text)
