"""Where pictures come from: samples, safely decoded uploads, and fitting them to a size."""

import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import cv2
import numpy as np
from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from cnnviz_core.arrays import ByteArray, require_choice, require_whole
from cnnviz_core.image_headers import Format, Header, damaged, orientation, read_header

# The photograph of a telephone has 12 to 24 million pixels. Decoding takes 10 bytes a pixel for a
# moment (measured): 400 MB at this limit, which a server of a gigabyte just bears.
MAX_PIXELS = 40_000_000
MAX_BYTES = 50 * 2**20

# A sample 320 high with the sides of a camera, 3:2, is 480 wide; and 64 feature maps
# of 480×480 numbers in float32 take 59 MB, which a small server can bear.
MAX_SIDE = 480

SAMPLE_HEIGHT = 320


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture that lies in scikit-image's package, and whom to thank for it.

    Attributes
    ----------
    name : str
        What `sample` takes.
    file : str
        The file in `skimage/data`.
    title, credit, licence : str
        For people to read.
    """

    name: str
    file: str
    title: str
    credit: str
    licence: str


# Credits and licences are those in the docstrings of skimage/data/_fetchers.py (0.26); the
# motorcycle's is on the data set's own page. The package's colour wheel and tissue stain (ihc.png)
# are left out: they name no licence.
SAMPLES = (
    Sample("cat", "chelsea.png", "Chelsea the cat", "Stefan van der Walt", "CC0"),
    Sample(
        "astronaut",
        "astronaut.png",
        "Eileen Collins, astronaut",
        "NASA Great Images, https://flic.kr/p/r9qvLn",
        "public domain",
    ),
    Sample(
        "coffee", "coffee.png", "A cup of coffee", "Rachel Michetti, Pikolo Espresso Bar", "CC0"
    ),
    Sample("rocket", "rocket.jpg", "A Falcon 9 rocket takes off", "SpaceX", "public domain"),
    Sample(
        "motorcycle",
        "motorcycle_left.png",
        "A motorcycle in a workshop",
        "Middlebury stereo data 2014: Scharstein, Hirschmüller, Kitajima, Krathwohl, Nešić, Wang, "
        "Westling, https://vision.middlebury.edu/stereo/data/scenes2014/",
        "free to use and publish if cited",
    ),
    Sample(
        "hubble",
        "hubble_deep_field.jpg",
        "Galaxies in the Hubble eXtreme Deep Field",
        "NASA, HubbleSite",
        "public domain",
    ),
    Sample(
        "retina",
        "retina.jpg",
        "The retina of a healthy eye",
        "Mikael Häggström, https://doi.org/10.15347/wjm/2014.008",
        "CC0",
    ),
)

# Chelsea's photograph is 451×300: these 375 columns are 5:4, with the face in the middle.
_COLUMNS = {"cat": slice(30, 405)}

_DECODERS: dict[Format, type[ImageFile]] = {
    "PNG": PngImageFile,
    "JPEG": JpegImageFile,
    "GIF": GifImageFile,
    "WebP": WebPImageFile,
    "BMP": BmpImageFile,
}

# What undoes each EXIF orientation.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def sample_names() -> tuple[str, ...]:
    """Return the names that `sample` knows, the cat first.

    Examples
    --------
    >>> sample_names()[:2]
    ('cat', 'astronaut')
    """
    return tuple(entry.name for entry in SAMPLES)


def sample(name: str) -> ByteArray:
    """Return a sample picture, 320 pixels high.

    Parameters
    ----------
    name : str
        One of `sample_names()`.

    Returns
    -------
    uint8 (320, W, 3)
        RGB, read-only because everyone gets the same one. The cat is 400 wide.

    Raises
    ------
    ValueError
        If there is no sample of that name.

    Examples
    --------
    >>> sample("cat").shape
    (320, 400, 3)
    """
    require_choice(name, "name", sample_names())
    return _load_sample(name)


@lru_cache(maxsize=len(SAMPLES))
def _load_sample(name: str) -> ByteArray:
    """Read, crop and resize a sample."""
    (file,) = (entry.file for entry in SAMPLES if entry.name == name)
    data = (files("skimage") / "data" / file).read_bytes()
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    pixels = np.asarray(decoded, np.uint8)[:, _COLUMNS.get(name, slice(None))]
    height, width = pixels.shape[:2]
    picture = _resize(pixels, SAMPLE_HEIGHT, round(width * SAMPLE_HEIGHT / height))
    picture.flags.writeable = False
    return picture


def decode(data: bytes) -> ByteArray:
    """Decode a picture file that may be broken or malicious.

    Of an animation the first picture is taken. Transparency is laid over white, channels of 16 bits
    keep their upper eight, a rotation that the camera noted (EXIF) is done, and
    CMYK becomes RGB without a colour profile.

    Parameters
    ----------
    data : bytes
        A whole PNG, JPEG, GIF, WebP or BMP file, of at most `MAX_BYTES` bytes and `MAX_PIXELS`
        pixels. The size is checked before anything is decoded.

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
    header = read_header(data)
    if header.width * header.height > MAX_PIXELS:
        raise ValueError(
            f"This picture has {header.width:,}×{header.height:,} pixels, more than the "
            f"{MAX_PIXELS // 10**6} million that we take. Make it smaller and try again."
        )
    try:
        return _decode_pixels(header)
    except Exception as error:  # what Pillow raises for a broken file has no common base
        raise damaged(header.format) from error


