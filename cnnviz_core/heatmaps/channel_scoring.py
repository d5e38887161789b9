"""Class activation maps that need no derivatives: try what each channel is worth.

They take a pass of the network, or of its end, for every channel, so they come as iterators of
better and better maps.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnviz_core.arrays import FloatArray, require_whole
from cnnviz_core.heatmaps.class_gradients import ClassGradients
from cnnviz_core.heatmaps.class_scores import chunk_size, logits_of
from cnnviz_core.heatmaps.records import MapState, chunks
from cnnviz_core.heatmaps.split_network import batch_size, split_at
from cnnviz_core.images import ImageArray, stretch
from cnnviz_core.networks.network import Network

# Score-CAM runs the whole network for each channel: of EfficientNet-Lite0 this takes two seconds.
SCORED_CHANNELS = 256


def score_cam_states(
    network: Network,
    image: ImageArray,
    found: ClassGradients,
    *,
    max_channels: int | None = SCORED_CHANNELS,
) -> Iterator[MapState]:
    """Weigh each channel with the score of the picture seen through it.

    Wang, Wang, Du, Yang, Zhang, Ding, Mardziel and Hu, *Score-CAM: Score-Weighted Visual
    Explanations for Convolutional Neural Networks* (2020), algorithm 1: a channel is enlarged to
    the network's input, brought to 0..1 and multiplied with the input; the weights are the softmax
    over all channels of the scores. The score of the baseline, the same for all, cancels out.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        The picture of `found`.
    found : ClassGradients
        Its derivatives are not used.
    max_channels : int or None
        Score only so many, those of the highest variance (tabayashi0117, *Faster-Score-CAM*, 2020).
        A channel that is constant masks nothing, and is never scored.

    Yields
    ------
    MapState
        Leaving the iterator stops the work.

    Raises
    ------
    ValueError
        If `max_channels` is below 1; at the call, not at the first state.
    """
    deviations = found.activations.std((0, 1), dtype=np.float64)
    channels = _strongest(deviations, max_channels)
    return _score_cam_states(network, image, found, channels)


def ablation_cam_states(
    network: Network,
    image: ImageArray,
    found: ClassGradients,
    *,
    max_channels: int | None = None,
) -> Iterator[MapState]:
    """Weigh each channel with what the score loses without it: Σₖ (y − yₖ) Aₖ.

    Desai and Ramaswamy, *Ablation-CAM: Visual Explanations for Deep Convolutional Network via
    Gradient-free Localization* (2020), equations 3 and 4. The paper divides all weights by y. That
    is left out: it does not change where the map is high, but turns it over where y is negative.

    Parameters
    ----------
    image : uint8 or float32 (H, W, 3)
        The picture of `found`.
    max_channels : int or None
        Ablate only so many, those whose loss should be largest by their derivatives, |Σ g A|. A
        channel that is zero loses nothing, and is never ablated.

    Yields
    ------
    MapState
        Leaving the iterator stops the work.

    Raises
    ------
    ValueError
        If `max_channels` is below 1; at the call, not at the first state.
    """
    is_active = found.activations.any((0, 1))
    products = found.activations.astype(np.float64) * found.gradients
    # A loss may be there even where the derivative is zero, but then comes last.
    losses = np.abs(products.sum((0, 1))) + np.finfo(np.float64).tiny
    channels = _strongest(np.where(is_active, losses, 0), max_channels)
    return _ablation_cam_states(network, image, found, channels)


def _score_cam_states(
    network: Network, image: ImageArray, found: ClassGradients, channels: npt.NDArray[np.intp]
) -> Iterator[MapState]:
    batch = network.preprocess(image)
    scores = np.empty(len(channels))
    for part in chunks(len(channels), chunk_size(network)):
        some = channels[part.start : part.stop]
        masks = _masks(found.activations[..., some], network.input_size)
        scores[part.start : part.stop] = logits_of(network, batch * masks) @ found.logit_weights
        known = scores[: part.stop]
        weights = np.exp(known - known.max())
        yield _weighed(found, channels, weights / weights.sum())
    if not len(channels):
        yield _nothing(found)


def _ablation_cam_states(
    network: Network, image: ImageArray, found: ClassGradients, channels: npt.NDArray[np.intp]
) -> Iterator[MapState]:
    split = split_at(network, found.layer)
    tensors = split.activations(network.preprocess(image))
    losses = np.empty(len(channels))
    for part in chunks(len(channels), batch_size(tensors[0])):
        factors = np.ones((len(part), found.activations.shape[2]), np.float32)
        factors[np.arange(len(part)), channels[part.start : part.stop]] = 0
        scores = np.asarray(split.head(tensors, factors), np.float64) @ found.logit_weights
        losses[part.start : part.stop] = found.score - scores
        yield _weighed(found, channels, losses[: part.stop])
    if not len(channels):
        yield _nothing(found)


def _strongest(strengths: npt.NDArray[np.float64], count: int | None) -> npt.NDArray[np.intp]:
    # Those that are not zero, the strongest first.
    if count is not None:
        require_whole(count, "max_channels", low=1)
    order = np.argsort(-strengths, kind="stable")
    return order[: np.count_nonzero(strengths)][:count]


def _masks(maps: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Enlarge maps (h, w, N) to masks (N, height, width, 1), each from 0 to 1."""
    large = np.stack([stretch(maps[..., [place]], size) for place in range(maps.shape[2])])
    low, high = (end((1, 2, 3), keepdims=True) for end in (large.min, large.max))
    # Deviating maps may become constant where they are made smaller.
    masks: FloatArray = (large - low) / np.maximum(high - low, np.finfo(np.float32).tiny)
    return masks


def _weighed(
    found: ClassGradients, channels: npt.NDArray[np.intp], known: npt.NDArray[np.float64]
) -> MapState:
    """Return the map of as many of the `channels` as have a known weight."""
    tried = channels[: len(known)]
    weights = np.zeros(found.activations.shape[2], np.float32)
    weights[tried] = known
    values = np.asarray(found.activations[..., tried] @ known, np.float32)
    return MapState(len(tried), len(channels), values, weights)


def _nothing(found: ClassGradients) -> MapState:
    return MapState(0, 0, np.zeros(found.activations.shape[:2], np.float32))
