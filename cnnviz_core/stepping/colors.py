"""The colors of a drawing, in both themes."""

from dataclasses import dataclass, replace

from cnnviz_core.stepping.drawing import Ink
from cnnviz_core.stepping.stops import Look
from cnnviz_core.theme import Theme


@dataclass(frozen=True, slots=True)
class Paint:
    """How a cell looks."""

    fill: str
    outline: str
    text: str
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Colors:
    """Amber says "here, now", blue says "weight"; apart also for color-blind eyes and in gray."""

    background: str
    muted: str
    weight: str
    plain: Paint
    padding: Paint
    window: Paint
    outline: str
    kernel: Paint
    done: Paint
    to_come: Paint
    current: Paint

    def paint(self, look: Look) -> Paint:
        """Return how a cell looks."""
        if look == "window_padding":
            return replace(self.window, hatched=True)
        paint: Paint = getattr(self, look)
        return paint

    def ink(self, ink: Ink) -> str:
        """Return the color of a text."""
        if ink == "muted":
            return self.muted
        return self.weight if ink == "weight" else self.paint(ink).text


# The backgrounds, and with them the neutral fills, are those of `.streamlit/config.toml`: on the
# page a picture has no edge.
COLORS: dict[Theme, Colors] = {
    "light": Colors(
        background="#fffdfa",
        muted="#6f655b",
        weight="#0b4f91",
        plain=Paint("#f5efe8", "#dccfc0", "#2b2622"),
        padding=Paint("#fffdfa", "#dccfc0", "#7a6e63", hatched=True),
        window=Paint("#ffe2a3", "#efbf5f", "#2b2622"),
        outline="#dc8a00",
        kernel=Paint("#dcebf8", "#3b87c8", "#0b4f91"),
        done=Paint("#ebe2d7", "#c2b3a1", "#2b2622"),
        to_come=Paint("#fffdfa", "#dccfc0", "#2b2622"),
        current=Paint("#fbad18", "#c47a00", "#2b2622"),
    ),
    "dark": Colors(
        background="#171412",
        muted="#a99d91",
        weight="#a3d3ff",
        plain=Paint("#262120", "#463d38", "#f1eae2"),
        padding=Paint("#171412", "#463d38", "#93877c", hatched=True),
        window=Paint("#5c4200", "#8a6810", "#fff6e0"),
        outline="#fbad18",
        kernel=Paint("#14324c", "#4a9be0", "#a3d3ff"),
        done=Paint("#39312d", "#6b5f57", "#f1eae2"),
        to_come=Paint("#171412", "#463d38", "#f1eae2"),
        current=Paint("#fbad18", "#ffd27a", "#2b2622"),
    ),
}
