"""An HDF5 file that nobody vouches for, copied by a process of its own.

The HDF5 library loops forever in some damaged files, and may crash in others. So a process that can
be ended reads the file, and writes all the numbers that it finds into a new one, in which there is
nothing else. Run as a script, this module is that process.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# Groups and arrays of weights: a layer has up to four arrays, and a group or two.
MAX_PARTS = 10_000
# A file of 100 MB takes two seconds of it.
PATIENCE = 10.0

_REFUSED = 3
_NUMBERS = "biuf"


def plain_copy(data: bytes, size_limit: int) -> bytes:
    """Return the file with its groups, numbers and attributes, and nothing else.

    Parameters
    ----------
    size_limit : int
        Bytes of all numbers in the file.

    Raises
    ------
    ValueError
        If the file is damaged, refers to other places, or holds more than a model does.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source.h5"), Path(folder, "target.h5")
        source.write_bytes(data)
        command = [sys.executable, "-I", __file__, str(source), str(target), str(size_limit)]
        try:
            done = subprocess.run(  # noqa: S603
                command, capture_output=True, timeout=PATIENCE, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ValueError("The file is damaged: reading it does not come to an end.") from error
        if done.returncode == 0:
            return target.read_bytes()
    if done.returncode == _REFUSED:
        raise ValueError(done.stdout.decode(errors="replace"))
    raise ValueError("The file is damaged: reading it breaks off.")


def _copy(source: Path, target: Path, size_limit: int) -> None:
    import h5py

    with h5py.File(source, "r") as old, h5py.File(target, "w") as new:
        _require_plain(old, size_limit)
        _copy_attributes(old, new)

        def copy(name: str, item: Any) -> None:
            if isinstance(item, h5py.Dataset):
                made = new.create_dataset(name, data=item[()], dtype=item.dtype)
            else:
                made = new.require_group(name)
            _copy_attributes(item, made)

        old.visititems(copy)


def _require_plain(file: Any, size_limit: int) -> None:
    """Refuse links out of the file, and more or larger arrays than a model has."""
    import h5py

    names: list[str] = []
    sizes: list[int] = []

    # h5py stops at the first answer that is not None. It breaks where a visitor raises.
    def odd_link(name: str, link: object) -> str | None:
        names.append(name)
        return None if isinstance(link, h5py.HardLink) and len(names) <= MAX_PARTS else name

    def odd_data(name: str, item: Any) -> str | None:
        if not isinstance(item, h5py.Dataset):
            return None
        sizes.append(item.nbytes)
        return name if item.external or item.is_virtual or item.dtype.kind not in _NUMBERS else None

    odd = file.visititems_links(odd_link) or file.visititems(odd_data)
    if len(names) > MAX_PARTS:
        raise ValueError(f"The weights in the file are in more than {MAX_PARTS:,} parts.")
    if odd is not None:
        raise ValueError(f"The file refers to something elsewhere, or is no number, at {odd!r}.")
    if sum(sizes) > size_limit:
        raise ValueError(f"The weights in the file take more than {size_limit / 1e6:.0f} MB.")


def _copy_attributes(old: Any, new: Any) -> None:
    for name, value in old.attrs.items():
        new.attrs.create(name, value, dtype=old.attrs.get_id(name).dtype)


def _main(source: str, target: str, size_limit: str) -> int:
    try:
        _copy(Path(source), Path(target), int(size_limit))
    except Exception as error:  # what a damaged file raises has no common base
        is_reason = type(error) is ValueError and str(error).startswith("The ")
        sys.stdout.write(str(error) if is_reason else f"The file is damaged ({error}).")
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
