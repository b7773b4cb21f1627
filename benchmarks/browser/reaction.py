"""Reaction time of the page while the network trains at full speed.

Everything is timed by the page's own clock, from the browser's time stamp of the event that ends the action.
"""

import random
import time
from statistics import median

from benchmarks.browser.figures import Figures, percentile, summary

WARM_UP = 2  # actions that do not count
MISSED = 5_000.0  # milliseconds: what probe.js waits; an action without reaction counts so
REST = (0.2, 0.4)  # seconds between two actions, at random: out of step with everything periodic
RATES = (3 / 9, 4 / 9)  # 0.003 and 0.01, the fourth and fifth of ten learning rates on their slider
UNITS = range(24, 49)  # hidden units, of 1 to 128
STEPS = 25
# (action, what is waited for): how the table calls it
REACTIONS = {
    ("rate_by_mouse", "rate"): "learning rate, mouse released → first picture of the network that trains with it",
    ("rate_by_key", "rate"): "learning rate, key pressed → first picture of the network that trains with it",
    ("units", "run"): "hidden units, mouse released → first picture of the new network",
    ("pause", "play"): "Pause → the button says Play",
    ("pause", "paused"): "Pause → the last picture",
    ("play", "pause"): "Play → the button says Pause",
    ("play", "training"): "Play → the first picture with more updates",
    ("step", "details"): "click on a step → its details",
}
# What happens on the way: the message or command is sent; first message of the script, change of the address, last
# message of the script; request of the picture that shows the change, and the beginning of its answer.
WAY = ("sent", "heard", "address", "said", "asked", "answered")


class Hand:
    """Does one action after the other and keeps what each has caused: action -> list of what probe.js measured."""

    def __init__(self, visit, seed: int = 0):
        self.visit, self.random = visit, random.Random(seed)
        self.measured: dict[str, list[dict[str, float] | None]] = {}
        self._rate, self._units, self._step = 1, 32, 0

    def rate_by_mouse(self) -> None:
        self._rate = 1 - self._rate
        self._note("rate_by_mouse", "pointerup", lambda: self.visit.drag("Learning rate", RATES[self._rate]))

    def rate_by_key(self) -> None:
        self._rate = 1 - self._rate
        self.visit.slider("Learning rate").focus()
        key = "ArrowRight" if self._rate else "ArrowLeft"
        self._note("rate_by_key", "keydown", lambda: self.visit.page.keyboard.press(key))

    def units(self) -> None:
        self._units = self.random.choice([units for units in UNITS if abs(units - self._units) > 2])
        self._note("units", "pointerup", lambda: self.visit.drag("Hidden units", (self._units - 1) / 127))

    def pause_and_play(self) -> None:
        for action, next_word in (("pause", "Play"), ("play", "Pause")):
            self._note(action, "pointerup", self.visit.press_play)
            if not self.visit.says(next_word):  # that has counted as missed
                self.visit.press_play()
                time.sleep(MISSED / 1000)

    def step(self) -> None:
        self._step = (self._step + self.random.randrange(1, STEPS)) % STEPS
        self._note("step", "pointerup", lambda: self.visit.click_step(self._step), self._step)

    def _note(self, action, event, act, step=None) -> None:
        waited_for = [name for done, name in REACTIONS if done == action]
        time.sleep(self.random.uniform(*REST))
        self.measured.setdefault(action, []).append(self.visit.measure(event, waited_for, act, step))


def measure(visit, counts: dict[str, int], limit: float, circumstances: str) -> Figures:
    """So many of each method of Hand; `limit`: milliseconds that the 95th percentile may have."""
    hand = Hand(visit)
    for name, count in counts.items():
        for _time in range(count + WARM_UP):
            getattr(hand, name)()
    figures = Figures(single={name: items[WARM_UP:] for name, items in hand.measured.items()})
    for (action, mark), what in REACTIONS.items():
        if action in figures.single:
            times = [MISSED if item is None else item[mark] for item in figures.single[action]]
            value = percentile(times, 95)
            figures.below(f"{what}{circumstances}", value, limit, summary(times), f"p95 ≤ {limit:.0f} ms")
    figures.remarks.append(way(figures.single, circumstances))
    missed = {name: items.count(None) for name, items in figures.single.items() if None in items}
    if missed:
        figures.remarks.append(f"Without a reaction in {MISSED:.0f} ms, and counted so{circumstances}: {missed}")
    return figures


def way(single: dict[str, list], circumstances: str) -> str:
    """A table of the medians of what happened on the way."""
    lines = [["action", *WAY, "reaction", "long tasks"], ["---", *["---:"] * (len(WAY) + 2)]]
    for action, items in single.items():
        known = [item for item in items if item is not None]
        marks = [mark for done, mark in REACTIONS if done == action]
        cells = [middle([item.get(name) for item in known]) for name in WAY]
        cells += [", ".join(f"{mark} {middle([item[mark] for item in known])}" for mark in marks)]
        lines.append([action, *cells, middle([item["tasks"] for item in known])])
    head = f"On the way{circumstances}: median milliseconds since the release until each happened"
    return f"{head}\n\n" + "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def middle(values: list[float | None]) -> str:
    """The median of the numbers among the values."""
    numbers = [value for value in values if value is not None]
    return f"{median(numbers):.0f}" if numbers else ""
