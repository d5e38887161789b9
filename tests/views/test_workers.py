"""Every kind of long work gives the same at a worker as in the server, even if a worker is lost."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.filter_ascent.settings import AscentSettings
from cnnviz_core.networks import Network
from cnnviz_core.runtime import jobs
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.runtime.scheduler import Scheduler
from cnnviz_core.runtime.workers import Workers
from cnnviz_core.views import (
    architecture,
    faithfulness,
    heat_cascades,
    heat_curves,
    heat_jobs,
    occlusion,
)
from cnnviz_core.views.ascent_jobs import ascent_job
from cnnviz_core.views.ascent_patches import comparison
from cnnviz_core.views.ascent_store import AscentQuestion, get_activations, get_ascent
from cnnviz_core.views.heat_jobs import HeatQuestion
from cnnviz_core.views.sharing import sample_picture
from tests.browser.chromium import free_port
from tests.runtime import clusters
from tests.runtime.clusters import until, until_there
from tests.tiny_networks import network_of
from tests.views.ascents import nothing_kept

# A processor that is busy could measure otherwise in the worker which precision is faster.
SETTINGS = AscentSettings(precision="float32")
QUESTION = AscentQuestion("conv2", "filters", (0, 2), (96, 96), steps=40, seed=7, settings=SETTINGS)
CAT = 281


def small() -> Network:
    return networks.load("lenet-cat")


def classifier() -> Network:
    return networks.load("efficientnet-lite0")


def ascent() -> Job[Any]:
    return ascent_job(small(), QUESTION, sample_picture("cat")).job


def patches() -> Job[Any]:
    asked = replace(QUESTION, steps=1)
    one = ascent_job(small(), asked, sample_picture("cat"))
    return comparison(one, one.before, sample_picture("cat"))


def heatmap(**asked: Any) -> Job[Any]:
    return heat_jobs.heat_job(classifier(), sample_picture("cat"), HeatQuestion(**asked)).job


def last_layer() -> str:
    return heat_jobs.forgetting_layers(classifier())[-1]


def curves() -> tuple[Job[Any], ...]:
    found = heat_curves.heat_curves(classifier(), sample_picture("cat"), CAT, "grad-cam", "black")
    return found.jobs


def cascade() -> Job[Any]:
    question = HeatQuestion("grad-cam", 3)
    return heat_cascades.cascade_job(networks.load("lenet-5"), sample_picture("cat"), question)


# All kinds of long work that the views make of networks that workers can load.
KINDS: dict[str, Callable[[], Job[Any]]] = {
    "ascent": ascent,
    "real patches": patches,
    "slow heatmap": lambda: heatmap(method="ablation-cam", target=CAT),
    "random weights": lambda: heatmap(method="grad-cam", target=CAT, random_from=last_layer()),
    "cascade": cascade,
    "occlusion map": lambda: occlusion.sliding_job(
        classifier(), sample_picture("cat"), CAT, 80, 40, "gray"
    ),
    "average drop": lambda: faithfulness.average_drop_job(classifier(), "grad-cam"),
    "deletion": lambda: curves()[0],
    "insertion": lambda: curves()[1],
    "random deletion": lambda: curves()[2],
    "effective field": lambda: architecture.effective_field_job(
        small(), sample_picture("cat"), "conv2", down=50, across=50
    ),
}


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with nothing_kept(monkeypatch):
        forget()
        yield
        forget()


def forget() -> None:
    """Have the server begin everything anew."""
    for shared in (
        ascent_job,
        heat_jobs.heat_job,
        heat_cascades.cascade_job,
        occlusion.sliding_job,
        faithfulness.average_drop_job,
        heat_curves._curve,
        heat_curves._by_chance,
        architecture.effective_field_job,
    ):
        shared.cache_clear()


def done(job: Job[Any]) -> Any:
    """The last state of a job, worked on as a page does."""
    until(lambda: jobs.work_on([job]) or job.is_finished)
    assert job.problem is None
    return job.state


def assert_alike(found: Any, expected: Any) -> None:
    """Compare two states, but for the seconds that they took."""
    assert type(found) is type(expected)
    if is_dataclass(expected):
        for one in fields(expected):
            if one.name != "seconds":
                assert_alike(getattr(found, one.name), getattr(expected, one.name))
    elif isinstance(expected, tuple):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_alike(one, other)
    else:
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_the_work_can_be_sent(kind: str) -> None:
    job = KINDS[kind]()
    assert job.is_long
    assert job.is_portable
    begin = pickle.loads(pickle.dumps(job.begin))  # noqa: S301
    assert begin.func is job.begin.func
    assert begin.args[0] is job.begin.args[0], "the network is loaded once"


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_states_can_be_sent_and_resumed_from_any_on(kind: str) -> None:
    job = KINDS[kind]()
    states = list(job.begin())
    for number in {0, len(states) // 2, len(states) - 1}:
        sent = pickle.loads(pickle.dumps(states[number]))  # noqa: S301
        assert_alike(sent, states[number])
        if job.can_resume:
            rest = list(job.begin(resume=sent))
            assert len(rest) == len(states) - number - 1
            assert_alike(tuple(rest), tuple(states[number + 1 :]))


def test_a_visitors_own_network_is_not_sent() -> None:
    import keras

    own = network_of(keras.layers.Conv2D(2, 3, name="conv"))
    for one in (own, replace(small(), key="brought along"), replace(small(), key="lenet-cat:x")):
        with pytest.raises(pickle.PicklingError, match="can be loaded by their keys"):
            pickle.dumps(one)
    assert pickle.loads(pickle.dumps(small())) is small()  # noqa: S301
    other = networks.load_untrained("lenet-5", 3)
    assert pickle.loads(pickle.dumps(other)) is other  # noqa: S301


def test_a_worker_needs_no_streamlit() -> None:
    functions = [make().begin.func for make in KINDS.values()]
    states = next(ascent().begin()), next(patches().begin())
    program = """
