"""Which way the step-by-step page goes, and the gradient that it begins with on the way back."""

from typing import Literal

from cnnviz_core.layers.typed_grids import GRID_LIMIT
from cnnviz_core.stepping.setups import ConvolutionSetup, GradientSetup, PoolingSetup, Towards
from cnnviz_core.views.step_facts import num_results
from pages.parts import controls
from pages.parts.declarations import Choice, Number, Text
from pages.parts.texts import N_

Direction = Literal["forwards"] | Towards

DIRECTION: Choice[Direction] = Choice(
    key="step_direction",
    label=N_("Direction"),
    options={
        "forwards": N_("Forwards"),
        "kernel": N_("Back to the kernel"),
        "input": N_("Back to the input"),
    },
    default="forwards",
    help=N_(
        "Forwards makes the result. Backwards is how a network learns: from how much each cell of "
        "the result matters to how much each weight, or each cell of the input, does."
    ),
)
UPSTREAM: Choice[Literal["one", "typed"]] = Choice(
    key="step_upstream",
    label=N_("Gradient of the result"),
    options={"one": N_("One cell is wrong"), "typed": N_("Typed")},
    default="one",
    help=N_(
        "By how much the loss grows with each cell of the result: by one for a single cell, or "
        "what you type."
    ),
)
WRONG = Number(
    key="step_wrong",
    label=N_("Which cell"),
    low=1,
    high=GRID_LIMIT**2,
    default=1,
    help=N_("The cell of the result, row by row, that makes the loss grow by one."),
)
GRADIENT = Text(
    key="step_gradient",
    label=N_("Gradient"),
    default="1 0 -1\n0 2 0\n0 0 1",
    help=N_("A number for each cell of the result."),
)
GRADIENT_CONTROLS = (DIRECTION, UPSTREAM, WRONG, GRADIENT)


def choose_direction(*, has_kernel: bool) -> Direction:
    """Draw the ways there are, and give the choice."""
    ways = [one for one in DIRECTION.options if has_kernel or one != "kernel"]
    controls.fall_back(DIRECTION, ways, "forwards")
    return controls.choice(DIRECTION, options=ways)


def choose_gradient(forwards: ConvolutionSetup | PoolingSetup, towards: Towards) -> GradientSetup:
    """Draw what the way back begins with, and give it, its text still unread."""
    if controls.choice(UPSTREAM) == "typed":
        return GradientSetup(forwards, towards, controls.text_lines(GRADIENT))
    count = num_results(forwards)
    return GradientSetup(
        forwards, towards, controls.slider(WRONG, high=count) - 1 if count > 1 else 0
    )
