"""The patch in the visitor's hand, and the patch that slides over the whole picture."""

from functools import partial
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.heatmaps.baselines import Fill
from cnnviz_core.heatmaps.occlusion import OcclusionState, TriedPlaces
from cnnviz_core.networks import Network
from cnnviz_core.number_format import short_tex
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views import occlusion
from cnnviz_core.views.occlusion import CoveredView, FallMap
from cnnviz_core.views.sharing import Picture
from pages.parts import controls, layout, long_work
from pages.parts.change_bars import show_changes
from pages.parts.heatmaps.occlusion_controls import STEP, choose_place
from pages.parts.heatmaps.occlusion_pad import show_pad
from pages.parts.pictures import color_bar
from pages.parts.refusals import or_reason
from pages.parts.texts import _

TRIED_PIXELS = 150

_TRIED = "occlusion tried"
_SLIDING = "occlusion slide"


@st.fragment
def show_by_hand(
    network: Network, picture: Picture, target: int, size: int, fill: Fill, name: str
) -> None:
    """The picture to drag the patch on, what the network says now, and the places tried so far."""
    long_work.stop_all()
    shown = layout.in_view()
    down, across = choose_place()
    patch = occlusion.patch_on(picture, down, across, size)
    stage, said = shown.columns([5, 4], gap="medium")
    # Before the network is asked, which may still be loading: what stands below must not jump.
    with stage:
        st.markdown(_("**Drag the patch**"))
        show_pad(picture, patch, down, across, fill)
    with said:
        view = or_reason(lambda: occlusion.covered(network, picture, target, patch, fill))
    if view is None:
        return
    tried = _with_this_place(picture, view, (network.key, picture.key, target, size, fill))
    with said:
        show_changes(view.changes, _("What the network says"))
        _show_tried(picture, occlusion.tried_map(picture, tried))
    _show_fall(view, name)


def _show_tried(picture: Picture, found: FallMap) -> None:
    """A little map of the places so far, and a button that begins it anew."""
    with st.container(
        horizontal=True, gap="small", vertical_alignment="bottom", key="occlusion-tried"
    ):
        with st.container(width=TRIED_PIXELS, gap="xsmall"):
            st.html(_map(picture, found, _("How far the score fell where you covered the picture")))
        with st.container(gap="xsmall"):
            st.markdown(
                _("Places tried: **{count}**. Red: the score falls.").format(
                    count=f"{found.done:,}"
                )
            )
            st.button(
                _("Clear the map"),
                key="occlusion forget",
                icon=":material/ink_eraser:",
                on_click=_forget,
                help=_("Start the map over. Another class or another patch starts it over, too."),
            )


def _show_fall(view: CoveredView, name: str) -> None:
    asked = next(one for one in view.changes if one.is_asked)
    text = (
        _("Score of *{name}*: {before}, covered {now}; it falls by {difference}.")
        if view.fall >= 0
        else _("Score of *{name}*: {before}, covered {now}; it rises by {difference}.")
    )
    numbers = asked.before.logit, asked.after.logit, abs(view.fall)
    before, now, difference = (f"${short_tex(one)}$" for one in numbers)
    st.markdown(text.format(name=name, before=before, now=now, difference=difference))
    st.caption(
        _(
            "Drag with the mouse or a finger, or move the sliders. Find a place that the network "
            "does not need at all, one without which it changes its mind, and one that speaks "
            "against the class."
        )
    )


def _with_this_place(picture: Picture, view: CoveredView, key: tuple[object, ...]) -> TriedPlaces:
    kept = st.session_state.get(_TRIED)
    tried = kept[1] if kept and kept[0] == key else occlusion.nothing_tried(picture)
    tried = occlusion.with_place(tried, view)
    st.session_state[_TRIED] = key, tried
    return tried


def _forget() -> None:
    st.session_state.pop(_TRIED, None)


@st.fragment
def show_sliding(
    network: Network, picture: Picture, target: int, size: int, fill: Fill, name: str
) -> None:
    """The map that a patch makes that slides over the whole picture, as it grows."""
    text, map_of_picture = st.columns([4, 5], gap="medium")
    with text:
        parts = controls.choice(STEP)
        pixels = occlusion.patch_on(picture, 0, 0, size).size
        stride = occlusion.stride_of(pixels, parts)
        job = long_work.keep(
            _SLIDING,
            (network.key, picture.key, target, pixels, stride, fill),
            lambda: occlusion.sliding_job(network, picture, target, pixels, stride, fill),
        )
        st.caption(
            _(
                "The patch covers {size} × {size} pixels and moves with a stride of {stride}. "
                "Each pixel shows how far the score of *{name}* falls, averaged over all patches "
                "that cover it: red where covering lowers the score, blue where it raises it. "
                "That is what this patch does to the score, and not what the network “sees”."
            ).format(size=pixels, stride=stride, name=name)
        )
        below = st.container()
    draw = partial(_show_slid, picture, job, pixels, below, map_of_picture)
    long_work.show(_SLIDING, [job], draw)


def _show_slid(
    picture: Picture,
    job: Job[OcclusionState],
    size: int,
    below: DeltaGenerator,
    beside: DeltaGenerator,
) -> None:
    """Draw the map so far beside the text, and below it the button and how far the work is."""
    with below:
        long_work.show_button(
            _SLIDING,
            [job],
            _("Slide it across the picture"),
            help=_("Cover one place after another, and note each time how far the score falls."),
        )
    found = or_reason(lambda: occlusion.sliding_map(picture, job, size))
    if found is None:
        return
    with beside:
        st.markdown(_("**The patch at every place**"))
        st.html(_map(picture, found, _("How far the score falls where the picture is covered")))
    if found.total:
        below.progress(
            found.done / found.total,
            _("{done} of {total} places").format(done=f"{found.done:,}", total=f"{found.total:,}"),
        )


def _map(picture: Picture, found: FallMap, alt: str) -> str:
    """The map with its color bar, as HTML; as long as nothing is covered it has no scale."""
    height, width = picture.pixels.shape[:2]
    bar = color_bar(found.scale) if found.done else ""
    return (
        f'<img class="occlusion-map" src="{found.url}" width="{width}" height="{height}" '
        f'alt="{escape(alt)}">{bar}'
    )
