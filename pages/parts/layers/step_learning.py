"""A step of learning: the kernel goes a little way against its gradient, and the loss falls."""

import streamlit as st

from cnnviz_core.number_format import short_tex
from cnnviz_core.stepping.setups import GradientSetup
from cnnviz_core.views.step_facts import learning_step
from pages.parts import controls, layout
from pages.parts.declarations import Choice, plain
from pages.parts.number_grid import number_grids
from pages.parts.texts import N_, _

RATE: Choice[float] = Choice(
    key="step_rate",
    label=N_("Learning rate"),
    options=plain((0.01, 0.03, 0.1, 0.3, 1.0)),
    default=0.1,
    help=N_("How far the weights go against their gradients."),
)
DESCENT = (
    r"w \leftarrow w - \eta \frac{\partial L}{\partial w}, \qquad "
    r"L = \sum_{ij} \frac{\partial L}{\partial y_{ij}} \cdot y_{ij}"
)


def show_learning(setup: GradientSetup) -> None:
    """Offer a step of gradient descent, with kernel, result and loss before and after."""
    drawer = layout.more(_("A step of learning"), key="step_learning", icon=":material/school:")
    if drawer.open:
        with drawer:
            _show_step(setup)


def _show_step(setup: GradientSetup) -> None:
    step = learning_step(setup, controls.snap(RATE))
    kernels = {_("Kernel"): step.kernel, _("New kernel"): step.new_kernel}
    results = {_("Result"): step.result, _("New result"): step.new_result}
    st.html(number_grids(kernels, step.kernel_scale) + number_grids(results, step.result_scale))
    st.markdown(
        _("The loss goes from {before} to {after}.").format(
            before=f"${short_tex(step.loss)}$", after=f"${short_tex(step.new_loss)}$"
        )
    )
    st.latex(DESCENT)
