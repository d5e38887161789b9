"""The app in a real browser: a server of its own, and headless Chromium to open it."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Playwright, ViewportSize, expect

ROOT = Path(__file__).parents[2]
# The first has no windows to draw, and needs a quarter less of the processor.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
START = "from streamlit.web.cli import main; main()"
LAPTOP: ViewportSize = {"width": 1366, "height": 820}
PHONE: ViewportSize = {"width": 390, "height": 844}

# Inside a container Chromium has no sandbox of its own. Without a graphics card it draws faster by
# itself than by an imitated one. The rest keeps it from calling home.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """The path of an installed Chromium or Chrome."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Start the installed Chromium without a window, patient with whoever works beside tests."""
    expect.set_options(timeout=20_000)
    return playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)


@contextlib.contextmanager
def serve(program: str = START) -> Iterator[str]:
    """Run the app on a free port of this machine, and give its address."""
    with serve_process(program) as (address, _):
        yield address


@contextlib.contextmanager
def serve_process(program: str = START) -> Iterator[tuple[str, int]]:
    """Run the app as `serve` does, and give its address and the number of its process."""
    port = free_port()
    command = [sys.executable, "-c", program, "run", "dashboard.py", "--server.headless=true"]
    server = subprocess.Popen(
        [*command, f"--server.port={port}", "--server.address=127.0.0.1"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError("The app did not start within a minute.")


def control(page: Page, key: str) -> Locator:
    """The control with this key, by the class that Streamlit makes of it; whatever its label is."""
    return page.locator(".st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key))


def slider(page: Page, key: str) -> Locator:
    """The slider with this key, which takes the keyboard."""
    return control(page, key).locator('input[type="range"]')


def settle(page: Page) -> None:
    """Wait until the script has run and every picture of the page is there, drawn by the server.

    Streamlit loads its elements' code late, and they need not come in their order: as long as one
    has its place held, the first picture on the page may be the second of its pictures.
    """
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_function(
        """() => !document.querySelector(
          '[data-testid="stSkeleton"], canvas.cnnviz-live, body[data-following]'
        )
        && [...document.images].every(image => image.complete && image.naturalWidth)"""
    )


def busy_share(page: Page, process: int, seconds: float = 2.0) -> float:
    """How much of a processor a process takes while nobody does anything on the page."""
    before = processor_seconds(process)
    page.wait_for_timeout(1000 * seconds)
    return (processor_seconds(process) - before) / seconds


def processor_seconds(process: int) -> float:
    """What a process has used of the processors so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until_idle(process: int) -> None:
    """Wait until a server has loaded what it loads beside its first pages, and works for nobody."""
    deadline = time.monotonic() + 240
    while True:
        used = processor_seconds(process)
        time.sleep(5)
        if processor_seconds(process) - used < 0.1:
            return
        assert time.monotonic() < deadline


def complaints(page: Page) -> list[str]:
    """A list that fills with what the page's console reports as an error.

    For an address below the root, Streamlit's own script first asks there for its server. A picture
    that the next run has replaced before the browser fetched it is gone; whether all are there that
    the page shows at last, `settle` asks.
    """
    found: list[str] = []

    def keep(kind: str, text: str, source: str = "") -> None:
        if "/_stcore/" not in source and "/media/" not in source + text:
            found.append(f"{kind}: {text} {source}")

    page.on("pageerror", lambda error: keep("exception", str(error)))
    page.on(
        "console",
        lambda message: (
            keep("console", message.text, message.location["url"])
            if message.type == "error"
            else None
        ),
    )
    return found
