"""The picture of one stop of a window, and the example that most courses share."""

from cnnviz_core.stepping.setups import ConvolutionSetup
from cnnviz_core.views.stepping import Words, stop_picture
from pages.parts.layout import page_theme
from pages.parts.texts import _

TEXTBOOK_GRID = "1 1 1 0 0\n0 1 1 1 0\n0 0 1 1 1\n0 0 1 1 0\n0 1 1 0 0"
TEXTBOOK_KERNEL = "1 0 1\n0 1 0\n1 0 1"


def textbook_picture(position: int) -> bytes:
    """Return the picture of one stop of the example, counted from 1."""
    setup = ConvolutionSetup(grids=(TEXTBOOK_GRID,), kernels=((TEXTBOOK_KERNEL,),))
    return stop_picture(setup, position - 1, page_theme(), words())


def words() -> Words:
    """Return what stands over the grids."""
    return (
        ("input", _("input")),
        ("kernel", _("kernel")),
        ("filter", _("filter")),
        ("result", _("result")),
        ("mean", _("mean")),
        ("variance", _("variance")),
        ("convolved", _("convolved") + " z"),
        ("rectified", _("after ReLU") + " a"),
        ("pooled", _("pooled") + " p"),
        ("convolved_gradient", _("gradient") + " ∂L/∂z"),
        ("rectified_gradient", _("gradient") + " ∂L/∂a"),
        ("pooled_gradient", _("gradient") + " ∂L/∂p"),
        ("times", _("painted so often")),
        ("gradient", _("gradient") + " ∂L/∂y"),
        ("kernel_gradient", _("gradient") + " ∂L/∂w"),
        ("input_gradient", _("gradient") + " ∂L/∂x"),
    )
