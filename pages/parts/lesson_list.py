"""The courses with their steps, what was answered at first, and the ways to them."""

import streamlit as st

from cnnviz_core.lessons.questions import Course
from cnnviz_core.views import lessons
from pages.parts import contents, lesson_place
from pages.parts.lesson_place import OPEN, Place
from pages.parts.texts import _, translator

_ICONS = {
    None: ":material/circle:",
    True: ":material/check_circle:",
    False: ":material/lightbulb:",
}


def show_all() -> None:
    """Show each course: what it promises, its steps, and, once there are answers, what they say."""
    for course in lessons.all_courses():
        _show(course, lesson_place.answered_in(course))


def _show(course: Course, answered: str) -> None:
    st.subheader(_(course.title), anchor=course.name)
    st.markdown(_(course.promise))
    found = [_found(course, number, answered) for number in range(len(course.steps))]
    if any(one is not None for one in found):
        _show_summary(course, answered, found)
    with st.container(key=f"lesson-steps-{course.name}", gap="xsmall"):
        for number in range(len(course.steps)):
            _show_step(course, number, answered, found[number])


def _found(course: Course, number: int, answered: str) -> bool | None:
    """Return whether the first answer to a step was right; None if there was none."""
    letter, step = answered[number], course.steps[number]
    if letter == OPEN:
        return None
    asked = lessons.question(step, 0, translator())
    return lesson_place.answer_of(letter, step) == asked.right


def _show_step(course: Course, number: int, answered: str, is_right: bool | None) -> None:
    step = course.steps[number]
    entry = contents.entry(step.page)
    st.page_link(
        entry.path,
        label=f"**{number + 1}. {_(step.title)}** · {_(entry.title)}",
        icon=_ICONS[is_right],
        query_params=lesson_place.address_of(Place(course, number, 0, answered)),
    )


def _show_summary(course: Course, answered: str, found: list[bool | None]) -> None:
    """Say how many were right at first sight, and what was believed where they were not."""
    given = [one for one in found if one is not None]
    text = _("**{right} of {count}** answers were right at first sight; {open} questions are open.")
    counts = {"right": sum(given), "count": len(given), "open": len(found) - len(given)}
    st.markdown(text.format(**counts))
    believed = [number for number, one in enumerate(found) if one is False]
    for number in believed:
        step = course.steps[number]
        asked = lessons.question(step, 0, translator())
        place = lesson_place.answer_of(answered[number], step)
        reply = asked.other if place is None else asked.replies[place]
        st.markdown(f"**{_(step.title)}**: {reply}")
