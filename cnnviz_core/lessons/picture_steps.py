"""Steps about a picture and what a convolution makes of its size."""

from functools import partial

import numpy as np

from cnnviz_core import images
from cnnviz_core.layers.convolution import convolve
from cnnviz_core.layers.kernels import random_kernels
from cnnviz_core.lessons.questions import Belief, Facts, Step

CAT_WIDTH = 400


def _picture(name: str) -> Facts:
    height, width, _ = images.sample(name).shape
    return {"picture": name, "height": height, "width": width}


NUMBERS = Step(
    name="numbers",
    title="A picture is numbers",
    page="convolution",
    kind="number",
    is_hidden=False,
    text=(
        "The picture is {height} pixels high and {width} wide. Each pixel has a red, a green and a "
        "blue, each a number from 0 to 255."
    ),
    question="How many numbers is that?",
    beliefs=(
        Belief(
            text="{value}",
            reply=(
                "{height} · {width} · 3 = {true}. This is all that a network is given; whatever it "
                "finds, it finds in these numbers."
            ),
            expect=lambda facts: facts["height"] * facts["width"] * 3,
        ),
        Belief(
            text="{value}",
            reply=(
                "That is one number for each pixel, as in a gray picture. In color there are "
                "three: {height} · {width} · 3 = {true}."
            ),
            expect=lambda facts: facts["height"] * facts["width"],
        ),
        Belief(
            text="{value}",
            reply=(
                "That counts the values that a number can have, 256 for each color, and not the "
                "numbers themselves. Each pixel has three: {height} · {width} · 3 = {true}."
            ),
            expect=lambda facts: 3 * 256,
        ),
    ),
    facts=_picture("cat"),
    vary=lambda rng: _picture(str(rng.choice(images.sample_names()))),
    find=lambda facts: images.sample(facts["picture"]).size,
    settings=lambda facts: {"picture": facts["picture"]},
)


def _grids(rng: np.random.Generator) -> Facts:
    """Return a grid and a kernel of which the beliefs expect different numbers."""
    kernel = np.diag([1, 0, 2])
    while True:
        grid = rng.integers(1, 6, (5, 5))
        window = grid[:3, :3]
        facts = {
            "grid": _lines(grid),
            "kernel": _lines(kernel),
            "window": int(window.sum()),
            "seen": _lines(window).replace("\n", " | "),
            "weights": _lines(kernel).replace("\n", " | "),
        }
        if len({_first_value(facts), _first_value(facts, turn=2), facts["window"]}) == 3:
            return facts


def _lines(grid: np.ndarray) -> str:
    return "\n".join(" ".join(map(str, row)) for row in grid)


def _array(lines: str) -> np.ndarray:
    return np.array([[float(one) for one in line.split()] for line in lines.splitlines()])


def _first_value(facts: Facts, turn: int = 0) -> int:
    """Return the value at the first stop, with the kernel turned by so many quarters."""
    kernel = np.rot90(_array(facts["kernel"]), turn)
    return int(convolve(_array(facts["grid"])[..., None], kernel[..., None, None])[0, 0, 0])


SUM = Step(
    name="weighted-sum",
    title="A window becomes one number",
    page="stepping",
    kind="number",
    moves="step_stop",
    text=(
        "The window lies on the numbers {seen}, the kernel's weights are {weights}. Each number is "
        "multiplied by the weight at the same place, and all products are added up."
    ),
    question="Which number comes out?",
    beliefs=(
        Belief(
            text="{value}",
            reply=(
                "{true}: only the two weights that are not zero count. Place upon place, nothing "
                "is turned around."
            ),
            expect=_first_value,
        ),
        Belief(
            text="{value}",
            reply=(
                "That is with the kernel turned by half a turn, as mathematics defines a "
                "convolution. Networks leave it as it is, and compute what mathematics calls a "
                "cross-correlation: {true}."
            ),
            expect=partial(_first_value, turn=2),
        ),
        Belief(
            text="{value}",
            reply=(
                "That adds up the window without the weights. Multiply each number by its weight "
                "first: {true}."
            ),
            expect=lambda facts: facts["window"],
        ),
    ),
    facts=_grids(np.random.default_rng(0)),
    vary=_grids,
    find=_first_value,
    settings=lambda facts: {"step_grid": facts["grid"], "step_kernel": facts["kernel"]},
)


def _slid(facts: Facts) -> tuple[int, ...]:
    """Return the shape of what these kernels make of a strip as wide as the picture."""
    strip = np.zeros((facts["size"], facts["width"], 3), np.float32)
    kernels = random_kernels(facts["size"], facts["filters"])
    stride, padding = facts.get("stride", 1), facts.get("padding", "valid")
    return convolve(strip, kernels, stride=stride, padding=padding).shape


def _kernels(facts: Facts) -> dict[str, str]:
    """Return the address of the page with these kernels."""
    asked = {"kernels": "random"}
    for key in ("size", "filters", "stride", "padding"):
        if key in facts:
            asked[key] = str(facts[key])
    return asked


