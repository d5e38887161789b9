"""The app as a server runs it."""

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner

# Each `AppTest` reads the metadata of all installed packages, in search of components: 0.3 s of
# processor time. A server does so once.
_scan_once = cache(manifest_scanner.scan_component_manifests)
# Each run of an `AppTest` compiles `dashboard.py` and the page anew. A server does so once.
_compiled = ScriptCache()


@pytest.fixture(autouse=True)
def _app_as_a_server_runs_it(tensorflow_loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The app finds TensorFlow loaded, and pages run from within `dashboard.py`.

    Before each run, `AppTest` makes Streamlit forget that `st.navigation` was ever called. It then
    takes the folder `pages` for the old kind of app, and runs a page without picker and navigation.
    """
    begin = PagesManager.__init__

    def begin_with_navigation(self: PagesManager, *arguments: object, **more: object) -> None:
        begin(self, *arguments, **more)  # type: ignore[arg-type]
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin_with_navigation)
    for module in (app_test, local_script_runner):
        monkeypatch.setattr(module, "ScriptCache", lambda: _compiled)
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", _scan_once)
