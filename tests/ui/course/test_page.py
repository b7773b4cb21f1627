"""The page “Course”, without a browser: what is shown when."""

import pytest
from visits import until, visits

from ui.course.lessons import NAMES, lessons
from ui.course.record import LessonRecord
from ui.settings import keys

LESSON = lessons()["untrained"]


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("course") as open_one:
        yield open_one


def headings(app) -> list[str]:
    return [heading.value for heading in app.subheader]


def buttons(app) -> set[str]:
    return {button.key for button in app.button}


def texts(app) -> str:
    return "\n".join(element.value for element in [*app.text, *app.markdown])


def finished(app):
    """The page once no run is under way."""
    state = app.session_state[keys.COURSE]
    until(lambda: all(run is None or run.status != "running" for run in (state.run_of(LESSON), state.try_of(LESSON))))
    return app.run()


def test_the_list_opens_a_lesson(open_page):
    app = open_page()
    assert {f"open_{name}" for name in NAMES} <= buttons(app)
    app.button(key="open_untrained").click().run()
    assert app.query_params["lesson"] in ("untrained", ["untrained"])
    assert headings(app) == ["Read", "Guess"]


def test_a_link_to_the_page_opens_the_list_and_the_way_back_the_lesson_of_its_address(open_page):
    app = open_page(lesson="untrained")
    app.switch_page("pages/unroll.py").run()
    app.query_params.clear()
    app.switch_page("pages/course.py").run()
    assert "open_untrained" in buttons(app) and "lesson" not in app.query_params
    app.button(key="open_untrained").click().run()
    app.switch_page("pages/unroll.py").run()
    app.query_params["lesson"] = "state"  # Back: an earlier entry of the browser's history
    app.switch_page("pages/course.py").run()
    assert headings(app) == ["Read", "Guess"] and "A number that remembers" in app.header[0].value


def test_an_address_that_asks_for_no_known_projection_is_remarked_on(open_page):
    for text, remarked in (("7", True), ("0", False)):
        app = open_page(present=text)
        assert ("present=7" in texts(app)) == remarked and "present" not in app.query_params


def test_no_address_shows_the_result_before_the_guess(open_page):
    app = open_page(lesson="untrained")
    assert headings(app) == ["Read", "Guess"] and not buttons(app) & {keys.COURSE_RUN, keys.COURSE_TRY}
    app.session_state[keys.COURSE].run(LESSON)
    app.run()
    assert headings(app) == ["Read", "Guess"]


def test_a_lesson_from_the_locked_guess_to_a_task_that_is_done(open_page):
    app = open_page(lesson="untrained")
    state = app.session_state[keys.COURSE]
    state.load("", lessons())
    state.lock(LESSON, {"loss": 1.0})
    app.run()
    assert headings(app) == ["Read", "Guess", "Run"]
    app.button(key=keys.COURSE_RUN).click().run()
    finished(app)
    assert headings(app) == ["Read", "Guess", "Run", "Compare", "Explain", "Try"]
    assert "You guessed 1 nat; measured: 3.41 nats. Score: 0%." in texts(app)
    assert "1 is nothing special" in app.info[0].value
    assert texts(app).count("○") == 3
    app.slider(key="try_untrained_symbols").set_value(3)  # at once with the press, in one run of the script
    app.button(key=keys.COURSE_TRY).click().run()
    finished(app)
    assert not app.exception and texts(app).count("✓") == 2 and texts(app).count("○") == 1
    assert r"$\ln 30 = " in texts(app) and r"$\ln 3 = " in texts(app)  # what was measured then, and now


def test_a_run_can_be_stopped_and_started_again(open_page):
    app = open_page(lesson="untrained")
    state = app.session_state[keys.COURSE]
    state.lock(LESSON, {"loss": 1.0})
    state.run(LESSON)
    state.run_of(LESSON).stop()
    app.run()
    if state.measured(LESSON) is None:
        assert "Stopped" in texts(app)
        app.button(key=keys.COURSE_RUN).click().run()
    assert "Compare" in headings(finished(app))


