"""Each step has one right answer, whatever its facts are, and every text can be written."""

import numpy as np
import pytest

from cnnviz_core.lessons.courses import COURSES, course_of
from cnnviz_core.lessons.questions import (
    Belief,
    Step,
    agree,
    answers,
    facts_of,
    place_of,
    right,
    written,
)

STEPS = [pytest.param(step, id=step.name) for course in COURSES for step in course.steps]
VARIANTS = range(8)


@pytest.mark.parametrize(
    "variants", [VARIANTS, pytest.param(range(8, 200), marks=pytest.mark.slow)], ids=["few", "many"]
)
@pytest.mark.parametrize("step", STEPS)
def test_exactly_one_belief_is_right_whatever_the_facts(step: Step, variants: range) -> None:
    for variant in variants:
        facts = facts_of(step, variant)
        assert step.beliefs[right(step, facts)].reply  # raises where none or several are right


@pytest.mark.parametrize("step", STEPS)
def test_beliefs_expect_different_things(step: Step) -> None:
    for variant in VARIANTS:
        facts = facts_of(step, variant)
        expected = [one.expect(facts) for one in step.beliefs]
        for place, one in enumerate(expected):
            assert place_of(step, facts, one) == place
        if step.kind == "choice":
            assert len(set(answers(step, facts))) == len(step.beliefs)


@pytest.mark.parametrize("step", STEPS)
def test_texts_name_facts_that_there_are(step: Step) -> None:
    for variant in (0, 1):
        facts = facts_of(step, variant)
        true = written(step.find(facts))
        said = [step.text, step.question, *(one.reply for one in step.beliefs)]
        assert all(text.format(true=true, **facts) for text in said)
        assert all("{" not in one for one in answers(step, facts))


@pytest.mark.parametrize("step", STEPS)
def test_a_variant_has_other_facts_and_is_the_same_each_time(step: Step) -> None:
    variants = [facts_of(step, variant) for variant in VARIANTS]
    assert len({str(one) for one in variants}) > 1
    assert str(facts_of(step, 7)) == str(variants[7])
    assert facts_of(step) is step.facts


def test_names_are_unique_in_a_course_and_fit_an_address() -> None:
    for course in COURSES:
        names = [one.name for one in course.steps]
        assert len({*names}) == len(names)
        assert all(one.replace("-", "").isalnum() and one.islower() for one in names)
        assert course_of(course.name) is course
    assert course_of("none") is None


def test_a_step_with_no_or_two_right_answers_is_refused() -> None:
    def step(*expected: int) -> Step:
        beliefs = tuple(
            Belief(text="{value}", reply="", expect=lambda _facts, one=one: one) for one in expected
        )
        return Step(
            name="sum",
            title="",
            page="",
            text="",
            question="",
            beliefs=beliefs,
            facts={},
            vary=lambda _rng: {},
            find=lambda _facts: 4,
            settings=lambda _facts: {},
        )

    assert right(step(3, 4), {}) == 1
    for expected in ((3, 5), (4, 4)):
        with pytest.raises(ValueError, match="there must be one"):
            right(step(*expected), {})


def test_masks_agree_where_all_places_do() -> None:
    mask = np.array([[True, False]])
    assert agree(mask, [[True, False]])
    assert not agree(mask, ~mask)
    assert not agree(mask, True)
