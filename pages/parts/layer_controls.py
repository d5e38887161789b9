"""Controls that several kinds of layers have in common."""

from cnnviz_core.cached import Padding
from pages.parts import controls
from pages.parts.texts import _

PADDING_DEFAULTS = {"padding": "valid", "zeros": 1}
PADDINGS = {"valid": "None", "same": "Same", "zeros": "Zeros"}
MAX_ZEROS = 7


def choose_padding(prefix: str = "", most: int = MAX_ZEROS) -> Padding:
    """No padding, as much as keeps the size, or a number of zeros on each side, `most` at most.

    `prefix` stands before the keys of the controls.
    """
    padding = controls.choice(
        _("Padding"),
        f"{prefix}padding",
        list(PADDINGS),
        show=lambda name: _(PADDINGS[name]),
        help=_(
            "Zeros around the picture. None: the result is smaller than the picture. Same: only "
            "the stride makes it smaller. Zeros: as many on each side as you choose."
        ),
    )
    if padding == "zeros":
        return controls.slider(
            _("Zeros on each side"),
            f"{prefix}zeros",
            0,
            most,
            1,
            help=_("Rows and columns of zeros added on each side of the picture."),
        )
    return "same" if padding == "same" else "valid"
