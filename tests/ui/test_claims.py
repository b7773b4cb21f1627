"""Every experiment of the Lab and match of the Arena, as a learner meets it: what is said holds over seeds and time.

`make claims` runs all of it and prints a table: three seeds at the updates that half a minute, three and ten minutes
make at 100 a second; the first seed trains on for ten at full speed. `make test` runs a sample.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from experiments import SEEDS, experiment, next_look, no_false_alarm, train_to

from rnn_core import Trainer
from rnn_core.analysis.fixed_points import fixed_points, step_map
from rnn_core.analysis.ngrams import MAX_ORDER, count_ngrams
from ui.arena import verdicts
from ui.arena.contest import ArenaRun
from ui.arena.controls import TABLE, arranged
from ui.arena.forecast import called, forecast
from ui.arena.presets import MATCHES
from ui.lab.verdict import AT_CHANCE, LEARNED, course
from ui.network.presets import PRESETS
from ui.settings import keys
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, View

MARKS = (3000, 18_000, 60_000)
EARLY = (300, 1000)  # where the doctor may already speak
FULL_SPEED = {  # updates that ten minutes at full speed made, with the page in a browser on the same two cores
    "article": 3_800_000,
    "slow": 4_000_000,
    "write": 830_000,
    "by_heart": 270_000,
    "forgets": 360_000,
    "remembers": 210_000,
    "orthogonal": 350_000,
    "explodes": 0,
    "reber": 1_200_000,
    "adding": 680_000,
    "grammar": 3_800_000,
    "flipflop": 290_000,
    "both_ways": 1_500_000,
    "truncated": 550_000,
    "marked": 270_000,
    "memory_text": 400_000,
    "chinese": 510_000,
}
FULL_SPEED_MATCHES = {  # the same of the Arena's; "" is the first one
    "": 134_000,
    "start": 276_000,
    "far": 143_000,
    "cells": 367_000,
    "adding": 234_000,
    "copying": 424_000,
    "counting": 460_000,
    "reber": 965_000,
}
EVERY = 100  # updates between two measurements; after the last mark tenfold
KEPT = 0.95  # of the measurements since a network learned
TOLERANCE = 0.02  # nats: a held-out batch is not the whole distribution


class Seen(NamedTuple):
    """One experiment after some updates."""

    run: Run
    points: list  # (update, held-out loss)
    view: View

    @property
    def trainer(self) -> Trainer:
        return self.run.trainer

    @property
    def training(self) -> float:
        """Mean loss over the last point of its curve."""
        return float(self.view.curve.loss[-1])

    @property
    def loss(self) -> float:
        return self.points[-1][1]

    @property
    def at_chance(self) -> bool:
        return self.loss >= AT_CHANCE * self.trainer.task.chance


class Line(NamedTuple):
    """One line of what is printed."""

    name: str
    seed: str
    update: str
    training: str
    held_out: str
    left_chance: str
    lowest: str


@pytest.fixture
def report(request, record_property):
    """A list of lines; tests/conftest.py prints those of all tests as one table at the end."""
    lines: list[Line] = []
    yield lines
    if request.node.get_closest_marker("claims"):
        record_property("table", [Line._fields, *map(tuple, lines)])


def watched(name, seed, marks):
    """Train the experiment; what was seen until each mark. Ends early where it diverges."""
    run = experiment(name, seed)
    points, view = [(0, run.trainer.evaluate())], run.view(complete=True)
    for mark in marks:
        every = EVERY if mark <= MARKS[-1] else 10 * EVERY
        while run.update < mark and not run.diverged:
            train_to(run, min(mark, next_look(view.update), every * (run.update // every + 1)))
            if run.update % every == 0:
                points.append((run.update, run.trainer.evaluate()))
            if run.update >= next_look(view.update) or run.update == mark or run.diverged:
                view = run.view(complete=True)
        yield Seen(run, points, view)
        if run.diverged:
            return


def said_truly(seen: Seen) -> None:
    """The values behind the page's sentence agree with the losses themselves."""
    task, (update, now) = seen.trainer.task, seen.points[-1]
    found = course(seen.points, task.chance, task.best)
    assert (found.left is None or found.back) == (now >= AT_CHANCE * task.chance)
    if found.left:
        assert all(loss >= AT_CHANCE * task.chance for when, loss in seen.points if when <= found.left)
    assert not found.learned or (task.best == 0 and now <= LEARNED * task.chance)
    assert found.lowest[1] == min(loss for _when, loss in seen.points) and found.lowest[0] <= update
    if task.best:
        assert found.lowest[1] > task.best - TOLERANCE  # the best possible is not undercut on held-out data


