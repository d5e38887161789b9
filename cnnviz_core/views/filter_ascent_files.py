"""The filter-ascent page's program, and what can be saved of it."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from cnnviz_core.animations import webm_of
from cnnviz_core.drawing.ascents import as_bytes
from cnnviz_core.drawing.rendered import described
from cnnviz_core.drawing.rendering import PICTURE_SCALE
from cnnviz_core.filter_ascent.batches import filters_per_batch
from cnnviz_core.filter_ascent.parameterization import COLORS, fourier_scales
from cnnviz_core.snippets import filter_ascent
from cnnviz_core.snippets.ascent_asked import Ascent
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.ascent_jobs import AscentJob
from cnnviz_core.views.ascent_store import AscentHistory, AscentQuestion, pictures_of
from cnnviz_core.views.files import Saved, source
from cnnviz_core.views.filter_ascent import ascent_animation, ascent_sheet
from cnnviz_core.views.sharing import Picture


def program(ascents: Sequence[tuple[AscentJob, AscentHistory]], picture: Picture) -> Program:
    """Return the program of the last of the ascents on screen; it ends in an activation.

    Parameters
    ----------
    ascents : sequence of (AscentJob, AscentHistory)
        Those that have come to rest, with how far they are; none as long as they go on.
    picture : Picture
        The one that the question names, if it names any.

    Raises
    ------
    ValueError
        If there is none, no step has been made yet, or the network does not come with the project.
    """
    if not ascents or not len(ascents[-1][1].progress.activations):
        raise ValueError("The pictures are not finished yet. Wait until they are, or stop them.")
    ascent, state = ascents[-1]
    return filter_ascent.program(
        ascent.network,
        source(picture),
        _asked(ascent.question, state.progress.step),
        state.progress.activations,
        is_stretched=ascent.question.is_articles,
    )


def _asked(question: AscentQuestion, steps: int) -> Ascent:
    settings = asdict(question.settings)
    del settings["precision"]
    if question.picture is not None:
        # It keeps the contrast that it has, as `filter_ascent.ascend` does.
        settings |= {"start": "picture", "contrast": 0.0}
    num_filters = filters_per_batch(len(question.objectives), question.copies, question.size)
    return Ascent(
        layer=question.layer,
        target=question.target,
        channels=question.channels,
        copies=question.copies,
        in_batch=num_filters * question.copies,
        size=question.size,
        place=question.place,
        steps=steps,
        seed=question.seed,
        # The lowest frequency is that of one wave over the longer side.
        wave_scale=float(fourier_scales(*question.size).max()) / max(question.size),
        colors=tuple(map(tuple, COLORS.tolist())),
        **settings,
    )


def saved(ascents: Sequence[tuple[AscentJob, AscentHistory]]) -> Saved:
    """Return the pictures of the last of the ascents on screen, and how they grew.

    Raises
    ------
    ValueError
        If there is none, or no step has been made yet.
    """
    if not ascents or not ascents[-1][1].frames:
        raise ValueError("There are no pictures yet. Wait for the first step.")
    ascent, state = ascents[-1]
    question = ascent.question
    pixels = pictures_of(question, state.progress)
    return Saved(
        name="-".join((ascent.network.key, question.layer, "likes")).replace("_", "-"),
        picture=described(ascent_sheet(ascent, state), as_bytes(pixels), PICTURE_SCALE),
        values=pixels.transpose(1, 2, 3, 0),
        axes=("row", "column", "color", "picture"),
        others={
            "GIF": partial(ascent_animation, state),
            "WebM": lambda: webm_of(ascent_animation(state)),
        },
    )
