"""The course in one tab: nothing runs before the guess is locked, and nothing that is locked changes."""

import json

import pytest
from visits import until

from ui.course.lessons import lessons
from ui.course.questions import IDEAS
from ui.course.record import LONGEST, LessonRecord, parsed, written
from ui.course.state import CourseState

LESSON = lessons()["untrained"]
GUESS = {"loss": 3.5}


@pytest.fixture
def state():
    one = CourseState()
    one.load("", lessons())
    yield one
    one.stop()


def test_nothing_runs_before_the_guess_is_locked(state):
    state.run(LESSON)
    state.attempt(LESSON, {"symbols": 5})
    assert state.run_of(LESSON) is None and state.try_of(LESSON) is None and state.measured(LESSON) is None
    for nonsense in (None, {}, {"loss": -1}, {"loss": "3"}):
        assert not state.lock(LESSON, nonsense)
    state.run(LESSON)
    assert state.run_of(LESSON) is None


def test_a_locked_guess_stays_what_it_was(state):
    assert state.lock(LESSON, GUESS) and state.lock(LESSON, {"loss": 1.0})
    assert state.answers(LESSON) == GUESS
    other = json.dumps({"version": 1, "lessons": {"untrained": {"answers": {"loss": 9}}}})
    state.load(other, lessons())
    assert state.answers(LESSON) == GUESS


def test_the_run_judges_the_guess_and_then_there_is_something_to_try(state):
    state.lock(LESSON, GUESS)
    state.attempt(LESSON, {"symbols": 5})
    assert state.try_of(LESSON) is None  # not before the lesson's own run
    state.run(LESSON)
    until(lambda: state.measured(LESSON) is not None)
    assert 0.9 < state.records["untrained"].score < 1
    state.attempt(LESSON, {"symbols": 5})
    until(lambda: state.attempted(LESSON))
    assert state.records["untrained"].tasks == {0}
    state.attempt(LESSON, {"symbols": 250})
    until(lambda: state.attempted(LESSON) and len(state.records["untrained"].tasks) == 2)  # what was done stays done


def test_a_reload_knows_the_guess_and_the_score_but_not_the_result(state):
    state.lock(LESSON, GUESS)
    state.run(LESSON)
    until(lambda: state.measured(LESSON) is not None)
    again = CourseState()
    again.load(state.written, lessons())
    assert again.records == state.records
    assert again.measured(LESSON) is None and again.answers(LESSON) == GUESS


def test_erasing_forgets_everything_and_stops_what_runs(state):
    state.lock(LESSON, GUESS)
    state.run(LESSON)
    run = state.run_of(LESSON)
    state.erase()
    assert run.status in ("stopped", "done") and state.records == {} and state.measured(LESSON) is None
    assert state.erased and json.loads(state.written)["lessons"] == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[" * 100_000,
        "null",
        "[]",
        '{"version": 1}',
        '{"version": 2, "lessons": {"untrained": {"answers": {"loss": 3}}}}',
        '{"version": 1, "lessons": []}',
        '{"version": 1, "lessons": {"untrained": 3, "nothing": {}}}',
        '{"version": 1, "lessons": {"untrained": {"answers": {"loss": 1e99}}}, "quiz": ["x"]}',
        '{"version": 1, "lessons": {"untrained": {"answers": {"loss": NaN}}}, "quiz": {"before": {"state": 0}}}',
        " " * (LONGEST + 1),
    ],
)
def test_what_a_browser_cannot_have_kept_is_left_out(text):
    assert parsed(text, lessons()) == ({}, {})


def test_a_record_comes_back_as_it_was_and_odd_parts_of_it_are_left_out():
    records = {"untrained": LessonRecord({"loss": 3.5}, 0.5, {0, 2})}
    quiz = {"before": dict.fromkeys(IDEAS, 3)}
    assert parsed(written(records, quiz), lessons()) == (records, quiz)
    odd = {"answers": {"loss": 3.5, "more": 1}, "score": 7, "tasks": [0, 9, True, "x", -1]}
    text = json.dumps({"version": 1, "lessons": {"untrained": odd}})
    assert parsed(text, lessons())[0] == {"untrained": LessonRecord({"loss": 3.5}, None, {0})}


def test_the_ten_questions_are_answered_once_and_the_first_time_first(state):
    right, wrong = dict.fromkeys(IDEAS, 0), dict.fromkeys(IDEAS, 1)
    assert not state.hand_in("after", right) and not state.hand_in("before", {"state": 0})
    assert state.hand_in("before", wrong) and state.hand_in("before", right) and state.quiz == {"before": wrong}
    assert state.hand_in("after", right) and state.quiz["after"] == right
    state.erase()
    assert state.quiz == {}
