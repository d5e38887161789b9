"""Known settings of the step-by-step page."""

from pages.parts.layers.step_controls import (
    DILATION,
    FILTERS,
    GROUPS,
    OPERATION,
    PADDING,
    STRIDE,
)
from pages.parts.layers.step_gradients import DIRECTION, GRADIENT, UPSTREAM, WRONG
from pages.parts.layers.step_grids import CHANNELS, GRID, KERNEL, KERNELS
from pages.parts.layers.step_rows import LAYERS, ROW_KERNEL, ROW_SOURCE
from pages.parts.presets import Preset
from pages.parts.texts import N_

PLUS = "0 1 0\n1 1 1\n0 1 0"
ONES = "\n".join(["1 1 1"] * 3)
MIXING = ("1", "-1", "1/2", "0", "1", "1")
SMALL = [kernel for kernels in KERNELS[:2] for kernel in kernels]
CLASSIC_POOLING = "1 1 2 4\n5 6 7 8\n3 2 1 0\n1 2 3 4"
PRESETS = (
    Preset(N_("Textbook"), N_("A 5×5 grid and a 3×3 kernel: nine stops."), {}),
    Preset(
        N_("Zero padding"),
        N_("A ring of zeros around the grid: the result is as large as the grid."),
        {PADDING.kind: "zeros"},
    ),
    Preset(N_("Stride 2"), N_("The window skips every other place."), {STRIDE: 2}),
    Preset(
        N_("Dilation 2"),
        N_("The same nine weights spread over five rows and columns."),
        {
            GRID: "0 0 0 1 0 0 0\n0 0 1 2 1 0 0\n0 1 2 3 2 1 0\n1 2 3 4 3 2 1\n"
            "0 1 2 3 2 1 0\n0 0 1 2 1 0 0\n0 0 0 1 0 0 0",
            DILATION: 2,
        },
    ),
    Preset(
        N_("Max pooling"),
        N_("The largest of every four numbers is kept."),
        {OPERATION: "max", GRID: CLASSIC_POOLING},
    ),
    Preset(
        N_("Average pooling"),
        N_("Every four numbers become their mean."),
        {OPERATION: "average", GRID: CLASSIC_POOLING},
    ),
    Preset(
        N_("A rhythm"),
        N_("Three layers over a row of numbers, each looking twice as far back."),
        {OPERATION: "causal"},
    ),
    Preset(
        N_("A heart beat"),
        N_("An edge in time: what is new, minus what was before. The sharp wave stands out."),
        {OPERATION: "causal", ROW_SOURCE: "heart", ROW_KERNEL: "-1 1", LAYERS: 1},
    ),
    Preset(
        N_("A batch"),
        N_("Two channels of four samples get one mean and one spread."),
        {OPERATION: "batch"},
    ),
    Preset(
        N_("Find an edge"),
        N_(
            "Dark on the left, bright on the right: Sobel's kernel responds only to the step "
            "between."
        ),
        {
            GRID: "\n".join(["0 0 0 0 9 9 9"] * 5),
            KERNEL: "-1 0 1\n-2 0 2\n-1 0 1",
        },
    ),
    Preset(
        N_("A filter sees three channels"),
        N_("One kernel for each channel; their sums are added up to a single cell."),
        {CHANNELS: 3},
        group="channels",
    ),
    Preset(
        N_("Nine maps? No, three"),
        N_("Three channels and three filters: each filter adds its channels up to one map."),
        {CHANNELS: 3, FILTERS: 3},
        group="channels",
    ),
    Preset(
        N_("Depthwise"),
        N_("Each filter reads one channel alone: a third of the weights, and nothing is mixed."),
        {CHANNELS: 3, FILTERS: 3, GROUPS: 3},
        group="channels",
    ),
    Preset(
        N_("Depthwise and pointwise"),
        N_("In two acts what a dense layer does in one, with fewer weights and products."),
        {OPERATION: "separable", CHANNELS: 3},
        group="channels",
    ),
    Preset(
        N_("1×1 mixes"),
        N_("A window of one cell sees no neighbors: it mixes the channels of each place."),
        {CHANNELS: 3, FILTERS: 2, **dict(zip(SMALL, MIXING, strict=True))},
        group="channels",
    ),
    Preset(
        N_("Transposed paints"),
        N_("Four cells paint a 3×3 kernel each, two cells apart."),
        {OPERATION: "transposed", GRID: "1 2\n3 4", KERNEL: PLUS, STRIDE: 2},
        group="backwards",
    ),
    Preset(
        N_("Checkerboard"),
        N_("Even a flat input is painted unevenly where the stride does not divide the kernel."),
        {OPERATION: "transposed", GRID: ONES, KERNEL: ONES, STRIDE: 2},
        group="backwards",
    ),
    Preset(
        N_("Who is to blame?"),
        N_("One cell of the result is wrong: which weights made it so?"),
        {DIRECTION: "kernel", WRONG: 5},
        group="backwards",
    ),
    Preset(
        N_("There and back"),
        N_("Convolution, ReLU, pooling and a sum; then the gradients, back to the kernel."),
        {OPERATION: "chain", KERNEL: "1 -1\n-1 1"},
        group="backwards",
    ),
    Preset(
        N_("A step of learning"),
        N_("The kernel goes a little way against its gradient, and the loss falls."),
        {DIRECTION: "kernel", UPSTREAM: "typed"},
        group="backwards",
    ),
    Preset(
        N_("Back to the input"),
        N_("Each cell of the result paints the kernel back, as strong as its gradient is."),
        {DIRECTION: "input", UPSTREAM: "typed", KERNEL: "1 2 3\n4 5 6\n7 8 9"},
        group="backwards",
    ),
    Preset(
        N_("Back through max pooling"),
        N_("The winner takes all."),
        {
            **{OPERATION: "max", GRID: CLASSIC_POOLING},
            **{DIRECTION: "input", UPSTREAM: "typed", GRADIENT: "1 2\n3 4"},
        },
        group="backwards",
    ),
)
