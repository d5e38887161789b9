"""Lessons: a question on a page, what is said to each answer, and the way through all of them."""

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz_core.lessons import questions
from cnnviz_core.lessons.questions import Course
from cnnviz_core.views.lessons import all_courses
from pages.parts.lesson_place import OPEN, Place, address_of
from tests.pages.visits import opened

NUMBERS = all_courses()[0]
STEPS = [(course, number) for course in all_courses() for number in range(len(course.steps))]
NAMES = [f"{course.name}.{course.steps[number].name}" for course, number in STEPS]
HIDDEN = "--lesson-note"


def at(number: int, variant: int = 0, answered: str = "", course: Course = NUMBERS) -> AppTest:
    """A visit to a step by its address."""
    answered = answered.ljust(len(course.steps), OPEN)
    place = Place(course, number, variant, answered)
    return opened(place.step.page, address_of(place))


def number_of(name: str) -> int:
    return next(place for place, one in enumerate(NUMBERS.steps) if one.name == name)


def bodies(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


def answer(
    app: AppTest, number: int, place: int, variant: int = 0, course: Course = NUMBERS
) -> AppTest:
    """Give the answer that a belief expects."""
    step = course.steps[number]
    name = f"lesson {course.name} {step.name} {variant}"
    if step.kind == "choice":
        return app.button(key=f"{name} {place}").click().run()
    facts = questions.facts_of(step, variant)
    app.number_input(key=name).set_value(step.beliefs[place].expect(facts))
    (send,) = [one for one in app.button if one.label == "Answer"]
    return send.click().run()


@pytest.mark.parametrize(("course", "number"), STEPS, ids=NAMES)
def test_a_step_sets_its_page_and_takes_all_answers(course: Course, number: int) -> None:
    step = course.steps[number]
    app = at(number, course=course)
    assert not app.exception
    assert not app.error
    # What an address asks for in vain is said in a note.
    assert not app.toast
    for key, value in step.settings(step.facts).items():
        assert str(app.session_state[key]).lower() == value.lower()
    # What is to be moved is there.
    if step.moves:
        assert step.moves in app.session_state
    assert (HIDDEN in bodies(app)) == step.is_hidden
    if step.kind == "setting":
        return
    right = questions.right(step, step.facts)
    for place in range(len(step.beliefs)):
        answer(app, number, place, course=course)
        assert not app.exception
        said = [one.value for one in (app.success if place == right else app.info)]
        assert len(said) == 1
        assert HIDDEN not in bodies(app)
    # The first answer counts.
    assert app.query_params["answered"] == "a".rjust(number + 1, OPEN).ljust(
        len(course.steps), OPEN
    )


@pytest.mark.parametrize(
    "variant", [1, *(pytest.param(one, marks=pytest.mark.slow) for one in range(2, 12))]
)
@pytest.mark.parametrize(("course", "number"), STEPS, ids=NAMES)
def test_a_variant_s_settings_are_on_offer(course: Course, number: int, variant: int) -> None:
    step = course.steps[number]
    app = at(number, variant, course=course)
    assert not app.exception
    assert not app.toast
    for key, value in step.settings(questions.facts_of(step, variant)).items():
        assert str(app.session_state[key]).lower() == value.lower()


def test_what_the_page_shows_is_what_the_core_has_found() -> None:
    for name, place in (("edge", 1), ("same", 1), ("maps", 2)):
        step = NUMBERS.steps[number_of(name)]
        for variant in (0, 3):
            app = at(number_of(name), variant)
            true = step.find(questions.facts_of(step, variant))
            shapes = [body for body in bodies(app).split("<") if "×" in body and "x)" not in body]
            shown = [part.split(">")[1] for part in shapes if part.count("×") == 2]
            assert any(int(one.split("×")[place].strip()) == true for one in shown), shown


def test_a_number_that_no_belief_expects_is_answered_too() -> None:
    number = number_of("weights")
    app = at(number)
    app.number_input(key="lesson numbers weights 0").set_value(1)
    next(one for one in app.button if one.label == "Answer").click().run()
    (said,) = app.info
    assert "304" in said.value
    assert app.query_params["answered"] == "------x-----"


def test_a_setting_is_found_by_moving_the_control() -> None:
    app = at(number_of("reach"))
    check = "lesson numbers reach 0 check"
    app.button(key=check).click().run()
    assert "318 × 398 × 3" in app.info[0].value
    assert not app.success
    app.slider(key="stride").set_value(2).run()
    app.button(key=check).click().run()
    assert len(app.success) == 1
    assert app.query_params["answered"][number_of("reach")] == "a"


def test_next_leads_through_all_steps_to_what_was_found_out() -> None:
    app = at(0)
    for number, step in enumerate(NUMBERS.steps):
        assert app.query_params["lesson"] == f"numbers.{step.name}"
        # `AppTest` does not notice by itself that the app has gone to another page.
        app.switch_page(f"pages/{step.page}.py")
        if step.kind != "setting":
            answer(app, number, 1)
        app.button(key="lesson next").click().run()
        assert not app.exception
    assert app.query_params["lesson"] == "numbers"
    said = [one.value for one in app.markdown]
    assert any("answers were right at first sight; 1 question" in one for one in said)
    # What was believed where it is otherwise, by the titles of the steps.
    for step in NUMBERS.steps:
        if step.kind != "setting":
            is_told = any(one.startswith(f"**{step.title}**: ") for one in said)
            assert is_told == (questions.right(step, step.facts) != 1)


def test_another_has_other_numbers_and_asks_anew() -> None:
    number = number_of("edge")
    app = answer(at(number), number, 0)
    app.button(key="lesson like").click().run()
    assert app.query_params["like"] == "1"
    assert HIDDEN in bodies(app)
    step = NUMBERS.steps[number]
    assert app.slider(key="size").value == questions.facts_of(step, 1)["size"]
    answer(app, number, 2, variant=1)
    assert len(app.success) == 1
    # The first answer to the first of them still counts.
    assert app.query_params["answered"][number] == "a"


def test_picture_and_network_of_a_step_end_with_it() -> None:
    trained = next(one for one in all_courses() if one.name == "trained")
    number = next(place for place, one in enumerate(trained.steps) if one.name == "cost")
    app = at(number, course=trained)
    assert app.session_state["network"] == "lenet-5"
    app.button(key="lesson back").click().run()
    assert app.session_state["network"] == "vgg16-edges"
    evidence = next(one for one in all_courses() if one.name == "evidence")
    app = at(len(evidence.steps) - 1, course=evidence)
    assert app.session_state["network"] == "lenet-5"
    app.button(key="lesson back").click().run()
    assert not app.exception
    assert app.session_state["network"] == "efficientnet-lite0"
    assert "network" not in app.query_params
    app = at(0, course=evidence)
    assert app.session_state["picture"] == "hubble"
    app.button(key="lesson next").click().run()
    assert app.session_state["picture"] == "cat"


def test_answers_survive_a_reload() -> None:
    number = number_of("edge")
    app = at(number, answered="--b")
    assert HIDDEN not in bodies(app)
    assert len(app.info) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"lesson": "numbers.none"},
        {"lesson": "none.edge"},
        {"lesson": "numbers"},
        {"lesson": ".."},
        {"lesson": "numbers.edge", "like": "-1"},
        {"lesson": "numbers.edge", "like": "²"},
        {"lesson": "numbers.edge", "like": "9" * 50},
        {"lesson": "numbers.edge", "answered": "<script>%%" * 400},
        {"lesson": "numbers.relu"},
    ],
    ids=str,
)
def test_an_address_that_means_nothing_breaks_nothing(asked: dict[str, str]) -> None:
    app = opened("convolution", asked)
    assert not app.error
    assert not app.info
    app = opened("lessons", asked)
    assert not app.error


def test_a_page_without_a_lesson_has_no_bar() -> None:
    app = opened("convolution")
    assert HIDDEN not in bodies(app)
    assert not [one for one in app.button if (one.key or "").startswith("lesson")]
