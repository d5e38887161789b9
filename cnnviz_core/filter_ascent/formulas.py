"""The formulas of gradient ascent with this moment's numbers in them, as LaTeX.

Each of them is what the code computes, and a test evaluates it as it is printed. x is a picture in
0..1, w its Fourier coefficients, a the objective, t the number of the step, from 1.
"""

from typing import Literal

from cnnviz_core.filter_ascent.settings import AscentSettings
from cnnviz_core.filter_ascent.step import BETA_1, BETA_2
from cnnviz_core.number_format import short_tex

AscentTarget = Literal["filters", "neuron", "direction", "layer", "class"]

_GRADIENT = r"\nabla_{\!x}\,a"


def objective_formula(
    target: AscentTarget,
    map_shape: tuple[int, int, int],
    value: float | None,
    negative_slope: float,
    *,
    is_after: bool,
    place: tuple[int, int] | None = None,
    num_channels: int = 1,
) -> str:
    r"""Return what is maximized, and how high it stands, as LaTeX.

    Parameters
    ----------
    target : "filters", "neuron", "direction", "layer" or "class"
        One channel's values y, one of them, those of several channels together, all of a layer's,
        or one class's score z; behind the softmax, its probability p.
    map_shape : (int, int, int)
        Height, width and channels of the layer's output.
    value : float or None
        What the objective measures now; None before it has.
    negative_slope : float
        How much values below zero count, as in `AscentSettings`.
    is_after : bool
        Whether it is measured behind the activation function.
    place : (int, int), optional
        Of a neuron: row and column of the feature map, from 0; written from 1.
    num_channels : int
        Of a direction.

    Examples
    --------
    >>> print(objective_formula("filters", (32, 32, 256), 168.66, 1.0, is_after=True))
    a = \dfrac{1}{32\cdot 32} \sum_{i,\,j} y_{ij} = \mathbf{169}
    >>> print(objective_formula("class", (1, 1, 1000), 42.0, 1.0, is_after=False))
    a = z = \mathbf{42}
    >>> print(objective_formula("neuron", (8, 8, 64), 5.0, 0.1, is_after=False, place=(3, 4)))
    a = \max(y_{4,\,5},\ 0.1\,y_{4,\,5}) = \mathbf{5}
    >>> print(objective_formula("direction", (8, 8, 64), 5.0, 1.0, is_after=True, num_channels=4))
    a = \dfrac{1}{\sqrt{4}\cdot 8\cdot 8} \sum_{i,\,j,\,k} y_{ijk} = \mathbf{5}
    """
    height, width, channels = map_shape
    written = "" if value is None else rf" = \mathbf{{{short_tex(value)}}}"
    if target == "layer":
        return (
            rf"a = \dfrac{{1}}{{{height}\cdot {width}\cdot {channels}}} "
            rf"\sum_{{i,\,j,\,k}} y_{{ijk}}^2{written}"
        )
    letter = _letter(target, is_single=height * width == 1, is_after=is_after, place=place)
    term = letter if negative_slope == 1 else rf"\max({letter},\ {negative_slope:g}\,{letter})"
    if target == "direction":
        count = rf"\sqrt{{{num_channels}}}\cdot {height}\cdot {width}"
        return rf"a = \dfrac{{1}}{{{count}}} \sum_{{i,\,j,\,k}} {term}{written}"
    if height * width == 1 or target == "neuron":
        return f"a = {term}{written}"
    return rf"a = \dfrac{{1}}{{{height}\cdot {width}}} \sum_{{i,\,j}} {term}{written}"


def step_formula(settings: AscentSettings) -> str:
    r"""Return how a step changes the picture, or its Fourier coefficients.

    Examples
    --------
    >>> print(step_formula(AscentSettings()))
    w \leftarrow w + 0.15\cdot \dfrac{\hat{m}}{\sqrt{\hat{v}} + 10^{-8}}
    >>> print(step_formula(AscentSettings(image="pixels", step_size=1 / 255)))
    x \leftarrow \min(\max(x + \dfrac{1}{255}\cdot u,\ 0),\ 1)
    """
    size = settings.step_size
    if settings.image == "fourier":
        return (
            rf"w \leftarrow w + {size:g}\cdot "
            r"\dfrac{\hat{m}}{\sqrt{\hat{v}} + 10^{-8}}"
        )
    return rf"x \leftarrow \min(\max(x + \dfrac{{{255 * size:g}}}{{255}}\cdot u,\ 0),\ 1)"


