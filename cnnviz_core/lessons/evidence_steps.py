"""Steps about where a network finds evidence for a class, and what that proves."""

from functools import cache

from cnnviz_core import images, networks
from cnnviz_core.heatmaps.manual_occlusion import cover
from cnnviz_core.heatmaps.maps import heatmap
from cnnviz_core.heatmaps.votes import Votes, ablated_logits, strongest_votes, votes
from cnnviz_core.inspection import predictions
from cnnviz_core.lessons.prediction_steps import NETWORK, any_picture, logits_of
from cnnviz_core.lessons.questions import Belief, Facts, Step, expects

ONE, SOME, HUNDREDS = "one", "some", "hundreds"
SAME, ANOTHER, NOTHING = "same", "another", "nothing"


@cache
def _votes(picture: str) -> Votes:
    """Return the votes for the class that comes first."""
    target = int(logits_of(picture).argmax())
    return votes(networks.load(NETWORK), images.sample(picture), target)


def _how_many(facts: Facts) -> str:
    """Return how many channels vote for the class, roughly."""
    count = int((_votes(facts["picture"]).values > 0).sum())
    return ONE if count == 1 else SOME if count < 100 else HUNDREDS


VOTERS = Step(
    name="voters",
    title="Who says cat?",
    page="votes",
    text=(
        "The last layer has 1,280 channels, and each adds its vote to the score of the class: its "
        "mean activation times a weight."
    ),
    question="How many of them vote for the class that comes first?",
    beliefs=(
        Belief(
            text="One: the channel for that class",
            reply=(
                "No channel stands for a class. Each has found something that several classes "
                "have, and hundreds of small votes add up to the score."
            ),
            expect=expects(ONE),
        ),
        Belief(
            text="A dozen or so",
            reply=(
                "The strongest dozen cast more than their share, but hundreds of others do vote, "
                "and their small votes add up."
            ),
            expect=expects(SOME),
        ),
        Belief(
            text="Hundreds",
            reply=(
                "Hundreds of small votes add up to the score, and others speak against it. No "
                "channel stands for a class by itself."
            ),
            expect=expects(HUNDREDS),
        ),
    ),
    facts={"picture": "cat"},
    vary=any_picture,
    find=_how_many,
    settings=lambda facts: {"picture": facts["picture"]},
)


@cache
def _after_silence(picture: str) -> str:
    """Return what becomes of the first class without the channel that votes most strongly."""
    before = logits_of(picture)
    (strongest,), _against = strongest_votes(_votes(picture), 1)
    after = ablated_logits(networks.load(NETWORK), images.sample(picture), [strongest.channel])
    target = int(before.argmax())
    if after.argmax() != target:
        return ANOTHER
    return NOTHING if after[target] == before[target] else SAME


@cache
def _keeps_its_class() -> tuple[str, ...]:
    """Return the pictures to which the replies of `SILENCE` apply."""
    return tuple(one for one in images.sample_names() if _after_silence(one) == SAME)


SILENCE = Step(
    name="silence",
    title="Without its strongest voter",
    page="votes",
    moves="votes_count",
    text="The channel that votes most strongly for the class is silenced: its map becomes zero.",
    question="What does the network say then?",
    beliefs=(
        Belief(
            text="Another class comes first",
            reply=(
                "Not here: what one channel adds, hundreds of others outweigh. Silence more of "
                "them with the slider: how few does it take?"
            ),
            expect=expects(ANOTHER),
        ),
        Belief(
            text="The same class, with a lower score",
            reply=(
                "Its vote is missing from the sum, and no more than that: hundreds of others are "
                "left. Silence more of them with the slider: how few does it take?"
            ),
            expect=expects(SAME),
        ),
        Belief(
            text="Exactly what it said before",
            reply=(
                "The score is the sum of all votes, so it falls by just this vote. That the class "
                "still comes first is the work of hundreds of others."
            ),
            expect=expects(NOTHING),
        ),
    ),
    facts={"picture": "cat"},
    vary=lambda rng: {"picture": str(rng.choice(_keeps_its_class()))},
    find=lambda facts: _after_silence(facts["picture"]),
    settings=lambda facts: {"picture": facts["picture"], "votes_count": "1"},
)


