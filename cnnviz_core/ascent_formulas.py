"""The formulas of gradient ascent with this moment's numbers in them, as LaTeX."""

from typing import Literal

from cnnviz_core.ascent_images import ImageKind

AscentTarget = Literal["filters", "layer", "class"]


def objective_formula(
    target: AscentTarget,
    map_shape: tuple[int, int, int],
    value: float,
    below_zero: float,
    *,
    is_after: bool,
) -> str:
    r"""What is climbed, and how high it stands.

    Parameters
    ----------
    target : "filters", "layer" or "class"
        One channel's values y, all of a layer's, or one score z.
    map_shape : (int, int, int)
        Height, width and channels of the layer's answer.
    value : float
        What the objective measures now.
    below_zero : float
        How much values below zero count, as in `AscentSettings`.
    is_after : bool
        Whether y is behind the activation function, and is never below zero.

    Examples
    --------
    >>> print(objective_formula("filters", (32, 32, 256), 168.66, 0.1, is_after=True))
    a = \dfrac{1}{32\cdot 32} \sum_{i,\,j} y_{ij} = \mathbf{169}
    >>> print(objective_formula("class", (1, 1, 1000), 42.0, 1.0, is_after=False))
    a = z = \mathbf{42}
    """
    height, width, channels = map_shape
    written = rf"\mathbf{{{value:.3g}}}"
    if target == "layer":
        return (
            rf"a = \dfrac{{1}}{{{height}\cdot {width}\cdot {channels}}} "
            rf"\sum_{{i,\,j,\,k}} y_{{ijk}}^2 = {written}"
        )
    if height * width == 1:
        return rf"a = {'z' if target == 'class' else 'y'} = {written}"
    plain = is_after or below_zero == 1
    term = "y_{ij}" if plain else rf"\max(y_{{ij}},\ {below_zero:g}\,y_{{ij}})"
    return rf"a = \dfrac{{1}}{{{height}\cdot {width}}} \sum_{{i,\,j}} {term} = {written}"


def step_formula(image: ImageKind, step_size: float) -> str:
    r"""How a step changes the picture x.

    Waves climb by Adam: m is a running mean of the gradients, v one of their squares. Pixels follow
    the gradient, divided by the root of the mean of its squares.

    Examples
    --------
    >>> print(step_formula("waves", 0.05))
    x \leftarrow x + 0.05\cdot \dfrac{m}{\sqrt{v}},\quad m, v \text{ from } \nabla_{\!x}\, a
    >>> print(step_formula("pixels", 1 / 255))
    x \leftarrow x + \dfrac{1}{255}\cdot \dfrac{g}{\sqrt{\overline{g^2}}},\quad g = \nabla_{\!x}\, a
    """
    if image == "waves":
        return (
            rf"x \leftarrow x + {step_size:g}\cdot \dfrac{{m}}{{\sqrt{{v}}}},"
            r"\quad m, v \text{ from } \nabla_{\!x}\, a"
        )
    return (
        rf"x \leftarrow x + \dfrac{{{255 * step_size:g}}}{{255}}\cdot "
        r"\dfrac{g}{\sqrt{\overline{g^2}}},\quad g = \nabla_{\!x}\, a"
    )
