"""Encoded pictures, read back by another library."""

import io
from typing import Any

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from cnnviz_core.drawing.encoding import encode_indexed_png, encode_jpeg, encode_png

quick = settings(deadline=None, max_examples=60)
pictures = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([3, 4]))
)


@given(picture=pictures)
@quick
def test_an_indexed_png_shows_the_colors_of_the_palette(picture: Any) -> None:
    table = np.random.default_rng(0).integers(0, 256, (256, 4)).astype(np.uint8)
    indices = np.ascontiguousarray(picture[..., 0])
    with Image.open(io.BytesIO(encode_indexed_png(indices, table))) as opened:
        assert opened.format == "PNG"
        assert opened.mode == "P"
        np.testing.assert_array_equal(np.asarray(opened), indices)
        np.testing.assert_array_equal(np.asarray(opened.convert("RGBA")), table[indices])


@given(picture=pictures)
@quick
def test_png_keeps_every_pixel_and_its_transparency(picture: Any) -> None:
    data = encode_png(picture)
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.format == "PNG"
        assert opened.mode == {3: "RGB", 4: "RGBA"}[picture.shape[2]]
        np.testing.assert_array_equal(np.asarray(opened), picture)


def test_jpeg_keeps_the_order_of_the_colors(cat: Any) -> None:
    data = encode_jpeg(cat)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert np.abs(decoded.astype(int) - cat).mean() < 4
    assert np.abs(decoded[..., ::-1].astype(int) - cat).mean() > 10
