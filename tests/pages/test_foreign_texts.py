"""What comes from outside is text on every page: neither HTML, nor Markdown, nor LaTeX."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import images
from cnnviz_core.networks import Network, from_keras
from cnnviz_core.views.sharing import Picture
from pages.parts.contents import SECTIONS
from pages.parts.network_controls import OWN, UPLOAD_SWITCH
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests.pages.visits import DASHBOARD

HTML = "<img src=x onerror=alert(1)>"
MARKDOWN = "![x](evil)**y**`z`"
LATEX = "$\\href{evil}{x}$"
FOREIGN = HTML + MARKDOWN + LATEX
PAGES = [entry.name for entry in SECTIONS["Trained networks"]]


@pytest.fixture(scope="module")
def network(tensorflow_loaded: None) -> Network:
    """A network that calls itself and its classes by what would do harm."""
    import keras

    layers = keras.layers
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(4, 3, activation="relu", name="conv"),
            layers.MaxPooling2D(name="max"),
            layers.Conv2D(4, 3, activation="relu", name="last"),
            layers.GlobalAveragePooling2D(name="pool"),
            layers.Dense(3, activation="softmax", name="classes"),
        ]
    )
    names = [f"{number}{FOREIGN}" for number in range(3)]
    return from_keras(model, title=f"mine{FOREIGN}", class_names=names)


def opened(page: str, network: Network, **asked: str) -> AppTest:
    app = AppTest.from_file(DASHBOARD, default_timeout=120)
    app.session_state["uploaded network"] = network
    app.session_state[OWN_KEY] = Picture(FOREIGN, images.sample("cat"))
    for key in ("network", "ascent_network"):
        app.session_state[key] = OWN
    app.session_state["picture"] = OWN_NAME
    for key, value in asked.items():
        app.query_params[key] = value
    app.switch_page(f"pages/{page}.py").run()
    assert [one.message for one in app.exception] == []
    return app


def elements(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from elements(child)
        yield child


def written(app: AppTest) -> tuple[list[str], list[str]]:
    """What Streamlit draws as Markdown, and as HTML."""
    markdown, html = [], []
    for one in [*elements(app.main), *elements(app.sidebar)]:
        proto = getattr(one, "proto", None)
        if one.type == "html":
            html.append(proto.body)
        elif one.type == "bidi_component":
            html += [proto.json, str(getattr(proto, "bytes", b""))]
        elif proto is not None:
            markdown += [
                value
                for name in ("body", "label", "help")
                if isinstance(value := getattr(proto, name, None), str)
            ]
            if one.type in ("radio", "button_group"):
                markdown += [str(option) for option in proto.options]
    return markdown, html


@pytest.mark.parametrize("page", PAGES)
def test_names_of_an_own_network_are_text(
    page: str, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(UPLOAD_SWITCH, "1")
    markdown, html = written(opened(page, network))
    bad = [text for text in html if "<img src=x" in text]
    bad += [text for text in markdown if MARKDOWN in text or LATEX in text]
    assert bad == []
    assert any("evil" in text for text in [*markdown, *html])
