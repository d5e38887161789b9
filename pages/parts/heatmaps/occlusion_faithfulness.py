"""Does a heatmap show what the network uses? Its hot pixels are taken away, and put back."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from cnnviz_core.heatmaps.baselines import HoleBaseline
from cnnviz_core.heatmaps.confidence_drops import AverageDrop, Drop
from cnnviz_core.networks import Network
from cnnviz_core.number_format import percent
from cnnviz_core.theme import Theme
from cnnviz_core.views import faithfulness
from cnnviz_core.views import occlusion_files as take_home
from cnnviz_core.views.faithfulness import DeletedView
from cnnviz_core.views.heat_curves import (
    NUM_RANDOM,
    HeatCurves,
    heat_curves,
    heat_curves_figure,
)
from cnnviz_core.views.sharing import Picture
from pages.parts import code_drawer, controls, layout, long_work, pictures, results, save_drawer
from pages.parts.change_bars import show_changes
from pages.parts.heatmaps.occlusion_controls import HOLES, METHOD, SHARE
from pages.parts.heatmaps.occlusion_verdict import show_verdict
from pages.parts.refusals import fragment, or_reason
from pages.parts.texts import N_, _, literal

_MEASURING = "occlusion measure"

INSERTIONS: dict[HoleBaseline, str] = {
    "black": N_(
        "Deletion leaves black holes; insertion begins with the blurred picture, as in RISE."
    ),
    "blur": N_("Deleted pixels are blurred, and insertion begins with the blurred picture."),
    "inpainting": N_("Deleted pixels are inpainted, and so are those that are not inserted yet."),
}


def show_faithfulness(
    network: Network, picture: Picture, target: int, name: str, theme: Theme
) -> None:
    """Show a closed box; opened, it puts a heatmap to the test."""
    box = layout.more(
        _("Does a heatmap tell the truth? Take its hottest pixels away"),
        key="occlusion_faithfulness",
        icon=":material/fact_check:",
    )
    if box.open:
        with box:
            _show_test(network, picture, target, name, theme)


@fragment
def _show_test(network: Network, picture: Picture, target: int, name: str, theme: Theme) -> None:
    method, baseline, share = _choose_deletion(network, name)
    drop = or_reason(lambda: faithfulness.single_drop(network, picture, target, method))
    if drop is None:
        return
    if faithfulness.is_blank(network, picture, target, method):
        st.info(
            _(
                "This heatmap is blank: nothing speaks for the class. Pixels are deleted in random "
                "order."
            ),
            icon=":material/info:",
        )
    view = faithfulness.deleted(network, picture, target, method, share, baseline)
    _show_deleted(view, share)
    curves, average = long_work.keep(
        _MEASURING,
        (network.key, picture.key, target, method, baseline),
        lambda: (
            heat_curves(network, picture, target, method, baseline),
            faithfulness.average_drop_job(network, method),
        ),
    )
    jobs = [*curves.jobs, average]

    def draw() -> None:
        show_verdict(view, curves, share, baseline, name)
        long_work.show_button(
            _MEASURING,
            jobs,
            _("Draw the curves"),
            help=_("Delete and insert pixels step by step, and ask the network each time."),
        )
        _show_curves(curves, share, baseline, name, theme)
        _show_drops(drop, average.state)

    long_work.show(_MEASURING, jobs, draw)
    if curves.verdicts is not None:
        make = partial(take_home.curves, network, picture, target, method, baseline, curves)
        code_drawer.offer_part(make, key="code of the curves")
        figure = partial(_drawing(curves, share, name), theme="light")
        save_drawer.offer_part(
            _("Deletion and insertion"),
            partial(take_home.saved_curves, network, picture, method, curves, figure),
            results.settings_of((METHOD, HOLES), (_("Class"), name)),
            key="save the curves",
        )


def _choose_deletion(network: Network, name: str) -> tuple[str, HoleBaseline, int]:
    """Say what is tested, and draw the controls.

    Returns the method, what deleted pixels show, and how many percent of them are deleted.
    """
    st.markdown(
        _(
            "If a heatmap is right about which pixels speak for *{name}*, the probability of this "
            "class should fall fast while the hottest pixels are deleted, and rise fast while they "
            "are inserted: faster than with random maps."
        ).format(name=literal(name))
    )
    left, right = st.columns(2, gap="medium")
    with left:
        method = controls.pick(METHOD, options=faithfulness.quick_methods(network))
    with right:
        baseline = controls.choice(HOLES)
    return method, baseline, controls.slider(SHARE)


def _show_deleted(view: DeletedView, share: int) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        pictures.show(view.picture, _("{share}% deleted").format(share=share))
    with right:
        show_changes(view.changes, _("What the network says"))


def _drawing(curves: HeatCurves, share: int, name: str) -> Callable[..., str | None]:
    """Return what draws the curves in a theme."""
    return partial(
        heat_curves_figure,
        curves,
        share,
        labels=(_("deleted: {area}"), _("inserted: {area}")),
        x_label=_("share of the pixels"),
        y_label=_("probability of {name}").format(name=name),
    )


def _show_curves(
    curves: HeatCurves, share: int, baseline: HoleBaseline, name: str, theme: Theme
) -> None:
    drawn = or_reason(partial(_drawing(curves, share, name), theme=theme))
    if drawn is None:
        return
    st.image(
        drawn,
        width="stretch",
        alt=_("The probability while pixels are deleted, and while they are inserted"),
    )
    lines = [
        _(
            "The numbers are the areas under the curves: small is good for deletion, large for "
            "insertion."
        ),
        _(INSERTIONS[baseline]),
    ]
    if curves.num_random:
        lines.append(
            _(
                "Pale bands with dashed edges run from the lowest to the highest of the random "
                "heatmaps of the same resolution ({count} of {all} drawn). By luck alone, a map "
                "beats all {all} of them one time in {odds}."
            ).format(count=curves.num_random, all=NUM_RANDOM, odds=NUM_RANDOM + 1)
        )
    st.caption(" ".join(lines))


def _show_drops(one: Drop, average: AverageDrop | None) -> None:
    text = _(
        "**Average drop:** masked by its own heatmap, each pixel multiplied by its heat, the "
        "picture scores {shown} instead of {whole}, a drop of {drop}."
    )
    numbers = map(percent, (one.shown, one.whole, one.share))
    lines = [text.format(**dict(zip(("shown", "whole", "drop"), numbers, strict=True)))]
    if average is not None:
        text = _(
            "Average drop over {count} of {total} samples: **{share}**; for {rises} of them the "
            "probability rises."
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
