"""The scrubber in a real browser: a network as it was, on every page, in the address; a fork of it."""

import pytest
from actions import number, open_part, pause, until, violations

pytestmark = pytest.mark.browser
RUN = "document.querySelector('.live').live"
PIXELS = "document.querySelector('.live-score canvas').toDataURL()"


def frame(page, what="frame"):
    """Newest frame of the page, or a part of it."""
    return page.evaluate(f"{RUN}.{what}")


def scrubber(page):
    return page.get_by_role("slider", name="Look at update")


def trained(page, updates):
    """Train for some updates, then pause; the newest update."""
    until(page, lambda: frame(page, "frame.update") >= updates)
    pause(page)
    until(page, lambda: frame(page, "frame.status") == "paused")
    return frame(page, "frame.update")


def shows(page, update):
    """Wait until the page shows that moment."""
    until(page, lambda: frame(page, "frame.look.update") == update and frame(page, "frame.update") == update)


def test_a_press_on_the_scrubber_shows_that_moment_while_it_trains_on(visit):
    page = visit("?speed=1000")
    until(page, lambda: frame(page, "frame.update") > 300)
    box = scrubber(page).bounding_box()
    assert box["height"] >= 44  # for a finger
    page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    until(page, lambda: frame(page, "frame.look.past"))
    at = frame(page, "frame.look.wanted")
    shows(page, at)
    now = scrubber(page).bounding_box()
    assert (now["x"], now["width"]) == (box["x"], box["width"])  # it stays under the hand that drags it
    pixels, seen = page.evaluate(PIXELS), frame(page, "frame.look.newest")
    until(page, lambda: frame(page, "frame.look.newest") > seen + 100)
    assert frame(page, "frame.update") == at == number(page, "Update") and page.evaluate(PIXELS) == pixels
    assert page.locator(".live-past span").inner_text().startswith(f"update {at:,} of ")
    until(page, lambda: f"update={at}" in page.url)
    assert violations(page) == []
    page.locator(".live-past button").click()
    until(page, lambda: frame(page, "frame.update") > seen + 100 and "update=" not in page.url)
    assert page.locator(".live-past").is_hidden() and page.evaluate(PIXELS) != pixels


def test_the_curve_ends_where_training_is_once_it_pauses_beside_the_past(visit):
    page = visit("?speed=1000&hidden_size=6")
    until(page, lambda: frame(page, "frame.update") > 300)
    scrubber(page).fill("40")
    shows(page, 40)
    ends = "Math.max(...run.loss.figure.data.flatMap(({ x }) => [...(x ?? [])]))"
    behind = f"(() => {{ const run = {RUN}; return run.frame.look.newest - {ends}; }})()"
    marked = f"(() => {{ const run = {RUN}; return run.loss.figure.layout.shapes.at(-1).x0 === run.frame.update; }})()"
    for update in (41, 60, 7, 30):
        pause(page)
        until(page, lambda: frame(page, "frame.status") == "paused")
        until(page, lambda: page.evaluate(behind) == 0, 5)  # an answer with nothing new comes after ten seconds
        scrubber(page).fill(str(update))
        shows(page, update)
        until(page, lambda: page.evaluate(marked), 5)
        page.get_by_role("button", name="Play", exact=True).click()
        until(page, lambda: frame(page, "frame.status") == "running")


def test_an_address_that_came_late_is_set_right(chromium, server):
    page = chromium.new_context(locale="en-US").new_page()
    holding, held = [], []  # what the server says while the line is slow

    def slow(line):
        line.connect_to_server().on_message(
            lambda message: held.append((line, message)) if holding else line.send(message)
        )

    page.route_web_socket("**/_stcore/stream", slow)
    page.goto(f"{server}/?speed=100&hidden_size=6")
    page.wait_for_selector(".live[data-frames]")
    trained(page, 20)
    holding.append(True)
    scrubber(page).fill("10")
    until(page, lambda: any(b"update=10" in message for _line, message in held))
    page.locator(".live-past button").click()
    count = len(held)
    open_part(page, "More about learning")  # a run of the script, from the address before
    until(page, lambda: len(held) > count)
    holding.clear()
    for line, message in held:
        line.send(message)
    until(page, lambda: "update=10" in page.url, 10)
    until(page, lambda: "update=" not in page.url, 30)
    page.context.close()


