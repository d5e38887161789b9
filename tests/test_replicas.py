"""Two servers behind nginx, as `deploy/nginx.conf` has them: whoever loses one goes on."""

import contextlib
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from benchmarks.visitors import Visitor, open_page, run, until_said, visitor
from tests.browser.chromium import START, free_port, serve_process

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]

CONFIGURATION = Path(__file__).parents[1] / "deploy" / "nginx.conf"
VIEW = urlencode({"picture": "coffee", "pool_size": 7, "pool_mode": "Average"})
ASCENT = urlencode(
    {"ascent_layer": "block1_conv1", "ascent_size": 64, "ascent_steps": 8, "ascent_count": 1}
)
FINISHED = "All 8 steps, 64 × 64 pixels"


@dataclass(frozen=True)
class Replicas:
    """The address of nginx, and the processes behind it by their ports."""

    address: str
    processes: dict[int, int]


@pytest.fixture
def replicas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replicas]:
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path / "kept"))
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(serve_process(START)) for _ in range(2)]
        ports = [int(address.rpartition(":")[2]) for address, _ in servers]
        listening = free_port()
        text = CONFIGURATION.read_text().replace("listen 8080", f"listen 127.0.0.1:{listening}")
        for name, port in zip(("app1:8501", "app2:8501"), ports, strict=True):
            text = text.replace(name, f"127.0.0.1:{port}")
        (tmp_path / "nginx.conf").write_text(text)
        command = ["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
        proxy = subprocess.Popen([*command, "-g", "daemon off;"])
        stack.callback(proxy.wait)
        stack.callback(proxy.send_signal, signal.SIGQUIT)
        processes = dict(zip(ports, (process for _, process in servers), strict=True))
        yield Replicas(f"http://127.0.0.1:{listening}", processes)


def given_cookie(address: str) -> str:
    """What a browser without a cookie is given by its first request, waited for."""
    deadline = time.monotonic() + 10
    while True:
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310
                found = re.match(r"cnnviz_replica=\w+", answer.headers["Set-Cookie"])
                assert found is not None
                return found[0]
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def connected(process: int) -> int:
    """How many connections a process has taken that still stand."""
    done = subprocess.run(["ss", "-Htnp", "state", "established"], capture_output=True, text=True)
    return sum(f"pid={process}," in line for line in done.stdout.splitlines())


async def lose_one(replicas: Replicas) -> None:
    """Open the same view at both replicas, end one of them, and go on at the other."""
    cookies: dict[int, str] = {}
    async with contextlib.AsyncExitStack() as stack:
        tabs: dict[int, Visitor] = {}
        while len(tabs) < len(replicas.processes):
            cookie = given_cookie(replicas.address)
            before = {port: connected(one) for port, one in replicas.processes.items()}
            one = await stack.enter_async_context(visitor(replicas.address, cookie))
            await open_page(one, "pooling", VIEW)
            after = {port: connected(one) for port, one in replicas.processes.items()}
            (port,) = [port for port in after if after[port] > before[port]]
            cookies[port], tabs[port] = cookie, one
        left, lost = tabs
        seen = set(tabs[left].named)
        assert len(seen) > 1
        assert seen == tabs[lost].named
        # Made at the one that will be lost, and kept in the folder that both share.
        await open_page(tabs[lost], "filter_ascent", ASCENT)
        await until_said(tabs[lost], FINISHED)

        subprocess.run(["kill", str(replicas.processes[lost])], check=True)
        await open_page(tabs[left], "pooling", VIEW)
        assert tabs[left].named == seen
        async with visitor(replicas.address, cookies[lost]) as again:
            await open_page(again, "pooling", VIEW)
            assert again.named == seen
            await open_page(again, "filter_ascent", ASCENT)
            assert FINISHED in again.bars
            assert not any(one.startswith("Step ") for one in again.bars)
        for one in tabs.values():
            assert one.errors == []


def test_who_loses_a_replica_sees_the_same_at_the_other(replicas: Replicas) -> None:
    run(lose_one(replicas))
