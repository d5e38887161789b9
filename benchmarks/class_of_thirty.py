"""How long a class waits: many people on one server, each moving a slider every 1 to 3 seconds.

    .venv/bin/python -m benchmarks.class_of_thirty

Starts a real server and talks to it as browsers do (`benchmarks/visitors.py`), from this machine.
A bare app of one slider and two pictures gets the same crowd in the same run; with it, all times
are compared. Printed as Markdown: from message to finished run with all pictures, by number of
people, for each page, cold and warm, alone and beside long work; errors, messages that nobody
answered, how long ascents took, what held the interpreter longest, memory, and the processor time
of server and client. Linux only: read from `/proc`.

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
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import uvloop

from benchmarks import holds
from benchmarks.key_press import BARE
from benchmarks.memory import megabytes
from benchmarks.visitors import move_a_slider, open_page, until_said, visitor
from tests.browser.chromium import processor_seconds, serve_process

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

# What an ascent at the page's defaults says at its end.
CLIMBED = "All 24 steps, 128 × 128 pixels"

# With which an ascent is measured alone, and the last one that the page has.
SEED, LAST_SEED = 2, 999


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, the number of its process, and where it writes who held its interpreter."""

    address: str
    process: int
    holds: Path


@dataclass(slots=True, eq=False)
class Record:
    """What a crowd has seen: seconds by pages, of opening one and of moving a slider on it.

    `first` has those of each person's first page.
    """

    opened: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    moved: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    first: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


async def person(
    address: str, pages: Sequence[str], number: int, until: float, record: Record
) -> None:
    """Visit page after page from the `number`-th on, and move sliders there, `until` the end."""
    chance = random.Random(number)  # noqa: S311
    await asyncio.sleep(chance.uniform(0, ARRIVAL))
    is_first = True
    async with visitor(address) as one:
        while time.perf_counter() < until:
            page = pages[number % len(pages)]
            with _counting(record, f"{page or 'home'}, opened"):
                seconds = await open_page(one, page)
                record.opened[page].append(seconds)
                if is_first:
                    record.first.append(seconds)
            is_first = False
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


async def climb(address: str, seed: int) -> float:
    """Return the seconds from opening the page of ascents until one is at its end."""
    begun = time.perf_counter()
    async with visitor(address) as one:
        await open_page(one, "filter_ascent", urlencode({"ascent_seed": seed}))
        await until_said(one, CLIMBED, patience=600)
    return time.perf_counter() - begun


@contextlib.asynccontextmanager
async def long_work(address: str, seeds: Sequence[int]) -> AsyncIterator[list[asyncio.Task[float]]]:
    """Ascents at 128 pixels and, if there are any, two slow heatmaps under way; all ascents end."""
    async with contextlib.AsyncExitStack() as stack:
        for method in SLOW_METHODS if seeds else ():
            one = await stack.enter_async_context(visitor(address))
            await open_page(one, "heatmaps", urlencode({"heat_method": method}))
        async with asyncio.TaskGroup() as group:
            yield [group.create_task(climb(address, seed)) for seed in seeds]


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
    with serve_process(BARE) as (address, _):
        for count in people:
            record = await crowd(address, BARE_PAGES, count, seconds)
            bare[count] = percentiles(all_moves(record))[1]
            print(row(f"bare app, {count}", all_moves(record), bare[count]))
    # Nothing is found there that an earlier run has kept.
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CNNVIZ_CACHE_DIR"] = folder
        log = Path(folder) / "holds"
        with serve_process(holds.watched(log)) as (address, process):
            server = Server(address, process, log)
            notes = [f"memory before: {megabytes(process)[0]:.0f} MB"]
            notes += await measure(server, "cold", max(people), seconds, 0, bare)
            alone = await climb(address, SEED)
            notes.append(f"an ascent alone: {alone:.1f} s")
            for number in jobs:
                for count in people:
                    notes += await measure(server, "warm", count, seconds, number, bare)
    print("\n" + "\n".join(f"- {note}" for note in notes))


async def measure(
    server: Server,
    title: str,
    count: int,
    seconds: float,
    num_ascents: int,
    bare: Mapping[int, float],
) -> list[str]:
    """Let a crowd in, print what it has seen, and return what else is to be told."""
    used, own = processor_seconds(server.process), _own_seconds()
    _, before = holds.longest(server.holds)
    seeds = random.sample(range(SEED + 1, LAST_SEED + 1), num_ascents)
    async with long_work(server.address, seeds) as climbs:
        record = await crowd(server.address, PAGES, count, seconds)
    beside = f", beside {num_ascents} ascents and 2 slow heatmaps" if num_ascents else ""
    show(f"{title}, {count} people{beside}", record, bare[count])
    held, _ = holds.longest(server.holds, before)
    return [
        f"{title}, {count}{beside}: {len(record.errors)} errors, {len(record.unanswered)} "
        f"unanswered, first page after at most {max(record.first, default=0):.1f} s, server "
        f"{processor_seconds(server.process) - used:.0f} s and client {_own_seconds() - own:.0f} s "
        "of processor time, memory now {:.0f}, highest {:.0f} MB".format(
            *megabytes(server.process)
        ),
        *sorted({*record.errors, *record.unanswered})[:5],
        *(f"an ascent: {one.result():.1f} s" for one in climbs),
        *(f"held for {1000 * late:.0f} ms: {' | '.join(who)}" for late, who in held[:3]),
    ]


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
