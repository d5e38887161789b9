"""Networks for the pages that look into them, and the activations of their layers."""

from collections.abc import Mapping

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


def available_networks() -> tuple[NetworkInfo, ...]:
    """Return what networks there are."""
    return networks.available()


def load_network(key: str, progress: Progress | None = None) -> Network:
    """Return a network, loaded once for everybody; fetched first where it has to be.

    Raises
    ------
    ValueError
        As `networks.load`.
    """
    return networks.load(key, progress=progress)


def uploaded_network(data: bytes, title: str) -> Network:
    """Return a visitor's own network; raise `ValueError` with the reason if it is refused."""
    return networks.from_upload(data, title=title)


def describe_layer(network: Network, name: str) -> LayerDescription:
    """Return where the layer called `name` stands, and what it does."""
    return layer_descriptions.describe_layer(network, name)


@shared(MAX_PASSES)
def all_layers(network: Network, picture: Picture) -> Mapping[str, FloatArray]:
    """Return the activations of every layer, from the one forward pass that all views share."""
    return feature_maps.all_layers(network, picture.pixels)


@shared(MAX_LOGITS)
def logits(network: Network, picture: Picture) -> FloatArray:
    """Return what the classifier says of a picture, before softmax or sigmoid."""
    return predictions.logits(network, picture.pixels)
