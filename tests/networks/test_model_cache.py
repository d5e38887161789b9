"""One copy for everybody, within a bound of memory."""

import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from cnnviz_core.networks.model_cache import ModelCache, fetch
from cnnviz_core.networks.network import Network


def fake_network() -> Network:
    return cast(Network, object())


def test_loading_twice_at_once_builds_once():
    cache = ModelCache(10)
    builds: list[int] = []

    def build() -> Network:
        builds.append(threading.get_ident())
        time.sleep(0.05)
        return fake_network()

    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: fetch(cache, "a", build, 1), range(8)))
    assert len(builds) == 1
    assert len({id(network) for network in loaded}) == 1


def test_one_network_being_built_does_not_hold_up_another():
    cache = ModelCache(10)
    other_is_done = threading.Event()

    def slow() -> Network:
        assert other_is_done.wait(10)
        return fake_network()

    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(fetch, cache, "slow", slow, 1)
        fetch(cache, "quick", fake_network, 1)
        other_is_done.set()
        pending.result(10)
    assert set(cache._kept) == {"slow", "quick"}


def test_the_least_recently_used_network_goes_first():
    cache = ModelCache(3)
    for key in ("a", "b", "a", "c"):
        fetch(cache, key, fake_network, 2 if key == "c" else 1)
    assert tuple(cache._kept) == ("a", "c")


def test_a_network_larger_than_the_shelf_is_still_kept():
    cache = ModelCache(3)
    fetch(cache, "a", fake_network, 1)
    fetch(cache, "large", fake_network, 9)
    assert tuple(cache._kept) == ("large",)


def test_a_failed_build_is_tried_again():
    cache = ModelCache(3)

    def fail() -> Network:
        raise ValueError("offline")

    with pytest.raises(ValueError, match="offline"):
        fetch(cache, "a", fail, 1)
    assert fetch(cache, "a", fake_network, 1) is not None


class Circle:
    """Refers to itself, as a Keras model does."""

    def __init__(self) -> None:
        self.me = self


def test_a_dropped_network_leaves_memory_though_it_refers_to_itself():
    cache = ModelCache(1)
    circle = Circle()
    left = weakref.ref(circle)
    fetch(cache, "a", lambda: cast(Network, left()), 1)
    del circle
    fetch(cache, "b", fake_network, 1)
    assert left() is None
