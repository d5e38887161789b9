"""A drawing as SVG: letters stay letters, and one text is right in both themes."""

from functools import lru_cache
from html import escape
from typing import get_args

from cnnviz_core.stepping.colors import COLORS
from cnnviz_core.stepping.drawing import Mark, Piece, Text, Tile
from cnnviz_core.stepping.lettering import HALF_DIGIT
from cnnviz_core.stepping.stops import Look

CLASS = "cnnviz-step"
_LOOKS: tuple[Look, ...] = get_args(Look)


def groups(piece: Piece) -> list[str]:
    """Return the marks of each group as SVG."""
    return ["".join(map(_mark, group)) for group in piece.groups]


def svg(piece: Piece) -> str:
    """Return a piece as an SVG element that is as large as its CSS pixels, or as there is room."""
    inside = "".join(f"<g>{group}</g>" for group in groups(piece))
    width, height = _number(piece.width), _number(piece.height)
    return (
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'aria-hidden="true">{inside}</svg>'
    )


def style() -> str:
    """Return the colors of all such elements as a style sheet."""
    light, dark = COLORS["light"], COLORS["dark"]
    rules = [
        f".{CLASS} rect {{ stroke-width: 1; }}",
        f".{CLASS} text {{ text-anchor: middle; font-variant-numeric: tabular-nums; }}",
        f".{CLASS} .b {{ font-weight: 700; }}",
        f".{CLASS} .frame {{ fill: none; stroke-width: 3; "
        f"stroke: light-dark({light.outline}, {dark.outline}); }}",
    ]
    muted, weight = _both(light.muted, dark.muted), _both(light.weight, dark.weight)
    rules.append(
        f".{CLASS} text.muted {{ fill: {muted}; }} .{CLASS} text.weight {{ fill: {weight}; }}"
    )
    for look in _LOOKS:
        one, other = light.paint(look), dark.paint(look)
        fill, line = _both(one.fill, other.fill), _both(one.outline, other.outline)
        hatched = f"url(#{CLASS}-{look})"
        rules.append(
            f".{CLASS} rect.{look} {{ fill: {hatched if one.hatched else fill}; stroke: {line}; }} "
            f".{CLASS} text.{look} {{ fill: {_both(one.text, other.text)}; }} "
            f"#{CLASS}-{look} rect {{ fill: {fill}; stroke: none; }} "
            f"#{CLASS}-{look} path {{ stroke: {line}; }}"
        )
    return " ".join(rules)


def hatching() -> str:
    """Return the hatching of padding, as an element that is not seen itself."""
    patterns = "".join(
        f'<pattern id="{CLASS}-{look}" width="8" height="8" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(-45)"><rect width="8" height="8"/><path d="M0 0H8"/></pattern>'
        for look in _LOOKS
        if COLORS["light"].paint(look).hatched
    )
    return (
        f'<svg width="0" height="0" style="position:absolute" aria-hidden="true">'
        f"<defs>{patterns}</defs></svg>"
    )


def _both(light: str, dark: str) -> str:
    return f"light-dark({light}, {dark})"


# Most marks are the same at most stops.
@lru_cache(maxsize=16_384)
def _mark(mark: Mark) -> str:
    if isinstance(mark, Text):
        name = f"{mark.ink} b" if mark.is_bold else mark.ink
        baseline = _number(mark.y + HALF_DIGIT * mark.size)
        return (
            f'<text class="{name}" x="{_number(mark.x)}" y="{baseline}" '
            f'font-size="{_number(mark.size)}">{escape(mark.text)}</text>'
        )
    look = mark.look if isinstance(mark, Tile) else "frame"
    radius = _number(min(mark.width, mark.height) / 8 if isinstance(mark, Tile) else 5)
    box = f'x="{_number(mark.x)}" y="{_number(mark.y)}" ' + (
        f'width="{_number(mark.width)}" height="{_number(mark.height)}"'
    )
    return f'<rect class="{look}" {box} rx="{radius}"/>'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
