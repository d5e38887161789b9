"""The courses: steps in the order in which they are taken."""

from cnnviz_core.lessons.evidence_steps import COVER, SILENCE, UNTRAINED, VOTERS
from cnnviz_core.lessons.layer_steps import POOL_KEEPS, REACH, RELU
from cnnviz_core.lessons.network_steps import COST, DEPTH, FIELD, SMALLER
from cnnviz_core.lessons.picture_steps import EDGE, MAPS, NUMBERS, SAME, SUM
from cnnviz_core.lessons.prediction_steps import ALL, TEMPERATURE
from cnnviz_core.lessons.questions import Course
from cnnviz_core.lessons.weight_steps import LARGER, POOL_WEIGHTS, SECOND, WEIGHTS

COURSES = (
    Course(
        name="numbers",
        title="A picture is numbers",
        promise=(
            "What a kernel does to a picture, what becomes of its size, and what there is to "
            "learn: the building blocks of a network."
        ),
        steps=(
            NUMBERS,
            SUM,
            EDGE,
            SAME,
            REACH,
            MAPS,
            WEIGHTS,
            LARGER,
            RELU,
            POOL_KEEPS,
            POOL_WEIGHTS,
            SECOND,
        ),
    ),
    Course(
        name="trained",
        title="Inside a trained network",
        promise=(
            "How large its layers are and what they cost, and how much of the picture a unit sees."
        ),
        steps=(DEPTH, SMALLER, FIELD, COST),
    ),
    Course(
        name="evidence",
        title="Where it looks",
        promise=(
            "What it means when a network is sure, who votes for a class, and what a heatmap does "
            "not prove."
        ),
        steps=(ALL, TEMPERATURE, VOTERS, SILENCE, COVER, UNTRAINED),
    ),
)


def course_of(name: str) -> Course | None:
    """Return the course of this name; None if there is none."""
    return next((one for one in COURSES if one.name == name), None)
