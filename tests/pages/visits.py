"""What a page of the app shows, read off an `AppTest`, to compare it with another."""

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget

DASHBOARD = Path(__file__).parents[2] / "dashboard.py"


def opened(name: str, asked: dict[str, Any] | None = None) -> AppTest:
    """A first visit to the page of this name, by a link with these query parameters."""
    app = AppTest.from_file(DASHBOARD, default_timeout=120)
    for key, value in (asked or {}).items():
        app.query_params[key] = value
    app.switch_page(f"pages/{name}.py").run()
    assert [one.value for one in app.exception] == []
    return app


def controls(app: AppTest) -> dict[str, Any]:
    """The value of every control that is bound to the address, by its key."""
    with app.session_state._state.query_params() as params:
        keys = [*params._bindings_by_param]
    return {key: app.session_state[key] for key in keys}


def move_all(app: AppTest, is_high: bool) -> AppTest:
    """Move every slider to its high end, or its low one, and run the page once."""
    for one in app.select_slider:
        one.set_value(one.options[-1 if is_high else 0])
    for one in app.slider:
        one.set_value(one.max if is_high else one.min)
    return app.run()


def followed_presets(app: AppTest) -> dict[str, Any]:
    """What the browser is told of the presets."""
    (found,) = (
        one.proto
        for one in app.get("bidi_component")
        if one.proto.component_name.endswith("cnnviz_presets")
    )
    return dict(json.loads(found.json))


def pictures(app: AppTest) -> list[str]:
    """The names of all pictures, which tell their bytes."""
    return [one.url for element in app.get("image") for one in element.proto.imgs]


def texts(app: AppTest) -> list[str]:
    """All that is written: shapes, ranges, formulas, numbers."""
    written = [*app.get("html"), *app.markdown, *app.caption, *app.latex]
    return [element.proto.body for element in written]


def written_by_browser(widget: Widget) -> str | list[str]:
    """What a browser writes to the address for the value that a control has been set to."""
    state = widget._widget_state
    value = getattr(state, state.WhichOneof("value"))
    if hasattr(value, "data"):
        return [f"{one:g}" if isinstance(one, float) else str(one) for one in value.data]
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
