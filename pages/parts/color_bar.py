"""What the colours of several pictures with one scale mean."""

from cnnviz_core.cached import Scale, gradient
from pages.parts.pictures import short_number


def color_bar(scale: Scale) -> str:
    """The colours from low to high with three numbers below them, as HTML."""
    colors = ", ".join(gradient(scale))
    marks = "".join(
        f"<span>{short_number(mark)}</span>"
        for mark in (scale.low, (scale.low + scale.high) / 2, scale.high)
    )
    return (
        f'<div class="cnnviz-bar" style="background:linear-gradient(to right, {colors})"></div>'
        f'<div class="cnnviz-marks">{marks}</div>'
    )
