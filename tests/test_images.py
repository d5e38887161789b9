"""Sample pictures, decoding of files that nobody vouches for, and fitting to a size."""

import io
import struct
import subprocess
import sys
import time
import tracemalloc
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from importlib.resources import files

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageOps
from PIL.ImageFile import ImageFile

from cnnviz_core import images, picture_files
from tests import nasty_pictures
from tests.nasty_pictures import FORMATS, bombs, encode, exif_record, noise, png, png_chunk

SMALL_PICTURES = arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)))


def decode_or_refuse(data):
    """Decode, or return the refusal; anything but a picture or a plain refusal fails."""
    try:
        result = images.decode(data)
    except ValueError as error:
        result = error
    if isinstance(result, np.ndarray):
        assert result.dtype == np.uint8
        assert result.ndim == 3
        assert result.shape[2] == 3
    else:
        # UnicodeError and others derive from ValueError, but they are no answer to a person.
        assert type(result) is ValueError
        assert str(result).startswith("This ")
        assert str(result).endswith(".")
    return result


# Samples


def test_the_cat_comes_first_and_has_the_size_of_the_article():
    assert images.sample_names()[0] == "cat"
    assert images.sample("cat").shape == (320, 400, 3)


@pytest.mark.parametrize(
    ("name", "file", "box", "width", "method"),
    [
        ("cat", "chelsea.png", (30, 0, 405, 300), 400, Image.Resampling.BICUBIC),
        ("rocket", "rocket.jpg", (88, 0, 560, 427), 354, Image.Resampling.BOX),
    ],
)
def test_a_cropped_sample_is_a_part_of_its_photograph_in_rgb(name, file, box, width, method):
    with Image.open(str(files("skimage") / "data" / file)) as photograph:
        cut = photograph.convert("RGB").crop(box)
    expected = np.asarray(cut.resize((width, 320), method), float)
    assert np.abs(images.sample(name) - expected).mean() < 1


WHOLE_SAMPLES = [
    entry for entry in images.SAMPLES if entry.name not in ("cat", "astronaut", "rocket")
]


@pytest.mark.parametrize("entry", images.SAMPLES, ids=lambda entry: entry.name)
def test_a_sample_fits_on_the_page(entry):
    picture = images.sample(entry.name)
    assert picture.dtype == np.uint8
    assert picture.shape[0] == images.SAMPLE_HEIGHT
    assert max(picture.shape) <= images.MAX_SIDE


@pytest.mark.parametrize("entry", WHOLE_SAMPLES, ids=lambda entry: entry.name)
def test_a_whole_sample_keeps_its_proportions_and_its_colors(entry):
    with Image.open(str(files("skimage") / "data" / entry.file)) as original:
        width, height = original.size
        color = np.asarray(original.convert("RGB"), float).mean((0, 1))
    picture = images.sample(entry.name)
    assert abs(picture.shape[1] - 320 * width / height) <= 0.5
    np.testing.assert_allclose(picture.mean((0, 1)), color, atol=1)


def test_every_sample_says_whom_to_thank():
    assert len(set(images.sample_names())) == len(images.SAMPLES)
    for entry in images.SAMPLES:
        assert entry.title
        assert entry.credit
        assert entry.license
    with pytest.raises(FrozenInstanceError):
        images.SAMPLES[0].title = "Felix"


def test_nobody_can_spoil_a_sample_for_the_next_one():
    with pytest.raises(ValueError, match="read-only"):
        images.sample("cat")[0, 0] = 0


def test_an_unknown_sample_names_the_known_ones():
    with pytest.raises(ValueError, match=r"must be one of 'cat', 'astronaut'.*came as 'dog'"):
        images.sample("dog")


