"""Where in a lesson a visitor is, as the address says it: nothing of it is kept elsewhere.

`?lesson=numbers.edge` is a step of a course, `like=3` the third variant of its question, and
`answered=cb-a` the answers that were given first: a letter for each step of the course, `-` for
none so far, `x` for one that is none of those a step knows.
"""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from cnnviz_core.lessons.questions import Course, Step
from cnnviz_core.views import lessons

LESSON, LIKE, ANSWERED = "lesson", "like", "answered"
MAX_VARIANT = 9_999
OPEN, OTHER = "-", "x"


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A step of a course, which variant of it, and the first answers to all steps."""

    course: Course
    number: int
    variant: int
    answered: str

    @property
    def step(self) -> Step:
        """The step itself."""
        return self.course.steps[self.number]


def asked() -> Place | None:
    """Return what the address asks for; None if that is no step of a course."""
    name, _dot, step = st.query_params.get(LESSON, "").partition(".")
    course = lessons.course_of(name)
    if course is None:
        return None
    names = [one.name for one in course.steps]
    if step not in names:
        return None
    like = st.query_params.get(LIKE, "0")
    variant = int(like) if re.fullmatch("[0-9]{1,4}", like) else 0
    return Place(course, names.index(step), variant, answered_in(course))


def answered_in(course: Course) -> str:
    """Return the first answers that the address knows: a letter for each step of the course."""
    said = st.query_params.get(ANSWERED, "")
    if st.query_params.get(LESSON, "").partition(".")[0] != course.name:
        said = ""
    letters = said[: len(course.steps)].ljust(len(course.steps), OPEN)
    return "".join(
        one if answer_of(one, step) is not None or one == OTHER else OPEN
        for one, step in zip(letters, course.steps, strict=True)
    )


def answer_of(letter: str, step: Step) -> int | None:
    """Return which answer of a step a letter stands for; None if that is none of them.

    >>> from cnnviz_core.views.lessons import all_courses
    >>> step = all_courses()[0].steps[0]
    >>> answer_of("b", step), answer_of("-", step), answer_of("z", step), answer_of("", step)
    (1, None, None, None)
    """
    place = string.ascii_lowercase.find(letter) if letter else -1
    return place if 0 <= place < len(step.beliefs) else None


def with_answer(place: Place, answer: int | None) -> Place:
    """Return the place with an answer to its step, if there was none before."""
    if place.answered[place.number] != OPEN:
        return place
    letter = OTHER if answer is None else string.ascii_lowercase[answer]
    before, after = place.answered[: place.number], place.answered[place.number + 1 :]
    return replace(place, answered=before + letter + after)


def address_of(place: Place) -> dict[str, str]:
    """Return the address of a place, with the settings of its step."""
    facts = _facts(place)
    said = {**place.step.settings(facts), LESSON: f"{place.course.name}.{place.step.name}"}
    if place.variant:
        said[LIKE] = str(place.variant)
    return said | _progress(place.answered)


def address_of_course(course: Course, answered: str) -> Mapping[str, str]:
    """Return the address of a course as a whole."""
    return {LESSON: course.name} | _progress(answered)


def _progress(answered: str) -> dict[str, str]:
    return {ANSWERED: answered} if set(answered) != {OPEN} else {}


def _facts(place: Place) -> Mapping[str, object]:
    return lessons.facts_of(place.step, place.variant)
