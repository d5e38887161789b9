"""Fetch a file over HTTP: with progress, a time-out, and nothing half-finished left behind."""

import hashlib
import os
import tempfile
import time
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from cnnviz_core.networks.network import Progress

CHUNK = 1 << 18

# Seconds without a single byte after which a connection counts as dead.
SILENCE = 15.0


def download(
    url: str,
    path: Path,
    *,
    size_limit: int,
    md5: str | None,
    progress: Progress | None = None,
    timeout: float = 900.0,
) -> None:
    """Fetch `url` into `path`, which appears only once it is complete and verified.

    Parameters
    ----------
    size_limit : int
        Bytes after which to give up.
    md5 : str or None
        The expected checksum, in hexadecimal, where one is known.
    progress : callable, optional
        Called with the bytes so far and the bytes in all (0 where the server does not say).
    timeout : float
        Seconds for the whole download.

    Raises
    ------
    ValueError
        If the server cannot be reached, is too slow, sends too much, too little or something else.
    """
    host = urlsplit(url).hostname
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    part = Path(name)
    try:
        _fetch(url, part, size_limit, progress, time.monotonic() + timeout)
        require_checksum(part, md5)
        part.replace(path)
    except (OSError, HTTPException) as error:
        raise ValueError(
            f"The weights could not be downloaded from {host} ({error}). Check the connection and "
            "try again, or choose a network that is ready offline."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def require_checksum(path: Path, md5: str | None) -> None:
    """Raise `ValueError` if the file does not have the checksum `md5`; None accepts any file."""
    if md5 is None:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found != md5:
        raise ValueError(
            f"The file of weights is damaged (MD5 {found} instead of {md5}). "
            "Try again to download it once more."
        )


def _fetch(
    url: str, path: Path, size_limit: int, progress: Progress | None, deadline: float
) -> None:
    # The addresses are constants of the callers, so no one can make this read local files.
    with urlopen(url, timeout=SILENCE) as response, path.open("wb") as file:  # noqa: S310
        total = int(response.headers.get("Content-Length", 0))
        received = 0
        while chunk := response.read1(CHUNK):
            received += len(chunk)
            if max(received, total) > size_limit:
                raise ValueError(
                    f"The file of weights is larger than expected (over {size_limit:,} bytes)."
                )
            if time.monotonic() > deadline:
                raise TimeoutError("it takes too long")
            file.write(chunk)
            if progress is not None:
                progress(received, total)
    if total and received < total:
        raise ConnectionError(f"only {received:,} of {total:,} bytes came")
