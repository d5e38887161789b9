"""What all tests share: the cat, TensorFlow, a browser, and a CI that skips nothing."""

import os
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright
from xdist.scheduler import LoadFileScheduling

from cnnviz_core import images
from cnnviz_core.runtime import warm_up
from tests.browser.chromium import LAPTOP, launch, serve_process
from tests.fuzzing import NIGHTLY

settings.register_profile(NIGHTLY, max_examples=20_000)


@pytest.fixture(scope="session")
def cat() -> npt.NDArray[np.uint8]:
    """The cat of the article, uint8 (320, 400, 3), read-only."""
    return images.sample("cat")


@pytest.fixture(scope="session")
def tensorflow_loaded() -> None:
    """Load TensorFlow as the app does, and wait: no thread of ours works beside the tests."""
    warm_up.start(delay=0)
    warm_up.wait()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one Chromium of all browser tests."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def tab(chromium: Browser) -> Page:
    """The one tab of most tests: what it has compiled of Streamlit's script, it need not again."""
    return chromium.new_context(viewport=LAPTOP).new_page()


@pytest.fixture
def browser(chromium: Browser, tab: Page) -> Iterator[Browser]:
    """The browser, for pages of a test's own.

    What a test leaves open, as one that fails does, is closed: a page with long work would go on
    asking for it beside all later tests.
    """
    yield chromium
    for context in chromium.contexts:
        if context != tab.context:
            context.close()


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[str, int]]:
    """The one server of nearly all browser tests, by its address and the number of its process."""
    with serve_process() as found:
        yield found


@pytest.fixture(scope="session")
def address(server: tuple[str, int]) -> str:
    """Where the app is served, without a slash at the end."""
    return server[0]


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """The tab, on a laptop, as of somebody who has never been here."""
    tab.set_viewport_size(LAPTOP)
    yield tab
    if tab.url.startswith("http"):
        tab.evaluate("localStorage.clear(), sessionStorage.clear()")
    tab.context.clear_cookies()
    tab.goto("about:blank")


class OneBrowser(LoadFileScheduling):  # type: ignore[misc]
    """Each file in one piece, and all browser tests in one: one server is enough for them."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "browser" if file.startswith("tests/browser/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OneBrowser:
    """Share the tests out among the workers."""
    return OneBrowser(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: nothing may stay unproven without notice."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") and skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\nSkipped in CI, which counts as failed: {len(skipped)}", red=True)
