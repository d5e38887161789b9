"""What the header of a picture file says, read without decoding a pixel.

A file that a stranger sends is walked here part by part. The decoder then gets only the parts that
make pixels: comments, colour profiles, thumbnails and the later pictures of an animation, all
of which have been used to attack decoders, never reach it.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

Format = Literal["PNG", "JPEG", "GIF", "WebP", "BMP"]
FORMATS: tuple[Format, ...] = get_args(Format)

_READABLE = f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"

# An honest file of the largest size we accept has a few thousand parts; one with more was made to
# keep us busy.
_MAX_PARTS = 100_000

# What people try to open beside pictures that we can read: (offset, signature, name).
_FOREIGN = (
    (4, b"ftyphei", "an HEIC picture"),
    (4, b"ftypmif1", "an HEIC picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (0, b"II*\0", "a TIFF picture or a camera's raw file"),
    (0, b"MM\0*", "a TIFF picture or a camera's raw file"),
    (0, b"8BPS", "a Photoshop file"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive or an office document"),
)


@dataclass(frozen=True, slots=True)
class Header:
    """A picture file, taken apart.

    Attributes
    ----------
    format : {"PNG", "JPEG", "GIF", "WebP", "BMP"}
        What the first bytes say, whatever the file was called.
    width, height : int
        Pixels, as the header claims; not to be believed before the decoder has agreed.
    pixels : bytes
        The same file with only the parts that make pixels.
    exif : bytes
        The EXIF record, empty if there is none; not looked into.
    bits : int
        Bits a channel that the file stores, 16 only for deep PNG.
    """

    format: Format
    width: int
    height: int
    pixels: bytes
    exif: bytes = b""
    bits: int = 8


def read_header(data: bytes) -> Header:
    """Read the header of a picture file and set its metadata aside.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Header

    Raises
    ------
    ValueError
        If it is none of the formats we read, or ends before the header does.
    """
    for signature, kind, reader in _READERS:
        if signature.match(data):
            try:
                return reader(data)
            except (struct.error, IndexError) as error:
                raise damaged(kind) from error
    raise ValueError(
        f"This is {_foreign_name(data)}, not a picture that we can read ({_READABLE}). "
        "Save it as PNG or JPEG and try again."
    )


def damaged(kind: Format) -> ValueError:
    """Return the error for a file of the format `kind` that cannot be read to its end."""
    return ValueError(
        f"This {kind} file is cut short or damaged. Download or save it again and retry."
    )


def orientation(exif: bytes) -> int:
    """Return how the camera was held: the EXIF orientation, 1 (upright) to 8.

    A record that cannot be read says nothing about the picture, so it counts as upright.
    Source: CIPA DC-008 (EXIF 2.32, 2019), tag 0x0112 of the first directory.

    Examples
    --------
    >>> orientation(b"")
    1
    >>> orientation(bytes.fromhex("4d4d002a00000008 0001 0112000300000001 0006 0000"))
    6
    """
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (num_entries,) = struct.unpack_from(f"{order}H", exif, start)
        for entry in range(start + 2, start + 2 + 12 * num_entries, 12):
            tag, value_type = struct.unpack_from(f"{order}HH", exif, entry)
            if tag == 0x0112:
                width = "I" if value_type == 4 else "H"
                (value,) = struct.unpack_from(f"{order}{width}", exif, entry + 8)
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _foreign_name(data: bytes) -> str:
    """Name what `data` is, as well as its first bytes tell."""
    if not data:
        return "an empty file"
    for offset, signature, name in _FOREIGN:
        if data.startswith(signature, offset):
            return name
    beginning = data[:1024]
    if b"<svg" in beginning.lower():
        return "an SVG drawing"
    if re.fullmatch(rb"[\t\n\f\r\x20-\x7e\x80-\xff]+", beginning):
        return "a text file"
    return "an unknown file"


def _read_png(data: bytes) -> Header:
    """Walk the chunks (PNG specification, third edition, 2025, section 5)."""
    width, height, bits = struct.unpack_from(">IIB", data, 16)
    kept, exif, position = [data[:8]], b"", 8
    for _ in range(_MAX_PARTS):
        if position >= len(data):
            return Header("PNG", width, height, b"".join(kept), exif, bits)
        length, chunk = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if chunk in {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}:
            kept.append(data[position:end])
        elif chunk == b"eXIf":
            exif = data[position + 8 : end - 4]
        position = end
    raise damaged("PNG")


# A marker is 0xFF and a byte that is neither padding (0xFF) nor the escape of a plain 0xFF (0x00).
# Those without a length (0x01, restarts 0xD0 to 0xD7, start 0xD8) tell nothing here.
_JPEG_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])", re.DOTALL)
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Application data (0xE0 to 0xEF) and comments, but for Adobe's, which tells RGB from YCbCr.
_JPEG_METADATA = frozenset({*range(0xE0, 0xF0), 0xFE}) - {0xEE}
# A progressive file has about 10 scans. Each costs a pass over the whole picture but only a few
# bytes: without a limit, a small file keeps the decoder busy for hours.
_MAX_JPEG_SCANS = 64


def _read_jpeg(data: bytes) -> Header:
    """Walk the segments to the end of the picture (ITU-T T.81, 1992, annex B)."""
    width = height = num_scans = scans_start = 0
    kept, exif, position = [data[:2]], b"", 2
    for _ in range(_MAX_PARTS):
        match = _JPEG_MARKER.search(data, position)
        if match is None or match[1] == b"\xd9":
            end = len(data) if match is None else match.end()
            kept.append(data[scans_start or end : end])
            return Header("JPEG", width, height, b"".join(kept), exif)
        start, marker = match.start(), match[1][0]
        (length,) = struct.unpack_from(">H", data, start + 2)
        position = start + 2 + length
        if marker == 0xDA:
            scans_start = scans_start or start
            num_scans += 1
            if num_scans > _MAX_JPEG_SCANS:
                break
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, start + 5)
        if marker == 0xE1 and not exif and data.startswith(b"Exif\0\0", start + 4):
            exif = data[start + 4 : position]
        if not scans_start and marker not in _JPEG_METADATA:
            kept.append(data[start:position])
    raise damaged("JPEG")


def _read_gif(data: bytes) -> Header:
    """Walk the blocks up to the first picture (GIF89a specification, 1990)."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    position = 13 + _palette_bytes(flags)
    kept = [data[:position]]
    control = b""
    for _ in range(_MAX_PARTS):
        if data[position] == 0x2C:
            left, top, columns, rows = struct.unpack_from("<4H", data, position + 1)
            pixels = b"".join([*kept, control, data[position:]])
            # Some old files hold a picture larger than the screen they declare.
            return Header("GIF", max(width, left + columns), max(height, top + rows), pixels)
        if data[position] != 0x21:
            break
        if data[position + 1] == 0xF9 and data[position + 2] == 4:
            control = data[position : position + 7] + b"\0"
        position = _after_blocks(data, position + 2)
    raise damaged("GIF")


