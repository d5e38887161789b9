"""A lesson sheet is an A4 page or more whose texts are texts, and whose QR code is its address."""

from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest

from cnnviz_core.drawing.lesson_sheet import Sheet, Words, lesson_sheet, qr_modules
from cnnviz_core.drawing.rendered import rendered
from cnnviz_core.drawing.rendering import PICTURE_SCALE
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.layers.activation_facts import ACTIVATIONS

ADDRESS = "https://cnnviz.example/convolution?kernel=gabor&kernel_size=9"
WORDS = Words("Settings", "How it comes about", "A program", "The same view:")
PROGRAM = "# Große Zahlen: Σ w·x ≤ 10\nimport numpy as np\n\nfor i in range(3):\n    x = i"


def sheet(**changes: Any) -> Sheet:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8)
    given: dict[str, Any] = {
        "title": "Convolution, geübt",
        "picture": rendered(pixels, pixels.astype(np.float32), PICTURE_SCALE),
        "settings": [("Größe", "3 × 3"), ("Kernel", "$5 and $6"), ("Stride", "2")],
        "formulas": ("⌊(320 + 2·0 − 3) / 2⌋ + 1 = 159", r"$f(x) = \max(0, x)$"),
        "program": PROGRAM,
        "address": ADDRESS,
        "qr_code": qr_modules(ADDRESS),
    }
    return Sheet(**given | changes)


def read(written: bytes) -> list[Any]:
    """The pages of a PDF."""
    return list(pypdfium2.PdfDocument(written))


def text_of(page: Any) -> str:
    return str(page.get_textpage().get_text_bounded())


def test_all_texts_are_texts_on_pages_of_a4() -> None:
    first, second = read(lesson_sheet(sheet(), WORDS))
    for page in (first, second):
        size = [side / 72 * 25.4 for side in page.get_size()]
        assert size == pytest.approx([210, 297], abs=0.1)
    text = text_of(first)
    for said in ("Convolution, geübt", "Größe: 3 × 3", "Kernel: $5 and $6", "⌊(320 + 2·0 − 3)"):
        assert said in text
    assert "30 × 40 × 3" in text
    for line in PROGRAM.splitlines():
        assert line.strip() in text_of(second)


def test_the_qr_code_says_the_address() -> None:
    (page,) = read(lesson_sheet(sheet(program=None), WORDS))
    printed = np.asarray(page.render(scale=4).to_pil().convert("L"))
    assert cv2.QRCodeDetector().detectAndDecode(printed)[0] == ADDRESS


def test_an_address_that_is_too_long_has_no_code_and_the_sheet_is_made() -> None:
    long = ADDRESS + "x" * 4000
    assert qr_modules(long).size == 0
    made = lesson_sheet(sheet(address=long, qr_code=qr_modules(long)), WORDS)
    assert "xxxx" not in text_of(read(made)[0])


def test_a_long_program_takes_more_pages_and_loses_no_line() -> None:
    lines = [f"x{number} = {number}" for number in range(200)]
    lines[100] += " + 1" * 50
    _view, *pages = read(lesson_sheet(sheet(program="\n".join(lines)), WORDS))
    assert len(pages) == 4
    text = "\n".join(text_of(page) for page in pages)
    assert all(f"x{number} =" in text for number in range(200))
    assert "".join(text.split()).count("+1") == 50


def test_a_formula_as_wide_as_the_page_is_made_smaller() -> None:
    wide = "$" + " + ".join(f"x_{{{number}}}" for number in range(60)) + "$"
    lesson_sheet(sheet(formulas=(wide,)), WORDS)


EVERY = [
    *(one.formula for one in ACTIVATIONS.values()),
    *(formula for one in METHODS.values() for formula in one.definitions),
]


@pytest.mark.parametrize("formula", EVERY)
def test_every_formula_can_be_drawn(formula: str) -> None:
    lesson_sheet(sheet(formulas=(f"${formula}$",), program=None), WORDS)
