"""What a lesson shows: a question, its answers, and what is said to each."""

from collections.abc import Callable
from dataclasses import dataclass

from cnnviz_core.lessons import courses, questions
from cnnviz_core.lessons.questions import Course, Facts, Step

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Question:
    """A step with its facts, in the language of who reads it.

    Attributes
    ----------
    answers : tuple of str
        One for each belief.
    replies : tuple of str
        What is said to who gives it.
    other : str
        What is said to who gives none of them.
    right : int
        The place of the answer that the core has computed.
    """

    step: Step
    facts: Facts
    text: str
    asked: str
    answers: tuple[str, ...]
    replies: tuple[str, ...]
    other: str
    right: int


def question(step: Step, variant: int, translate: Translate) -> Question:
    """Return a step's question with the facts of a variant, in the language of `translate`."""
    facts = questions.facts_of(step, variant)
    right = questions.right(step, facts)
    true = questions.written(step.find(facts))
    replies = [translate(one.reply).format(true=true, **facts) for one in step.beliefs]
    return Question(
        step=step,
        facts=facts,
        text=translate(step.text).format(**facts),
        asked=translate(step.question).format(**facts),
        answers=questions.answers(step, facts, translate),
        replies=tuple(replies),
        other=replies[right],
        right=right,
    )


def facts_of(step: Step, variant: int) -> Facts:
    """Return the facts of a variant of a step; those of the first visit for 0."""
    return questions.facts_of(step, variant)


def answered_with(question: Question, number: int) -> int | None:
    """Return the place of the answer that a typed number is; None if it is none of them."""
    return questions.place_of(question.step, question.facts, number)


def is_reached(question: Question, shape: tuple[int, ...]) -> bool:
    """Return whether what the page shows has the shape that the question asks for."""
    return questions.fits(shape, question.step.find(question.facts))


def all_courses() -> tuple[Course, ...]:
    """Return all courses."""
    return courses.COURSES


def course_of(name: str) -> Course | None:
    """Return the course of this name; None if there is none."""
    return courses.course_of(name)
