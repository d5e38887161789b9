"""Steps about what there is to learn: the weights of layers."""

import numpy as np

from cnnviz_core.layers.specs import Convolution, Layer, Pooling, shapes
from cnnviz_core.lessons.questions import Belief, Facts, Step


def _num_parameters(*layers: Layer, side: int = 400) -> int:
    """Return the weights and biases of the last layer, behind the others and a colored picture."""
    return shapes((side, side, 3), layers)[-1].num_parameters


def _filters(rng: np.random.Generator) -> Facts:
    return {"size": int(rng.choice([3, 5, 7])), "filters": int(rng.integers(2, 9))}


WEIGHTS = Step(
    name="weights",
    title="What a layer has to learn",
    page="convolution",
    kind="number",
    moves="size",
    text=(
        "A layer has {filters} filters of {size}×{size} on a picture with three colors, and a bias "
        "for each filter."
    ),
    question="How many numbers does training have to find for this layer?",
    beliefs=(
        Belief(
            text="{value}",
            reply=(
                "{size} · {size} · 3 · {filters} weights and {filters} biases: {true}. How large "
                "the picture is does not matter: the same weights slide over all of it."
            ),
            expect=lambda facts: (facts["size"] ** 2 * 3 + 1) * facts["filters"],
        ),
        Belief(
            text="{value}",
            reply=(
                "That forgets the colors: a filter has weights of its own for each of the three. "
                "{size} · {size} · 3 · {filters} weights and {filters} biases are {true}."
            ),
            expect=lambda facts: (facts["size"] ** 2 + 1) * facts["filters"],
        ),
        Belief(
            text="{value}",
            reply="Those are the weights. With a bias for each filter there are {true}.",
            expect=lambda facts: facts["size"] ** 2 * 3 * facts["filters"],
        ),
        Belief(
            text="{value}",
            reply=(
                "That forgets colors and biases. {size} · {size} · 3 · {filters} weights and "
                "{filters} biases are {true}."
            ),
            expect=lambda facts: facts["size"] ** 2 * facts["filters"],
        ),
        Belief(
            text="{value}",
            reply="That is one filter alone. All {filters} have {true}.",
            expect=lambda facts: facts["size"] ** 2 * 3 + 1,
        ),
    ),
    facts={"size": 5, "filters": 4},
    vary=_filters,
    find=lambda facts: _num_parameters(Convolution(facts["filters"], facts["size"])),
    settings=lambda facts: {
        "kernels": "random",
        "size": str(facts["size"]),
        "filters": str(facts["filters"]),
    },
)

LARGER = Step(
    name="larger-picture",
    title="A larger picture",
    page="convolution",
    moves="filters",
    text="A layer slides its kernels over a picture. Now the picture is {times} times as wide and "
    "{times} times as high.",
    question="How many times as many weights does the layer need?",
    beliefs=(
        Belief(
            text="{value} times",
            reply=(
                "There are more pixels, but the same weights slide over all of them. Only a dense "
                "layer, which has a weight for each place, grows with the picture."
            ),
            expect=lambda facts: facts["times"] ** 2,
        ),
        Belief(
            text="{value} times",
            reply=(
                "The sides grow, the kernel does not: the same weights slide over the larger "
                "picture. Only a dense layer grows with it."
            ),
            expect=lambda facts: facts["times"],
        ),
        Belief(
            text="{value}: just as many",
            reply=(
                "The same weights slide over all of it, however large it is. A dense layer, which "
                "has a weight for each place, would grow."
            ),
            expect=lambda facts: 1,
        ),
    ),
    facts={"times": 2},
    vary=lambda rng: {"times": int(rng.integers(2, 6))},
    find=lambda facts: (
        _num_parameters(Convolution(3, 5), side=100 * facts["times"])
        // _num_parameters(Convolution(3, 5), side=100)
    ),
    settings=lambda facts: {"kernels": "random", "size": "5", "filters": "3"},
)

POOL_WEIGHTS = Step(
    name="pooling-weights",
    title="What pooling has to learn",
    page="lenet",
    moves="lenet_window1",
    text=(
        "In LeNet, pooling follows convolution and activation. Here it takes the largest number of "
        "each window of {window}×{window}, in three maps."
    ),
    question="How many weights does training have to find for it?",
    beliefs=(
        Belief(
            text="{value}",
            reply="To take the largest number of a window, nothing has to be learned.",
            expect=lambda facts: 0,
        ),
        Belief(
            text="{value}: one for each place in the window",
            reply=(
                "A kernel has those; this window has none. To take the largest number, nothing has "
                "to be learned."
            ),
            expect=lambda facts: facts["window"] ** 2,
        ),
        Belief(
            text="{value}: one for each place in the window, and each map",
            reply=(
                "That is the size of a kernel. This window has no weights at all: to take the "
                "largest number, nothing has to be learned."
            ),
            expect=lambda facts: facts["window"] ** 2 * 3,
        ),
    ),
    facts={"window": 3},
    vary=lambda rng: {"window": int(rng.integers(2, 9))},
    find=lambda facts: _num_parameters(Convolution(3, 3), Pooling(facts["window"])),
    settings=lambda facts: {"lenet_window1": str(facts["window"])},
)


def _two_layers(rng: np.random.Generator) -> Facts:
    # As many filters as colors would make the second layer no deeper than the first.
    first, second = int(rng.integers(4, 9)), int(rng.integers(2, 9))
    return {"first": first, "second": second, "size": int(rng.choice([3, 5]))}


SECOND = Step(
    name="second-layer",
    title="The second layer is deeper",
    page="lenet",
    kind="number",
    moves="lenet_filters1",
    text=(
        "The first convolution has {first} filters, and so makes {first} maps. The second has "
        "{second} filters of {size}×{size}, each with a bias."
    ),
    question="How many weights and biases does the second convolution have?",
    beliefs=(
        Belief(
            text="{value}",
            reply=(
                "{size} · {size} · {first} · {second} weights and {second} biases: {true}. A "
                "kernel is as deep as there are maps before it."
            ),
            expect=lambda facts: (facts["size"] ** 2 * facts["first"] + 1) * facts["second"],
        ),
        Belief(
            text="{value}",
            reply=(
                "That would be on the three colors. But the second layer reads the {first} maps of "
                "the first: {size} · {size} · {first} · {second} weights and {second} biases, "
                "{true}."
            ),
            expect=lambda facts: (facts["size"] ** 2 * 3 + 1) * facts["second"],
        ),
        Belief(
            text="{value}",
            reply=(
                "That is for a single map. Each filter has weights for all {first} of them: {size} "
                "· {size} · {first} · {second} weights and {second} biases, {true}."
            ),
            expect=lambda facts: (facts["size"] ** 2 + 1) * facts["second"],
        ),
        Belief(
            text="{value}",
            reply="Those are the weights. With a bias for each filter there are {true}.",
            expect=lambda facts: facts["size"] ** 2 * facts["first"] * facts["second"],
        ),
    ),
    facts={"first": 6, "second": 4, "size": 3},
    vary=_two_layers,
    find=lambda facts: _num_parameters(
        Convolution(facts["first"], 3), Pooling(2), Convolution(facts["second"], facts["size"])
    ),
    settings=lambda facts: {
        "lenet_filters1": str(facts["first"]),
        "lenet_filters2": str(facts["second"]),
        "lenet_size2": str(facts["size"]),
    },
)
