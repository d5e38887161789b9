"""Functions of the modules that run in a browser, called there from a test; arrays travel along."""

from base64 import b64decode, b64encode
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

from cnnviz_core.arrays import split_channels
from cnnviz_core.drawing import rendering
from cnnviz_core.drawing.rendering import NUM_COLORS, ColorMap, Scale
from cnnviz_core.views.colors import gradients
from pages.parts import pictures
from pages.parts.modules import joined

PALETTES = {
    "sequential": rendering.palette("sequential")[:NUM_COLORS, :3].tolist(),
    "diverging": rendering.palette("diverging")[:NUM_COLORS, :3].tolist(),
}
COLOR_MAPS: tuple[ColorMap, ...] = ("sequential", "diverging", "channels")
WORDS = {
    "values": "values {range}",
    "black": "black is zero",
    "gray": "mid-gray is zero",
    "letters": list(pictures.CHANNEL_LETTERS),
    "gradients": {one: gradients(Scale(0, 1, one)) for one in COLOR_MAPS},
}

# Arrays travel as text: every value arrives as it was, also what is not finite.
TRAVEL = """
const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const floats = (text) => new Float32Array(bytes(text).buffer);
const letter = (byte) => String.fromCharCode(byte);
const text = (array) => btoa(Array.from(new Uint8Array(array.buffer), letter).join(""));
const maps = ({planes, ...sides}) => ({...sides, planes: planes.map(floats)});
const sent = ({planes, ...sides}) => ({...sides, planes: planes.map(text)});
"""


def in_browser(page: Page, module: str, run: str, cases: list[Any]) -> list[Any]:
    """What a function in JavaScript gives for each case; `live` are the exports of a module."""
    return page.evaluate(  # type: ignore[no-any-return]
        f"""async ([source, cases]) => {{
          {TRAVEL}
          const blob = new Blob([source], {{type: "text/javascript"}});
          const live = await import(URL.createObjectURL(blob));
          return cases.map({run});
        }}""",
        [joined(module), cases],
    )


def text(array: npt.NDArray[Any]) -> str:
    return b64encode(array.tobytes()).decode()


def floats(text: str) -> Any:
    return np.frombuffer(b64decode(text), np.float32)


def maps(values: Any) -> dict[str, Any]:
    height, width, _ = values.shape
    planes = [text(plane) for plane in split_channels(values)]
    return {"height": height, "width": width, "planes": planes}


def received(maps: dict[str, Any]) -> Any:
    planes = [floats(plane).reshape(maps["height"], maps["width"]) for plane in maps["planes"]]
    return np.stack(planes, axis=-1)


def saying(scale: Scale) -> dict[str, Any]:
    return {"low": scale.low, "high": scale.high, "color_map": scale.color_map}
