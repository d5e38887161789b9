"""The classes of a network: their names, and how they rank for a picture."""

from cnnviz_core.inspection import predictions
from cnnviz_core.inspection.predictions import Prediction
from cnnviz_core.networks import Network
from cnnviz_core.views.predictions import num_classes
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared


@shared(MAX_VIEWS)
def ranked_classes(network: Network, picture: Picture) -> tuple[Prediction, ...]:
    """All classes of a network, the most probable one first; empty without a classifier.

    Raises
    ------
    ValueError
        As `predictions.logits`.
    """
    if network.logits is None:
        return ()
    return predictions.top_classes(network, picture.pixels, num_classes(network))
