"""What the pages of the building blocks have to save."""

from typing import Any

from cnnviz_core.layers import pipeline
from cnnviz_core.layers.kernels import EditedKernel, KernelChoice, NamedKernel
from cnnviz_core.layers.specs import Activation, Layer, Pooling
from cnnviz_core.layers.windows import Padding
from cnnviz_core.views.activation import activated, activated_maps
from cnnviz_core.views.convolution import convolved, convolved_maps
from cnnviz_core.views.lenet import lenet
from cnnviz_core.views.maps import Brightest
from cnnviz_core.views.pooling import pooled, pooled_maps
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


def saved_activation(
    picture: Picture,
    layers: tuple[Layer, ...],
    seed: int,
    brightest: Brightest,
    layer: Activation,
    **look: Any,
) -> Saved:
    """Return the maps after the function of `activation.activated`; the arguments are its own."""
    asked = picture, layers, seed, brightest, layer
    name = name_of(picture, "activation", layer.name)
    return Saved(name, activated(*asked, **look).after, activated_maps(*asked))


def saved_pooling(
    picture: Picture, layers: tuple[Layer, ...], seed: int, layer: Pooling, **place: int
) -> Saved:
    """Return what is left after the pooling of `pooling.pooled`; the arguments are its own."""
    view = pooled(picture, layers, seed, layer, **place)
    sides = f"{layer.size}x{layer.size}"
    step = None if layer.stride is None else f"stride{layer.stride}"
    name = name_of(picture, "pooling", layer.mode, sides, step)
    return Saved(name, view.after, pooled_maps(picture, layers, seed, layer))


def saved_lenet(picture: Picture, layers: tuple[Layer, ...], seed: int, **look: Any) -> Saved:
    """Return the last maps of `lenet.lenet`; the arguments are its own."""
    drawn = lenet(picture, layers, seed, **look).stages[-1].picture
    values = pipeline.run(picture.pixels, layers, seed)[-1].values
    return Saved(name_of(picture, "lenet"), drawn, values)
