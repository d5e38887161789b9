"""How each method runs: from what is asked to a map, or to better and better ones."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps import class_activation, pixel_attribution
from cnnviz_core.heatmaps.channel_contributions import strongest_channels
from cnnviz_core.heatmaps.channel_scoring import (
    SCORED_CHANNELS,
    ablation_cam_states,
    score_cam_states,
)
from cnnviz_core.heatmaps.class_gradients import ClassGradients, class_gradients, score_weights
from cnnviz_core.heatmaps.class_scores import logits_of
from cnnviz_core.heatmaps.records import Completeness, MapState, Question, RawMap
from cnnviz_core.images import ImageArray
from cnnviz_core.inspection.layer_roles import pooled_classifier
from cnnviz_core.networks.network import Network

Run = Callable[[Question], Iterator[RawMap]]


class _State(Protocol):
    """A map that grows: what the attributions' states have in common."""

    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def values(self) -> FloatArray: ...


def cam(question: Question) -> Iterator[RawMap]:
    """Run CAM, on the layer whose means the classifier weighs."""
    end = pooled_classifier(question.network)
    if end is None:
        raise ValueError(
            "method must be another than 'cam': it needs a network that ends in global average "
            f"pooling and a dense layer, and {question.network.title!r} does not. Grad-CAM does "
            "the same for any network."
        )
    found = _found(question, end.layer if question.layer is None else question.layer)
    yield _weighed("cam", found, class_activation.cam(found, end))


def weighing(method: str, weigh: Callable[[ClassGradients], FloatArray]) -> Run:
    """Return the run of a method that weighs the maps of a layer in one pass, for a class."""

    def run(question: Question) -> Iterator[RawMap]:
        found = _found(question, question.layer)
        yield _weighed(method, found, weigh(found))

    return run


def eigen_cam(question: Question) -> Iterator[RawMap]:
    """Run Eigen-CAM, whose channels are for no class."""
    found = _found(question, question.layer)
    yield _of_layer("eigen-cam", found, MapState(1, 1, class_activation.eigen_cam(found)))


def score_cam(question: Question) -> Iterator[RawMap]:
    """Run Score-CAM, on the channels of the highest variance unless told how many."""
    found = _found(question, question.layer)
    count = question.max_channels or SCORED_CHANNELS
    states = score_cam_states(question.network, question.image, found, max_channels=count)
    for state in states:
        yield _of_layer("score-cam", found, state)


def ablation_cam(question: Question) -> Iterator[RawMap]:
    """Run Ablation-CAM, on all channels unless told how many."""
    found = _found(question, question.layer)
    count = question.max_channels
    states = ablation_cam_states(question.network, question.image, found, max_channels=count)
    for state in states:
        yield _of_layer("ablation-cam", found, state)


def attributing(
    method: str, attribute: Callable[[Network, ImageArray, FloatArray], FloatArray]
) -> Run:
    """Return the run of a method that gives pixels their share in one pass."""

    def run(question: Question) -> Iterator[RawMap]:
        score = _score(question)
        values = attribute(question.network, question.image, score[1])
        yield _of_pixels(method, score, values)

    return run


def growing(
    method: str, states: Callable[[Network, ImageArray, FloatArray], Iterator[_State]]
) -> Run:
    """Return the run of a method that gives pixels their share in many passes."""

    def run(question: Question) -> Iterator[RawMap]:
        score = _score(question)
        for one in states(question.network, question.image, score[1]):
            yield _of_pixels(method, score, one.values, one.done, one.total)

    return run


def integrated_gradients(question: Question) -> Iterator[RawMap]:
    """Run integrated gradients, and say of each map how complete it is."""
    score = _score(question)
    states = pixel_attribution.integrated_gradients_states(
        question.network, question.image, score[1], steps=question.steps
    )
    for one in states:
        found = _of_pixels("integrated-gradients", score, one.values, one.done, one.total)
        yield replace(found, completeness=Completeness(one.attributed, one.difference))


def _found(question: Question, layer: str | None) -> ClassGradients:
    return class_gradients(
        question.network,
        question.image,
        question.target_class,
        against=question.against,
        layer=layer,
    )


def _weighed(method: str, found: ClassGradients, weights: FloatArray) -> RawMap:
    values = class_activation.weighted_sum(found.activations, weights)
    return _of_layer(method, found, MapState(1, 1, values, weights))


def _of_layer(method: str, found: ClassGradients, state: MapState) -> RawMap:
    weights = state.weights
    return RawMap(
        method=method,
        layer=found.layer,
        values=state.values,
        logits=found.logits,
        logit_weights=found.logit_weights,
        done=state.done,
        total=state.total,
        strongest=None if weights is None else strongest_channels(found.activations, weights),
    )


def _of_pixels(
    method: str,
    score: tuple[FloatArray, FloatArray],
    values: FloatArray,
    done: int = 1,
    total: int = 1,
) -> RawMap:
    logits, logit_weights = score
    return RawMap(
        method=method,
        layer=None,
        values=values,
        logits=logits,
        logit_weights=logit_weights,
        done=done,
        total=total,
    )


def _score(question: Question) -> tuple[FloatArray, FloatArray]:
    """Return the logits, and what the score is made of."""
    network = question.network
    logits = logits_of(network, network.preprocess(question.image))[0]
    target = question.target_class
    if target is None:
        target = int(logits.argmax()) if logits.size > 1 else int(logits[0] >= 0)
    return logits, score_weights(network, target, question.against)
