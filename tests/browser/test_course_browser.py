"""The course in a real browser: what is locked stays locked, what is kept comes back; and a newcomer's first page."""

import json

import pytest
from actions import PATIENCE, settled, slide, until, violations

pytestmark = pytest.mark.browser
FORM, LOCKED = ".course-guess", ".course-locked:not([hidden])"
QUESTION = "What is its loss at one step, on average, before the first update?"


def kept(page) -> dict:
    """What the browser keeps of the course, by lesson."""
    text = page.evaluate("localStorage.getItem('rnn-lab-course')")
    return json.loads(text)["lessons"] if text else {}


def lock(page, presses=60):
    """Answer the lesson's question by keys, and lock the answer."""
    slide(page, QUESTION, "ArrowLeft", presses)
    page.get_by_role("button", name="Lock in my guess").click()
    page.locator(LOCKED).wait_for()


def train(page, button, then):
    """Press a button that trains, and wait for what follows."""
    page.get_by_role("button", name=button).click()
    page.get_by_text(then).first.wait_for(timeout=1000 * PATIENCE)


def test_a_lesson_from_the_claim_to_a_task_that_is_done(visit):
    page = visit("course?lesson=untrained", ready=FORM)
    press = page.get_by_role("button", name="Lock in my guess")
    press.click(force=True)  # nothing was chosen yet: it is pressed in vain
    assert page.locator(FORM).count() == 1 and press.get_attribute("aria-disabled") == "true"
    lock(page)
    assert page.locator(LOCKED).evaluate("e => e === document.activeElement")
    assert page.locator(LOCKED).inner_text().endswith("3.5 nats")
    train(page, "Train the network", "You guessed 3.5 nats; measured: 3.41 nats.")
    slide(page, "Symbols in the vocabulary", "Home")
    slide(page, "Symbols in the vocabulary", "ArrowRight")
    until(page, lambda: settled(page))
    train(page, "Train with these settings", "Bring the first loss below 2 nats. (done)")
    until(page, lambda: kept(page)["untrained"]["tasks"] == [0, 2])
    assert violations(page) == []


def test_no_way_leads_to_the_result_before_the_guess_and_none_back_to_the_guess_after(visit):
    page = visit("course?lesson=untrained", ready=FORM)
    assert page.get_by_role("button", name="Train the network").count() == 0
    lock(page)
    page.get_by_role("link", name="Unroll").click()
    page.locator(".unroll .made .full").wait_for(timeout=1000 * PATIENCE)
    page.go_back()
    page.locator(LOCKED).wait_for()
    page.reload()
    page.locator(LOCKED).wait_for()
    other = page.context.new_page()  # without this tab's session: it knows the browser's storage alone
    other.goto(page.url)
    other.locator(LOCKED).wait_for()
    assert [one.locator(FORM).count() for one in (page, other)] == [0, 0]
    assert page.get_by_text("measured:").count() == 0


def test_progress_is_kept_and_is_erased_in_every_tab_with_one_press(visit):
    page = visit("course?lesson=untrained", ready=FORM)
    lock(page)
    train(page, "Train the network", "Score: 95%.")
    until(page, lambda: kept(page).get("untrained", {}).get("score"))
    other = page.context.new_page()  # without this tab's session: it knows the browser's storage alone
    other.goto(page.url.partition("?")[0])
    other.get_by_text("score 95%, tasks 0 of 3").wait_for()
    other.get_by_role("button", name="Erase my progress").click()
    other.get_by_text("score 95%").wait_for(state="detached")
    page.locator(FORM).wait_for()
    until(page, lambda: page.evaluate("localStorage.getItem('rnn-lab-course')") is None)


def test_a_newcomer_finds_two_doors_above_a_network_that_learns(visit):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = visit("", newcomer=True, **phone)
    doors = page.locator(".welcome button")
    assert doors.count() == 2 and page.locator(".live-score").bounding_box()["y"] < 844
    assert all(door.bounding_box()["height"] >= 44 for door in doors.all())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Start the course").click()
    page.locator("[class*=st-key-open_]").first.wait_for()
    page.get_by_role("button", name="Before it has learned").click()
    page.locator(FORM).wait_for()
    until(page, lambda: "lesson=untrained" in page.url)
    bare, context = page.url.partition("/course")[0], page.context
    page.close()
    again = context.new_page()
    again.goto(bare)  # where they left
    again.locator(FORM).wait_for(timeout=1000 * PATIENCE)
    again.goto(f"{bare}/?preset=forgets")  # an address that asks for something is left alone
    again.wait_for_selector(".live[data-frames]", timeout=1000 * PATIENCE)
    assert "preset=forgets" in again.url and again.locator(".welcome:visible").count() == 0


def test_who_has_been_here_and_who_follows_a_link_sees_no_doors(visit):
    page = visit("")
    assert page.locator(".welcome:visible").count() == 0
    newcomer = visit("?preset=forgets", newcomer=True)
    assert newcomer.locator(".welcome").count() == 0
