"""Picture files that nobody vouches for: decoded within bounds of time and memory, or refused."""

import contextlib
import io
import re
from typing import Any

import numpy as np
from PIL import ExifTags, Image

from cnnviz_core.arrays import ByteArray

# The photograph of a telephone has 12 to 24 million pixels. Decoding one takes 7 bytes a pixel for
# a moment, 10 if it is progressive (measured): 170 to 240 MB at this limit.
MAX_PIXELS = 24_000_000
# No camera writes WebP, which takes 16 bytes a pixel.
_MAX_PIXELS_OF = {"WEBP": 18_000_000}
_TOO_LARGE = "This picture has {} than the {} million that we take. Make it smaller and try again."
# The same as Streamlit's maxUploadSize in .streamlit/config.toml.
MAX_BYTES = 20 * 2**20

# A progressive JPEG has about 10 scans. Each costs a pass over the whole picture but few bytes of
# the file: without a limit, a small file keeps the decoder busy for hours. At this one, it is two
# seconds. A scan starts with its marker and the length of its header, 6 + 2n for one to four
# channels (ITU-T T.81, 1992, B.2.3).
_MAX_JPEG_SCANS = 32
_JPEG_SCAN = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e]")

# By what to turn around an upright picture to get it as it is stored; from 5 on, after its rows and
# columns have changed places.
_FLIPS: dict[int, tuple[slice, slice]] = {
    2: np.s_[:, ::-1],
    3: np.s_[::-1, ::-1],
    4: np.s_[::-1, :],
    6: np.s_[::-1, :],
    7: np.s_[::-1, ::-1],
    8: np.s_[:, ::-1],
}
# Rows that are converted at once: of a photograph of 6,000 columns, 3 MB.
_BAND = 128

# Pillow reads what stands before the pixels piece by piece, in Python: a file of nothing but empty
# pieces would keep it busy for half a minute. The largest photographs ask for some thousands.
_MAX_READS = 20_000
# It also adds each further piece of EXIF to all those before.
_MAX_EXIF_PIECES = 64
_EXIF_PIECE = re.compile(rb"\xff\xe1..Exif\0\0", re.DOTALL)

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_SIGNATURE = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", re.DOTALL)
# What people try to open beside pictures that we can read.
_FOREIGN = {
    rb"\Z": "an empty file",
    rb"....ftyp(hei|mif1)": "an HEIC picture",
    rb"....ftypavif": "an AVIF picture",
    rb"II\*\0|MM\0\*": "a TIFF picture or a camera's raw file",
    rb"BM": "a BMP picture",
    rb"%PDF": "a PDF document",
    rb"\s*<(\?xml|svg)": "an SVG drawing",
}


def decode(data: bytes) -> ByteArray:
    """Decode a picture file that may be broken or malicious.

    Of an animation the first picture is taken. Transparency is laid over white, channels of 16 bits
    keep their upper eight, a rotation that the camera noted (EXIF) is done, and
    CMYK becomes RGB without a color profile.

    Parameters
    ----------
    data : bytes
        A whole PNG, JPEG, GIF or WebP file, of at most `MAX_BYTES` bytes and `MAX_PIXELS` pixels,
        18 million in WebP. The size is checked before anything is decoded.

    Returns
    -------
    uint8 (H, W, 3)
        RGB.

    Raises
    ------
    ValueError
        If it is not such a file, is cut short or damaged, or is too large. Nothing else is raised.
    """
    if not isinstance(data, bytes):
        raise ValueError(
            f"data must be the bytes of a picture file, but came as {type(data).__name__}."
        )
    if len(data) > MAX_BYTES:
        raise ValueError(
            f"This file has {len(data) / 2**20:,.1f} MB, more than the {MAX_BYTES // 2**20} MB "
            "that we take. Save the picture smaller, or as JPEG, and try again."
        )
    pieces = ((_JPEG_SCAN, _MAX_JPEG_SCANS), (_EXIF_PIECE, _MAX_EXIF_PIECES))
    if any(len(piece.findall(data)) > most for piece, most in pieces):
        raise ValueError(_reason(data))
    try:
        with Image.open(_Counted(data), formats=_FORMATS) as image:
            width, height = image.size
            limit = _MAX_PIXELS_OF.get(image.format or "", MAX_PIXELS)
            if width * height <= limit:
                return _upright(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError(_TOO_LARGE.format("far more pixels", MAX_PIXELS // 10**6)) from error
    except Exception as error:  # what Pillow raises for a broken file has no common base
        raise ValueError(_reason(data)) from error
    size = f"{width:,}×{height:,} pixels, more"
    raise ValueError(_TOO_LARGE.format(size, limit // 10**6))


def _reason(data: bytes) -> str:
    """Say why Pillow cannot read a file, as well as its first bytes tell."""
    if _SIGNATURE.match(data):
        return "This picture file is cut short or damaged. Download or save it again and retry."
    names = (name for start, name in _FOREIGN.items() if re.match(start, data, re.DOTALL))
    return (
        f"This is {next(names, 'an unknown file')}, not a picture that we can read "
        "(PNG, JPEG, GIF or WebP). Save it as PNG or JPEG and try again."
    )


class _Counted(io.BytesIO):
    """The bytes of a file that may be asked for `_MAX_READS` times."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._reads = 0

    def read(self, size: int | None = -1) -> bytes:
        """Read on."""
        self._reads += 1
        if self._reads > _MAX_READS:
            raise OSError("This file is in too many pieces.")
        return super().read(size)


def _upright(image: Image.Image) -> ByteArray:
    """Return the picture turned as its camera noted, in RGB, what is transparent laid over white.

    Band by band: as a whole, each of the three steps would hold one more copy of the picture.
    """
    image.load()
    width, height = image.size
    orientation = _orientation(image)
    is_lying = orientation > 4
    picture = np.empty((width, height, 3) if is_lying else (height, width, 3), np.uint8)
    stored = (picture.swapaxes(0, 1) if is_lying else picture)[_FLIPS.get(orientation, np.s_[:, :])]
    for top in range(0, height, _BAND):
        bottom = min(top + _BAND, height)
        stored[top:bottom] = np.asarray(_flatten(image.crop((0, top, width, bottom))))
    return picture


def _orientation(image: Image.Image) -> int:
    """Return how the camera was held (Exif 3.0, 2023, 4.6.5): 1 if that is not said."""
    with contextlib.suppress(Exception):  # broken EXIF says nothing about the picture
        found: Any = image.getexif().get(ExifTags.Base.Orientation)
        return int(found) if found in range(1, 9) else 1
    return 1


def _flatten(image: Image.Image) -> Image.Image:
    """Return a picture in RGB, what is transparent laid over white."""
    if image.mode == "I;16":  # Pillow would clip this gray at 255
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    layer = image.convert("RGBA")
    canvas = Image.new("RGB", layer.size, "white")
    canvas.paste(layer, mask=layer)
    return canvas
