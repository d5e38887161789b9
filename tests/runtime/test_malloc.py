"""How many heaps glibc gives to threads, by its own account."""

import subprocess
import sys
from pathlib import Path

import pytest

from cnnviz_core.runtime import malloc

ROOT = Path(__file__).parents[2]

# Ten threads that all hold memory at the same time; then glibc tells its heaps.
THREADS = """
import ctypes, sys, threading
from cnnviz_core.runtime import malloc
if sys.argv[1] == "shared":
    malloc.share_heaps()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.fopen.restype = ctypes.c_void_p
barrier = threading.Barrier(10)
def hold():
    barrier.wait()
    assert libc.malloc(1000)
    barrier.wait()
threads = [threading.Thread(target=hold) for _ in range(10)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
"""


def count_heaps(kind: str, path: Path) -> int:
    subprocess.run([sys.executable, "-c", THREADS, kind, str(path)], cwd=ROOT, check=True)
    return path.read_text().count("<heap nr=")


@pytest.mark.skipif(malloc._function("mallopt") is None, reason="needs glibc")
def test_threads_share_two_heaps(tmp_path: Path) -> None:
    assert count_heaps("own", tmp_path / "own") > malloc.NUM_HEAPS
    assert count_heaps("shared", tmp_path / "shared") <= malloc.NUM_HEAPS


def test_without_glibc_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    malloc._function.cache_clear()
    monkeypatch.setattr(malloc.ctypes, "CDLL", lambda _name: object())
    malloc.share_heaps()
    malloc.give_back()
    assert malloc._function("mallopt") is None
    malloc._function.cache_clear()
