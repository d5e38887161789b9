"""What a network says, as bars that the back row can read."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from cnnviz_core.inspection.predictions import CAT_CLASSES, DOG_CLASSES, CatOrDog, Prediction
from pages.parts.texts import _


def show_top(top: Sequence[Prediction]) -> None:
    """One bar a class, with its name and its probability."""
    rows = "".join(_bar(_(one.name), one.probability) for one in top)
    st.html(f'<div class="predict-bars">{rows}</div>')


def show_cat_or_dog(found: CatOrDog) -> None:
    """One bar from both sides: cats from the left, dogs from the right, the rest between them."""
    parts = (
        ("cat", _("cat"), found.cat),
        ("other", _("neither"), found.other),
        ("dog", _("dog"), found.dog),
    )
    title = _("Cat or dog? The sum over {cats} kinds of cat, and over {dogs} breeds of dog").format(
        cats=len(CAT_CLASSES), dogs=len(DOG_CLASSES)
    )
    stretches = "".join(
        f'<div class="predict-{kind}" style="width:{chance:.3%}"></div>'
        for kind, _name, chance in parts
    )
    names = "".join(
        f'<span class="predict-{kind}-name">{escape(name)} <b>{escape(percent(chance))}</b></span>'
        for kind, name, chance in parts
    )
    st.html(
        f'<div class="predict-title">{escape(title)}</div>'
        f'<div class="predict-sides">{stretches}</div><div class="predict-names">{names}</div>'
    )


def explain_turning_over(found: CatOrDog, temperature: float, first: str, num_classes: int) -> None:
    """Why the sums over cats and dogs stand in another order than at a temperature of 1."""
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
            first=_(first),
            temperature=f"{temperature:g}",
            count=f"{num_classes:,}",
            cats=cats,
            dogs=dogs,
            cat_share=percent(cats / num_classes),
            dog_share=percent(dogs / num_classes),
        )
    )


def percent(chance: float) -> str:
    """A probability as people say it.

    >>> percent(0.6543), percent(0.0004), percent(0.9997)
    ('65.4%', '< 0.1%', '> 99.9%')
    """
    if 0 < chance < 0.0005:
        return "< 0.1%"
    if 0.9995 <= chance < 1:
        return "> 99.9%"
    return f"{chance:.1%}"


def _bar(name: str, chance: float) -> str:
    return (
        f'<div class="predict-row"><span class="predict-name">{escape(name)}</span>'
        f'<span class="predict-chance">{escape(percent(chance))}</span>'
        '<div class="predict-track">'
        f'<div class="predict-bar" style="width:{chance:.3%}"></div></div></div>'
    )
