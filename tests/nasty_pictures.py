"""Picture files that nobody should have to open: bombs, endless ones, broken ones, and disguises.

Each function gives the bytes of a file, or of several by what they are.
"""

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# Nearly 24 million pixels, and nearly 18 million.
SIDE, WEBP_SIDE = 4_890, 4_240


def encode(picture, kind="PNG", **options):
    """Return the file of an array or a Pillow image."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def noise(height=40, width=60, channels=3, dtype=np.uint8):
    """Return a picture that cannot be compressed, so that every byte of a file counts."""
    top = np.iinfo(dtype).max
    shape = (height, width, channels) if channels > 1 else (height, width)
    return np.random.default_rng(0).integers(0, top, shape, dtype, endpoint=True)


def png_chunk(name, body):
    """Return one PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, *chunks, bits=8, color=2):
    """Return a PNG file of the given header and chunks."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + png_chunk(b"IEND", b"")


def exif_record(value, order=">", value_type=3):
    """Return an EXIF record that holds the orientation alone."""
    start = {">": b"MM\0*", "<": b"II*\0"}[order]
    field = struct.pack(order + {3: "Hxx", 4: "I"}[value_type], value)
    entry = struct.pack(order + "HHI", 0x0112, value_type, 1) + field
    return start + struct.pack(order + "IH", 8, 1) + entry + bytes(4)


def bombs():
    """Return tiny files that claim 50,000×50,000 pixels (WebP: its largest), by format."""
    side = 50_000
    jpeg_frame = struct.pack(">HBHHB", 11, 8, side, side, 1) + b"\x01\x11\x00"
    gif_picture = b"," + struct.pack("<4HB", 0, 0, side, side, 0) + b"\x02\x02L\x01\0;"
    canvas = (side - 1).to_bytes(3, "little") * 2
    lossless = b"\x2f" + struct.pack("<I", 0x3FFF | 0x3FFF << 14) + bytes(3)
    lossy = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 0x3FFF, 0x3FFF)

    def webp(chunk, body):
        inner = b"WEBP" + chunk + struct.pack("<I", len(body)) + body
        return b"RIFF" + struct.pack("<I", len(inner)) + inner

    return {
        "PNG": png(side, side, png_chunk(b"IDAT", zlib.compress(bytes(1000)))),
        "JPEG": b"\xff\xd8\xff\xc0" + jpeg_frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00",
        "GIF": b"GIF89a" + struct.pack("<HHBBB", side, side, 0, 0, 0) + gif_picture,
        "GIF with a small screen": b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + gif_picture,
        "WebP": webp(b"VP8X", bytes(4) + canvas),
        "WebP, lossless": webp(b"VP8L", lossless),
        "WebP, lossy": webp(b"VP8 ", lossy),
    }


def endless():
    """Return files that keep a decoder busy for as long as it has patience, by what they are."""
    whole = encode(noise(4, 5), "JPEG")
    drawn = encode(noise(4, 5))
    gif = encode(Image.fromarray(noise(4, 5)).quantize(8), "GIF")
    exif = b"\xff\xe1\x00\x09Exif\0\0a"
    empty_chunk = png_chunk(b"teSt", b"")
    after_head = gif.index(b",", 13)
    return {
        "JPEG of empty pieces": whole[:2] + b"\xff\xe5\x00\x02" * 4_000_000 + whole[2:],
        "JPEG of pieces of EXIF": whole[:2] + exif * 1_000_000 + whole[2:],
        "JPEG of large pieces of EXIF": (
            whole[:2] + (b"\xff\xe1\x0b\xb8Exif\0\0" + bytes(2990)) * 6_000 + whole[2:]
        ),
        "JPEG behind megabytes of junk": whole[:2] + b"\xff\xff" * 8_000_000 + whole[2:],
        "PNG of empty chunks": drawn[:33] + empty_chunk * 1_500_000 + drawn[33:],
        "GIF of empty extensions": gif[:after_head] + b"!\x01\x00" * 6_000_000 + gif[after_head:],
        "GIF of comments": gif[:after_head] + b"!\xfe\x01a\x00" * 3_000_000 + gif[after_head:],
    }


def compressed_bombs():
    """Return small PNG files with a text, or a color profile, that unpacks to 400 MB."""
    packed = zlib.compress(bytes(400 * 10**6), 1)
    drawn = encode(noise(4, 5))
    return {
        f"PNG with a bomb as its {name.decode()}": drawn[:33] + png_chunk(name, body) + drawn[33:]
        for name, body in [
            (b"zTXt", b"Comment\0\0" + packed),
            (b"iTXt", b"Comment\0\1\0\0\0" + packed),
            (b"iCCP", b"profile\0\0" + packed),
        ]
    }


def more_scans(data, count):
    """Return a progressive JPEG whose last scan comes so many times more."""
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * count + b"\xff\xd9"


def animation(count=100_000):
    """Return a GIF of so many frames, all of them the same."""
    gif = encode(Image.fromarray(noise(4, 5)).quantize(8), "GIF")
    start = gif.index(b",", 13)
    return gif[:start] + gif[start:-1] * count + b";"


def foreign():
    """Return what is no picture that we take, with what a refusal calls it."""
    small = np.zeros((64, 64, 3), np.uint8)
    deep = Image.fromarray(noise(8, 8, 1, np.uint16))
    sizes = b"".join(struct.pack("<HHII", tag, 4, 1, 2**31 - 16) for tag in (0x142, 0x143))
    entries = b"II*\0" + struct.pack("<IH", 8, 2) + sizes + bytes(4)
    return {
        "nothing": (b"", "an empty file"),
        "SVG": (
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
            "an SVG drawing",
        ),
        "SVG with a head": (
            b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
            "an SVG drawing",
        ),
        "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0", "an HEIC picture"),
        "AVIF": (b"\0\0\0\x1cftypavif\0\0\0\0", "an AVIF picture"),
        "TIFF": (encode(small, "TIFF"), "a TIFF picture"),
        "TIFF of 16 bits": (encode(deep, "TIFF"), "a TIFF picture"),
        "TIFF of absurd tiles": (entries + bytes(100), "a TIFF picture"),
        "PDF": (b"%PDF-1.7\n", "a PDF document"),
        "BMP": (encode(small, "BMP"), "a BMP picture"),
        "text": (b"a,b\n1,2\n", "an unknown file"),
        "zeros": (bytes(100), "an unknown file"),
        "ZIP": (zipped(), "an unknown file"),
    }


def zipped():
    """Return an archive of one script."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return stream.getvalue()


