"""The picture of one position of a sliding window, and the example that most courses share."""

from cnnviz_core.layers.step_setups import StepSetup
from cnnviz_core.views.stepping import PositionPicture, position_picture
from pages.parts.layout import page_theme
from pages.parts.texts import _

TEXTBOOK_GRID = "1 1 1 0 0\n0 1 1 1 0\n0 0 1 1 1\n0 0 1 1 0\n0 1 1 0 0"
TEXTBOOK_KERNEL = "1 0 1\n0 1 0\n1 0 1"


def draw_position(setup: StepSetup, position: int) -> PositionPicture:
    """Return the picture of one position, counted from 1."""
    return position_picture(setup, position - 1, page_theme(), labels())


def labels() -> tuple[str, str, str]:
    """Return what stands over the three grids of such a picture."""
    return _("input"), _("kernel"), _("result")
