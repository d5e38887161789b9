"""Networks on demand: the real loading code, from a local server, in the real file format."""

import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.networks import download as downloading
from cnnviz_core.networks import keras_applications
from cnnviz_core.networks.download import download
from cnnviz_core.networks.keras_applications import APPLICATIONS, Application

BODY = bytes(range(256)) * 4096


class Handler(BaseHTTPRequestHandler):
    """Serves BODY, or misbehaves as the address asks."""

    files: dict[str, bytes] = {}  # noqa: RUF012 - filled by the tests

    def do_GET(self) -> None:
        body = self.files.get(self.path, BODY)
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        if self.path != "/unsized":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.path == "/short":
            self.wfile.write(body[:1000])
        elif self.path == "/silent":
            self.wfile.write(body[:1000])
            time.sleep(1)
        elif self.path == "/dripping":
            for start in range(0, 100_000, 1000):
                self.wfile.write(body[start : start + 1000])
                time.sleep(0.02)
        else:
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.handle_error = lambda *_: None  # type: ignore[method-assign,assignment]
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def fetch(url: str, path: Path, **options: Any) -> None:
    download(url, path, **({"size_limit": len(BODY), "md5": None} | options))


@pytest.mark.parametrize("address", ["/whole", "/unsized"])
def test_a_file_arrives_whole(server: str, tmp_path: Path, address: str):
    fetch(server + address, tmp_path / "deep" / "file")
    assert (tmp_path / "deep" / "file").read_bytes() == BODY


def test_progress_rises_to_the_whole(server: str, tmp_path: Path):
    seen: list[tuple[int, int]] = []
    fetch(f"{server}/whole", tmp_path / "file", progress=lambda *step: seen.append(step))
    received = [count for count, _ in seen]
    assert received == sorted(received)
    assert len(received) > 2
    assert seen[-1] == (len(BODY), len(BODY))


def test_the_right_checksum_is_accepted(server: str, tmp_path: Path):
    md5 = hashlib.md5(BODY, usedforsecurity=False).hexdigest()
    fetch(f"{server}/whole", tmp_path / "file", md5=md5)
    assert (tmp_path / "file").exists()


@pytest.mark.parametrize(
    ("address", "options", "reason"),
    [
        ("/missing", {}, "404"),
        ("/short", {}, r"only 1,000 of 1,048,576 bytes|IncompleteRead"),
        ("/whole", {"md5": "0" * 32}, "damaged"),
        ("/whole", {"size_limit": 1000}, "larger than expected"),
        ("/unsized", {"size_limit": 1000}, "larger than expected"),
        ("/dripping", {"timeout": 0.1}, "too long"),
        ("/silent", {}, "timed out"),
    ],
)
def test_a_failed_download_is_explained_and_leaves_nothing(
    server: str, tmp_path: Path, monkeypatch, address: str, options: dict[str, Any], reason: str
):
    monkeypatch.setattr(downloading, "SILENCE", 0.3)
    with pytest.raises(ValueError, match=reason):
        fetch(server + address, tmp_path / "file", **options)
    assert list(tmp_path.iterdir()) == []


def test_offline_is_explained(tmp_path: Path):
    with pytest.raises(ValueError, match="choose a network that is ready offline"):
        fetch("http://127.0.0.1:9/file", tmp_path / "file")


def application(name: str) -> Application:
    return next(item for item in APPLICATIONS if item.name == name)


@cache
def random_weights(seed: int) -> tuple[Any, ...]:
    import keras

    model = keras.applications.MobileNetV2(weights=None)
    random = np.random.default_rng(seed)
    model.set_weights([random.uniform(0.1, 0.2, w.shape) for w in model.get_weights()])
    return model, model.get_weights()


def write_weights(path: Path, seed: int) -> None:
    """Write a file in the layout of Keras' published weights, which predates Keras 3."""
    from keras.src.legacy.saving import legacy_h5_format

    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, random_weights(seed)[0])


