"""The patch in the visitor's hand, and the patch that slides over the whole picture."""

from functools import partial
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.heatmaps.baselines import Baseline
from cnnviz_core.heatmaps.manual_occlusion import ManualOcclusionMap
from cnnviz_core.heatmaps.occlusion import OcclusionState
from cnnviz_core.networks import Network
from cnnviz_core.number_format import short_tex
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views import occlusion
from cnnviz_core.views import occlusion_files as take_home
from cnnviz_core.views.occlusion import CoveredView, OcclusionMapView
from cnnviz_core.views.sharing import Picture
from pages.parts import actions, code_drawer, controls, layout, long_work, results, save_drawer
from pages.parts.change_bars import show_changes
from pages.parts.heatmaps.occlusion_controls import PATCH_CONTROLS, STEP, choose_place
from pages.parts.heatmaps.occlusion_pad import show_pad
from pages.parts.pictures import color_bar
from pages.parts.refusals import fragment, or_reason
from pages.parts.texts import _, literal

MANUAL_MAP_PIXELS = 150

_MANUAL_MAP = "occlusion manual map"
_SLIDING = "occlusion slide"


@fragment
def show_by_hand(
    network: Network, picture: Picture, target: int, size: int, baseline: Baseline, name: str
) -> None:
    """Show the picture to drag the patch on, what the network says now, and the map by hand."""
    long_work.stop_all()
    shown = layout.in_view()
    down, across = choose_place()
    patch = occlusion.patch_on(picture, down, across, size)
    stage, said = shown.columns([5, 4], gap="medium")
    # Before the network is asked, which may still be loading: what stands below must not jump.
    with stage:
        st.markdown(_("**Drag the patch**"))
        show_pad(picture, patch, down, across, baseline)
    with said:
        view = or_reason(lambda: occlusion.covered(network, picture, target, patch, baseline))
    if view is None:
        actions.forget()
        return
    covered = _with_this_place(picture, view, (network.key, picture.key, target, size, baseline))
    with said:
        show_changes(view.changes, _("What the network says"))
        _show_manual_map(picture, occlusion.manual_map_view(picture, covered))
    _show_score_drop(view, name)
    asked = network, picture, target, patch, baseline
    code_drawer.tell(partial(take_home.by_hand, *asked))
    made = partial(take_home.saved_by_hand, *asked)
    results.say(_("Occlusion"), made, PATCH_CONTROLS, (_("Class"), name))


def _show_manual_map(picture: Picture, found: OcclusionMapView) -> None:
    """Show a little map of the places so far, and a button that begins it anew."""
    with st.container(
        horizontal=True, gap="small", vertical_alignment="bottom", key="occlusion-tried"
    ):
        with st.container(width=MANUAL_MAP_PIXELS, gap="xsmall"):
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


def _show_score_drop(view: CoveredView, name: str) -> None:
    asked = next(one for one in view.changes if one.is_asked)
    text = (
        _("Score of *{name}*: {before}, covered {now}; it falls by {difference}.")
        if view.score_drop >= 0
        else _("Score of *{name}*: {before}, covered {now}; it rises by {difference}.")
    )
    numbers = asked.before.logit, asked.after.logit, abs(view.score_drop)
    before, now, difference = (f"${short_tex(one)}$" for one in numbers)
    st.markdown(text.format(name=literal(name), before=before, now=now, difference=difference))
    st.caption(
        _(
            "Drag with the mouse or a finger, or move the sliders. Find a place that the network "
            "does not need at all, one without which it changes its mind, and one that speaks "
            "against the class."
        )
    )


def _with_this_place(
    picture: Picture, view: CoveredView, key: tuple[object, ...]
) -> ManualOcclusionMap:
    kept = st.session_state.get(_MANUAL_MAP)
    covered = kept[1] if kept and kept[0] == key else occlusion.empty_manual_map(picture)
    covered = occlusion.with_patch(covered, view)
    st.session_state[_MANUAL_MAP] = key, covered
    return covered


def _forget() -> None:
    st.session_state.pop(_MANUAL_MAP, None)


@fragment
def show_sliding(
    network: Network, picture: Picture, target: int, size: int, baseline: Baseline, name: str
) -> None:
    """Show the map that a patch makes that slides over the whole picture, as it grows."""
    text, map_of_picture = st.columns([4, 5], gap="medium")
    with text:
        parts = controls.choice(STEP)
        pixels = occlusion.patch_on(picture, 0, 0, size).size
        stride = occlusion.stride_of(pixels, parts)
        job = long_work.keep(
            _SLIDING,
            (network.key, picture.key, target, pixels, stride, baseline),
            lambda: occlusion.sliding_job(network, picture, target, pixels, stride, baseline),
        )
        st.caption(
            _(
                "The patch covers {size} × {size} pixels and moves with a stride of {stride}. "
                "Each pixel shows how far the score of *{name}* falls, averaged over all patches "
                "that cover it: red where covering lowers the score, blue where it raises it. "
                "That is what this patch does to the score, and not what the network “sees”."
            ).format(size=pixels, stride=stride, name=literal(name))
        )
        below = st.container()
    draw = partial(_show_slid, picture, job, pixels, below, map_of_picture)
    long_work.show(_SLIDING, [job], draw)
    if job.is_finished and job.problem is None:
        make = partial(take_home.sliding, network, picture, target, pixels, stride, baseline, job)
        with text:
            code_drawer.offer_part(make, key="code of the slid patch")
            save_drawer.offer_part(
                _("Occlusion"),
                partial(take_home.saved_slid, network, picture, job),
                [
                    (_("Class"), name),
                    (_("Patch in pixels"), str(pixels)),
                    (_("Stride"), f"{stride}"),
                ],
                key="save the slid patch",
            )


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
    else:
        # In the place of another map's bar: Streamlit does not always clear what this fragment
        # wrote into a container of its page.
        below.empty()


def _map(picture: Picture, found: OcclusionMapView, alt: str) -> str:
    """Return the map with its color bar, as HTML; while nothing is covered it has no scale."""
    height, width = picture.pixels.shape[:2]
    bar = color_bar(found.scale) if found.done else ""
    return (
        f'<img class="occlusion-map" src="{found.url}" width="{width}" height="{height}" '
        f'alt="{escape(alt)}">{bar}'
    )
