"""Published results, trained anew: `make reproduce` runs them (minutes) and prints paper, expected, measured.

Not part of `make test`. The settings are modern where the papers' are not: Adam, gradients clipped to norm 1.
"""

from typing import NamedTuple

import numpy as np
import pytest

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.analysis.properties import properties
from rnn_core.analysis.reach import output_jacobian
from rnn_core.analysis.recording import record
from rnn_core.analysis.unit_search import search
from rnn_core.tasks import TEXTS, AddingTask, CopyTask, CountTask, ReberTask, RecallTask, TextTask

pytestmark = pytest.mark.reproduction
SEEDS = (0, 1, 2)


class Row(NamedTuple):
    """One line of what is printed."""

    what: str
    paper: str
    expected: str
    measured: str


@pytest.fixture(scope="module")
def report(request):
    """A list of rows; printed as a table when all of them are there."""
    rows: list[Row] = []
    yield rows
    widths = [max(len(text) for text in column) for column in zip(Row._fields, *rows, strict=True)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in [Row._fields, *rows]
    ]
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("\n\n" + "\n".join(line.rstrip() for line in lines))


def trainer(task, cell, hidden_size, learning_rate, seed, **options) -> Trainer:
    """A network for a task and its trainer: Adam, clipped to norm 1."""
    config = ModelConfig(
        cell, task.input_size, hidden_size, task.output_size, output=task.output, loss=task.loss, seed=seed, **options
    )
    return Trainer(Model(config), task, TrainConfig("adam", learning_rate, clip_norm=1.0, seed=seed))


def accuracy(run) -> float:
    """The task's own measure on the held-out batch."""
    batch = run.task.held_out()
    return run.task.accuracy(run.model.forward(batch.x).logits, batch)


def solved_after(run, budget, measure, every=50) -> int | None:
    """Updates until `measure(run)` holds, looked at now and then; None if not within the budget."""
    while run.update < budget and not run.diverged:
        run.step(every)
        if measure(run):
            return run.update
    return None


def counted(found) -> str:
    """How many of some runs solved it, and when."""
    when = ", ".join("-" if update is None else str(update) for update in found)
    return f"{sum(update is not None for update in found)}/{len(found)} ({when})"


# The gradient curve predicts who learns (Bengio, Simard & Frasconi 1994; Hochreiter & Schmidhuber 1997)

CURVES = {
    "LSTM, forget bias 5": (("lstm", 24, 0.01), {"forget_bias": 5.0}, "3/3"),
    "LSTM, forget bias 0": (("lstm", 24, 0.01), {"forget_bias": 0.0}, "0/3"),
    "tanh, orthogonal": (("rnn_tanh", 24, 0.003), {"init": "orthogonal"}, "3/3"),
    "tanh, as usual": (("rnn_tanh", 24, 0.003), {}, "1/3"),
}


def test_gradient_curves(report):
    task, runs = RecallTask(delay=29, symbols=8, distractors=4, batch_size=32), []
    solved = {}
    for name, (network, options, expected) in CURVES.items():
        found, ratios = [], []
        for seed in SEEDS:
            run = trainer(task, *network, seed, **options)
            curve = output_jacobian(run.model, task.held_out().x)
            ratios.append(curve[0] / curve[-1])
            found.append(solved_after(run, 1500, lambda run: accuracy(run) >= 0.99))
            runs.append((ratios[-1], found[-1] is not None))
        solved[name] = sum(u is not None for u in found)
        measured = f"{counted(found)}; ratio {', '.join(f'{ratio:.0e}' for ratio in ratios)}"
        report.append(Row(f"recall, T = 30: {name}", "-", f"{expected} in 1,500 updates", measured))
    high = [yes for ratio, yes in runs if ratio >= 0.1]
    low = [yes for ratio, yes in runs if ratio <= 3e-3]
    report.append(Row("... ratio before training >= 0.1", "-", "solved 9/9", f"{sum(high)}/{len(high)}"))
    report.append(Row("... ratio before training <= 3e-3", "-", "solved 2/15", f"{sum(low)}/{len(low)}"))
    assert solved["LSTM, forget bias 5"] == 3 and solved["LSTM, forget bias 0"] == 0
    assert solved["tanh, orthogonal"] == 3 and solved["tanh, as usual"] <= 2
    assert high and all(high) and sum(low) <= len(low) / 2


