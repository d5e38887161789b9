"""The program of the predictions page."""

from cnnviz_core.inspection import predictions
from cnnviz_core.networks import Network
from cnnviz_core.snippets import inspection
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import source
from cnnviz_core.views.networks import logits
from cnnviz_core.views.sharing import Picture


def program(network: Network, picture: Picture, *, count: int, temperature: float) -> Program:
    """Return the program of `predictions.predicted`; errors as `inspection.predictions`."""
    scores = logits(network, picture)
    chances = predictions.probabilities(network, scores, temperature=temperature)
    return inspection.predictions(
        network, source(picture), chances, count=count, temperature=temperature
    )