def _palette_bytes(flags: int) -> int:
    """Return how many bytes the colour table that `flags` announces takes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, position: int) -> int:
    """Return where the GIF data blocks that start at `position` end."""
    for _ in range(_MAX_PARTS):
        length = data[position]
        position += 1 + length
        if length == 0:
            return position
    raise damaged("GIF")


def _read_webp(data: bytes) -> Header:
    """Read the canvas size from the first chunk (RFC 9649, 2024, sections 2.5 to 2.7)."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        width, height = (
            int.from_bytes(data[start : start + 3], "little") + 1 for start in (24, 27)
        )
    elif chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (size & 0x3FFF for size in struct.unpack_from("<HH", data, 26))
    return Header("WebP", width, height, data, _webp_exif(data))


def _webp_exif(data: bytes) -> bytes:
    """Return the EXIF chunk of a WebP file, empty if there is none."""
    position = 12
    for _ in range(_MAX_PARTS):
        if position + 8 > len(data):
            break
        chunk, length = struct.unpack_from("<4sI", data, position)
        if chunk == b"EXIF":
            return data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2
    return b""


# Pillow unpacks run lengths in Python, about a microsecond each.
_MAX_BMP_RUN_BYTES = 4 * 2**20


def _read_bmp(data: bytes) -> Header:
    """Read the size from the information header (OS/2's has 16 bits a side, Windows' 32)."""
    (header_size,) = struct.unpack_from("<I", data, 14)
    if header_size == 12:
        width, height = struct.unpack_from("<HH", data, 18)
        return Header("BMP", width, height, data)
    width, height, compression = struct.unpack_from("<ii4xI", data, 18)
    if compression in {1, 2} and len(data) > _MAX_BMP_RUN_BYTES:
        raise ValueError(
            "This BMP file is compressed in a way that takes too long to read. "
            "Save it as PNG and try again."
        )
    return Header("BMP", width, abs(height), data)


_READERS: tuple[tuple[re.Pattern[bytes], Format, Callable[[bytes], Header]], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG", _read_png),
    (re.compile(rb"\xff\xd8\xff"), "JPEG", _read_jpeg),
    (re.compile(rb"GIF8[79]a"), "GIF", _read_gif),
    (re.compile(rb"RIFF....WEBPVP8[ LX]", re.DOTALL), "WebP", _read_webp),
    (re.compile(rb"BM"), "BMP", _read_bmp),
)
