"""Small ascents that tests ask for, and a server that has made none yet."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnviz_core import images, networks
from cnnviz_core.networks import Network
from cnnviz_core.runtime import result_store
from cnnviz_core.runtime.jobs import SCHEDULER, work_on
from cnnviz_core.views import ascent_store
from cnnviz_core.views.ascent_jobs import AscentJob, ascent_job
from cnnviz_core.views.ascent_patches import comparison
from cnnviz_core.views.ascent_store import AscentQuestion
from cnnviz_core.views.sharing import Picture, sample_picture

seeds = count(1)


@contextmanager
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin without results, and with nobody in the queue."""
    monkeypatch.delenv(result_store.FOLDER_VARIABLE, raising=False)
    forget()
    SCHEDULER._state.queue.clear()
    yield
    forget()


def forget() -> None:
    """Have the server start anew, as far as ascents are concerned."""
    ascent_job.cache_clear()
    ascent_store._public_store.cache_clear()
    ascent_store._private_store.cache_clear()


def vgg() -> Network:
    return networks.load("vgg16-edges")


def question(**changes: Any) -> AscentQuestion:
    """An ascent for two filters that takes half a second; no other test asks for the same."""
    asked = AscentQuestion(
        "block1_conv1", "filters", (1, 5), (64, 64), steps=4, seed=1000 + next(seeds)
    )
    return replace(asked, **changes)


def finished_ascent(
    network: Network, asked: AscentQuestion, picture: Picture | None = None
) -> AscentJob:
    job = ascent_job(network, asked, picture or sample_picture("cat"))
    while not job.job.is_finished:
        work_on([job.job])
    return job


def compared(job: AscentJob, chosen: Picture) -> Any:
    work = comparison(job, job.state, chosen)
    seen = []
    while not work.is_finished:
        work_on([work])
        seen.append(work.state)
    assert seen[-1].done == seen[-1].total == len(images.sample_names()) + 1
    return seen[-1]


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))
