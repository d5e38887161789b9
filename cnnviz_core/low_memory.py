"""Less memory for some more waiting: `CNNVIZ_LOW_MEMORY=1` on small machines."""

import os
from typing import TypeVar

Bound = TypeVar("Bound")

_IS_LOW = os.environ.get("CNNVIZ_LOW_MEMORY") == "1"


def bound(usual: Bound, low: Bound) -> Bound:
    """Return how much of something is kept, or done at once: usually, or where memory is low."""
    return low if _IS_LOW else usual
