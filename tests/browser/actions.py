"""Actions on any page, and what axe finds there."""

import re
import time

from axe_playwright_python.base import AXE_SCRIPT

PATIENCE = 180  # seconds: a network may have to be compiled
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def number(page, label) -> float:
    """The number that stands under this name."""
    text = page.locator(".live-number").filter(has=page.get_by_text(label, exact=True)).locator(".live-value")
    return written_number(text.inner_text())


def written_number(text: str) -> float:
    """The number that is printed with a minus sign and a power of ten."""
    plain = text.replace(",", "").replace("–", "nan").replace("−", "-")
    return float(re.sub("×10(.+)", lambda found: "e" + found[1].translate(RAISED), plain))


def frame(page, what="frame"):
    """Newest frame of the page, or a part of it."""
    return page.evaluate(f"document.querySelector('.live').live.{what}")


def update(page) -> int:
    """Update of the network in the newest frame."""
    return frame(page, "frame.update")


def until(page, condition, seconds=PATIENCE):
    """Wait for the condition; what it returned."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen"
        page.wait_for_timeout(50)
    return value


def drawn_twice(page):
    """Wait until the browser has drawn the page twice: what it does about the last event, such as a scroll, is done."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def too_small(page, pressed=".live :is(button, a, summary):not(dt *), .stNumberInput button") -> list[str]:
    """What is pressed and is too low for a finger."""
    return page.evaluate(
        """(pressed) => [...document.querySelectorAll(pressed)]
      .map((e) => [e.textContent, e.getBoundingClientRect()]).filter(([, box]) => box.width && box.height < 43.5)
      .map(([text]) => text)""",
        pressed,
    )


def choose(page, label, option):
    box = page.get_by_role("combobox", name=label)
    box.scroll_into_view_if_needed()
    drawn_twice(page)  # a list closes when the page is scrolled under it
    box.click()
    box.fill(option)  # rows of a list that need not be scrolled stay where they are
    page.get_by_role("option", name=option).first.click()


def slide(page, label, key, times=1):
    """Move a slider by keys."""
    page.get_by_role("slider", name=label).focus()
    for _time in range(times):
        page.keyboard.press(key)


def pause(page):
    """Press Pause and wait until it holds."""
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).wait_for()


def open_part(page, name):
    """Open a section of the side bar."""
    page.locator("section[data-testid=stSidebar] details summary").filter(has_text=name).click()


# Presses every closed fold that is in sight; how many there were.
OPEN = """() => [...document.querySelectorAll("details:not([open]):not(.live-save) > summary")]
  .filter((fold) => fold.checkVisibility()).map((fold) => fold.click()).length"""
EMPTY = """() => [...document.querySelectorAll(".live details[data-part][open] > .live-part")]
  .some((body) => body.checkVisibility() && !body.childElementCount)"""


def open_folds(page):
    """Open every fold in sight, of the side bar, the page and its live element, and wait until each holds something."""
    until(page, lambda: settled(page) and not page.evaluate(OPEN))
    until(page, lambda: not page.evaluate(EMPTY))


def settled(page) -> bool:
    """Whether the script has run and nothing fades: what Streamlit draws anew is pale meanwhile."""
    return page.evaluate(
        "() => !document.querySelector('[data-stale=true]') && !document.getAnimations().some((one) => "
        "one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity)"
    )


def violations(page, *rules: str, without: tuple[str, ...] = ()) -> list:
    """The violations of accessibility that are on the page now: of these of axe's rules, or of all without some. Of a
    table's rows, which are alike, three are looked at."""
    until(page, lambda: settled(page))
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in without}}
    found = page.evaluate(
        "options => axe.run({exclude: ['tbody tr:nth-child(n+4)']}, options)",
        options | ({"runOnly": list(rules)} if rules else {}),
    )
    return [
        (rule["id"], node["target"], node["failureSummary"]) for rule in found["violations"] for node in rule["nodes"]
    ]
