"""What to show where something cannot be computed at all: the reason, and nothing else."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from pages.parts.texts import literal

Result = TypeVar("Result")


def or_reason(compute: Callable[[], Result]) -> Result | None:
    """Return what `compute` gives; if it refuses, say why and give None.

    Unlike `pictures.last_valid`, for what no other setting of the same page would mend: then an
    older picture would be one of something else. Only `ValueError` is caught.
    """
    try:
        return compute()
    except ValueError as problem:
        st.error(literal(str(problem)), icon=":material/error:")
        return None
