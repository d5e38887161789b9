"""Options in the address, by short names that stay when what a person reads is worded anew.

Streamlit 1.67 has the address say an option by what is shown for it. Here it says the option
itself, as declared: `?kernel=gabor`, whatever that kernel is called today and in which language.
What it takes to come between is what Streamlit keeps to itself, all of it here:

- `_Query` takes the place of a session's query parameters. It holds identifiers, and gives
  Streamlit what it shows for them.
- The browser writes what was chosen by itself; `identifiers.js` writes it by what `tell` has told.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.query_params import QueryParams, is_empty_url_value

Said = str | list[str]

# Options by the key of their control: as addresses said them once, and their identifiers.
_NETWORKS = {"LeNet-5 (untrained)": "lenet-5"}
RENAMED: dict[str, dict[str, str]] = {
    "network": _NETWORKS,
    "ascent_network": _NETWORKS,
    "maps_order": {"As they come": "index"},
    "kernel": {
        "Identity: nothing changes": "identity",
        "Motion blur, along an angle": "motion_blur",
        "Sobel: edges from left to right": "sobel_x",
        "Sobel: edges from top to bottom": "sobel_y",
        "Laplacian: edges all around": "laplacian",
        "Gabor: stripes at an angle": "gabor",
    },
    "act_scale": {"Each its own": "own"},
    "maps_scale": {"Each its own": "channel"},
    "kernels_scale": {"Each its own": "own"},
    "lenet_scale": {"Each its own": "own", "One a row": "shared"},
    "ascent_from": {"Grey": "gray"},
    "ascent_which": {"In a row": "range", "Picture's": "picture"},
    "heat_view": {"Along the depth": "depth"},
    "kernels_first": {"Colours": "color"},
    "occlusion_fill": {"Grey": "gray"},
    "votes_display": {"Values alone": "values"},
}

_follow: Any = st.components.v2.component(
    "cnnviz_identifiers",
    html="<i></i>",
    js=Path(__file__).with_name("identifiers.js").read_text(encoding="utf-8"),
)


def identifier(option: object) -> str:
    """Return what an address says for an option.

    >>> identifier("gabor"), identifier(0.25), identifier(285)
    ('gabor', '0.25', '285')
    """
    return str(option)


def read(key: str, said: str, names: Mapping[str, Iterable[str]]) -> str:
    """Return the identifier of an option that an address says by whichever of its names.

    `names` are those of each identifier on offer. What is none of them is returned as it is.

    >>> names = {"lenet-5": ["After LeNet-5", "Nach LeNet-5"]}
    >>> [read("network", said, names) for said in ("Nach LeNet-5", "LeNet-5 (untrained)", "VGG")]
    ['lenet-5', 'lenet-5', 'VGG']
    """
    if said in names:
        return said
    once = RENAMED.get(key, {}).get(said)
    return once or next((one for one, called in names.items() if said in called), said)


def offer(key: str, names: Mapping[str, tuple[str, ...]]) -> None:
    """Have the address say options by their identifiers from now on.

    `names` are what each is called, first what is shown for it. Call it before the control is
    drawn.
    """
    query = _query()
    if query is not None:
        query.offer(key, names)


def allow_empty(key: str) -> None:
    """Have a control take an address that says nothing of it, as `?text=`, for its empty value."""
    query = _query()
    if query is not None:
        query.clearable.add(key)


def begin() -> None:
    """Have this session's address hold identifiers; later calls do nothing."""
    context = get_script_run_ctx()
    if context is None:
        return
    state = context.session_state._state
    if not isinstance(state.query_params, _Query):
        state.query_params = _Query(**vars(state.query_params))
    state.query_params.asked.clear()


def refused() -> dict[str, str]:
    """Return what this run's address asked of controls that say something else, by their keys."""
    context, query = get_script_run_ctx(), _query()
    if context is None or query is None:
        return {}
    state = context.session_state._state
    found = {}
    for key, asked in query.asked.items():
        binding = query.get_binding_for_param(key)
        if binding is None:
            continue
        control: Any = state.get_widget_metadata(binding.widget_id)
        said = query._identified(key, control.serializer(state[binding.widget_id]))
        if not _agree(query._identified(key, asked), said):
            found[key] = asked[-1]
    return found