def test_everything_is_erased_with_one_press(open_page):
    app = open_page()
    state = app.session_state[keys.COURSE]
    state.load("", lessons())
    assert keys.COURSE_ERASE not in buttons(app.run())
    state.lock(LESSON, {"loss": 1.0})
    app.run().button(key=keys.COURSE_ERASE).click().run()
    assert state.records == {} and keys.COURSE_ERASE not in buttons(app)
    state.drafts = {"before": {"state": 1}}  # answers that are not handed in
    app.run().button(key=keys.COURSE_ERASE).click().run()
    assert state.drafts == {} and keys.COURSE_ERASE not in buttons(app)


def test_the_ten_questions_that_are_offered_are_those_that_fit(open_page):
    app = open_page()
    state = app.session_state[keys.COURSE]
    state.load("", lessons())

    def offered() -> dict[str, str]:
        return {one.key: one.label for one in app.run().button if one.key in ("open_before", "open_after")}

    def judge(names):
        for name in names:
            state.records[name] = LessonRecord({}, 0.5)

    assert offered() == {"open_before": "Ten questions before you begin (optional)"}
    judge(NAMES[:1])
    assert offered() == {"open_before": "Ten questions before the next lesson (optional)"}
    judge(NAMES)
    assert offered() == {"open_after": "Ten questions on the course (optional)"}
    app.selectbox(key=f"{keys.LESSON}_list_en_0").set_value("before").run()
    assert not app.radio and "only the questions after it are left" in texts(app)
    app.button(key="open_after").click().run()
    for radio in app.radio:
        radio.set_value(0)
    app.button[-1].click().run()
    assert [(one.label, one.value) for one in app.metric] == [("right after", "100%")]
    assert "no gain can be computed" in texts(app) and headings(app) == ["All answers"] and len(app.expander) == 10
    app.button(key=keys.COURSE_BACK).click().run()
    assert offered() == {"open_after": "Ten questions: your answers"}


def test_answers_to_the_ten_questions_that_are_not_handed_in_are_there_after_a_reload(open_page):
    app = open_page(lesson="before")
    app.session_state[keys.COURSE].load("", lessons())
    app.run().radio[4].set_value(2).run()
    again = open_page(lesson="before")
    again.session_state[keys.COURSE] = app.session_state[keys.COURSE]  # as a reload brings it back
    again.run()
    assert [radio.value for radio in again.radio] == [None] * 4 + [2] + [None] * 5


def test_the_ten_questions_show_no_answer_before_the_second_time(open_page):
    app = open_page(lesson="before")
    state = app.session_state[keys.COURSE]
    state.load("", lessons())
    app.run()
    assert len(app.radio) == 10 and all(radio.value is None for radio in app.radio)
    app.button[-1].click().run()
    for number, radio in enumerate(app.radio, start=1):
        if number not in (3, 7):
            radio.set_value(1)
    app.button[-1].click().run()
    assert app.warning[0].value == "Please answer all ten questions. Not yet answered: 3, 7."
    for radio in app.radio:
        radio.set_value(1)
    app.button[-1].click().run()
    assert not app.radio and not app.expander and list(state.quiz) == ["before"]
    assert app.button(key=keys.COURSE_NEXT).label == "Lesson 1: One letter is not enough"  # and it goes on
    app.selectbox(key=f"{keys.LESSON}_list_en_0").set_value("after").run()
    for radio in app.radio:
        radio.set_value(0)
    app.button[-1].click().run()
    assert [metric.value for metric in app.metric] == ["0%", "100%", "100%"]
    assert len(app.expander) == 10 and "you no longer think “the last 32 letters”" in texts(app)
    assert headings(app) == ["Misconceptions that are gone", "All answers"]
    state.quiz["before"]["state"], state.quiz["after"]["state"] = 0, 2
    assert "What the state holds: now you think “It keeps the first 100 words.”" in texts(app.run())
    assert headings(app) == ["Misconceptions that are gone", "New misconceptions", "All answers"]
    again = open_page(lesson="after")  # after a reload: the browser alone has kept it
    again.session_state[keys.COURSE].load(state.written, lessons())
    again.run()
    assert texts(again) == texts(app) and headings(again) == headings(app)
    assert [metric.value for metric in again.metric] == [metric.value for metric in app.metric] == ["10%", "90%", "89%"]
    state.quiz["before"] = dict.fromkeys(state.quiz["before"], 0)
    assert app.run().metric[2].value == "–" and "There was nothing to gain" in texts(app)
