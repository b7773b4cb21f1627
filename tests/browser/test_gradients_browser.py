"""The page “Gradients” in a real browser."""

import re

import pytest
from actions import number, pause, slide, until, written_number

pytestmark = pytest.mark.browser
DRAWN = "document.querySelector('.gradients').gradients"
FLOW = f"{DRAWN}.chart.matrix.figure.data.find((trace) => trace.meta === 'flow')"
# of the last loss: the gradient by each state, as powers of ten
LAST_ROW = f"Array.from({FLOW}.z.at(-1))"


def gradients(page, what="frame"):
    return page.evaluate(f"{DRAWN}.{what}")


def update(page) -> int:
    return gradients(page, "frame.update")


def test_the_matrix_moves_and_one_gradient_is_followed_back_and_one_unit_seen(visit):
    page = visit("gradients")
    first, row = update(page), page.evaluate(LAST_ROW)
    canvas = page.query_selector(".live-matrix canvas")
    until(page, lambda: update(page) > first + 50)
    assert page.evaluate(LAST_ROW) != row
    assert canvas.evaluate("canvas => canvas.isConnected")  # drawn in place, not built anew
    assert len(page.evaluate(f"{DRAWN}.chart.history.figure.data[0].x")) > 1
    part = page.locator('details[data-part="matrix_guide"]')
    part.locator("summary").click()
    until(page, lambda: re.fullmatch(r"At update [\d,]+:", part.locator(".live-moment").inner_text()))

    # one gradient is followed back
    pause(page)
    area = page.locator(".live-matrix").bounding_box()
    page.mouse.click(area["x"] + 58 + 0.3 * (area["width"] - 102), area["y"] + 22 + 180)
    details = page.locator(".live-details")
    details.wait_for()
    t, k = gradients(page, "frame.t"), page.evaluate("Number(document.querySelector('.live-matrix').ariaValueNow)")
    assert k < t
    until(page, lambda: f"state_step={k}" in page.url and (f"loss_step={t}" in page.url or t == 24))
    title = details.locator("h2").inner_text()
    written = written_number(title.split("=")[1])
    shown = page.evaluate(f"{FLOW}.z[{t}][{k}]")
    assert abs(10**shown - written) < 1e-4 * written  # what is written is what is drawn
    rows = details.locator("tbody tr").all_inner_texts()
    assert len(rows) == t - k
    product = 1.0
    for row in rows:
        product *= float(row.split("\t")[-2])
    start = float(page.evaluate(f"10 ** {FLOW}.z[{t}][{t}]"))
    assert abs(start * product / written - 1) < 0.01 * len(rows)  # the factors make the number
    page.locator(".live-matrix").focus()
    page.keyboard.press("ArrowUp")
    until(page, lambda: gradients(page, "frame.t") == t - 1)

    # the view of one unit, and back
    page.get_by_text("One unit: cliff, bifurcation, latch").click()
    page.get_by_role("heading", name="The latch").wait_for()
    until(page, lambda: page.locator(".live-still canvas").count() == 4)
    page.get_by_text("This network", exact=True).click()
    page.wait_for_selector(".gradients[data-frames]")
    until(page, lambda: update(page) > 0)


def test_a_lever_changes_the_picture_of_an_untrained_network(visit):
    page = visit("gradients?spectral_radius=0.5&cell=rnn_tanh")
    page.get_by_role("button", name="Untrained: back to update 0, paused").click()
    until(page, lambda: update(page) == 0)
    faded, radius = number(page, "Factor per step"), number(page, "ρ(W)")
    assert radius == 0.5 and faded < 0.7  # a product of steps that shrink
    run = gradients(page, "frame.run")
    slide(page, "Scale of W: spectral radius", "ArrowRight", 4)
    until(page, lambda: gradients(page, "frame.run") > run and number(page, "ρ(W)") > 0.8)
    assert number(page, "Factor per step") > faded
