"""The page “Sweeps” in a real browser: run, stop, leave, go on, open a cell; name a scheduler; lose the server."""

import pytest
from actions import too_small, until
from serving import free_port, serving

pytestmark = pytest.mark.browser
SMALL = "data=recall&recall_delay=3&hidden_size=4&batch_size=4"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def sweep(page, what="frame"):
    return page.evaluate(f"document.querySelector('.sweeps').sweeps.{what}")


def press(page, label):
    page.get_by_role("button", name=label, exact=True).click()


def test_a_sweep_is_stopped_goes_on_and_stays_while_another_page_is_shown(visit):
    page = visit(f"sweeps?{SMALL}&sweep_updates=5000&sweep_seeds=5")
    lines = page.locator(".sweeps-lines")
    until(page, lambda: "On this server about" in lines.inner_text())
    assert "Networks: 125 (combinations: 25, seeds: 5)" in lines.inner_text() and sweep(page, "frame.update") == 0
    press(page, "Start the sweep")
    until(page, lambda: sweep(page, "frame.update") > 0)
    press(page, "Stop")
    until(page, lambda: "Stopped" in lines.inner_text())
    share = sweep(page, "frame.sweep.share")
    assert 0 < share < 1
    page.get_by_role("link", name="Results", exact=True).click()
    page.get_by_role("button", name="← All results").or_(page.get_by_text("results agree")).first.wait_for()
    page.get_by_role("link", name="Sweeps", exact=True).click()
    until(page, lambda: page.locator(".sweeps[data-frames]").count() == 1)
    assert sweep(page, "frame.sweep.share") == share  # what was trained is there, and nothing more
    press(page, "Continue the sweep")
    until(page, lambda: sweep(page, "frame.sweep.share") > share)
    press(page, "Stop")


def test_a_cell_is_chosen_by_keys_and_opens_in_the_lab_with_exactly_its_settings(visit):
    page = visit(f"sweeps?{SMALL}&sweep_updates=20&sweep_of_learning_rate=0.001,0.03&sweep_of_spectral_radius=0.5,1.5")
    press(page, "Start the sweep")
    until(page, lambda: sweep(page, "frame.update") == 4)
    chart = page.locator("[data-chart=map]")
    chart.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp"):  # from the best to the last corner
        page.keyboard.press(key)
    until(page, lambda: sweep(page, "frame.cell") == [1, 1])
    until(
        page, lambda: "spectral radius 1.5 · Learning rate 0.03; held-out loss" in chart.get_attribute("aria-valuetext")
    )
    until(page, lambda: "sweep_column=1" in page.url and "sweep_row=1" in page.url)
    press(page, "Open in the Lab")
    page.get_by_role("heading", name="Watch a recurrent network learn", level=1).wait_for()
    wanted = ("data=recall", "recall_delay=3", "learning_rate=0.03", "spectral_radius=1.5", "hidden_size=4")
    until(page, lambda: all(part in page.url for part in wanted))


def test_a_finger_meets_everything_on_a_phone(visit):
    page = visit(f"sweeps?{SMALL}", **PHONE)
    until(page, lambda: page.locator("[data-chart=map] canvas").is_visible())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 and too_small(page) == []
    assert too_small(page, "[data-testid=stMain] :is(.stButtonGroup button, .stSelectbox [role=combobox])") == []
    box = page.locator("[data-chart=map]").bounding_box()
    assert 300 < box["width"] <= 390 and box["y"] + box["height"] <= 844  # whole, before anything was scrolled
    controls = page.get_by_label("Upwards", exact=False).first.bounding_box()
    assert controls["y"] > box["y"] + box["height"] and page.get_by_text("below the map and its table").is_visible()
    page.locator("[data-chart=map]").tap(position={"x": box["width"] / 2, "y": 40})
    page.locator(".sweeps-title").wait_for()


def test_a_scheduler_is_named_on_the_page_and_a_sweep_survives_its_server(chromium, tmp_path):
    """Where the app was started so. Nobody answers at the address: it is said, and the sweep is trained here."""
    port, plan = free_port(), "sweep_updates=20&sweep_of_learning_rate=0.001,0.03&sweep_of_spectral_radius=0.5,1.5"
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
    page.set_default_timeout(30_000)
    with serving(tmp_path / "first", port, RNN_LAB_SCHEDULER="ask") as url:
        page.goto(f"{url}/sweeps?{SMALL}&{plan}")
        page.wait_for_selector(".sweeps[data-frames]")
        page.get_by_text("Machines that train").click()
        field = page.get_by_role("textbox", name="Address of a Dask scheduler")
        field.fill("http://example.org")
        field.press("Enter")
        page.get_by_text("This is no address of a scheduler.").wait_for()
        field.fill(f"tcp://127.0.0.1:{free_port()}")
        field.press("Enter")
        lines = page.locator(".sweeps-lines")
        until(page, lambda: "The scheduler cannot be reached." in lines.inner_text())
        press(page, "Start the sweep")
        until(page, lambda: sweep(page, "frame.update") == 4)
        page.get_by_text("Kept in this browser: 4 networks of this sweep.").wait_for()
        url.process.kill()
        url.process.wait(20)
    told = page.locator(".live-connection")
    told.get_by_text("the sweep continues when it is back").wait_for()
    with serving(tmp_path / "second", port):
        told.get_by_text("It came back from this browser; trained networks: 4.").wait_for(timeout=60_000)
        until(page, lambda: sweep(page, "frame.update") == 4)
        page.context.close()
