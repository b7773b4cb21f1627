"""Progress on the list of lessons: the name on the file that is handed in."""

from types import SimpleNamespace

from visits import visits

from ui.course.lessons import lesson, lessons
from ui.course.progress import view
from ui.course.progress.hand_in import LONGEST_NAME, Verification
from ui.course.progress.link import packed
from ui.course.questions import IDEAS
from ui.course.record import LessonRecord
from ui.course.state import CourseState
from ui.settings import keys


def test_a_name_that_is_too_long_is_told():
    with visits("course", parts=(keys.COURSE_HAND_IN,)) as open_page:
        app = open_page()
        state = app.session_state[keys.COURSE]
        state.load("", {})
        state.lock(lesson("untrained"), {"loss": 3.0})
        field = app.run().text_input(key=keys.COURSE_NAME)
        assert not field.max_chars  # a browser would drop a longer one without a word
        field.set_value("A" * LONGEST_NAME).run()
        assert not app.exception and not app.warning
        app.text_input(key=keys.COURSE_NAME).set_value("A" * (LONGEST_NAME + 1)).run()
        assert "its first 100 characters" in app.warning[0].value


def test_a_link_says_what_it_brings(monkeypatch):
    told = []
    quiet = SimpleNamespace(
        success=told.append,
        warning=told.append,
        columns=lambda count: [SimpleNamespace(button=lambda *_given, **_more: None)] * count,
        button=lambda *_given, **_more: None,
    )
    monkeypatch.setattr(view, "st", quiet)
    state, every = CourseState(), lessons()
    quiz = {"before": dict.fromkeys(IDEAS, 1)}
    state.arrive(packed({}, quiz), "now", every)
    view.arrival_view(state, str)
    loss = LessonRecord({"loss": 3.0})
    state.arrive(packed({"untrained": loss}, quiz | {"after": dict.fromkeys(IDEAS, 0)}), "then", every)
    view.arrival_view(state, str)
    before, after = "ten questions before the course", "ten questions after the course"
    assert told == [
        f"Your progress came with the link: {before}.",
        f"This link brings progress from another device: 1 lesson with a guess, {before}, {after}. "
        f"In this browser: {before}.",
    ]


def test_a_title_in_a_file_is_text(monkeypatch):
    told = []
    quiet = SimpleNamespace(success=told.append, warning=told.append, text=told.append)
    monkeypatch.setattr(view, "st", quiet)
    monkeypatch.setattr(view, "table", lambda *_given: None)
    record = {"name": "Ada", "date": "2026-01-01", "lessons": [], "questions": {"right": {}}}
    title = "![](https://elsewhere/1.png) **All right**"
    view._show_result(Verification(record, True, (title,), (title,), (title,)), str)
    assert sum("All right" in line for line in told) == 3 and not any("![](" in line or "**" in line for line in told)
