"""LeNet's stages as two rows of pictures, and what stands behind them as a diagram."""

import streamlit as st

from cnnviz_core.layers.article import HeadLayer
from cnnviz_core.layers.specs import Activation, Convolution, Layer, Pooling
from cnnviz_core.views.lenet import LenetStage, LenetView
from pages.parts import layout, pictures
from pages.parts.layers.activation_names import ACTIVATION_TITLES
from pages.parts.texts import _

# The names of `HeadLayer`: a title, and what its units are.
HEAD = {
    "flatten": ("Flatten", "all values in one list"),
    "hidden 1": ("Hidden", "units"),
    "hidden 2": ("Hidden", "units"),
    "softmax": ("Softmax", "probabilities"),
}
# LeCun et al. (1998), section II.B.
HISTORY = """
Two convolutions, two pooling layers and three dense layers: the order is that of LeNet-5, the \
rest is simpler, as is usual today. For its input, 32 × 32 pixels in gray, the parameters are:

| Layer of LeNet-5 | LeNet-5 | after LeNet-5 |
| :--- | ---: | ---: |
| C1: 6 filters of 5×5 | 156 | 156 |
| S2: pooling over 2×2 | 12 | 0 |
| C3: 16 filters of 5×5 | 1,516 | 2,416 |
| S4: pooling over 2×2 | 32 | 0 |
| C5: 120 units | 48,120 | 48,120 |
| F6: 84 units | 10,164 | 10,164 |
| Output: 10 classes | fixed | 850 |
| **Trained parameters** | **60,000** | **61,706** |

In C3, a table says which of the 6 maps a filter reads: 3, 4 or all 6. Here each filter reads all \
of them. S2 and S4 add up each window, multiply the sum by a trained coefficient and add a trained \
bias, one of each per map; a sigmoid follows. Here pooling has no parameters. The output compares \
F6 with a fixed pattern for each class (radial basis functions); here it is a softmax layer.
"""
POOL_TITLES = {"max": "Max pooling", "average": "Average pooling"}


def show_stages(view: LenetView) -> None:
    """Show two rows of three pictures, or two without pooling; an arrow from each to the next."""
    with st.container(key="lenet-stages"):
        for block in (view.stages[:3], view.stages[3:]):
            shown = [stage for stage in block if not leaves_all(stage.layer)]
            for column, stage in zip(st.columns(3), shown, strict=False):
                with column.container(gap="xsmall"):
                    _show_stage(stage)


def leaves_all(layer: Layer) -> bool:
    """Return whether it is pooling that keeps every value: no layer at all."""
    return isinstance(layer, Pooling) and layer.size == 1 and layer.stride in (None, 1)


def _show_stage(stage: LenetStage) -> None:
    title = stage_title(stage)
    count = f'<span class="lenet-count">{_parameters(stage.num_parameters)}</span>'
    st.html(f'<div class="lenet-title"><b>{title}</b>{count}</div>')
    pictures.image(stage.picture, alt=title)
    st.html(pictures.facts(stage.picture))


def stage_title(stage: LenetStage) -> str:
    """Return what a layer is called above its picture."""
    match stage.layer:
        case Convolution():
            return _("Convolution")
        case Activation(function):
            return _(ACTIVATION_TITLES[function])
        case Pooling(mode=mode):
            return _(POOL_TITLES[mode])


def show_head(view: LenetView) -> None:
    """Show the layers of numbers behind the last picture, as boxes in a row."""
    boxes = [_layer_box(layer) for layer in view.head]
    boxes.append(_box(_("Output"), "?", _("the most probable class"), ""))
    st.html(f'<div class="lenet-head">{"".join(boxes)}</div>')


def _layer_box(layer: HeadLayer) -> str:
    title, units = HEAD[layer.name]
    parameters = _parameters(layer.num_parameters) if layer.num_parameters else ""
    return _box(_(title), f"{layer.num_units:,}", _(units), parameters)


def _box(title: str, number: str, units: str, parameters: str) -> str:
    return (
        f'<div class="lenet-box"><span>{title}</span><b>{number}</b><span>{units}</span>'
        f"<small>{parameters}</small></div>"
    )


def _parameters(count: int) -> str:
    return _("{count} parameters").format(count=f"{count:,}") if count else _("no parameters")


def show_parameters(view: LenetView) -> None:
    """Show how the weights and biases are counted."""
    titles = (_("first convolution"), _("second convolution"), _("first hidden layer"))
    formulas = (*view.convolution_formulas, view.hidden_formula)
    lines = [f"{title} ${formula}$" for title, formula in zip(titles, formulas, strict=True)]
    st.markdown(
        _("**Parameters**: weights, and a bias for each filter or unit:")
        + "  \n"
        + "  \n".join(lines)
    )


def show_history() -> None:
    """Show on demand how LeNet-5 differs from what is shown, in numbers."""
    history = layout.more(
        _("How LeNet-5 of 1998 differs"), key="lenet_history", icon=":material/history_edu:"
    )
    if history.open:
        history.markdown(_(HISTORY))
