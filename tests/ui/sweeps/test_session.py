"""The session of a sweep: nothing trains before the press; it stops, goes on, stays while another page is shown."""

import pytest
from sessions import entered
from sweep_plans import plan
from visits import until

from ui.sweeps.session import SweepsSession
from ui.sweeps.sweep import SweepRun
from ui.sweeps.trial import Cost


@pytest.fixture
def session():
    with entered(SweepsSession) as one:
        yield one


def view(session):
    session.seen()
    return session.snapshot.view


def test_nothing_trains_before_the_press_and_the_time_is_estimated(session):
    session.plan(plan())
    until(lambda: session.cost is not None and session.cost.ended)
    shown = until(lambda: view(session))
    assert shown.setup == plan() and not shown.outcomes and not shown.running and session.cost.seconds > 0
    session.plan(plan(seeds=2))
    until(lambda: view(session).setup.seeds == 2)
    session.sweep()
    until(lambda: view(session).finished)
    assert not view(session).running and session.snapshot.status == "paused"


def test_it_stops_and_goes_on_with_what_it_has(session):
    long = plan(budget=10**6)
    session.plan(long)
    session.sweep()
    until(lambda: view(session) and view(session).current)
    session.pause()
    until(lambda: not view(session).running)
    before = view(session)
    session.plan(plan(seeds=3))  # other settings beside it change nothing of it
    until(lambda: session.cost.plan.seeds == 3)
    assert view(session).setup == long and view(session).share == before.share < 1
    session.sweep()
    until(lambda: view(session).share > before.share)
    assert view(session).run == before.run and view(session).setup == long
    session.sweep_anew()
    until(lambda: view(session).run == before.run + 1)
    assert view(session).setup.seeds == 3


def test_what_no_sweep_has_is_no_harm(session):
    session.sweep()
    session.plan(None)
    session.plan(plan())
    session.step()
    session.reset()
    session.untrain()
    until(lambda: session.cost is not None and session.cost.ended)
    assert not view(session).outcomes and not view(session).running


def test_an_error_stops_it_and_is_told(session, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("a trial broke")
        yield

    monkeypatch.setattr("ui.sweeps.session.SweepRun", lambda number, plan: SweepRun(number, plan, broken))
    session.plan(plan())
    session.sweep()
    until(lambda: session.snapshot.notice)
    assert session.snapshot.notice.kind == "error" and "a trial broke" in session.snapshot.notice.values["detail"]
    until(lambda: not view(session).running)


def test_an_estimate_of_what_cannot_be_is_none():
    cost = Cost(plan(hidden_size=0))
    while not cost.ended:
        cost.work()
    assert cost.seconds is None
