"""On small machines less is kept and less is done at once."""

import os
import subprocess
import sys

ASKED = """
from cnnviz_core.filter_ascent.batches import filters_per_batch
from cnnviz_core.runtime import malloc
from cnnviz_core.views.sharing import shared
calls = []
@shared(8)
def view(number):
    calls.append(number)
for number in [*range(8), *range(8)]:
    view(number)
print(len(calls), filters_per_batch(8, 1, (128, 128)), malloc.OWN_PAGES)
"""


def told(setting: str) -> list[int]:
    """Results computed of sixteen that were asked for, filters in a batch, bytes with own pages."""
    environment = {**os.environ, "CNNVIZ_LOW_MEMORY": setting}
    done = subprocess.run(
        [sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, check=True
    )
    return [int(number) for number in done.stdout.split()]


def test_the_setting_reaches_caches_batches_and_memory() -> None:
    assert told("0") == [8, 4, 2**23]
    assert told("1") == [16, 1, 2**20]
