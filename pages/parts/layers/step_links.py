"""From a window of the picture to its numbers in *Step by step*."""

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.kernels import KernelChoice, RandomKernels
from cnnviz_core.views.convolution import ConvolutionPlace
from cnnviz_core.views.stepping import PATCH
from pages.parts import cross_links
from pages.parts.layers.step_controls import DILATION
from pages.parts.layers.step_grids import KERNELS, PLACE, SOURCE
from pages.parts.layers.step_player import POSITION
from pages.parts.picker import current
from pages.parts.texts import N_, _

# Of a weight: more than a float32 has, of those that fractions make.
DIGITS = 9


def show_step_link(at: ConvolutionPlace, choice: KernelChoice, index: int) -> None:
    """Show the way to the framed window's numbers, if the page there can show all of it."""
    query = window_query(at, choice, index, current().pixels.shape[:2])
    if query is not None:
        link = cross_links.Link("stepping", N_("Step by step, with its numbers"), query)
        cross_links.show(_("This window"), (link,))


def window_query(
    at: ConvolutionPlace, choice: KernelChoice, index: int, sides: tuple[int, ...]
) -> cross_links.Query | None:
    """Return what *Step by step* is asked for; None if it cannot show this window.

    It shows `PATCH` rows and columns of the picture, which begin at whole percents of the way.
    """
    left, top, width, height = at.source
    rows, columns = at.kernel.shape[:2]
    reach, length = round(height * sides[0]), round(width * sides[1])
    down = _span(round(top * sides[0]), reach, sides[0])
    across = _span(round(left * sides[1]), length, sides[1])
    if down is None or across is None or rows != columns:
        return None
    stops = PATCH - length + 1
    weights = weights_for_colors(at.kernel, choice, index)
    return {
        SOURCE.key: "picture",
        PLACE.down.key: down[0],
        PLACE.across.key: across[0],
        DILATION.key: (length - 1) // (columns - 1) if columns > 1 else 1,
        POSITION.key: down[1] * stops + across[1] + 1,
        **{one.key: _text(weights[..., color]) for color, one in enumerate(KERNELS[0])},
    }


def weights_for_colors(kernel: FloatArray, choice: KernelChoice, index: int) -> FloatArray:
    """Return the weights of red, green and blue, (kh, kw, 3), of which the value is the sum.

    A kernel for the brightness weighs each color by a third; one for each color, one alone.
    """
    if isinstance(choice, RandomKernels):
        return kernel
    shares = np.full(3, 1 / 3) if choice.colors == "brightness" else np.eye(3)[index]
    return np.asarray(kernel * shares, np.float32)


def _span(start: int, length: int, side: int) -> tuple[int, int] | None:
    """Return where a patch begins, in percent, that holds all of a window, and where in it that is.

    >>> _span(152, 3, 400), _span(-1, 3, 400), _span(152, 9, 400)
    ((38, 3), None, None)
    """
    for percent in range(101):
        first = round(percent / 100 * max(side - PATCH, 0))
        if first <= start and start + length <= min(first + PATCH, side):
            return percent, start - first
    return None


def _text(weights: FloatArray) -> str:
    return "\n".join(" ".join(f"{weight:.{DIGITS}g}" for weight in row) for row in weights)
