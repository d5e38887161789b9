"""What the votes page shows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing import rendering
from cnnviz_core.drawing.rendered import Rendered
from cnnviz_core.drawing.rendering import Scale
from cnnviz_core.heatmaps import vote_sum, votes
from cnnviz_core.heatmaps.vote_sum import Addend
from cnnviz_core.heatmaps.votes import ChannelVote, Votes
from cnnviz_core.inspection.predictions import Change, changes, rank, require_finite
from cnnviz_core.networks import Network
from cnnviz_core.views.sharing import MAX_ARRAYS, MAX_VIEWS, Picture, shared
from cnnviz_core.views.vote_pictures import (
    ChannelDisplay,
    draw_channel,
    draw_heat,
    draw_kernel,
    heat_without,
    spatial_kernels,
)

VoteSide = Literal["for", "against"]

# Logits of a thousand classes take 4 KB.
MAX_LOGITS = 256

# The pictures of eight channels take 0.7 MB.
MAX_CHANNELS = 16


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


@dataclass(frozen=True, slots=True, eq=False)
class AblationStop:
    """What comes of ablating the `count` strongest channels, and single ones beside them.

    `num_ablated` counts all of them; the others are as in `VotesView`, and `heat` has its values,
    float32 (h, w).
    """

    count: int
    num_ablated: int
    score: float
    changes: tuple[Change, ...]
    heat: FloatArray


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


@shared(MAX_VIEWS)
def ablation_stops(
    network: Network,
    picture: Picture,
    target: int,
    against: int | None,
    side: VoteSide,
    counts: tuple[int, ...],
    single: tuple[int, ...],
) -> tuple[AblationStop, ...]:
    """Return what comes of ablating so many of the strongest channels, beside `single` ones.

    Parameters
    ----------
    counts : tuple of int
        How many are ablated at each stop of a slider.
    """
    found = _votes(network, picture, target, against)
    ablated = [
        tuple(sorted({*vote_sum.strongest(found, side, count), *single})) for count in counts
    ]
    before = _logits_without(network, picture, ())
    logits = votes.ablated_logits_of_each(network, picture.pixels, ablated)
    return tuple(
        AblationStop(
            count=count,
            num_ablated=len(channels),
            score=float(after.astype(np.float64) @ found.logit_weights),
            changes=changes(network, before, after, target),
            heat=heat_without(found, channels),
        )
        for count, channels, after in zip(counts, ablated, logits, strict=True)
    )


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
        heat=draw_heat(found, picture, ablated),
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
    kernels = spatial_kernels(network, found.layer)
    pro, contra = (
        tuple(
            ChannelView(
                vote,
                draw_channel(vote.values, scale, picture, display),
                None if kernels is None else draw_kernel(kernels[..., vote.channel]),
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
