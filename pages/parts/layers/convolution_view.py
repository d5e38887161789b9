"""What a convolution makes of a picture, and one place of it: window, kernel, value, and sum."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz_core.layers.kernels import KernelChoice, NamedKernel, RandomKernels
from cnnviz_core.layers.named_kernels import KernelName
from cnnviz_core.number_format import short_number
from cnnviz_core.views.convolution import ConvolutionPlace, ConvolutionView, num_filters
from cnnviz_core.views.step_windows import step_window
from pages.parts import formulas, layout, pictures
from pages.parts.layers.kernel_pictures import kernel_strip, show_kernel_numbers
from pages.parts.layers.step_links import show_step_link
from pages.parts.number_grid import number_grids
from pages.parts.picker import current
from pages.parts.pictures import CHANNELS, color_bar, inline
from pages.parts.texts import _

LOOK_FOR: dict[KernelName, str] = {
    "identity": (
        "The picture passes unchanged: one weight is 1 and all others are 0. Everything that a "
        "kernel does comes from the other weights."
    ),
    "box_blur": (
        "Fine detail goes first: every value is the mean of its window. A larger kernel averages "
        "over more pixels, and thin lines fade."
    ),
    "gaussian_blur": (
        "Edges fade smoothly, because pixels near the middle count most. Compare with a box blur "
        "of the same size."
    ),
    "motion_blur": (
        "Lines along the angle stay sharp, and lines across it smear. Turn the angle, and other "
        "lines survive."
    ),
    "sharpen": (
        "Edges get a dark rim on one side and a bright one on the other: each pixel moves away "
        "from its neighbors. Flat areas stay as they are, because the weights add up to 1."
    ),
    "sobel_x": (
        "Where the picture gets brighter from left to right, values are above zero; where it gets "
        "darker, below. Flat areas give 0, because the weights add up to 0."
    ),
    "sobel_y": (
        "Where the picture gets brighter from top to bottom, values are above zero; where it gets "
        "darker, below. Flat areas give 0, because the weights add up to 0."
    ),
    "laplacian": (
        "Edges of every direction stand out, and so does noise: each value compares a pixel with "
        "those around it. Flat areas give 0, because the weights add up to 0."
    ),
    "emboss": (
        "Edges look lit from one corner: what lies above and to the left is subtracted, what lies "
        "below and to the right is added. Flat areas keep their color, because the weights add "
        "up to 1."
    ),
    "gabor": (
        "The values are highest where stripes run like the kernel's own and are about as wide. "
        "Turn the angle, and other stripes light up."
    ),
}
LOOK_FOR_RANDOM = (
    "Each filter responds to a pattern that nobody chose: compare which edges it finds. Roll "
    "again, and then make the kernels larger: the picture blurs."
)
LOOK_FOR_EDITED = (
    "These weights add up to {total}. With a total of 0, flat areas give 0 and only differences "
    "are left; with 1, they keep their brightness."
)


def show_convolved(
    view: ConvolutionView,
    at: ConvolutionPlace,
    kernels: KernelChoice,
    index: int,
    frame: DeltaGenerator,
    between: DeltaGenerator,
    after: DeltaGenerator,
) -> None:
    """Show the picture after the layer, and the sum at one place; frame that place in both."""
    count = num_filters(kernels)
    frame.html(_box(at.source))
    between.html(_kernel_between(at, kernels, index, count))
    with after:
        with st.container(key="conv-after"):
            pictures.image(view.after, alt=_("After"))
            if at.target is not None:
                st.html(_box(at.target))
        st.html(pictures.facts(view.after))
    _show_sum(at, kernels, index)
    show_step_link(step_window(current(), at, kernels, index))
    _show_look_for(kernels)
    sizes = formulas.output_size(view.height_formula, view.width_formula)
    st.html(sizes + (kernel_strip(view) if count > 1 else ""))
    show_kernel_numbers(view)


def _box(place: tuple[float, float, float, float]) -> str:
    """Return a frame over a picture, as HTML; `place` is left, top, width and height, in shares."""
    left, top, width, height = (f"{100 * share:.3f}%" for share in place)
    style = f"left:{left};top:{top};width:{width};height:{height}"
    return f'<div class="conv-overlay"><div class="conv-box" style="{style}"></div></div>'


def _kernel_between(place: ConvolutionPlace, choice: KernelChoice, index: int, count: int) -> str:
    """Return the kernel that stands between two pictures, as HTML: its numbers, or its colors."""
    note = ""
    if isinstance(choice, RandomKernels) and count > 1:
        note = _("Filter {number} of {count}").format(number=index + 1, count=count)
    elif not isinstance(choice, RandomKernels):
        each = choice.colors == "each_channel"
        note = _("on each color") if each else _("on the mean of the colors")
    num_grids = place.kernel.shape[2]
    if place.picture is not None:
        drawn = inline(place.picture, _("The kernel in colors"))
        drawn += color_bar(place.scale) if num_grids == 1 else ""
    else:
        names = [_(name) for name in CHANNELS] if num_grids > 1 else [""]
        # Three grids of weights with many digits are narrow with two of them; below are all.
        weights = place.kernel.round(2) if num_grids > 1 else place.kernel
        grids = {name: weights[:, :, channel] for channel, name in enumerate(names)}
        drawn = number_grids(grids, place.scale)
    return f'<div class="conv-kernel"><div>{drawn}</div><small>{note}</small></div>'


def _show_sum(place: ConvolutionPlace, choice: KernelChoice, index: int) -> None:
    """Show the framed window's values times the weights, added up."""
    where = _("Row {row}, column {column} of the result").format(
        row=f"{place.row + 1:,}", column=f"{place.column + 1:,}"
    )
    if not isinstance(choice, RandomKernels) and choice.colors == "each_channel":
        where += f", {_(CHANNELS[index]).lower()}"
    left, result = place.formula.rsplit(" ", 1)
    st.html(f'<p class="cnnviz-sizes conv-sum">{where}: <span>{left} <b>{result}</b></span></p>')


def _show_look_for(choice: KernelChoice) -> None:
    """Show what to look for with these kernels."""
    if isinstance(choice, RandomKernels):
        text = _(LOOK_FOR_RANDOM)
    elif isinstance(choice, NamedKernel):
        text = _(LOOK_FOR[choice.name])
    else:
        total = sum(weight for row in choice.rows for weight in row)
        text = _(LOOK_FOR_EDITED).format(total=short_number(total))
    layout.look_for(text)
