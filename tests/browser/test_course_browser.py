"""The course in a real browser: what is locked stays locked, what is kept comes back; and a newcomer's first page."""

import json

import pytest
from actions import PATIENCE, settled, slide, until, violations
from relay import relayed

pytestmark = pytest.mark.browser
FORM, LOCKED = ".course-guess", ".course-locked:not([hidden])"
QUESTION = "What is its loss at one step, on average, before the first update?"


def kept(page) -> dict:
    """What the browser keeps of the course, by lesson."""
    text = page.evaluate("localStorage.getItem('rnn-lab-course')")
    return json.loads(text)["lessons"] if text else {}


def lock(page, presses=60):
    """Answer the lesson's question by keys, and lock the answer."""
    slide(page, QUESTION, "ArrowLeft", presses)
    page.get_by_role("button", name="Lock in my guess").click()
    page.locator(LOCKED).wait_for()


def train(page, button, then):
    """Press a button that trains, and wait for what follows."""
    page.get_by_role("button", name=button).click()
    page.get_by_text(then).first.wait_for(timeout=1000 * PATIENCE)


def test_a_lesson_from_the_claim_to_a_task_that_is_done(visit):
    page = visit("course?lesson=one_letter", ready=FORM)
    press = page.get_by_role("button", name="Lock in my guess")
    until(page, lambda: settled(page))
    assert press.bounding_box()["y"] + press.bounding_box()["height"] <= 900  # in the first screen
    page.goto(page.url.replace("one_letter", "untrained"))
    page.get_by_text(QUESTION).wait_for()
    assert page.locator(".course-value").inner_text() == "not yet chosen"
    page.locator(".course-guess input[type=number]").fill("1")
    assert page.locator(".course-value").inner_text() == "1 nat"
    for typed in ("5", ""):  # the slider stands in its middle again, and nothing is chosen
        page.locator(".course-guess input[type=number]").fill(typed)
    press.click(force=True)  # nothing was chosen yet: it is pressed in vain
    assert page.locator(FORM).count() == 1 and press.get_attribute("aria-disabled") == "true"
    lock(page)
    assert page.locator(LOCKED).evaluate("e => e === document.activeElement")
    assert page.locator(LOCKED).inner_text().endswith("3.5 nats")
    train(page, "Run the network", "You guessed 3.5 nats; measured: 3.41 nats.")
    slide(page, "Symbols in the vocabulary", "Home")
    slide(page, "Symbols in the vocabulary", "ArrowRight")
    until(page, lambda: settled(page))
    train(page, "Run with these settings", "Bring the first loss below 2 nats. (done)")
    until(page, lambda: kept(page)["untrained"]["tasks"] == [0, 2])
    assert violations(page) == []


def test_no_way_leads_to_the_result_before_the_guess_and_none_back_to_the_guess_after(visit):
    page = visit("course?lesson=untrained", ready=FORM)
    assert page.get_by_role("button", name="Run the network").count() == 0
    slide(page, QUESTION, "ArrowLeft", 60)
    page.reload()  # what is not locked is not lost
    page.get_by_text("Once it is locked").wait_for()
    lock(page, 0)
    page.get_by_role("link", name="Unroll").click()
    page.locator(".unroll .made .full").wait_for(timeout=1000 * PATIENCE)
    page.go_back()
    page.locator(LOCKED).wait_for()
    page.reload()
    page.locator(LOCKED).wait_for()
    other = page.context.new_page()  # without this tab's session: it knows the browser's storage alone
    other.goto(page.url)
    other.locator(LOCKED).wait_for()
    assert [one.locator(FORM).count() for one in (page, other)] == [0, 0]
    assert page.get_by_text("measured:").count() == 0


def test_a_guess_that_one_tab_has_locked_is_locked_in_every_tab(visit):
    page = visit("course?lesson=untrained", ready=FORM)
    other = page.context.new_page()  # opened before: it shows the form as well
    other.goto(page.url)
    other.locator(FORM).wait_for()
    lock(page)
    train(page, "Run the network", "Score: 95%.")
    other.locator(LOCKED).wait_for()
    assert other.locator(LOCKED).inner_text().endswith("3.5 nats") and other.locator(FORM).count() == 0
    until(page, lambda: kept(page)["untrained"]["score"])
    train(other, "Run the network", "You guessed 3.5 nats; measured: 3.41 nats.")


def test_a_guess_that_is_locked_without_a_connection_is_locked_when_it_is_back(chromium, server):
    with relayed(server) as relay:
        page = chromium.new_context(locale="en-US").new_page()
        page.goto(f"{relay.url}/course?lesson=untrained")
        page.locator(FORM).wait_for()
        slide(page, QUESTION, "ArrowLeft", 60)
        relay.cut()
        page.get_by_text("The connection to the server is lost").wait_for()
        page.get_by_role("button", name="Lock in my guess").click()
        relay.restore()
        page.locator(LOCKED).wait_for(timeout=1000 * PATIENCE)
        assert page.locator(LOCKED).inner_text().endswith("3.5 nats")
        page.context.close()


