"""Networks for the pages that look into them, and what their layers answer to a picture."""

from collections.abc import Mapping

import numpy as np

from cnnviz_core import networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.inspection import feature_maps, layer_descriptions, predictions
from cnnviz_core.inspection.layer_descriptions import LayerDescription
from cnnviz_core.networks import Network, NetworkInfo
from cnnviz_core.networks.network import Progress
from cnnviz_core.views.sharing import Picture, shared

# All layers of one picture take 60 to 150 MB.
MAX_PASSES = 2

# A thousand of them take 4 KB.
MAX_LOGITS = 256


def available_networks(*, needs_classifier: bool = False) -> tuple[NetworkInfo, ...]:
    """What networks there are: bundled, untrained, then on demand; or those with classes only."""
    return tuple(
        info for info in networks.available() if info.has_classifier or not needs_classifier
    )


def load_network(key: str, progress: Progress | None = None) -> Network:
    """The network called `key`, loaded once for everybody; fetched first where it has to be.

    Raises
    ------
    ValueError
        As `networks.load`.
    """
    return networks.load(key, progress=progress)


def uploaded_network(data: bytes, title: str) -> Network:
    """A visitor's own network; `ValueError` with the reason if it cannot be taken."""
    return networks.from_upload(data, title=title)


def describe_layer(network: Network, name: str) -> LayerDescription:
    """Return where the layer called `name` stands, and what it does."""
    return layer_descriptions.describe_layer(network, name)


@shared(MAX_PASSES)
def all_layers(network: Network, picture: Picture) -> Mapping[str, FloatArray]:
    """What every layer answers to a picture, from the one forward pass that all views share."""
    return feature_maps.all_layers(network, picture.pixels)


@shared(MAX_LOGITS)
def logits(network: Network, picture: Picture) -> FloatArray:
    """What the classifier says of a picture, before softmax or sigmoid."""
    return predictions.logits(network, picture.pixels)


def require_finite(network: Network, *answers: FloatArray) -> None:
    """Raise `ValueError` if a network gave NaN or infinity."""
    if not all(np.isfinite(answer).all() for answer in answers):
        raise ValueError(
            f"The network must answer with finite numbers, but “{network.title}” gave NaN or "
            "infinity for this picture. Its weights are damaged or far too large."
        )
