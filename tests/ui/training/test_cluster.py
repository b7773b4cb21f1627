"""Trials on a real Dask cluster: processes of `python -m ui.training.executor` on free ports of this machine."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # distributed brings it along
import pytest
from cluster_trials import failing, held
from sessions import entered
from visits import PATIENCE, until

from ui import environment
from ui.arena.records import Contender, Match, Plan
from ui.arena.session import ArenaSession
from ui.arena.sweep import Sweep
from ui.i18n import LANGUAGES, language
from ui.training.executor import cluster as connection
from ui.training.executor.cluster import Cluster, State
from ui.training.executor.executor import Call, Executor
from ui.training.executor.identity import differences, identity
from ui.training.executor.messages import where, who_trains
from ui.training.scheduler import SCHEDULER
from ui.training.snapshot import Training

ROOT = Path(__file__).parents[3]
GRU = Contender("gru", 4)
TRAINING = Training(clip_norm=1.0)
MATCH = Match("recall", (("batch_size", 4), ("delay", 2), ("symbols", 4)), (GRU, Contender("gru", 3)))
PLAN = Plan(MATCH, TRAINING, "delay", (2, 3), seeds=2, budget=75)


@contextmanager
def started(workers):
    """The address of a scheduler with so many workers, and its process; both are gone afterwards."""
    variables = os.environ | {"PYTHONPATH": str(ROOT / "tests")}
    command = [sys.executable, "-m", "ui.training.executor", str(workers), "0"]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().split(f"{environment.SCHEDULER}=")[1].split()[0], process
        finally:
            process.terminate()  # SIGINT is ignored in what a shell has started in the background
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def address():
    with started(workers=2) as (found, _process):
        yield found


@contextmanager
def connected(address, kind="ready"):
    """A connection that has come to this."""
    made = Cluster(address)
    try:
        assert made.connected.wait(PATIENCE)
        assert made.state.kind == kind
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def cluster(address):
    with connected(address) as made:
        yield made


@pytest.fixture
def executor(cluster):
    made = Executor(cluster=lambda: cluster)
    yield made
    made.rest()


@pytest.fixture
def used(address, monkeypatch):
    """The environment names the cluster."""
    monkeypatch.setattr(connection, "_shared", None)
    monkeypatch.setenv(environment.SCHEDULER, address)
    yield
    connection.shared().close()


def begun(folder, name=""):
    return sorted(folder.glob(f"begun-{name}*"))


def running(process):
    """Whether it computes; one that has ended may still stand in the system's list."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    return False


def finished(executor, calls):
    return {done.key: done.result for done in executor.run(calls)}


def outcomes(executor):
    sweep = Sweep(PLAN)
    sweep._executor = executor
    while sweep.work(0.05):
        pass
    return sweep.outcomes


def test_the_same_bits_here_and_on_the_cluster(executor):
    there = outcomes(executor)
    assert not executor.here() and there == outcomes(Executor(cluster=lambda: None)) and len(there) >= 4


def test_each_result_comes_as_soon_as_it_is_there_and_progress_before(executor, tmp_path):
    slow, fast = tmp_path / "slow", tmp_path / "fast"
    slow.mkdir()
    fast.mkdir()
    (fast / "open").touch()
    results = executor.run({"slow": Call(held, (slow, "slow")), "fast": Call(held, (fast, "fast"))})
    done = next(results)
    assert (done.key, done.result) == ("fast", "fast") and done.seconds >= 0
    until(lambda: executor.work({"slow": Call(held, (slow, "slow"))}, 0) == [] and executor.running)
    assert executor.running["slow"].progress == 0.5 and not list(slow.glob("ended-*"))
    (slow / "open").touch()
    assert [done.key for done in results] == ["slow"]


def test_of_a_killed_worker_the_unfinished_trial_alone_runs_again(executor, tmp_path):
    calls = {name: Call(held, (tmp_path, name)) for name in "abc"}
    executor.work(calls, 0)
    first = until(lambda: (files := begun(tmp_path)) and len(files) == 2 and files)
    victim = first[0].name.split("-")
    os.kill(int(victim[2]), signal.SIGKILL)
    (tmp_path / "open").touch()
    assert finished(executor, calls) == {"a": "a", "b": "b", "c": "c"}
    other = first[1].name.split("-")[1]
    assert len(begun(tmp_path, victim[1])) == 2 and len(begun(tmp_path, other)) == 1


def test_where_all_workers_are_killed_those_that_come_take_over(executor, tmp_path):
    calls = {name: Call(held, (tmp_path, name)) for name in "abc"}
    executor.work(calls, 0)
    for file in until(lambda: (files := begun(tmp_path)) and len(files) == 2 and files):
        os.kill(int(file.name.split("-")[2]), signal.SIGKILL)
    (tmp_path / "open").touch()
    assert finished(executor, calls) == {"a": "a", "b": "b", "c": "c"}


def test_who_stops_stops_the_workers(executor, tmp_path):
    calls = {name: Call(held, (tmp_path, name)) for name in "abc"}
    executor.work(calls, 0)
    until(lambda: len(begun(tmp_path)) == 2)
    executor.rest()
    until(lambda: len(list(tmp_path.glob("ended-*"))) == 2)
    assert len(begun(tmp_path)) == 2 and executor.running == {}  # the third has not begun
    (tmp_path / "open").touch()
    assert finished(executor, calls) == {"a": "a", "b": "b", "c": "c"}  # whoever goes on begins them anew


def test_what_a_trial_raises_is_raised_here(executor):
    with pytest.raises(ArithmeticError, match="by hand"):
        finished(executor, {1: Call(failing, ())})


