"""Steps about the layers of a trained network: their sizes, what they see, what they cost."""

import numpy as np

from cnnviz_core import networks
from cnnviz_core.inspection.architecture import LayerRow, layer_kernels, layer_table
from cnnviz_core.lessons.questions import Belief, Facts, Step, expects

VGG = "vgg16-edges"
# The convolutions of VGG16: how many there are in each of its blocks, and how many filters.
_BLOCKS = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))
# Their names, with the block that each is in.
_LAYERS = tuple(
    (f"block{block}_conv{number}", block)
    for block, (count, _filters) in enumerate(_BLOCKS, 1)
    for number in range(1, count + 1)
)


def _row(layer: str, key: str = VGG) -> LayerRow:
    table = layer_table(networks.load(key))
    return next(one for one in table if one.name == layer)


def _maps_before(place: int) -> int:
    """Return how many maps reach the layer at this place of `_LAYERS`."""
    _layer, block = _LAYERS[place - 1]
    return _BLOCKS[block - 1][1]


def _deep(place: int) -> Facts:
    return {"layer": _LAYERS[place][0], "maps": _maps_before(place)}


def _deep_layer(rng: np.random.Generator) -> Facts:
    return _deep(int(rng.integers(1, len(_LAYERS))))


DEPTH = Step(
    name="kernel-depth",
    title="A kernel in the middle of a network",
    page="kernels",
    kind="number",
    text="In VGG16, {maps} maps reach the layer *{layer}*. Its filters are 3×3.",
    question="How many weights does one of its filters have, without the bias?",
    beliefs=(
        Belief(
            text="{value}",
            reply=(
                "3 · 3 · {maps} = {true}: a filter is as deep as there are maps before it. What is "
                "shown here is one slice of it at a time."
            ),
            expect=lambda facts: 9 * facts["maps"],
        ),
        Belief(
            text="{value}",
            reply=(
                "That would be on a single map. A filter has a slice of 3×3 for each of the {maps} "
                "maps before it, and adds up what they give: 3 · 3 · {maps} = {true}."
            ),
            expect=lambda facts: 9,
        ),
        Belief(
            text="{value}",
            reply=(
                "Three colors reach the very first layer alone. Here {maps} maps do: 3 · 3 · "
                "{maps} = {true}."
            ),
            expect=lambda facts: 27,
        ),
    ),
    facts=_deep(2),
    vary=_deep_layer,
    find=lambda facts: int(np.prod(layer_kernels(networks.load(VGG), facts["layer"]).shape[:3])),
    settings=lambda facts: {"network": VGG, "kernels_layer": facts["layer"]},
)


def _pooled(place: int) -> Facts:
    layer, block = _LAYERS[place]
    return {"layer": layer, "poolings": block - 1, "convolutions": place + 1, "width": 224}


def _pooled_layer(rng: np.random.Generator) -> Facts:
    return _pooled(int(rng.integers(2, len(_LAYERS))))


SMALLER = Step(
    name="smaller-maps",
    title="Maps shrink on their way",
    page="feature_maps",
    text=(
        "VGG16 takes a picture of {width}×{width}. Up to *{layer}* there are {convolutions} "
        "convolutions of 3×3 with padding “same”, and {poolings} times the largest of each 2×2."
    ),
    question="How wide are the maps of this layer?",
    beliefs=(
        Belief(
            text="{value} cells",
            reply=(
                "The convolutions keep the width; each pooling halves it. {poolings} times half of "
                "{width} is {true}."
            ),
            expect=lambda facts: facts["width"],
        ),
        Belief(
            text="{value} cells",
            reply=(
                "The padding makes up for what the convolutions would lose; each pooling halves "
                "the width. {poolings} times half of {width} is {true}."
            ),
            expect=lambda facts: facts["width"] // 2 ** facts["poolings"],
        ),
        Belief(
            text="{value} cells",
            reply=(
                "That takes two away for each convolution, as without padding, and forgets the "
                "pooling. {poolings} times half of {width} is {true}."
            ),
            expect=lambda facts: facts["width"] - 2 * facts["convolutions"],
        ),
    ),
    facts=_pooled(4),
    vary=_pooled_layer,
    find=lambda facts: _row(facts["layer"]).output_shape[1],
    settings=lambda facts: {"network": VGG, "maps_layer": facts["layer"]},
)


