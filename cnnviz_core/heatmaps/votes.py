"""Which channels speak for a class, and which against it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.heatmaps.class_gradients import class_gradients
from cnnviz_core.heatmaps.records import chunks
from cnnviz_core.heatmaps.split_network import batch_size, split_at
from cnnviz_core.images import ImageArray
from cnnviz_core.inspection.layer_roles import pooled_classifier
from cnnviz_core.networks.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """What each channel of a layer adds to the score of a class.

    Attributes
    ----------
    layer : str
    weights : float32 (C,)
        By how much the score grows with the channel's mean.
    means : float32 (C,)
        The channel's mean activation.
    bias : float or None
        What the score has without any vote. None where votes and bias do not add up to the score:
        behind the layer there is more than an average and a weighted sum.
    score : float
        As the network computes it: a logit, or the difference of two.
    activations : float32 (h, w, C)
        The layer's output.
    logit_weights : float32 (classes,)
        What the score is made of: 1 at the class, −1 at the class it is told from.
    """

    layer: str
    weights: FloatArray
    means: FloatArray
    bias: float | None
    score: float
    activations: FloatArray
    logit_weights: FloatArray

    @property
    def values(self) -> FloatArray:
        """Return the votes, float32 (C,): weight × mean."""
        return self.weights * self.means

    @property
    def total(self) -> float:
        """Return the sum of all votes and the bias: the score, where there is a bias."""
        return float(self.weights.astype(np.float64) @ self.means) + (self.bias or 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class ChannelVote:
    """One channel and its vote.

    Attributes
    ----------
    channel : int
    weight, mean, vote : float
        The vote is weight × mean.
    values : float32 (h, w)
        The channel's map.
    """

    channel: int
    weight: float
    mean: float
    vote: float
    values: FloatArray


def votes(
    network: Network,
    image: ImageArray,
    target_class: int | None = None,
    *,
    against: int | None = None,
    layer: str | None = None,
) -> Votes:
    """Return what each channel of a layer adds to the score of a class.

    Behind global average pooling and a dense layer, a logit is the sum of the channels' votes and
    the bias (Zhou, Khosla, Lapedriza, Oliva and Torralba, *Learning Deep Features for
    Discriminative Localization*, 2016, equation 1). At any other layer the weight is the sum of the
    channel's derivatives, as in Grad-CAM; then the votes are the first order of the truth.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    target_class, against : int, optional
        The class, by default the most probable one, and a class to tell it from.
    layer : str, optional
        One of `layer_roles.target_layers`. By default the one whose means are weighed, or else
        the last one.

    Raises
    ------
    ValueError
        If the network has no classifier, there is no such class or layer, or `image` is no picture.
    """
    end = pooled_classifier(network)
    name = end.layer if layer is None and end is not None else layer
    found = class_gradients(network, image, target_class, against=against, layer=name)
    if end is not None and end.layer == found.layer:
        weights, bias = end.kernel @ found.logit_weights, float(end.bias @ found.logit_weights)
    else:
        weights, bias = found.gradients.sum((0, 1), dtype=np.float64), None
    return Votes(
        layer=found.layer,
        weights=np.asarray(weights, np.float32),
        means=found.activations.mean((0, 1), dtype=np.float64).astype(np.float32),
        bias=bias,
        score=found.score,
        activations=found.activations,
        logit_weights=found.logit_weights,
    )


def strongest_votes(
    found: Votes, count: int = 8
) -> tuple[tuple[ChannelVote, ...], tuple[ChannelVote, ...]]:
    """Return the channels that vote most strongly for the class, and those that do against it.

    Parameters
    ----------
    count : int
        At least 1; at most so many on each side. Who abstains, with a vote of 0, is on neither.

    Returns
    -------
    (tuple of ChannelVote, tuple of ChannelVote)
        For and against, each the strongest first.
    """
    require_whole(count, "count", low=1)
    values = found.values
    order = np.argsort(-values, kind="stable")
    pro = [channel for channel in order[:count] if values[channel] > 0]
    contra = [channel for channel in order[::-1][:count] if values[channel] < 0]
    return tuple(_channel_vote(found, one) for one in pro), tuple(
        _channel_vote(found, one) for one in contra
    )


def ablated_logits(
    network: Network, image: ImageArray, channels: Sequence[int], *, layer: str | None = None
) -> FloatArray:
    """Return the logits of a network some of whose channels are ablated.

    The network itself stays as it is: it runs up to the layer, and with the channels set to zero
    from there on.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        RGB, 0..255, of any size.
    channels : sequence of int
        Of the layer; none of them gives the logits as they are.
    layer : str, optional
        As in `votes`.

    Returns
    -------
    float32 (classes,)

    Raises
    ------
    ValueError
        If the network has no classifier, there is no such layer or channel, or `image` is no
        picture.
    """
    (logits,) = ablated_logits_of_each(network, image, [channels], layer=layer)
    return logits


def ablated_logits_of_each(
    network: Network,
    image: ImageArray,
    choices: Sequence[Sequence[int]],
    *,
    layer: str | None = None,
) -> tuple[FloatArray, ...]:
    """Return the logits of a network for each choice of channels that are ablated.

    As `ablated_logits`, but up to the layer the network runs once.
    """
    end = pooled_classifier(network) if layer is None else None
    split = split_at(network, layer if end is None else end.layer)
    num_channels = network.layer(split.layer).output_shape[-1]
    factors = np.ones((len(choices), num_channels), np.float32)
    for row, channels in zip(factors, choices, strict=True):
        row[[require_whole(one, "channels", low=0, high=num_channels - 1) for one in channels]] = 0
    tensors = split.activations(network.preprocess(image))
    parts = chunks(len(choices), batch_size(tensors[0]))
    logits = [split.head(tensors, factors[part.start : part.stop]) for part in parts]
    return tuple(np.concatenate(logits).astype(np.float32).reshape(len(choices), -1))


def _channel_vote(found: Votes, channel: np.intp) -> ChannelVote:
    return ChannelVote(
        channel=int(channel),
        weight=float(found.weights[channel]),
        mean=float(found.means[channel]),
        vote=float(found.values[channel]),
        values=found.activations[..., channel],
    )
