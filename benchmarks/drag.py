"""From a moved thumb to the picture that follows it, in a real browser, before it is let go.

    .venv/bin/python -m benchmarks.drag

The kernel slider of the convolution page is dragged to and fro between a size and the next smaller
one, as fast as the browser takes it, over the cat. Times are those of the larger size: from the
browser's word that the hand has moved to the end of all drawing. Printed as Markdown, beside them:
how many pictures a second came in a row; how many of them had every value, where others had one of
several in both directions, to be in time; what the server was told meanwhile; and how long its own
picture took once the thumb was let go, which is what there was to see without all this.
"""

import statistics

from playwright.sync_api import Page, sync_playwright

from benchmarks.class_of_thirty import machine
from tests.browser.chromium import LAPTOP, launch, serve_process, until_idle
from tests.live.dragging import grab, let_go, place, visit

# The size of the kernels, and how many there are.
SETTINGS = ((3, 3), (5, 3), (7, 3), (15, 3), (3, 64))
ROUNDS = 4
MOVES = 40

# What is written below a picture comes last. A hand that moves again before that has moved once.
WATCH = """
() => {
  window.drawn = [];
  let moved = 0;
  addEventListener('pointermove', event => { moved ||= event.timeStamp; }, true);
  addEventListener('pointerup', event => { window.released = event.timeStamp; }, true);
  const knob = document.querySelector('.st-key-size input[type="range"]');
  const facts = [...document.querySelectorAll('.cnnviz-facts')].at(-1);
  new MutationObserver(() => {
    const at = performance.now();
    const size = Number(knob.getAttribute('aria-valuetext'));
    if (moved) window.drawn.push({size, at, took: at - moved, whole: !/≈/.test(facts.textContent)});
    moved = 0;
  }).observe(facts, {childList: true});
  new MutationObserver(changes => {
    const gone = changes.flatMap(change => [...change.removedNodes]);
    if (!gone.some(one => one.className === 'cnnviz-live')) return;
    window.waited = performance.now() - window.released;
  }).observe(document.body, {subtree: true, childList: true});
}
"""


def drag_once(page: Page, address: str, size: int) -> tuple[list[dict[str, float]], int, float]:
    """What was drawn, what the server was told meanwhile, and how long its picture took."""
    sent = visit(page, f"{address}&size=1")
    page.evaluate(WATCH)
    grab(page, "size")
    places = [place(page, "size", step) for step in (size - 1, size)]
    for move in range(MOVES):
        page.mouse.move(*places[move % 2])
    told = len(sent)
    drawn = page.evaluate("drawn")
    let_go(page)
    return drawn, told, page.evaluate("waited")


def row(page: Page, address: str, size: int, filters: int) -> str:
    """Measure one setting, all its pictures being new to the server's caches."""
    path = f"{address}/convolution?kernels=Random&filters={filters}"
    rounds = [drag_once(page, f"{path}&seed={100 * size + seed}", size) for seed in range(ROUNDS)]
    pictures = [drawn for drawn, _, _ in rounds]
    of_size = [one for drawn in pictures for one in drawn if one["size"] == size]
    took = [one["took"] for one in of_size]
    seconds = sum(drawn[-1]["at"] - drawn[0]["at"] for drawn in pictures) / 1000
    rate = sum(len(drawn) - 1 for drawn in pictures) / seconds
    whole = sum(one["whole"] for one in of_size) / len(of_size)
    told = sum(told for _, told, _ in rounds)
    waited = statistics.median(wait for _, _, wait in rounds)
    p95 = statistics.quantiles(took, n=20)[-1]
    return (
        f"| {size}×{size}, {filters} | {len(took)} | {statistics.median(took):.1f} | {p95:.1f} "
        f"| {rate:.0f} | {whole:.0%} | {told} | {waited:.0f} |"
    )


def main() -> None:
    """Print a row for each setting."""
    with sync_playwright() as playwright, serve_process() as (address, process):
        browser = launch(playwright)
        page = browser.new_page(viewport=LAPTOP)
        visit(page, f"{address}/convolution")
        until_idle(process)
        print(f"{machine()}, Chromium {browser.version}\n")
        print("| kernels | n | p50 ms | p95 ms | a second | whole | messages | let go, p50 ms |")
        print("|---|--:|--:|--:|--:|--:|--:|--:|")
        for size, filters in SETTINGS:
            print(row(page, address, size, filters), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