def _seen(facts: Facts) -> int:
    """Return how wide a part of the picture a unit of the layer reads."""
    field = _row(facts["layer"]).field
    if field is None:
        raise ValueError(f"It is not known what {facts['layer']} sees; take a layer of VGG16.")
    return int(field.columns.size)


FIELD = Step(
    name="receptive-field",
    title="How far a unit sees",
    page="architecture",
    moves="arch_layer",
    text=(
        "A unit of *{layer}* in VGG16 has a window of 3×3, behind {convolutions} convolutions and "
        "{poolings} poolings in all. The picture is {width} pixels wide."
    ),
    question="How wide is the part of the picture that it depends on?",
    beliefs=(
        Belief(
            text="{value} pixels, like its window",
            reply=(
                "Its window is 3 wide on the maps before it. But each of their units has a window "
                "itself, and pooling spreads them: {true} pixels."
            ),
            expect=lambda facts: 3,
        ),
        Belief(
            text="{value} pixels",
            reply=(
                "Each layer adds its window less one, times the distance of its neighbors in the "
                "picture; pooling doubles that distance. So it grows faster and faster."
            ),
            expect=_seen,
        ),
        Belief(
            text="{value} pixels: 3 for each convolution",
            reply=(
                "Windows overlap, so they do not add up like that; and after each pooling, the "
                "next window is twice as wide in the picture: {true} pixels."
            ),
            expect=lambda facts: 3 * facts["convolutions"],
        ),
        Belief(
            text="{value} pixels, as wide as its map",
            reply=(
                "Small maps do not see less, each of their cells sees more: {true} pixels. The map "
                "is small since its cells stand far from each other in the picture."
            ),
            expect=lambda facts: facts["width"] // 2 ** facts["poolings"],
        ),
    ),
    facts=_pooled(6),
    vary=_pooled_layer,
    find=_seen,
    settings=lambda facts: {"network": VGG, "arch_layer": facts["layer"]},
)

# A network, and two of its layers: the second has more weights, and less to compute.
_PAIRS = (
    ("lenet-5", "conv2", "hidden1"),
    ("lenet-5", "conv1", "hidden1"),
    ("lenet-5", "conv2", "hidden2"),
    (VGG, "block1_conv2", "block5_conv1"),
    (VGG, "block2_conv2", "block5_conv3"),
    (VGG, "block3_conv1", "block5_conv2"),
)


def _pair(place: int) -> Facts:
    network, first, second = _PAIRS[place]
    return {"network": network, "first": first, "second": second}


def _more_to_compute(facts: Facts) -> str:
    first, second = (
        _row(facts[name], facts["network"]).multiply_adds for name in ("first", "second")
    )
    return facts["first"] if first > second else facts["second"] if second > first else ""


COST = Step(
    name="cost",
    title="Many weights, much to compute?",
    page="architecture",
    moves="arch_layer",
    text="In this network, the layer *{second}* has many more weights than *{first}*.",
    question="Which of them multiplies more often, for one picture?",
    beliefs=(
        Belief(
            text="{second}: it has more weights",
            reply=(
                "Each weight is used as often as its window stops. The maps of *{first}* are so "
                "much larger that its few weights are used more often in all."
            ),
            expect=lambda facts: facts["second"],
        ),
        Belief(
            text="{first}: its maps are larger",
            reply=(
                "Each weight is used once for every place of the map. What is computed depends on "
                "the size of the map; what has to be kept, does not."
            ),
            expect=lambda facts: facts["first"],
        ),
        Belief(
            text="Both alike",
            reply=(
                "That would be chance. Each weight is used once for every place of the map, and "
                "the maps of *{first}* are so much larger that it multiplies more often."
            ),
            expect=expects(""),
        ),
    ),
    facts=_pair(0),
    vary=lambda rng: _pair(int(rng.integers(len(_PAIRS)))),
    find=_more_to_compute,
    settings=lambda facts: {"network": facts["network"], "arch_layer": facts["first"]},
)
