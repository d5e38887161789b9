"""From a window of the picture to its numbers in *Step by step*."""

from cnnviz_core.views.step_windows import StepWindow
from pages.parts import cross_links
from pages.parts.layers.step_controls import DILATION
from pages.parts.layers.step_grids import KERNELS, PLACE, SOURCE
from pages.parts.layers.step_player import POSITION
from pages.parts.texts import N_, _


def show_step_link(window: StepWindow | None) -> None:
    """Show the way to a window's numbers, if there is one."""
    if window is not None:
        link = cross_links.Link("stepping", N_("Step by step, with its numbers"), asked(window))
        cross_links.show(_("This window"), (link,))


def asked(window: StepWindow) -> cross_links.Query:
    """Return what *Step by step* is asked for."""
    return {
        SOURCE.key: "picture",
        PLACE.down.key: window.down,
        PLACE.across.key: window.across,
        DILATION.key: window.dilation,
        POSITION.key: window.stop,
        **{one.key: text for one, text in zip(KERNELS[0], window.kernels, strict=True)},
    }
