"""Uploads to a real server: counted, bounded, forgotten; and other sites' pages are kept out."""

import contextlib
import re
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets.exceptions
from streamlit import config

from pages.parts.uploads import MAX_FILES, MAX_WAITING
from tests.browser.chromium import START, serve_process, until_idle
from tests.nasty_pictures import encode, noise
from tests.uploading import choose, own_headers, put, tab

# Pictures need no TensorFlow, and nobody waits five seconds for the server to count anew.
QUICKLY = (
    "from cnnviz_core.runtime import warm_up;"
    "from streamlit.web.server.starlette import starlette_routes;"
    "warm_up.start(3600);"
    "starlette_routes._METRICS_EXPENSIVE_STATS_TTL_SECONDS = 0.1;"
)
MEGABYTE = 2**20
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, int]]:
    # What sessions leave behind is kept for two minutes by default, for those that come back.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL", "1")
        with serve_process(QUICKLY + START) as found:
            yield found


def waiting(address: str) -> float:
    """The megabytes of all uploads that the server holds, as it says itself."""
    with urllib.request.urlopen(f"{address}/_stcore/metrics") as answer:  # noqa: S310
        text = answer.read().decode()
    held = re.findall(r'cache_memory_bytes\{.*cache_type="UploadedFileManager".*\} (\d+)', text)
    return sum(map(int, held)) / MEGABYTE


def resident(process: int) -> float:
    """The resident memory of a process in megabytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def until(holds: float, address: str) -> None:
    """Wait until the server holds so many megabytes of uploads, and says so: it counts at times."""
    deadline = time.monotonic() + 30
    while abs(waiting(address) - holds) > 0.01:
        assert time.monotonic() < deadline, waiting(address)
        with tab(address):  # sessions that are over are looked for when others come
            time.sleep(0.2)


def test_a_picture_is_forgotten_once_it_is_read(server: tuple[str, int]) -> None:
    address, _ = server
    data = encode(noise(800, 900))
    with tab(address) as one:
        status, file_id = put(one, data, own_headers(address))
        assert status == 204
        until(len(data) / MEGABYTE, address)
        choose(one, file_id)
        until(0, address)
        assert one.said == []


def test_a_file_that_is_not_there_is_asked_for_again(server: tuple[str, int]) -> None:
    with tab(server[0]) as one:
        choose(one, "no such file")
        assert one.said == ["This file is not on the server any more. Choose it again."]


def test_what_a_session_lets_wait_has_a_bound_and_goes_with_it(server: tuple[str, int]) -> None:
    address, _ = server
    headers, largest = own_headers(address), bytes(20 * MEGABYTE - 1000)
    with tab(address) as one:
        for _ in range(MAX_WAITING):
            assert put(one, largest, headers)[0] == 204
        status, refused = put(one, largest, headers)
        assert status == 204
        until(MAX_WAITING * len(largest) / MEGABYTE, address)
        choose(one, refused)
        assert one.said == [
            "Too much of yours is waiting here: at most 3 files of 20 MB. Reload the page, and "
            "choose the file again."
        ]
        # Another one is not concerned.
        with tab(address) as other:
            status, file_id = put(other, encode(noise()), headers)
            choose(other, file_id)
            assert (status, other.said) == (204, [])
        ids = [put(one, b"x", headers)[1] for _ in range(MAX_FILES + 3 - MAX_WAITING)]
        choose(one, ids[-1])
        assert one.said == ["This file is not on the server any more. Choose it again."]
    until(0, address)


@pytest.mark.slow
def test_fifty_uploads_leave_memory_as_it_was(server: tuple[str, int]) -> None:
    address, process = server
    data = encode(noise(2_050, 2_050))
    assert len(data) > 12 * 10**6
    headers = own_headers(address)

    def upload(count: int) -> None:
        with contextlib.ExitStack() as stack:
            tabs = [stack.enter_context(tab(address)) for _ in range(10)]
            for one in tabs * (count // 10):
                _, file_id = put(one, data, headers)
                choose(one, file_id)
                assert one.said == []
        until(0, address)

    upload(20)  # what ten visitors bring into memory for the first time stays there
    until_idle(process)
    before = resident(process)
    upload(50)
    # Python looks for sessions that are over while others come, as the next one does here.
    deadline = time.monotonic() + 60
    while resident(process) - before >= 30:
        assert time.monotonic() < deadline, resident(process) - before
        with tab(address) as one:
            choose(one, put(one, encode(noise()), headers)[1])


def test_other_sites_are_kept_out(server: tuple[str, int]) -> None:
    address, _ = server
    assert config.get_option("server.enableXsrfProtection")
    assert config.get_option("server.enableCORS")
    foreign = "https://evil.example"
    with (
        pytest.raises(websockets.exceptions.InvalidStatus, match="403"),
        tab(address, origin=foreign),
    ):
        pass
    headers = own_headers(address)
    with tab(address, origin=address) as one:
        for sent in (
            {},
            {"Origin": foreign, "Cookie": headers["Cookie"]},
            {"Origin": foreign, "X-Xsrftoken": headers["X-Xsrftoken"]},
            {**own_headers(address), "Cookie": headers["Cookie"]},
        ):
            assert put(one, b"x", sent)[0] == 403, sent
    until(0, address)
