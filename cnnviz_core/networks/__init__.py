"""Trained networks, and untrained ones to compare them with: what there is, and how to load it.

Loaded networks are kept here rather than in a cache of the dashboard's: scripts and tests share
them too, and what counts is their memory, not their number.
"""

from collections.abc import Callable

from cnnviz_core.arrays import require_choice
from cnnviz_core.networks import efficientnet_lite0, shelf, vgg16_edges
from cnnviz_core.networks.graph import from_keras
from cnnviz_core.networks.network import LayerInfo, Network, NetworkInfo

__all__ = ["LayerInfo", "Network", "NetworkInfo", "available", "from_keras", "load"]

# Room for the bundled networks and one of the largest, VGG19 (575 MB), in a process that already
# holds TensorFlow (680 MB).
CAPACITY = 700 * 10**6

_BUNDLED: tuple[tuple[NetworkInfo, Callable[[], Network]], ...] = (
    (efficientnet_lite0.INFO, efficientnet_lite0.load),
    (vgg16_edges.INFO, vgg16_edges.load),
)
_SHELF = shelf.Shelf(CAPACITY)


def available() -> tuple[NetworkInfo, ...]:
    """Return what networks there are, the bundled ones first; TensorFlow is not needed for it.

    Examples
    --------
    >>> available()[0].key
    'efficientnet-lite0'
    """
    return tuple(info for info, _ in _BUNDLED)


def load(key: str) -> Network:
    """Return a network, loading it on the first call; everybody shares the one copy.

    Raises
    ------
    ValueError
        If there is no network called `key`.
    """
    sources = {info.key: (info, build) for info, build in _BUNDLED}
    require_choice(key, "key", tuple(sources))
    info, build = sources[key]
    return shelf.fetch(_SHELF, key, build, info.memory)
