"""How long a class waits: many people on one server, each moving a slider every 1 to 3 seconds.

    .venv/bin/python -m benchmarks.class_of_thirty

Starts a real server and talks to it as browsers do (`benchmarks/visitors.py`), from this machine.
A bare app of one slider and two pictures gets the same crowd in the same run; with it, all times
are compared. Printed as Markdown: from message to finished run with all pictures, by number of
people, for each page, cold and warm, alone and beside long work; errors, messages that nobody
answered, memory, and the processor time of server and client. Linux only: read from `/proc`.

    --people 1 10 30 60    how many, one crowd after the other
    --seconds 30           of moving sliders, for each crowd
    --jobs 0 2 8           ascents under way meanwhile, with two slow heatmaps if there are any
"""

import argparse
import asyncio
import contextlib
import os
import platform
import random
import re
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import uvloop

from benchmarks.key_press import BARE
from benchmarks.memory import megabytes
from benchmarks.visitors import Visitor, move_a_slider, open_page, visitor
from tests.browser.chromium import START, processor_seconds, serve_process

# All pages on which a moved slider costs little, home first; an ascent is long work.
PAGES = (
    "",
    "convolution",
    "stepping",
    "activation",
    "pooling",
    "lenet",
    "feature_maps",
    "predictions",
    "heatmaps",
    "votes",
    "occlusion",
    "kernels",
    "architecture",
)
BARE_PAGES = ("",)

PAUSE = 1.0, 3.0
MOVES_ON_A_PAGE = 4

# Within so many seconds all of a class are there.
ARRIVAL = 5.0

SLOW_METHODS = "Score-CAM", "Occlusion"


@dataclass(slots=True, eq=False)
class Record:
    """What a crowd has seen: seconds by pages, of opening one and of moving a slider on it."""

    opened: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    moved: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


async def person(
    address: str, pages: Sequence[str], number: int, until: float, record: Record
) -> None:
    """Visit page after page from the `number`-th on, and move sliders there, `until` the end."""
    chance = random.Random(number)  # noqa: S311
    await asyncio.sleep(chance.uniform(0, ARRIVAL))
    async with visitor(address) as one:
        while time.perf_counter() < until:
            page = pages[number % len(pages)]
            with _counting(record, f"{page or 'home'}, opened"):
                record.opened[page].append(await open_page(one, page))
            for _ in range(MOVES_ON_A_PAGE):
                await asyncio.sleep(chance.uniform(*PAUSE))
                if not one.sliders or time.perf_counter() > until:
                    break
                with _counting(record, f"{page or 'home'}, moved"):
                    record.moved[page].append(await move_a_slider(one, chance))
            number += 1
        record.errors += one.errors


@contextlib.contextmanager
def _counting(record: Record, what: str) -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        record.unanswered.append(what)


async def crowd(address: str, pages: Sequence[str], count: int, seconds: float) -> Record:
    """So many people at once, for so long after all have arrived."""
    record = Record()
    until = time.perf_counter() + ARRIVAL + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(person(address, pages, number, until, record))
    return record


@contextlib.asynccontextmanager
async def long_work(address: str, num_ascents: int) -> AsyncIterator[list[Visitor]]:
    """Ascents at 128 pixels, each another, and two slow heatmaps, under way."""
    async with contextlib.AsyncExitStack() as stack:
        tabs = []
        for number in range(num_ascents):
            one = await stack.enter_async_context(visitor(address))
            query = urlencode({"ascent_seed": number})
            await open_page(one, "filter_ascent", query)
            tabs.append(one)
        for method in SLOW_METHODS if num_ascents else ():
            one = await stack.enter_async_context(visitor(address))
            await open_page(one, "heatmaps", urlencode({"heat_method": method}))
            tabs.append(one)
        yield tabs


def row(title: str, times: Sequence[float], bare: float | None) -> str:
    """A line of the table: median, 95th and 99th percentile in milliseconds, over the bare app."""
    if len(times) < 2:
        return f"| {title} | {len(times)} | | | | |"
    p50, p95, p99 = percentiles(times)
    ratio = "" if bare is None else f"{p95 / bare:.1f}"
    return f"| {title} | {len(times)} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {ratio} |"


def percentiles(times: Sequence[float]) -> tuple[float, float, float]:
    """The median, 95th and 99th percentile of two or more times, in milliseconds."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return 1000 * cuts[49], 1000 * cuts[94], 1000 * cuts[98]


def all_moves(record: Record) -> list[float]:
    """The seconds of all moved sliders."""
    return [one for times in record.moved.values() for one in times]


def machine() -> str:
    """What this was measured on."""
    info = Path("/proc/cpuinfo").read_text()
    name = re.search(r"model name\s+: (.+)", info)
    flags = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_tile") if flag in info]
    return (
        f"{name[1] if name else platform.processor()}, {os.cpu_count()} cores, {' '.join(flags)}, "
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    )


def show(title: str, record: Record, bare: float) -> None:
    """Print what a crowd has seen."""
    print(row(f"**{title}**", all_moves(record), bare))
    for page, times in record.moved.items():
        print(row(page or "home", times, bare))
    opened = [one for times in record.opened.values() for one in times]
    print(row("opening a page", opened, None))


async def run(people: Sequence[int], seconds: float, jobs: Sequence[int]) -> None:
    """Measure the bare app and ours, and print."""
    print(f"{machine()}\n")
    print("| who | n | p50 ms | p95 ms | p99 ms | p95 / bare |\n|---|--:|--:|--:|--:|--:|")
    bare = {}
    with serve_process(BARE) as (address, process):
        for count in people:
            record = await crowd(address, BARE_PAGES, count, seconds)
            bare[count] = percentiles(all_moves(record))[1]
            print(row(f"bare app, {count}", all_moves(record), bare[count]))
    notes = []
    with serve_process(START) as (address, process):
        notes.append(f"memory before: {megabytes(process)[0]:.0f} MB")
        for title, num_ascents, count in (
            ("cold", 0, max(people)),
            *(("warm", number, count) for number in jobs for count in people),
        ):
            used, own = processor_seconds(process), _own_seconds()
            async with long_work(address, num_ascents):
                record = await crowd(address, PAGES, count, seconds)
            beside = f", beside {num_ascents} ascents and 2 slow heatmaps" if num_ascents else ""
            show(f"{title}, {count} people{beside}", record, bare[count])
            notes.append(
                f"{title}, {count}{beside}: {len(record.errors)} errors, {len(record.unanswered)} "
                f"unanswered, server {processor_seconds(process) - used:.0f} s and client "
                f"{_own_seconds() - own:.0f} s of processor time, memory now "
                "{:.0f}, highest {:.0f} MB".format(*megabytes(process))
            )
            notes.extend(sorted({*record.errors, *record.unanswered})[:5])
    print("\n" + "\n".join(f"- {note}" for note in notes))


def _own_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Read the command line, and run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, nargs="+", default=[1, 10, 30, 60])
    parser.add_argument("--jobs", type=int, nargs="+", default=[0, 2, 8])
    parser.add_argument("--seconds", type=float, default=30)
    chosen = parser.parse_args()
    uvloop.run(run(chosen.people, chosen.seconds, chosen.jobs))


if __name__ == "__main__":
    main()
