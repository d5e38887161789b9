"""TensorFlow in the background: loaded once, after the first page, and at rest from then on."""

import gc
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from cnnviz_core.runtime import warm_up

ROOT = Path(__file__).parents[2]


def run(code: str) -> str:
    """Run Python code in a process of its own, warnings being errors; give what it complains of."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> list[threading.Event]:
    """A warm-up that has not begun, and loads nothing: each loading waits for its event."""
    loadings: list[threading.Event] = []

    def load() -> None:
        loadings.append(threading.Event())
        loadings[-1].wait(10)

    monkeypatch.setattr(warm_up, "_thread", None)
    monkeypatch.setattr(warm_up, "_has_loaded", threading.Event())
    monkeypatch.setattr(warm_up, "_load_tensorflow", load)
    return loadings


def test_nothing_is_in_progress_before_the_start(cold: list[threading.Event]) -> None:
    assert not warm_up.in_progress()
    warm_up.wait()
    assert cold == []


def test_many_starts_load_once(cold: list[threading.Event]) -> None:
    starts = [threading.Thread(target=warm_up.start, args=(0.01,)) for _ in range(20)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    warm_up.wait(0.2)
    assert len(cold) == 1
    cold[0].set()
    warm_up.wait(10)
    warm_up.start(0)
    assert not warm_up.in_progress()
    assert len(cold) == 1


def test_loading_is_in_progress_from_the_start_to_the_end(cold: list[threading.Event]) -> None:
    warm_up.start(0.05)
    assert warm_up.in_progress()
    assert cold == []
    warm_up.wait(0.3)
    assert len(cold) == 1
    assert warm_up.in_progress()
    cold[0].set()
    warm_up.wait(10)
    assert not warm_up.in_progress()


def test_what_comes_then_finds_tensorflow_and_may_fail(
    cold: list[threading.Event], caplog: pytest.LogCaptureFixture
) -> None:
    was_in_progress: list[bool] = []

    def fail() -> None:
        was_in_progress.append(warm_up.in_progress())
        raise OSError("The network's file is gone.")

    warm_up.start(0, then=fail)
    while not cold:
        warm_up.wait(0.01)
    cold[0].set()
    warm_up.wait(10)
    thread = warm_up._thread
    assert thread is not None
    thread.join(10)
    assert was_in_progress == [False]
    assert "The network's file is gone." in caplog.text


def test_no_loading_outlives_the_server(cold: list[threading.Event]) -> None:
    warm_up.start(60)
    thread = warm_up._thread
    assert isinstance(thread, threading.Timer)
    assert thread.daemon
    thread.cancel()


def test_what_keras_shares_between_sessions_outlives_a_run(tensorflow_loaded: None) -> None:
    import keras
    from streamlit.runtime.scriptrunner.script_runner import _clean_problem_modules

    first = keras.layers.ReLU().name
    _clean_problem_modules()
    assert keras.layers.ReLU().name != first


def test_a_run_of_a_page_walks_through_no_objects_of_tensorflow(tensorflow_loaded: None) -> None:
    import tensorflow as tf
    from streamlit.runtime.scriptrunner.script_runner import _clean_problem_modules

    collections: list[object] = []

    def count(phase: str, info: object) -> None:
        collections.append((phase, info))

    assert gc.get_freeze_count() > 100_000
    tracked: list[ModuleType] = [one for one in gc.get_objects() if one is tf]
    assert tracked == []
    gc.collect()
    gc.callbacks.append(count)
    try:
        _clean_problem_modules()
    finally:
        gc.callbacks.remove(count)
    assert collections == []


def test_the_core_and_the_pages_parts_are_imported_without_tensorflow() -> None:
    run(
        "import importlib, pkgutil, sys\n"
        "for package in ('cnnviz_core', 'pages.parts'):\n"
        "    folders = importlib.import_module(package).__path__\n"
        "    for module in pkgutil.walk_packages(folders, package + '.'):\n"
        "        importlib.import_module(module.name)\n"
        "assert 'cnnviz_core.views.home' in sys.modules and 'pages.parts.picker' in sys.modules\n"
        "heavy = {'tensorflow', 'keras', 'torch', 'matplotlib.pyplot'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )


def test_tensorflow_is_loaded_without_its_notes_and_nothing_else_is_lost() -> None:
    said = run(
        "from cnnviz_core.runtime import warm_up\n"
        "import os, sys, time\n"
        "warm_up.start(0)\n"
        "while 'tensorflow' not in sys.modules: time.sleep(0.001)\n"
        "os.write(2, b'Something else.\\n')\n"
        "warm_up.wait()\n"
        "import tensorflow as tf\n"
        "assert tf.reduce_sum(tf.ones((2, 2))) == 4\n"
    )
    assert said == "Something else.\n"


def test_the_first_pages_are_there_before_tensorflow() -> None:
    run(
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "from cnnviz_core.runtime import warm_up\n"
        "warm_up.start(3600)\n"
        "app = AppTest.from_file('dashboard.py', default_timeout=30)\n"
        "for page in (app, app.switch_page('pages/convolution.py')):\n"
        "    page.run()\n"
        "    assert not page.exception, page.exception\n"
        "    assert page.get('image')\n"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules\n"
    )


def test_streamlit_does_not_collect_garbage_after_each_run() -> None:
    config = (ROOT / ".streamlit" / "config.toml").read_text()
    assert "\npostScriptGC = false\n" in config
