"""The Arena's core: lockstep, matched sizes, sweeps, and the session that runs them."""

import time
from dataclasses import replace
from itertools import pairwise
from typing import ClassVar

import numpy as np
import pytest
from sessions import entered
from visits import PATIENCE, until

import ui.training.worker
from rnn_core import CELLS, CheckpointError, Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import TASKS, RecallTask
from ui.arena.contest import MEASURE_EVERY, SOLVED, ArenaRun
from ui.arena.records import Contender, Match, Outcome, Plan, share
from ui.arena.session import ArenaSession
from ui.arena.sweep import Sweep, learn
from ui.training.executor.executor import Call, Executor
from ui.training.kept_file import checked, compressed
from ui.training.kept_lockstep import in_short
from ui.training.lockstep import accuracy
from ui.training.matched_sizes import matched_size, parameters
from ui.training.snapshot import SampleChoice, Training

FOUR = (
    Contender("rnn_tanh", 9, learning_rate=0.003),
    Contender("rnn_relu", 9, init="identity", learning_rate=0.001),
    Contender("gru", 6),
    Contender("lstm", 5, forget_bias=3.0),
)
TRAINING = Training(clip_norm=1.0)


def match(contenders=FOUR, delay=6, seed=3) -> Match:
    return Match("recall", (("batch_size", 8), ("delay", delay), ("symbols", 4)), contenders, seed)


def alone(contender, updates, seed=3):
    """The losses of a Trainer that knows nothing of an arena."""
    task = RecallTask(delay=6, symbols=4, batch_size=8)
    config = ModelConfig(
        contender.cell, task.input_size, contender.hidden_size, task.output_size,
        init=contender.init, forget_bias=contender.forget_bias, seed=seed,
    )  # fmt: skip
    settings = TrainConfig("adam", contender.learning_rate, clip_norm=1.0, seed=seed)
    trainer = Trainer(Model(config), task, settings)
    return trainer.step(updates).loss, trainer


# sizes


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("sizes", [(2, 7, 1), (13, 24, 8), (65, 40, 65)])
def test_parameters_are_counted_as_the_core_has_them(cell, sizes):
    assert parameters(cell, *sizes) == Model(ModelConfig(cell, *sizes)).num_parameters


@pytest.mark.parametrize("budget", [500, 4000, 20_000])
def test_matched_sizes_are_the_nearest_there_are(budget):
    found = {cell: matched_size(cell, 13, 8, budget) for cell in CELLS}
    for cell, size in found.items():
        off = abs(parameters(cell, 13, size, 8) - budget)
        assert off <= min(abs(parameters(cell, 13, other, 8) - budget) for other in (size - 1, size + 1))
        assert off < 0.1 * budget or budget < 1000
    assert found["rnn_tanh"] == found["rnn_relu"] > found["gru"] > found["lstm"]


# lockstep


def test_each_contenders_losses_are_those_of_a_trainer_alone():
    """To the last bit, whatever the others do and however the updates are cut into slices."""
    contest = ArenaRun(1, match(), TRAINING, SampleChoice())
    for cut in (1, 3, 17, 30, 9):
        start = contest.update
        while contest.update < start + cut:
            contest.train(start + cut - contest.update)
    view = contest.view()
    assert view.update == 60 and {competitor.update for competitor in view.competitors} == {60}
    for competitor in view.competitors:
        losses, trainer = alone(competitor.contender, 60)
        assert competitor.curve.loss.tolist() == losses.tolist()
        assert competitor.parameters == trainer.model.num_parameters


def test_in_a_slice_of_time_all_make_the_same_number_of_updates():
    contest = ArenaRun(1, match(), TRAINING, SampleChoice())
    for _slice in range(20):
        contest.train()
        assert {entry.trainer.update for entry in contest.entries} == {contest.update}
    assert contest.update > 50


def test_all_read_the_same_batches():
    contest = ArenaRun(1, match(), TRAINING, SampleChoice())
    contest.train(1)
    blocks = [entry.trainer._arrays[0] for entry in contest.entries]
    assert all(np.array_equal(blocks[0], block) for block in blocks[1:])
    view = contest.view()
    assert all(np.array_equal(competitor.trace.x, view.competitors[0].trace.x) for competitor in view.competitors)


def test_what_is_measured_does_not_depend_on_the_slices():
    contests = [ArenaRun(1, match(), TRAINING, SampleChoice()) for _ in range(2)]
    while contests[0].update < 200:
        contests[0].train(1)
    while contests[1].update < 200:
        contests[1].train(200 - contests[1].update)
    one, other = (contest.view() for contest in contests)
    for a, b in zip(one.competitors, other.competitors, strict=True):
        assert a.accuracy == b.accuracy and a.held_out == b.held_out and a.solved_at == b.solved_at
        assert [update for update, _ in a.accuracy] == list(range(0, 201, MEASURE_EVERY))
        assert np.array_equal(a.before, b.before) and np.array_equal(a.now, b.now)
        assert not np.array_equal(a.before, a.now)


