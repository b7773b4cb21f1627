"""Capacity: so many visitors, whatever pages they open, and whoever leaves makes room."""

import threading

import pytest

from ui.environment import SESSIONS
from ui.training.capacity import Capacity

PATIENCE = 120.0  # seconds until a test gives up


def test_capacity_is_kept_by_many_threads_at_once():
    capacity, together, answers = Capacity(7), threading.Barrier(40), []

    def visit(key):
        together.wait(PATIENCE)
        answers.append(capacity.admit(key))

    threads = [threading.Thread(target=visit, args=(key,)) for key in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert (answers.count(True), answers.count(False), capacity.admitted) == (7, 33, 7)


def test_a_visitor_is_admitted_once_and_released_once():
    capacity = Capacity(2)
    assert [capacity.admit(key) for key in "aabba"] == [True] * 5
    assert not capacity.admit("c")
    capacity.release("a")
    capacity.release("a")
    capacity.release("c")
    assert [capacity.admit(key) for key in "cd"] == [True, False]


def test_the_limit_is_said_by_the_environment(monkeypatch):
    monkeypatch.delenv(SESSIONS, raising=False)
    assert Capacity().limit == 64
    monkeypatch.setenv("RNN_LAB_SESSIONS", " ")
    assert Capacity().limit == 64
    monkeypatch.setenv("RNN_LAB_SESSIONS", "3")
    assert Capacity().limit == 3
    assert Capacity(5).limit == 5


@pytest.mark.parametrize("said", ["0", "-1", "many", "1.5"])
def test_an_environment_that_says_nonsense(monkeypatch, said):
    monkeypatch.setenv("RNN_LAB_SESSIONS", said)
    with pytest.raises(ValueError, match=f"RNN_LAB_SESSIONS is '{said}'"):
        Capacity()


def test_a_limit_below_one():
    with pytest.raises(ValueError, match="limit is 0"):
        Capacity(0)
