"""Which class a page asks about: the network's own guess, or any other by its name."""

from collections import Counter
from html import escape

import streamlit as st

from cnnviz_core.inspection.predictions import Prediction
from cnnviz_core.networks import Network
from cnnviz_core.number_format import percent
from cnnviz_core.views.predictions import ranked_classes
from cnnviz_core.views.sharing import Picture
from pages.parts import bars, controls
from pages.parts.declarations import Choice
from pages.parts.texts import N_, _, translator

# Stands for the most probable class, or for the most probable of the others.
MOST_PROBABLE = -1
CLASS: Choice[int] = Choice(
    key="target_class",
    label=N_("Class"),
    options={},
    default=MOST_PROBABLE,
    help=N_("The class to look at. Type part of its name to find any of {count} classes."),
)
OTHER_CLASS: Choice[int] = Choice(
    key="other_class",
    label=N_("Compared with"),
    options={},
    default=MOST_PROBABLE,
    help=N_("A second class. Type part of its name to find any of the other {count} classes."),
)

NUM_SHOWN = 5


def choose_class(network: Network, picture: Picture) -> int:
    """Draw a search over all classes of a network, and give the index of the chosen one.

    Without a choice it is the most probable class, for any picture. The choice is the same on all
    pages; a network that has no such class goes back to the most probable one.
    """
    return _search(CLASS, ranked_classes(network, picture), _("The prediction"))


def choose_other_class(network: Network, picture: Picture, target: int) -> int:
    """Draw the same search for a class to compare with `target`, and give its index."""
    others = tuple(one for one in ranked_classes(network, picture) if one.index != target)
    return _search(OTHER_CLASS, others, _("The next most probable"))


def show_predictions(network: Network, picture: Picture, *chosen: int) -> None:
    """The most probable classes with their names as bars, and where the chosen ones stand."""
    ranked = ranked_classes(network, picture)
    rows = [
        _row(place, one, one.index in chosen)
        for place, one in enumerate(ranked, start=1)
        if place <= NUM_SHOWN or one.index in chosen
    ]
    title = escape(_("What the network says"))
    st.html(
        f'<div class="classes-title">{title}</div><div class="classes-rows">{"".join(rows)}</div>'
    )


def show_prediction_line(network: Network, picture: Picture, *chosen: int) -> None:
    """The same in a line, where bars have no room."""
    parts = [
        f'<span class="{"classes-chosen" if one.index in chosen else ""}">'
        f'<span class="classes-name">{escape(_(one.name))}</span> '
        f'<span class="classes-chance">{escape(percent(one.probability))}</span></span>'
        for place, one in enumerate(ranked_classes(network, picture), start=1)
        if place <= NUM_SHOWN or one.index in chosen
    ]
    st.html(f'<div class="classes-line">{" · ".join(parts)}</div>')


def class_name(network: Network, picture: Picture, index: int) -> str:
    """The name of a class, in the language of the visitor."""
    return _(next(one.name for one in ranked_classes(network, picture) if one.index == index))


def _search(declared: Choice[int], ranked: tuple[Prediction, ...], default: str) -> int:
    names = _labels(ranked, default)
    chosen = controls.pick(
        declared,
        options=[MOST_PROBABLE, *sorted(names.keys() - {MOST_PROBABLE})],
        show=names.__getitem__,
        facts={"count": f"{len(ranked):,}"},
    )
    return ranked[0].index if chosen == MOST_PROBABLE else chosen


def _labels(ranked: tuple[Prediction, ...], default: str) -> dict[int, str]:
    """What each class is called; those that share a name get their number behind it."""
    translate = translator()
    names = {MOST_PROBABLE: default} | {one.index: translate(one.name) for one in ranked}
    counts = Counter(names.values())
    return {
        index: name if counts[name] == 1 or index == MOST_PROBABLE else f"{name} ({index})"
        for index, name in names.items()
    }


def _row(place: int, one: Prediction, is_chosen: bool) -> str:
    mark = " classes-chosen" if is_chosen else ""
    return bars.group(
        f"classes-row{mark}",
        bars.words("classes-place", f"{place:,}."),
        bars.words("classes-name", _(one.name)),
        bars.words("classes-chance", percent(one.probability)),
        bars.group("classes-track", bars.stretch("classes-bar", 0, one.probability)),
    )
