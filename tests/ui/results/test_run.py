"""A result measured now: stopped, continued, left alone, crowded out, failed."""

import dataclasses
import threading

import pytest
from visits import until

import ui.results.run
from ui.network.results import adding
from ui.network.results.measuring import measure
from ui.network.results.record import Network
from ui.results.run import ResultRun
from ui.training.scheduler import Scheduler

VALUES = {"data": "adding", "adding_sequence_length": 5, "cell": "rnn_tanh", "hidden_size": 4, "batch_size": 4}
SMALL = dataclasses.replace(
    adding.RESULT, networks={"tanh": Network("tanh", VALUES, 60, every=10, seeds=(0, 1))}, checks=()
)


def held(result=SMALL):
    """The result, and what lets each look at its networks happen."""
    gate = threading.Semaphore(0)

    def slow(run, network):
        looks = result.measure(run, network)
        while True:
            gate.acquire()
            try:
                yield next(looks)
            except StopIteration as end:
                return end.value

    return dataclasses.replace(result, measure=slow), gate


def ended(run):
    until(lambda: run.status != "running")
    return run.status


def test_it_measures_what_the_test_measures():
    run = ResultRun(SMALL)
    assert (run.status, run.left, run.trials) == ("ready", None, None)
    run.start()
    assert ended(run) == "done" and run.trials == measure(SMALL) and run.step.share == 1 and run.seconds > 0
    assert run.left == 0
    run.start()  # again, from the beginning
    assert ended(run) == "done" and run.trials == measure(SMALL)


def test_it_is_stopped_and_continues_where_it_was():
    result, gate = held()
    run = ResultRun(result)
    run.start()
    gate.release(2)
    until(lambda: run.step.share > 0.1)
    run.stop()
    assert run.status == "stopped"
    gate.release()  # the look that was under way
    until(lambda: not run._lock.locked())
    share = run.step.share
    assert 0 < share < 1 and run.left > 0
    gate.release(100)
    assert run.step.share == share  # it rests
    run.start()
    assert ended(run) == "done" and run.trials == measure(SMALL)


def test_presses_on_stop_and_continue_at_once_lose_nothing():
    result, gate = held()
    run = ResultRun(result)
    for _press in range(3):
        run.start()
        run.stop()
        assert run.status == "stopped"  # before its first look, too
    run.start()
    gate.release(100)
    assert ended(run) == "done" and run.trials == measure(SMALL)


def test_it_stops_where_nobody_looks(monkeypatch):
    monkeypatch.setattr(ui.results.run, "LEFT", -1.0)
    run = ResultRun(SMALL)
    run.start()
    assert ended(run) == "stopped" and run.trials is None
    monkeypatch.undo()
    run.start()
    assert ended(run) == "done"


def test_no_more_than_so_many_are_measured_at_a_time(monkeypatch):
    monkeypatch.setattr(ui.results.run, "MOST", threading.BoundedSemaphore(1))
    result, gate = held()
    first, second = ResultRun(result), ResultRun(SMALL)
    first.start()
    gate.release()
    until(lambda: first.step.share > 0)
    second.start()
    assert ended(second) == "ready" and second.refused
    gate.release(100)
    assert ended(first) == "done"
    until(lambda: not first._lock.locked())
    second.start()
    assert ended(second) == "done" and not second.refused


def test_it_takes_turns_with_who_trains():
    scheduler = Scheduler(places=1, turn=0)
    assert scheduler.enter("another", lambda: None)
    run = ResultRun(SMALL, scheduler)
    run.start()
    until(lambda: scheduler.place_of(run) == 1)
    assert run.step.share == 0
    run.stop()
    until(lambda: not run._lock.locked())
    assert scheduler.waiting == 0  # it does not wait in line any more
    run.start()
    scheduler.leave("another")
    assert ended(run) == "done"
    until(lambda: scheduler.training == 0)


def test_one_that_fails_says_so_and_can_be_started_again(caplog):
    broken = [True]

    def measured(run, network):
        if broken.pop() if broken else False:
            raise ArithmeticError("by hand")
        return (yield from SMALL.measure(run, network))

    run = ResultRun(dataclasses.replace(SMALL, measure=measured))
    run.start()
    assert ended(run) == "failed" and "by hand" in caplog.text
    run.start()
    assert ended(run) == "done"


@pytest.fixture(autouse=True)
def nothing_is_left_running():
    yield
    assert ui.results.run.MOST.acquire(timeout=30)
    ui.results.run.MOST.release()
