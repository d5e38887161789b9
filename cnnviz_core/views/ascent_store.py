"""Finished climbs, and what filters answer to them: kept, so that nobody computes them twice."""

import os
from dataclasses import asdict
from functools import lru_cache

import numpy as np

from cnnviz_core import images, networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.filter_ascent.batches import Climbed
from cnnviz_core.networks import Network
from cnnviz_core.runtime import result_store
from cnnviz_core.runtime.result_store import Arrays, Store
from cnnviz_core.views.ascent_questions import AscentQuestion, AscentState
from cnnviz_core.views.sharing import Picture


def kept_climb(
    network: Network, picture: Picture | None, question: AscentQuestion
) -> AscentState | None:
    """The finished climb of a question, if anybody has ever asked it."""
    arrays = result_store.find(*_store_and_name(network, picture, "ascent", question, None))
    return None if arrays is None else _unpacked(arrays)


def keep_climb(
    network: Network, picture: Picture | None, question: AscentQuestion, state: AscentState
) -> None:
    """Keep a finished climb."""
    where = _store_and_name(network, picture, "ascent", question, None)
    result_store.keep(*where, _packed(state))


def kept_answers(
    network: Network, picture: Picture | None, question: AscentQuestion, step: int
) -> FloatArray | None:
    """What the objectives measure of their pictures as they are, if anybody has asked."""
    where = _store_and_name(network, picture, "ascent measured as they are", question, step)
    arrays = result_store.find(*where)
    return None if arrays is None else arrays["answers"]


def keep_answers(
    network: Network,
    picture: Picture | None,
    question: AscentQuestion,
    step: int,
    answers: FloatArray,
) -> None:
    """Keep what the objectives measure of their pictures as they are, after some steps."""
    where = _store_and_name(network, picture, "ascent measured as they are", question, step)
    result_store.keep(*where, {"answers": answers})


def _packed(state: AscentState) -> Arrays:
    return {
        # Finer than the eighth bit of what is shown, even where contrast is raised.
        "images": state.climbed.images.astype(np.float16),
        "activations": state.climbed.activations,
        "frames": np.frombuffer(b"".join(state.frames), np.uint8),
        "lengths": np.array([len(frame) for frame in state.frames]),
        "seconds": np.array(state.seconds),
    }


def _unpacked(arrays: Arrays) -> AscentState:
    ends = np.cumsum(arrays["lengths"])
    parts = np.split(arrays["frames"], ends[:-1])
    climbed = Climbed(1.0, arrays["images"].astype(np.float32), arrays["activations"])
    frames = tuple(part.tobytes() for part in parts)
    return AscentState(climbed, frames, float(arrays["seconds"]))


def _store_and_name(
    network: Network, picture: Picture | None, kind: str, question: AscentQuestion, step: int | None
) -> tuple[Store, str]:
    # Only what anybody could ask for goes into the folder.
    is_public = (picture is None or picture.key in images.sample_names()) and any(
        network.key == info.key for info in networks.available()
    )
    name = result_store.name_of(
        kind,
        network_key=network.key,
        parameters={
            **asdict(question),
            "step": step,
            "picture": None if picture is None else picture.key,
        },
    )
    return (_public_store() if is_public else _private_store()), name


@lru_cache(maxsize=1)
def _public_store() -> Store:
    return result_store.store_of(os.environ)


@lru_cache(maxsize=1)
def _private_store() -> Store:
    return Store()