def test_progress_is_kept_and_is_erased_in_every_tab_with_one_press(visit):
    page = visit("course?lesson=untrained", ready=FORM)
    lock(page)
    train(page, "Run the network", "Score: 95%.")
    until(page, lambda: kept(page).get("untrained", {}).get("score"))
    other = page.context.new_page()  # without this tab's session: it knows the browser's storage alone
    other.goto(page.url.partition("?")[0])
    other.get_by_text("score 95%, tasks 0 of 3").first.wait_for()
    other.get_by_role("button", name="Erase my progress").click()
    other.get_by_text("score 95%").wait_for(state="detached")
    page.locator(FORM).wait_for()
    until(page, lambda: page.evaluate("localStorage.getItem('rnn-lab-course')") is None)
    other.get_by_role("button", name="Erase my progress").wait_for(state="detached")
    slide(page, QUESTION, "ArrowLeft", 60)  # a guess that is not locked is erased, too
    page.get_by_text("Once it is locked").wait_for()
    other.reload()
    other.get_by_role("button", name="Erase my progress").click()
    page.get_by_text("not yet chosen").wait_for()
    other.get_by_role("button", name="Erase my progress").wait_for(state="detached")
    assert page.evaluate("localStorage.getItem('rnn-lab-course-drafts')") is None


def test_what_was_done_is_handed_in_verified_and_taken_to_another_browser(visit, tmp_path):
    page = visit("course?lesson=untrained", ready=FORM)
    lock(page)
    train(page, "Run the network", "Score: 95%.")
    until(page, lambda: page.evaluate("localStorage.getItem('rnn-lab-course-charts')"))
    page.get_by_role("button", name="← All lessons").click()
    fold(page, "Hand in what I did")
    page.get_by_label("Name on the file (as you type it)").fill("<b>Ada</b>")
    page.get_by_role("button", name="Make the file").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    assert violations(page) == []
    file = tmp_path / "handed-in.html"
    download.value.save_as(file)
    fold(page, "Verify what was handed in")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("The file fits its checksum.").wait_for()
    page.get_by_text("Name: <b>Ada</b>.").wait_for()
    paper = page.context.new_page()
    paper.problems, requests = [], []
    paper.on("request", lambda request: requests.append(request.url))
    paper.goto(file.as_uri())
    assert paper.get_by_role("img").evaluate("async e => (await e.decode(), e.naturalWidth)") == 480
    assert "<b>Ada</b>" in paper.inner_text("main") and "3.41 nats" in paper.inner_text("main")
    paper.set_viewport_size({"width": 673, "height": 1000})  # of an A4 page between its margins
    paper.emulate_media(media="print")
    lines = paper.locator("thead th").evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert max(lines) < 34  # of one line: no column is too narrow for its numbers
    assert paper.locator("section").evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    assert paper.evaluate("document.documentElement.scrollWidth") <= 673
    tall = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='358' height='900'/>"  # drawn on a phone
    height = paper.get_by_role("img").evaluate("async (e, src) => ((e.src = src), await e.decode(), e.height)", tall)
    assert height <= 360  # of a page of 1000: the table, the chart and the tasks of a lesson stay together
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    changed = tmp_path / "changed.html"
    changed.write_text(file.read_text().replace("3.5 nats", "3.4 nats"))
    page.locator("input[type=file]").set_input_files(changed)
    page.get_by_text("Changed: the checksum does not fit.").wait_for()

    fold(page, "Take my progress to another device")
    link = page.locator("code").filter(has_text="#progress=").inner_text()
    other = visit("course", ready="[class*=st-key-open_untrained]", viewport={"width": 390, "height": 844})
    assert other.get_by_text("score 95%").count() == 0
    other.goto(link)  # over the open page: the browser changes what stands behind the # alone
    other.get_by_text("Your progress came with the link: 1 lesson with a guess.").wait_for()
    other.get_by_text("score 95%, tasks 0 of 3").first.wait_for()
    until(other, lambda: kept(other).get("untrained", {}).get("score"))
    assert "#" not in other.url
    other.goto(link[:-1] + "x")
    other.get_by_text("The progress in this link is damaged").wait_for()
    assert kept(other)["untrained"]["answers"] == {"loss": 3.5}
    same = other.context.new_page()  # opened by the link, where the same is already: it does not ask
    same.goto(link)
    same.get_by_text("Your progress came with the link: 1 lesson with a guess.").wait_for()
    assert same.get_by_role("button", name="Keep what is here").count() == 0
    same.close()
    other.evaluate("localStorage['rnn-lab-course'] = localStorage['rnn-lab-course'].replace('3.5', '3.6')")
    third = other.context.new_page()  # where there is something else: it asks
    third.goto(link)
    third.get_by_role("button", name="Keep what is here").click()
    third.get_by_role("button", name="Keep what is here").wait_for(state="detached")
    third.get_by_text("score 95%, tasks 0 of 3").first.wait_for()


