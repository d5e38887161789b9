"""What a question is: a step of a lesson, and the beliefs that its answers stand for.

No answer is marked as the right one. Each belief says what it expects of this step's facts; the
core computes what is so; the belief that expects just that is the right one.

>>> even = Belief(
...     text="{value} columns", reply="One is lost at each side.",
...     expect=lambda facts: facts["width"] - 2,
... )
>>> kept = Belief(
...     text="{value} columns", reply="A 3×3 window has no room to stand on the edge.",
...     expect=lambda facts: facts["width"],
... )
>>> step = Step(
...     name="edge", title="The edge", page="convolution", text="", question="How wide is it?",
...     beliefs=(kept, even), vary=lambda rng: {"width": int(rng.integers(5, 9))},
...     facts={"width": 8}, find=lambda facts: facts["width"] - 3 + 1, settings=lambda facts: {},
... )
>>> right(step, step.facts), answers(step, step.facts)
(1, ('8 columns', '6 columns'))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

# What a step is about: the numbers and names in its text, by which it can be varied.
Facts = Mapping[str, Any]
# What is asked for, or expected; an array is a mask of places.
Value = Any

# How it is answered: by choosing a belief, by typing a whole number, or by moving a control until
# what the page shows is as it should be.
Kind = Literal["choice", "number", "setting"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Belief:
    """What somebody may believe.

    Attributes
    ----------
    text : str
        The answer, in English; `{value}` is what is expected, other names are facts.
    reply : str
        What to say to who gives it, in English: why it is so, or what is believed here and why it
        is otherwise. Facts may stand in it, and `{true}`, what the core has computed.
    expect : callable
        From facts to the value that follows from the belief.
    """

    text: str
    reply: str
    expect: Callable[[Facts], Value]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Step:
    """A question on a page of the app; texts are English, facts by their names in braces.

    Attributes
    ----------
    name : str
        In addresses; it stays when the title is worded anew.
    page : str
        Where it is asked.
    beliefs : tuple of Belief
        In the order in which they are offered.
    facts : mapping
        Of the first visit.
    vary : callable
        From a random generator to other facts, of which exactly one belief is right.
    find : callable
        From facts to what is so, computed by the core's operations. Of a `setting`: from facts to
        the shape that what the page shows must have, None standing for any number.
    settings : callable
        From facts to what the page's address says, by its keys.
    moves : str
        The key of the control to move, which the page marks; empty for none.
    is_hidden : bool
        Whether the page hides its pictures and numbers until there is an answer.
    """

    name: str
    title: str
    page: str
    text: str
    question: str
    beliefs: tuple[Belief, ...]
    facts: Facts
    vary: Callable[[np.random.Generator], Facts]
    find: Callable[[Facts], Value]
    settings: Callable[[Facts], Mapping[str, str]]
    kind: Kind = "choice"
    moves: str = ""
    is_hidden: bool = True


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Course:
    """Steps in the order in which they are taken; `name` is for addresses."""

    name: str
    title: str
    promise: str
    steps: tuple[Step, ...]


def expects(value: Value) -> Callable[[Facts], Value]:
    """Return what expects this value, whatever the facts."""
    return lambda _facts: value


def facts_of(step: Step, variant: int = 0) -> Facts:
    """Return the facts of a step: the first visit's, or others for each further `variant`."""
    return step.vary(np.random.default_rng(variant)) if variant else step.facts


def right(step: Step, facts: Facts) -> int:
    """Return the place of the belief that expects what is so.

    Raises
    ------
    ValueError
        If none does, or more than one.
    """
    true = step.find(facts)
    places = [place for place, one in enumerate(step.beliefs) if agree(one.expect(facts), true)]
    if len(places) != 1:
        raise ValueError(
            f"Of the beliefs of {step.name!r}, {len(places)} are right for {dict(facts)}; there "
            "must be one."
        )
    return places[0]


def place_of(step: Step, facts: Facts, value: Value) -> int | None:
    """Return the place of the first belief that expects this value; None where none does."""
    found = (place for place, one in enumerate(step.beliefs) if agree(one.expect(facts), value))
    return next(found, None)


def answers(step: Step, facts: Facts, translate: Callable[[str], str] = str) -> tuple[str, ...]:
    """Return what each belief answers, in English or what `translate` makes of it."""
    return tuple(
        translate(one.text).format(value=written(one.expect(facts)), **facts)
        for one in step.beliefs
    )


def agree(value: Value, other: Value) -> bool:
    """Return whether two values are the same, in shape too."""
    return np.array_equal(np.asarray(value), np.asarray(other))


def fits(shape: tuple[int, ...], asked: tuple[int | None, ...]) -> bool:
    """Return whether a shape is the one that was asked for.

    >>> fits((158, 199, 3), (None, 199, None)), fits((158, 199), (None, 199, None))
    (True, False)
    """
    return len(shape) == len(asked) and all(
        need is None or size == need for size, need in zip(shape, asked, strict=True)
    )


def written(value: Value) -> str:
    """Return a value as a sentence has it; a mask has no words.

    >>> written(384000), written("brighter")
    ('384,000', 'brighter')
    """
    if isinstance(value, np.ndarray):
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)
