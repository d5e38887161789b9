"""A few frames of a finished ascent, and all of them on one strip."""

import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from cnnviz_core import images
from cnnviz_core.views.ascent_film import filmed_steps
from cnnviz_core.views.ascent_frames import NUM_FRAMES, STRIP_PIXELS, ascent_frames
from tests.views.ascents import finished_ascent, nothing_kept, question, vgg

pytestmark = pytest.mark.usefixtures("_nothing_kept")


@pytest.fixture
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with nothing_kept(monkeypatch):
        yield


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data))).astype(float)


@pytest.mark.parametrize(("steps", "copies"), [(4, 1), (24, 2), (50, 1)])
def test_frames_go_from_the_start_to_the_end_and_the_strip_has_them_in_order(
    steps: int, copies: int
) -> None:
    job = finished_ascent(vgg(), question(steps=steps, copies=copies))
    assert len(job.state.frames) == len(filmed_steps(steps))
    found = ascent_frames(job.question, job.state)
    assert found is not None
    assert (found.steps[0], found.steps[-1]) == (0, steps)
    assert len(found.steps) == len(found.frames) == min(NUM_FRAMES, steps + 1)
    assert set(found.steps) <= set(filmed_steps(steps))
    assert [*found.steps] == sorted(set(found.steps))
    for step, frame in zip(found.steps, found.frames, strict=True):
        assert frame == job.state.frames[filmed_steps(steps).index(step)]
    strip = decoded(found.strip)
    assert strip.shape[0] * strip.shape[1] <= STRIP_PIXELS
    for part, frame in zip(np.split(strip, len(found.steps)), found.frames, strict=True):
        small = images.fit(decoded(frame).astype(np.uint8), max(part.shape[:2])).astype(float)
        others = [np.abs(small - one).mean() for one in np.split(strip, len(found.steps))]
        assert np.abs(small - part).mean() == min(others)


def test_an_ascent_without_its_film_has_no_frames() -> None:
    job = finished_ascent(vgg(), question())
    assert ascent_frames(job.question, replace(job.state, frames=job.state.frames[1:])) is None


def test_the_strip_of_many_large_pictures_stays_small() -> None:
    job = finished_ascent(vgg(), question())
    noise = np.random.default_rng(12).integers(0, 256, (4 * 128, 12 * 128, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "JPEG", quality=95)
    frames = tuple(file.getvalue() for _ in job.state.frames)
    found = ascent_frames(job.question, replace(job.state, frames=frames))
    assert found is not None
    assert found.width == 12 * 128
    height, width = decoded(found.strip).shape[:2]
    assert height * width <= STRIP_PIXELS
    assert len(found.strip) <= STRIP_PIXELS
