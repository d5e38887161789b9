"""What the pages of the building blocks have to save."""

from typing import Any

from cnnviz_core.layers.kernels import EditedKernel, KernelChoice, NamedKernel
from cnnviz_core.layers.windows import Padding
from cnnviz_core.views.convolution import convolved, convolved_maps
from cnnviz_core.views.saving import Saved, name_of
from cnnviz_core.views.sharing import Picture


def saved_convolution(
    picture: Picture,
    choice: KernelChoice,
    *,
    stride: int,
    padding: Padding,
    dilation: int,
    **display: Any,
) -> Saved:
    """Return the maps that `convolution.convolved` shows; the arguments are its own."""
    sliding: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    view = convolved(picture, choice, **sliding, **display)
    height, width = view.weights.shape[:2]
    match choice:
        case NamedKernel(name):
            kind: str = name
        case EditedKernel():
            kind = "by-hand"
        case _:
            kind = "random"
    return Saved(
        name_of(
            picture,
            "convolution",
            kind,
            f"{height}x{width}",
            f"stride{stride}" if stride > 1 else None,
        ),
        view.after,
        convolved_maps(picture, choice, stride, padding, dilation),
    )
