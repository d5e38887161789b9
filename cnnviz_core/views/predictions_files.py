"""The predictions page's program, and what can be saved of it."""

import numpy as np

from cnnviz_core.inspection import predictions
from cnnviz_core.networks import Network
from cnnviz_core.snippets import inspection
from cnnviz_core.snippets.program import Program
from cnnviz_core.views.files import Saved, name_of, source
from cnnviz_core.views.networks import logits
from cnnviz_core.views.predictions import predicted
from cnnviz_core.views.sharing import Picture, original


def program(network: Network, picture: Picture, *, count: int, temperature: float) -> Program:
    """Return the program of `predictions.predicted`; errors as `inspection.predictions`."""
    scores = logits(network, picture)
    chances = predictions.probabilities(network, scores, temperature=temperature)
    return inspection.predictions(
        network, source(picture), chances, count=count, temperature=temperature
    )


def saved(network: Network, picture: Picture, *, count: int, temperature: float) -> Saved:
    """Return the picture, and what is said of it: logit and probability of each class, in order."""
    view = predicted(network, picture, count=count, temperature=temperature)
    ranked = sorted(view.ranked, key=lambda one: one.index)
    values = np.array([(one.logit, one.probability) for one in ranked], np.float32)
    names = tuple(one.name for one in ranked)
    return Saved(
        name=name_of(picture, "predictions", network.key),
        picture=original(picture),
        values=values,
        axes=("class", "quantity"),
        formulas=(f"${view.formula}$",),
        labels={"class": names, "quantity": ("logit", "probability")},
    )
