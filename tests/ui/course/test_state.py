"""The course in one tab: nothing runs before the guess is locked, and nothing that is locked changes."""

import json

import pytest
from visits import until

from ui.course.lesson import finish
from ui.course.lessons import lessons
from ui.course.progress.link import packed
from ui.course.questions import IDEAS
from ui.course.record import LONGEST, LessonRecord, parsed, written
from ui.course.state import LARGEST, CourseState
from ui.training import presence
from ui.training.capacity import Capacity

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


def test_a_guess_of_a_class_counts_where_there_is_none_yet(state):
    measured = finish(LESSON.run(LESSON.seed))
    empty = CourseState()
    empty.adopt(LESSON, GUESS, measured)  # before the browser has said what it kept
    assert empty.records == {}
    state.adopt(LESSON, GUESS, None)
    assert state.answers(LESSON) == GUESS and state.records["untrained"].score is None
    state.adopt(LESSON, GUESS, measured)
    assert state.records["untrained"].score == pytest.approx(LESSON.score(GUESS, measured))
    assert state.measured(LESSON) is None and state.records["untrained"].truth["loss"] == pytest.approx(3.41, abs=0.01)
    other = CourseState()
    other.load("", lessons())
    other.lock(LESSON, {"loss": 9.0})
    other.adopt(LESSON, GUESS, measured)
    assert other.answers(LESSON) == {"loss": 9.0} and other.records["untrained"].score is None


def test_a_file_that_is_handed_in_is_made_anew_once_something_else_was_measured(state):
    state.ask_for_file()
    state.take_charts(state.charts_asked, {})
    assert state.has_file
    state.adopt(LESSON, GUESS, finish(LESSON.run(LESSON.seed)))
    assert not state.has_file
    assert state.kept_chart(LESSON) is None and state.charts_asked != state.charts_sent
    state.take_charts(state.charts_asked, {LESSON.name: "<svg/>"})
    asked = state.charts_asked
    assert state.kept_chart(LESSON) == "<svg/>" and state.charts_asked == asked and not state.has_file


def test_what_no_number_was_measured_of_is_judged_as_nothing(state):
    [verdict] = LESSON.verdicts(GUESS, {"loss": None})
    assert verdict.score == 0 and verdict.measured != verdict.measured


def test_what_another_tab_has_locked_is_locked_here_too(state):
    other = CourseState()
    other.load("", lessons())
    other.lock(LESSON, GUESS)
    state.follow(other.written, False, lessons())
    assert state.lock(LESSON, {"loss": 1.0}) and state.answers(LESSON) == GUESS
    other.run(LESSON)
    until(lambda: other.measured(LESSON) is not None)
    other.records["untrained"].tasks |= {1}
    state.records["untrained"].tasks |= {0}
    state.follow(other.written, False, lessons())
    record = state.records["untrained"]
    assert record.tasks == {0, 1} and record.score == other.records["untrained"].score
    assert state.measured(LESSON) is None  # nothing was run here
    state.follow(json.dumps({"version": 1, "lessons": {}}), False, lessons())
    assert state.answers(LESSON) == GUESS
    state.follow(json.dumps({"version": 1, "lessons": {"state": {}}}), True, lessons())
    assert state.records == {}


def test_a_lesson_that_has_become_another_is_not_locked_by_what_is_kept_of_it(state):
    state.lock(LESSON, GUESS)
    kept = state.written
    state.forget(LESSON)
    state.follow(kept, False, lessons())
    assert state.answers(LESSON) is None
    assert state.lock(LESSON, {"loss": 1.0}) and state.answers(LESSON) == {"loss": 1.0}


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
    huge = 10**400  # JSON can write it, and no float holds it
    for score in (7, huge):
        text = json.dumps({"version": 1, "lessons": {"untrained": odd | {"score": score}}})
        assert parsed(text, lessons())[0] == {"untrained": LessonRecord({"loss": 3.5}, None, {0})}
    text = json.dumps({"version": 1, "lessons": {"untrained": odd | {"score": 1, "truth": {"loss": huge}}}})
    assert parsed(text, lessons())[0]["untrained"].truth == {"loss": None}


