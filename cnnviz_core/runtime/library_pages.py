"""What a library's file takes of the memory once it is loaded.

To load TensorFlow, Linux reads a quarter of its 1.3 GB, most of it to find names, and what was read
stays mapped into the process: 320 of the 680 MB that a server takes then. Of these, all work
afterwards needs about 60. What was only read can be had again from the file at any time, so the
process may let go of it. On other systems nothing is done.
"""

import ctypes
import logging
from collections.abc import Iterator
from pathlib import Path

# From Linux' `mman-common.h`: pages are read from their file again when they are next needed.
_MADV_DONTNEED = 4

_log = logging.getLogger(__name__)


def let_go(folder: str) -> None:
    """Let go of all pages read from the files of a folder, whose libraries stay loaded for good.

    Nothing is lost: a mapping that can be written to, or of which a page differs from its file,
    stays as it is.
    """
    try:
        smaps = Path("/proc/self/smaps").read_text()
    except OSError:  # another system, or one that does not tell
        return
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    madvise.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    for start, end in _unchanged(smaps, folder):
        if madvise(start, end - start, _MADV_DONTNEED):
            _log.info("Pages of %s stay in memory: error %d.", folder, ctypes.get_errno())
            return


def _unchanged(smaps: str, folder: str) -> Iterator[tuple[int, int]]:
    """Yield where each read-only mapping of a folder's files is that is as in its file.

    >>> text = '''7f00-8f00 r-xp 00000000 08:01 42 /lib/tf/core.so
    ... Anonymous:             0 kB
    ... 8f00-9000 r--p 00001000 08:01 42 /lib/tf/core.so
    ... Anonymous:             4 kB
    ... 9000-9100 rw-p 00002000 08:01 42 /lib/tf/core.so
    ... Anonymous:             0 kB'''
    >>> [(hex(start), hex(end)) for start, end in _unchanged(text, "/lib/tf")]
    [('0x7f00', '0x8f00')]
    """
    place = None
    for line in smaps.splitlines():
        words = line.split(maxsplit=5)
        if not words[0].endswith(":"):
            is_read_only = "w" not in words[1] and words[-1].startswith(f"{folder}/")
            place = words[0] if is_read_only else None
        elif place and words[:2] == ["Anonymous:", "0"]:
            start, _, end = place.partition("-")
            yield int(start, 16), int(end, 16)
