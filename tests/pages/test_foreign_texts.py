"""What comes from outside is text on every page: neither HTML, nor Markdown, nor LaTeX."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import images
from cnnviz_core.networks import Network, from_keras
from cnnviz_core.views.sharing import Picture
from pages.parts.contents import SECTIONS
from pages.parts.network_controls import OWN, UPLOAD_SWITCH
from pages.parts.picker import OWN_KEY, OWN_NAME
from tests import nasty_models
from tests.pages import visits
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
            if proto.component_name.endswith("cnnviz_identifiers"):
                continue  # it looks up what the address says, and draws nothing
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


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("convolution", {"kernels": "By hand", "weights": f"1 {MARKDOWN}"}),
        ("convolution", {"kernels": "By hand", "weights": LATEX.replace(" ", "")}),
        ("convolution", {"kernels": "By hand", "weights": "<img/src=x/onerror=alert(1)>"}),
        ("stepping", {"step_grid": f"1 {MARKDOWN}", "step_input": "My own grid"}),
        ("predictions", {"network": FOREIGN, "target_class": FOREIGN, "preset": FOREIGN}),
        ("feature_maps", {"maps_layer": FOREIGN, "maps_order": FOREIGN, "picture": FOREIGN}),
        ("filter_ascent", {"ascent_layer": FOREIGN, "ascent_network": FOREIGN}),
    ],
)
def test_what_an_address_asks_for_is_text(page: str, asked: dict[str, str]) -> None:
    app = visits.opened(page, asked)
    markdown, html = written(app)
    # A field holds what was typed into it, which is neither.
    assert [text for text in html if "<img" in text and "onerror" in text] == []
    assert [text for text in markdown if MARKDOWN in text or LATEX in text] == []
    assert [text for text in markdown if "<img/src" in text and "\\<img" not in text] == []


# Keras 3.15 copies variables in a way that NumPy 2 is to drop.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_the_name_of_a_file_is_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tensorflow_loaded: None
) -> None:
    monkeypatch.setenv(UPLOAD_SWITCH, "1")
    data = nasty_models.saved(nasty_models.sequential_model(), tmp_path, ".keras")
    for name, content in [(f"{FOREIGN}.keras", data), (f"{FOREIGN}\n# x.keras", b"no model")]:
        app = AppTest.from_file(DASHBOARD, default_timeout=120)
        app.session_state["network"] = OWN
        app.switch_page("pages/kernels.py").run()
        uploader = app.file_uploader(key="network upload")
        uploader.set_value((name, content, "application/octet-stream")).run()
        assert [one.message for one in app.exception] == []
        markdown, html = written(app)
        bad = [text for text in [*markdown, *html] if MARKDOWN in text or LATEX in text]
        assert bad + [text for text in html if "<img src=x" in text] == []
    assert len(app.error) == 1
