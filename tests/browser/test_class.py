"""A class on one server: nobody sees an error or another's picture, and all ascents finish.

The class speaks with the server as browsers do, without them; how fast it is answered is for
`benchmarks/class_of_thirty.py`.
"""

import asyncio
import random
from collections.abc import Sequence
from urllib.parse import urlencode

from benchmarks.visitors import move_a_slider, open_page, run, until_said, visitor

# Of each two on the same page, each has a picture of its own.
PAGES = ("convolution", "lenet", "feature_maps", "votes")
PICTURES = ("coffee", "rocket")
MOVES = 3
NUM_ASCENTS = 2
ASCENT = {"ascent_size": 64, "ascent_steps": 8, "ascent_count": 1}

Seen = list[frozenset[str]]


def seat(number: int) -> tuple[str, str]:
    """The page at which somebody sits, and what its address asks for."""
    page = PAGES[number // len(PICTURES)]
    return page, urlencode({"picture": PICTURES[number % len(PICTURES)]})


async def visit(address: str, number: int) -> Seen:
    """The pictures that somebody sees at first, and after each of some moves."""
    chance = random.Random(number)  # noqa: S311
    async with visitor(address) as one:
        await open_page(one, *seat(number))
        seen = [frozenset(one.named)]
        for _ in range(MOVES if one.sliders else 0):
            await move_a_slider(one, chance)
            seen.append(frozenset(one.named))
        assert one.errors == []
    return seen


async def climb(address: str, number: int) -> None:
    """Watch an ascent that nobody else asks for, to its end."""
    async with visitor(address) as one:
        await open_page(one, "filter_ascent", urlencode({**ASCENT, "ascent_seed": number}))
        await until_said(one, "All 8 steps, 64 × 64 pixels")
        assert one.errors == []


async def in_class(address: str, numbers: Sequence[int]) -> list[Seen]:
    """What each of these sees, all at once and beside ascents."""
    async with asyncio.TaskGroup() as group:
        for number in range(NUM_ASCENTS):
            group.create_task(climb(address, 1000 + number))
        visits = [group.create_task(visit(address, number)) for number in numbers]
    return [one.result() for one in visits]


def test_everybody_in_a_class_sees_what_one_alone_would_see(address: str) -> None:
    numbers = range(len(PAGES) * len(PICTURES))
    seen = run(in_class(address, numbers))
    for number in numbers:
        assert seen[number] == run(visit(address, number)), seat(number)
    # It says something: pictures change as sliders move, and neighbors have different ones.
    assert sum(len(set(one)) for one in seen) > 2 * len(seen)
    for one, other in zip(seen[::2], seen[1::2], strict=True):
        assert one[0] != other[0]
