"""Finished results, stored so that nobody computes them twice: in memory, and in a folder if asked.

A result is a few named arrays, kept under a name that is made of all that decides it. In the folder
each is a file of its own, an `.npz` that NumPy opens without pickle. Files outlive the visit and
the server, so nothing made of somebody's own picture belongs here.
"""

import contextlib
import hashlib
import io
import json
import logging
import os
import re
import threading
import time
import uuid
import zipfile
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]
Plain = str | int | float | bool | None | Sequence["Plain"] | Mapping[str, "Plain"]

# Part of every name. To be raised when the same parameters come to give other results.
VERSION = 2

FOLDER_VARIABLE = "CNNVIZ_CACHE_DIR"

# A sheet of nine pictures of 224×224 takes 5 MB in float32, 1.4 MB in uint8.
MEMORY_LIMIT = 64 * 10**6
DISK_LIMIT = 500 * 10**6

# What a crash left half written is deleted after so many seconds.
ABANDONED = 3600.0

_FILE = re.compile(r"[0-9a-f]{64}\.npz")
_HALF_WRITTEN = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{32}\.part")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """Where results are kept; make one for all sessions.

    Attributes
    ----------
    folder : Path or None
        For files; made when the first is written. It may hold other files, which are let alone.
    memory_limit, disk_limit : int
        Bytes. What was not used for longest goes first; a result larger than that is not kept.
    """

    folder: Path | None = None
    memory_limit: int = MEMORY_LIMIT
    disk_limit: int = DISK_LIMIT
    _memory: OrderedDict[str, Arrays] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _has_warned: threading.Event = field(default_factory=threading.Event, repr=False)


def store_of(environment: Mapping[str, str]) -> Store:
    """Return a store with the folder that `CNNVIZ_CACHE_DIR` names; in memory alone without it.

    Examples
    --------
    >>> store_of({}).folder is None
    True
    """
    folder = environment.get(FOLDER_VARIABLE, "").strip()
    return Store(folder=Path(folder).expanduser() if folder else None)


def name_of(kind: str, *, network_key: str, parameters: Mapping[str, Plain]) -> str:
    """Return the name of a result: a SHA-256 of everything that decides it, in hexadecimal.

    Parameters
    ----------
    kind : str
        What is computed.
    network_key : str
        `Network.key`, which differs for different weights.
    parameters : mapping
        All others: strings, numbers, booleans, None, and sequences and mappings of such.

    Raises
    ------
    ValueError
        If a parameter is anything else.

    Examples
    --------
    >>> one = name_of("ascent", network_key="vgg16-edges", parameters={"steps": 64, "seed": 0})
    >>> one == name_of("ascent", network_key="vgg16-edges", parameters={"seed": 0, "steps": 64})
    True
    >>> one == name_of("ascent", network_key="vgg16-edges", parameters={"seed": 1, "steps": 64})
    False
    """
    try:
        text = json.dumps([VERSION, kind, network_key, dict(parameters)], sort_keys=True)
    except TypeError as error:
        raise ValueError(
            "parameters must be strings, numbers, booleans, None, or lists and dictionaries of "
            f"them, but: {error}."
        ) from error
    return hashlib.sha256(text.encode()).hexdigest()


def get(store: Store, name: str) -> Arrays | None:
    """Return the result kept under a name, its arrays read-only; None if there is none."""
    with store._lock:
        if name in store._memory:
            store._memory.move_to_end(name)
            # On the disk it counts as used too, or it would be gone after a restart.
            arrays = store._memory[name]
            _touch(store, name)
            return arrays
    found = _read(store, name)
    if found is not None:
        _remember(store, name, found)
    return found


def put(store: Store, name: str, arrays: Arrays) -> None:
    """Keep a result under a name from `name_of`, in place of what may be there.

    A folder that cannot be written to is no error: it is logged once, and memory has to do.

    Raises
    ------
    ValueError
        If an array holds Python objects.
    """
    for key, array in arrays.items():
        if np.asarray(array).dtype.hasobject:
            raise ValueError(f"arrays must hold plain numbers, but {key!r} holds Python objects.")
    _remember(store, name, {key: np.array(array) for key, array in arrays.items()})
    if store.folder is None:
        return
    data = _packed(arrays)
    if len(data) > store.disk_limit:
        return
    try:
        _write(store.folder, name, data)
        _tidy(store.folder, store.disk_limit)
    except OSError as error:
        if not store._has_warned.is_set():
            store._has_warned.set()
            _log.warning("Results are not kept in %s: %s", store.folder, error)


def _remember(store: Store, name: str, arrays: Arrays) -> None:
    for array in arrays.values():
        array.flags.writeable = False
    with store._lock:
        store._memory[name] = arrays
        store._memory.move_to_end(name)
        sizes = {key: sum(a.nbytes for a in kept.values()) for key, kept in store._memory.items()}
        total = sum(sizes.values())
        while total > store.memory_limit:
            oldest, _ = store._memory.popitem(last=False)
            total -= sizes[oldest]


def _packed(arrays: Arrays) -> bytes:
    # As `np.savez` does, which could not be told to refuse pickles before NumPy 2.
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for key, array in arrays.items():
            with archive.open(f"{key}.npy", "w") as member:
                np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
    return buffer.getvalue()


def _unpacked(data: bytes) -> dict[str, npt.NDArray[Any]]:
    # Reading a member to its end checks its CRC-32 before anything is made of it.
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            member.removesuffix(".npy"): np.lib.format.read_array(
                io.BytesIO(archive.read(member)), allow_pickle=False
            )
            for member in archive.namelist()
        }


def _read(store: Store, name: str) -> Arrays | None:
    if store.folder is None:
        return None
    path = store.folder / f"{name}.npz"
    try:
        data = path.read_bytes()
    except OSError:
        return None
    try:
        arrays = _unpacked(data)
    except Exception:  # what a damaged file raises has no common base
        _log.info("%s is damaged, and is made anew.", path)
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    _touch(store, name)
    return arrays


def _touch(store: Store, name: str) -> None:
    # The time of the last change says when a file was last used: that of the last access is kept by
    # few systems.
    if store.folder is not None:
        with contextlib.suppress(OSError):
            os.utime(store.folder / f"{name}.npz")


def _write(folder: Path, name: str, data: bytes) -> None:
    # Under a name of its own until it is whole, then renamed in one go: nobody reads half a file.
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.{uuid.uuid4().hex}.part"
    try:
        part.write_bytes(data)
        part.replace(folder / f"{name}.npz")
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _tidy(folder: Path, limit: int) -> None:
    # Other servers may use the folder too: what is gone meanwhile is no error.
    files = []
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            status = path.stat()
            if _FILE.fullmatch(path.name):
                files.append((status.st_mtime_ns, status.st_size, path))
            elif _HALF_WRITTEN.fullmatch(path.name) and time.time() - status.st_mtime > ABANDONED:
                path.unlink()
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= limit:
            return
        path.unlink(missing_ok=True)
        total -= size
