"""Programs of layers in a row: activation, pooling, LeNet."""

from pathlib import Path
from typing import Any

import numpy as np

from cnnviz_core.layers import pipeline
from cnnviz_core.layers.activation import activation_names
from cnnviz_core.layers.specs import Activation, Convolution, Layer, Pooling
from cnnviz_core.snippets.program import Program, as_script
from cnnviz_core.views import activation_files, lenet_files, pooling_files
from cnnviz_core.views.activation import activated_maps
from cnnviz_core.views.pooling import pooled_maps
from cnnviz_core.views.sharing import sample_picture
from pages.parts.layers import activation_controls, pooling_controls
from tests.snippets.running import run

CAT = sample_picture("cat")


def assert_made(written: Program, expected: Any, folder: Path, most_lines: int = 40) -> None:
    script = as_script(written)
    name = script.rsplit("assert np.isclose(", 1)[1].split("[")[0]
    made = run(script, folder, name)[name]
    reach = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(made, expected, rtol=0, atol=2e-6 * max(reach, 255))
    lines = [line for line in script.splitlines() if line.strip() and line[0] != "#"]
    assert len(lines) <= most_lines


def some_pooling(rng: np.random.Generator, largest: int = 10) -> Pooling:
    mode, padding = rng.choice(["max", "average"]), rng.choice(["valid", "same"])
    stride = None if rng.random() < 0.5 else int(rng.integers(1, largest + 1))
    size = int(rng.integers(1, largest + 1))
    return Pooling(size, stride, str(mode), str(padding))  # type: ignore[arg-type]


def some_activation(rng: np.random.Generator) -> Activation:
    names = activation_names()
    return Activation(names[rng.integers(len(names))], float(rng.choice([0, 0.01, 0.3, 1])))


def some_convolution(rng: np.random.Generator, largest: int = 5) -> Convolution:
    padding = (["valid", "same", 1, 2])[rng.integers(4)]
    size, dilation = int(rng.integers(1, largest + 1)), int(rng.integers(1, 3))
    stride = int(rng.integers(1, 3))
    return Convolution(int(rng.integers(1, 7)), size, stride, padding, dilation)


def test_an_activation_is_what_its_page_shows(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    counts = [*activation_controls.INPUT.num_filters.options]
    before: tuple[Layer, ...] = (Convolution(int(rng.choice(counts)), 3),)
    if rng.random() < 0.3:
        before = ()
    brightest: Any = int(rng.choice([1, 255]))
    asked = CAT, before, int(rng.integers(10_000)), brightest, some_activation(rng)
    assert_made(activation_files.program(*asked), activated_maps(*asked), tmp_path)


def test_pooling_is_what_its_page_shows(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    counts = [*pooling_controls.INPUT.num_filters.options]
    before: tuple[Layer, ...] = ()
    if rng.random() < 0.5:
        before = (Convolution(int(rng.choice(counts)), 3), Activation("relu"))
    asked = CAT, before, int(rng.integers(10_000)), some_pooling(rng)
    down, across = rng.integers(101, size=2).tolist()
    written = pooling_files.program(*asked, down=down, across=across)
    assert_made(written, pooled_maps(*asked), tmp_path)


def test_lenet_is_what_its_page_shows(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    layers = tuple(
        layer
        for _ in range(2)
        for layer in (some_convolution(rng), some_activation(rng), some_pooling(rng, 4))
    )
    number = int(rng.integers(10_000))
    stages = pipeline.run(CAT.pixels, layers, number)
    written = lenet_files.program(CAT, layers, number)
    assert_made(written, stages[-1].values, tmp_path, most_lines=50)