def test_keys_move_through_the_training_and_are_told_little(visit):
    page = visit("?speed=1000")
    newest = trained(page, 200)
    scrubber(page).press("ArrowLeft")
    shows(page, newest - 1)
    scrubber(page).press("ArrowLeft")
    scrubber(page).press("ArrowLeft")
    shows(page, newest - 3)
    assert scrubber(page).get_attribute("aria-valuetext") == f"update {newest - 3:,}, the past"
    scrubber(page).press("PageDown")
    until(page, lambda: frame(page, "frame.update") < newest - 10)
    scrubber(page).press("Home")
    shows(page, 0)
    scrubber(page).press("ArrowRight")
    shows(page, 1)
    scrubber(page).press("End")
    until(page, lambda: not frame(page, "frame.look.past") and frame(page, "frame.update") == newest)
    assert scrubber(page).get_attribute("aria-valuetext") == "the newest"


def test_the_other_pages_show_the_same_moment(visit):
    page = visit("?speed=1000&hidden_size=6")
    trained(page, 150)
    scrubber(page).fill("40")
    shows(page, 40)
    for name, address in (("Gradients", "gradients"), ("Language", "language"), ("Memory", "memory")):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**/{address}*")
        page.get_by_text("update 40 of").wait_for()
        until(page, lambda: number(page, "Update") == 40)
        assert scrubber(page).input_value() == "40"
        until(page, lambda: "update=40" in page.url)


def test_a_link_opens_the_same_moment(visit):
    page = visit("?speed=1000&hidden_size=6")
    trained(page, 300)
    scrubber(page).fill("222")
    shows(page, 222)
    until(page, lambda: "update=222" in page.url)
    states = frame(page, "score.figure.data[1].z.flat?.() ?? null")
    there = visit("?" + page.url.split("?")[1].replace("speed=1000", "speed=1"))
    shows(there, 222)
    assert frame(there, "score.figure.data[1].z.flat?.() ?? null") == states
    assert "ahead of the training" in there.locator(".live-past span").inner_text()


def test_a_link_that_is_opened_where_its_network_trains_shows_its_moment(visit):
    page = visit("?speed=1000&hidden_size=6")
    newest, key = trained(page, 150), frame(page, "key")
    page.goto(f"{page.url}&update=40")
    page.wait_for_selector(".live[data-frames]")
    until(page, lambda: frame(page, "key") == key)
    until(page, lambda: frame(page, "frame.look.newest") == newest)  # until then the page's own network is in the frame
    shows(page, 40)
    until(page, lambda: "update=40" in page.url)
    assert frame(page, "frame.look.newest") == newest


def test_a_replay_that_is_far_is_told_and_stopped(visit):
    page = visit("?speed=1&update=900000000")
    until(page, lambda: "Replaying to update 900,000,000" in page.locator(".live-past span").inner_text())
    page.get_by_role("button", name="Stop replaying").click()
    until(page, lambda: page.locator(".live-past").is_hidden() and "update=" not in page.url)


def test_a_fork_leaves_the_curve_before_beside_its_own(visit):
    page = visit("?speed=1000&hidden_size=6")
    newest = trained(page, 200)
    scrubber(page).fill("50")
    shows(page, 50)
    page.get_by_role("button", name="Continue from here (fork)").click()
    until(page, lambda: frame(page, "frame.run") == 2 and not frame(page, "frame.look.past"))
    until(page, lambda: "This is a fork" in page.locator(".live-notices").inner_text())  # a frame later, at times
    assert frame(page, "frame.update") == 50
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, lambda: frame(page, "frame.update") > 80)
    names = "loss.figure.data.map((trace) => [trace.name, trace.line?.dash])"
    until(page, lambda: ["network 1, before the fork at 50", "dash"] in frame(page, names))
    until(page, lambda: "learning rate 0.03" in frame(page, "loss.figure.layout.annotations.map(({text}) => text)"))
    page.get_by_role("button", name=f"Restore the previous network (update {newest:,})").click()
    until(page, lambda: frame(page, "frame.run") == 1 and frame(page, "frame.look.newest") >= newest)


