"""Where the kernels come from: controls for random, named and hand-written ones."""

from collections.abc import Mapping

import streamlit as st

from cnnviz_core.layers.kernels import (
    ColorTreatment,
    EditedKernel,
    KernelChoice,
    NamedKernel,
    RandomKernels,
    kernel_names,
    kernel_sizes,
)
from cnnviz_core.layers.named_kernels import DIRECTIONAL, MAX_SIZE, KernelName
from pages.parts import controls
from pages.parts.declarations import Choice, Number
from pages.parts.layers.kernel_editor import WEIGHTS, edit_kernel
from pages.parts.picker import room
from pages.parts.seeds import choose_seed, seed
from pages.parts.texts import N_

NAMES: dict[KernelName, str] = {
    "identity": N_("Identity: no change"),
    "box_blur": N_("Box blur"),
    "gaussian_blur": N_("Gaussian blur"),
    "motion_blur": N_("Motion blur"),
    "sharpen": N_("Sharpen"),
    "sobel_x": N_("Sobel: left to right"),
    "sobel_y": N_("Sobel: top to bottom"),
    "laplacian": N_("Laplacian: all around"),
    "emboss": N_("Emboss"),
    "gabor": N_("Gabor: angled stripes"),
}


SOURCE = Choice(
    key="kernels",
    label=N_("Kernels"),
    options={"random": N_("Random"), "named": N_("Named"), "edited": N_("By hand")},
    default="named",
    help=N_(
        "Random: as in a network before training. Named: classics of image processing. "
        "By hand: write the weights yourself."
    ),
)
SIZE = Number(
    key="size",
    label=N_("Kernel size"),
    low=1,
    high=MAX_SIZE,
    default=3,
    help=N_(
        "Number of rows and columns of the grid of weights. A larger grid reads more pixels for "
        "each value."
    ),
)
FILTERS = Number(
    key="filters",
    label=N_("Filters"),
    low=1,
    high=64,
    default=3,
    help=N_("How many grids slide over the picture; each makes a feature map of its own."),
)
GROUPS: Choice[int] = Choice(
    key="groups",
    label=N_("Each filter reads"),
    options={1: N_("All colors"), 3: N_("One color")},
    default=1,
    help=N_(
        "All colors: each filter adds up what it finds in red, green and blue. One color: filters "
        "come in threes, one for each color, which is called depthwise, and need a third of the "
        "weights."
    ),
)
SEED = seed("seed")
NAME: Choice[KernelName] = Choice(
    key="kernel",
    label=N_("Kernel"),
    options=NAMES,
    default="sobel_x",
    help=N_("What the kernel is known for."),
)
NAMED_SIZE: Choice[int] = Choice(
    key="kernel_size",
    label=N_("Kernel size"),
    options={},
    default=3,
    help=N_("The sizes in which this kernel exists; most need a cell in the middle."),
)
ANGLE = Number(
    key="angle",
    label=N_("Angle in degrees"),
    low=0,
    high=180,
    default=45,
    help=N_("Which way the kernel is turned: 0 is horizontal, 90 is vertical."),
)


def _colors(key: str, default: ColorTreatment) -> Choice[ColorTreatment]:
    return Choice(
        key=key,
        label=N_("Works on"),
        options={"each_channel": N_("Each color"), "brightness": N_("Brightness")},
        default=default,
        help=N_(
            "Each color: red, green and blue on their own, three maps. "
            "Brightness: their mean, one map."
        ),
    )


NAMED_COLORS = _colors("named_colors", "brightness")
EDITED_COLORS = _colors("colors", "each_channel")

KERNEL_CONTROLS = (
    SOURCE,
    SIZE,
    FILTERS,
    GROUPS,
    SEED,
    NAME,
    NAMED_SIZE,
    ANGLE,
    NAMED_COLORS,
    EDITED_COLORS,
    WEIGHTS,
)
OF_RANDOM_KERNELS = {SIZE.key, FILTERS.key, SEED.key, "display_many"}


def choose_kernels() -> KernelChoice:
    """Draw the controls and give the choice."""
    if SOURCE.key not in st.session_state:
        _read_old_address(st.query_params)
    source = controls.choice(SOURCE)
    if source == "random":
        size = controls.slider(SIZE, high=room())
        groups = controls.choice(GROUPS)
        controls.in_steps(FILTERS, groups)
        return RandomKernels(size, controls.slider(FILTERS), choose_seed(SEED), groups)
    if source == "named":
        return _named_kernel()
    return EditedKernel(edit_kernel(), controls.choice(EDITED_COLORS))


def _read_old_address(asked: Mapping[str, str]) -> None:
    """Choose what an address means that comes from the time when random kernels were the default.

    Those of random kernels did not say so. Those of named kernels did, as today's need not, and
    treated each color on its own unless they said otherwise.
    """
    if not asked.get(SOURCE.key) and OF_RANDOM_KERNELS & asked.keys():
        controls.say(SOURCE, "random")
    elif asked.get(SOURCE.key) == SOURCE.options["named"] and NAMED_COLORS.key not in asked:
        is_mean = asked.get(EDITED_COLORS.key) == EDITED_COLORS.options["brightness"]
        controls.say(NAMED_COLORS, "brightness" if is_mean else "each_channel")


def _named_kernel() -> NamedKernel:
    fitting = [name for name in kernel_names() if kernel_sizes(name)[0] <= room()]
    name = controls.pick(NAME, options=fitting)
    offered = [size for size in kernel_sizes(name) if size <= room()]
    chosen = controls.value(NAMED_SIZE)
    nearest = max((size for size in offered if size <= chosen), default=offered[0])
    controls.fall_back(NAMED_SIZE, offered, nearest)
    size = controls.snap(NAMED_SIZE, options=offered, otherwise=offered[-1])
    angle = controls.slider(ANGLE) if name in DIRECTIONAL else 0
    return NamedKernel(name, size, float(angle), controls.choice(NAMED_COLORS))
