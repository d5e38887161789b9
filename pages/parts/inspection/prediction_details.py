"""What stands behind a prediction, each in a closed box: logits, all classes, the last values."""

from collections.abc import Sequence

import streamlit as st

from cnnviz_core.inspection.predictions import Prediction
from cnnviz_core.networks import Network
from cnnviz_core.number_format import percent, short_number
from cnnviz_core.theme import Theme
from cnnviz_core.views.predictions import (
    num_classes,
    positive_histogram,
    probabilities_histogram,
    weighed_values,
)
from cnnviz_core.views.sharing import Picture
from pages.parts import layout, pictures
from pages.parts.texts import _


def show_logits(top: Sequence[Prediction], temperature: float) -> None:
    """Show the scores behind the probabilities, as a table."""
    box = layout.more(
        _("The scores behind them"), key="predict_logits", icon=":material/table_rows:"
    )
    if not box.open:
        return
    head = (_("Class"), _("Score (logit) z"), _("z / T"), _("Probability"))
    rows = [
        (
            _(one.name),
            short_number(one.logit),
            short_number(one.logit / temperature),
            percent(one.probability),
        )
        for one in top
    ]
    lines = [head, ("---", "---:", "---:", "---:"), *rows]
    box.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def show_all(network: Network, picture: Picture, temperature: float, theme: Theme) -> None:
    """Show how the probabilities of all classes are spread."""
    box = layout.more(_("All probabilities"), key="predict_all", icon=":material/bar_chart:")
    if not box.open:
        return
    box.markdown(
        _(
            "How many of the {count} classes have which probability. Each line up is ten times "
            "as many. When the network is sure, nearly all are close to zero and a few stand "
            "out."
        ).format(count=f"{num_classes(network):,}")
    )
    box.image(
        probabilities_histogram(
            network, picture, temperature, theme=theme, label=_("number of classes")
        ),
        width="stretch",
        alt=_("Histogram of the probabilities of all classes"),
    )


def show_weighed(network: Network, picture: Picture, theme: Theme) -> None:
    """Show the values that the classifier weighs."""
    box = layout.more(
        _("What the classifier reads"), key="predict_values", icon=":material/barcode:"
    )
    if not box.open:
        return
    view = weighed_values(network, picture)
    if view is None:
        box.markdown(_("No dense or pooled layer stands before this classifier."))
        return
    (count,) = view.strip.shape
    with box:
        st.markdown(
            _(
                "The classifier never sees the picture. All that it reads are these {count} "
                "numbers of the layer *{layer}*; each class weighs them in its own way."
            ).format(count=f"{count:,}", layer=view.layer)
        )
        pictures.show(view.strip, _("All {count} values, row by row").format(count=f"{count:,}"))
        if not view.num_positive:
            return
        st.markdown(
            _("**How large they are:** {positive} of {count} are above zero").format(
                positive=f"{view.num_positive:,}", count=f"{count:,}"
            )
        )
        st.image(
            positive_histogram(
                network, picture, view.layer, theme=theme, label=_("number of values")
            ),
            width="stretch",
            alt=_("Histogram of the values above zero"),
        )
