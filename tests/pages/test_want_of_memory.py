"""An operation for which memory does not suffice: a sentence, a line in the log, a live page."""

import pytest

from cnnviz_core.views import pooling, predictions
from tests.pages.visits import opened


@pytest.mark.parametrize(
    ("page", "module", "name"),
    [("pooling", pooling, "pooled"), ("predictions", predictions, "predicted")],
)
def test_the_page_lives_on(
    page: str,
    module: object,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def wanting(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(module, name, wanting)
        app = opened(page)
    assert [one.value for one in app.error] == [
        "The server has too little memory for this now. Choose something smaller, or try again "
        "later."
    ]
    assert "Too little memory" in caplog.text
    # Sidebar and the way to the next page are there, and so is the picture once there is memory.
    assert app.radio(key="picture").value == "cat"
    assert app.main.get("page_link")
    app.run()
    assert not app.error
    assert app.main.get("imgs") or app.main.get("image")
