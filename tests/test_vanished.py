"""A visitor who vanishes in the middle of an ascent: nobody works for them, the others go on."""

import asyncio
from urllib.parse import urlencode

import pytest

from benchmarks.visitors import PATIENCE, open_page, run, until_said, visitor
from tests.browser.chromium import serve_process, until_idle


def ascent(steps: int, size: int) -> str:
    """The address of an ascent that begins by itself."""
    asked = {"ascent_layer": "block1_conv1", "ascent_size": size, "ascent_count": 1}
    return urlencode({**asked, "ascent_steps": steps})


async def vanish(address: str) -> None:
    """Begin a long ascent, and be gone without a word."""
    async with visitor(address) as one:
        await open_page(one, "filter_ascent", ascent(256, 224))
        async with asyncio.timeout(2 * PATIENCE):
            while not any(said.startswith("Step ") for said in one.bars):
                await asyncio.sleep(0.02)
        one.connection.transport.abort()


async def go_on(address: str) -> None:
    """Have a short ascent of one's own made to its end."""
    async with visitor(address) as one:
        await open_page(one, "filter_ascent", ascent(8, 64))
        await until_said(one, "All 8 steps, 64 × 64 pixels")
        assert one.errors == []


@pytest.mark.slow
def test_nobody_works_for_who_has_vanished_and_others_go_on() -> None:
    with serve_process() as (address, process):
        run(vanish(address))
        run(go_on(address))
        until_idle(process)
