"""What all visitors share, and the pictures that they bring along."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cnnviz_core import images
from cnnviz_core.views.sharing import Picture, shared, uploaded_picture


def picture(key: str) -> Picture:
    return Picture(key, np.zeros((1, 1, 3), np.uint8))


def test_a_result_is_found_again_by_all_arguments_but_those_that_follow_from_them() -> None:
    calls = []

    @shared(3)
    def view(one: Picture, size: int = 3, *, _follows: str = "") -> object:
        calls.append((one.key, size))
        return object()

    first = view(picture("cat"))
    assert view(picture("cat"), 3) is view(one=picture("cat"), size=3, _follows="else") is first
    assert view(picture("dog")) is not first
    assert view(picture("cat"), 4) is not first
    assert calls == [("cat", 3), ("dog", 3), ("cat", 4)]
    # Of four, the one that nobody has asked for longest is gone.
    assert view(picture("cat")) is first
    view(picture("cat"), 5)
    assert view(picture("cat")) is first
    view(picture("dog"))
    assert calls[3:] == [("cat", 5), ("dog", 3)]


def test_what_thirty_ask_for_at_once_is_computed_once() -> None:
    arrived = threading.Barrier(30)
    is_asked = threading.Event()
    calls = []

    @shared(1)
    def view(size: int) -> object:
        calls.append(size)
        assert is_asked.wait(20)
        return object()

    def ask(_: int) -> object:
        if arrived.wait(20) == 0:
            is_asked.set()
        return view(3)

    with ThreadPoolExecutor(30) as pool:
        assert len(set(pool.map(ask, range(30)))) == 1
    assert calls == [3]


def test_a_refusal_is_not_kept() -> None:
    is_refused = True

    @shared(1)
    def view() -> str:
        if is_refused:
            raise ValueError("refused")
        return "done"

    with pytest.raises(ValueError, match="refused"):
        view()
    is_refused = False
    assert view() == "done"


def test_pictures_of_all_visitors_are_decoded_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meeting = threading.Barrier(2)

    def decode(data: bytes) -> np.ndarray:
        with pytest.raises(threading.BrokenBarrierError):
            meeting.wait(0.2)  # nobody else comes
        meeting.reset()
        return np.full((2, 2, 3), data[0], np.uint8)

    monkeypatch.setattr(images, "decode", decode)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(uploaded_picture, [b"a", b"b", b"c", b"d"]))
    assert [chr(one.pixels[0, 0, 0]) for one in found] == ["a", "b", "c", "d"]
