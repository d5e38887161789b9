"""What the server says of itself, on standard error: a line for each long job, and what fails.

Nothing of what a visitor has typed or brought along stands in it.
"""

import logging
import os

_LOGGER = logging.getLogger("cnnviz_core")


def begin() -> None:
    """Let the app's lines through, and keep TensorFlow's back; before TensorFlow is imported.

    TensorFlow tells every server which instructions it was built for. Whoever sets
    `TF_CPP_MIN_LOG_LEVEL` hears what they asked for.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not _LOGGER.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        _LOGGER.addHandler(handler)
        _LOGGER.setLevel(logging.INFO)
