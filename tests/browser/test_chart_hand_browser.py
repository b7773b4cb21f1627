"""The charts under a hand: what pointer, finger and keys tell, choose and zoom."""

import math

import numpy as np
import pytest
from chart_figures import FRAME, WIDTH, area, column, figure_of, interpolated, table, text_score, waves
from chart_page import draw, pixels, selected, tooltip, view

from ui.charts.loss import loss
from ui.theme import LIGHT
from ui.training.history import Record

pytestmark = pytest.mark.browser


def test_the_tooltip_says_the_exact_value(show):
    z = waves()
    page = show(table(z))
    page.mouse.move(column(3), FRAME.down(4.5 / 6))
    assert tooltip(page) == f"step 3, unit 4: {z[4][3]:.3f}"
    spike = page.locator(".chart-spike").bounding_box()
    assert abs(spike["x"] + spike["width"] / 2 - column(3)) <= 1 and spike["height"] == FRAME.height
    z[4][3] = -0.25  # the pointer rests, the network goes on
    draw(page, table(z))
    assert tooltip(page) == "step 3, unit 4: -0.250"
    page.mouse.move(FRAME.right - 1, FRAME.top + 1)
    box = page.locator(".chart-tooltip").bounding_box()
    assert box["y"] >= 0 and box["x"] + box["width"] <= WIDTH
    page.mouse.move(5, 600)
    assert tooltip(page) == ""


def test_the_tooltip_of_every_stave(show):
    figure, trace = text_score()
    page = show(figure)
    seen = {}
    for name in ("yaxis2", "yaxis4", "yaxis5", "yaxis6"):
        left, right, _top, bottom = area(figure, name)
        page.mouse.move(left + 7.5 / 25 * (right - left), bottom - 6)
        seen[name] = tooltip(page)
    probabilities = figure.data[-4]["z"]
    assert seen["yaxis2"] == f"step 7, unit 30: {trace.hidden[-1, 8, 0, 30]:.3f}"
    assert seen["yaxis4"] == f"step 7, symbol best other: probability {probabilities[-1, 7]:.3f}"
    assert seen["yaxis5"] == f"step 7: loss {trace.loss_per_step[7, 0]:.3f}"
    norm = np.linalg.norm(trace.d_hidden[-1, 8, 0].astype(np.float64))
    mantissa, exponent = f"{norm:.2e}".split("e")
    assert seen["yaxis6"] == f"step 7: gradient norm {mantissa}e{int(exponent)}"