import pickle, sys
pickle.load(sys.stdin.buffer)
assert "cnnviz_core.views.ascent_film" in sys.modules
assert "streamlit" not in sys.modules
"""
    sent = pickle.dumps((functions, states))
    subprocess.run([sys.executable, "-c", program], cwd=clusters.ROOT, input=sent, check=True)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[int, subprocess.Popen[bytes]]]:
    """Two workers on this machine, by the numbers of their processes."""
    port = free_port()
    found = Workers(f"tcp://127.0.0.1:{port}")
    monkeypatch.setattr(jobs, "SCHEDULER", Scheduler())
    with ExitStack() as stack:
        stack.enter_context(clusters.scheduler(port))
        ready = ("--preload", "cnnviz_core.runtime.pieces")
        processes = [stack.enter_context(clusters.worker(port, *ready)) for _ in range(2)]
        until_there(found, 2)
        monkeypatch.setattr(jobs, "WORKERS", found)
        yield {one.pid: one for one in processes}
        clusters.leave(found)


def worker_of(job: Job[Any]) -> int:
    """The process that has a job."""
    assert jobs.WORKERS is not None
    processes = jobs.WORKERS._state.client.run(os.getpid)
    return int(processes[job._progress.errand.worker])


def test_an_ascent_whose_worker_is_killed_ends_in_the_same_picture(
    two: dict[int, subprocess.Popen[bytes]],
) -> None:
    expected = list(ascent().begin())[-1]
    job = ascent()

    def is_under_way() -> bool:
        jobs.work_on([job])
        return job.state is not None and 0.1 < job.state.progress.share < 0.9

    until(is_under_way)
    share = job.state.progress.share
    two[worker_of(job)].kill()
    found = done(job)
    assert share < 0.9
    assert job._progress.states is None, "nothing of it was made in the server"
    assert_alike(found, expected)
    kept = get_ascent(small(), QUESTION)
    assert kept is not None
    assert kept.frames == found.frames


@pytest.mark.slow
def test_every_kind_of_work_gives_the_same_at_a_worker(
    two: dict[int, subprocess.Popen[bytes]],
) -> None:
    expected = {kind: list(make().begin())[-1] for kind, make in KINDS.items()}
    for kind, make in KINDS.items():
        job = make()
        assert_alike(done(job), expected[kind])
        assert job._progress.states is None, f"{kind} was made in the server"
    own = get_activations(small(), replace(QUESTION, steps=1), 0)
    np.testing.assert_array_equal(own, expected["real patches"].own)
