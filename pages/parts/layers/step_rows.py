"""Numbers that are no grid: in the order of time, or a sample a row."""

from typing import Literal

from cnnviz_core.stepping.setups import BatchSetup, CausalSetup
from cnnviz_core.views.stepping import heart_beat_row
from pages.parts import controls
from pages.parts.declarations import Choice, Number, Text, plain
from pages.parts.texts import N_

ROW_SOURCE: Choice[Literal["typed", "heart"]] = Choice(
    key="step_row_source",
    label=N_("Numbers in a row"),
    options={"typed": N_("Typed"), "heart": N_("Heart beat")},
    default="typed",
    help=N_("Your own numbers, such as a rhythm, or a heart beat as a doctor records it."),
)
ROW = Text(
    key="step_row",
    label=N_("Row"),
    default="0 0 1 0 0 2 0 0 1 0 0 2",
    help=N_("Numbers in the order of time, with spaces between them."),
)
ROW_KERNEL = Text(
    key="step_row_kernel",
    label=N_("Kernel"),
    default="1 2",
    help=N_("The weights of all layers; the last one is that of the present."),
)
LAYERS = Number(
    key="step_layers",
    label=N_("Layers"),
    low=1,
    high=3,
    default=3,
    help=N_("The second has a dilation of 2, the third of 4: each sees twice as far back."),
)
BATCH = Text(
    key="step_batch",
    label=N_("Batch"),
    default="1 10\n2 30\n3 20\n6 60",
    help=N_("A row for each sample, a column for each channel, up to 6 of both."),
)
SCALE: Choice[float] = Choice(
    key="step_scale",
    label=N_("Scale"),
    options=plain((0.5, 1.0, 2.0, 3.0)),
    default=1.0,
    help=N_("What each channel is multiplied by in the end; networks learn it."),
)
SHIFT = Number(
    key="step_shift",
    label=N_("Shift"),
    low=-3,
    high=3,
    default=0,
    help=N_("What is added to each channel in the end; networks learn it."),
)
ROW_CONTROLS = (ROW_SOURCE, ROW, ROW_KERNEL, LAYERS, BATCH, SCALE, SHIFT)


def choose_causal() -> CausalSetup:
    """Draw the controls of causal layers and give the choice, its texts still unread."""
    is_typed = controls.choice(ROW_SOURCE) == "typed"
    row = controls.text(ROW) if is_typed else heart_beat_row()
    return CausalSetup(row, controls.text(ROW_KERNEL), controls.slider(LAYERS))


def choose_batch() -> BatchSetup:
    """Draw the controls of batch normalization and give the choice, its text still unread."""
    return BatchSetup(controls.text_lines(BATCH), controls.snap(SCALE), controls.slider(SHIFT))
