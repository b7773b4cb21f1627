"""The plane in a real browser: it moves while the network trains, the fixed points appear, space can be turned."""

import numpy as np
import pytest
from actions import drawn_twice, open_folds, until

from ui.server.handlers import WAIT

pytestmark = pytest.mark.browser
RUN = "document.querySelector('.plane').plane"
PIXELS = """() => {
  const canvas = document.querySelector('.live-plane canvas');
  return Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data)
    .reduce((sum, value, i) => (sum * 31 + value * (i % 7)) % 1000003, 7);
}"""


@pytest.fixture
def plane(visit):
    """A function that opens the page in a context of its own; at the end every page is checked for errors."""
    return lambda query="", **options: visit(f"memory?memory_view=plane&{query.removeprefix('?')}", **options)


def frame(page, what="frame"):
    return page.evaluate(f"{RUN}.{what}")


def number(page, label) -> str:
    """Number under this name; empty where there is no such name."""
    found = page.locator(".live-number").filter(has=page.get_by_text(label, exact=True)).locator(".live-value")
    return found.inner_text() if found.count() else ""


def names(page) -> list:
    """Of the legend."""
    return frame(page, "chart.plane.figure.data.map((trace) => trace.name ?? '')")


def test_the_square_moves_while_it_trains_and_the_fixed_points_appear(plane):
    page = plane("?hidden_size=2")
    canvas = page.query_selector(".live-plane canvas")
    first, update = page.evaluate(PIXELS), frame(page, "frame.update")
    until(page, lambda: frame(page, "frame.update") > update + 20 and page.evaluate(PIXELS) != first)
    assert canvas.evaluate("canvas => canvas.isConnected")  # drawn in place, not built anew
    until(page, lambda: number(page, "Fixed points").isdigit())
    until(page, lambda: any("fixed point" in name or "unstable" in name for name in names(page)))
    box = page.locator(".live-plane canvas").bounding_box()
    area = frame(page, "chart.plane.figure.layout.margin")
    across, down = box["width"] - area["l"] - area["r"], box["height"] - area["t"] - area["b"]
    assert abs(across - down) < 3  # a square

    # of an untrained network there is no loss to tell, and nothing is left over from before
    page.get_by_role("slider", name="Look at update").press("Home")
    until(page, lambda: frame(page, "frame.update") == 0)
    until(page, lambda: page.locator(".live-number").count() == len(frame(page, "frame.numbers")))
    assert not number(page, "Training loss")
    page.get_by_role("slider", name="Look at update").press("End")
    until(page, lambda: number(page, "Training loss"))

    # another input has another field, also while paused
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    until(page, lambda: frame(page, "frame.status") == "paused")
    before = page.evaluate(PIXELS)
    page.get_by_label("Constant input").select_option(index=3)
    until(page, lambda: page.evaluate(PIXELS) != before)
    until(page, lambda: "plane_input=2" in page.url)


def test_three_bits_are_held_by_a_cube_that_can_be_turned(plane):
    page = plane("?preset=flipflop&plane_axes=3&plane_colour=prediction&plane_turn=10")
    until(page, lambda: number(page, "Stable") == "8" and number(page, "Fixed points") == "27")
    counted = {name for name in names(page) if name.endswith(")")}
    assert counted == {
        "stable fixed point (8)",
        "1 unstable direction (12)",
        "2 unstable directions (6)",
        "≥ 3 unstable directions (1)",
    }
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    until(page, lambda: frame(page, "frame.status") == "paused")
    # what is read beside the picture is of the same moment, and of the search that the numbers speak of, before the
    # server's answer that there is nothing new
    shown = f"{frame(page, 'frame.update'):,}"
    until(page, lambda: f"of update {shown}" in page.locator(".live-numbers").inner_text())
    guide = page.locator('details[data-part="fixed_guide"]')
    until(page, lambda: f"Found at update {shown}" in guide.inner_text(), WAIT / 2)
    assert set(page.locator(".live-moment:visible").all_inner_texts()) == {f"At update {shown}:"}
    drawn_twice(page)
    before, angles = page.evaluate(PIXELS), frame(page, "angles")
    assert angles == [10, 25]
    page.locator(".live-plane").scroll_into_view_if_needed()
    box = page.locator(".live-plane").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 220, steps=5)
    page.mouse.up()
    assert frame(page, "angles") == [60, 35]
    until(page, lambda: page.evaluate(PIXELS) != before)
    until(page, lambda: "plane_turn=60" in page.url and "plane_tilt=35" in page.url)
    page.get_by_label("Turn (degrees)").focus()
    page.keyboard.press("ArrowRight")
    assert frame(page, "angles") == [61, 35]


def test_it_fits_a_phone_and_turning_is_a_rotation(plane):
    page = plane("?hidden_size=3&plane_axes=3", locale="zh-CN")
    open_folds(page)
    page.set_viewport_size({"width": 390, "height": 844})
    until(page, lambda: 300 < page.locator(".live-plane").bounding_box()["width"] <= 390)
    until(page, lambda: page.evaluate("document.documentElement.scrollWidth") <= 390)
    page.get_by_text("聚类树", exact=True).first.click()  # which has fewer controls
    empty = page.locator(".stMain .stColumn:not(:has([data-testid=stElementContainer]))")
    until(page, lambda: empty.count() > 0)
    assert not empty.filter(visible=True).count()
    points = np.random.default_rng(0).normal(size=(3, 5))
    trace = dict(zip("xyz", points.tolist(), strict=True)) | {"type": "scatter"}
    made = """async ([trace, turn, tilt]) => {
      const { turned } = await import('/browser/memory/states/static/states.js');
      const { x, y } = turned(trace, turn, tilt);
      return [Array.from(x), Array.from(y)];
    }"""
    for turn, tilt in ((0, 0), (30, 0), (-50, 25), (120, 90)):
        a, b = np.radians([turn, tilt])
        about = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
        tilted = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
        across, _depth, up = tilted @ about @ points
        assert page.evaluate(made, [trace, turn, tilt]) == [
            pytest.approx(across, abs=1e-5),
            pytest.approx(up, abs=1e-5),
        ]


def test_the_tree_shows_the_word_classes(plane):
    page = plane("?preset=grammar&plane_view=tree")
    until(page, lambda: number(page, "Leaves") == "30")
    assert page.locator(".live-now canvas").bounding_box()["height"] > 400
    assert page.locator(".live-plane").is_hidden() and page.locator(".live-before canvas").is_visible()
    until(page, lambda: int(number(page, "Classes together").split("/")[0]) >= 6)
    page.get_by_text("States", exact=True).first.click()
    page.locator(".live-plane canvas").wait_for()
    until(page, lambda: frame(page, "chart.plane.figure") and "this sequence" in names(page))