def polyglots():
    """Return pictures of 4×5 that are something else as well: an archive, a script."""
    gif = bytearray(encode(Image.fromarray(noise(4, 5)).quantize(8), "GIF"))
    script = b"!\xfe\x0a*/=alert()\x00"
    start = gif.index(b",", 13)
    return {
        "PNG and ZIP": encode(noise(4, 5)) + zipped(),
        "JPEG and ZIP": encode(noise(4, 5), "JPEG") + zipped(),
        "GIF and script": bytes(gif[:start] + script + gif[start:]) + b"/*",
        "PNG and HTML": encode(noise(4, 5)) + b"<script>alert(1)</script>",
    }


def large():
    """Return what makes small files of nearly as many pixels as are taken, by what they are."""
    gray = Image.new("L", (SIDE, SIDE), 200)
    red = Image.new("RGB", (SIDE, SIDE), (200, 30, 30))
    glass = Image.new("RGBA", (SIDE, SIDE), (200, 30, 30, 100))
    small = glass.resize((WEBP_SIDE, WEBP_SIDE))
    lying = Image.Exif()
    lying[0x0112] = 6
    progressive = {"progressive": True, "subsampling": 0}
    return {
        "PNG": lambda: encode(red),
        "PNG with transparency": lambda: encode(glass),
        "PNG of 16 bits": lambda: encode(Image.new("I;16", (SIDE, SIDE), 60_000)),
        "JPEG": lambda: encode(red, "JPEG"),
        "JPEG, lying": lambda: encode(red, "JPEG", exif=lying),
        "JPEG, CMYK": lambda: encode(red.convert("CMYK"), "JPEG"),
        "JPEG, progressive": lambda: encode(red, "JPEG", **progressive),
        "JPEG of 32 scans": lambda: more_scans(encode(red, "JPEG", **progressive), 22),
        "GIF": lambda: encode(gray, "GIF"),
        "WebP": lambda: encode(small.convert("RGB"), "WEBP", method=0),
        "WebP without loss": lambda: encode(small, "WEBP", lossless=True, method=0, quality=0),
    }
