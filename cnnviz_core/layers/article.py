"""LeNet, and the figures of the article as layers in a row."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cnnviz_core.arrays import require_whole
from cnnviz_core.layers.activation_facts import ActivationName
from cnnviz_core.layers.pooling import PoolMode
from cnnviz_core.layers.specs import Activation, Convolution, Layer, Pooling, Shape

FigurePage = Literal["home", "convolution", "activation", "pooling", "lenet"]
FigureDisplay = Literal["composite", "single"]


@dataclass(frozen=True, slots=True)
class HeadLayer:
    """One layer of numbers without places, behind the feature maps."""

    name: str
    num_units: int
    num_parameters: int


@dataclass(frozen=True, slots=True)
class ArticleFigure:
    """A figure of the article: what makes it, and what it must look like.

    `name` is its key, `title` English for people, `page` the page it belongs to. `shape` is what
    `layers` make of the 320×400×3 cat. `seed` draws kernels with which there is something to see:
    where kernels are random, ReLU leaves many pictures blank.
    """

    name: str
    title: str
    page: FigurePage
    layers: tuple[Layer, ...]
    shape: Shape
    seed: int

    @property
    def display(self) -> FigureDisplay:
        """Three channels as the red, green and blue of one picture, or one in a color map."""
        return "composite" if self.shape[2] == 3 else "single"


def lenet(
    num_filters: tuple[int, int] = (3, 3),
    *,
    size: int = 3,
    pool_sizes: tuple[int, int] = (3, 2),
    function: ActivationName = "relu",
    mode: PoolMode = "max",
) -> tuple[Layer, ...]:
    """List the layers before LeNet's head: twice convolution, activation and pooling.

    Parameters
    ----------
    num_filters, pool_sizes : (int, int)
        For the first and the second time.
    size : int
        Rows and columns of the kernels.
    function : str
        The activation function; tanh in the original.
    mode : "max" or "average"
        Averages in the original.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document
    recognition", 1998, figure 2.
    """
    first, second = (
        (Convolution(count, size), Activation(function), Pooling(pool_size, mode=mode))
        for count, pool_size in zip(num_filters, pool_sizes, strict=True)
    )
    return *first, *second


def lenet_head(shape: Sequence[int]) -> tuple[HeadLayer, ...]:
    """Count what LeNet's dense layers need to turn the last feature maps into ten classes.

    Parameters
    ----------
    shape : (H, W, C)
        Of the last feature maps.

    Returns
    -------
    tuple of HeadLayer
        Flatten, two hidden layers and the output with its softmax; a dense layer has a weight
        for each unit before it and a bias.

    Raises
    ------
    ValueError
        If the shape is empty.

    References
    ----------
    As `lenet`; layers C5, F6 and output. The original's output measured distances, softmax came
    later.

    Examples
    --------
    >>> for layer in lenet_head((5, 5, 16)):
    ...     print(layer.name, layer.num_units, layer.num_parameters)
    flatten 400 0
    hidden 1 120 48120
    hidden 2 84 10164
    softmax 10 850
    """
    before = math.prod(require_whole(length, "shape", low=1) for length in shape)
    head = [HeadLayer("flatten", before, 0)]
    for name, num_units in (("hidden 1", 120), ("hidden 2", 84), ("softmax", 10)):
        head.append(HeadLayer(name, num_units, (before + 1) * num_units))
        before = num_units
    return tuple(head)


_ONE, _THREE = Convolution(1, 3), Convolution(3, 3)
_RELU, _POOL = Activation("relu"), Pooling(5)

FIGURES: tuple[ArticleFigure, ...] = (
    ArticleFigure(name="cat", title="The cat", page="home", layers=(), shape=(320, 400, 3), seed=0),
    ArticleFigure(
        name="conv-3",
        title="One convolution",
        page="convolution",
        layers=(_THREE,),
        shape=(318, 398, 3),
        seed=265,
    ),
    ArticleFigure(
        name="conv-10",
        title="Bigger kernel",
        page="convolution",
        layers=(Convolution(3, 10),),
        shape=(311, 391, 3),
        seed=265,
    ),
    ArticleFigure(
        name="filter-3",
        title="One filter",
        page="convolution",
        layers=(_ONE,),
        shape=(318, 398, 1),
        seed=78,
    ),
    ArticleFigure(
        name="filter-15",
        title="One filter, big kernel",
        page="convolution",
        layers=(Convolution(1, 15),),
        shape=(306, 386, 1),
        seed=78,
    ),
    ArticleFigure(
        name="relu-1",
        title="ReLU, one map",
        page="activation",
        layers=(_ONE, _RELU),
        shape=(318, 398, 1),
        seed=78,
    ),
    ArticleFigure(
        name="relu-3",
        title="ReLU, color",
        page="activation",
        layers=(_THREE, _RELU),
        shape=(318, 398, 3),
        seed=265,
    ),
    ArticleFigure(
        name="pool-1",
        title="Max pooling, one map",
        page="pooling",
        layers=(_ONE, _POOL),
        shape=(63, 79, 1),
        seed=78,
    ),
    ArticleFigure(
        name="pool-3",
        title="Max pooling, color",
        page="pooling",
        layers=(_THREE, _POOL),
        shape=(63, 79, 3),
        seed=265,
    ),
    ArticleFigure(
        name="relu-pool-1",
        title="ReLU first, one map",
        page="pooling",
        layers=(_ONE, _RELU, _POOL),
        shape=(63, 79, 1),
        seed=78,
    ),
    ArticleFigure(
        name="relu-pool-3",
        title="ReLU first, color",
        page="pooling",
        layers=(_THREE, _RELU, _POOL),
        shape=(63, 79, 3),
        seed=265,
    ),
    ArticleFigure(
        name="lenet-1-1",
        title="LeNet, 1 and 1 filters",
        page="lenet",
        layers=lenet((1, 1), pool_sizes=(3, 3)),
        shape=(34, 43, 1),
        seed=78,
    ),
    ArticleFigure(
        name="lenet-3-1",
        title="LeNet, 3 and 1 filters",
        page="lenet",
        layers=lenet((3, 1)),
        shape=(52, 65, 1),
        seed=62,
    ),
    ArticleFigure(
        name="lenet-3-3",
        title="LeNet, 3 and 3 filters",
        page="lenet",
        layers=lenet((3, 3)),
        shape=(52, 65, 3),
        seed=47,
    ),
)
