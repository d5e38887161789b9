"""The occlusion page in a browser: mouse, finger and keys move the patch; long work gives way."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import complaints, control, find_chromium, settle, slider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium or Chrome is not installed"),
]

# TensorFlow and the network load first.
PATIENCE = 60_000
SOON = 10_000
ACROSS, DOWN, FILL = "occlusion_across", "occlusion_down", "occlusion_fill"


@pytest.fixture
def opened(address: str, browser: Browser) -> tuple[str, Browser]:
    return f"{address}/occlusion", browser


@contextmanager
def visit(browser: Browser, address: str, **more: object) -> Iterator[Page]:
    context = browser.new_context(**{"viewport": {"width": 1366, "height": 768}, **more})  # type: ignore[arg-type]
    page = context.new_page()
    found = complaints(page)
    page.goto(address)
    expect(asked(page)).to_be_visible(timeout=PATIENCE)
    settle(page)
    yield page
    settle(page)
    assert found == []
    context.close()


def asked(page: Page) -> Locator:
    return page.locator(".st-key-in-view .change-asked .change-chance")


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_test_id("stMain").get_by_role("button", name=name)


def place(page: Page) -> tuple[int, int]:
    """Across and down, as the address bar has it."""
    address = str(page.evaluate("location.href"))
    across, down = (re.search(rf"occlusion_{one}=(\d+)", address) for one in ("across", "down"))
    assert across is not None
    assert down is not None
    return int(across[1]), int(down[1])


def frame(page: Page) -> tuple[float, float]:
    """The middle of the patch on the picture, in shares of it."""
    pad, patch = (
        page.locator(one).bounding_box() for one in (".occlusion-pad", ".occlusion-frame")
    )
    assert pad is not None
    assert patch is not None
    return (
        (patch["x"] + patch["width"] / 2 - pad["x"]) / pad["width"],
        (patch["y"] + patch["height"] / 2 - pad["y"]) / pad["height"],
    )


def test_mouse_and_keys_move_the_patch_and_the_last_place_wins(
    opened: tuple[str, Browser],
) -> None:
    address, browser = opened
    with visit(browser, address) as page:
        expect(asked(page)).to_have_text("65.4% → 47.0%")
        for seen in (asked(page), control(page, DOWN), page.locator(".occlusion-frame")):
            expect(seen).to_be_in_viewport()
        box = page.locator(".occlusion-pad").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 40, box["y"] + 40)
        page.mouse.down()
        # Faster than anybody could answer.
        page.locator(".occlusion-pad").evaluate(
            """(pad) => {
              const box = pad.getBoundingClientRect();
              for (let step = 0; step <= 30; step++) {
                const clientX = box.x + step / 100 * box.width, clientY = box.y + 0.4 * box.height;
                pad.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY }));
              }
            }"""
        )
        assert frame(page) == (pytest.approx(0.3, abs=0.02), pytest.approx(0.4, abs=0.02))
        page.mouse.up()
        page.wait_for_url(re.compile("occlusion_across=30&occlusion_down=40"), timeout=SOON)
        settle(page)
        assert frame(page) == (pytest.approx(0.3, abs=0.02), pytest.approx(0.4, abs=0.02))
        dragged = asked(page).inner_text()

        # Keys take over at once, though the hand has just been here.
        step_right(page)
        page.wait_for_url(re.compile("occlusion_across=31"), timeout=SOON)

        # The same place by the address; a click on it moves nothing, a key does.
        page.goto(f"{address}?occlusion_across=30&occlusion_down=40")
        expect(asked(page)).to_have_text(dragged, timeout=PATIENCE)
        settle(page)
        page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.4 * box["height"])
        step_right(page)
        slider(page, ACROSS).press("ArrowLeft")
        expect(asked(page)).to_have_text(dragged, timeout=SOON)
        expect(page.get_by_text("Places tried: 2")).to_be_visible(timeout=SOON)


def edges(page: Page) -> list[float]:
    """How far the patch is from the four edges of the picture, in pixels; not below zero inside."""
    found = page.evaluate(
        """() => {
          const [pad, patch] = [".occlusion-pad", ".occlusion-frame"].map(
            (one) => document.querySelector(one).getBoundingClientRect());
          return [patch.left - pad.left, pad.right - patch.right,
                  patch.top - pad.top, pad.bottom - patch.bottom, patch.width - patch.height];
        }"""
    )
    assert isinstance(found, list)
    return found


WATCH_SHIFTS = """() => {
  window.shifts = 0;
  const add = (list) => { for (const one of list.getEntries()) window.shifts += one.value; };
  new PerformanceObserver(add).observe({ type: "layout-shift" });
}"""


@pytest.mark.slow
def test_a_hand_far_out_keeps_the_patch_on_the_picture_and_selects_nothing(
    opened: tuple[str, Browser],
) -> None:
    address, browser = opened
    with visit(browser, f"{address}?occlusion_size=10+%25") as page:
        page.evaluate(WATCH_SHIFTS)
        box = page.locator(".occlusion-pad").bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(*middle)
        page.mouse.down()
        corners = (-200, -200), (3000, 10), (2000, 2000), (20, 760)
        for x, y in (*corners, (middle[0], 2000), (-200, middle[1]), (300, 130)):
            page.mouse.move(x, y, steps=3)
            *inside, slant = edges(page)
            assert min(inside) > -1
            # Nothing of the square is cut off.
            assert abs(slant) < 2
        page.mouse.up()
        assert page.evaluate("String(getSelection())") == ""
        settle(page)
        still = edges(page)
        page.mouse.move(box["x"] + 200, box["y"] + 150, steps=3)
        assert edges(page) == still
        # The frame itself moves; the page does not.
        assert page.evaluate("shifts") < 0.05
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0


def step_right(page: Page) -> None:
    """Move the slider by a key, and wait for the patch to follow, before it gives up waiting."""
    left = page.locator(".occlusion-frame").evaluate("one => one.getBoundingClientRect().x")
    slider(page, ACROSS).press("ArrowRight")
    page.wait_for_function(
        "(x) => document.querySelector('.occlusion-frame').getBoundingClientRect().x > x",
        arg=left,
        timeout=2500,
    )


def test_a_finger_drags_the_patch_and_does_not_scroll_the_page(opened: tuple[str, Browser]) -> None:
    address, browser = opened
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with visit(browser, f"{address}?occlusion_fill=Blur", **phone) as page:
        pad = page.locator(".occlusion-pad")
        expect(pad).to_be_in_viewport()
        box = pad.bounding_box()
        assert box is not None
        before = asked(page).inner_text()
        fingers = page.context.new_cdp_session(page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            at = [{"x": x, "y": y} for x, y in points]
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        middle = box["x"] + box["width"] / 2
        touch("touchStart", (middle, box["y"] + box["height"] - 10))
        for step in range(10):
            touch("touchMove", (middle, box["y"] + box["height"] - 10 - 12 * step))
        touch("touchEnd")
        expect(asked(page)).not_to_have_text(before, timeout=SOON)
        # On its way the finger leaves the patch in places further down.
        page.wait_for_url(
            re.compile(r"occlusion_across=50&occlusion_down=[1-4]?\d\b"), timeout=SOON
        )
        settle(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        # The picture stays in view above the slider that moves the patch.
        control(page, DOWN).scroll_into_view_if_needed()
        expect(pad).to_be_in_viewport()


@pytest.mark.slow
def test_the_sliding_patch_gives_way_to_any_control_and_goes_on_later(
    opened: tuple[str, Browser],
) -> None:
    address, browser = opened
    with visit(browser, f"{address}?occlusion_size=5+%25&occlusion_step=%C2%BC") as page:
        # While the page is drawn anew, the bar of before may stand there for a moment, too.
        bar = page.get_by_test_id("stProgress").first
        # The server may have worked on this map for another test before.
        button(page, re.compile("Continue|Slide it across the picture")).click()
        expect(bar).to_contain_text("of 7,469 places", timeout=SOON)
        slider(page, ACROSS).press("ArrowRight")
        expect(button(page, "Continue")).to_be_visible(timeout=SOON)
        settle(page)
        done = bar.inner_text()
        page.wait_for_timeout(700)
        assert bar.inner_text() == done

        button(page, "Continue").click()
        expect(bar).not_to_have_text(done, timeout=SOON)
        button(page, "Stop").click()
        expect(button(page, "Continue")).to_be_visible(timeout=SOON)

        button(page, "Continue").click()
        control(page, FILL).get_by_role("radio").last.click()
        expect(button(page, "Slide it across the picture")).to_be_visible(timeout=SOON)
        expect(bar).to_have_count(0)


@pytest.mark.slow
def test_curves_grow_until_they_are_drawn(opened: tuple[str, Browser]) -> None:
    address, browser = opened
    with visit(browser, f"{address}?occlusion_faithfulness=true") as page:
        button(page, "Draw the curves").click()
        expect(button(page, "Stop")).to_be_visible(timeout=SOON)
        done = page.get_by_text("Average drop over 7 of 7 samples")
        expect(done).to_be_visible(timeout=2 * PATIENCE)
        expect(button(page, "Stop")).to_have_count(0, timeout=SOON)
        expect(page.get_by_alt_text("The probability while pixels are deleted")).to_be_visible()