# The adding problem (Hochreiter & Schmidhuber 1997; Le, Jaitly & Hinton 2015)

ADDING = {
    "GRU": (("gru", 32, 0.01), {}, 1500),
    "LSTM": (("lstm", 32, 0.01), {}, 4000),
    "IRNN": (("rnn_relu", 64, 0.001), {"init": "identity"}, 4000),
}


@pytest.mark.parametrize("name", ADDING)
def test_adding(report, name):
    network, options, budget = ADDING[name]
    task = AddingTask(sequence_length=100, batch_size=32)
    found = [
        solved_after(trainer(task, *network, seed, **options), budget, lambda run: run.evaluate() < 0.01)
        for seed in SEEDS
    ]
    report.append(Row(f"adding, T = 100: {name}, to MSE < .01", "-", f">= 2/3 in {budget:,} updates", counted(found)))
    assert sum(u is not None for u in found) >= 2


def test_adding_is_beyond_the_plain_network(report):
    task, ends = AddingTask(sequence_length=100, batch_size=32), []
    for seed in SEEDS:
        run = trainer(task, "rnn_tanh", 32, 0.003, seed)
        run.step(2000)
        ends.append(run.evaluate())
    measured = ", ".join(f"{end:.3f}" for end in ends)
    report.append(Row("adding, T = 100: tanh, MSE after 2,000", "-", ".14-.19 (chance 1/6)", measured))
    assert all(0.12 < end < 0.21 for end in ends)


# The embedded Reber grammar (Hochreiter & Schmidhuber 1997)


def test_reber(report):
    found = []
    for seed in range(8):
        task = ReberTask(seed=seed, batch_size=8)
        test = task.string_set("held_out")
        run = trainer(task, "lstm", 12, 0.01, seed)

        def perfect(run, task=task, test=test):
            return task.accuracy(run.model.forward(test.x).logits, test) == 1

        after = solved_after(run, 4000, perfect, every=10)
        found.append(None if after is None else after * task.batch_size)
    seen = [count for count in found if count is not None]
    measured = f"{len(seen)}/8, median {np.median(seen):,.0f} ({min(seen):,}-{max(seen):,})"
    paper = "LSTM 100 %, mean 8,440 (3,800-24,100); Elman 0 %"
    report.append(Row("embedded Reber, strict: LSTM, sequences seen", paper, ">= 7/8, median <= 8,440", measured))
    assert len(seen) >= 7 and np.median(seen) <= 8440


# Counting (Gers & Schmidhuber 2001; Weiss, Goldberg & Yahav 2018)


def counter(run, n=50) -> float:
    """R² of the unit of the LSTM's cell that is most nearly linear in the count of a's while they are read."""
    trace = run.model.forward(run.task.strings([n]).x)
    states = (trace.hidden if trace.cell is None else trace.cell)[0, 1 : n + 1, 0]
    return max(np.corrcoef(np.arange(n), unit)[0, 1] ** 2 for unit in states.T if unit.std() > 0)


def longest_right(run, to=200) -> int:
    """The largest n up to which every string is right."""
    for n in range(1, to + 1):
        batch = run.task.strings([n])
        if run.task.accuracy(run.model.forward(batch.x).logits, batch) < 1:
            return n - 1
    return to