def _decode_pixels(header: Header) -> ByteArray:
    """Decode a picture whose claimed size is acceptable, and set it upright."""
    # The decoder's class is called directly: `Image.open` would warn through process-wide filters.
    with _DECODERS[header.format](io.BytesIO(header.pixels)) as image:
        if image.size != (header.width, header.height):
            raise damaged(header.format)
        picture = _flatten(_shallow(image) if header.bits == 16 else image)
    turn = _UPRIGHT.get(orientation(header.exif))
    return np.array(picture if turn is None else picture.transpose(turn))


def _shallow(image: Image.Image) -> Image.Image:
    """Return a 16-bit picture as Pillow has it with the upper eight bits of each channel.

    Pillow does so by itself for colours, but not for grey, nor for the one colour
    that a PNG may declare transparent.
    """
    key = image.info.get("transparency")
    if image.mode.startswith("I"):
        shallow = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    else:
        shallow = image.copy()
    if isinstance(key, int):
        shallow.info["transparency"] = key >> 8
    elif isinstance(key, tuple):
        shallow.info["transparency"] = tuple(channel >> 8 for channel in key)
    return shallow


def _flatten(image: Image.Image) -> Image.Image:
    """Return the picture in RGB, what is transparent laid over white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    canvas = Image.new("RGB", layer.size, "white")
    canvas.paste(layer, mask=layer)
    return canvas


def fit(image: ByteArray, max_side: int = MAX_SIDE) -> ByteArray:
    """Shrink a picture until its longer side is at most `max_side`; never enlarge it.

    Parameters
    ----------
    image : uint8 (H, W, 3)
        RGB.
    max_side : int
        Pixels, at least 1.

    Returns
    -------
    uint8 (H', W', 3)
        Each pixel the mean of those it stands for; sides in proportion, at least 1.
        `image` itself if it fits already.

    Raises
    ------
    ValueError
        If `image` is not such a picture or `max_side` not such a number.

    Examples
    --------
    >>> fit(np.zeros((30, 600, 3), np.uint8), max_side=100).shape
    (5, 100, 3)
    """
    require_whole(max_side, "max_side", low=1)
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise ValueError(
            "image must be a picture of the shape (height, width, 3) in uint8, "
            f"but came with the shape {image.shape} in {image.dtype}."
        )
    height, width = image.shape[:2]
    scale = max_side / max(height, width)
    if scale >= 1:
        return image
    return _resize(image, max(1, round(height * scale)), max(1, round(width * scale)))


def _resize(image: ByteArray, height: int, width: int) -> ByteArray:
    """Resize by averaging areas when shrinking, by cubic interpolation when enlarging."""
    shrinks = height * width < image.shape[0] * image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, (width, height), interpolation=method), np.uint8)


def picture_id(data: bytes) -> str:
    """Return a short name for the content of a picture file, to key caches with.

    Examples
    --------
    >>> picture_id(b"cat") == picture_id(b"cat") != picture_id(b"dog")
    True
    """
    return hashlib.blake2b(data, digest_size=16).hexdigest()
