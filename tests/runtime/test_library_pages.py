"""What libraries were read for while loading is let go of, and they work as before."""

import sys
from pathlib import Path

import numpy as np
import pytest

from cnnviz_core.layers.convolution import convolve
from cnnviz_core.runtime import library_pages

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is mapped")


def resident(folder: str) -> int:
    """How many kilobytes of a folder's files are mapped and in memory."""
    total, is_within = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if not line.split()[0].endswith(":"):
            is_within = folder in line
        elif is_within and line.startswith("Rss:"):
            total += int(line.split()[1])
    return total


@pytest.mark.usefixtures("tensorflow_loaded")
def test_pages_are_let_go_of_and_read_again_when_they_are_needed() -> None:
    import tensorflow as tf

    folder = str(Path(tf.__file__).parent)
    library = max(Path(folder).glob("libtensorflow_cc*"), key=lambda one: one.stat().st_size)
    random = np.random.default_rng(0)
    picture = random.random((40, 50, 3), np.float32)
    kernels = random.random((3, 3, 3, 4), np.float32)
    before = convolve(picture, kernels)
    mapped = np.memmap(library, np.uint8, "r")
    library_pages.let_go(folder)
    # Of the 320 MB that loading has read.
    assert resident(folder) < 40_000
    np.testing.assert_array_equal(convolve(picture, kernels), before)
    # The file is read through another mapping than the library's code, and is what it was.
    np.testing.assert_array_equal(mapped[:4], np.frombuffer(b"\x7fELF", np.uint8))


def test_what_was_written_to_stays(tmp_path: Path) -> None:
    file = tmp_path / "numbers"
    file.write_bytes(bytes(1 << 16))
    changed = np.memmap(file, np.uint8, "c")
    changed[:] = 7
    read = np.memmap(file, np.uint8, "r")
    assert read.sum() == 0
    library_pages.let_go(str(tmp_path))
    assert (changed == 7).all()
    assert read.sum() == 0
    assert resident(str(tmp_path)) <= 128
