"""What a person does on the Lab, in a real browser."""

import re
import time

import pytest

pytestmark = pytest.mark.browser
PATIENCE = 180  # seconds: a network may have to be compiled

HIDDEN = """() => {
  const chart = document.querySelectorAll(".live-chart")[0].firstElementChild;
  const drawn = chart.data.find((trace) => trace.type === "heatmap");
  return JSON.stringify(drawn.z.bdata ?? drawn.z);
}"""
ZOOM = """() => document.querySelectorAll(".live-chart")[0].firstElementChild.layout.xaxis.range"""


def metric(page, label) -> float:
    """The number that stands under this name."""
    named = page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))
    return float(named.get_by_test_id("stMetricValue").inner_text().replace(",", "").replace("–", "nan"))


def until(condition, seconds=PATIENCE):
    """Wait for the condition; what it returned."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
    return value


def choose(page, label, option):
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).first.click()


def slide(page, label, key, times=1):
    """Move a slider by keys."""
    page.get_by_role("slider", name=label).focus()
    for _time in range(times):
        page.keyboard.press(key)


def pause(page):
    """Press Pause and wait until it holds: a press on another button would be answered in the same run."""
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()


def test_the_loss_falls_and_the_score_moves(visit):
    page = visit()
    pause(page)
    page.get_by_role("button", name="Start over").click()
    until(lambda: metric(page, "Update") == 0)
    first, picture = metric(page, "Held-out loss"), page.evaluate(HIDDEN)
    chart = page.query_selector(".live-chart .js-plotly-plot")
    page.get_by_role("button", name="Play").click()
    until(lambda: metric(page, "Training loss") < 1.5)
    assert metric(page, "Held-out loss") < first
    assert page.evaluate(HIDDEN) != picture
    assert chart.evaluate("chart => chart.isConnected")  # updated in place, not built anew


def test_a_zoom_survives_the_updates(visit):
    page = visit()
    until(lambda: metric(page, "Update") > 5)
    area = page.locator(".live-chart").first.bounding_box()
    middle = area["y"] + 100
    page.mouse.move(area["x"] + area["width"] * 0.4, middle)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.7, middle, steps=10)
    page.mouse.up()
    zoomed = until(lambda: (seen := page.evaluate(ZOOM)) != [-0.5, 24.5] and seen)
    update = metric(page, "Update")
    until(lambda: metric(page, "Update") > update + 100)
    assert page.evaluate(ZOOM) == zoomed


def test_pause_one_step_start_over(visit):
    page = visit()
    pause(page)
    page.get_by_role("button", name="Play").wait_for()
    time.sleep(0.3)
    update = metric(page, "Update")
    page.get_by_role("button", name="One step").click()
    until(lambda: metric(page, "Update") == update + 1)
    page.get_by_role("button", name="Start over").click()
    until(lambda: metric(page, "Update") == 0)
    page.get_by_role("button", name="Play").click()
    until(lambda: metric(page, "Update") > 10)


def test_a_pasted_text_trains_and_a_useless_one_costs_nothing(visit):
    page = visit()
    choose(page, "Data", "Your own text")
    page.get_by_text("There is no text yet").wait_for()
    update = metric(page, "Update")
    until(lambda: metric(page, "Update") > update)
    box = page.get_by_role("textbox", name="Your own text")
    box.fill("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
    box.press("Control+Enter")
    page.get_by_text("only one symbol").wait_for()
    box.fill("<b>bold</b> and <script>alert(1)</script> & $x$ " * 12)
    box.press("Control+Enter")
    page.get_by_text("only one symbol").wait_for(state="hidden")
    until(lambda: metric(page, "Training loss") < 1.0)
    symbols = page.evaluate(
        """() => [...document.querySelectorAll(".live-chart")][0].firstElementChild
                 .data.filter((trace) => trace.mode === "text").flatMap((trace) => trace.text)"""
    )
    assert "&lt;" in symbols
    drawn = page.locator(".live-chart").first.locator(".textpoint text").all_text_contents()
    assert "<" in "".join(drawn)


def test_every_cell_trains(visit):
    page = visit()
    for cell in ("LSTM", "GRU", "RNN (ReLU)"):
        before = metric(page, "Parameters")
        choose(page, "Cell", cell)
        if cell != "RNN (ReLU)":  # it has as many as the last but two
            until(lambda before=before: metric(page, "Parameters") != before)
        until(lambda: metric(page, "Update") > 20)


def test_a_slider_moves_while_it_trains_at_full_speed(visit):
    page = visit()
    slide(page, "Updates per second", "ArrowRight", times=2)
    until(lambda: metric(page, "Updates/s") > 150)
    parameters, update = metric(page, "Parameters"), metric(page, "Update")
    slide(page, "Learning rate", "ArrowLeft")
    until(lambda: metric(page, "Update") > update + 200)
    assert metric(page, "Parameters") == parameters


def test_the_language_changes_and_the_network_stays(visit):
    page = visit()
    choose(page, "Data", "Words of a small grammar")
    until(lambda: metric(page, "Parameters") == 3038)
    until(lambda: metric(page, "Update") > 30)
    update = metric(page, "Update")
    page.get_by_text("简体中文", exact=True).click()
    page.get_by_role("heading", name="看循环神经网络如何学习").wait_for()
    assert "lang=zh_CN" in page.url
    until(lambda: page.get_by_role("combobox", name="数据").input_value() == "小型语法的词语")
    slide(page, "学习率", "ArrowRight")
    until(lambda: metric(page, "更新次数") > update + 50)
    assert metric(page, "参数个数") == 3038
    assert not re.search(r"Traceback|Error", page.inner_text("body"))


def test_a_chinese_browser_is_greeted_in_chinese(visit):
    page = visit(locale="zh-CN", color_scheme="dark")
    page.get_by_role("heading", name="看循环神经网络如何学习").wait_for()
    until(lambda: metric(page, "更新次数") > 5)


def test_guides_and_tables_hold_the_numbers(visit):
    page = visit()
    page.get_by_text("How to read the score").click()
    page.get_by_text(re.compile(r"The likeliest output is the target at \d+ of 25 steps")).wait_for()
    page.get_by_text("The score as a table").click()
    page.get_by_test_id("stDataFrame").wait_for()


def test_a_phone(visit):
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    until(lambda: metric(page, "Update") > 5)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for chart in page.locator(".live-chart").all():
        assert chart.bounding_box()["width"] <= 390
