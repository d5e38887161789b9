"""LeNet's stages as two rows of pictures, and what stands behind them as a diagram."""

import streamlit as st

from cnnviz_core.cached import (
    Activation,
    Convolution,
    HeadLayer,
    LenetStage,
    LenetView,
    Pooling,
)
from pages.parts import pictures
from pages.parts.activation_names import ACTIVATION_TITLES
from pages.parts.texts import _

# The names of `HeadLayer`: a title, and what its units are.
HEAD = {
    "flatten": ("Flatten", "all values in one line"),
    "hidden 1": ("Hidden", "units"),
    "hidden 2": ("Hidden", "units"),
    "softmax": ("Softmax", "probabilities"),
}
POOL_TITLES = {"max": "Max pooling", "average": "Average pooling"}


def show_stages(view: LenetView) -> None:
    """Six pictures in two rows, an arrow from each to the next."""
    with st.container(key="lenet-stages"):
        for block in (view.stages[:3], view.stages[3:]):
            for column, stage in zip(st.columns(3), block, strict=True):
                with column.container(gap="xsmall"):
                    _show_stage(stage)


def _show_stage(stage: LenetStage) -> None:
    title = stage_title(stage)
    count = f'<span class="lenet-count"> · {_parameters(stage.num_parameters)}</span>'
    st.html(f'<div class="lenet-title"><b>{title}</b>{count}</div>')
    st.image(stage.picture.data, width="stretch", output_format="PNG", alt=title)
    st.html(pictures.facts(stage.picture))


def stage_title(stage: LenetStage) -> str:
    """What a layer is called above its picture."""
    match stage.layer:
        case Convolution():
            return _("Convolution")
        case Activation(function):
            return _(ACTIVATION_TITLES[function])
        case Pooling(mode=mode):
            return _(POOL_TITLES[mode])


def show_head(view: LenetView) -> None:
    """The layers of numbers behind the last picture, as boxes in a row."""
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
    """How the weights and biases are counted."""
    titles = (_("first convolution"), _("second convolution"), _("first hidden layer"))
    formulas = (*view.convolution_formulas, view.hidden_formula)
    lines = [f"{title} ${formula}$" for title, formula in zip(titles, formulas, strict=True)]
    st.markdown(
        _("**Parameters**, weights and a bias for each filter or unit:")
        + "  \n"
        + "  \n".join(lines)
    )
