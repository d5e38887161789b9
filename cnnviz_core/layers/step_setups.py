"""A window over a grid, as a person types it and an address holds it."""

from dataclasses import dataclass

from cnnviz_core.layers.pooling import PoolMode, PoolPadding
from cnnviz_core.layers.stepping import Step, convolution_step, pooling_step
from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.layers.windows import Padding


@dataclass(frozen=True, slots=True)
class ConvolutionSetup:
    """A kernel over a grid, both as text that `typed_grids.parse_grid` reads."""

    grid: str
    kernel: str
    stride: int = 1
    padding: Padding = "valid"
    dilation: int = 1


@dataclass(frozen=True, slots=True)
class PoolingSetup:
    """A square window over a grid, which is text that `typed_grids.parse_grid` reads.

    Without a `stride` the window moves as far as it is wide.
    """

    grid: str
    size: int
    mode: PoolMode
    stride: int | None = None
    padding: PoolPadding = "valid"


StepSetup = ConvolutionSetup | PoolingSetup


def step_at(setup: StepSetup, position: int) -> Step:
    """Show one position, counted from 0.

    Raises
    ------
    ValueError
        As `typed_grids.parse_grid`, `convolution_step` and `pooling_step`.

    Examples
    --------
    >>> step_at(PoolingSetup("1 3; 5 4", 2, "max"), 0).value
    5.0
    """
    grid = parse_grid(setup.grid)
    if isinstance(setup, PoolingSetup):
        return pooling_step(
            grid,
            setup.size,
            position,
            stride=setup.stride,
            mode=setup.mode,
            padding=setup.padding,
        )
    return convolution_step(
        grid,
        parse_grid(setup.kernel, name="The kernel"),
        position,
        stride=setup.stride,
        padding=setup.padding,
        dilation=setup.dilation,
    )