def mean_formulas() -> tuple[str, ...]:
    r"""Return Adam's running means of the gradient g and of its square, and how both are corrected.

    Kingma and Ba, *Adam: A Method for Stochastic Optimization* (2015), algorithm 1.

    Examples
    --------
    >>> print(*mean_formulas(), sep="\n")
    m \leftarrow 0.5\,m + 0.5\,g
    v \leftarrow 0.999\,v + 0.001\,g^2
    \hat{m} = \dfrac{m}{1 - 0.5^t}
    \hat{v} = \dfrac{v}{1 - 0.999^t}
    """
    return (
        rf"m \leftarrow {BETA_1:g}\,m + {1 - BETA_1:g}\,g",
        rf"v \leftarrow {BETA_2:g}\,v + {1 - BETA_2:g}\,g^2",
        rf"\hat{{m}} = \dfrac{{m}}{{1 - {BETA_1:g}^t}}",
        rf"\hat{{v}} = \dfrac{{v}}{{1 - {BETA_2:g}^t}}",
    )


def direction_formula(settings: AscentSettings, copies: int) -> str:
    r"""Return which way the pixels go: the gradient, of one size for every filter, less penalties.

    Of several pictures of one filter, s is how alike this one's texture and the others' are: the
    mean cosine of their Gram matrices. The size of a in front of it has no gradient of its own.

    Examples
    --------
    >>> print(direction_formula(AscentSettings(), 1))
    u = \dfrac{\nabla_{\!x}\,a}{\sqrt{\overline{(\nabla_{\!x}\,a)^2}}}
    >>> penalties = AscentSettings(l2=0.2, total_variation=0.1)
    >>> print(direction_formula(penalties, 1).removeprefix(direction_formula(AscentSettings(), 1)))
     - 0.1\,\nabla_{\!x}\sum_n |x - x_n| - 0.2\,\nabla_{\!x}\sum (x - 0.5)^2
    """
    gradient = _GRADIENT
    if copies > 1 and settings.diversity:
        gradient = rf"\nabla_{{\!x}}\,(a - {settings.diversity:g}\,|a|\,s)"
    found = rf"u = \dfrac{{{gradient}}}{{\sqrt{{\overline{{({gradient})^2}}}}}}"
    if settings.total_variation:
        found += rf" - {settings.total_variation:g}\,\nabla_{{\!x}}\sum_n |x - x_n|"
    if settings.l2:
        found += rf" - {settings.l2:g}\,\nabla_{{\!x}}\sum (x - 0.5)^2"
    return found


def picture_formulas(settings: AscentSettings, *, begins_with_picture: bool) -> tuple[str, ...]:
    r"""Return how Fourier coefficients w make a picture x.

    Those of frequency f count as 1/f, K mixes their colors.

    A picture with less contrast than asked for gets it, around its mean color μ; k has no gradient
    of its own. One that begins with somebody's picture keeps that picture's contrast.

    Examples
    --------
    >>> print(*picture_formulas(AscentSettings(), begins_with_picture=False), sep="\n")
    c = K\,\mathcal{F}^{-1}(h\,w)
    k = \max(1,\ \dfrac{0.72}{\sqrt{\overline{(c - \mu)^2}}})
    x = \dfrac{1}{1 + e^{-\mu - k\cdot (c - \mu)}}
    """
    colors = r"c = K\,\mathcal{F}^{-1}(h\,w)"
    if begins_with_picture or not settings.contrast:
        return colors, r"x = \dfrac{1}{1 + e^{-c}}"
    # The logistic function's slope at gray is 1/4.
    wanted = f"{4 * settings.contrast:g}"
    return (
        colors,
        rf"k = \max(1,\ \dfrac{{{wanted}}}{{\sqrt{{\overline{{(c - \mu)^2}}}}}})",
        r"x = \dfrac{1}{1 + e^{-\mu - k\cdot (c - \mu)}}",
    )


def blur_formula(settings: AscentSettings) -> str:
    r"""Return how a step's blur damps the coefficients of frequency f, in periods a pixel.

    Examples
    --------
    >>> print(blur_formula(AscentSettings(blur=0.5)))
    w \leftarrow w\cdot e^{-2\,(0.5\,\pi\,f)^2}
    """
    damped = "w" if settings.image == "fourier" else r"\mathcal{F}(x)"
    return rf"{damped} \leftarrow {damped}\cdot e^{{-2\,({settings.blur:g}\,\pi\,f)^2}}"


def _letter(
    target: AscentTarget, *, is_single: bool, is_after: bool, place: tuple[int, int] | None
) -> str:
    if target == "direction":
        return "y_{ijk}"
    if target == "class" and is_single:
        return "p" if is_after else "z"
    if is_single:
        return "y"
    if target == "neuron" and place is not None:
        return rf"y_{{{place[0] + 1},\,{place[1] + 1}}}"
    return "y_{ij}"
