"""A class in real browsers: a teacher, and members on phones."""

import csv
import re
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from actions import settled, violations
from actions import until as patiently
from relay import relayed

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
EXAMPLE = Path(__file__).parents[2] / "docs" / "lesson.toml"
CHINESE = {"locale": "zh-CN", "color_scheme": "dark"}
ROOM, CHART = ".class-room[data-frames]", ".class-result canvas"
KEYS = "Object.values(JSON.parse(localStorage['rnn-lab-classes'])).map(({ key }) => key)"


def until(page, condition, seconds=30):
    return patiently(page, condition, seconds)


def start(visit, file=None):
    """(the teacher's page, the code of the class). file : with a lesson of their own."""
    page = visit("course", ready="[class*=st-key-open_]")
    if file:
        page.get_by_text("A lesson of your own").click()
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_text("The lesson is in the list.").wait_for()
    page.get_by_text("A class: many guess").click()
    page.get_by_role("button", name="Start a class").click()
    page.locator(ROOM).wait_for()
    until(page, lambda: "class=" in page.url)
    return page, re.search("class=([A-Z-]+)", page.url)[1]


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def by_keys(page, target, key="Enter"):
    """Go to something with the Tab key, and press a key there."""
    until(page, lambda: target.evaluate("e => e === document.activeElement") or page.keyboard.press("Tab"))
    page.keyboard.press(key)


def to_the_guessing(teacher):
    """Of the lesson whose run takes no time."""
    teacher.locator(".class-lead select").select_option("untrained")
    teacher.locator("[data-lesson=untrained]").wait_for()
    press(teacher, "Open the guessing")


def guess(page, number, button=".class-member .course-lock"):
    page.locator(".course-guess input[type=number]").fill(str(number))
    page.locator(button).click()


def sent(page):
    page.locator(".class-sent").wait_for()


def counted(page, text):
    page.locator(".class-count").get_by_text(text).wait_for()


def through_a_lesson_of_their_own(teacher, member, other):
    """A class whose teacher has brought a lesson: one member guesses, all see what was measured."""
    teacher.locator(".class-lead select").select_option("ten_times_as_far")
    teacher.locator("[data-lesson=ten_times_as_far]").wait_for()
    other.get_by_text("A network reads a row of symbols").wait_for()
    press(teacher, "Open the guessing")
    numbers = member.locator(".course-guess input[type=number]")
    until(member, lambda: numbers.count() == 2)
    for number in numbers.all():
        number.fill("90")
    member.locator(".class-member .course-lock").click()
    sent(member)
    press(teacher, "Close the guessing")
    press(teacher, "Run the network")
    teacher.get_by_role("button", name="Compare", exact=True).click(timeout=180_000)
    member.get_by_text("您猜 90%，测得").first.wait_for()
    other.get_by_text("After 20 updates").wait_for()


