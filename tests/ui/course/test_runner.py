"""A lesson's run: in turns with other training, stoppable, and its failures are told."""

import threading

import pytest
from visits import until

from rnn_core.errors import ConfigError
from ui.course import runner
from ui.course.lesson import Progress
from ui.course.runner import LessonRun
from ui.training.scheduler import Scheduler


def items(count, gate=None):
    for number in range(count):
        if gate is not None:
            gate.wait(60)
        yield Progress(number / count)
    yield Progress(1.0, measured="all")


def test_it_goes_to_its_end_and_leaves_its_place():
    scheduler = Scheduler(1, 0.0)
    run = LessonRun("one", items(5), scheduler)
    until(lambda: run.status != "running")
    assert (run.status, run.measured, run.progress.share) == ("done", "all", 1.0)
    until(lambda: scheduler.training == 0)


def test_a_quick_run_can_be_watched_and_gives_up_its_place_between_two_items(monkeypatch):
    monkeypatch.setattr(runner, "PAUSE", 30.0)
    turns = Scheduler(1, 0.0)
    run = LessonRun("one", iter([Progress(0.25), Progress(1.0, measured="all")]), turns)
    until(lambda: run.progress.share == 0.25 and turns.training == 0)
    assert run.status == "running" and turns.enter("somebody", lambda: None)
    run.stop()
    assert run.status == "stopped"


def test_it_waits_for_its_turn_and_holds_no_thread_meanwhile():
    scheduler, called = Scheduler(1, 0.0), threading.Event()
    assert scheduler.enter("somebody", called.set)
    runs = [LessonRun(number, items(2), scheduler) for number in range(20)]  # more than there are threads
    until(lambda: scheduler.waiting == 20)
    assert {run.status for run in runs} == {"running"} and runs[0].measured is None
    assert sorted(run.waiting for run in runs) == list(range(1, 21))
    scheduler.leave("somebody")
    until(lambda: all(run.status == "done" for run in runs))
    until(lambda: (scheduler.training, scheduler.waiting) == (0, 0))


def test_a_stop_ends_it_and_nothing_is_measured():
    scheduler, gate = Scheduler(1, 0.0), threading.Event()
    run = LessonRun("one", items(5, gate), scheduler)
    run.stop()
    gate.set()
    until(lambda: (scheduler.training, scheduler.waiting) == (0, 0))
    assert (run.status, run.measured) == ("stopped", None)


def test_a_stop_in_line_gives_up_the_wait():
    scheduler = Scheduler(1, 0.0)
    assert scheduler.enter("somebody", lambda: None)
    run = LessonRun("one", items(5), scheduler)
    until(lambda: scheduler.waiting == 1)
    run.stop()
    assert scheduler.waiting == 0
    scheduler.leave("somebody")
    assert run.status == "stopped" and scheduler.training == 0


def broken(problem):
    yield Progress(0.0)
    raise problem


@pytest.mark.parametrize(
    ("problem", "told"), [(ConfigError("too large"), "too large"), (ZeroDivisionError(), "unexpected")]
)
def test_a_failure_is_told(problem, told):
    scheduler = Scheduler(1, 0.0)
    run = LessonRun("one", broken(problem), scheduler)
    until(lambda: run.status != "running")
    assert (run.status, run.error, run.measured) == ("failed", told, None)
    until(lambda: scheduler.training == 0)


def test_a_run_that_measures_nothing_has_failed():
    run = LessonRun("one", iter([Progress(0.5)]), Scheduler(1, 0.0))
    until(lambda: run.status != "running")
    assert run.status == "failed"
