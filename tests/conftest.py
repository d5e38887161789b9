"""What all tests share: the cat, the app as a server runs it, and a CI that skips nothing."""

import os

import numpy as np
import numpy.typing as npt
import pytest
from streamlit.runtime.pages_manager import PagesManager

from cnnviz_core import images, warm_up


@pytest.fixture(scope="session")
def cat() -> npt.NDArray[np.uint8]:
    """The cat of the article, uint8 (320, 400, 3), read-only."""
    return images.sample("cat")


@pytest.fixture(scope="session")
def tensorflow_loaded() -> None:
    """Load TensorFlow as the app does, and wait: no thread of ours works beside the tests."""
    warm_up.start(delay=0)
    warm_up.wait()


@pytest.fixture(autouse=True)
def _app_as_a_server_runs_it(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests of the app find TensorFlow loaded, and pages run from within `dashboard.py`.

    Before each run, `AppTest` makes Streamlit forget that `st.navigation` was ever called. It then
    takes the folder `pages` for the old kind of app, and runs a page without picker and navigation.
    """
    if not hasattr(request.module, "AppTest"):
        return
    request.getfixturevalue("tensorflow_loaded")
    begin = PagesManager.__init__

    def begin_with_navigation(self: PagesManager, *arguments: object, **more: object) -> None:
        begin(self, *arguments, **more)  # type: ignore[arg-type]
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin_with_navigation)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: nothing may stay unproven without notice."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") and skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\nSkipped in CI, which counts as failed: {len(skipped)}", red=True)
