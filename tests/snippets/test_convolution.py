"""The program of a convolution makes what the page shows, whatever its settings."""

from pathlib import Path
from typing import Any

import numpy as np

from cnnviz_core import images
from cnnviz_core.layers.kernels import (
    EditedKernel,
    KernelChoice,
    NamedKernel,
    RandomKernels,
    kernel_names,
    kernel_sizes,
)
from cnnviz_core.layers.named_kernels import DIRECTIONAL
from cnnviz_core.snippets import pictures
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Program, as_script
from cnnviz_core.views import convolution_files
from cnnviz_core.views.convolution import convolved_maps
from cnnviz_core.views.sharing import sample_picture
from pages.parts.layers.convolution_controls import DILATION, STRIDE
from pages.parts.layers.kernel_controls import ANGLE, FILTERS, SEED, SIZE
from tests.snippets.running import run


def some_kernels(rng: np.random.Generator) -> KernelChoice:
    """Any kernels that the page's controls can choose."""
    colors = str(rng.choice(["each_channel", "brightness"]))
    kind = rng.integers(3)
    if kind == 0:
        groups = int(rng.choice([1, 3]))
        filters = groups * int(rng.integers(FILTERS.low, FILTERS.high // groups + 1))
        size = int(rng.integers(SIZE.low, SIZE.high + 1))
        return RandomKernels(size, filters, int(rng.integers(SEED.low, SEED.high + 1)), groups)
    if kind == 1:
        name = kernel_names()[rng.integers(len(kernel_names()))]
        angle = float(rng.integers(ANGLE.low, ANGLE.high + 1)) if name in DIRECTIONAL else 0.0
        return NamedKernel(name, int(rng.choice(kernel_sizes(name))), angle, colors)
    rows = rng.normal(size=rng.integers(1, 8, 2)).round(2).astype(np.float32)
    return EditedKernel(tuple(map(tuple, rows.tolist())), colors)


def test_the_program_makes_what_the_page_shows(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    picture, choice = sample_picture("cat"), some_kernels(rng)
    sliding: dict[str, Any] = {
        "stride": int(rng.integers(STRIDE.low, STRIDE.high + 1)),
        "padding": (["valid", "same", *range(8)])[rng.integers(10)],
        "dilation": int(rng.integers(DILATION.low, DILATION.high + 1)),
    }
    maps = convolved_maps(picture, choice, *sliding.values())
    written = convolution_files.program(
        picture,
        choice,
        **sliding,
        down=int(rng.integers(101)),
        across=int(rng.integers(101)),
        filter_index=int(rng.integers(maps.shape[2])),
    )
    script = as_script(written)
    made = run(script, tmp_path, "maps")["maps"].reshape(maps.shape)
    reach = 255 * max(1.0, float(np.abs(maps).max()) / 255)
    np.testing.assert_allclose(made, maps, rtol=0, atol=2e-6 * reach)
    lines = [line for line in script.splitlines() if line.strip() and line[0] != "#"]
    assert 8 <= len(lines) <= 30
    assert max(map(len, script.splitlines())) <= 100


def test_every_sample_is_loaded_as_the_page_has_it(tmp_path: Path) -> None:
    for name in images.sample_names():
        expected = images.sample(name)
        imports, cell = pictures.load(Source(name, *expected.shape[:2]))
        program = Program("picture", "A picture.", imports, (cell,), cell)
        made = run(as_script(program), tmp_path, "image")["image"]
        np.testing.assert_array_equal(made, expected, name)


def test_a_picture_of_ones_own_is_upright_and_as_large_as_on_the_page(tmp_path: Path) -> None:
    from PIL import Image

    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    Image.fromarray(pixels).save(tmp_path / pictures.OWN_FILE, exif=exif, quality=100)
    imports, cell = pictures.load(Source(None, 30, 20))
    made = run(
        as_script(Program("picture", "A picture.", imports, (cell,), cell)), tmp_path, "image"
    )["image"]
    assert made.shape == (30, 20, 3)
    assert np.abs(made.astype(int).mean() - pixels.mean()) < 3
