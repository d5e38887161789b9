"""One click to a known setting: buttons in groups that set a page's controls.

The button whose setting the page shows is marked. What is shown is known once all controls are
drawn, so the mark comes last; between runs of the whole page, `presets.js` follows the address.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from pages.parts import picker
from pages.parts.texts import _

Group = Literal["try", "network", "article"]

# In the order in which they stand on a page.
GROUPS: dict[Group, str] = {
    "try": "Try",
    "network": "As a network begins",
    "article": "From the article",
}

_ASKED = "preset asked for"
_SHOWN = "presets shown"

_follow_address = st.components.v2.component(
    "cnnviz_presets",
    html="<i></i>",
    js=Path(__file__).with_name("presets.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class Preset:
    """A named setting: the controls that differ from the page's defaults.

    `label` and `help` are English; they are translated where they are shown.
    """

    label: str
    help: str
    values: Mapping[str, object]
    group: Group = "try"


def row(presets: Sequence[Preset], defaults: Mapping[str, object]) -> None:
    """Draw the buttons; a click sets every control in `defaults`, first to its default."""
    asked = st.session_state.pop(_ASKED, None)
    for preset in presets:
        if preset.label == asked:
            # Who comes from another page keeps the picture, which this run has chosen already.
            values = {**defaults, **preset.values}
            _apply({key: values[key] for key in values.keys() - {picker.KEY}})
    groups = [group for group in GROUPS if any(one.group == group for one in presets)]
    with st.container(horizontal=True, gap="small", key="presets"):
        for group in groups:
            with st.container(horizontal=True, gap="small", key=f"presets-{group}"):
                if len(groups) > 1:
                    st.caption(_(GROUPS[group]), width="content")
                for preset in presets:
                    if preset.group == group:
                        _draw(preset, defaults)
    st.session_state[_SHOWN] = presets, defaults


def mark() -> None:
    """Mark the preset that the page shows, if there is one; after all controls are drawn."""
    presets, defaults = st.session_state.pop(_SHOWN, ((), {}))
    # An address that says nothing of the controls stands for their defaults.
    views = [("", one) for one in presets if {**defaults, **one.values} == {**defaults}]
    keys = defaults.keys() | {key for preset in presets for key in preset.values}
    said_keys = {key for key in keys if key in st.query_params}
    state = {key: st.session_state[key] for key in keys if key in st.session_state}
    shown = active(presets, defaults, state, said_keys)
    if shown is not None:
        said = {key: st.query_params.get_all(key) for key in sorted(said_keys)}
        views.append((urlencode(said, doseq=True), shown))
    _follow_address(
        key="presets followed",
        data={
            "controls": sorted(keys),
            "buttons": [_css_class(one) for one in presets],
            "views": [[query, _css_class(one)] for query, one in views],
        },
    )


def active(
    presets: Sequence[Preset],
    defaults: Mapping[str, object],
    state: Mapping[str, object],
    said: Container[str],
) -> Preset | None:
    """Return the preset whose values all controls have.

    A control that the address does not name in `said` is at its default, whatever that is here: a
    layer's default is the empty name, for the layer that this network begins with.

    >>> blur = Preset("Blur", "Softer.", {"size": 9})
    >>> defaults = {"size": 3, "stride": 1, "layer": ""}
    >>> active([blur], defaults, {"size": 9, "layer": "last"}, {"size"}).label
    'Blur'
    >>> active([blur], defaults, {"size": 9, "stride": 2}, {"size", "stride"}) is None
    True
    """
    for preset in presets:
        values = {**defaults, **preset.values}
        if all(
            state.get(key, defaults.get(key)) == value
            or (key not in said and value == defaults.get(key))
            for key, value in values.items()
        ):
            return preset
    return None


def ask_for(label: str) -> None:
    """Have the next page that is opened begin with its preset of this label."""
    st.session_state[_ASKED] = label


def _draw(preset: Preset, defaults: Mapping[str, object]) -> None:
    st.button(
        _(preset.label),
        key=f"preset {preset.label}",
        help=_(preset.help),
        on_click=_apply,
        args=({**defaults, **preset.values},),
    )


def _css_class(preset: Preset) -> str:
    """Return the class that Streamlit makes of a button's key."""
    return "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", f"preset {preset.label}")


def _apply(values: Mapping[str, object]) -> None:
    for key, value in values.items():
        st.session_state[key] = value