def beats_counting(seen: Seen) -> None:
    task = seen.trainer.task
    x, targets, _mask = task.held_out()
    ngrams = count_ngrams(task.training_ids, task.output_size, MAX_ORDER)
    assert seen.loss < min(ngrams.loss(x, targets, order) for order in range(1, MAX_ORDER + 1))


def overfits(seen: Seen) -> None:
    assert course(seen.points, seen.trainer.task.chance, None).turned and seen.training < seen.loss


def learns_and_keeps_it(seen: Seen) -> None:
    """Within half a minute it is far below chance, within three it has learned; from there on the loss stays low, but
    for a few measurements: now and then Adam throws the network back, which recovers."""
    chance = seen.trainer.task.chance
    losses = np.array([loss for _update, loss in seen.points])
    assert losses[-1] < 0.5 * chance
    learned = np.flatnonzero(losses <= LEARNED * chance)
    if seen.trainer.update >= MARKS[1]:
        assert losses[-1] <= LEARNED * chance
        assert (losses[learned[0] :] <= LEARNED * chance).mean() >= KEPT


def learns(seen: Seen) -> None:
    """Within three minutes; whether it keeps what it learned, its headline asks."""
    if seen.trainer.update >= MARKS[1]:
        assert min(loss for _update, loss in seen.points) <= LEARNED * seen.trainer.task.chance


def stays_at_chance(seen: Seen) -> None:
    assert seen.at_chance


def rests_in_eight_states(seen: Seen) -> None:
    """One for each memory of three bits, and at each the outputs are its bits; others between them are saddles."""
    model = seen.trainer.model
    step = step_map(model)
    hidden = model.forward(seen.trainer.task.held_out().x).hidden[0, 1:]
    found = fixed_points(step, hidden.reshape(-1, hidden.shape[-1]))
    stable = found.states[found.unstable == 0]
    weights = model.state_dict()
    memories = np.sign(stable @ weights["weight_ho"].T + weights["bias_o"])
    assert len(stable) == len(np.unique(memories, axis=0)) == 8
    assert (found.unstable > 0).any()


# Claims of the experiments beyond the page's own sentence.
MORE = {"by_heart": overfits, "memory_text": beats_counting, "remembers": learns_and_keeps_it}
MORE |= {"forgets": stays_at_chance, "orthogonal": learns, "flipflop": rests_in_eight_states}


def check(name, seed, marks, report) -> None:
    """All that is said of an experiment at each mark: from the first minutes on its sentences, always the doctor's."""
    for seen in watched(name, seed, marks):
        found = course(seen.points, seen.trainer.task.chance, seen.trainer.task.best)
        report.append(
            Line(name, str(seed), f"{seen.run.update:,}", f"{seen.training:.4g}", f"{seen.loss:.4g}",
                 "never" if found.left is None else f"{found.left:,}", f"{found.lowest[1]:.4g} at {found.lowest[0]:,}")
        )  # fmt: skip
        no_false_alarm(name, seen.view)
        assert seen.run.diverged == (name == "explodes")
        if not seen.run.diverged and seen.run.update >= MARKS[0]:
            said_truly(seen)
            MORE.get(name, lambda seen: None)(seen)


@pytest.mark.claims
@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("seed", SEEDS)
def test_an_experiment_over_ten_minutes(name, seed, report):
    check(name, seed, (*EARLY, *MARKS, *([] if seed else [FULL_SPEED[name]])), report)


@pytest.mark.parametrize(("name", "mark"), [("explodes", 100), ("truncated", 300), ("flipflop", 300)])
def test_a_sample_of_the_experiments(name, mark, report):
    check(name, 0, (mark,), report)


# The gradient before the first update, of which the headlines speak


def norms(name, seed) -> np.ndarray:
    """Of the gradient at each step, for the first sequence."""
    trainer = experiment(name, seed).trainer
    settings = trainer.config
    x, targets, mask = trainer.task.example(0, "train")
    trace = trainer.model.backward(x, targets, mask=mask, truncate=settings.truncate, truncation=settings.truncation)
    return np.linalg.norm(trace.d_hidden[0, 1:, 0], axis=-1)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradient_before_the_first_update_is_as_the_headlines_say(seed):
    plain, lstm, orthogonal = (norms(name, seed) for name in ("forgets", "remembers", "orthogonal"))
    assert plain[0] < 1e-6 * plain[-1]
    assert lstm[0] > 1e6 * plain[0] and orthogonal[0] > 1e6 * plain[0]
    exploding = norms("explodes", seed)
    assert exploding[0] > 10 * exploding[-1]
    cut = norms("truncated", seed)
    assert (cut[:16] == 0).all() and cut[16:].all()


