"""Where the kernels come from: controls for random, named and hand-written ones."""

from collections.abc import Mapping

import streamlit as st

from cnnviz_core.layers.kernels import (
    DIRECTIONAL,
    MAX_SIZE,
    ColorTreatment,
    EditedKernel,
    KernelChoice,
    KernelName,
    NamedKernel,
    RandomKernels,
    kernel_names,
    kernel_sizes,
)
from pages.parts import old_controls as controls
from pages.parts.layers.kernel_editor import SOBEL_ROWS, edit_kernel
from pages.parts.picker import room
from pages.parts.seeds import choose_seed, seed
from pages.parts.texts import _

MAX_FILTERS = 64
SEED = seed("seed")

KERNEL_DEFAULTS = {
    "kernels": "named",
    "size": 3,
    "filters": 3,
    SEED.key: SEED.default,
    "kernel": "sobel_x",
    "kernel_size": 3,
    "angle": 45,
    "named_colors": "brightness",
    "colors": "each_channel",
    "weights": SOBEL_ROWS,
}
OF_RANDOM_KERNELS = {"size", "filters", "seed", "display_many"}
SOURCES = {"random": "Random", "named": "Named", "edited": "By hand"}
NAMES: dict[KernelName, str] = {
    "identity": "Identity: nothing changes",
    "box_blur": "Box blur",
    "gaussian_blur": "Gaussian blur",
    "motion_blur": "Motion blur, along an angle",
    "sharpen": "Sharpen",
    "sobel_x": "Sobel: edges from left to right",
    "sobel_y": "Sobel: edges from top to bottom",
    "laplacian": "Laplacian: edges all around",
    "emboss": "Emboss",
    "gabor": "Gabor: stripes at an angle",
}
COLOR_TREATMENTS: dict[ColorTreatment, str] = {
    "each_channel": "Each color",
    "brightness": "Brightness",
}


def choose_kernels() -> KernelChoice:
    """Draw the controls and give the choice."""
    if "kernels" not in st.session_state:
        _read_old_address(st.query_params)
    source = controls.choice(
        _("Kernels"),
        "kernels",
        list(SOURCES),
        default="named",
        show=lambda name: _(SOURCES[name]),
        help=_(
            "Random: as in a network before training. Named: classics of image processing. "
            "By hand: write the weights yourself."
        ),
    )
    if source == "random":
        return random_kernels()
    if source == "named":
        return _named_kernel()
    return EditedKernel(edit_kernel("weights"), _color_treatment("colors", "each_channel"))


def _read_old_address(asked: Mapping[str, str]) -> None:
    """Choose what an address means that comes from the time when random kernels were the default.

    Those of random kernels did not say so. Those of named kernels did, as today's need not, and
    treated each color on its own unless they said otherwise.
    """
    if "kernels" not in asked and OF_RANDOM_KERNELS & asked.keys():
        st.session_state["kernels"] = "random"
    elif asked.get("kernels") == SOURCES["named"] and "named_colors" not in asked:
        is_mean = asked.get("colors") == COLOR_TREATMENTS["brightness"]
        st.session_state["named_colors"] = "brightness" if is_mean else "each_channel"


def random_kernels() -> RandomKernels:
    """Size, number and seed of random kernels."""
    size = controls.slider(
        _("Kernel size"),
        "size",
        1,
        min(MAX_SIZE, room()),
        3,
        help=_(
            "Number of rows and columns of the grid of weights. A larger grid reads more pixels "
            "for each value."
        ),
    )
    num_filters = controls.slider(
        _("Filters"),
        "filters",
        1,
        MAX_FILTERS,
        3,
        help=_("How many grids slide over the picture; each makes a feature map of its own."),
    )
    return RandomKernels(size, num_filters, choose_seed(SEED))


def _named_kernel() -> NamedKernel:
    fitting = [name for name in kernel_names() if kernel_sizes(name)[0] <= room()]
    default = "sobel_x" if "sobel_x" in fitting else fitting[0]
    controls.fall_back("kernel", fitting, default)
    name = controls.pick(
        _("Kernel"),
        "kernel",
        fitting,
        default=default,
        show=lambda name: _(NAMES[name]),
        help=_("What the kernel is known for."),
    )
    offered = [size for size in kernel_sizes(name) if size <= room()]
    chosen = st.session_state.get("kernel_size", 3)
    nearest = max((size for size in offered if size <= chosen), default=offered[0])
    controls.fall_back("kernel_size", offered, nearest)
    size = controls.snap(
        _("Kernel size"),
        "kernel_size",
        offered,
        min(3, offered[-1]),
        help=_("The sizes in which this kernel exists; most need a cell in the middle."),
    )
    angle = 0
    if name in DIRECTIONAL:
        angle = controls.slider(
            _("Angle in degrees"),
            "angle",
            0,
            180,
            45,
            help=_("Which way the kernel is turned: 0 is horizontal, 90 is vertical."),
        )
    return NamedKernel(name, size, float(angle), _color_treatment("named_colors", "brightness"))


def _color_treatment(key: str, default: ColorTreatment) -> ColorTreatment:
    return controls.choice(
        _("Works on"),
        key,
        list(COLOR_TREATMENTS),
        default=default,
        show=lambda name: _(COLOR_TREATMENTS[name]),
        help=_(
            "Each color: red, green and blue on their own, three maps. "
            "Brightness: their mean, one map."
        ),
    )
