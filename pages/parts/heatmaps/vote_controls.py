"""Which channels may vote, and for which class."""

from collections.abc import Sequence

import streamlit as st

from cnnviz_core.networks import Network
from cnnviz_core.views.sharing import Picture
from cnnviz_core.views.votes import (
    VoteCounts,
    VoterDisplay,
    VoteSide,
    parse_channels,
    strongest_channels,
)
from pages.parts import old_controls as controls
from pages.parts.class_controls import (
    CLASS_DEFAULTS,
    OTHER_CLASS_DEFAULTS,
    choose_class,
    choose_other_class,
)
from pages.parts.network_controls import NETWORK_DEFAULTS
from pages.parts.refusals import or_reason
from pages.parts.texts import _

VERSUS = "votes_versus"
COUNT = "votes_count"
SIDE = "votes_side"
SILENT = "votes_silent"
SHOWN = "votes_shown"
DISPLAY = "votes_display"

VOTE_DEFAULTS = {
    **NETWORK_DEFAULTS,
    **CLASS_DEFAULTS,
    VERSUS: False,
    **OTHER_CLASS_DEFAULTS,
    COUNT: 0,
    SIDE: "for",
    SILENT: "",
    SHOWN: 4,
    DISPLAY: "overlay",
}
SIDES: dict[VoteSide, str] = {"for": "For the class", "against": "Against it"}
DISPLAYS: dict[VoterDisplay, str] = {"overlay": "Over the picture", "values": "Values only"}

# Of the slider: fine where single voters count, coarse where only crowds do.
COUNTS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 60, 80, 120, 200, 300, 500, 800, 1200)
MOST_SHOWN = 12


def choose_classes(network: Network, picture: Picture) -> tuple[int, int | None]:
    """Draw the controls for the class, and for another one that it is told from if wanted."""
    target = choose_class(network, picture)
    if not controls.switch(
        _("Rather than another class"),
        VERSUS,
        False,
        help=_(
            "Vote on the difference of two scores. Softmax ignores what all classes gain alike: a "
            "channel that raises every score by the same amount changes no probability, however "
            "strong its vote. What counts is by how much it raises one class more than another."
        ),
    ):
        return target, None
    return target, choose_other_class(network, picture, target)


def choose_silent(
    network: Network, picture: Picture, target: int, against: int | None, counts: VoteCounts
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Draw the controls for the channels that must not vote: the strongest, and single ones."""
    side: VoteSide = st.session_state.get(SIDE, "for")
    count = _choose_count(counts.num_for if side == "for" else counts.num_against)
    if count:
        side = controls.choice(
            _("Silence voters"),
            SIDE,
            list(SIDES),
            show=lambda one: _(SIDES[one]),
            help=_(
                "Silence those for the class, and its score falls; silence those against it, and "
                "it rises."
            ),
        )
    loudest = strongest_channels(network, picture, target, against, side, count)
    return loudest, _choose_single(counts.num_channels)


def _choose_count(most: int) -> int:
    """The slider for the number of silenced channels; on a shorter one, as many as there are."""
    options = [*(count for count in COUNTS if count < most), most]
    if COUNT in st.session_state:
        wanted = st.session_state[COUNT]
        st.session_state[COUNT] = max(count for count in options if count <= max(wanted, 0))
    if most == 0:
        return 0
    return controls.snap(
        _("Silence the strongest"),
        COUNT,
        options,
        0,
        help=_(
            "How many channels are set to zero, the strongest voters first. The network then "
            "answers again."
        ),
    )


def _choose_single(num_channels: int) -> tuple[int, ...]:
    # Not a list to choose from: with a thousand channels in it, a browser takes a tenth of a second
    # more for every change of the page.
    text = st.text_input(
        _("Silence individual channels"),
        key=SILENT,
        bind="query-params",
        placeholder=_("None"),
        help=_(
            "Their numbers, separated by commas; or press the button under a channel. Press Enter "
            "to see the effect."
        ),
    )
    return or_reason(lambda: parse_channels(text, num_channels)) or ()


def choose_voters() -> tuple[int, VoterDisplay]:
    """Draw the controls for how many voters are shown, and how."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        display = controls.choice(
            _("Their maps"),
            DISPLAY,
            list(DISPLAYS),
            show=lambda one: _(DISPLAYS[one]),
            help=_("Show where in the picture a channel responds, or only its values."),
        )
        count = controls.slider(
            _("Voters on each side"),
            SHOWN,
            1,
            MOST_SHOWN,
            4,
            help=_("How many of the strongest are shown, for the class and against it."),
        )
    return count, display


def toggle_silence(channel: int, single: Sequence[int]) -> None:
    """Silence a channel beside the `single` ones, or let it speak again if it is one of them."""
    silent = [one for one in single if one != channel]
    if channel not in single:
        silent.append(channel)
    st.session_state[SILENT] = ", ".join(str(one + 1) for one in silent)