def test_the_pair_has_all_else_equal():
    setups = {name: experiment(name).trainer for name in ("forgets", "remembers", "orthogonal")}
    sizes = [each.model.num_parameters for each in setups.values()]
    assert max(sizes) <= 1.01 * min(sizes)
    assert len({(each.task, each.config) for each in setups.values()}) == 1
    assert len({each.model.config.seed for each in setups.values()}) == 1


# The Arena


def contest_of(name, seed) -> ArenaRun:
    values = {key: setting.default for key, setting in TABLE.items()} | (MATCHES[name].values if name else {})
    match, training, _plan = arranged(values | {keys.ARENA_SEED: values[keys.ARENA_SEED] + seed})
    return ArenaRun(1, match, training, SampleChoice())


def check_match(name, seed, marks, report) -> None:
    """The verdicts of a match at each mark against its own measurements."""
    contest = contest_of(name, seed)
    for mark in marks:
        while contest.update < mark and not contest.diverged:
            contest.train(mark - contest.update)
        view = contest.view()
        names = verdicts.names(view.setup.contenders, str)
        for competitor, who, told in zip(view.competitors, names, verdicts.of_a_contest(view, names, str), strict=True):
            loss, right = competitor.held_out[-1][1], competitor.accuracy[-1][1]
            solved = "-" if competitor.solved_at is None else f"{competitor.solved_at:,}"
            name_of = f"{name or 'default'}: {who}"
            measured = f"ratio {competitor.ratio:.2g}", f"{loss:.4g}", f"solved {solved}", f"{right:.0%} right"
            report.append(Line(name_of, str(seed), f"{competitor.update:,}", *measured))
            if competitor.diverged:
                assert "diverged" in told
                continue
            assert (" first reached 95% " in told) == (competitor.solved_at is not None)
            assert ("is no better than" in told) == (competitor.solved_at is None and loss >= AT_CHANCE * view.chance)
            assert ("is back at the level of" in told) == (
                competitor.solved_at is not None and loss >= AT_CHANCE * view.chance
            )
            lag = dict(view.setup.task_options).get("delay", dict(view.setup.task_options).get("sequence_length"))
            found = forecast(view.setup.task, competitor.contender.cell, competitor.ratio, lag)
            assert ("a forecast that" in told) == (view.best == 0 and found is not None and found.offered)
            if "So far it is right here" in told:
                assert found.learns == (competitor.solved_at is not None)


@pytest.mark.claims
@pytest.mark.parametrize("name", ["", *MATCHES])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_match_over_ten_minutes(name, seed, report):
    check_match(name, seed, (*MARKS, *([] if seed else [FULL_SPEED_MATCHES[name]])), report)


@pytest.mark.parametrize(
    ("name", "seed"),
    [*(("start", seed) for seed in SEEDS), ("cells", 0), ("adding", 0), ("copying", 0), ("far", 0), ("", 0)],
)
def test_verdicts_have_a_record_where_the_ratio_is_high_or_low_and_such_networks_were_measured(name, seed):
    view = contest_of(name, seed).view()
    told = verdicts.of_a_contest(view, verdicts.names(view.setup.contenders, str), str)
    ratios = [competitor.ratio for competitor in view.competitors]
    measured = view.setup.task != "order"  # over a hundred steps none was
    assert [" measured networks" in said for said in told] == [
        measured and called(ratio) is not None for ratio in ratios
    ]
    assert name != "start" or [called(ratio) for ratio in ratios[:3]] == [False, True, False]


@pytest.mark.parametrize("name", ["", "far", "cells"])
def test_contenders_that_are_said_to_be_of_equal_size_are(name):
    sizes = [competitor.parameters for competitor in contest_of(name, 0).view().competitors]
    assert all(abs(size - 4000) <= 0.025 * 4000 for size in sizes)
    assert name != "far" or max(sizes) <= 1.01 * min(sizes)


def test_a_sample_of_the_matches(report):
    check_match("start", 0, (100,), report)


def test_marks_ascend():
    assert all(before < after for before, after in pairwise(MARKS))