def fold(page, name):
    """Open a fold of the list of lessons."""
    summary = page.locator("summary").filter(has_text=name)
    summary.wait_for()
    until(page, lambda: settled(page))
    summary.click()


def test_a_newcomer_finds_two_doors_above_a_network_that_learns(visit):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = visit("", newcomer=True, **phone)
    doors = page.locator(".welcome button")
    assert doors.count() == 2 and page.locator(".live-score").bounding_box()["y"] < 844
    assert all(door.bounding_box()["height"] >= 44 for door in doors.all())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Start the course").click()
    page.locator("[class*=st-key-open_]").first.wait_for()
    page.get_by_role("button", name="Before it has learned").click()
    page.locator(FORM).wait_for()
    until(page, lambda: "lesson=untrained" in page.url)
    bare, context = page.url.partition("/course")[0], page.context
    page.close()
    again = context.new_page()
    again.goto(bare)  # where they left
    again.locator(FORM).wait_for(timeout=1000 * PATIENCE)
    again.goto(f"{bare}/?preset=forgets")  # an address that asks for something is left alone
    again.wait_for_selector(".live[data-frames]", timeout=1000 * PATIENCE)
    assert "preset=forgets" in again.url and again.locator(".welcome:visible").count() == 0


def test_who_has_been_here_and_who_follows_a_link_sees_no_doors(visit):
    page = visit("")
    assert page.locator(".welcome:visible").count() == 0
    newcomer = visit("?preset=forgets", newcomer=True)
    assert newcomer.locator(".welcome").count() == 0


def test_a_lesson_is_done_by_keys_alone_on_a_narrow_screen(visit):
    page = visit("course?lesson=untrained", ready=FORM, viewport={"width": 390, "height": 844})
    slider = page.get_by_role("slider", name=QUESTION)
    slider.focus()
    for _time in range(60):
        page.keyboard.press("ArrowLeft")
    to = page.get_by_role("button", name="Lock in my guess")
    until(page, lambda: page.keyboard.press("Tab") or to.evaluate("e => e === document.activeElement"))
    page.keyboard.press("Enter")
    page.locator(LOCKED).wait_for()
    until(page, lambda: settled(page))
    to = page.get_by_role("button", name="Run the network")
    until(page, lambda: page.keyboard.press("Tab") or to.evaluate("e => e === document.activeElement"))
    page.keyboard.press("Enter")
    page.get_by_text("You guessed 3.5 nats; measured: 3.41 nats.").first.wait_for(timeout=1000 * PATIENCE)
    page.get_by_role("button", name="Run with these settings").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    own = page.locator("[data-testid=stMain] :is(button, a):visible")
    low = "all => all.filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.outerHTML.slice(0, 80))"
    assert own.evaluate_all(low) == []
    assert violations(page) == []


@pytest.mark.parametrize("name", ["untrained", "one_letter"])  # with sliders, and with buttons to choose from
def test_on_a_phone_the_parts_of_a_lesson_stand_below_one_another(visit, name):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = visit(f"course?lesson={name}", ready=FORM, **phone)
    guess = {"untrained": {"loss": 3}, "one_letter": {"share": 80}}[name]
    record = json.dumps({"version": 1, "quiz": {}, "lessons": {name: {"answers": guess}}})
    page.evaluate("record => localStorage.setItem('rnn-lab-course', record)", record)
    other = page.context.new_page()  # without this tab's session: it knows the browser's storage alone
    other.goto(page.url)
    other.locator(LOCKED).wait_for()
    train(other, "Run the network", "Run with these settings")
    until(other, lambda: settled(other))
    headings = other.locator("[data-testid=stMain] h3")
    assert headings.all_inner_texts() == ["Read", "Guess", "Run", "Compare", "Explain", "Try"]
    places = headings.evaluate_all("all => all.map((e) => e.getBoundingClientRect().top)")
    assert places == sorted(places) and len(set(places)) == 6
    buttons = other.locator("[data-testid=stMain] :is(.stButton button, .stButtonGroup button):visible")
    assert min(buttons.evaluate_all("all => all.map((e) => e.getBoundingClientRect().height)")) >= 44
