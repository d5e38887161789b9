"""How much memory the app takes once every page has been visited, with both bundled networks.

    .venv/bin/python -m benchmarks.memory

A browser opens one page after the other, as a visitor would by their addresses; after each, the
server's resident memory and its highest so far are printed. Linux only: read from `/proc`.

`CNNVIZ_LOW_MEMORY=1` before the command measures the app on small machines;
`TF_ENABLE_ONEDNN_OPTS=0` before the command takes TensorFlow's own kernels, as processors without
AVX-512 do; for a moment, those need more.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

from cnnviz_core import low_memory
from cnnviz_core.networks import available
from pages.parts.contents import SECTIONS
from tests.browser.chromium import launch, serve_process, settle

TARGET_MEGABYTES = low_memory.bound(1250, 950)
BUNDLED = ("efficientnet-lite0", "vgg16-edges")
WITH_NETWORKS = "Trained networks"


def addresses() -> Iterator[str]:
    """All pages; those about networks with each of the bundled ones."""
    titles = [info.title for info in available() if info.key in BUNDLED]
    yield "/"
    for section, entries in SECTIONS.items():
        for entry in entries:
            if section != WITH_NETWORKS:
                yield f"/{entry.name}"
                continue
            for title in titles:
                yield f"/{entry.name}?{urlencode({'network': title})}"


def visit(page: Page, address: str) -> None:
    """Open a page, and wait until it has shown all that it shows by itself."""
    page.goto(address)
    page.wait_for_selector('[data-testid="stMain"] h1', timeout=120_000)
    # The background thread loads TensorFlow a moment after the first page.
    for _ in range(3):
        time.sleep(1)
        settle(page)


def measure_field(page: Page, address: str) -> None:
    """On the architecture page, measure what a deep unit really uses: its costliest button."""
    network = next(info.title for info in available() if info.key == BUNDLED[1])
    choice = {"network": network, "arch_layer": "block5_conv3", "arch_effective": "true"}
    visit(page, f"{address}/architecture?{urlencode(choice)}")
    page.get_by_role("button", name="Measure it").click()
    page.get_by_text("How much each pixel matters").wait_for(timeout=120_000)
    settle(page)


def megabytes(process: int) -> tuple[float, float]:
    """Resident memory of a process, now and at its highest, in 10⁶ bytes."""
    status = Path(f"/proc/{process}/status").read_text()
    resident, highest = (
        int(re.search(rf"{name}:\s+(\d+) kB", status)[1])  # type: ignore[index]
        for name in ("VmRSS", "VmHWM")
    )
    return resident * 1024 / 1e6, highest * 1024 / 1e6


def main() -> None:
    """Print the server's memory after each page."""
    with sync_playwright() as playwright, serve_process() as (address, process):
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1366, "height": 820})
        print(f"{'':54} resident   highest")
        for path in addresses():
            visit(page, address + path)
            print("{:52} {:7.0f} MB {:7.0f} MB".format(path, *megabytes(process)))
        measure_field(page, address)
        resident, highest = megabytes(process)
        print(f"{'/architecture, a field measured':52} {resident:7.0f} MB {highest:7.0f} MB")
        browser.close()
    for name, found in [("resident", resident), ("highest", highest)]:
        verdict = "within" if found < TARGET_MEGABYTES else "beyond"
        print(f"{name} memory is {verdict} the target of {TARGET_MEGABYTES} MB")


if __name__ == "__main__":
    main()
