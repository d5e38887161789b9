"""Pictures that would take a server's time or memory: each is answered for little of both."""

import json
import subprocess
import sys
from collections.abc import Collection

import pytest

from cnnviz_core import images
from tests import nasty_pictures
from tests.costs import Cost
from tests.nasty_pictures import SIDE, WEBP_SIDE

SCRIPT = """
import dataclasses, json, sys, warnings
from cnnviz_core import images
from tests import costs, nasty_pictures
warnings.simplefilter("ignore")  # as in production
files = getattr(nasty_pictures, sys.argv[1])()
for name, make in files.items():
    if name in sys.argv[2:] or len(sys.argv) == 2:
        data = make if isinstance(make, bytes) else make()
        cost = costs.cost_of(images.decode, data)
        print(json.dumps([name, dataclasses.asdict(cost)]))
"""


def costs(kind: str, names: Collection[str] = ()) -> dict[str, Cost]:
    """What files of a kind take in a fresh process, by their names; of all of them by default."""
    command = [sys.executable, "-c", SCRIPT, kind, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {name: Cost(**one) for name, one in map(json.loads, done.stdout.splitlines())}
    print(*(f"{name}: {one}" for name, one in found.items()), sep="\n")  # noqa: T201
    assert found
    return found


def test_what_keeps_a_decoder_busy_is_given_up_at_once() -> None:
    found = costs("endless")
    for name, one in found.items():
        assert "damaged" in one.answer, name
        assert one.seconds < 1, name
        assert one.megabytes < 60, name


def test_a_text_or_a_profile_that_unpacks_to_more_and_more_is_not_unpacked() -> None:
    for name, one in costs("compressed_bombs").items():
        assert "damaged" in one.answer, name
        assert one.is_bearable, name


# Those that take the most of their kind.
COSTLY = ["PNG with transparency", "JPEG of 32 scans", "WebP"]


@pytest.mark.parametrize("names", [COSTLY, pytest.param([], marks=pytest.mark.slow)])
def test_the_largest_picture_takes_bearable_time_and_memory(names: list[str]) -> None:
    for name, one in costs("large", names).items():
        side = WEBP_SIDE if "WebP" in name else SIDE
        assert one.answer == f"({side}, {side}, 3)", name
        assert one.is_bearable, name


def test_a_webp_of_more_pixels_than_memory_bears_is_refused() -> None:
    data = nasty_pictures.encode(nasty_pictures.noise(1, 1), "WEBP", lossless=True)
    # Its header holds width − 1 and height − 1 in 14 bits each (RFC 9649, 2024, 3.4).
    side = 4_399
    claimed = bytearray(data)
    claimed[21:25] = ((side - 1) | (side - 1) << 14).to_bytes(4, "little")
    with pytest.raises(ValueError, match="4,399×4,399 pixels, more than the 18 million"):
        images.decode(bytes(claimed))


def test_an_animation_of_a_hundred_thousand_pictures_gives_its_first() -> None:
    assert images.decode(nasty_pictures.animation()).shape == (4, 5, 3)


@pytest.mark.parametrize("name", nasty_pictures.polyglots())
def test_what_else_a_picture_may_be_is_not_looked_at(name: str) -> None:
    assert images.decode(nasty_pictures.polyglots()[name]).shape == (4, 5, 3)
