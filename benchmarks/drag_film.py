"""Film a kernel slider that is dragged, for the README.

.venv/bin/python -m benchmarks.drag_film docs/drag.gif
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch, serve
from tests.live.dragging import grab, place, visit

SIZES = (*range(3, 16, 2), *range(13, 3, -2))
# The controls and the pictures; as large as a README shows it, in a palette.
WINDOW, WIDTH, COLORS = (1280, 800), 800, 256
CLIP = {"x": 300.0, "y": 300.0, "width": 960.0, "height": 380.0}
MILLISECONDS = 220
# Until all values are computed.
REST = 900


def main(path: Path) -> None:
    """Drag, and take a picture at each size before the slider is let go."""
    frames = []
    with serve() as address, sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page(viewport={"width": WINDOW[0], "height": WINDOW[1]})
        visit(page, f"{address}/convolution?kernels=Random")
        grab(page, "size")
        for size in SIZES:
            page.mouse.move(*place(page, "size", size))
            page.wait_for_timeout(REST)
            taken = Image.open(io.BytesIO(page.screenshot(clip=CLIP)))
            height = round(taken.height * WIDTH / taken.width)
            frames.append(taken.convert("RGB").resize((WIDTH, height)).quantize(COLORS))
    first, *others = frames
    first.save(path, save_all=True, append_images=others, duration=MILLISECONDS, loop=0)
    sys.stdout.write(f"{path}: {path.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
