"""What real pictures excite the filters, beside the pictures that were made for them."""

from functools import partial

from cnnviz_core import images
from cnnviz_core.filter_ascent.channel_activations import ChannelActivations, most_excited
from cnnviz_core.networks import Network
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.views.ascent_comparison import (
    MAX_ACTIVATIONS,
    Comparison,
    RealPicture,
    compare_states,
    real_activations,
)
from cnnviz_core.views.ascent_jobs import AscentJob, keep_own_activations, known_activations
from cnnviz_core.views.ascent_store import AscentHistory
from cnnviz_core.views.sharing import Picture, sample_picture, shared


def real_pictures(chosen: Picture) -> tuple[Picture, ...]:
    """Return the chosen picture, then all samples that are others."""
    names = [name for name in images.sample_names() if name != chosen.key]
    return chosen, *map(sample_picture, names)


@shared(MAX_ACTIVATIONS)
def layer_activations(network: Network, layer: str, picture: Picture) -> ChannelActivations:
    """Return the activations of all filters of a layer by a picture."""
    return real_activations(network, layer, _real(picture), after_activation=False)


def excited_channels(network: Network, layer: str, chosen: Picture, count: int) -> tuple[int, ...]:
    """Return the filters that a picture excites more than others do, the most excited first.

    Runs the network once for each sample, unless it has done so before.
    """
    first, *others = (layer_activations(network, layer, one) for one in real_pictures(chosen))
    return most_excited(first, others, count)


def comparison(ascent: AscentJob, state: AscentHistory, chosen: Picture) -> Job[Comparison]:
    """Return the work of comparing an ascent with real pictures; not for a whole layer."""
    begin = partial(
        compare_states,
        ascent.network,
        ascent.question,
        state.progress.images,
        tuple(map(_real, real_pictures(chosen))),
        known_activations(ascent, state),
    )
    return Job(
        begin=begin,
        name=f"real patches for {ascent.question.layer} of {ascent.network.key}",
        is_portable=True,
        keep=partial(_keep, ascent, state),
    )


def _keep(ascent: AscentJob, state: AscentHistory, found: Comparison) -> None:
    if found.own is not None:
        keep_own_activations(ascent, state, found.own)


def _real(picture: Picture) -> RealPicture:
    return picture.key if picture.key in images.sample_names() else picture.pixels
