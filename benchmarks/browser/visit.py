"""A visitor: a page in Chromium with the probe in it, and the hand that moves its controls."""

import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from playwright import sync_api

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PROBE = Path(__file__).with_name("probe.js")
PATIENCE = 180_000  # milliseconds: kernels may have to be compiled
FULL_SPEED = "?speed=off"  # how the URL spells it
HOLD = 0.08  # seconds that a hand holds a slider before it lets go

STARTED = """(patience) => Promise.race([
  probe.started,
  new Promise((_, reject) => setTimeout(() => reject(new Error("the page draws nothing")), patience)),
])"""
# The middle of a slider's thumb and the ends of its track, in pixels of the window.
SLIDER = """(input) => {
  input.scrollIntoView({ block: "center" });
  const thumb = input.parentElement.parentElement;
  const box = thumb.getBoundingClientRect();
  const track = thumb.parentElement.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2, track.x, track.x + track.width];
}"""
# Where a step of the score is, in pixels of the window, and how many there are.
STEPS = """() => {
  const { score } = document.querySelector(".live").live;
  const box = document.querySelector(".live-score").getBoundingClientRect();
  const { l, r } = score.figure.layout.margin;
  const [from, to] = score.view.x;
  return { left: box.x + l, right: box.x + box.width - r, y: box.y + 60, from, to };
}"""


@contextmanager
def chromium():
    """The browser."""
    path = next(filter(None, map(shutil.which, NAMES)), str(MAC) if MAC.exists() else None)
    if path is None:
        raise SystemExit(f"no browser found; needed is one of {', '.join(NAMES)}")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page with a context, and so with caches, of its own; a context manager that closes it."""

    def __init__(self, browser):
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(path=PROBE)
        self.page = self.context.new_page()

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *_error) -> None:
        self.context.close()

    def go(self, url: str) -> None:
        """Open the app and wait until it draws."""
        self.page.goto(url, wait_until="commit")
        self.page.evaluate(STARTED, PATIENCE)

    def updates(self) -> int:
        """Updates of the network that is shown."""
        return self.page.evaluate("document.querySelector('.live').live.frame.update")

    def measure(self, event: str, conditions: list[str], act, step: int | None = None) -> dict[str, float] | None:
        """Milliseconds from the event that `act` causes to what follows it; see probe.js."""
        self.page.evaluate("([event, names, step]) => probe.arm(event, names, step)", [event, conditions, step])
        act()
        return self.page.evaluate("probe.result()")

    def slider(self, name: str):
        """A control by the name that it has."""
        return self.page.get_by_role("slider", name=name)

    def drag(self, name: str, share: float) -> None:
        """Take a slider's thumb with the mouse, move it to this share of its track and let go."""
        x, y, left, right = self.slider(name).evaluate(SLIDER)
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(left + share * (right - left), y, steps=5)
        time.sleep(HOLD)
        mouse.up()

    def click_step(self, step: int) -> None:
        """Click the score at this step."""
        place = self.page.evaluate(STEPS)
        share = (step - place["from"]) / (place["to"] - place["from"])
        self.page.mouse.click(place["left"] + share * (place["right"] - place["left"]), place["y"])

    def press_play(self) -> None:
        """Click the button that says Play or Pause."""
        box = self.page.locator(".live-play").bounding_box()
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def says(self, word: str) -> bool:
        """Whether that button says so."""
        return self.page.locator(".live-play").inner_text() == word
