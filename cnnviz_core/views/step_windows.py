"""Where the step-by-step page shows the window of a convolution with its numbers."""

from dataclasses import dataclass

import numpy as np

from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.kernels import KernelChoice, RandomKernels
from cnnviz_core.views.convolution import ConvolutionPlace
from cnnviz_core.views.sharing import Picture
from cnnviz_core.views.stepping import PATCH

# Of a weight: as many as tell every float32 from its neighbors.
DIGITS = 9


@dataclass(frozen=True, slots=True)
class StepWindow:
    """A patch of the picture, in percent of the way, a stop from 1 on, and a kernel a color."""

    down: int
    across: int
    dilation: int
    stop: int
    kernels: tuple[str, ...]


def step_window(
    picture: Picture, at: ConvolutionPlace, choice: KernelChoice, index: int
) -> StepWindow | None:
    """Return where one filter's window at one place is shown; None if it cannot be.

    The page shows `PATCH` rows and columns of the picture, which begin at whole percents of the
    way.
    """
    left, top, width, height = at.source
    sides = picture.pixels.shape[:2]
    rows, columns = at.kernel.shape[:2]
    reach, length = round(height * sides[0]), round(width * sides[1])
    down = _span(round(top * sides[0]), reach, sides[0])
    across = _span(round(left * sides[1]), length, sides[1])
    if down is None or across is None or rows != columns:
        return None
    weights = _weights_for_colors(at.kernel, choice, index)
    return StepWindow(
        down=down[0],
        across=across[0],
        dilation=(length - 1) // (columns - 1) if columns > 1 else 1,
        stop=down[1] * (PATCH - length + 1) + across[1] + 1,
        kernels=tuple(_text(weights[..., color]) for color in range(3)),
    )


def _weights_for_colors(kernel: FloatArray, choice: KernelChoice, index: int) -> FloatArray:
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