def test_of_a_cloud_the_nearest_point_is_told_and_none_that_is_far(show):
    points = {
        "x": [5, 5.2],
        "y": [8, 2],
        "customdata": ["high", "low"],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    cloud = {"type": "scatter", "mode": "markers", "meta": {"cloud": True}, "marker": {"color": "#ff0000"}} | points
    page = show(figure_of([cloud], xaxis={"range": [-0.5, 9.5]}, yaxis={"range": [0, 10]}))
    down = FRAME.down(np.array([0.2, 0.5, 0.8]))
    told = []
    for place in down:
        page.mouse.move(column(5), place)
        told.append(tooltip(page))
    assert told == ["high", "", "low"]


def test_a_click_selects_the_nearest_step(show):
    page = show(table(waves(), meta={"selectable": True}))
    page.mouse.click(column(6) + 0.3 * FRAME.width / 10, 100)
    page.mouse.click(column(6) - 0.3 * FRAME.width / 10, 200)
    assert selected(page) == [6, 6]
    frame = page.locator(".chart-selection").bounding_box()
    assert frame["x"] == pytest.approx(column(6) - FRAME.width / 20, abs=0.6)
    assert frame["width"] == pytest.approx(FRAME.width / 10, abs=0.6)
    page.evaluate("() => chart.select(2)")
    assert page.locator(".chart-selection").bounding_box()["x"] == pytest.approx(column(2) - FRAME.width / 20, abs=0.6)
    assert selected(page) == [6, 6]  # what the page itself says is not called back
    page.evaluate("() => chart.select(null)")
    assert not page.locator(".chart-selection").is_visible()


def test_arrow_keys_move_the_selection(show):
    page = show(table(waves(), meta={"selectable": True}))
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.id") == "chart"
    assert "solid" in page.evaluate("() => getComputedStyle(document.activeElement).outline")
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowRight", "Home", "ArrowLeft", "ArrowRight", "End", "a"):
        page.keyboard.press(key)
    assert selected(page) == [9, 8, 9, 0, 1, 9]  # clamped at both ends, said once
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert selected(page)[6:] == [None]
    page.keyboard.press("ArrowRight")
    assert selected(page)[7:] == [0]
    used = page.evaluate("""() => ["ArrowLeft", "Home", "Escape", "Escape", "a", "PageDown"].map((key) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      document.getElementById("chart").dispatchEvent(event);
      return event.defaultPrevented;
    })""")
    assert used == [True, True, True, False, False, False]


def test_only_a_selectable_chart_can_be_selected(show):
    page = show(table(waves()))
    page.mouse.click(column(6), 100)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.evaluate("() => chart.select(2)")
    assert selected(page) == [] and not page.locator(".chart-selection").is_visible()


def test_the_selection_stays_inside_another_sequence(show):
    page = show(table(waves(), meta={"selectable": True}))
    page.evaluate("() => chart.select(8)")
    draw(page, table(waves(steps=10), meta={"selectable": True}))
    assert page.locator(".chart-selection").bounding_box()["x"] == pytest.approx(column(8) - FRAME.width / 20, abs=0.6)
    draw(page, table(waves(steps=5), meta={"selectable": True}))
    assert page.locator(".chart-selection").bounding_box()["x"] == pytest.approx(
        column(4, 5) - FRAME.width / 10, abs=0.6
    )


def test_a_finger_scrolls_and_zooms_nothing(show):
    page = show(table(waves(), meta={"selectable": True}))
    page.evaluate("""([from, to]) => {
      for (const [type, clientX] of [["down", from], ["move", (from + to) / 2], ["move", to], ["up", to]]) {
        const options = { pointerType: "touch", clientX, clientY: 100, bubbles: true, pointerId: 7 };
        document.querySelector("canvas").dispatchEvent(new PointerEvent(`pointer${type}`, options));
      }
    }""", [column(2), column(6)])  # fmt: skip
    assert view(page) == [-0.5, 9.5] and selected(page) == []


def drag(page, start, end):
    page.mouse.move(start, 100)
    page.mouse.down()
    page.mouse.move(end, 130, steps=5)
    page.mouse.up()


def test_a_zoom_survives_and_a_double_click_ends_it(show):
    page = show(table(waves(), meta={"selectable": True}))
    drag(page, column(2), column(6))
    assert view(page) == pytest.approx([2, 6], abs=0.02)
    assert selected(page) == []  # a drag is no click
    z = [[-value for value in row] for row in waves()]
    draw(page, table(z, meta={"selectable": True}))
    assert view(page) == pytest.approx([2, 6], abs=0.02)
    labels = [text for text, *_, line in page.evaluate("() => texts") if line > FRAME.bottom]
    assert set(labels) <= set("23456") and labels == sorted(set(labels)) and len(labels) >= 3  # whole steps, each once
    # step 3 lies at a quarter of the axis now
    seen = pixels(page, [(FRAME.across(0.25), FRAME.top + 5)])[0]
    assert np.abs(seen[:3] - interpolated(LIGHT.diverging, [(z[0][3] + 1) / 2])[0]).max() <= 2
    page.mouse.click(FRAME.across(0.25), 100)
    assert selected(page) == [3]
    page.keyboard.press("End")  # the view follows the selection
    assert view(page) == pytest.approx([5.5, 9.5], abs=0.02)
    page.mouse.dblclick(column(5), 100)
    assert view(page) == [-0.5, 9.5]
    drag(page, column(2), column(6))
    draw(page, table(z, uirevision="another"))
    assert view(page) == [-0.5, 9.5]


@pytest.mark.parametrize("width", [300, 358])
def test_the_loss_on_a_phone(show, width):
    record = Record()
    record.append(loss=np.geomspace(2, 1e-3, 900), norm=np.geomspace(3, 0.02, 900), clip_factor=np.ones(900))
    figure = loss(
        record.curve(),
        ((0, 2.0), (450, 0.5)),
        references=[("chance", 0.167)],
        theme=LIGHT,
        unit="squared",
        clip=1,
    )
    page = show(figure, width, device_scale_factor=2, has_touch=True, is_mobile=True)
    texts = {text for text, *_ in page.evaluate("() => texts")}
    assert {"training", "held out", "chance", "clipped above", "update"} <= texts
    assert all(right <= width for _text, _left, right, *_ in page.evaluate("() => texts"))
    lines = {text: line for text, *_, line in page.evaluate("() => texts")}
    assert all(6 < lines[name] < 26 for name in ("training", "held out"))  # in the margin above
    left, right, top, bottom = area(figure, "yaxis", width)
    low, high = figure.to_dict()["layout"]["yaxis"]["range"]
    curve = record.curve()

    def tap(update, number):
        down = (high - math.log10(number)) / (high - low)
        page.touchscreen.tap(left + update / 1000 * (right - left), top + down * (bottom - top))
        return tooltip(page)

    assert tap(450, 0.5) == "update 450: 0.500"
    update, number = tap(440, np.interp(440, curve.update, curve.loss)).split(": ")
    assert abs(int(update) - 440) <= 4  # a pixel
    assert number == f"{curve.loss[curve.update == int(update)][0]:.4g}"
    page.touchscreen.tap(100, 700)  # beside the chart
    assert tooltip(page) == ""
    assert view(page) == [0, 1000]


def test_keys_zoom_and_show_all_again(show):
    page = show(table(waves()))
    page.locator("#chart").focus()
    page.keyboard.press("+")
    left, right = view(page)
    assert (right - left, (left + right) / 2) == (pytest.approx(10 / 1.5), pytest.approx(4.5))
    page.keyboard.press("+")
    page.keyboard.press("-")
    assert view(page) == [pytest.approx(left), pytest.approx(right)]
    page.keyboard.press("-")
    assert view(page) == [-0.5, 9.5]
    page.keyboard.press("+")
    page.keyboard.press("0")
    assert view(page) == [-0.5, 9.5]


def test_keys_zoom_around_the_chosen_step(show):
    page = show(table(waves(), meta={"selectable": True}))
    page.evaluate("() => chart.select(2)")
    page.locator("#chart").focus()
    page.keyboard.press("+")
    left, right = view(page)
    assert (2 - left) / (right - 2) == pytest.approx(2.5 / 7.5)


def touch(client, kind, *across):
    points = [{"x": x, "y": 150, "id": number} for number, x in enumerate(across)]
    client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_two_fingers_zoom_and_one_moves(show):
    page = show(table(waves()), has_touch=True)
    client = page.context.new_cdp_session(page)
    at = [column(3), column(6)]
    touch(client, "touchStart", at[0])
    touch(client, "touchStart", *at)
    for share in np.linspace(0, 1, 8):
        touch(client, "touchMove", at[0] - 60 * share, at[1] + 60 * share)
    touch(client, "touchEnd")
    page.wait_for_function("() => chart.view.x[1] - chart.view.x[0] < 8")
    left, right = view(page)
    ends = [(x - FRAME.left) / FRAME.width * (right - left) + left for x in (at[0] - 60, at[1] + 60)]
    assert ends == [pytest.approx(3, abs=0.05), pytest.approx(6, abs=0.05)]  # what lay under the fingers lies there
    touch(client, "touchStart", at[1])
    for share in np.linspace(0, 1, 8):
        touch(client, "touchMove", at[1] - 50 * share)
    touch(client, "touchEnd")
    page.wait_for_function("left => chart.view.x[0] > left + 0.2", arg=left)
    assert np.diff(view(page))[0] == pytest.approx(right - left)
