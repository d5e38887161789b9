"""Animations as files that every browser plays."""

import io
from collections.abc import Sequence

from PIL import Image


def encode_gif(
    frames: Sequence[Image.Image], *, seconds_per_frame: float, last_frame: int
) -> bytes:
    """Encode pictures as an animated GIF that runs in a loop.

    Parameters
    ----------
    frames : sequence of pictures
        One size, each with its palette; at least one.
    seconds_per_frame : float
        GIF counts in hundredths.
    last_frame : int
        For how many times as long the last one stays: one sees where the round ends.
    """
    milliseconds = round(1000 * seconds_per_frame)
    encoded = io.BytesIO()
    frames[0].save(
        encoded,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[milliseconds] * (len(frames) - 1) + [last_frame * milliseconds],
        loop=0,
    )
    return encoded.getvalue()
