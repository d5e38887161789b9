"""A film of an animation shows the same pictures for as long."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from cnnviz_core.animations import encode_gif, webm_of

COLORS = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]


@pytest.mark.parametrize("size", [(64, 48), (65, 49)])
def test_a_film_has_each_frame_as_long_as_the_animation(
    size: tuple[int, int], tmp_path: Path
) -> None:
    frames = [Image.new("RGB", size, color).quantize(4) for color in COLORS]
    path = tmp_path / "film.webm"
    path.write_bytes(webm_of(encode_gif(frames, seconds_per_frame=0.5, last_frame=3)))
    film = cv2.VideoCapture(str(path))
    assert film.get(cv2.CAP_PROP_FPS) == 2
    seen = []
    while True:
        is_there, pixels = film.read()
        if not is_there:
            break
        seen.append(pixels[..., ::-1].mean(axis=(0, 1)))
    # The last one stays three times as long.
    expected = [COLORS[place] for place in (0, 1, 2, 2, 2)]
    np.testing.assert_allclose(seen, expected, atol=12)
