"""The classes of a network: their names, and how they rank for a picture."""

from cnnviz_core.cached._pictures import MAX_VIEWS, Picture, shared
from cnnviz_core.cached._predictions import num_classes
from cnnviz_core.inspection import predictions
from cnnviz_core.inspection.predictions import Prediction
from cnnviz_core.networks import Network


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
