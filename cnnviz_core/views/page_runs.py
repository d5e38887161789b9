"""Runs of pages: two at a time, whoever came first."""

from contextlib import AbstractContextManager

from cnnviz_core.runtime import admission

_DOOR = admission.Admission()


def admitted() -> AbstractContextManager[None]:
    """Return what a run of a page, or of a part of it, waits for and leaves at its end."""
    return admission.admitted(_DOOR)


def step_aside() -> None:
    """Let others run from now on: what follows takes long."""
    admission.step_aside(_DOOR)
