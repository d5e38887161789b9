"""What the votes page shows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cnnviz_core.arrays import ByteArray, FloatArray
from cnnviz_core.drawing import kernels as kernel_sheets
from cnnviz_core.drawing import maps as map_drawing
from cnnviz_core.drawing import montage, rendering
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.heatmaps import vote_sum, votes
from cnnviz_core.heatmaps.class_scores import at_picture_size
from cnnviz_core.heatmaps.vote_sum import Addend
from cnnviz_core.heatmaps.votes import ChannelVote, Votes
from cnnviz_core.inspection.layer_roles import convolution_of
from cnnviz_core.inspection.predictions import Change, changes, rank, require_finite
from cnnviz_core.networks import Network
from cnnviz_core.views import overlays
from cnnviz_core.views.kernels import layer_kernels
from cnnviz_core.views.sharing import MAX_ARRAYS, MAX_VIEWS, Picture, shared

VoteSide = Literal["for", "against"]

# How the map of a channel is shown: over the picture, or its values alone.
ChannelDisplay = Literal["overlay", "values"]

# Logits of a thousand classes take 4 KB.
MAX_LOGITS = 256

# The pictures of eight channels take 0.7 MB.
MAX_CHANNELS = 16

# Twice as wide as the picture of a channel on the page, for high-density screens.
CHANNEL_PIXELS = 320
KERNEL_PIXELS = 320

# The share of the colors where a map lies over the picture.
HEAT_ALPHA = 0.55

# Of a kernel that reads so many channels or fewer, each is shown; of others, their mean.
MOST_TILES = 16


@dataclass(frozen=True, slots=True)
class VoteCounts:
    """The layer whose channels vote, how many there are, and how many are on either side."""

    layer: str
    num_channels: int
    num_for: int
    num_against: int

    @property
    def num_abstaining(self) -> int:
        """Return how many are on neither side."""
        return self.num_channels - self.num_for - self.num_against


@dataclass(frozen=True, slots=True)
class VoteBar:
    """One addend, and from where to where its bar goes: shares of the axis, 0..1."""

    addend: Addend
    left: float
    right: float


@dataclass(frozen=True, slots=True, eq=False)
class VotesView:
    """How the votes of a layer's channels make the score of a class.

    Attributes
    ----------
    bars : tuple of VoteBar
        From zero to the score, vote by vote.
    zero, before, sum : float
        Where on the axis of the bars zero is, the score with all channels, and the sum.
    score_before, score : float
        As the network computes it: with all channels, and with those that are not ablated.
    total : float
        The sum of the votes that are not ablated, and the bias where there is one.
    is_exact : bool
        Whether that sum is the score.
    formula : str
    heat : Rendered
        The votes at their places, over the picture; positive where they are for the class.
    changes : tuple of Change
        The classes that stand out, with all channels and without the ablated ones.
    first_before, first : str
        The names of the most probable classes, likewise.
    common_rise : float or None
        By how much ablation raises the scores of all classes on average, which softmax ignores;
        None for a network that does not end in softmax.
    """

    bars: tuple[VoteBar, ...]
    zero: float
    before: float
    sum: float
    score_before: float
    score: float
    total: float
    is_exact: bool
    formula: str
    heat: Rendered
    changes: tuple[Change, ...]
    first_before: str
    first: str
    common_rise: float | None


@dataclass(frozen=True, slots=True, eq=False)
class ChannelView:
    """One channel: what it adds, its map, and its kernel where that says something."""

    vote: ChannelVote
    map: Rendered
    kernel: Rendered | None


@dataclass(frozen=True, slots=True, eq=False)
class ChannelsView:
    """The strongest channels for a class and against it; their maps have one color scale."""

    pro: tuple[ChannelView, ...]
    contra: tuple[ChannelView, ...]
    scale: Scale


def vote_counts(network: Network, picture: Picture, target: int, against: int | None) -> VoteCounts:
    """Return how many channels there are, and on which side they are.

    Raises
    ------
    ValueError
        As `votes.votes`, or if a vote is not finite.
    """
    found = _votes(network, picture, target, against)
    return VoteCounts(
        found.layer,
        found.weights.size,
        int(np.count_nonzero(found.values > 0)),
        int(np.count_nonzero(found.values < 0)),
    )


def strongest_channels(
    network: Network, picture: Picture, target: int, against: int | None, side: VoteSide, count: int
) -> tuple[int, ...]:
    """Return the channels that vote most strongly for a class, or against it."""
    return vote_sum.strongest(_votes(network, picture, target, against), side, count)


def parse_channels(text: str, count: int) -> tuple[int, ...]:
    """Return the channels that a person typed, counted from 0; `ValueError` for anything else."""
    return vote_sum.parse_channels(text, count)


@shared(MAX_VIEWS)
def vote_view(
    network: Network, picture: Picture, target: int, against: int | None, ablated: tuple[int, ...]
) -> VotesView:
    """Return how the votes make the score of a class, with some channels ablated.

    Parameters
    ----------
    target : int
        The class.
    against : int or None
        A class that it is told from: then the score is the difference of the two.
    ablated : tuple of int
        Channels.

    Raises
    ------
    ValueError
        As `votes.votes`.
    """
    found = _votes(network, picture, target, against)
    addends = vote_sum.add_up(found, ablated)
    before, after = (_logits_without(network, picture, one) for one in ((), ablated))
    score = float(after.astype(np.float64) @ found.logit_weights)
    total = addends[-1].end if addends else 0.0
    ends = [0.0, found.score, score, *(one.end for one in addends)]
    low, high = min(ends), max(ends)

    def share(value: float) -> float:
        return (value - low) / (high - low) if high > low else 0.0

    return VotesView(
        bars=tuple(VoteBar(one, *map(share, sorted((one.start, one.end)))) for one in addends),
        zero=share(0.0),
        before=share(found.score),
        sum=share(total),
        score_before=found.score,
        score=score,
        total=total,
        is_exact=found.bias is not None,
        formula=vote_sum.sum_formula(found, ablated),
        heat=_heat(found, picture, ablated),
        changes=changes(network, before, after, target),
        first_before=rank(network, before, 1)[0].name,
        first=rank(network, after, 1)[0].name,
        common_rise=_common_rise(network, before, after),
    )


@shared(MAX_CHANNELS)
def channel_views(
    network: Network,
    picture: Picture,
    target: int,
    against: int | None,
    count: int,
    display: ChannelDisplay,
) -> ChannelsView:
    """Return the channels that vote most strongly, at most `count` for a class and against it."""
    found = _votes(network, picture, target, against)
    sides = votes.strongest_votes(found, count)
    maps = [vote.values for side in sides for vote in side]
    scale = rendering.value_scale(*maps) if maps else Scale(0.0, 1.0, "sequential")
    kernels = _kernels(network, found.layer)
    pro, contra = (
        tuple(
            ChannelView(
                vote,
                _channel_map(vote.values, scale, picture, display),
                None if kernels is None else _kernel(kernels[..., vote.channel]),
            )
            for vote in side
        )
        for side in sides
    )
    return ChannelsView(pro, contra, scale)


@shared(MAX_ARRAYS)
def _votes(network: Network, picture: Picture, target: int, against: int | None) -> Votes:
    found = votes.votes(network, picture.pixels, target, against=against)
    require_finite(network, found.values, found.activations)
    return found


@shared(MAX_LOGITS)
def _logits_without(network: Network, picture: Picture, ablated: tuple[int, ...]) -> FloatArray:
    return votes.ablated_logits(network, picture.pixels, ablated)


def _common_rise(network: Network, before: FloatArray, after: FloatArray) -> float | None:
    has_softmax = network.output_activation != "sigmoid"
    return float((after - before).mean(dtype=np.float64)) if has_softmax else None


def _heat(found: Votes, picture: Picture, ablated: tuple[int, ...]) -> Rendered:
    """Draw the weighted sum of the maps, in colors that do not depend on what is ablated."""
    weights = found.weights.copy()
    weights[list(ablated)] = 0
    values = found.activations @ weights
    reach = float(np.abs(found.activations @ found.weights).max()) or 1.0
    scale = Scale(-reach, reach, "diverging")
    return rendered(_over(picture.pixels, values, scale), values, scale)


def _channel_map(
    values: FloatArray, scale: Scale, picture: Picture, display: ChannelDisplay
) -> Rendered:
    small = montage.fit_width(picture.pixels, CHANNEL_PIXELS)
    if display == "overlay":
        return rendered(_over(small, values, scale), values, scale)
    return rendered(map_drawing.draw_map(values, scale, *small.shape[:2]), values, scale)


def _over(pixels: ByteArray, values: FloatArray, scale: Scale) -> ByteArray:
    """Lay a map (h, w) over a picture, stretched to it."""
    large = at_picture_size(values, pixels)
    return overlays.draw_overlay(pixels, large, scale, alpha=HEAT_ALPHA)


def _kernels(network: Network, layer: str) -> FloatArray | None:
    """Return the kernels (kh, kw, in, out) of a layer; None where they have one pixel only."""
    convolution = convolution_of(network, layer)
    kernels = None if convolution is None else layer_kernels(network, convolution)
    return None if kernels is None or kernels.shape[:2] == (1, 1) else kernels


def _kernel(weights: FloatArray) -> Rendered:
    """Draw one kernel (kh, kw, in): in colors, each channel that it reads, or the mean of many."""
    count = weights.shape[2]
    kind: kernel_sheets.SheetKind = "color" if count == 3 else "tiles"
    if kind == "color":
        shown = weights[..., np.newaxis]
    elif count <= MOST_TILES:
        shown = weights[:, :, np.newaxis]
    else:
        shown = weights.mean(2, keepdims=True)[..., np.newaxis]
    scale = kernel_sheets.sheet_scale(kind, shown)
    drawn = kernel_sheets.draw_sheet(np.ascontiguousarray(shown), scale, kind)
    return rendered(montage.fit_width(drawn, KERNEL_PIXELS), shown, scale)