def test_a_finger_drags_the_scrubber_on_a_phone(visit):
    page = visit("?speed=1000&hidden_size=6", viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    until(page, lambda: frame(page, "frame.update") > 200)
    scrubber(page).scroll_into_view_if_needed()
    box = scrubber(page).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    until(page, lambda: frame(page, "frame.look.past") and page.locator(".live-past").is_visible())
    after = scrubber(page).bounding_box()
    assert abs(after["y"] - box["y"]) < 2  # nothing jumps under the finger
    bar = page.locator(".live-past").bounding_box()
    assert bar["height"] <= 40 and (bar["x"], bar["width"]) == (0, 390)  # one slim line
    assert page.locator(".live-past button").bounding_box()["height"] >= 24


def test_the_past_plays_back_in_step_and_stops(visit):
    page = visit("?speed=1000&hidden_size=6")
    newest = trained(page, 200)
    page.locator(".live-film-speed").select_option("4")
    page.get_by_role("button", name="Play back").click()
    until(page, lambda: frame(page, "frame.look.past") and 0 < frame(page, "frame.update") < newest)
    page.get_by_role("button", name="Stop playback").click()
    page.get_by_role("button", name="Play back").wait_for()
    until(page, lambda: f"update={frame(page, 'frame.look.wanted')}" in page.url)
    at = frame(page, "frame.look.wanted")
    shows(page, at)
    page.get_by_role("button", name="Play back").press("Enter")  # from where it stands
    marked = "loss.figure.layout.shapes.at(-1).x0 === run.frame.update && run.frame.look.past"
    until(page, lambda: page.evaluate(f"(() => {{ const run = {RUN}; return run.{marked}; }})()"))
    assert frame(page, "frame.look.wanted") >= at
    until(page, lambda: not frame(page, "frame.look.past") and "update=" not in page.url)
    page.get_by_role("button", name="Play back").wait_for()


def test_where_motion_is_reduced_each_press_shows_the_next_moment(visit):
    page = visit("?speed=1000&hidden_size=6", reduced_motion="reduce")
    trained(page, 100)
    page.get_by_role("button", name="Next moment").click()
    shows(page, 0)
    page.get_by_role("button", name="Next moment").click()
    until(page, lambda: 0 < frame(page, "frame.update") < frame(page, "frame.look.newest"))


def test_a_film_is_taken_along_and_opens_without_a_server(visit, chromium, tmp_path):
    page = visit("?speed=1000&hidden_size=6&seed=3")
    newest = trained(page, 200)
    with page.expect_download() as started:
        page.get_by_role("button", name="Save as a film (HTML)").click()
    started.value.save_as(tmp_path / "film.html")
    assert page.get_by_role("link", name="Download the film").is_visible()
    film = chromium.new_context(offline=True, viewport={"width": 390, "height": 780}).new_page()
    film.problems = []
    film.on("console", lambda message: film.problems.append(message.text))
    film.on("pageerror", lambda error: film.problems.append(str(error)))
    film.goto((tmp_path / "film.html").as_uri())
    film.wait_for_selector("body[data-update='0']")
    pixels = "document.querySelector('#score canvas').toDataURL()"
    before = film.evaluate(pixels)
    film.get_by_role("slider").press("End")
    film.wait_for_selector(f"body[data-update='{newest}']")
    until(film, lambda: film.evaluate(pixels) != before)
    film.get_by_role("button", name="Play film", exact=True).click()
    until(film, lambda: 0 < int(film.locator("body").get_attribute("data-update")) < newest)
    assert film.evaluate("document.documentElement.scrollWidth") <= 390
    assert "seed=3" in film.get_by_role("link").get_attribute("href")
    assert violations(film) == [] and film.problems == []
    film.context.close()
