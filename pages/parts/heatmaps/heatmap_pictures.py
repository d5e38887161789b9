"""The maps over their picture: one large, or many side by side, each with its color bar."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from cnnviz_core.drawing.rendered import Rendered
from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.sanity_checks import HeatSimilarity
from cnnviz_core.inspection.predictions import Prediction
from cnnviz_core.networks import Network
from cnnviz_core.number_format import percent
from cnnviz_core.views.heat_jobs import HeatJob
from cnnviz_core.views.heatmaps import (
    HeatLook,
    heat_end,
    heat_facts,
    heat_similarity,
    heat_tile,
    heat_view,
)
from cnnviz_core.views.sharing import Picture, data_url, original
from pages.parts import pictures
from pages.parts.class_controls import class_name, show_prediction_line, show_predictions
from pages.parts.heatmaps.heatmap_controls import Asked
from pages.parts.texts import _, literal

TITLES = {
    "for": "For “{name}”",
    "against": "Against “{name}”",
    "both": "“{name}”, both sides",
}


def show_maps(asked: Asked, network: Network, picture: Picture, jobs: Sequence[HeatJob]) -> None:
    """Draw what is there of the maps, in the way of their view; the predictions beside them."""
    match asked.view:
        case "one":
            _show_one(jobs[0], asked)
        case "methods":
            show_prediction_line(network, picture, *asked.classes)
            titles = [_(METHODS[one.question.method].title) for one in jobs]
            _show_tiles(jobs, titles, asked.look, columns=5)
        case "classes":
            _show_classes(jobs, asked)
            show_prediction_line(network, picture, *asked.classes)
        case "depth":
            show_prediction_line(network, picture, *asked.classes)
            titles = [one.question.layer or "" for one in jobs]
            _show_tiles(jobs, titles, asked.look, columns=4)
        case "random":
            _show_random(jobs, asked.look)


def _show_one(one: HeatJob, asked: Asked) -> None:
    large, beside = st.columns([5, 3], gap="medium")
    view = heat_view(one, asked.look)
    name = class_name(one.network, one.picture, asked.classes[0])
    with large:
        title = _(TITLES[asked.look.evidence]).format(name=name)
        _show(original(one.picture) if view is None else view[0], title)
    with beside:
        if view is not None:
            _show(view[1], _("The map as it is"))
        show_predictions(one.network, one.picture, *asked.classes)


def looks(asked: Asked, jobs: Sequence[HeatJob]) -> list[tuple[HeatLook, float | None]]:
    """Return how each map is shown over the picture, and where its colors end if it shares a scale.

    Two classes have one scale, what tells them apart another.
    """
    if asked.view != "classes":
        return [(asked.look, None)] * len(jobs)
    end = heat_end(jobs[:2], asked.look)
    return [(asked.look, end), (asked.look, end), (replace(asked.look, evidence="both"), None)]


def _show_classes(jobs: Sequence[HeatJob], asked: Asked) -> None:
    """Show one class, the other on the same scale, and what tells them apart."""
    picture, title = jobs[0].picture, _(TITLES[asked.look.evidence])
    name, other = (class_name(jobs[0].network, picture, index) for index in asked.classes)
    titles = (
        title.format(name=name),
        title.format(name=other),
        _("“{name}” − “{other}”").format(name=name, other=other),
    )
    for column, one, its_title, look in zip(
        st.columns(3, gap="small"), jobs, titles, looks(asked, jobs), strict=True
    ):
        with column:
            view = heat_view(one, *look)
            _show(original(picture) if view is None else view[0], its_title)


def _show_random(jobs: Sequence[HeatJob], look: HeatLook) -> None:
    titles = _("Trained"), _("Random weights")
    for column, one, title in zip(st.columns(2, gap="medium"), jobs, titles, strict=True):
        with column:
            view = heat_view(one, look)
            _show(original(one.picture) if view is None else view[0], title)
            if (facts := heat_facts(one)) is not None:
                st.caption(_("Predicts: {names}").format(names=_said(facts.top)))
    _show_similarity(heat_similarity(*jobs))


def _said(top: Sequence[Prediction]) -> str:
    return ", ".join(f"{_(one.name)} {percent(one.probability)}" for one in top)


def _show_similarity(found: HeatSimilarity | None) -> None:
    """Say how much the trained network's map and that of random weights are alike."""
    order, structure = (
        ("…", "…") if found is None else map(_two_digits, (found.rank_correlation, found.structure))
    )
    st.markdown(
        _(
            "**How alike are they?** Rank correlation {order}, structural similarity {structure}."
        ).format(order=f"**{order}**", structure=f"**{structure}**"),
        help=_(
            "Rank correlation (Spearman): do both maps order the pixels alike, from cold to hot? "
            "Structural similarity (SSIM): do they look alike, patch by patch? 1 means equal, 0 "
            "nothing in common, −1 the opposite."
        ),
    )


def _two_digits(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _show_tiles(
    jobs: Sequence[HeatJob], titles: Sequence[str], look: HeatLook, *, columns: int
) -> None:
    with st.container(key="heat-tiles"):
        for start in range(0, len(jobs), columns):
            row = zip(
                st.columns(columns, gap="small"),
                jobs[start : start + columns],
                titles[start : start + columns],
                strict=False,
            )
            for column, one, title in row:
                with column.container(gap="xxsmall"):
                    _show_tile(one, title, look)


def _show_tile(one: HeatJob, title: str, look: HeatLook) -> None:
    tile = heat_tile(one, look)
    st.html(f'<div class="heat-title">{escape(title)}</div>')
    if tile is None:
        st.image(data_url(original(one.picture).data), width="stretch", alt=title)
        st.html(_mark(_("still to come")))
    else:
        st.image(data_url(tile.data), width="stretch", alt=title)
        st.html(
            _mark(_("blank: all values are 0"))
            if tile.is_blank
            else pictures.color_bar(tile.scale, 2)
        )


def _show(picture: Rendered, title: str) -> None:
    """Show a picture as `pictures.show` does, but the page carries it.

    A map that grows is replaced before a slow browser has asked for it. A blank one has no scale.
    """
    st.markdown(f"**{literal(title)}**")
    st.image(data_url(picture.data), width="stretch", alt=title)
    if picture.is_blank:
        st.html(_mark(_("blank: all values are 0")))
    else:
        st.html(pictures.facts(picture))


def _mark(text: str) -> str:
    return f'<div class="heat-marks">{escape(text)}</div>'
