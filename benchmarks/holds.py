"""What holds a server's interpreter, so that nobody else is served meanwhile.

A thread in the server wants to wake every 5 ms. How late it does is how long it was not let in;
what the other threads are doing at that moment tells who held it. Give `watched(log)` to
`tests.browser.chromium.serve_process` as its program, and read the log with `longest`.
"""

import json
import sys
import threading
import time
import traceback
from pathlib import Path

from tests.browser.chromium import START

WAKE = 0.005

# Shorter ones are not worth a line: so long may any two others have their turns.
LEAST = 0.05

# Functions in which a thread only waits, or looks: Streamlit's `task` sleeps between two looks at
# its configuration, and `run` is its loop.
WAITING = {"wait", "select", "poll", "_worker", "get", "task", "run", "_who"}

# As much of a stack tells what it is about.
FRAMES = 3


def watched(log: Path) -> str:
    """Return a program that starts the app and writes who held the interpreter into `log`."""
    return f"from benchmarks import holds; holds.begin({str(log)!r}); {START}"


def begin(log: str) -> None:
    """Watch from now on, in this process."""
    threading.Thread(target=watch, args=(log,), daemon=True).start()


def watch(log: str) -> None:
    """Write a line of JSON for every time that waking took long."""
    while True:
        begun = time.perf_counter()
        time.sleep(WAKE)
        late = time.perf_counter() - begun - WAKE
        if late > LEAST:
            with Path(log).open("a") as lines:
                lines.write(json.dumps([late, _who()]) + "\n")


def longest(log: Path, since: int = 0) -> tuple[list[tuple[float, list[str]]], int]:
    """Return the holds written after the first `since` lines, and how many lines there are.

    The longest comes first: its seconds, and where each thread was that did not wait.
    """
    lines = log.read_text().splitlines() if log.exists() else []
    found = [(float(late), list(who)) for late, who in map(json.loads, lines[since:])]
    return sorted(found, reverse=True), len(lines)


def _who() -> list[str]:
    stacks = [traceback.extract_stack(frame)[::-1] for frame in sys._current_frames().values()]
    return [
        " < ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in stack[:FRAMES])
        for stack in stacks
        if stack[0].name not in WAITING
    ]