FACE_DOWN, FACE_ACROSS = 50, 55
SURE, LESS_SURE = "as sure", "less sure"


@cache
def _covered(percent: int) -> str:
    """Return what the network says of the cat when a gray patch covers the middle of her face."""
    image, network = images.sample("cat"), networks.load(NETWORK)
    height, width = image.shape[:2]
    row = int(FACE_DOWN * (height - 1) / 100 + 0.5)
    column = int(FACE_ACROSS * (width - 1) / 100 + 0.5)
    size = int(min(height, width) * percent / 100 + 0.5)
    before = predictions.probabilities(network, logits_of("cat"))
    after = predictions.probabilities(network, cover(network, image, row, column, size=size))
    target = int(before.argmax())
    if after.argmax() != target:
        return ANOTHER
    return SURE if after[target] > 0.8 * before[target] else LESS_SURE


COVER = Step(
    name="cover",
    title="Without a face",
    page="occlusion",
    moves="occlusion_size",
    text=(
        "A gray patch covers the middle of the cat's face: eyes, nose and mouth, {size} % of the "
        "picture's height. Only fur and ears are left."
    ),
    question="How sure is the network that this is an Egyptian cat, compared with before?",
    beliefs=(
        Belief(
            text="It now names another class",
            reply=(
                "That is what we would need a face for. The network finds evidence in the fur as "
                "well: it has no idea that a cat needs a face."
            ),
            expect=expects(ANOTHER),
        ),
        Belief(
            text="Much less sure",
            reply=(
                "What matters to us need not matter to the network: pattern and color of the fur "
                "are evidence, too. Only trying it out tells."
            ),
            expect=expects(LESS_SURE),
        ),
        Belief(
            text="About as sure",
            reply=(
                "Pattern and color of the fur are evidence enough. What matters to us need not "
                "matter to the network; only trying it out tells."
            ),
            expect=expects(SURE),
        ),
    ),
    facts={"size": 75},
    vary=lambda rng: {"size": int(rng.choice([60, 75]))},
    find=lambda facts: _covered(facts["size"]),
    settings=lambda facts: {
        "occlusion_size": str(facts["size"]),
        "occlusion_down": str(FACE_DOWN),
        "occlusion_across": str(FACE_ACROSS),
    },
)


@cache
def _untrained_heat(picture: str) -> bool:
    """Return whether a network that has learned nothing has a heatmap that is not empty."""
    network = networks.load("lenet-5")
    return bool(heatmap(network, images.sample(picture), method="saliency").max() > 0)


UNTRAINED = Step(
    name="untrained-heatmap",
    title="A heatmap of nothing learned",
    page="heatmaps",
    moves="heat_method",
    text="This network has random weights: it has never seen a picture, and knows no class.",
    question="Does it have a heatmap, all the same?",
    beliefs=(
        Belief(
            text="No: it stays empty, as there is no evidence",
            reply=(
                "A heatmap shows where the score depends on the picture, and some score there "
                "always is. So a heatmap alone does not prove that anything was understood."
            ),
            expect=expects(False),
        ),
        Belief(
            text="Yes, and it may look as good as any",
            reply=(
                "Some score there always is, and it depends on some places more than on others. So "
                "compare a heatmap with one of random weights before you believe it."
            ),
            expect=expects(True),
        ),
    ),
    facts={"picture": "cat"},
    vary=any_picture,
    find=lambda facts: _untrained_heat(facts["picture"]),
    settings=lambda facts: {
        "network": "lenet-5",
        "picture": facts["picture"],
        "heat_method": "saliency",
    },
)
