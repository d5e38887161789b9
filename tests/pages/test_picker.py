"""The picture picker: where the camera is not to be had, it leads to the upload."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.parts.picker import allows_camera


@pytest.mark.parametrize(
    ("url", "is_allowed"),
    [
        ("http://192.168.0.7:8501/pooling", False),
        ("http://cnnviz.example", False),
        ("http://localhost.example", False),
        ("https://cnnviz.example/pooling", True),
        ("http://localhost:8501", True),
        ("http://cnnviz.localhost:8501", True),
        ("http://127.0.0.1:8501/pooling", True),
        ("http://[::1]:8501", True),
        (None, True),
    ],
)
def test_the_camera_is_offered_where_browsers_give_it(url: str | None, is_allowed: bool) -> None:
    assert allows_camera(url) == is_allowed


def picker() -> None:
    from pages.parts.picker import pick

    pick()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_where_browsers_refuse_the_camera_a_sentence_leads_to_the_upload(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setattr(type(st.context), "url", f"{scheme}://192.168.0.7:8501")
    app = AppTest.from_function(picker, default_timeout=60)
    app.query_params["source"] = "Camera"
    app.run()
    assert not app.exception
    offered = [len(app.get(kind)) for kind in ("camera_input", "file_uploader")]
    assert offered == ([0, 1] if scheme == "http" else [1, 0])
    assert [one.value for one in app.info] == (
        ["Browsers allow the camera only over https: upload a photo here instead."]
        if scheme == "http"
        else []
    )