def test_the_ten_questions_are_answered_once_and_the_first_time_first(state):
    right, wrong = dict.fromkeys(IDEAS, 0), dict.fromkeys(IDEAS, 1)
    assert not state.hand_in("after", right) and not state.hand_in("before", {"state": 0})
    assert state.hand_in("before", wrong) and state.hand_in("before", right) and state.quiz == {"before": wrong}
    assert state.hand_in("after", right) and state.quiz["after"] == right
    state.erase()
    assert state.quiz == {}
    assert not state.hand_in("before", wrong, done=True)  # after the course nobody answers as before it
    assert state.hand_in("after", right, done=True) and not state.hand_in("before", wrong)
    assert state.quiz == {"after": right}


def test_a_run_takes_a_place_of_the_server_until_it_ends(state, monkeypatch):
    places = Capacity(1)
    monkeypatch.setattr(presence, "CAPACITY", places)
    state.lock(LESSON, GUESS)
    assert places.admit("somebody else")
    state.run(LESSON)
    assert state.refused and state.run_of(LESSON) is None
    places.release("somebody else")
    state.run(LESSON)
    assert not state.refused
    until(lambda: state.measured(LESSON) is not None and places.admitted == 0)
    state.attempt(LESSON, {"symbols": 5})
    state.stop()
    assert places.admitted == 0
    assert places.admit(state.visitor, "a network of the Lab")
    state.attempt(LESSON, {"symbols": 5})  # the same person: one place for both
    until(lambda: state.attempted(LESSON))
    assert not state.refused and places.admitted == 1


def test_progress_from_a_link_is_taken_up_at_once_where_there_is_none_and_else_asked_for(state):
    brought = packed({"untrained": LessonRecord(GUESS, 0.95, {1}, {"loss": 3.41})}, {"before": dict.fromkeys(IDEAS, 1)})
    state.arrive(brought, "1", lessons())
    assert state.arrival.taken and state.records["untrained"].tasks == {1} and "before" in state.quiz and state.erased
    state.erase()
    state.lock(LESSON, {"loss": 1.0})
    state.run(LESSON)
    until(lambda: state.measured(LESSON) is not None)
    state.arrive(brought, "2", lessons())
    assert state.arrival.open and state.answers(LESSON) == {"loss": 1.0}
    state.decide(False)
    assert not state.arrival.open and state.answers(LESSON) == {"loss": 1.0}
    erased = state.erased
    state.arrive(packed(state.records, state.quiz), "same", lessons())
    assert state.arrival.taken and state.erased == erased and state.measured(LESSON) is not None  # nobody is asked
    state.arrive(brought, "3", lessons())
    state.decide(True)
    assert state.answers(LESSON) == GUESS and state.measured(LESSON) is None  # measured for another guess
    state.arrive(brought[:-1], "4", lessons())
    assert state.arrival.content is None and not state.arrival.open and state.answers(LESSON) == GUESS


def test_what_was_measured_is_kept_with_the_score(state):
    state.lock(LESSON, GUESS)
    state.run(LESSON)
    until(lambda: state.measured(LESSON) is not None)
    record = parsed(state.written, lessons())[0]["untrained"]
    assert record.truth == {"loss": pytest.approx(3.41, abs=0.01)}
    text = json.dumps({"version": 1, "lessons": {"untrained": {"answers": GUESS, "truth": {"loss": 3.4}}}})
    assert parsed(text, lessons())[0]["untrained"].truth is None  # not judged: then nothing was measured
    for odd in ("x", None, True, [3], float("nan")):
        text = json.dumps(
            {"version": 1, "lessons": {"untrained": {"answers": GUESS, "score": 1, "truth": {"loss": odd}}}}
        )
        assert parsed(text, lessons())[0]["untrained"].truth == {"loss": None}


def test_drawings_alone_are_taken_from_the_browser(state):
    state.ask_for_charts()
    kept = {"untrained": "<svg/>", "state": "<html>", "reach": 3, "gates": "<svg" + "x" * LARGEST}
    state.take_charts(state.charts_asked, kept)
    assert state.charts == {"untrained": "<svg/>"} and state.charts_sent == state.charts_asked
