"""Which channels may vote, and for which class."""

from collections.abc import Sequence

import streamlit as st

from cnnviz_core.networks import Network
from cnnviz_core.views.sharing import Picture
from cnnviz_core.views.vote_pictures import ChannelDisplay
from cnnviz_core.views.votes import (
    VoteCounts,
    VoteSide,
    parse_channels,
    strongest_channels,
)
from pages.parts import controls
from pages.parts.class_controls import (
    CLASS,
    OTHER_CLASS,
    choose_class,
    choose_other_class,
)
from pages.parts.declarations import Choice, Number, Switch, Text
from pages.parts.network_controls import NETWORK
from pages.parts.refusals import or_reason
from pages.parts.texts import N_

VERSUS = Switch(
    key="votes_versus",
    label=N_("Rather than another class"),
    help=N_(
        "Vote on the difference of two scores. Softmax ignores what all classes gain alike: a "
        "channel that raises every score by the same amount changes no probability, however strong "
        "its vote. What counts is by how much it raises one class more than another."
    ),
)
COUNT: Choice[int] = Choice(
    key="votes_count",
    label=N_("Silence the strongest"),
    options={},
    default=0,
    help=N_(
        "How many channels are set to zero, the strongest voters first. The network then answers "
        "again."
    ),
)
SIDE: Choice[VoteSide] = Choice(
    key="votes_side",
    label=N_("Silence voters"),
    options={"for": N_("For the class"), "against": N_("Against it")},
    default="for",
    help=N_(
        "Silence those for the class, and its score falls; silence those against it, and it rises."
    ),
)
ABLATED = Text(
    key="votes_silent",
    label=N_("Silence individual channels"),
    default="",
    placeholder=N_("None"),
    help=N_(
        "Their numbers, separated by commas; or click a channel below. Press Enter to "
        "see the effect."
    ),
)
DISPLAY: Choice[ChannelDisplay] = Choice(
    key="votes_display",
    label=N_("Their maps"),
    options={"overlay": N_("Over the picture"), "values": N_("Values only")},
    default="overlay",
    help=N_("Show where in the picture a channel responds, or only its values."),
)
SHOWN = Number(
    key="votes_shown",
    label=N_("Voters on each side"),
    low=1,
    high=12,
    default=4,
    help=N_("How many of the strongest are shown, for the class and against it."),
)
VOTE_CONTROLS = (
    NETWORK,
    CLASS,
    VERSUS,
    OTHER_CLASS,
    COUNT,
    SIDE,
    ABLATED,
    SHOWN,
    DISPLAY,
)

# Of the slider: fine where single channels count, coarse where only many do.
COUNTS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 60, 80, 120, 200, 300, 500, 800, 1200)


def choose_classes(network: Network, picture: Picture) -> tuple[int, int | None]:
    """Draw the controls for the class, and for another one that it is told from if wanted."""
    target = choose_class(network, picture)
    if not controls.switch(VERSUS):
        return target, None
    return target, choose_other_class(network, picture, target)


def choose_ablated(
    network: Network, picture: Picture, target: int, against: int | None, counts: VoteCounts
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Draw the controls for the channels to ablate: the strongest, and single ones."""
    side = controls.value(SIDE)
    count = _choose_count(counts.num_for if side == "for" else counts.num_against)
    if count:
        side = controls.choice(SIDE)
    strongest = strongest_channels(network, picture, target, against, side, count)
    return strongest, _choose_single(counts.num_channels)


def _choose_count(most: int) -> int:
    """Draw the slider for how many channels to ablate; on a shorter one, as many as there are."""
    options = counts_up_to(most)
    wanted = controls.value(COUNT)
    controls.fall_back(COUNT, options, max(one for one in options if one <= max(wanted, 0)))
    return controls.snap(COUNT, options=options) if most else 0


def counts_up_to(most: int) -> tuple[int, ...]:
    """Return where the slider stops for how many channels to ablate."""
    return (*(count for count in COUNTS if count < most), most)


def _choose_single(num_channels: int) -> tuple[int, ...]:
    # Not a list to choose from: with a thousand channels in it, a browser takes a tenth of a second
    # more for every change of the page.
    written = controls.text(ABLATED)
    return or_reason(lambda: parse_channels(written, num_channels)) or ()


def choose_channels() -> tuple[int, ChannelDisplay]:
    """Draw the controls for how many channels are shown, and how."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        display = controls.choice(DISPLAY)
        return controls.slider(SHOWN), display


def toggle_ablation(channel: int, single: Sequence[int]) -> None:
    """Ablate a channel beside the `single` ones, or restore it if it is one of them."""
    ablated = [one for one in single if one != channel]
    if channel not in single:
        ablated.append(channel)
    controls.say(ABLATED, ", ".join(str(one + 1) for one in ablated))
