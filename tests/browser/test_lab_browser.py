"""The Lab in a real browser."""

import http.client
import os
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from actions import PATIENCE, choose, frame, number, open_part, pause, settled, slide, until, update

pytestmark = pytest.mark.browser


def test_the_loss_falls_and_the_score_moves_after_one_step_a_new_seed_and_the_way_back(visit):
    page = visit()
    until(page, lambda: update(page) > 20)
    pause(page)
    before = update(page)
    page.get_by_role("button", name="One step").click()  # it has rested since: else this were not the next update
    until(page, lambda: update(page) == before + 1)
    page.get_by_role("button", name="New seed").click()
    until(page, lambda: frame(page, "frame.run") == 2 and "seed=1" in page.url)
    page.get_by_role("button", name=f"Restore the previous network (update {before + 1})").click()
    until(page, lambda: (frame(page, "frame.run"), update(page)) == (1, before + 1))
    until(page, lambda: "seed" not in page.url)
    page.get_by_role("button", name="Start over").click()
    until(page, lambda: update(page) == 0)
    first, states = number(page, "Held-out loss"), frame(page, "score.figure.data[1].z.flat?.() ?? null")
    canvas = page.query_selector(".live-score canvas")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, lambda: number(page, "Training loss") < 1.5)
    assert number(page, "Held-out loss") < first
    assert frame(page, "score.figure.data[1].z.flat?.() ?? null") != states
    assert canvas.evaluate("canvas => canvas.isConnected")  # drawn in place, not built anew


def test_while_it_trains_zoom_and_selection_stay_and_controls_move(visit):
    page = visit()
    assert_a_frame_of_another_page_is_left_out(page)
    score = page.locator(".live-score")
    score.scroll_into_view_if_needed()
    area = score.bounding_box()
    middle = area["y"] + 120
    page.mouse.move(area["x"] + area["width"] * 0.4, middle)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.7, middle, steps=10)
    page.mouse.up()
    zoomed = until(page, lambda: (seen := frame(page, "score.view.x")) != [-0.5, 24.5] and seen)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else None)
    page.mouse.click(area["x"] + area["width"] * 0.5, middle)
    details = page.locator(".live-details h2")
    details.wait_for()
    chosen, before = details.inner_text(), update(page)
    until(page, lambda: update(page) > before + 60)
    assert frame(page, "score.view.x") == zoomed and details.inner_text() == chosen
    page.get_by_role("button", name="Reset axes").click()
    until(page, lambda: frame(page, "score.view.x") == [-0.5, 24.5])

    # a hand on a control holds back pictures without its change
    assert asked and not any("hold" in url for url in asked)  # a step changes nothing which pictures wait for
    slide(page, "Hidden units", "ArrowRight")
    until(page, lambda: any("hold=1" in url for url in asked))
    until(page, lambda: frame(page, "frame.run") == 2)

    # a slider moves while it trains at full speed
    slide(page, "Updates per second", "ArrowRight", times=2)
    until(page, lambda: number(page, "Updates/s") > 150)
    run = frame(page, "frame.run")
    slide(page, "Learning rate", "ArrowLeft")
    until(page, lambda: "learning_rate=0.003" in page.url)
    before = update(page)
    until(page, lambda: update(page) > before + 200)
    assert frame(page, "frame.run") == run


def assert_a_frame_of_another_page_is_left_out(page):
    """The session answers with the frames of the page that its reader has just gone to."""
    foreign = []

    def of_another_page(route):
        foreign.append(route)
        route.fulfill(json={"renderer": "GradientsRenderer", "token": "", "status": "running", "figures": {}})

    seen = update(page)
    page.route("**/live/*?*", of_another_page, times=1)
    until(page, lambda: foreign)
    until(page, lambda: update(page) > seen + 5)
    assert page.locator(".live-connection").inner_text() == ""


