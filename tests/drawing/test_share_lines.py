"""The figure of deletion and insertion curves."""

import threading
from typing import get_args

import numpy as np
import pytest

from cnnviz_core.drawing.figure_style import PALETTES, WIDTH
from cnnviz_core.drawing.share_lines import (
    BAND_ALPHA,
    HEIGHT,
    ShareBand,
    ShareCurve,
    ShareLine,
    share_curves,
)
from cnnviz_core.theme import Theme

SHARES = np.linspace(0, 1, 9, dtype=np.float32)
FALLING, BEGUN = ShareCurve(SHARES, 1 - SHARES), ShareCurve(SHARES[:4], SHARES[:4])
LINES = (
    ShareLine("deleted", FALLING, ShareBand(SHARES, 0.5 - SHARES / 2, 1 - SHARES**2)),
    ShareLine("inserted", BEGUN),
)


def draw(*lines: ShareLine, theme: Theme = "light", marked: float | None = None) -> str:
    return share_curves(lines, theme=theme, x_label="pixels", y_label="left", marked=marked)


@pytest.mark.parametrize("theme", get_args(Theme))
def test_every_line_has_its_color_of_the_theme(theme: Theme) -> None:
    drawn = draw(*LINES, theme=theme)
    for color in PALETTES[theme].series[:2]:
        assert color.lower() in drawn
    assert PALETTES[theme].accent.lower() not in drawn
    assert PALETTES[theme].accent.lower() in draw(*LINES, theme=theme, marked=0.25)


def test_it_is_a_picture_of_the_size_of_all_figures() -> None:
    drawn = draw(*LINES)
    # 72 points make the 96 pixels of an inch.
    assert f'viewBox="0 0 {WIDTH * 0.75:g} {HEIGHT * 0.75:g}"' in drawn
    assert "<svg" in drawn
    assert draw(*LINES) == drawn


def test_a_band_is_pale_with_two_dashed_edges() -> None:
    compared, alone = draw(LINES[0]), draw(ShareLine("deleted", FALLING))
    assert compared.count("stroke-dasharray") == alone.count("stroke-dasharray") + 2
    assert compared.count(f"opacity: {BAND_ALPHA}") == alone.count(f"opacity: {BAND_ALPHA}") + 1


def test_a_curve_of_one_point_is_drawn() -> None:
    point = ShareCurve(SHARES[:1], SHARES[:1])
    assert "<svg" in draw(
        ShareLine("begun", point, ShareBand(SHARES[:1], SHARES[:1], SHARES[:1])), marked=1.0
    )


def test_threads_draw_the_same() -> None:
    expected, found = draw(*LINES), []
    threads = [threading.Thread(target=lambda: found.append(draw(*LINES))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="lines"):
        draw()
    with pytest.raises(ValueError, match="lines"):
        draw(*[LINES[0]] * 7)
    for line in (
        ShareLine("short", ShareCurve(SHARES, SHARES[:3])),
        ShareLine("short", FALLING, ShareBand(SHARES, SHARES, SHARES[:3])),
        ShareLine("short", ShareCurve(SHARES[:0], SHARES[:0])),
    ):
        with pytest.raises(ValueError, match="short"):
            draw(line)
    with pytest.raises(ValueError, match="theme"):
        draw(LINES[0], theme="blue")  # type: ignore[arg-type]