def is_at_first(key: str, asked: list[str]) -> bool:
    """Return whether an address asks a control of the last run for what it says at first anyway."""
    context, query = get_script_run_ctx(), _query()
    binding = query.get_binding_for_param(key) if query is not None else None
    if context is None or query is None or binding is None:
        return False
    control: Any = context.session_state._state.get_widget_metadata(binding.widget_id)
    said = query._identified(key, control.serializer(control.deserializer(None)))
    return _agree(query._identified(key, asked), said)


def _agree(asked: list[str], said: object) -> bool:
    """Whether an address asked for what a control says: numbers and switches in any spelling.

    >>> _agree(["7.0"], [7]), _agree(["TRUE"], True), _agree(["99"], [15])
    (True, True, False)
    """
    values = said if isinstance(said, list | tuple) else [] if said is None else [said]
    return [*map(_plain, filter(None, asked))] == [*map(_plain, filter(None, map(str, values)))]


def _plain(said: str) -> str | float:
    try:
        return float(said)
    except ValueError:
        return said.lower() if said.lower() in ("true", "false") else said


def tell() -> None:
    """Tell the browser of what has been offered since it was told last."""
    query = _query()
    if query is not None and query.untold:
        data = {key: query.written(key) for key in sorted(query.untold)}
        query.untold.clear()
        _follow(key=f"identifiers of {' '.join(data)}", data=data)


class _Query(QueryParams):
    """The query parameters of a session, with identifiers for what Streamlit shows."""

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self.untold: set[str] = set()
        # Controls that may be empty; Streamlit would empty others, too.
        self.clearable: set[str] = set()
        # What controls have been asked by the address in this run, as it says so.
        self.asked: dict[str, list[str]] = {}
        self._names: dict[str, Mapping[str, tuple[str, ...]]] = {}

    def offer(self, key: str, names: Mapping[str, tuple[str, ...]]) -> None:
        if self._names.get(key) == names:
            return
        before = self.written(key)
        self._names[key] = names
        if not self.written(key).items() <= before.items():
            self.untold.add(key)

    def written(self, key: str) -> dict[str, str]:
        """What a browser writes for options of a control that are not shown as they are said."""
        offered = self._names.get(key, {})
        return {called[0]: one for one, called in offered.items() if called[0] != one}

    def bind_widget(self, param_key: str, *arguments: Any, **more: Any) -> None:
        super().bind_widget(param_key, *arguments, **more)
        said = self._query_params.get(param_key)
        if said is not None and self._is_refused(param_key, said):
            self.remove_param(param_key)
        elif said is not None and (named := self._identified(param_key, said)) != said:
            self._query_params[param_key] = named
            self._send_query_param_msg()

    def get_initial_value(self, param_key: str) -> Said | None:
        said = super().get_initial_value(param_key)
        if said is None:
            return None
        self.asked[param_key] = said if isinstance(said, list) else [said]
        return None if self._is_refused(param_key, said) else self._shown(param_key, said)

    def stored_param_matches_corrected_value(self, param_key: str, value: Any, kind: str) -> bool:
        named = self._identified(param_key, value)
        return super().stored_param_matches_corrected_value(param_key, named, kind)

    def set_corrected_value(self, param_key: str, value: Any, value_type: str) -> None:
        super().set_corrected_value(param_key, self._identified(param_key, value), value_type)

    def _is_refused(self, key: str, said: Said) -> bool:
        return is_empty_url_value(said) and key not in self.clearable

    def _identified(self, key: str, said: Any) -> Any:
        if isinstance(said, list):
            return [self._identified(key, one) for one in said]
        return read(key, said, self._names.get(key, {})) if isinstance(said, str) else said

    def _shown(self, key: str, said: Said) -> Said:
        offered = self._names.get(key, {})
        if isinstance(said, list):
            return [offered.get(one, (one,))[0] for one in self._identified(key, said)]
        return offered.get(self._identified(key, said), (said,))[0]


def _query() -> _Query | None:
    """The parameters of this session; None where no page runs, as in a test of a control alone."""
    context = get_script_run_ctx()
    if context is None:
        return None
    query = context.session_state._state.query_params
    return query if isinstance(query, _Query) else None
