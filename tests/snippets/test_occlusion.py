"""Programs of the occlusion page make what it shows: a patch, its map, a heatmap's test."""

from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from cnnviz_core import networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.heatmaps.baselines import HoleBaseline
from cnnviz_core.runtime.jobs import Job, work_on
from cnnviz_core.snippets.program import Program, as_script
from cnnviz_core.views import occlusion_files
from cnnviz_core.views.faithfulness import quick_methods
from cnnviz_core.views.heat_curves import STEPS, HeatCurves, heat_curves
from cnnviz_core.views.networks import logits
from cnnviz_core.views.occlusion import covered_logits, patch_on, sliding_job, stride_of
from cnnviz_core.views.sharing import Picture, sample_picture
from pages.parts.heatmaps.occlusion_controls import ACROSS, BASELINE, DOWN, HOLES, SIZE, STEP
from pages.parts.picker import PICTURE
from tests.snippets.running import ROOT, made, run

Made = TypeVar("Made")

CAT = sample_picture("cat")
EGYPTIAN_CAT = 285
LITE = networks.load("efficientnet-lite0")
# The hottest first is the hottest first, but for those that differ in the last digit alone.
WITHIN = 1e-4


def finished(job: Job[Made]) -> Made:
    while not job.is_finished:
        work_on([job])
    assert job.state is not None
    return job.state


def num_lines(written: Program) -> int:
    return sum(1 for one in as_script(written).splitlines() if one.strip() and one[0] != "#")


def test_a_patch_does_what_it_does_on_the_page(seed: int) -> None:
    rng = np.random.default_rng(seed)
    picture = sample_picture(str(rng.choice(list(PICTURE.options))))
    down, across = (rng.integers(one.low, one.high + 1) for one in (DOWN, ACROSS))
    patch = patch_on(picture, int(down), int(across), int(rng.choice(list(SIZE.options))))
    baseline = list(BASELINE.options)[rng.integers(len(BASELINE.options))]
    target = int(rng.integers(1000))
    drops = logits(LITE, picture) - covered_logits(LITE, picture, patch, baseline)
    written = occlusion_files.by_hand(LITE, picture, target, patch, baseline)
    np.testing.assert_allclose(made(written, "drops"), drops, rtol=0, atol=1e-4)
    assert num_lines(written) <= 30


@pytest.mark.slow
def test_a_script_covers_the_cat(tmp_path: Path) -> None:
    patch = patch_on(CAT, 60, 70, 40)
    script = as_script(occlusion_files.by_hand(LITE, CAT, EGYPTIAN_CAT, patch, "mean"))
    drops = run(script, tmp_path, "drops", path=ROOT)["drops"]
    assert drops.shape == (1000,)


@pytest.mark.parametrize(
    ("percent", "parts", "baseline"),
    [
        (75, 1, "gray"),
        pytest.param(30, 2, "blur", marks=pytest.mark.slow),
        pytest.param(40, 4, "mean", marks=pytest.mark.slow),
        pytest.param(20, 1, "black", marks=pytest.mark.slow),
    ],
)
def test_a_map_is_what_the_patch_makes_that_slides(percent: int, parts: int, baseline: str) -> None:
    assert percent in SIZE.options
    assert parts in STEP.options
    size = patch_on(CAT, 0, 0, percent).size
    stride = stride_of(size, parts)
    (given,) = (one for one in BASELINE.options if one == baseline)
    job = sliding_job(LITE, CAT, EGYPTIAN_CAT, size, stride, given)
    values = finished(job).values
    written = occlusion_files.sliding(LITE, CAT, EGYPTIAN_CAT, size, stride, given, job)
    within = 1e-4 * np.abs(values).max()
    np.testing.assert_allclose(made(written, "heat"), values, rtol=0, atol=within)
    assert num_lines(written) <= 31


def test_a_map_that_grows_has_no_program_yet() -> None:
    job = sliding_job(LITE, CAT, EGYPTIAN_CAT, 33, 33, "gray")
    with pytest.raises(ValueError, match="not finished yet"):
        occlusion_files.sliding(LITE, CAT, EGYPTIAN_CAT, 33, 33, "gray", job)


def small_picture(height: int, width: int) -> Picture:
    rng = np.random.default_rng(height)
    return Picture(f"small {height}", rng.integers(0, 256, (height, width, 3), np.uint8))


# LeNet-5 answers in no time; where nothing speaks for the class, its maps have many equals.
CURVES = [
    *(pytest.param("lenet-5", 3, "layer-cam", hole) for hole in HOLES.options),
    pytest.param("lenet-5", 3, "gradient-times-input", "black"),
    *(
        pytest.param(LITE.key, EGYPTIAN_CAT, method, hole, marks=pytest.mark.slow)
        for method in quick_methods(LITE)
        for hole in HOLES.options
    ),
]


@pytest.mark.parametrize(("key", "target", "method", "hole"), CURVES)
def test_curves_are_those_of_the_page(
    key: str, target: int, method: str, hole: HoleBaseline
) -> None:
    network = networks.load(key)
    curves = heat_curves(network, CAT, target, method, hole)
    expected = both(curves)
    written = occlusion_files.curves(network, CAT, target, method, hole, curves)
    found = np.array(made(written, "curves"))
    assert found.shape == (STEPS + 1, 2)
    np.testing.assert_allclose(found, expected, rtol=0, atol=WITHIN)
    assert num_lines(written) <= 52


@pytest.mark.slow
@pytest.mark.parametrize("side", [5, 60])
def test_curves_of_a_picture_smaller_than_the_maps(side: int) -> None:
    picture = small_picture(side, side + 1)
    curves = heat_curves(LITE, picture, EGYPTIAN_CAT, "cam", "inpainting")
    expected = both(curves)
    written = occlusion_files.curves(LITE, picture, EGYPTIAN_CAT, "cam", "inpainting", curves)
    found = np.array(made(written, "curves", picture.pixels))
    np.testing.assert_allclose(found, expected, rtol=0, atol=WITHIN)


def both(curves: HeatCurves) -> FloatArray:
    """The probabilities of deletion and insertion, once they are measured."""
    states = finished(curves.deletion), finished(curves.insertion)
    return np.stack([one.probabilities for one in states], axis=1)


def test_curves_that_are_not_drawn_have_no_program_yet() -> None:
    curves = heat_curves(LITE, small_picture(30, 40), EGYPTIAN_CAT, "saliency", "blur")
    with pytest.raises(ValueError, match="not finished yet"):
        occlusion_files.curves(
            LITE, small_picture(30, 40), EGYPTIAN_CAT, "saliency", "blur", curves
        )