def test_a_sweep_of_the_page_needs_no_turn_where_others_train(used, monkeypatch):
    monkeypatch.setattr("ui.arena.session.SCHEDULER.places", 0)
    with entered(ArenaSession) as session:
        session.request(MATCH, TRAINING)
        session.pause()
        session.plan(PLAN)
        session.sweep()
        until(lambda: session.sweep_view is not None and session.sweep_view.finished)
        assert session.sweep_view.cluster.kind == "ready" and SCHEDULER.waiting == 0
    assert list(session.sweep_view.outcomes) == outcomes(Executor(cluster=lambda: None))


# What goes wrong


def test_a_worker_that_differs_is_refused_and_it_is_said_why(address, monkeypatch, caplog, tmp_path):
    mine = {**identity(), "numpy": "0.0"}
    monkeypatch.setattr(connection, "identity", lambda: mine)
    with connected(address) as made:
        until(lambda: len(made.state.refused) == 2)
        assert made.state.places == 0 and set(made.state.refused) == {(("numpy", identity()["numpy"], "0.0"),)}
        assert "get no trials" in caplog.text
        executor = Executor(cluster=lambda: made)
        (tmp_path / "open").touch()
        calls = {1: Call(held, (tmp_path, "one"))}
        assert executor.work(calls, 0) == [] and not executor.here() and begun(tmp_path) == []
        monkeypatch.setattr(connection, "ALONE", 0.0)
        assert finished(executor, calls) == {1: "one"} and begun(tmp_path)[0].name.endswith(f"-{os.getpid()}")
        assert executor.state.kind == "alone" and "0.0 here" in where(executor.state, True, language("en").gettext)[1]


def test_a_scheduler_that_goes_away_takes_nothing_along(tmp_path):
    calls = {name: Call(held, (tmp_path, name)) for name in "ab"}
    with started(workers=1) as (address, process), connected(address) as made:
        executor = Executor(cluster=lambda: made)
        until(lambda: executor.work(calls, 0) == [] and begun(tmp_path))
        process.kill()
        worker = int(begun(tmp_path)[0].name.split("-")[2])
        until(lambda: not running(worker))  # what it trained is nobody's any more
        (tmp_path / "open").touch()
        assert finished(executor, calls) == {"a": "a", "b": "b"}
        assert executor.here() and executor.state.kind == "lost"
        assert {int(file.name.split("-")[2]) for file in begun(tmp_path)} == {worker, os.getpid()}


def test_a_scheduler_that_is_frozen_is_noticed_long_before_its_connections_are_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(connection, "ANSWER", 0.5)
    calls = {1: Call(held, (tmp_path, "one"))}
    with started(workers=1) as (address, process), connected(address) as made:
        executor = Executor(cluster=lambda: made)
        until(lambda: executor.work(calls, 0) == [] and begun(tmp_path))
        process.send_signal(signal.SIGSTOP)
        try:
            until(lambda: made.state.kind == "lost", seconds=20)  # Dask itself waits for 30
            (tmp_path / "open").touch()
            assert finished(executor, calls) == {1: "one"} and executor.here()
        finally:
            process.send_signal(signal.SIGCONT)


def test_where_nothing_answers_it_is_trained_here(monkeypatch, caplog):
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    with connected("tcp://127.0.0.1:1", "unreachable") as made:
        executor = Executor(cluster=lambda: made)
        assert finished(executor, {1: Call(iterated, (3,))}) == {1: 3} and executor.state.kind == "unreachable"
    assert "unreachable" in caplog.text


def test_without_the_package_it_is_trained_here_and_said_what_is_missing(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with connected("tcp://127.0.0.1:1", "missing") as made:
        assert finished(Executor(cluster=lambda: made), {1: Call(iterated, (3,))}) == {1: 3}
    assert "requirements-cluster.txt" in caplog.text
    said = where(made.state, True, language("en").gettext)
    assert "requirements-cluster.txt" in said[0]


def iterated(n):
    yield from range(n)
    return n


def test_a_scheduler_that_failed_is_tried_again_after_a_while(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setenv(environment.SCHEDULER, "tcp://127.0.0.1:1")
    monkeypatch.setattr(connection, "_shared", None)
    first = connection.shared()
    assert first.connected.wait(PATIENCE) and connection.shared() is first
    monkeypatch.setattr(connection, "AGAIN", -1.0)
    second = connection.shared()
    assert second is not first
    for made in (first, second):
        made.close()
    monkeypatch.delenv(environment.SCHEDULER)
    assert connection.shared() is None


def test_what_differs_is_named():
    mine = identity()
    assert differences(mine, mine) == [] and len(mine["sources"]) == 12
    assert differences({}, {"numpy": "2.4.6"}) == [("numpy", "", "2.4.6")]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", ["connecting", "ready", "missing", "unreachable", "lost", "alone"])
def test_every_state_is_told_in_every_language(kind, code):
    _ = language(code).gettext
    refused = ((("numpy", "1", "2"), ("scipy", "", "3")),)
    told = [where(State(kind, places, refused), True, _) for places in (0, 1, 2)]
    assert all(len(one) == 2 and all(one) and "{" not in "".join(one) for one in told)
    assert where(None, True, _) == []
    said = who_trains(State(kind, 2, refused), "tcp://a:1", False, _)
    assert "tcp://a:1" in said[0] and len(said) == 3 and who_trains(None, "", True, _) == who_trains(None, "", False, _)
    assert bool(where(State(kind, 1), False, _)) == (kind not in ("connecting", "ready"))  # who rests waits for nobody
