"""What the server says of itself, on standard error: a line for each long job, and what fails.

Nothing of what a visitor has typed or brought along stands in it.
"""

import contextlib
import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator

_LOGGER = logging.getLogger("cnnviz_core")

# What TensorFlow tells whoever imports it: that there is no graphics card, and which instructions
# it was built for.
_NOTES = re.compile(
    rb"absl::InitializeLog|cudart_stub|cuda_platform|cpu_feature_guard|rebuild TensorFlow|oneDNN"
)


def begin() -> None:
    """Let the app's lines through."""
    if not _LOGGER.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        _LOGGER.addHandler(handler)
        _LOGGER.setLevel(logging.INFO)


@contextlib.contextmanager
def without_notes() -> Iterator[None]:
    """Keep TensorFlow's notes back while it is imported; what else is said comes afterwards.

    They are written by compiled code, before anything could tell it not to: TensorFlow 2.21 heeds
    no environment variable there.
    """
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            said.seek(0)
            os.write(2, b"".join(line for line in said if not _NOTES.search(line)))