def test_samples_need_neither_network_nor_the_rest_of_scikit_image():
    script = """
import socket, sys
def refuse(*args, **kwargs): raise AssertionError("network")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from cnnviz_core import images
for name in images.sample_names():
    images.sample(name)
loaded = {name for name in sys.modules if name.split(".")[0] in
          {"skimage", "scipy", "imageio", "pooch", "requests", "tensorflow", "streamlit"}}
print(sorted(loaded))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['skimage', 'skimage._shared', 'skimage._shared.tester']"


# Decoding what is whole


@settings(deadline=None, max_examples=40)
@given(SMALL_PICTURES, st.sampled_from(["PNG", "WEBP"]))
def test_a_lossless_file_gives_back_the_picture(picture, kind):
    np.testing.assert_array_equal(images.decode(encode(picture, kind, lossless=True)), picture)


@pytest.mark.parametrize("kind", FORMATS)
def test_one_pixel_is_a_picture(kind):
    picture = images.decode(encode(np.full((1, 1, 3), 255, np.uint8), kind))
    np.testing.assert_allclose(picture, np.full((1, 1, 3), 255), atol=2)


def test_jpeg_and_lossy_webp_come_close():
    smooth = images.sample("coffee")
    for kind in ("JPEG", "WEBP"):
        decoded = images.decode(encode(smooth, kind, quality=95)).astype(int)
        assert np.abs(decoded - smooth).mean() < 4


def test_a_progressive_jpeg_and_an_interlaced_gif_are_read():
    smooth = images.sample("coffee")
    whole = images.decode(encode(smooth, "JPEG", quality=95))
    progressive = images.decode(encode(smooth, "JPEG", quality=95, progressive=True))
    np.testing.assert_array_equal(progressive, whole)
    paletted = Image.fromarray(smooth).quantize(64)
    expected = np.asarray(paletted.convert("RGB"))
    np.testing.assert_array_equal(images.decode(encode(paletted, "GIF", interlace=1)), expected)


@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bits_keep_the_upper_eight(channels):
    deep = noise(channels=channels, dtype=np.uint16)
    data = cv2.imencode(".png", deep)[1].tobytes()
    expected = (deep >> 8).astype(np.uint8)
    expected = np.stack([expected] * 3, axis=2) if channels == 1 else expected[..., ::-1]
    np.testing.assert_array_equal(images.decode(data), expected)


def test_sixteen_bits_with_alpha_are_laid_over_white():
    deep = np.zeros((2, 2, 4), np.uint16)
    deep[0] = 0, 0, 65535, 65535
    picture = images.decode(cv2.imencode(".png", deep)[1].tobytes())
    np.testing.assert_array_equal(picture[0], [[255, 0, 0]] * 2)
    np.testing.assert_array_equal(picture[1], [[255, 255, 255]] * 2)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_black_and_white_gray_and_palette_become_rgb(mode):
    image = Image.fromarray(noise()).convert(mode)
    np.testing.assert_array_equal(images.decode(encode(image)), np.asarray(image.convert("RGB")))


@settings(deadline=None, max_examples=30)
@given(arrays(np.uint8, (3, 5, 4)), st.sampled_from(["PNG", "WEBP"]))
def test_transparency_is_laid_over_white(layer, kind):
    alpha = layer[..., 3:] / 255
    expected = layer[..., :3] * alpha + 255 * (1 - alpha)
    decoded = images.decode(encode(layer, kind, lossless=True, exact=True))
    np.testing.assert_allclose(decoded, expected, atol=1)


def test_gray_with_alpha_is_laid_over_white():
    layer = np.dstack([np.full((2, 2), 100, np.uint8), np.array([[0, 255], [51, 0]], np.uint8)])
    decoded = images.decode(encode(Image.fromarray(layer, "LA")))
    np.testing.assert_array_equal(decoded[..., 0], [[255, 100], [224, 255]])


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_transparent_palette_entry_becomes_white(kind):
    image = Image.fromarray(np.array([[0, 1, 2]], np.uint8), "P")
    image.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90])
    decoded = images.decode(encode(image, kind, transparency=1))
    np.testing.assert_array_equal(decoded, [[[10, 20, 30], [255, 255, 255], [70, 80, 90]]])


def test_a_cmyk_jpeg_is_not_a_negative():
    smooth = Image.fromarray(images.sample("coffee"))
    decoded = images.decode(encode(smooth.convert("CMYK"), "JPEG", quality=95))
    assert np.abs(decoded.astype(int) - np.asarray(smooth)).mean() < 4


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("value", range(1, 9))
def test_a_rotated_photograph_is_set_upright(kind, value):
    exif = Image.Exif()
    exif[0x0112] = value
    data = encode(images.sample("rocket")[::8, ::8], kind, exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    np.testing.assert_array_equal(images.decode(data), expected)


def test_the_exif_of_a_webp_is_found_behind_a_chunk_of_odd_length():
    data = encode(noise(), "WEBP", exif=exif_record(6), icc_profile=b"odd")
    assert images.decode(data).shape == (60, 40, 3)


def test_adobe_says_that_a_jpeg_is_rgb():
    picture = images.sample("coffee")
    data = encode(picture, "JPEG", keep_rgb=True, quality=95)
    # Without the telling names of the components, R, G and B, in the two headers that hold them.
    for rest in (b"\x11\x00", b"\x00"):
        named = b"R" + rest + b"G" + rest + b"B" + rest
        assert data.count(named) == 1
        data = data.replace(named, b"\1" + rest + b"\2" + rest + b"\3" + rest)
    assert np.abs(images.decode(data).astype(int) - picture).mean() < 4


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("value_type", [3, 4])
def test_the_orientation_is_read_in_either_byte_order(order, value_type):
    data = encode(noise(), "JPEG", exif=b"Exif\0\0" + exif_record(6, order, value_type))
    assert images.decode(data).shape == (60, 40, 3)


# As in production: Pillow warns of the record, then reads on.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "record",
    [
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff" + b"\xaa" * 40,
        exif_record(9),
        exif_record(0),
        exif_record(6)[:12],
        b"nonsense",
    ],
)
def test_a_photograph_with_broken_exif_is_still_a_picture(record):
    data = encode(noise(), "JPEG", exif=b"Exif\0\0" + record)
    assert images.decode(data).shape == (40, 60, 3)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from([b"", b"II*\0", b"MM\0*"]), st.binary(max_size=60))
def test_no_exif_record_can_spoil_a_picture(start, rest):
    data = encode(noise(), "PNG", exif=start + rest)
    assert images.decode(data).shape in {(40, 60, 3), (60, 40, 3)}


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_gives_its_first_picture(kind):
    shades = [Image.new("RGB", (6, 4), (shade, 0, 0)) for shade in (200, 100, 0)]
    data = encode(shades[0], kind, save_all=True, append_images=shades[1:], lossless=True)
    np.testing.assert_array_equal(images.decode(data), np.asarray(shades[0]))


def test_a_gif_picture_may_exceed_its_screen():
    data = bytearray(encode(Image.fromarray(noise(5, 7)).quantize(8), "GIF"))
    data[6:10] = struct.pack("<HH", 1, 1)
    assert images.decode(bytes(data)).shape == (5, 7, 3)


# Refusing the rest


FOREIGN = nasty_pictures.foreign()


@pytest.mark.parametrize(("data", "what"), FOREIGN.values(), ids=FOREIGN)
def test_what_is_no_picture_is_named(data, what):
    refusal = decode_or_refuse(data)
    assert f"This is {what}" in str(refusal)
    assert "(PNG, JPEG, GIF or WebP)" in str(refusal)


@pytest.mark.parametrize("data", [None, "text", [1, 2], np.zeros(3, np.uint8)])
def test_only_bytes_are_decoded(data):
    with pytest.raises(ValueError, match="data must be the bytes of a picture file"):
        images.decode(data)


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_is_refused_from_its_header(name):
    data = bombs()[name]
    tracemalloc.start()
    start = time.perf_counter()
    refusal = decode_or_refuse(data)
    seconds = time.perf_counter() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "than the 24 million that we take. Make it smaller" in str(refusal)
    assert seconds < 0.1
    assert peak < 1_000_000


def test_a_file_of_too_many_bytes_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *args, **options: pytest.fail("was read"))
    refusal = decode_or_refuse(b"\x89PNG\r\n\x1a\n" + bytes(picture_files.MAX_BYTES))
    assert "more than the 20 MB" in str(refusal)


@pytest.mark.parametrize("side", [6_400, 9_500, 13_000])
def test_the_size_is_named_and_pillow_decodes_nothing(side, monkeypatch):
    monkeypatch.setattr(ImageFile, "load", lambda image: pytest.fail("was decoded"))
    data = png(side, side, png_chunk(b"IDAT", zlib.compress(bytes(1000))))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        refusal = decode_or_refuse(data)
    assert f"{side:,}×{side:,} pixels, more than the 24 million" in str(refusal)


def test_a_second_header_cannot_smuggle_in_a_larger_size():
    second = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(bytes(1000)))
    for chunks in ((second, pixels), (pixels, second)):
        assert isinstance(decode_or_refuse(png(100, 100, *chunks)), ValueError)


def test_a_jpeg_of_endless_scans_is_given_up():
    data = encode(noise(4, 5, 1), "JPEG", progressive=True)
    last_scan = data[data.rindex(b"\xff\xda") : -2]
    few, many = (data[:-2] + last_scan * count + b"\xff\xd9" for count in (5, 100))
    assert decode_or_refuse(few).shape == (4, 5, 3)
    assert "damaged" in str(decode_or_refuse(many))


def test_the_film_behind_a_motion_photograph_is_not_taken_for_scans():
    film = np.random.default_rng(0).integers(0, 256, 12 * 2**20, np.uint8).tobytes()
    assert film.count(b"\xff\xda") > 100
    assert decode_or_refuse(encode(noise(4, 5), "JPEG") + film).shape == (4, 5, 3)


@pytest.mark.parametrize("percent", range(0, 100, 10))
@pytest.mark.parametrize("kind", FORMATS)
def test_a_truncated_file_is_refused(kind, percent):
    data = encode(noise(), kind)
    refusal = decode_or_refuse(data[: len(data) * percent // 100])
    assert isinstance(refusal, ValueError)
    if percent:
        assert "cut short or damaged. Download or save it again" in str(refusal)


@pytest.mark.parametrize("kind", FORMATS)
def test_any_cut_is_a_picture_or_a_plain_refusal(kind):
    data = encode(noise(4, 5), kind)
    for length in range(len(data)):
        decode_or_refuse(data[:length])


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(
        [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X"]
    ),
    st.binary(max_size=200),
)
def test_random_bytes_are_refused_plainly(start, rest):
    decode_or_refuse(start + rest)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(FORMATS), st.data())
def test_a_picture_with_changed_bytes_is_a_picture_or_a_plain_refusal(kind, data):
    damaged = bytearray(encode(noise(6, 7), kind))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, min(len(damaged), 80) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    decode_or_refuse(bytes(damaged))


@pytest.mark.parametrize("action", ["error", "ignore"])
def test_files_that_make_pillow_warn_are_answered_and_leave_its_settings(action):
    limit = Image.MAX_IMAGE_PIXELS
    rational = struct.pack(">HHII", 0x011A, 5, 1000, 9999)
    broken_exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + rational + bytes(4)
    endless = png_chunk(b"acTL", struct.pack(">II", 0, 0))
    drawn = encode(noise())
    side = 10_000
    files_that_warn = [
        png(side, side, png_chunk(b"IDAT", zlib.compress(bytes(1000)))),
        encode(noise(), "JPEG", exif=broken_exif),
        drawn[:33] + endless + drawn[33:],
    ]
    with warnings.catch_warnings():
        warnings.simplefilter(action)
        answers = [decode_or_refuse(data) for data in files_that_warn]
    assert "than the 24 million that we take" in str(answers[0])
    assert limit == Image.MAX_IMAGE_PIXELS


def test_many_threads_decode_at_once():
    pictures = [noise(20, 30) + np.uint8(shift) for shift in range(16)]
    encoded = [encode(picture) for picture in pictures for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        decoded = list(pool.map(images.decode, encoded))
    for place, picture in enumerate(decoded):
        np.testing.assert_array_equal(picture, pictures[place // 4])


def test_a_decoded_picture_belongs_to_its_caller():
    data = encode(noise())
    images.decode(data)[:] = 0
    np.testing.assert_array_equal(images.decode(data), noise())


# Fitting


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 100))
def test_fitting_keeps_the_proportions_and_never_enlarges(height, width, max_side):
    image = noise(height, width)
    before = image.copy()
    fitted = images.fit(image, max_side)
    np.testing.assert_array_equal(image, before)
    if max(height, width) <= max_side:
        np.testing.assert_array_equal(fitted, image)
        return
    scale = max_side / max(height, width)
    assert max(fitted.shape[:2]) == max_side
    assert min(fitted.shape[:2]) >= 1
    assert abs(fitted.shape[0] - height * scale) <= max(0.5, 1 - height * scale)
    assert abs(fitted.shape[1] - width * scale) <= max(0.5, 1 - width * scale)


@pytest.mark.parametrize("shape", [(40, 60), (40, 1), (1, 40)])
def test_fitting_averages_the_pixels_that_become_one(shape):
    image = noise(*shape)
    rows, columns = (2 if side > 1 else 1 for side in shape)
    blocks = image.reshape(shape[0] // rows, rows, shape[1] // columns, columns, 3)
    expected = blocks.mean((1, 3))
    fitted = images.fit(image, max(shape) // 2)
    np.testing.assert_allclose(fitted, expected, atol=0.51)


def test_a_very_long_picture_can_be_fitted():
    assert images.fit(np.zeros((1, 1_000_000, 3), np.uint8)).shape == (1, images.MAX_SIDE, 3)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((2, 2), np.uint8),
        np.zeros((2, 2, 4), np.uint8),
        np.zeros((0, 2, 3), np.uint8),
        np.zeros((2, 2, 3), np.float32),
    ],
)
def test_only_pictures_are_fitted(image):
    with pytest.raises(ValueError, match="image must be a picture of the shape"):
        images.fit(image)


@pytest.mark.parametrize("max_side", [0, -1, 2.5, True])
def test_the_side_must_be_a_whole_number_from_one(max_side):
    with pytest.raises(ValueError, match="max_side must be"):
        images.fit(noise(), max_side)


def test_the_id_of_a_picture_follows_its_content():
    first, second = encode(noise()), encode(noise(41))
    assert images.picture_id(first) == images.picture_id(bytes(bytearray(first)))
    assert images.picture_id(first) != images.picture_id(second)
    assert len(images.picture_id(first)) == 32