def test_accuracy_and_solved_are_the_tasks_own():
    contest = ArenaRun(1, match((Contender("gru", 12),), delay=3), TRAINING, SampleChoice())
    while contest.update < 300:
        contest.train(300 - contest.update)
    competitor = contest.view().competitors[0]
    assert competitor.accuracy[-1][1] == accuracy(contest.entries[0].trainer) >= SOLVED
    first = next(update for update, right in competitor.accuracy if right >= SOLVED)
    assert competitor.solved_at == first > 0


def test_one_that_diverges_stops_and_the_others_go_on():
    wild = Contender("rnn_relu", 9, learning_rate=1000.0)
    contest = ArenaRun(1, match((wild, FOUR[2])), Training("sgd", clip_norm=None), SampleChoice())
    while contest.update < 300:
        contest.train(300 - contest.update)
    first, second = contest.view().competitors
    assert first.diverged and first.update < 300 and first.update == len(first.curve.loss)
    assert not second.diverged and second.update == 300 and not contest.diverged


@pytest.mark.parametrize("task", [name for name in TASKS if name != "text"])
def test_every_task_can_be_competed_on(task):
    contest = ArenaRun(1, Match(task, (("batch_size", 2),), (FOUR[2],)), TRAINING, SampleChoice())
    contest.train(2)
    competitor = contest.view().competitors[0]
    assert len(competitor.before) == TASKS[task]().sequence_length and competitor.ratio >= 0


# sweeps: with a learner that knows at once what becomes of it


class Stub:
    """Solves every lag up to the one its contender reaches; an update takes as long as the lag."""

    made: ClassVar[list] = []
    now: ClassVar[float] = 0.0

    @classmethod
    def learn(cls, plan, contender, lag, seed):
        cls.made.append((contender, lag, seed))
        reach = {0: 5, 1: 20, 2: 100}[contender] + (5 if seed == 0 else 0)
        for updates in range(10, plan.budget + 1, 10):
            cls.now += 0.01 * lag
            if lag <= reach and updates >= 20:
                return Outcome(contender, lag, seed, updates, updates, 1.0, 0.0, 0.5)
            if updates == plan.budget:
                return Outcome(contender, lag, seed, None, updates, 0.1, 1.0, 1e-6)
            yield updates


@pytest.fixture
def sweep():
    Stub.made, Stub.now = [], 0.0
    plan = Plan(match(FOUR[:3]), TRAINING, "delay", (5, 10, 20, 40), seeds=2, budget=100)
    return Sweep(plan, Stub.learn, lambda: Stub.now)


def test_a_sweep_climbs_until_no_seed_can_follow(sweep):
    while sweep.work(0.5):
        pass
    assert sweep.finished and not sweep.work(1.0)
    solved = {(o.contender, o.lag) for o in sweep.outcomes if o.solved_at}
    assert solved == {(0, 5), (0, 10), (1, 5), (1, 10), (1, 20), (2, 5), (2, 10), (2, 20), (2, 40)}
    assert sweep.skipped == [(0, 40)]  # at 20 no seed of the first was there any more
    assert [o.solved_at for o in sweep.outcomes if (o.contender, o.lag) == (0, 10)] == [20, None]
    assert len(Stub.made) == len(set(Stub.made)) == len(sweep.outcomes) == 22


def test_a_sweep_goes_on_where_it_was_stopped(sweep):
    sweep.work(1.25)
    half = sweep.view(running=False)
    assert len(half.current) == 1 and not half.finished and 0 < half.share < 1
    while sweep.work(0.05):
        pass
    made = list(Stub.made)
    assert len(made) == len(set(made))  # nothing was begun twice
    assert sweep.outcomes[: len(half.outcomes)] == list(half.outcomes)
    whole = sweep.view(running=False)
    assert whole.share == 1 and whole.seconds_left == 0 and whole.current == ()


def test_progress_only_grows_and_the_estimate_bounds_what_is_left(sweep):
    begin, seen = Stub.now, []
    while sweep.work(0.2):
        view = sweep.view(running=True)
        seen.append((view.share, Stub.now - begin, view.seconds_left))
    total = Stub.now - begin
    assert all(a[0] <= b[0] for a, b in pairwise(seen))
    assert all(left >= total - spent - 1e-6 for _share, spent, left in seen[3:])


def test_a_learner_of_a_sweep_is_a_trainer_alone():
    plan = Plan(match((FOUR[3],)), TRAINING, "delay", (6,), seeds=1, budget=60)
    outcome = next(Executor().run({0: Call(learn, (plan, 0, 6, 0))})).result
    losses, trainer = alone(FOUR[3], 60)
    assert outcome.updates == 60 and outcome.solved_at is None
    assert outcome.loss == trainer.evaluate() and len(losses) == 60
    contest = ArenaRun(1, match((FOUR[3],)), TRAINING, SampleChoice())
    assert outcome.ratio == contest.view().competitors[0].ratio


def test_a_share_of_nothing_is_nothing():
    assert share(np.zeros(3)) == 0 and share(np.array([0.5, 1.0, 2.0])) == 0.25


# the session


@pytest.fixture
def session():
    with entered(ArenaSession) as made:
        yield made


