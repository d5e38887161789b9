"""Damaged pictures of all formats: a picture or a plain refusal, in little time and memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cnnviz_core import images
from tests.costs import cost_of
from tests.fuzzing import SEEDS, damaged, fuzzed, mended_png
from tests.nasty_pictures import encode, exif_record, noise, png_chunk


def whole_files() -> dict[str, bytes]:
    """Real files: of each format, and of each way in which it keeps pictures."""
    picture = images.sample("cat")[::16, ::16]
    paletted = Image.fromarray(picture).quantize(16)
    more = [Image.fromarray(np.roll(picture, shift, 1)) for shift in (3, 6)]
    layer = np.dstack([picture, picture[..., :1]])
    drawn = encode(picture)
    exif = b"Exif\0\0" + exif_record(6)
    animated = {"save_all": True, "append_images": more}
    return {
        "PNG": drawn,
        "PNG with a palette": encode(paletted, transparency=1),
        "PNG with transparency": encode(layer),
        "PNG of 16 bits": encode(noise(9, 9, 1, np.uint16)),
        "PNG, animated": encode(more[0], "PNG", **animated),
        "PNG with notes": drawn[:33] + png_chunk(b"eXIf", exif_record(6)) + drawn[33:],
        "JPEG": encode(picture, "JPEG", exif=exif, icc_profile=b"profile" * 9),
        "JPEG, progressive": encode(picture, "JPEG", progressive=True),
        "JPEG, CMYK": encode(Image.fromarray(picture).convert("CMYK"), "JPEG"),
        "GIF": encode(paletted, "GIF", interlace=1),
        "GIF, animated": encode(more[0], "GIF", **animated),
        "WebP": encode(picture, "WEBP", exif=exif),
        "WebP without loss": encode(layer, "WEBP", lossless=True),
        "WebP, animated": encode(more[0], "WEBP", **animated),
    }


FILES = whole_files()


def test_all_of_them_are_pictures() -> None:
    for name, data in FILES.items():
        assert images.decode(data).ndim == 3, name


# As in production: Pillow warns of some, then reads on.
@pytest.mark.filterwarnings("ignore")
@fuzzed(600)
@given(st.sampled_from(sorted(FILES)), SEEDS)
def test_a_damaged_picture_is_a_picture_or_plainly_refused(name: str, seed: int) -> None:
    data = damaged(FILES[name], seed)
    if name.startswith("PNG") and seed % 4:
        data = mended_png(data)
    cost = cost_of(images.decode, data)
    assert cost.answer.startswith(("(", "This ")), cost
    assert cost.is_bearable, cost
