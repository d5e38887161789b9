"""A course in a real browser: from the list through all steps, and back to what was found out."""

import re

import pytest
from playwright.sync_api import Page, expect

from cnnviz_core.lessons import questions
from cnnviz_core.lessons.questions import Step
from cnnviz_core.views.lessons import all_courses
from tests.browser.chromium import PHONE, complaints, control, find_chromium, settle, slider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

COURSES = {one.name: one for one in all_courses()}
BAR = ".st-key-lesson"


def give(page: Page, step: Step, place: int) -> None:
    """Give the answer of a belief, or move the control until the page is as it should be."""
    bar = page.locator(BAR)
    if step.kind == "number":
        bar.get_by_role("spinbutton").fill(str(step.beliefs[place].expect(step.facts)))
        bar.get_by_role("button", name="Answer").click()
    elif step.kind == "choice":
        text = questions.answers(step, step.facts)[place]
        bar.get_by_role("button", name=text, exact=True).click()
    else:
        slider(page, "stride").press("ArrowRight")
        settle(page)
        bar.get_by_role("button", name="Is it so?").click()


def is_hidden(page: Page) -> bool:
    """Whether what the page says below its pictures is kept from sight."""
    said = page.locator(".st-key-pictures p").last
    return said.evaluate("one => getComputedStyle(one).visibility") == "hidden"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("numbers", "right"),
        ("trained", "wrong"),
        pytest.param("numbers", "wrong", marks=pytest.mark.slow),
        pytest.param("trained", "right", marks=pytest.mark.slow),
        pytest.param("evidence", "wrong", marks=pytest.mark.slow),
        pytest.param("evidence", "right", marks=pytest.mark.slow),
    ],
)
def test_a_course_is_walked_from_end_to_end(
    page: Page, address: str, name: str, first: str
) -> None:
    said = complaints(page)
    steps = COURSES[name].steps
    page.goto(f"{address}/lessons")
    page.get_by_role("link", name=f"1. {steps[0].title}").click()
    for number, step in enumerate(steps):
        expect(page.locator(BAR)).to_contain_text(f"{number + 1} of {len(steps)}")
        expect(page.locator(BAR)).to_contain_text(step.title)
        settle(page)
        assert is_hidden(page) == step.is_hidden, step.name
        right = questions.right(step, step.facts)
        is_right = first == "right" or step.kind == "setting"
        place = right if is_right else (right + 1) % len(step.beliefs)
        give(page, step, place)
        reply = page.locator(BAR).get_by_test_id("stAlert")
        expect(reply).to_be_visible()
        settle(page)
        assert not is_hidden(page), step.name
        expect(page).to_have_url(re.compile(f"answered=.{{{number}}}{'abcde'[place]}"))
        page.get_by_role("button", name="Next" if number + 1 < len(steps) else "Finish").click()
    settings = sum(step.kind == "setting" for step in steps)
    count = len(steps) if first == "right" else settings
    expect(page.get_by_text(f"{count} of {len(steps)} answers were right")).to_be_visible()
    assert said == []


def test_answers_are_there_after_a_reload_and_for_who_follows_the_link(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/convolution?kernels=random&size=7&lesson=numbers.edge")
    settle(page)
    page.get_by_role("button", name="394 pixels").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("400 − 7 + 1 = 394")
    page.reload()
    expect(page.get_by_test_id("stAlert")).to_contain_text("400 − 7 + 1 = 394")
    # The page is as free as ever.
    settle(page)
    slider(page, "size").press("ArrowRight")
    expect(slider(page, "size")).to_have_attribute("aria-valuetext", "8")


@pytest.mark.parametrize("name", ["edge", "second-layer"])
def test_on_a_phone_the_bar_leaves_room_and_nothing_is_wider_than_it(
    page: Page, address: str, name: str
) -> None:
    page.set_viewport_size(PHONE)
    step = next(one for one in COURSES["numbers"].steps if one.name == name)
    page.goto(f"{address}/{step.page}?lesson=numbers.{name}")
    settle(page)
    box = control(page, "lesson").bounding_box()
    assert box is not None
    assert box["height"] <= 0.46 * PHONE["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
