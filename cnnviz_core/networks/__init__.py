"""Trained networks, and untrained ones to compare them with: what there is, and how to load it.

Loaded networks are kept here rather than in a cache of the dashboard's: scripts and tests share
them too, and what counts is their memory, not their number. In a pickle a network is its key: who
unpickles it loads it, once.
"""

import copyreg
import logging
import pickle
from collections.abc import Callable, Sequence
from functools import partial

from cnnviz_core.arrays import require_choice, require_whole
from cnnviz_core.networks import (
    efficientnet_lite0,
    keras_applications,
    lenet,
    model_cache,
    uploaded,
    vgg16_edges,
)
from cnnviz_core.networks.graph import from_keras
from cnnviz_core.networks.network import LayerInfo, Network, NetworkInfo, Progress

__all__ = [
    "LayerInfo",
    "Network",
    "NetworkInfo",
    "available",
    "from_keras",
    "from_upload",
    "load",
    "load_untrained",
]

# Room for the bundled networks and one of the largest, VGG19 (575 MB), in a process that already
# holds TensorFlow (680 MB).
CAPACITY = 700 * 10**6

_BUNDLED: tuple[tuple[NetworkInfo, Callable[[], Network]], ...] = (
    (efficientnet_lite0.INFO, efficientnet_lite0.load),
    (vgg16_edges.INFO, vgg16_edges.load),
)
_UNTRAINED: tuple[tuple[NetworkInfo, Callable[[int], Network]], ...] = (
    (lenet.LENET_5, lenet.load_lenet_5),
    (lenet.LENET_CAT, lenet.load_lenet_cat),
)
_log = logging.getLogger(__name__)

_CACHE = model_cache.ModelCache(CAPACITY)


def available() -> tuple[NetworkInfo, ...]:
    """Return what networks there are: bundled, untrained, then on demand. Needs no TensorFlow.

    Examples
    --------
    >>> [info.key for info in available()][:4]
    ['efficientnet-lite0', 'vgg16-edges', 'lenet-5', 'lenet-cat']
    """
    return (
        *(info for info, _ in _BUNDLED),
        *(info for info, _ in _UNTRAINED),
        *(keras_applications.info(item) for item in keras_applications.APPLICATIONS),
    )


def load(key: str, *, progress: Progress | None = None, timeout: float = 900.0) -> Network:
    """Return a network, loading it on the first call; everybody shares the one copy.

    Parameters
    ----------
    key : str
        One of `available()`. An untrained network gets the seed 0.
    progress : callable, optional
        Called with the bytes so far and the bytes in all while weights are fetched.
    timeout : float
        Seconds that fetching may take.

    Raises
    ------
    ValueError
        If there is no network called `key`, or its weights cannot be fetched or read.
    """
    infos = {info.key: info for info in available()}
    require_choice(key, "key", tuple(infos))
    builders: dict[str, Callable[[], Network]] = {
        info.key: partial(_installed, info.title, build) for info, build in _BUNDLED
    }
    builders |= {
        application.key: partial(
            keras_applications.load, application, progress=progress, timeout=timeout
        )
        for application in keras_applications.APPLICATIONS
    }
    if key not in builders:
        return load_untrained(key)
    return model_cache.fetch(_CACHE, key, builders[key], infos[key].memory)


def _installed(title: str, build: Callable[[], Network]) -> Network:
    """Load a network of a package; its file may be missing, cut short or another one."""
    try:
        return build()
    except (ImportError, OSError, KeyError, ValueError) as error:
        _log.warning("The installed weights of %s cannot be read.", title, exc_info=error)
        raise ValueError(
            f"The weights of {title} are missing on this server, or damaged. Whoever runs it can "
            "install the requirements again."
        ) from error


def load_untrained(key: str, seed: int = 0) -> Network:
    """Return an untrained network with the random weights of `seed`.

    Raises
    ------
    ValueError
        If no untrained network is called `key`, or `seed` is not a whole number from 0 to 9999.
    """
    builders = {info.key: (info, build) for info, build in _UNTRAINED}
    require_choice(key, "key", tuple(builders))
    require_whole(seed, "seed", low=0, high=9999)
    info, build = builders[key]
    return model_cache.fetch(_CACHE, f"{key}:{seed}", partial(build, seed), info.memory)


def from_upload(
    data: bytes,
    *,
    title: str,
    class_names: Sequence[str] | None = None,
    size_limit: int = uploaded.SIZE_LIMIT,
) -> Network:
    """Return the network of an uploaded `.keras` or `.h5` file; the same file is loaded once.

    Parameters
    ----------
    data : bytes
        The whole file. Nothing in it is run: known layers and their numbers are taken over, and
        everything else is refused.
    title : str
        For people.
    class_names : sequence of str, optional
        One name for each output; two for a single sigmoid output.
    size_limit : int
        Bytes of the file, and of the weights in it.

    Raises
    ------
    ValueError
        If the file is too large, is not such a file, or holds anything but known layers.
    """
    names = None if class_names is None else tuple(class_names)
    build = partial(uploaded.load, data, title=title, class_names=names, size_limit=size_limit)
    key = f"{uploaded.key_of(data, names)}:{title}:{size_limit}"
    return model_cache.fetch(_CACHE, key, build, len(data))


def _pickled(network: Network) -> tuple[Callable[..., Network], tuple[str, ...]]:
    key, is_seeded, seed = network.key.partition(":")
    if key not in {info.key for info in available()} or (is_seeded and not seed.isdecimal()):
        raise pickle.PicklingError(
            f"{network.title!r} is none of the networks that can be loaded by their keys, and "
            "nothing else of a network is pickled."
        )
    return _unpickled, (key, seed)


def _unpickled(key: str, seed: str) -> Network:
    return load_untrained(key, int(seed)) if seed else load(key)


copyreg.pickle(Network, _pickled)
