"""The model cache: one copy of each loaded network for everybody, within a bound of memory."""

import gc
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class ModelCache:
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


def fetch(cache: ModelCache, key: str, build: Callable[[], Network], memory: int) -> Network:
    """Return the network kept under `key`; build and keep it where there is none.

    Who asks while it is being built waits for that one copy; other keys don't wait. A build that
    fails leaves nothing behind, so that the next call tries again.

    Parameters
    ----------
    memory : int
        Bytes that it takes, counted against the cache's capacity.
    """
    with cache._lock:
        building = cache._building.setdefault(key, Lock())
    with building:
        with cache._lock:
            if key in cache._kept:
                cache._kept.move_to_end(key)
                return cache._kept[key][0]
        network = build()
        with cache._lock:
            cache._kept[key] = network, memory
            has_dropped = _drop_oldest(cache)
    if has_dropped:
        # Keras models are circles of references, which only the collector takes apart.
        gc.collect()
    return network


def _drop_oldest(cache: ModelCache) -> bool:
    # A page that still shows a dropped network keeps it alive until it is done.
    num_before = len(cache._kept)
    while len(cache._kept) > 1 and sum(size for _, size in cache._kept.values()) > cache.capacity:
        cache._kept.popitem(last=False)
    return len(cache._kept) < num_before
