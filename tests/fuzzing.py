"""What all fuzzed targets share: how many examples they take, and how files are damaged.

    python -m pytest -m fuzz -n0 --hypothesis-profile=nightly

takes 20,000 examples a target, others each night; without the profile, some that are always the
same.
"""

import random
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

NIGHTLY = "nightly"


def fuzzed(short: int) -> Callable[[Any], Any]:
    """Mark a target that takes `short` examples in each run of the tests."""
    is_short = settings.get_current_profile_name() != NIGHTLY
    configured = settings(
        max_examples=short if is_short else settings.default.max_examples,
        derandomize=is_short,
        deadline=None,  # what an example takes, the target itself measures
        suppress_health_check=[*HealthCheck],
    )
    return lambda target: pytest.mark.fuzz(configured(target))


# What a length, a size or an offset is likely to be mistaken at.
NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def damaged(data: bytes, seed: int) -> bytes:
    """Return a file changed at one to six places, most of them near its start."""
    chance = random.Random(seed)  # noqa: S311
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        near = chance.random() < 0.6
        place = chance.randint(0, min(len(changed), 100) if near else len(changed))
        _DAMAGES[chance.randrange(len(_DAMAGES))](changed, place, chance)
    return bytes(changed)


def _change_byte(data: bytearray, place: int, chance: random.Random) -> None:
    data[place : place + 1] = bytes([chance.randrange(256)])


def _flip_bit(data: bytearray, place: int, chance: random.Random) -> None:
    if place < len(data):
        data[place] ^= 1 << chance.randrange(8)


def _write_number(data: bytearray, place: int, chance: random.Random) -> None:
    size, order = chance.choice((1, 2, 4, 8)), chance.choice(("little", "big"))
    number = chance.choice(NUMBERS) % 256**size
    data[place : place + size] = number.to_bytes(size, order)  # type: ignore[arg-type]


def _cut_out(data: bytearray, place: int, chance: random.Random) -> None:
    del data[place : place + chance.choice((1, 2, 4, 16, 256))]


def _repeat(data: bytearray, place: int, chance: random.Random) -> None:
    piece = data[place : place + chance.choice((1, 4, 32, 256))]
    data[place:place] = piece * chance.choice((1, 2, 50))


def _cut_short(data: bytearray, place: int, chance: random.Random) -> None:
    del data[max(place, 8) :]


_DAMAGES = (_change_byte, _flip_bit, _write_number, _cut_out, _repeat, _cut_short)


def mended_png(data: bytes) -> bytes:
    """Return a PNG with right checksums, so that what was changed in its chunks is read."""
    mended, place = bytearray(data), 8
    while place + 12 <= len(mended):
        end = place + 8 + int.from_bytes(mended[place : place + 4])
        mended[end : end + 4] = zlib.crc32(mended[place + 4 : end]).to_bytes(4)
        place = end + 4
    return bytes(mended[: len(data)])


SEEDS = st.integers(0, 2**32)
