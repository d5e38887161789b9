"""What all tests share: the cat, TensorFlow at rest, and a CI in which nothing is skipped."""

import os

import numpy as np
import numpy.typing as npt
import pytest

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
def _no_warm_up_beside_the_app(request: pytest.FixtureRequest) -> None:
    """The app starts to load TensorFlow on its first run; tests of the app start after that."""
    if hasattr(request.module, "AppTest"):
        request.getfixturevalue("tensorflow_loaded")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: nothing may stay unproven without notice."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") and skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\nSkipped in CI, which counts as failed: {len(skipped)}", red=True)
