"""A few frames of a finished ascent's film: each as it is, and all of them small on one strip."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz_core import images
from cnnviz_core.arrays import ByteArray
from cnnviz_core.drawing.encoding import encode_jpeg
from cnnviz_core.views.ascent_film import filmed_steps
from cnnviz_core.views.ascent_store import AscentHistory, AscentQuestion

# As many as one can tell apart on a slider.
NUM_FRAMES = 12

# Of a strip, which then takes at most about a quarter of a megabyte.
STRIP_PIXELS = 400_000
STRIP_QUALITY = 80


@dataclass(frozen=True, slots=True, eq=False)
class AscentFrames:
    """After which steps there are frames, these as JPEG, and a strip, one below the other.

    `width` is that of a frame, in pixels.
    """

    steps: tuple[int, ...]
    frames: tuple[bytes, ...]
    width: int
    strip: bytes


def ascent_frames(question: AscentQuestion, state: AscentHistory) -> AscentFrames | None:
    """Return a few frames of an ascent, evenly spaced; None if it was not filmed to its end."""
    steps = filmed_steps(question.steps)
    if len(state.frames) != len(steps):
        return None
    places = np.linspace(0, len(steps) - 1, min(NUM_FRAMES, len(steps))).round().astype(int)
    frames = tuple(state.frames[place] for place in places)
    pictures = [images.decode(one) for one in frames]
    return AscentFrames(
        steps=tuple(steps[place] for place in places),
        frames=frames,
        width=pictures[0].shape[1],
        strip=encode_jpeg(_strip(pictures), quality=STRIP_QUALITY),
    )


def _strip(pictures: Sequence[ByteArray]) -> ByteArray:
    """Lay pictures of one size one below the other, small enough for `STRIP_PIXELS`."""
    height, width = pictures[0].shape[:2]
    reduction = min(1.0, math.sqrt(STRIP_PIXELS / (len(pictures) * height * width)))
    longest = max(1, int(reduction * max(height, width)))
    return np.concatenate([images.fit(one, longest) for one in pictures])
