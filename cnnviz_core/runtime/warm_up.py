"""TensorFlow, loaded in the background while the first page is already on screen.

Importing TensorFlow takes seconds and holds the interpreter; `start` does it in a thread, once.
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
import threading

import numpy as np

from cnnviz_core.runtime import log, malloc

# Long enough for the first page's pictures to reach the browser, short enough that a visitor's
# first click finds TensorFlow ready.
DELAY_SECONDS = 2.0

_lock = threading.Lock()
_thread: threading.Thread | None = None


def start(delay: float = DELAY_SECONDS) -> None:
    """Begin to load TensorFlow `delay` seconds from now; later calls do nothing."""
    global _thread
    with _lock:
        if _thread is None:
            log.begin()
            malloc.share_heaps()
            _thread = threading.Timer(delay, _load_tensorflow)
            _thread.daemon = True
            _thread.start()


def in_progress() -> bool:
    """Whether TensorFlow is being loaded, or about to be."""
    return _thread is not None and _thread.is_alive()


def wait(timeout: float | None = None) -> None:
    """Return once the loading that `start` began has ended."""
    if _thread is not None:
        _thread.join(timeout)


def _load_tensorflow() -> None:
    import keras
    import tensorflow as tf

    keras.backend.clear_session = _keep_session
    tf.nn.conv2d(np.zeros((1, 3, 3, 3), np.float32), np.zeros((3, 3, 3, 1), np.float32), 1, "VALID")
    freeze_garbage_collector()


def _keep_session(free_memory: bool = True) -> None:
    """Stand in for `keras.backend.clear_session`."""


def freeze_garbage_collector() -> None:
    """Take everything alive now out of later garbage collections; call it after loading a model."""
    gc.collect()
    gc.freeze()