def at(session, update):
    until(lambda: (view := session.snapshot.view) and view.update >= update)
    return session.snapshot.view


PLAN = Plan(match((FOUR[0], FOUR[2]), delay=2), TRAINING, "delay", (2, 4, 60, 80), seeds=2, budget=400)


def test_it_plays_pauses_steps_and_starts_over(session):
    session.request(match(), TRAINING)
    at(session, 30)
    session.pause()
    until(lambda: session.snapshot.status == "paused")
    update = session.snapshot.view.update
    session.step()
    until(lambda: session.snapshot.view.update == update + 1)
    session.reset()
    until(lambda: session.snapshot.view.run == 2)
    for done in (1, 2):
        session.step()
        until(lambda done=done: session.snapshot.view.update == done)
    assert session.snapshot.view.competitors[0].curve.loss.tolist() == alone(FOUR[0], 2)[0].tolist()


def test_what_cannot_be_is_refused_and_nothing_is_lost(session):
    session.request(match(), TRAINING)
    at(session, 10)
    session.request(match((replace(FOUR[0], hidden_size=0), FOUR[1])), TRAINING)
    until(lambda: session.snapshot.notice is not None)
    assert session.snapshot.notice.kind == "refused"
    update = session.snapshot.view.update
    at(session, update + 10)
    assert session.snapshot.view.run == 1


def test_a_sweep_is_stopped_and_resumed_and_the_contest_waits(session):
    session.request(match(), TRAINING)
    at(session, 10)
    session.plan(PLAN)
    session.sweep()
    until(lambda: session.sweep_view is not None and len(session.sweep_view.outcomes) >= 2)
    assert session.snapshot.status == "paused"
    update = session.snapshot.view.update
    session.stop_sweep()
    until(lambda: not session.sweep_view.running)
    found = session.sweep_view
    time.sleep(0.2)
    assert session.sweep_view == found and not found.finished
    session.play()  # the contest, meanwhile
    at(session, update + 10)
    session.sweep()
    until(lambda: session.sweep_view.finished)
    assert session.sweep_view.outcomes[: len(found.outcomes)] == found.outcomes
    assert not session.sweep_view.running
    session.sweep()  # anew
    until(lambda: session.sweep_view.running)
    assert len(session.sweep_view.outcomes) < len(found.outcomes) + 1


def test_a_sweep_comes_back_in_a_file_and_goes_on_to_the_same_end():
    plan = replace(PLAN, lags=(2, 4), budget=100)
    with entered(ArenaSession) as one, entered(ArenaSession) as other:
        for session in (one, other):
            session.request(plan.match, plan.training)
            session.plan(plan)
            session.pause()
        one.sweep()
        until(lambda: one.sweep_view and one.sweep_view.finished)
        file = compressed(one.keep("").result(PATIENCE).content)
        other.bring(file).result(PATIENCE)
        assert other.sweep_view.finished and other.sweep_view.outcomes == one.sweep_view.outcomes
        begun = [in_short(plan), one.sweep_view.outcomes[:2], False]
        other.ask(lambda run: other._take_beside(begun)).result(PATIENCE)
        other.sweep()
        until(lambda: other.sweep_view.finished)
        assert other.sweep_view.outcomes == one.sweep_view.outcomes


def test_a_sweep_that_ran_comes_back_running():
    plan = replace(PLAN, lags=(2, 90, 100), budget=5000)
    with entered(ArenaSession) as one, entered(ArenaSession) as other:
        for session in (one, other):
            session.request(plan.match, plan.training)
            session.plan(plan)
        one.sweep()
        until(lambda: one.sweep_view and one.sweep_view.outcomes)
        other.bring(compressed(one.keep("").result(PATIENCE).content)).result(PATIENCE)
        until(lambda: other.sweep_view.running and other.sweep_view.current)
        assert other.snapshot.status == "paused"
        one.stop_sweep()
        other.bring(compressed(one.keep("").result(PATIENCE).content)).result(PATIENCE)
        until(lambda: not other.sweep_view.running)


@pytest.mark.parametrize("outcomes", [[(0, 4, 0, None, 9, 0.1, 1.0, 0.0)], [(0, 2, 0, 10, 9, 0.1, 1.0, 0.0)], [7], 7])
def test_a_sweep_that_is_not_of_this_plan_is_refused(outcomes):
    with entered(ArenaSession) as session:
        session.plan(PLAN)
        with pytest.raises(CheckpointError), checked():
            session._take_beside([in_short(PLAN), outcomes, False])
        session._take_beside(["another", outcomes, False])
        assert session._sweep is None


def test_nobody_looks_and_the_sweep_sleeps_too(session, monkeypatch):
    monkeypatch.setattr(ui.training.worker, "SLEEP_AFTER", 0.3)
    session.request(match(), TRAINING)
    at(session, 1)
    session.plan(replace(PLAN, budget=5000, lags=(2, 90, 100)))
    session.seen()
    session.sweep()
    until(lambda: session.snapshot.notice is not None and session.snapshot.notice.kind == "asleep")
    assert not session.sweep_view.running and session.snapshot.status == "paused"
    session.leave()
    until(lambda: not session.alive, 5)
