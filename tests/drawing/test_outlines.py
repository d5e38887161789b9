"""The frame around a part of a picture."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core.drawing.outlines import outline


@settings(deadline=None, max_examples=60)
@given(st.data(), st.integers(1, 40), st.integers(1, 300))
def test_only_a_ring_of_white_and_black_is_drawn(
    data: st.DataObject, height: int, width: int
) -> None:
    picture = np.random.default_rng(0).integers(1, 255, (height, width, 3), np.uint8)
    kept = picture.copy()
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    bottom = data.draw(st.integers(top + 1, height))
    right = data.draw(st.integers(left + 1, width))
    framed = outline(picture, top, left, bottom, right)
    np.testing.assert_array_equal(picture, kept)
    np.testing.assert_array_equal(framed[top:bottom, left:right], kept[top:bottom, left:right])
    rows, columns = np.indices((height, width))
    away = np.maximum(
        np.maximum(top - rows, rows - bottom + 1), np.maximum(left - columns, columns - right + 1)
    )
    ring = max(1, round(max(height, width) / 130))
    np.testing.assert_array_equal(framed[away > 2 * ring], kept[away > 2 * ring])
    assert (framed[(away > 0) & (away <= ring)] == 255).all()
    assert (framed[(away > ring) & (away <= 2 * ring)] == 0).all()