def _size(rng: np.random.Generator) -> Facts:
    return {"width": CAT_WIDTH, "filters": 3, "size": int(rng.integers(3, 16))}


EDGE = Step(
    name="edge",
    title="What is lost at the edge",
    page="convolution",
    moves="size",
    text=(
        "A kernel of {size}×{size} weights slides over a picture that is {width} pixels wide. It "
        "stops wherever it fits in as a whole."
    ),
    question="How wide is the result?",
    beliefs=(
        Belief(
            text="{value} pixels",
            reply=(
                "The result has one pixel for each stop, and the last stop comes before the "
                "window's right side would reach beyond the edge: {width} − {size} + 1 = {true}."
            ),
            expect=lambda facts: facts["width"],
        ),
        Belief(
            text="{value} pixels",
            reply=(
                "The window is there once before it moves at all, which is easily forgotten: "
                "{width} − {size} + 1 = {true}."
            ),
            expect=lambda facts: facts["width"] - facts["size"],
        ),
        Belief(
            text="{value} pixels",
            reply=(
                "{width} − {size} + 1 = {true}: one stop, and one more for each pixel that it can "
                "move to the right. The larger the kernel, the more is lost."
            ),
            expect=lambda facts: facts["width"] - facts["size"] + 1,
        ),
        Belief(
            text="{value} pixels",
            reply=(
                "That would be with windows side by side, as pooling has them. This one moves by a "
                "single pixel: {width} − {size} + 1 = {true}."
            ),
            expect=lambda facts: facts["width"] // facts["size"],
        ),
    ),
    facts={"width": CAT_WIDTH, "filters": 3, "size": 7},
    vary=_size,
    find=lambda facts: _slid(facts)[1],
    settings=_kernels,
)


def _strided(rng: np.random.Generator) -> Facts:
    # An odd size, so that both sides get the same padding; a stride that makes a difference.
    size, stride = int(rng.choice([5, 7, 9, 11])), int(rng.choice([2, 3, 4]))
    return _strides(size, stride)


def _strides(size: int, stride: int) -> Facts:
    return {
        "width": CAT_WIDTH,
        "filters": 3,
        "size": size,
        "stride": stride,
        "padding": "same",
    }


SAME = Step(
    name="same",
    title="“Same” is not always the same",
    page="convolution",
    moves="stride",
    text=(
        "Zeros around the picture let the kernel of {size}×{size} stop on the very edge: that is "
        "called padding “same”. But now it moves by {stride} pixels at a time."
    ),
    question="The picture is {width} pixels wide. How wide is the result?",
    beliefs=(
        Belief(
            text="{value} pixels",
            reply=(
                "“Same” keeps the size at a stride of 1 only. At a stride of {stride} there are as "
                "many stops as {stride} goes into {width}, rounded up: {true}."
            ),
            expect=lambda facts: facts["width"],
        ),
        Belief(
            text="{value} pixels",
            reply=(
                "{width} / {stride}, rounded up, is {true}, whatever the size of the kernel: the "
                "padding makes up for that."
            ),
            expect=lambda facts: -(-facts["width"] // facts["stride"]),
        ),
        Belief(
            text="{value} pixels",
            reply=(
                "That forgets the padding: it gives the window room beyond both edges. {width} / "
                "{stride}, rounded up, is {true}."
            ),
            expect=lambda facts: (facts["width"] - facts["size"]) // facts["stride"] + 1,
        ),
    ),
    facts=_strides(7, 2),
    vary=_strided,
    find=lambda facts: _slid(facts)[1],
    settings=lambda facts: {**_kernels(facts), "more": "true"},
)


def _filters(rng: np.random.Generator) -> Facts:
    size = int(rng.choice([3, 5, 7]))
    return {"width": CAT_WIDTH, "size": size, "filters": int(rng.choice([2, 4, 5, 6, 7, 8]))}


MAPS = Step(
    name="maps",
    title="As many maps as filters",
    page="convolution",
    moves="filters",
    text="The picture has three colors, and {filters} filters slide over it.",
    question="How many maps come out?",
    beliefs=(
        Belief(
            text="{value} maps",
            reply=(
                "A filter does not work on each color alone. It has weights for all three, and "
                "adds up what they give: one map a filter, {true} in all."
            ),
            expect=lambda facts: 3 * facts["filters"],
        ),
        Belief(
            text="{value} maps",
            reply=(
                "The colors do not come out again: each filter adds up all three to one map. So "
                "there are as many maps as filters, {true}."
            ),
            expect=lambda facts: 3,
        ),
        Belief(
            text="{value} maps",
            reply="One map a filter: each spans all three colors, and adds up what they give.",
            expect=lambda facts: facts["filters"],
        ),
    ),
    facts={"width": CAT_WIDTH, "size": 3, "filters": 8},
    vary=_filters,
    find=lambda facts: _slid(facts)[2],
    settings=_kernels,
)
