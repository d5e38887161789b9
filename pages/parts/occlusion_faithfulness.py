"""Does a heatmap show what the network uses? Its hot pixels are taken away, and put back."""

from typing import Any

import streamlit as st

from cnnviz_core import cached
from cnnviz_core.cached import METHODS, AverageDrop, Drop, HeatCurves, Job, Network, Picture, Theme
from pages.parts import controls, occlusion_progress, pictures
from pages.parts.change_bars import show_changes
from pages.parts.occlusion_controls import METHOD, SHARE
from pages.parts.prediction_bars import percent
from pages.parts.refusals import or_reason
from pages.parts.texts import _

_MEASURING = "measure"


def show_faithfulness(
    network: Network, picture: Picture, target: int, name: str, theme: Theme
) -> None:
    """A closed box; opened, it puts a heatmap to the test."""
    box = st.expander(
        _("Does a heatmap tell the truth? Take its hottest pixels away"),
        icon=":material/fact_check:",
        key="occlusion_faithfulness",
        bind="query-params",
    )
    if box.open:
        with box:
            _show_test(network, picture, target, name, theme)


@st.fragment
def _show_test(network: Network, picture: Picture, target: int, name: str, theme: Theme) -> None:
    st.markdown(
        _(
            "A heatmap claims that its hot pixels make the network say *{name}*. Then without "
            "them the class must fall fast, and with them alone it must rise fast."
        ).format(name=name)
    )
    left, right = st.columns(2, gap="medium")
    with left:
        method = _choose_method(network)
    with right:
        share = _choose_share()
    drop = or_reason(lambda: cached.single_drop(network, picture, target, method))
    if drop is None:
        return
    if cached.is_blank(network, picture, target, method):
        st.info(
            _("This heatmap is blank: nothing speaks for the class. Pixels go in a random order."),
            icon=":material/info:",
        )
    view = cached.deleted(network, picture, target, method, share)
    with left:
        pictures.show(view.picture, _("{share} % deleted").format(share=share))
    with right:
        show_changes(view.changes, _("What the network sees"))
    curves = cached.heat_curves(network, picture, target, method)
    average = cached.average_drop_job(network, method)
    jobs: list[Job[Any]] = [*curves.jobs, average]
    runs = occlusion_progress.is_running(_MEASURING, jobs)
    occlusion_progress.show_button(
        _MEASURING,
        _("Draw the curves"),
        jobs,
        runs,
        help=_("Delete and insert pixels step by step, and ask the network each time."),
    )
    _show_curves(curves, share, name, theme)
    _show_drops(drop, cached.average_drop(average))
    if runs:
        occlusion_progress.work(jobs)


def _choose_method(network: Network) -> str:
    methods = cached.quick_methods(network)
    controls.fall_back(METHOD, methods, methods[0])
    return controls.pick(
        _("Heatmap"),
        METHOD,
        methods,
        show=lambda one: _(METHODS[one].title),
        help=_("The methods that need one pass through the network."),
    )


def _choose_share() -> int:
    return controls.slider(
        _("Deleted, in percent of all pixels"),
        SHARE,
        0,
        100,
        20,
        help=_("The hottest pixels go first; deleted ones are black."),
    )


def _show_curves(curves: HeatCurves, share: int, name: str, theme: Theme) -> None:
    drawn = or_reason(
        lambda: cached.heat_curves_figure(
            curves,
            share,
            labels=(_("deleted: {area}"), _("inserted: {area}")),
            x_label=_("share of the pixels"),
            y_label=_("probability of {name}").format(name=name),
            theme=theme,
        )
    )
    if drawn is None:
        return
    st.image(
        drawn,
        width="stretch",
        alt=_("The probability while pixels are deleted, and while they are inserted"),
    )
    lines = [
        _(
            "The numbers are the areas below the curves: small is good for deleted, large for "
            "inserted, which begins with a blurred picture. Dashed: by random heat as coarse."
        )
    ]
    if (areas := curves.random_areas) is not None:
        lines.append(
            _("Its areas are {deleted} and {inserted}: a heatmap must do better than that.").format(
                deleted=f"{areas[0]:.2f}", inserted=f"{areas[1]:.2f}"
            )
        )
    st.caption(" ".join(lines))


def _show_drops(one: Drop, average: AverageDrop | None) -> None:
    text = _(
        "**Drop:** shown only as far as it is hot, the picture gets {shown} instead of {whole}."
    )
    lines = [text.format(shown=percent(one.shown), whole=percent(one.whole))]
    if average is not None:
        text = _(
            "Average drop over {count} of {total} samples: **{share}**; for {rises} of them the "
            "network got surer."
        )
        lines.append(
            text.format(
                count=average.count,
                total=average.total,
                share=percent(average.share),
                rises=average.num_rises,
            )
        )
    st.markdown(" ".join(lines))
