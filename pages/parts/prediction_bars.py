"""What a network says, as bars that the back row can read."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from cnnviz_core.inspection.predictions import CAT_CLASSES, DOG_CLASSES, CatOrDog, Prediction
from cnnviz_core.networks import Network
from cnnviz_core.number_format import percent, short_number
from cnnviz_core.views import predictions as predictions_view
from cnnviz_core.views.predictions import PredictionsView
from pages.parts import bars
from pages.parts.texts import _, literal


def show_top(top: Sequence[Prediction]) -> None:
    """Show one bar a class, with its name and its probability."""
    st.html(bars.group("predict-bars", *(_bar(_(one.name), one.probability) for one in top)))


def explain(view: PredictionsView, classifier: Network, temperature: float) -> None:
    """Say what the answer adds up to, how it is computed, and what to make of it."""
    name = view.top[0].name
    if view.cat_or_dog is not None:
        _show_cat_or_dog(view.cat_or_dog)
    # The browser, which moves the bars with their slider, does not write such formulas.
    with st.container(key="as-let-go"):
        if view.cat_or_dog is not None and view.turns_over:
            count = predictions_view.num_classes(classifier)
            _explain_turning_over(view.cat_or_dog, temperature, name, count)
        st.markdown(
            _("Probability of *{name}*, at temperature {temperature}:").format(
                name=literal(_(name)), temperature=short_number(temperature)
            )
            + f" ${view.formula}$"
        )
    if predictions_view.is_untrained(classifier):
        st.caption(
            _(
                "This network has learned nothing yet: its weights are random numbers, and so is "
                "its answer. It says as much about the picture as a roll of dice."
            )
        )
    else:
        st.caption(
            _(
                "Look at what comes second and third: a network mostly confuses things that look "
                "alike. And it must always answer: what has no class of its own gets the name of "
                "something similar."
            )
        )


def _show_cat_or_dog(found: CatOrDog) -> None:
    """Show one bar: cats from the left, dogs from the right, the rest between them."""
    parts = (
        ("cat", _("cat"), found.cat),
        ("other", _("neither"), found.other),
        ("dog", _("dog"), found.dog),
    )
    title = _("Cat or dog? The sum over {cats} kinds of cat, and over {dogs} breeds of dog").format(
        cats=len(CAT_CLASSES), dogs=len(DOG_CLASSES)
    )
    stretches = (bars.stretch(f"predict-{kind}", 0, chance) for kind, _name, chance in parts)
    names = "".join(
        f'<span class="predict-{kind}-name">{escape(name)} <b>{escape(percent(chance))}</b></span>'
        for kind, name, chance in parts
    )
    st.html(
        f'<div class="predict-title">{escape(title)}</div>'
        f'{bars.group("predict-sides", *stretches)}<div class="predict-names">{names}</div>'
    )


def _explain_turning_over(
    found: CatOrDog, temperature: float, first: str, num_classes: int
) -> None:
    """Explain why the sums over cats and dogs stand in another order than at a temperature of 1."""
    if temperature > 1 and found.dog > found.cat:
        text = _(
            "**Why dogs now?** *{first}* still comes first. But a temperature of {temperature} "
            "makes all {count} classes more alike, and there are {dogs} breeds of dog to only "
            "{cats} kinds of cat: if all were equally probable, dogs would have {dog_share} and "
            "cats {cat_share}, whatever the picture."
        )
    else:
        text = _(
            "**Why the other way around?** A high temperature lets many middling classes count, a "
            "low one hardly any but the first, *{first}*. So sums over {cats} and {dogs} classes "
            "may change places, though the classes keep their order."
        )
    cats, dogs = len(CAT_CLASSES), len(DOG_CLASSES)
    st.markdown(
        text.format(
            first=literal(_(first)),
            temperature=short_number(temperature),
            count=f"{num_classes:,}",
            cats=cats,
            dogs=dogs,
            cat_share=percent(cats / num_classes),
            dog_share=percent(dogs / num_classes),
        )
    )


def _bar(name: str, chance: float) -> str:
    return bars.group(
        "predict-row",
        bars.words("predict-name", name),
        bars.words("predict-chance", percent(chance)),
        bars.group("predict-track", bars.stretch("predict-bar", 0, chance)),
    )
