"""What is done when memory does not suffice."""

import logging

from cnnviz_core.runtime import malloc

_log = logging.getLogger(__name__)


def note_want(error: MemoryError) -> None:
    """Have the log say where memory did not suffice, and give back what is free now."""
    _log.warning("Too little memory.", exc_info=error)
    malloc.give_back()