def test_a_class_from_the_code_to_its_end(visit, tmp_path):
    lesson = tmp_path / "own.toml"
    lesson.write_text(EXAMPLE.read_text("utf-8").replace("updates = 300", "updates = 20"), "utf-8")
    teacher, code = start(visit, lesson)
    assert teacher.locator(".class-code").inner_text() == code
    assert teacher.locator(".class-link").get_attribute("href") == f"{teacher.url.partition('?')[0]}?class={code}"
    assert teacher.locator(".class-qr").evaluate("picture => picture.naturalWidth") > 20
    assert not any(key in teacher.content() + teacher.url for key in teacher.evaluate(KEYS))
    ada = visit(f"course?class={code.lower()}", ready=ROOM, **PHONE)
    bo = visit(f"course?class={code}", ready=ROOM, **PHONE | CHINESE)
    counted(teacher, "Members here: 2")
    assert ada.locator(".class-lead:visible, .class-qr:visible").count() == 0
    ada.get_by_text("Say who you are").click()
    ada.locator(".class-name input").fill("<b>Ada</b>")
    press(ada, "Show my name")
    teacher.get_by_text("Names: <b>Ada</b>").wait_for()

    through_a_lesson_of_their_own(teacher, bo, ada)
    teacher.locator(".class-lead select").select_option("one_letter")
    teacher.locator("[data-lesson=one_letter][data-part=read]").wait_for()
    title, claim = (teacher.locator(f".st-key-class_texts {part}") for part in ("h2", "p"))
    assert title.bounding_box()["y"] < claim.first.bounding_box()["y"]
    until(teacher, lambda: teacher.locator(".class-room h2:visible").count() == 0)  # it stands there once
    to_the_guessing(teacher)
    for page in (ada, bo):
        page.locator("[data-lesson=untrained][data-part=guess]").wait_for()
    by_keys(ada, ada.locator(".course-guess input[type=number]"), "2")
    by_keys(ada, ada.locator(".class-member .course-lock"))
    sent(ada)
    guess(bo, 9)
    sent(bo)
    counted(teacher, "Guesses so far: 2")
    assert teacher.locator(CHART).count() == 0 and violations(ada) == []
    buttons = ada.locator(".class-room :is(button, summary, input[type=range]):visible").all()
    assert all(one.bounding_box()["height"] >= 44 for one in buttons)
    number = ada.locator(".course-guess input[type=number]")
    number.fill("3")
    ada.reload()  # and is the same member, with the guess that was changed and not sent
    ada.get_by_text("You have changed your guess.").wait_for()
    assert number.input_value() == "3"
    number.fill("2")
    sent(ada)
    second = bo.context.new_page()  # nor is another tab another member
    second.goto(bo.url)
    second.locator(".course-guess").wait_for()
    guess(second, 8)
    sent(second)
    counted(teacher, "Guesses so far: 2")

    teacher.locator("[data-testid=stSidebarNavLink]").filter(has_text="Course").click()  # to the list of lessons
    teacher.get_by_role("button", name="Back to class").click()
    counted(teacher, "Guesses so far: 2")
    until(teacher, lambda: f"class={code}" in teacher.url)
    teacher.reload()
    counted(teacher, "Guesses so far: 2")
    step = teacher.locator(".class-lead .course-lock")
    assert step.inner_text() == "Close the guessing"
    by_keys(teacher, step)
    for page in (teacher, ada, bo):
        page.locator(CHART).wait_for()
    bo.locator(".st-key-class_texts").get_by_text("8 奈特").wait_for()  # the guess of the other tab, in words
    assert ada.get_by_text("measured:").count() == 0
    step.get_by_text("Run the network").wait_for()
    by_keys(teacher, step)
    step.get_by_text("Compare").wait_for(timeout=180_000)  # the network may have to be compiled
    by_keys(teacher, step)
    ada.get_by_text("You guessed 2 nats; measured: 3.41 nats. Score: 30%.").wait_for()
    bo.get_by_text("您猜 8 奈特，测得 3.41 奈特。").wait_for()
    assert all(page.evaluate("document.documentElement.scrollWidth") <= 390 for page in (ada, bo))
    assert violations(bo) == violations(teacher) == []
    again = teacher.context.new_page()  # a second tab of the teacher's
    again.goto(teacher.url)
    again.locator(".class-lead").wait_for()

    again.locator(".class-lead").get_by_role("button", name="End the class").click()
    with again.expect_download() as taken:
        press(again, "Save the guesses, then end")
    taken.value.save_as(tmp_path / "guesses.csv")
    with open(tmp_path / "guesses.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = [(row["answer"], row["measured"][:3]) for row in rows if row["lesson"] == "untrained"]
    assert sorted(told) == [("2", "3.4"), ("8", "3.4")]
    own = [(row["guess"], row["answer"]) for row in rows if row["lesson"] == "ten_times_as_far"]
    assert own == [("near", "90"), ("far", "90")] and len(rows) == 4
    for page in (teacher, ada, bo):
        page.get_by_role("button", name="← All lessons" if page is not bo else "← 全部课程", exact=True).wait_for()
        assert page.locator(".class-problem").inner_text() and page.locator(".class-body").is_hidden()
    ada.get_by_text("You guessed 2 nats; measured: 3.41 nats. Score: 30%.").wait_for()  # and can read on
    press(ada, "← All lessons")
    ada.get_by_text("score 30%").wait_for()  # the guess counts in one's own progress
    ada.wait_for_function("localStorage['rnn-lab-course-charts'].includes('<svg')")  # with its picture, to be handed in
    for page in (teacher, ada, bo):
        until(page, lambda page=page: any("410" in problem for problem in page.problems))
        page.problems[:] = [problem for problem in page.problems if "410" not in problem]


def test_a_code_that_no_class_has_says_so_and_leads_on(visit):
    # as after the server was started again: the browser has a key, the server knows of nothing
    page = visit("course?class=ABC-DEF-GHJ", ready=".class-problem:not(:empty)")
    assert page.locator(".class-problem").inner_text().startswith("There is no class with this code")
    assert page.locator(".class-body").is_hidden() and violations(page) == []
    press(page, "← All lessons")
    fold = page.locator("summary").filter(has_text="A class: many guess")
    fold.wait_for()
    by_keys(page, fold)
    by_keys(page, page.get_by_label("Code of the class"), "a")
    page.keyboard.type("bc def ghj")
    page.keyboard.press("Enter")
    page.locator(".class-problem").get_by_text("There is no class with this code").wait_for()
    assert len(page.problems) == 2 and all("404" in problem for problem in page.problems)
    page.problems.clear()


def test_a_class_that_ends_while_the_script_is_behind_ends_quietly(visit):
    """The script is asked to follow every two seconds; here it never does: the page is told of another part."""
    teacher, code = start(visit)
    member = visit(f"course?class={code}", ready=ROOM)
    member.clock.install()
    member.reload()  # for all its timers to be of this clock
    ended = []

    def answer(route):
        if ended:
            return route.fulfill(status=410)
        response = route.fetch()
        return route.fulfill(response=response, json=response.json() | {"part": "run"})

    member.route(re.compile(r"/class/\w+\?"), answer)
    counted(teacher, "Members here: 1")
    press(teacher, "Open the guessing")  # something new to tell
    member.locator("[data-part=run]").wait_for()
    ended.append(True)
    press(teacher, "Close the guessing")
    member.locator(".class-problem:not(:empty)").wait_for()
    member.clock.fast_forward(3000)
    assert "410" in member.problems.pop() and member.problems == []


@contextmanager
def through_a_relay(chromium, server, query):
    """(page, relay)"""
    with relayed(server) as relay:
        page = chromium.new_context(locale="en-US").new_page()
        page.goto(f"{relay.url}/{query}")
        page.locator(ROOM).wait_for()
        yield page, relay
        page.context.close()


def test_a_guess_that_finds_no_connection_arrives_later(visit, chromium, server):
    teacher, code = start(visit)
    to_the_guessing(teacher)
    with through_a_relay(chromium, server, f"course?class={code}") as (page, relay):
        page.locator(".course-guess").wait_for()
        guess(page, 2)
        sent(page)
        page.locator(".course-guess input[type=number]").fill("3")
        relay.cut()
        page.locator(".class-member .course-lock").click()
        page.get_by_text("Not yet sent").wait_for()
        page.locator(".class-room > .live-connection").get_by_text("The connection to the server is lost").wait_for()
        relay.restore()
        sent(page)
        until(page, lambda: page.locator(".class-room > .live-connection").inner_text() == "", 60)
        page.locator(".course-guess input[type=number]").fill("4")  # and does not send it
        press(teacher, "Close the guessing")
        page.locator(CHART).wait_for()
        page.get_by_text("The guessing was closed before this guess arrived.").wait_for()
        page.locator(".st-key-class_texts").get_by_text("3 nats").wait_for(timeout=60_000)
    counted(teacher, "Guesses: 1")


def test_what_the_teacher_presses_without_a_connection_happens_when_it_is_back(chromium, server):
    with relayed(server) as relay:
        page = chromium.new_context(locale="en-US").new_page()

        def visit(query, ready):
            page.goto(f"{relay.url}/{query}")
            page.locator(ready).first.wait_for()
            return page

        start(visit)
        to_the_guessing(page)
        page.get_by_role("button", name="Close the guessing", exact=True).wait_for()
        relay.cut()
        press(page, "Close the guessing")
        page.locator(".class-room > .live-connection").get_by_text("The connection to the server is lost").wait_for()
        relay.restore()
        page.get_by_role("button", name="Run the network", exact=True).wait_for(timeout=60_000)
        page.context.close()


def test_a_projector_shows_the_code_and_then_the_histogram_over_the_screen(visit):
    teacher, _code = start(visit)
    teacher.set_viewport_size({"width": 1280, "height": 720})
    teacher.goto(f"{teacher.url}&present=1")
    teacher.locator(".class-projected.class-joining").wait_for()
    picture = teacher.locator(".class-qr")
    until(teacher, lambda: settled(teacher) and picture.bounding_box()["width"] > 300)
    assert teacher.locator(".class-code").bounding_box()["height"] > 40
    assert picture.bounding_box()["y"] + picture.bounding_box()["height"] <= 720
    for present in (True, False):  # nothing is drawn over the code
        if not present:
            teacher.get_by_role("button", name="Back to the page").click()
            teacher.locator(".class-joining:not(.class-projected)").wait_for()
        last, door = teacher.locator(".class-parts li").last, teacher.locator(".class-code")
        until(teacher, lambda: settled(teacher))
        assert last.evaluate("e => { const r = document.createRange(); r.selectNodeContents(e); "
                             "return r.getBoundingClientRect().right; }") <= door.bounding_box()["x"]  # fmt: skip
    teacher.goto(f"{teacher.url.partition('&present')[0]}&present=1")
    teacher.locator(".class-projected.class-joining").wait_for()
    teacher.locator(".class-lead select").select_option("not_every_step")  # of all lessons the one with most to say
    teacher.locator("[data-lesson=not_every_step]").wait_for()
    press(teacher, "Open the guessing")
    teacher.locator(".st-key-class_claim_again .stMarkdown p:visible").wait_for()
    asked, count = teacher.locator(".class-question > p"), teacher.locator(".class-count")
    until(teacher, lambda: asked.count() == 2 and settled(teacher))
    assert min(float(one.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) for one in asked.all()) > 26
    assert teacher.locator(".class-question li").all_inner_texts()[0] == "1. although"
    assert count.bounding_box()["y"] + count.bounding_box()["height"] <= 720
    to_the_guessing(teacher)
    press(teacher, "Close the guessing")
    chart = teacher.locator(".class-result .live-figure")
    until(teacher, lambda: chart.count() and chart.bounding_box()["height"] > 300)
    assert teacher.locator(".class-question:visible").count() == 0
    caption = teacher.locator(".class-result figcaption")  # the question again
    assert caption.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 19
    assert chart.bounding_box()["width"] > 1200
    assert chart.bounding_box()["y"] + chart.bounding_box()["height"] <= 720
    assert urlsplit(teacher.url).query.count("class=") == 1
    teacher.locator(".class-lead select").select_option("language_model")  # an order and a number: beside each other
    teacher.locator("[data-lesson=language_model]").wait_for()
    press(teacher, "Open the guessing")
    press(teacher, "Close the guessing")
    until(teacher, lambda: chart.count() and chart.bounding_box()["height"] > 300)
    assert chart.bounding_box()["width"] > 550 and chart.bounding_box()["y"] + chart.bounding_box()["height"] <= 720
    teacher.locator(".class-lead select").select_option("unrolled")  # three questions: none has to be scrolled to
    teacher.locator("[data-lesson=unrolled]").wait_for()
    press(teacher, "Open the guessing")
    press(teacher, "Close the guessing")
    results = teacher.locator(".class-result")
    until(teacher, lambda: results.count() == 3 and chart.count() == 2 and chart.first.bounding_box()["height"] > 200)
    places = [one.bounding_box() for one in results.all()]
    assert max(place["y"] + place["height"] for place in places) <= 720
    row = teacher.locator(".class-row > *")
    title = "Next: Lesson 9: The same idea, another way to compute the state"
    row.first.evaluate("(step, title) => { step.textContent = title; }", title)
    boxes = [one.bounding_box() for one in row.all()]  # in one row, however long a lesson's title is
    assert len(boxes) == 5 and max(box["y"] for box in boxes) < min(box["y"] + box["height"] for box in boxes)
    assert max(box["x"] + box["width"] for box in boxes) <= 1280 and min(box["width"] for box in boxes) > 100


def test_answers_in_words_their_bars_and_numbers_fit_on_a_phone(visit):
    teacher, code = start(visit)
    teacher.locator(".class-lead select").select_option("gates")
    teacher.locator("[data-lesson=gates]").wait_for()
    press(teacher, "Open the guessing")
    ada = visit(f"course?class={code}", ready=ROOM, **PHONE)
    ada.locator(".course-row").first.wait_for()
    for row in ada.locator(".course-row").all():
        row.locator("label").first.click()
    ada.locator(".class-member .course-lock").click()
    sent(ada)
    press(teacher, "Close the guessing")
    bars = ada.locator(".class-result .live-bars")
    bars.wait_for()
    longest = bars.locator("th").first
    longest.evaluate("head => { head.textContent += ' ✓ measured'; }")  # as it stands there after the run
    assert ada.locator(".class-result").first.evaluate("e => e.scrollWidth <= e.clientWidth")
    for row in bars.locator("tr").all():
        number, drawn = row.locator("td").last.bounding_box(), row.locator(".live-bar").bounding_box()
        assert number["x"] + number["width"] <= 390 and drawn["width"] > 40
