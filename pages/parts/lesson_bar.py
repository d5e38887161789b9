"""The bar of a lesson at the bottom of a page: a question about it, and what is said to an answer.

Until there is an answer, the page shows what is asked about, and not what comes of it.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from cnnviz_core.views import lessons
from cnnviz_core.views.lessons import Question
from pages.parts import address, contents, lesson_place, results
from pages.parts.lesson_place import MAX_VARIANT, OPEN, Place
from pages.parts.texts import _, translator

# The answer that was given last, by the place that it was given at.
_GIVEN = "given in lessons"
# Instead of the place of an answer: a number that none of them is.
_OTHER = -1
_RING = "outline: 2px solid light-dark(#B4511E, #EF9A5E); outline-offset: .5rem"

_STYLE = Path(__file__).with_name("lesson.css")
_HIDDEN = Path(__file__).with_name("lesson_hidden.css")
_INPUT = Path(__file__).with_name("lesson_input.css")
_BEGIN_WITH_INPUT = ("convolution", "activation", "pooling", "predictions")


def begin(page: str) -> None:
    """Hide what comes of a step's settings, or mark what to move; before a page is drawn."""
    place = _asked_of(page)
    if place is None:
        return
    st.html(_STYLE)
    if place.step.is_hidden and _given(place) is None:
        st.html(_HIDDEN)
        if page in _BEGIN_WITH_INPUT:
            st.html(_INPUT)
        st.html(
            f'<style>:root {{ --lesson-note: "{_("Answer the question, and see.")}"; }}</style>'
        )
    elif place.step.moves:
        st.html(f"<style>.st-key-{place.step.moves} {{ {_RING} }}</style>")


def show(page: str) -> bool:
    """Draw the bar, if the address asks for a step on this page; return whether it does."""
    place = _asked_of(page)
    if place is None:
        return False
    question = lessons.question(place.step, place.variant, translator())
    with st.bottom, st.container(key="lesson", gap="small"):
        _show_head(place)
        st.markdown(f"{question.text} **{question.asked}**")
        match place.step.kind:
            case "choice":
                _offer_answers(place, question)
            case "number":
                _ask_number(place, question)
            case "setting":
                _ask_setting(place, question)
        _reply(place, question)
    return True


def _asked_of(page: str) -> Place | None:
    place = lesson_place.asked()
    return place if place is not None and place.step.page == page else None


def _show_head(place: Place) -> None:
    course, number, last = place.course, place.number, len(place.course.steps) - 1
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="lesson-head"):
        of = _("{number} of {count}").format(number=number + 1, count=last + 1)
        st.markdown(f"**{of} · {_(place.step.title)}**")
        _way(
            _("Back"),
            "lesson back",
            ":material/arrow_back:",
            _("The step before."),
            partial(go_to, replace(place, number=number - 1, variant=0)) if number else None,
        )
        end = partial(_open_course, place)
        if _given(place) is not None:
            like = replace(place, variant=place.variant % MAX_VARIANT + 1)
            help = _("The same question, with other numbers.")
            _way(_("Another"), "lesson like", ":material/casino:", help, partial(go_to, like))
        _way(
            _("Next") if number < last else _("Finish"),
            "lesson next",
            ":material/arrow_forward:",
            _("The next step.") if number < last else _("What you have found out."),
            partial(go_to, replace(place, number=number + 1, variant=0)) if number < last else end,
            is_main=_given(place) is not None,
        )
        _way(_("All steps"), "lesson course", ":material/school:", _(course.promise), end)


def _way(
    label: str,
    key: str,
    icon: str,
    help: str,
    follow: Callable[[], None] | None,
    *,
    is_main: bool = False,
) -> None:
    clicked = st.button(
        label,
        key=key,
        icon=icon,
        help=help,
        type="primary" if is_main else "tertiary",
        disabled=follow is None,
    )
    if clicked and follow is not None:
        follow()


def go_to(place: Place) -> None:
    """Go to another step, with its settings."""
    address.go_to(contents.entry(place.step.page).path, lesson_place.address_of(place))


def _open_course(place: Place) -> None:
    asked = lesson_place.address_of_course(place.course, place.answered)
    address.go_to(contents.LESSONS.path, asked)


def _offer_answers(place: Place, question: Question) -> None:
    given = _given(place)
    with st.container(horizontal=True, gap="small", key="lesson-answers"):
        for number, text in enumerate(question.answers):
            st.button(
                text,
                key=f"{_name(place)} {number}",
                type="primary" if given == number else "secondary",
                on_click=_give,
                args=(place, number),
            )


def _ask_number(place: Place, question: Question) -> None:
    with st.form(f"{_name(place)} form", border=False), st.container(horizontal=True, gap="small"):
        number = st.number_input(
            question.asked,
            value=None,
            step=1,
            format="%d",
            label_visibility="collapsed",
            placeholder=_("A whole number"),
            key=_name(place),
            width=220,
        )
        if st.form_submit_button(_("Answer")) and number is not None:
            _give(place, lessons.answered_with(question, number))
            st.rerun()


def _ask_setting(place: Place, question: Question) -> None:
    if st.button(_("Is it so?"), key=f"{_name(place)} check", type="secondary"):
        shape = results.shape_shown()
        is_reached = shape is not None and lessons.is_reached(question, shape)
        if is_reached:
            _give(place, question.right)
            st.rerun()
        said = " × ".join(map(str, shape or ()))
        st.info(
            _("Not yet: the result is {shape}.").format(shape=said), icon=":material/straighten:"
        )


def _reply(place: Place, question: Question) -> None:
    given = _given(place)
    if given is None:
        return
    if given == question.right:
        st.success(question.replies[given], icon=":material/check_circle:")
    else:
        text = question.other if given == _OTHER else question.replies[given]
        st.info(text, icon=":material/lightbulb:")


def _give(place: Place, answer: int | None) -> None:
    st.session_state.setdefault(_GIVEN, {})[_name(place)] = _OTHER if answer is None else answer
    st.query_params[lesson_place.ANSWERED] = lesson_place.with_answer(place, answer).answered


def _given(place: Place) -> int | None:
    """Return the answer that was given last, or, after a reload, first; None if there is none."""
    given: dict[str, int] = st.session_state.get(_GIVEN, {})
    if _name(place) in given:
        return given[_name(place)]
    letter = place.answered[place.number]
    if place.variant or letter == OPEN:
        return None
    first = lesson_place.answer_of(letter, place.step)
    return _OTHER if first is None else first


def _name(place: Place) -> str:
    return f"lesson {place.course.name} {place.step.name} {place.variant}"
