"""TensorFlow, loaded in the background while the first page is already on screen.

Importing TensorFlow takes seconds and holds the interpreter; `start` does it in a thread, once, and
then what else the first visitors would wait for.
It also settles what Streamlit does after every run of a page as soon as Keras is imported
(`streamlit/runtime/scriptrunner/script_runner.py`):

- It calls `keras.backend.clear_session()`, which ends in a full garbage collection, and would
  forget what the sessions share. Nothing here relies on Keras' global state, so under Streamlit
  that call is a no-op.
- It collects all garbage again (`runner.postScriptGC`, switched off in `.streamlit/config.toml`).
  What is left of Python's own collections does not walk through TensorFlow's million objects
  either, because they are frozen once loaded.
"""

import gc
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from cnnviz_core.runtime import library_pages, log, malloc

# Long enough for the first page's pictures to reach the browser, short enough that a visitor's
# first click finds TensorFlow ready.
DELAY_SECONDS = 2.0

_lock = threading.Lock()
_thread: threading.Thread | None = None
_has_loaded = threading.Event()

_log = logging.getLogger(__name__)


def start(delay: float = DELAY_SECONDS, then: Callable[[], None] | None = None) -> None:
    """Begin to load TensorFlow `delay` seconds from now; later calls do nothing.

    `then` is called in the same thread, once TensorFlow is there.
    """
    global _thread
    with _lock:
        if _thread is None:
            log.begin()
            malloc.share_heaps()
            _thread = threading.Timer(delay, _run, (then,))
            _thread.daemon = True
            _thread.start()


def in_progress() -> bool:
    """Whether TensorFlow is being loaded, or about to be."""
    return _thread is not None and not _has_loaded.is_set()


def wait(timeout: float | None = None) -> None:
    """Return once the loading that `start` began has ended."""
    if _thread is not None:
        _has_loaded.wait(timeout)


def _run(then: Callable[[], None] | None) -> None:
    try:
        _load_tensorflow()
    finally:
        _has_loaded.set()
    if then is not None:
        try:
            then()
        except Exception:  # whoever asks for it meets the same, and is told
            _log.exception("What the first visitors would ask for could not be prepared.")


def _load_tensorflow() -> None:
    with log.without_notes():
        import keras
        import tensorflow as tf

        one = np.zeros((1, 3, 3, 3), np.float32), np.zeros((3, 3, 3, 1), np.float32)
        tf.nn.conv2d(*one, 1, "VALID")
    library_pages.let_go(str(Path(tf.__file__).parent))
    keras.backend.clear_session = _keep_session
    freeze_garbage_collector()


def _keep_session(free_memory: bool = True) -> None:
    """Stand in for `keras.backend.clear_session`."""


def freeze_garbage_collector() -> None:
    """Take everything alive now out of later garbage collections; call it after loading a model."""
    gc.collect()
    gc.freeze()
