"""Pictures of an ascent as bytes, sheets and animations."""

import io

import numpy as np
import pytest
from PIL import Image

from cnnviz_core.drawing.ascents import animate, as_bytes, sheet, sheet_columns
from cnnviz_core.drawing.encoding import encode_jpeg, encode_png
from cnnviz_core.drawing.montage import GAP


def noise(count: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(1).random((count, height, width, 3), dtype=np.float32)


def test_bytes_are_rounded_and_stay_in_range() -> None:
    values = np.float32([[-0.3, 0.0, 1 / 255, 0.4999, 1.0, 3.0]])
    assert as_bytes(values).tolist() == [[0, 0, 1, 127, 255, 255]]
    assert as_bytes(values).dtype == np.uint8


@pytest.mark.parametrize("count", range(1, 25))
def test_rows_of_a_sheet_are_full_unless_the_number_is_prime(count: int) -> None:
    columns = sheet_columns(count)
    assert count % columns == 0
    assert columns >= count / columns or columns == 1


def test_a_sheet_shows_every_picture_as_it_is() -> None:
    images = noise(6, 4, 5)
    drawn = sheet(images)
    assert drawn.shape == (2 * 4 + GAP, 3 * 5 + 2 * GAP, 3)
    for index, picture in enumerate(as_bytes(images)):
        top, left = index // 3 * (4 + GAP), index % 3 * (5 + GAP)
        np.testing.assert_array_equal(drawn[top : top + 4, left : left + 5], picture)


def test_large_pictures_are_averaged_down_and_keep_their_proportions() -> None:
    images = np.zeros((1, 40, 80, 3), np.float32)
    images[:, :, ::2] = 1
    drawn = sheet(images, max_side=20)
    assert drawn.shape == (10, 20, 3)
    assert (abs(drawn.astype(int) - 128) <= 1).all()
    assert sheet(images, max_side=80).shape == (40, 80, 3)


@pytest.mark.parametrize("encode", [encode_png, encode_jpeg])
def test_an_animation_has_a_frame_for_each_picture_and_rests_at_the_end(encode) -> None:
    pictures = [np.full((16, 24, 3), level, np.uint8) for level in (120, 160, 200)]
    film = Image.open(io.BytesIO(animate([encode(one) for one in pictures])))
    assert (film.n_frames, film.size, film.info["loop"]) == (3, (512, 341), 0)
    durations = []
    for index in range(3):
        film.seek(index)
        durations.append(film.info["duration"])
    assert durations[0] == durations[1] == 100
    assert durations[2] > 1000
    assert np.asarray(film.convert("RGB")).mean() == pytest.approx(200, abs=1)


def test_wide_animations_stay_as_they_are_and_narrow_ones_are_enlarged_smoothly() -> None:
    def sizes(picture: np.ndarray) -> tuple[int, int]:
        return Image.open(io.BytesIO(animate([encode_png(picture)]))).size

    assert sizes(np.full((100, 700, 3), 90, np.uint8)) == (700, 100)
    assert sizes(np.full((512, 512, 3), 90, np.uint8)) == (512, 512)
    ramp = np.repeat(np.linspace(0, 255, 16, dtype=np.uint8)[np.newaxis, :, np.newaxis], 16, 0)
    film = Image.open(io.BytesIO(animate([encode_png(np.repeat(ramp, 3, 2))]))).convert("RGB")
    levels = np.asarray(film, int)[256, :, 0]
    assert film.size == (512, 512)
    # Crisp pixels would be steps of 17.
    assert np.abs(np.diff(levels)).max() <= 8


def test_an_animation_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="frames"):
        animate([])
