"""The formulas of the layers with this moment's numbers in them, as LaTeX."""

from cnnviz_core.windows import Padding, output_size, pad_amounts


def output_size_formula(
    size: int, kernel: int, stride: int = 1, padding: Padding = 0, dilation: int = 1
) -> str:
    r"""How the size of one side of a feature map comes about.

    The arguments are those of `windows.output_size`, which gives the result.

    Examples
    --------
    >>> print(output_size_formula(320, 3))
    \left\lfloor \dfrac{320 + 2\cdot 0 - 3}{1} \right\rfloor + 1 = \mathbf{318}
    >>> print(output_size_formula(320, 3, stride=2, padding="same"))
    \left\lceil \dfrac{320}{2} \right\rceil = \mathbf{160}
    """
    result = output_size(size, kernel, stride, padding, dilation)
    if padding == "same":
        return rf"\left\lceil \dfrac{{{size}}}{{{stride}}} \right\rceil = \mathbf{{{result}}}"
    before, _ = pad_amounts(size, kernel, stride, padding, dilation)
    window = str(kernel) if dilation == 1 else rf"({dilation}\cdot({kernel} - 1) + 1)"
    return (
        rf"\left\lfloor \dfrac{{{size} + 2\cdot {before} - {window}}}{{{stride}}} "
        rf"\right\rfloor + 1 = \mathbf{{{result}}}"
    )


def num_parameters_formula(height: int, width: int, in_channels: int, num_filters: int) -> str:
    r"""How many weights and biases a convolution layer has.

    Examples
    --------
    >>> print(num_parameters_formula(3, 3, 3, 3))
    (3\cdot 3\cdot 3 + 1)\cdot 3 = \mathbf{84}
    """
    total = (height * width * in_channels + 1) * num_filters
    return (
        rf"({height}\cdot {width}\cdot {in_channels} + 1)\cdot {num_filters} = \mathbf{{{total}}}"
    )
