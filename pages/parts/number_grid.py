"""Numbers in coloured cells, as HTML: kernels with their weights."""

from cnnviz_core.arrays import FloatArray
from cnnviz_core.cached import Scale, cell_colors
from pages.parts.pictures import short_number


def number_grids(grids: dict[str, FloatArray], scale: Scale) -> str:
    """Small grids (H, W) side by side, each under its title, in the colours of one scale."""
    return f'<div class="cnnviz-grids">{"".join(_table(*one, scale) for one in grids.items())}</div>'


def _table(title: str, grid: FloatArray, scale: Scale) -> str:
    rows = "".join(
        f"<tr>{''.join(_cell(float(value), *colors) for value, colors in zip(*row, strict=True))}</tr>"
        for row in zip(grid, cell_colors(grid, scale), strict=True)
    )
    return f"<table><caption>{title}</caption>{rows}</table>"


def _cell(value: float, background: str, ink: str) -> str:
    return f'<td style="background:{background};color:{ink}">{short_number(value)}</td>'
