"""Files of what a page shows: read again, they say what was shown."""

import csv
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from cnnviz_core.drawing import rendering, saving
from cnnviz_core.drawing.rendered import rendered
from cnnviz_core.drawing.rendering import PICTURE_SCALE

AXES = ("row", "column", "channel")
SAID = [("Kernel", "Sobel: left to right"), ("Größe, in „cm“", "3\n4"), ("A, b", "“c”")]
quick = settings(deadline=None, max_examples=60)
numbers = arrays(
    np.float32,
    array_shapes(min_dims=3, max_dims=3, max_side=5),
    elements=st.floats(width=32, allow_nan=False),
)


@quick
@given(numbers)
def test_npz_reads_as_the_same_numbers_without_pickles(values):
    with np.load(io.BytesIO(saving.as_npz(values, AXES, SAID)), allow_pickle=False) as found:
        np.testing.assert_array_equal(found["values"], values)
        assert found["values"].dtype == np.float32
        assert found["axes"].tolist() == list(AXES)
        assert found["settings"].tolist() == [list(one) for one in SAID]


@quick
@given(numbers)
def test_a_table_reads_as_the_same_numbers(values):
    text = saving.as_csv(values, AXES, [("Size", "3")]).decode()
    assert text.startswith("# Size: 3\n")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    assert len(rows) == values.shape[0] * values.shape[2]
    for one in rows:
        read = [np.float32(one[f"column {place + 1}"]) for place in range(values.shape[1])]
        expected = values[int(one["row"]) - 1, :, int(one["channel"]) - 1]
        np.testing.assert_array_equal(read, expected)


def test_settings_keep_to_their_lines():
    text = saving.as_csv(np.zeros((1, 1, 1), np.float32), AXES, SAID).decode()
    assert [line[:2] for line in text.splitlines()] == ["# ", "# ", "# ", "ch", "1,"]


@pytest.mark.parametrize("shape", [(30, 40, 1), (30, 40, 3), (5, 700, 1), (1, 1, 1)])
def test_a_caption_leaves_the_pixels_as_they_are(shape):
    values = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    if shape[2] == 3:
        values = 100 * np.abs(values)
        drawn, scale = rendering.composite(values), PICTURE_SCALE
        expected = drawn
    else:
        scale = rendering.value_scale(values)
        drawn = rendering.color_indices(values[:, :, 0], scale)
        expected = rendering.paint(drawn, scale.color_map)
    data = saving.captioned(rendered(drawn, values, scale), "Title", SAID)
    picture = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    factor = max(1, -(-saving.MIN_WIDTH // shape[1]))
    height, width = factor * shape[0], factor * shape[1]
    assert picture.shape[1] == width
    np.testing.assert_array_equal(picture[:height:factor, ::factor], expected)
    below = picture[height:]
    assert (below == 255).mean() > 0.5
    # The bar goes from the first color to the last.
    row = below[saving.MARGIN + saving.BAR // 2]
    ends = (
        rendering.paint(np.uint8([[0, rendering.NUM_COLORS - 1]]), scale.color_map)[0]
        if (scale.color_map != "channels")
        else [[0, 0, 0], [255, 0, 0]]
    )
    for place, color in ((saving.MARGIN + 1, ends[0]), (width - saving.MARGIN - 2, ends[1])):
        assert np.abs(row[place].astype(int) - color).max() <= 4


def test_transparent_pixels_become_paper():
    drawn = np.zeros((2, 480, 4), np.uint8)
    data = saving.captioned(rendered(drawn, np.zeros((2, 480, 3)), PICTURE_SCALE), "Title", [])
    assert (np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))[:2] == 255).all()


def test_single_maps_are_a_pixel_a_value_on_one_scale():
    values = np.random.default_rng(2).normal(size=(6, 7, 3)).astype(np.float32)
    scale = rendering.value_scale(values)
    archive = zipfile.ZipFile(io.BytesIO(saving.tile_archive(values, scale, "abc")))
    assert archive.namelist() == ["a.png", "b.png", "c.png"]
    for index, name in enumerate(archive.namelist()):
        picture = np.asarray(Image.open(io.BytesIO(archive.read(name))).convert("RGBA"))[..., :3]
        np.testing.assert_array_equal(picture, rendering.colorize(values[:, :, index], scale))