def test_guides_tables_and_the_values_of_a_step_hold_the_models_numbers(visit):
    page = visit()
    page.get_by_text("How to read the score").click()
    page.get_by_text(re.compile(r"The likeliest output is the target at \d+ of 25 steps")).wait_for()
    page.get_by_text("The loss as a table").click()
    cells = page.locator("details[data-part=loss_table] tbody tr").first.locator("td")
    until(page, lambda: cells.count() == 3)
    assert cells.nth(0).inner_text() == "0"

    # a word of the field explains itself by mouse and by key
    page.get_by_text("How to read the loss").click()
    word = page.locator("details[data-part=loss_guide] .live-term", has_text="nats").first
    meaning = page.get_by_role("tooltip")
    word.focus()
    meaning.wait_for()
    assert "costs −ln p nats" in meaning.inner_text()
    assert word.get_attribute("aria-describedby") == meaning.get_attribute("id")
    seen = update(page)
    until(page, lambda: update(page) > seen + 100)  # the numbers around it move; it stays
    assert word.evaluate("word => word === document.activeElement") and meaning.is_visible()
    page.keyboard.press("Escape")
    meaning.wait_for(state="hidden")
    page.locator(".live-numbers .live-term", has_text="Held-out loss").hover()
    page.get_by_role("tooltip").get_by_text("Data that are never trained on").wait_for()

    # a step is chosen by keys, and its values are the model's
    pause(page)
    score = page.locator(".live-score")
    score.focus()
    page.keyboard.press("Home")
    for _time in range(3):
        page.keyboard.press("ArrowRight")
    until(page, lambda: page.locator(".live-details h2").inner_text() == "Step 3 of 0 … 24")
    assert score.get_attribute("aria-valuenow") == "3" and "Step 3" in score.get_attribute("aria-valuetext")
    shown = frame(page, "frame")
    drawn = frame(page, "score.figure.data.filter(t => t.type === 'heatmap').map(t => Array.from(t.z, r => [...r]))")
    units = dict((name, value) for name, _text, value in shown["details"]["units"])
    states = {f"unit {i}": row[3] for i, row in enumerate(drawn[0])}
    assert all(states[name] == pytest.approx(value) for name, value in units.items())
    assert shown["details"]["outputs"][0][2] == pytest.approx(max(row[3] for row in drawn[-1]))
    until(page, lambda: "step=3" in page.url)
    page.keyboard.press("Escape")
    page.locator(".live-details").wait_for(state="hidden")


def test_every_cell_trains_and_every_experiment_opens(visit):
    page = visit()
    for cell in ("LSTM", "GRU", "RNN (ReLU)"):
        run = frame(page, "frame.run")
        choose(page, "Cell", cell)
        until(page, lambda run=run: frame(page, "frame.run") > run and update(page) > 20)
    choose(page, "Experiment", "Order, 100 steps: LSTM")
    page.get_by_text("whose forget gates start open").wait_for()
    until(page, lambda: "preset=remembers" in page.url)  # that it learns: tests/ui/network/test_presets.py
    told = page.locator(".live-verdict")
    until(page, lambda: "held-out loss" in told.inner_text().lower() and "update" in told.inner_text())


def losses(page, count=20):
    """The first training losses, of updates one by one."""
    until(page, lambda: update(page) > count)
    line = "loss.figure.data.filter(t => t.name === 'training').map(t => [[...t.x], [...t.y]])[0]"
    x, y = until(page, lambda: (drawn := frame(page, line)) and len(drawn[0]) > count and drawn)
    assert x[:count] == list(range(1, count + 1))
    return y[:count]


def test_a_link_opens_the_same_run_without_some_controls_and_both_train_side_by_side(visit):
    page = visit("?data=recall&recall_delay=7&cell=gru&hidden_size=11&seed=4&learning_rate=0.03&speed=10")
    slide(page, "Different symbols", "ArrowLeft")
    until(page, lambda: "recall_symbols=7" in page.url)
    until(page, lambda: frame(page, "frame.run") == 2)
    other = visit("?hide=cell,hidden_size&" + page.url.split("?")[1])
    first, second = losses(page), losses(other)
    assert first == second and len(set(first)) > 10
    assert other.get_by_role("combobox", name="Cell").count() == 0
    assert other.get_by_role("slider", name="Hidden units").count() == 0
    assert other.get_by_role("slider", name="Learning rate").count() == 1
    assert "11 units" in str(frame(other, "score.figure.layout.annotations.map(a => a.text)"))
    for visitor in (page, other) * 3:
        seen = update(visitor)
        visitor.bring_to_front()
        until(visitor, lambda visitor=visitor, seen=seen: update(visitor) > seen + 3, 30)
    assert frame(page, "key") != frame(other, "key")


