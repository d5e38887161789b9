"""Animations as files that every browser plays: GIF, and WebM, which is smaller."""

import io
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageSequence


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


def webm_of(gif: bytes) -> bytes:
    """Return an animated GIF as a film in WebM (VP8), each frame as long as it was.

    Raises
    ------
    ValueError
        If this machine's OpenCV cannot encode films.
    """
    with Image.open(io.BytesIO(gif)) as animation:
        frames = [
            (np.asarray(frame.convert("RGB")), frame.info["duration"])
            for frame in ImageSequence.Iterator(animation)
        ]
    # A film has one rate for all of its frames.
    milliseconds = math.gcd(*(duration for _pixels, duration in frames))
    height, width = frames[0][0].shape[:2]
    # The codec takes pairs of pixels.
    missing = (0, height % 2), (0, width % 2), (0, 0)
    size = width + width % 2, height + height % 2
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.webm"
        code = cv2.VideoWriter.fourcc(*"VP80")
        film = cv2.VideoWriter(str(path), code, 1000 / milliseconds, size)
        if not film.isOpened():
            raise ValueError("OpenCV cannot encode films here. Save the animation as GIF.")
        for pixels, duration in frames:
            padded = np.pad(pixels, missing, "edge")[..., ::-1].copy()
            for _time in range(duration // milliseconds):
                film.write(padded)
        film.release()
        return path.read_bytes()
