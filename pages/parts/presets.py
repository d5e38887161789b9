"""One click to a known setting: buttons in groups that set a page's controls.

The button whose setting the page shows is marked. What is shown is known once all controls are
drawn, so the mark comes last; between runs of the whole page, `presets.js` follows the address.
"""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from pages.parts import defaults, picker
from pages.parts.declarations import Control
from pages.parts.texts import N_, _

Group = Literal["try", "channels", "backwards", "network", "article"]

# In the order in which they stand on a page.
GROUPS: dict[Group, str] = {
    "try": N_("Try"),
    "channels": N_("Several channels"),
    "backwards": N_("Painting, and backwards"),
    "network": N_("As a network begins"),
    "article": N_("From the article"),
}

Settings = Mapping[Control[object], object]

# In an address: begin with the preset of this label; what it sets takes its place.
ASKED = "preset"
_SHOWN = "presets shown"

_follow_address = st.components.v2.component(
    "cnnviz_presets",
    html="<i></i>",
    js=Path(__file__).with_name("presets.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class Preset:
    """A named setting: the controls that differ from their defaults, and what they say.

    `label` and `help` are English; they are translated where they are shown.
    """

    label: str
    help: str
    values: Settings
    group: Group = "try"


def row(
    presets: Sequence[Preset],
    controls: Sequence[Control[object]],
    *,
    then: Callable[[], None] | None = None,
) -> None:
    """Draw the buttons; a click sets all of the page's `controls`, first to their defaults.

    `then` is called after a click.
    """
    defaults.offer()
    asked = st.query_params.pop(ASKED, None)
    for preset in presets:
        if preset.label == asked:
            # Who comes from another page keeps the picture, which this run has chosen already.
            values = _values(preset, controls)
            _apply({key: values[key] for key in values.keys() - {picker.PICTURE.key}}, then)
    groups = [group for group in GROUPS if any(one.group == group for one in presets)]
    with st.container(horizontal=True, gap="small", key="presets"):
        for group in groups:
            with st.container(horizontal=True, gap="small", key=f"presets-{group}"):
                if len(groups) > 1:
                    st.caption(_(GROUPS[group]), width="content")
                for preset in presets:
                    if preset.group == group:
                        _draw(preset, _values(preset, controls), then)
    st.session_state[_SHOWN] = presets, controls


def mark() -> None:
    """Mark the preset that the page shows, if there is one; after all controls are drawn."""
    presets, controls = st.session_state.pop(_SHOWN, ((), ()))
    defaults = {control.key: control.default for control in controls}
    settings = [(one, _values(one, controls)) for one in presets]
    # An address that says nothing of the controls stands for their defaults.
    views = [("", one) for one, values in settings if values == defaults]
    keys = defaults.keys() | {key for _preset, values in settings for key in values}
    said = {key for key in keys if key in st.query_params}
    state = {key: st.session_state[key] for key in keys if key in st.session_state}
    shown = [one for one, values in settings if is_shown(values, defaults, state, said)]
    if shown:
        query = {key: st.query_params.get_all(key) for key in sorted(said)}
        views.append((urlencode(query, doseq=True), shown[0]))
    _follow_address(
        key="presets followed",
        data={
            "controls": sorted(keys),
            "buttons": [_css_class(one) for one in presets],
            "views": [[query, _css_class(one)] for query, one in views],
        },
    )


def is_shown(
    values: Mapping[str, object],
    defaults: Mapping[str, object],
    state: Mapping[str, object],
    said: Container[str],
) -> bool:
    """Return whether all controls have these values, by their keys.

    A control that the address does not name in `said` is at its default, whatever that is here: a
    layer's default is the empty name, for the layer that this network begins with.

    >>> defaults = {"size": 3, "stride": 1, "layer": ""}
    >>> blur = {**defaults, "size": 9}
    >>> is_shown(blur, defaults, {"size": 9, "layer": "last"}, {"size"})
    True
    >>> is_shown(blur, defaults, {"size": 9, "stride": 2}, {"size", "stride"})
    False
    """
    return all(
        state.get(key, defaults.get(key)) == value
        or (key not in said and value == defaults.get(key))
        for key, value in values.items()
    )


def _values(preset: Preset, controls: Sequence[Control[object]]) -> dict[str, object]:
    """Return what a click sets, by key."""
    values = {**{control: control.default for control in controls}, **preset.values}
    return {control.key: value for control, value in values.items()}


def _draw(preset: Preset, values: Mapping[str, object], then: Callable[[], None] | None) -> None:
    st.button(
        _(preset.label),
        key=f"preset {preset.label}",
        help=_(preset.help),
        on_click=_apply,
        args=(values, then),
    )


def _css_class(preset: Preset) -> str:
    """Return the class that Streamlit makes of a button's key."""
    return "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", f"preset {preset.label}")


def _apply(values: Mapping[str, object], then: Callable[[], None] | None) -> None:
    for key, value in values.items():
        st.session_state[key] = value
    if then is not None:
        then()