def test_the_language_changes_with_the_name_of_the_tab_and_network_and_open_parts_stay(visit):
    page = visit()
    for part in ("More about the network", "What is shown"):
        open_part(page, part)
    page.get_by_role("slider", name="Layers").wait_for()
    choose(page, "Data", "Words of a small grammar")
    until(page, lambda: frame(page, "frame.run") == 2 and update(page) > 30)
    before = update(page)
    page.get_by_text("简体中文", exact=True).click()
    page.get_by_role("heading", name="看循环神经网络如何学习").wait_for()
    until(page, lambda: "lang=zh_CN" in page.url)
    until(page, lambda: page.get_by_role("combobox", name="数据").input_value() == "小型语法的词语")
    until(page, lambda: settled(page))
    unfolded = page.locator("section[data-testid=stSidebar] details[open] > summary").all_inner_texts()
    assert [name.split()[-1] for name in unfolded] == ["网络的更多选项", "显示内容"]
    assert page.get_by_role("slider", name="层数").count() == 1
    slide(page, "学习率", "ArrowRight")
    until(page, lambda: update(page) > before + 50)
    assert frame(page, "frame.run") == 2
    until(page, lambda: frame(page, "frame.numbers[0][0]") == "更新次数")
    assert not re.search(r"Traceback|Error", page.inner_text("body"))
    page.get_by_role("link", name="梯度").click()
    until(page, lambda: page.title() == "梯度 · RNN 实验室")
    page.get_by_text("English", exact=True).click()
    until(page, lambda: page.title() == "Gradients · RNN Lab")


def test_a_step_of_the_score_opens_in_sight_and_leads_to_the_same_step_elsewhere(visit):
    page = visit("?cell=gru")
    until(page, lambda: update(page) > 5)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator(".live-score").focus()
    for _press in range(4):
        page.keyboard.press("ArrowRight")
    page.get_by_text("Step 3 of 0 … 24").wait_for()
    box = page.locator(".live-details").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 900
    page.get_by_role("button", name="This step on the page “Gradients”").click()
    page.wait_for_selector(".gradients:not(.live-empty)")
    until(page, lambda: page.evaluate("document.querySelector('.gradients').gradients.frame.t") == 3)
    assert "loss_step=3" in page.url and page.locator("h1").all_inner_texts() == ["How far back does it learn?"]
    page.get_by_role("link", name="Lab", exact=True).click()
    page.get_by_role("button", name="This step on the page “Unroll”").click()
    until(page, lambda: "step 3" in page.locator(".unroll h2").inner_text())
    assert page.title() == "Unroll · RNN Lab"


def cpu_seconds(process) -> float:
    """The time that the server's threads have computed so far."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="reads Linux's /proc")
def test_a_closed_tab_stops_its_training(visit, server):
    page = visit("?speed=off")
    key = frame(page, "key")
    until(page, lambda: number(page, "Updates/s") > 150)
    assert page.request.get(f"{server}/live/{key}").status == 200
    page.close()

    def share():
        before = cpu_seconds(server.process)
        time.sleep(1)
        return cpu_seconds(server.process) - before

    end = time.monotonic() + PATIENCE
    while share() > 0.2:
        assert time.monotonic() < end, "something still computes"


def test_headers_and_addresses(chromium, server):
    page = chromium.new_page()
    answer = page.request.get(server)
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["form-action"] == "'self'" and policy["object-src"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert page.request.get(f"{server}/live/nobody").status == 404
    assert page.request.get(f"{server}/live/nobody/history.csv").status == 404
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=30)
    connection.request("PUT", "/_stcore/upload_file/some/file", headers={"Content-Length": str(1 << 30)})
    assert connection.getresponse().status == 413
    connection.close()
    page.close()
