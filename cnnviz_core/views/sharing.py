"""Pictures, how results are shared between all visitors, and what the picker shows."""

import base64
import inspect
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

import cachetools

from cnnviz_core import images, low_memory, strips
from cnnviz_core.arrays import ByteArray
from cnnviz_core.drawing.encoding import encode_jpeg
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import PICTURE_SCALE
from cnnviz_core.networks import Network
from cnnviz_core.runtime import malloc

# A feature map of the largest picture with 64 filters takes 59 MB.
MAX_ARRAYS = 3

# An encoded picture takes 0.1 to 0.8 MB.
MAX_VIEWS = 64

# Twice what the picker shows, for high-density screens.
THUMBNAIL_PIXELS = 160
# Every page that is opened carries all of them.
THUMBNAIL_QUALITY = 80

# A class that opens its photographs at once would need 240 MB for each: one after the other.
_decoding = threading.Lock()

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What the visitor looks at: uint8 (H, W, 3) pixels, and a key that is theirs alone."""

    key: str
    pixels: ByteArray


def shared(max_entries: int) -> Callable[[Function], Function]:
    """Keep the last `max_entries` results for all visitors; the one way in which we cache.

    Who asks for what is just being computed waits for it. A result is found again by the arguments,
    which are hashable, pictures and networks by their keys; an argument whose name begins with an
    underscore follows from the others, and is not looked at.
    """

    def decorate(function: Function) -> Function:
        signature = inspect.signature(function)

        def key(*args: Any, **keywords: Any) -> Hashable:
            called = signature.bind(*args, **keywords)
            called.apply_defaults()
            return tuple(
                value.key if isinstance(value, Picture | Network) else value
                for name, value in called.arguments.items()
                if not name.startswith("_")
            )

        most = low_memory.bound(max_entries, -(-max_entries // 4))
        results: Any = cachetools.LRUCache(most)
        keep = cachetools.cached(results, key, condition=threading.Condition())
        return cast("Function", keep(function))

    return decorate


def sample_names() -> tuple[str, ...]:
    """Return the samples, the cat first."""
    return images.sample_names()


def sample_title(name: str) -> str:
    """Return what a sample shows, in English."""
    return next(sample.title for sample in images.SAMPLES if sample.name == name)


def sample_picture(name: str) -> Picture:
    """Return a sample by its name."""
    return Picture(name, images.sample(name))


def uploaded_picture(data: bytes) -> Picture:
    """Return a visitor's own picture, fitted; `ValueError` if it can't be decoded."""
    with _decoding:
        pixels = strips.fit(images.decode(data))
        malloc.give_back()
    return Picture(images.picture_id(data), pixels)


def is_strip(picture: Picture) -> bool:
    """Return whether a picture is so long and narrow that pages show a part of it."""
    return strips.part_size(*picture.pixels.shape[:2]) != picture.pixels.shape[:2]


def part(picture: Picture, percent: int) -> Picture:
    """Return a part of a strip, from its left or upper end, 0, to the other, 100."""
    if not is_strip(picture):
        return picture
    pixels, start = strips.part(picture.pixels, percent)
    return Picture(f"{picture.key} {start}", pixels)


@shared(MAX_VIEWS)
def original(picture: Picture) -> Rendered:
    """Return the picture as it came."""
    return rendered(picture.pixels, picture.pixels, PICTURE_SCALE)


@shared(MAX_VIEWS)
def thumbnail(picture: Picture) -> bytes:
    """Return the picture as a small JPEG, for the picker."""
    return encode_jpeg(images.fit(picture.pixels, THUMBNAIL_PIXELS), quality=THUMBNAIL_QUALITY)


def data_url(data: bytes) -> str:
    r"""Return an address that holds the bytes of a PNG or JPEG: a browser asks for nothing more.

    >>> data_url(b"\x89PNG")
    'data:image/png;base64,iVBORw=='
    """
    return f"data:image/{kind_of(data).lower()};base64,{base64.b64encode(data).decode()}"


def kind_of(data: bytes) -> Literal["PNG", "JPEG"]:
    """Return which of the two kinds of file that we make the bytes are."""
    return "PNG" if data.startswith(b"\x89PNG") else "JPEG"
