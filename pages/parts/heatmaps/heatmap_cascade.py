"""How a heatmap changes while its network forgets layer after layer, from the last to the first."""

import streamlit as st

from cnnviz_core.heatmaps.methods import METHODS
from cnnviz_core.heatmaps.sanity_checks import CascadeState
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.theme import Theme
from cnnviz_core.views.heat_cascades import CASCADE_SEEDS, cascade_figure, cascade_job, has_cascade
from cnnviz_core.views.heat_jobs import HeatQuestion
from cnnviz_core.views.sharing import Picture
from pages.parts import long_work
from pages.parts.refusals import fragment, or_reason
from pages.parts.texts import _

_NAME = "cascade"


@fragment
def show_cascade(network: Network, picture: Picture, question: HeatQuestion, theme: Theme) -> None:
    """Show a button that starts the work, and the curves as they grow."""
    st.markdown(
        _(
            "**The cascade of Adebayo et al. (2018).** The layers get random weights one after the "
            "other, the last one first. At each stop, the map is compared with that of the "
            "trained network: 1 means equal, 0 nothing in common."
        )
    )
    if not has_cascade(network, question.method):
        st.markdown(
            _("{method} needs many passes for each map. Choose a method that needs one.").format(
                method=_(METHODS[question.method].title)
            )
        )
        return
    job = long_work.keep(
        _NAME,
        (network.key, picture.key, question),
        lambda: cascade_job(network, picture, question),
    )
    long_work.show(_NAME, [job], lambda: _show_curves(network, job, theme))


def _show_curves(network: Network, job: Job[CascadeState], theme: Theme) -> None:
    long_work.show_button(
        _NAME,
        [job],
        _("Draw the curve"),
        help=_("Forget layer after layer, and draw a heatmap each time. This takes a while."),
    )
    drawn = or_reason(
        lambda: cascade_figure(
            network,
            job,
            labels=(_("rank correlation"), _("structural similarity")),
            trained=_("trained"),
            theme=theme,
        )
    )
    if drawn is not None:
        st.image(
            drawn,
            width="stretch",
            alt=_(
                "Similarity of the map to the trained network's, over the layer down to which the "
                "weights are random: two curves, each with a band over the seeds"
            ),
        )
        st.markdown(
            _(
                "From left to right: random from the last layer down to the one named. Lines: the "
                "mean over up to {count} draws of random weights; bands: from the lowest draw to "
                "the highest. If a method explains what was learned, its curves fall toward 0."
            ).format(count=len(CASCADE_SEEDS))
        )
