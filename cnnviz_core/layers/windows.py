"""Where a sliding window stops: the arithmetic that convolution and pooling share."""

from typing import Literal

from cnnviz_core.arrays import require_whole

Padding = Literal["valid", "same"] | int


def output_size(
    size: int, kernel: int, stride: int = 1, padding: Padding = 0, dilation: int = 1
) -> int:
    """Count the places where a window stops along one axis.

    Parameters
    ----------
    size : int
        Cells along the axis.
    kernel : int
        Weights of the window along the axis.
    stride : int
        Cells from one position to the next.
    padding : int, "valid" or "same"
        Cells added on each side; "valid" adds none, "same" as many as make the result
        ⌈size / stride⌉ cells long.
    dilation : int
        Cells from one weight to the next; the window then spans dilation·(kernel − 1) + 1 cells.

    Returns
    -------
    int
        ⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1, always at least 1.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the window does not fit even once.

    References
    ----------
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016,
    relationship 15.

    Examples
    --------
    >>> output_size(320, 3)
    318
    >>> output_size(318, 5, stride=5)
    63
    >>> output_size(5, 3, stride=2, padding="same")
    3
    """
    size = require_whole(size, "size", low=1)
    kernel = require_whole(kernel, "kernel", low=1)
    stride = require_whole(stride, "stride", low=1)
    padding = require_padding(padding)
    dilation = require_whole(dilation, "dilation", low=1)
    padded = size + sum(pad_amounts(size, kernel, stride, padding, dilation))
    covered = span(kernel, dilation)
    if covered > padded:
        raise ValueError(
            f"kernel must fit into the {padded} cells that there are with padding, "
            f"but its window spans {covered}. Choose a smaller kernel or dilation, or more padding."
        )
    return (padded - covered) // stride + 1


def pad_amounts(
    size: int, kernel: int, stride: int, padding: Padding, dilation: int = 1
) -> tuple[int, int]:
    """Count the cells that padding adds before and after one axis, from checked arguments.

    "same" follows TensorFlow: where the number of cells is odd, the end gets one more.

    Examples
    --------
    >>> pad_amounts(6, 3, stride=2, padding="same")
    (0, 1)
    >>> pad_amounts(6, 3, stride=2, padding=2)
    (2, 2)
    """
    if padding == "valid":
        return 0, 0
    if padding == "same":
        last_stop = (size - 1) // stride * stride
        missing = max(last_stop + span(kernel, dilation) - size, 0)
        return missing // 2, missing - missing // 2
    return padding, padding


def span(kernel: int, dilation: int = 1) -> int:
    """Count the cells from the first weight of a window to its last, both included.

    Examples
    --------
    >>> span(3), span(3, dilation=2)
    (3, 5)
    """
    return dilation * (kernel - 1) + 1


def largest_kernel(size: int, padding: Padding) -> int:
    """Count the weights that a kernel without gaps may have along an axis of `size` cells.

    With "same" any kernel fits, but one that spans more than twice the axis reads padding alone at
    its ends: it may have 2·size − 1.

    Examples
    --------
    >>> largest_kernel(6, "valid"), largest_kernel(6, 2), largest_kernel(6, "same")
    (6, 10, 11)
    """
    return 2 * size - 1 if padding == "same" else size + sum(pad_amounts(size, 1, 1, padding))


def largest_dilation(size: int, kernel: int, padding: Padding) -> int:
    """Return how many cells there may be from one of `kernel` weights to the next.

    It is 1 for a kernel that has only one weight, or no room for gaps.

    Examples
    --------
    >>> largest_dilation(7, 3, "valid"), largest_dilation(7, 3, 1), largest_dilation(7, 1, "valid")
    (3, 4, 1)
    """
    gaps = kernel - 1
    return max((largest_kernel(size, padding) - 1) // gaps, 1) if gaps else 1


def require_padding(padding: object) -> Padding:
    """Check that `padding` is "valid", "same" or a number of cells from 0, and return it.

    Raises
    ------
    ValueError
        If it is not.
    """
    if padding == "valid":
        return "valid"
    if padding == "same":
        return "same"
    if isinstance(padding, str):
        raise ValueError(
            f"padding must be 'valid', 'same' or a whole number of cells, but came as {padding!r}."
        )
    return require_whole(padding, "padding", low=0)


def require_window_fits(
    height: int,
    width: int,
    kernel_height: int,
    kernel_width: int,
    padding: Padding,
    dilation: int = 1,
) -> None:
    """Raise `ValueError` if a window is larger than the picture with its padding.

    All arguments but the fit are taken as checked. With "same" every window fits.
    """
    if padding == "same":
        return
    border = 0 if padding == "valid" else 2 * padding
    room = height + border, width + border
    window = span(kernel_height, dilation), span(kernel_width, dilation)
    if window[0] > room[0] or window[1] > room[1]:
        padded = ", padding included" if border else ""
        less = " or a smaller dilation" if dilation > 1 else ""
        raise ValueError(
            f"The window must fit into what it slides over, but it spans {window[0]}×{window[1]} "
            f"cells, and there are {room[0]}×{room[1]}{padded}. "
            f"Choose a smaller window{less}, or more padding."
        )
