"""Numbers in colored cells, as HTML: kernels with their weights, windows with their values."""

from collections.abc import Mapping

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.number_format import short_number
from cnnviz_core.views.colors import cell_colors


def number_grids(
    grids: Mapping[str, FloatArray], scale: Scale, *, marked: float | None = None
) -> str:
    """Return small grids (H, W) side by side, each under its title, in the colors of one scale.

    The first cell of each grid with the value `marked` gets a frame.
    """
    tables = "".join(_table(*one, scale, marked) for one in grids.items())
    return f'<div class="cnnviz-grids">{tables}</div>'


def _table(title: str, grid: FloatArray, scale: Scale, marked: float | None) -> str:
    rows = []
    for values, colors in zip(grid.tolist(), cell_colors(grid, scale), strict=True):
        cells = []
        for value, (background, ink) in zip(values, colors, strict=True):
            style = f"background:{background};color:{ink}"
            if value == marked:
                style += f";outline:2px solid {ink};outline-offset:-4px"
                marked = None
            cells.append(f'<td style="{style}">{short_number(value)}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><caption>{title}</caption>{''.join(rows)}</table>"