def test_counting(report):
    task = CountTask(longest=50, batch_size=32)
    in_range = task.strings(range(1, 51))

    def all_right(run):
        return task.accuracy(run.model.forward(in_range.x).logits, in_range) == 1

    best, found = [], []
    for seed in range(5):
        run = trainer(task, "lstm", 10, 0.01, seed)
        found.append(solved_after(run, 5000, all_right, every=100))
        best.append((longest_right(run), counter(run)))
    measured = f"{counted(found)}; right to n = {', '.join(str(n) for n, _r in best)}; "
    measured += f"R2 {', '.join(f'{r:.3f}' for _n, r in best)}"
    report.append(Row("a^n b^n, n <= 50: LSTM", "counts in a cell", "all in range, beyond 50, R2 >= .99", measured))
    assert sum(updates is not None for updates in found) >= 4
    assert max(n for n, _r in best) > 50 and min(r for _n, r in best) >= 0.99
    gru = trainer(task, "gru", 10, 0.01, 0)
    gru.step(3000)
    top = float(np.abs(gru.model.forward(task.strings([150]).x).hidden).max())
    measured = f"{top:.2f}, {longest_right(gru)}"
    report.append(Row("... GRU: largest state, right to n", "cannot count", "within 2", measured))
    assert top <= 2


# Copy memory (Arjovsky, Shah & Bengio 2016)


def test_copying(report):
    task = CopyTask(delay=30, length=3, symbols=8, batch_size=32)
    shares = {}
    for name, network in {"tanh": ("rnn_tanh", 32, 0.003), "GRU": ("gru", 32, 0.01)}.items():
        ends = []
        for seed in SEEDS:
            run = trainer(task, *network, seed)
            run.step(3000)
            ends.append(run.evaluate() / task.chance)
        shares[name] = ends
        expected = {"tanh": "on the baseline", "GRU": "below 60 %"}[name]
        measured = ", ".join(f"{100 * end:.0f} %" for end in ends)
        report.append(Row(f"copy, K = 3, T = 30: {name}, loss / baseline", "-", expected, measured))
    assert min(shares["tanh"]) > 0.9 and sorted(shares["GRU"])[1] < 0.6


# Interpretable cells (Karpathy, Johnson & Li 2016)


def meanings(run, quantity) -> dict:
    """Property -> the Finding of its best unit: chosen on the first half of the held-out text, judged on the second."""
    ids = run.task.held_out_ids
    recording = record(run.model, ids[:, None], quantity=quantity)
    return {each.property.kind: each for each in search(recording.values, properties(list(run.task.decode(ids))))}


def test_interpretable_cells(report):
    task = TextTask(text=TEXTS["marked_en"].text, sequence_length=80, batch_size=16)
    networks = {"LSTM": ("lstm", "cell", 1000, 0.01), "GRU": ("gru", "hidden", 1500, 0.01),
                "tanh": ("rnn_tanh", "hidden", 1500, 0.003)}  # fmt: skip
    found = {}
    for name, (cell, quantity, updates, rate) in networks.items():
        for seed in SEEDS:
            run = trainer(task, cell, 48, rate, seed)
            run.step(updates)
            units = meanings(run, quantity)
            found.setdefault(name, []).append([units[kind].unseen for kind in ("quotes", "brackets", "column")])
        columns = list(zip(*found[name], strict=True))
        for kind, numbers in zip(("quotes, AUC", "brackets, AUC", "column, |r|"), columns, strict=True):
            expected = {"LSTM quotes, AUC": ">= .95 by 1,000", "GRU column, |r|": ">= .8 in half the seeds"}
            measured = ", ".join(f"{number:.3f}" for number in numbers)
            paper = "cells for quotes, line position, nesting" if name == "LSTM" else "-"
            what = f"marked text, unseen: {name}, {kind}"
            report.append(Row(what, paper, expected.get(f"{name} {kind}", "-"), measured))
    quotes = {name: [seed[0] for seed in seeds] for name, seeds in found.items()}
    column = {name: [seed[2] for seed in seeds] for name, seeds in found.items()}
    assert sorted(quotes["LSTM"])[1] >= 0.95
    assert sorted(column["GRU"])[1] >= 0.8
    assert np.mean(quotes["tanh"]) < np.mean(quotes["LSTM"]) and np.mean(column["tanh"]) < np.mean(column["GRU"])
