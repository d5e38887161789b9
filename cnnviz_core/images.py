"""Where pictures come from: samples and uploads; and fitting them to a size."""

import hashlib
from functools import lru_cache
from importlib.resources import files

import cv2
import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray, as_feature_maps, require_choice, require_whole
from cnnviz_core.picture_files import decode as decode
from cnnviz_core.sample_facts import SAMPLES as SAMPLES

# A picture as operations take it: (H, W, 3), RGB, 0..255.
ImageArray = ByteArray | FloatArray

# A sample 320 high with the sides of a camera, 3:2, is 480 wide; and 64 feature maps
# of 480×480 numbers in float32 take 59 MB, which a small server can bear.
MAX_SIDE = 480

SAMPLE_HEIGHT = 320

# Chelsea's photograph is 451×300: these 375 columns are 5:4, with the face in the middle. The
# rocket's is 640×427: these have the two masts beside it and not the two towers at the sides, which
# fill so much of the picture that a network sees a drilling platform. The astronaut's is 512×512:
# these come closer, so that the helmet counts for more.
WINDOWS = {
    "cat": np.s_[:, 30:405],
    "astronaut": np.s_[20:460, 60:500],
    "rocket": np.s_[:, 88:560],
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
    pixels = np.asarray(decoded, np.uint8)[WINDOWS.get(name, ...)]
    height, width = pixels.shape[:2]
    picture = _resize(pixels, SAMPLE_HEIGHT, round(width * SAMPLE_HEIGHT / height))
    picture.flags.writeable = False
    return picture


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


def as_picture(image: ImageArray) -> FloatArray:
    """Check that `image` is a picture for a network, and return it as float32.

    Raises
    ------
    ValueError
        If it is not uint8 or float32 (H, W, 3), or its values are not all finite.
    """
    picture = as_feature_maps(image, "image")
    if picture.shape[2] != 3:
        raise ValueError(
            f"image must have three channels (RGB), but came with {picture.shape[2]}. "
            "Repeat a gray channel three times, and leave transparency out."
        )
    if not np.isfinite(picture).all():
        raise ValueError("image must hold finite numbers, but some are not (NaN or infinite).")
    return picture


def stretch(picture: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Resize to height and width `size`; always a new array.

    Shrinking averages the pixels that fall together, so that fine patterns don't alias.

    Examples
    --------
    >>> stretch(np.float32([[[0], [2]], [[4], [6]]]), (1, 1)).item()
    3.0
    """
    height, width = size
    if picture.shape[:2] == size:
        return picture.copy()
    is_shrinking = height <= picture.shape[0] and width <= picture.shape[1]
    method = cv2.INTER_AREA if is_shrinking else cv2.INTER_LINEAR
    resized = cv2.resize(picture, (width, height), interpolation=method)
    return np.asarray(resized, np.float32).reshape(height, width, picture.shape[2])


def picture_id(data: bytes) -> str:
    """Return a short name for the content of a picture file, to key caches with.

    Examples
    --------
    >>> picture_id(b"cat") == picture_id(b"cat") != picture_id(b"dog")
    True
    """
    return hashlib.blake2b(data, digest_size=16).hexdigest()
