"""Functions of a network that TensorFlow traces once: kept within a bound, freed with the network.

A trace takes a second or more and tens of megabytes, so each is made once and shared by all. What
is kept must hold on to the network's `model` at most, not to the `Network`, or it is never freed.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import ReferenceType, ref

from cnnviz_core.networks.network import Network

Key = ParamSpec("Key")
Kept = TypeVar("Kept")
Build = Callable[Concatenate[Network, Key], Kept]


def traced(function: Callable[..., Any], *signature: Any) -> Callable[..., Any]:
    """Return a function of tensors as TensorFlow traces it, once for its one signature.

    Parameters
    ----------
    function : callable
        A `partial`, for TensorFlow counts traces by the code of a function: that of a lambda would
        be the same for all networks together, and it would warn of retracing where there is none.
    signature : nested structures of tf.TensorSpec
        One for each argument.
    """
    import tensorflow as tf

    found: Callable[..., Any] = tf.function(function, input_signature=signature, autograph=False)
    return found


def kept_with_network(max_entries: int) -> Callable[[Build[Key, Kept]], Build[Key, Kept]]:
    """Decorate a function of a network so that its last `max_entries` results are kept.

    Who asks while a result is being made waits for that one. The other arguments are hashable, and
    given by position.
    """

    def decorate(build: Build[Key, Kept]) -> Build[Key, Kept]:
        entries: OrderedDict[tuple[Any, ...], Kept] = OrderedDict()
        lock = Lock()

        def forget(network: ReferenceType[Network]) -> None:
            # Called by the collector at any time, so it must not wait for the lock. None who holds
            # the lock asks for this network: it is gone.
            for place in list(entries):
                if place[0] is network:
                    entries.pop(place, None)

        @wraps(build)
        def found(network: Network, /, *key: Key.args, **nothing: Key.kwargs) -> Kept:
            place = (ref(network, forget), *key)
            with lock:
                if place not in entries:
                    entries[place] = build(network, *key, **nothing)
                entries.move_to_end(place)
                while len(entries) > max_entries:
                    entries.popitem(last=False)
                return entries[place]

        return found

    return decorate