LEGACY_FORMAT = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@LEGACY_FORMAT
def test_weights_are_fetched_once_and_then_come_from_keras_cache(server, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    write_weights(tmp_path / "served.h5", seed=1)
    mobile = application("MobileNetV2")
    monkeypatch.setitem(Handler.files, f"/{mobile.path}", (tmp_path / "served.h5").read_bytes())
    assert not keras_applications.info(mobile).is_ready

    steps: list[int] = []
    network = keras_applications.load(
        mobile, base_url=f"{server}/", progress=lambda received, _: steps.append(received)
    )
    assert steps[-1] == (tmp_path / "served.h5").stat().st_size
    for found, expected in zip(network.model.get_weights(), random_weights(1)[1], strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert keras_applications.info(mobile).is_ready

    again = keras_applications.load(mobile, base_url="http://127.0.0.1:9/")
    np.testing.assert_array_equal(again.model.get_weights()[0], network.model.get_weights()[0])


@LEGACY_FORMAT
def test_a_damaged_file_in_the_cache_is_fetched_anew(server, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    mobile = application("MobileNetV2")
    path = keras_applications.weights_path(mobile)
    write_weights(path, seed=1)
    whole = path.read_bytes()
    path.write_bytes(whole[:5000])
    monkeypatch.setitem(Handler.files, f"/{mobile.path}", whole)
    known = replace(mobile, md5=hashlib.md5(whole, usedforsecurity=False).hexdigest())
    keras_applications.load(known, base_url=f"{server}/")
    assert path.read_bytes() == whole


def test_a_file_of_something_else_is_explained(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    path = keras_applications.weights_path(application("MobileNetV2"))
    path.parent.mkdir()
    path.write_bytes(b"no weights")
    with pytest.raises(ValueError, match="Delete the file"):
        networks.load("mobilenetv2")


PREPROCESSING_MODULES = {
    "VGG16": "vgg16",
    "VGG19": "vgg19",
    "ResNet50V2": "resnet_v2",
    "Xception": "xception",
    "MobileNetV2": "mobilenet_v2",
    "EfficientNetV2B0": "efficientnet_v2",
    "DenseNet121": "densenet",
}


@pytest.mark.parametrize("item", APPLICATIONS, ids=lambda item: item.name)
def test_preprocessing_agrees_with_keras(item: Application):
    import keras

    module = getattr(keras.applications, PREPROCESSING_MODULES[item.name])
    picture = np.random.default_rng(0).uniform(0, 255, (9, 7, 3)).astype(np.float32)
    before = picture.copy()
    found = item.scaling(picture)
    np.testing.assert_array_equal(picture, before)
    np.testing.assert_allclose(found, module.preprocess_input(picture.copy()), atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("item", APPLICATIONS, ids=lambda item: item.name)
def test_the_listing_is_true_of_what_keras_builds_and_fetches(
    item: Application, monkeypatch: pytest.MonkeyPatch
):
    import keras
    from keras.src.utils import file_utils

    asked: list[tuple[str, str, str | None]] = []

    def get_file(fname: str, origin: str, file_hash: str | None = None, **_: Any) -> str:
        asked.append((fname, origin, file_hash))
        return fname

    def zeros(_: Any, shape: tuple[int, ...], dtype: Any = None, **__: Any) -> Any:
        return keras.ops.zeros(shape, dtype)

    monkeypatch.setattr(file_utils, "get_file", get_file)
    monkeypatch.setattr(keras.Model, "load_weights", lambda *_: None)
    # To draw a hundred million weights takes seconds.
    monkeypatch.setattr(keras.initializers.VarianceScaling, "__call__", zeros)
    model = getattr(keras.applications, item.name)(weights="imagenet")
    name = keras_applications.weights_path(item).name
    assert asked == [(name, keras_applications.BASE_URL + item.path, item.md5)]
    assert model.count_params() == item.num_parameters
    assert tuple(model.input.shape[1:3]) == item.input_size
    # A file holds four bytes a parameter, and some for the names of layers.
    assert item.megabytes * 10**6 == pytest.approx(4 * model.count_params(), rel=0.06, abs=10**6)
