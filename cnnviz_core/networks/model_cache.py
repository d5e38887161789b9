"""Keeps loaded networks: one copy for everybody, within a bound of memory."""

import gc
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Loaded networks, the least recently used first.

    Attributes
    ----------
    capacity : int
        Bytes of weights to keep. The network just asked for always stays, however large.
    """

    capacity: int
    _kept: OrderedDict[str, tuple[Network, int]] = field(default_factory=OrderedDict)
    _building: dict[str, Lock] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)


def fetch(shelf: Shelf, key: str, build: Callable[[], Network], memory: int) -> Network:
    """Return the network kept under `key`; build and keep it where there is none.

    Who asks while it is being built waits for that one copy; other keys don't wait. A build that
    fails leaves nothing behind, so that the next call tries again.

    Parameters
    ----------
    memory : int
        Bytes that it takes, counted against the shelf's capacity.
    """
    with shelf._lock:
        building = shelf._building.setdefault(key, Lock())
    with building:
        with shelf._lock:
            if key in shelf._kept:
                shelf._kept.move_to_end(key)
                return shelf._kept[key][0]
        network = build()
        with shelf._lock:
            shelf._kept[key] = network, memory
            has_dropped = _drop_oldest(shelf)
    if has_dropped:
        # Keras models are circles of references, which only the collector takes apart.
        gc.collect()
    return network


def kept_keys(shelf: Shelf) -> tuple[str, ...]:
    """Return the keys of the kept networks, the least recently used first."""
    with shelf._lock:
        return tuple(shelf._kept)


def _drop_oldest(shelf: Shelf) -> bool:
    # A page that still shows a dropped network keeps it alive until it is done.
    num_before = len(shelf._kept)
    while len(shelf._kept) > 1 and sum(size for _, size in shelf._kept.values()) > shelf.capacity:
        shelf._kept.popitem(last=False)
    return len(shelf._kept) < num_before
