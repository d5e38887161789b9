"""Steps about what a trained network says of a picture."""

from functools import cache

import numpy as np

from cnnviz_core import images, networks
from cnnviz_core.arrays import FloatArray
from cnnviz_core.inspection import predictions
from cnnviz_core.lessons.questions import Belief, Facts, Step, expects

NETWORK = "efficientnet-lite0"


@cache
def logits_of(picture: str) -> FloatArray:
    """Return what the network says of a sample, float32 (1000,); computed once."""
    return predictions.logits(networks.load(NETWORK), images.sample(picture))


def _chances(picture: str, temperature: float = 1.0) -> FloatArray:
    network = networks.load(NETWORK)
    return predictions.probabilities(network, logits_of(picture), temperature=temperature)


def any_picture(rng: np.random.Generator) -> Facts:
    """Return one of the samples."""
    return {"picture": str(rng.choice(images.sample_names()))}


ALL = Step(
    name="all-classes",
    title="It must answer",
    page="predictions",
    text=(
        "The network knows 1,000 classes, and gives each a probability. This picture may show none "
        "of them."
    ),
    question="What do the probabilities of all classes add up to?",
    beliefs=(
        Belief(
            text="100 %, whatever is in the picture",
            reply=(
                "Softmax shares out 100 % among the classes there are. It has no way to say “none "
                "of these”: what has no class gets the names of what looks similar."
            ),
            expect=expects(100),
        ),
        Belief(
            text="Nearly 0 %, if it shows none of them",
            reply=(
                "A network cannot say “none of these”. Softmax divides by the sum over all "
                "classes, so that they add up to 100 % for any picture."
            ),
            expect=expects(0),
        ),
        Belief(
            text="More than 100 %, if several classes fit",
            reply=(
                "The classes compete: softmax divides by the sum over all of them, so that they "
                "add up to 100 % for any picture. If several fit, they share it."
            ),
            expect=expects(200),
        ),
    ),
    facts={"picture": "hubble"},
    vary=any_picture,
    find=lambda facts: round(100 * float(_chances(facts["picture"]).sum())),
    settings=lambda facts: {"picture": facts["picture"]},
)

SAME_SURER, SAME_LESS_SURE, ANOTHER = "surer", "less sure", "another"


def _what_changes(facts: Facts) -> str:
    """Return what a temperature does to the class that comes first."""
    before = _chances(facts["picture"])
    after = _chances(facts["picture"], facts["temperature"])
    if before.argmax() != after.argmax():
        return ANOTHER
    return SAME_SURER if after.max() > before.max() else SAME_LESS_SURE


def _temperature(rng: np.random.Generator) -> Facts:
    return {**any_picture(rng), "temperature": float(rng.choice([0.25, 0.5, 2.0, 4.0]))}


TEMPERATURE = Step(
    name="temperature",
    title="Surer without seeing more",
    page="predictions",
    moves="predict_temperature",
    text=(
        "At a temperature of {temperature}, all logits are divided by {temperature} before softmax "
        "turns them into probabilities."
    ),
    question="What becomes of the class that comes first?",
    beliefs=(
        Belief(
            text="Another class comes first",
            reply=(
                "Dividing all logits by the same number leaves their order as it is: the same "
                "class comes first, at any temperature. Only how sure it looks changes."
            ),
            expect=expects(ANOTHER),
        ),
        Belief(
            text="It stays first, and is less probable",
            reply=(
                "The order stays. A temperature above 1 brings the logits closer together, and so "
                "the probabilities; one below 1 does the opposite. Nothing else was seen."
            ),
            expect=expects(SAME_LESS_SURE),
        ),
        Belief(
            text="It stays first, and is more probable",
            reply=(
                "The order stays. A temperature below 1 drives the logits apart, and so the "
                "probabilities; one above 1 does the opposite. Nothing else was seen."
            ),
            expect=expects(SAME_SURER),
        ),
    ),
    facts={"picture": "cat", "temperature": 4.0},
    vary=_temperature,
    find=_what_changes,
    settings=lambda facts: {
        "picture": facts["picture"],
        "predict_temperature": str(facts["temperature"]),
    },
)
