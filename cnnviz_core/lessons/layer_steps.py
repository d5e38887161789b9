"""Steps about what layers do to values."""

import numpy as np

from cnnviz_core import images
from cnnviz_core.arrays import FloatArray
from cnnviz_core.layers.activation import activate
from cnnviz_core.layers.convolution import convolve
from cnnviz_core.layers.kernels import random_kernels
from cnnviz_core.layers.pooling import pool
from cnnviz_core.layers.specs import Convolution, shapes
from cnnviz_core.lessons.questions import Belief, Facts, Step, expects

CAT_WIDTH = 400


def _map(facts: Facts) -> FloatArray:
    """Return the map of a random filter on the cat, before an activation."""
    kernels = random_kernels(3, 1, seed=facts["seed"])
    return convolve(images.sample("cat"), kernels)[..., 0]


def _brightness() -> FloatArray:
    """Return how bright the cat is where the middle of a window of 3×3 can stop."""
    brightness: FloatArray = images.sample("cat").mean(axis=2, dtype=np.float32)
    return brightness[1:-1, 1:-1]


def _seed_with_both_signs(rng: np.random.Generator) -> int:
    while True:
        seed = int(rng.integers(0, 1000))
        share = (_map({"seed": seed}) < 0).mean()
        if 0.05 < share < 0.95:
            return seed


RELU = Step(
    name="relu",
    title="What ReLU takes away",
    page="activation",
    moves="act_function",
    text=(
        "A filter has turned the picture into a map of weighted sums, some above zero and some "
        "below. ReLU follows: max(0, x)."
    ),
    question="Which places become zero?",
    beliefs=(
        Belief(
            text="Those where the picture is dark",
            reply=(
                "ReLU never sees the picture, only the filter's sums. A dark place can have a high "
                "one, and a bright place a negative one: zero is what is unlike the filter."
            ),
            expect=lambda facts: _brightness() < _brightness().mean(),
        ),
        Belief(
            text="Those where the sum is negative",
            reply=(
                "What is unlike the filter becomes zero, however bright it is. What is like it "
                "stays as it was."
            ),
            expect=lambda facts: _map(facts) <= 0,
        ),
        Belief(
            text="The darker half of the map",
            reply=(
                "There is no half about it: the limit is zero and not the middle value. A map may "
                "become zero everywhere, or nowhere."
            ),
            expect=lambda facts: _map(facts) < np.median(_map(facts)),
        ),
        Belief(
            text="None: all values are squeezed into 0 to 1",
            reply="That is the sigmoid. ReLU keeps what is above zero as it is.",
            expect=lambda facts: np.zeros(_map(facts).shape, bool),
        ),
    ),
    facts={"seed": 265},
    vary=lambda rng: {"seed": _seed_with_both_signs(rng)},
    find=lambda facts: activate(_map(facts), "relu") == 0,
    settings=lambda facts: {
        "act_function": "relu",
        "act_filters": "1",
        "act_seed": str(facts["seed"]),
    },
)


def _brighter(facts: Facts) -> str:
    """Return how the picture's mean changes where each window keeps its largest number."""
    before = images.sample(facts["picture"])
    change = float(pool(before, facts["size"]).mean()) - float(before.mean())
    return "brighter" if change > 1 else "darker" if change < -1 else "the same"


POOL_KEEPS = Step(
    name="pooling-maximum",
    title="What the maximum keeps",
    page="pooling",
    moves="pool_size",
    text=(
        "Pooling keeps the largest number of each window of {size}×{size}, in each color. The "
        "picture becomes blockier."
    ),
    question="And how bright is it, as a whole?",
    beliefs=(
        Belief(
            text="As bright as before, only blockier",
            reply=(
                "With the mean of each window it would be. The maximum keeps the brightest and "
                "drops the rest: bright spots grow, dark lines vanish."
            ),
            expect=expects("the same"),
        ),
        Belief(
            text="Darker: numbers are lost",
            reply=(
                "Numbers are lost, but always the smaller ones. What is left of each window is its "
                "brightest: bright spots grow, dark lines vanish."
            ),
            expect=expects("darker"),
        ),
        Belief(
            text="Brighter",
            reply=(
                "Of each window, the brightest is left: bright spots grow, dark lines vanish. That "
                "something was found is kept; where in the window is lost."
            ),
            expect=expects("brighter"),
        ),
    ),
    facts={"picture": "hubble", "size": 8},
    vary=lambda rng: {
        "picture": str(rng.choice(images.sample_names())),
        "size": int(rng.integers(3, 11)),
    },
    find=_brighter,
    settings=lambda facts: {"picture": facts["picture"], "pool_size": str(facts["size"])},
)


def _reachable(rng: np.random.Generator) -> Facts:
    size, stride = int(rng.choice([3, 5, 7])), int(rng.integers(2, 5))
    layer = Convolution(3, size, stride)
    _height, width, _channels = shapes((320, CAT_WIDTH, 3), [layer])[-1].shape
    return {"size": size, "stride": stride, "wide": width}


REACH = Step(
    name="reach",
    title="Make it so",
    page="convolution",
    kind="setting",
    moves="stride",
    is_hidden=False,
    text=(
        "A window of {size}×{size} slides over a picture that is 400 pixels wide. The result "
        "should be {wide} pixels wide."
    ),
    question="Move the controls until it is.",
    beliefs=(
        Belief(
            text="{value}",
            reply=(
                "{wide} pixels wide. The stride decides most: at a stride of {stride}, the window "
                "skips so many pixels that about one in {stride} is left."
            ),
            expect=lambda facts: (None, facts["wide"], None),
        ),
    ),
    facts={"size": 3, "stride": 2, "wide": 199},
    vary=_reachable,
    find=lambda facts: (
        None,
        shapes((320, CAT_WIDTH, 3), [Convolution(3, facts["size"], facts["stride"])])[-1].shape[1],
        None,
    ),
    settings=lambda facts: {"kernels": "random", "size": str(facts["size"]), "more": "true"},
)
