"""The benchmark's cases are those agreed, and contenders start alike. Nothing here is timed."""

import importlib

import numpy as np
import pytest

from benchmarks import growth, parts, report, sweeps, tricks
from benchmarks.browser import canvas
from benchmarks.cases import CASES, batches
from benchmarks.contenders import CONTENDERS
from benchmarks.networks import multiplications
from benchmarks.process import FIRST, ROOT

# shape, cells, V, H, T, B, optimiser, goals
AGREED = [
    ("S1", ("rnn", "gru", "lstm"), 32, 32, 25, 1, "adam", (7, 7, 7)),
    ("S2", ("rnn",), 65, 100, 25, 1, "adagrad", (2,)),
    ("S3", ("rnn", "gru", "lstm"), 65, 64, 64, 16, "adam", (2.2, 2.2, 2.2)),
    ("S4", ("rnn", "gru", "lstm"), 65, 128, 50, 50, "adam", (1.4, 1.4, 1.15)),
    ("S5", ("lstm",), 65, 512, 100, 64, "adam", (1.1,)),
    ("S6", ("rnn",), 8000, 100, 20, 1, "sgd", (1.2,)),
    ("S7", ("rnn", "lstm"), 2, 128, 200, 32, "adam", (1.8, 1.8)),
]


def test_cases():
    found = {(c.shape, c.cell, c.vocabulary, c.hidden, c.steps, c.batch, c.optimizer, c.goal) for c in CASES.values()}
    expected = {
        (shape, cell, *sizes, optimizer, goal)
        for shape, cells, *sizes, optimizer, goals in AGREED
        for cell, goal in zip(cells, goals, strict=True)
    }
    assert found == expected


def test_adding_targets_are_the_sums_of_the_two_marked_values():
    x, targets = batches(CASES["S7-rnn"])[0]
    assert x.shape == (200, 32, 2) and (x[:, :, 1].sum(axis=0) == 2).all()
    np.testing.assert_allclose(targets[:, 0], (x[:, :, 0] * x[:, :, 1]).sum(axis=0), rtol=1e-6)


@pytest.mark.parametrize("name", ["S1-rnn", "S1-gru", "S1-lstm"])
def test_first_losses_agree(name):
    ours, peer = (CONTENDERS[who].build(CASES[name]) for who in ("ours", "numpy1"))
    losses = [[contender.step(1) for _ in range(FIRST)] for contender in (ours, peer)]
    np.testing.assert_allclose(*losses, rtol=1e-4)


def test_powers_and_the_multiplications_they_are_compared_to():
    assert growth.power((1, 2, 4), (3, 12, 48)) == pytest.approx(2)
    # 2 steps of 3 sequences: W (2 x 2), V (5 x 2); a second layer adds W_ih and W_hh, all thrice
    assert multiplications(1, vocabulary=5, hidden=2, steps=2, batch=3) == 3 * 2 * 3 * (4 + 10)
    assert multiplications(1, vocabulary=5, hidden=2, steps=2, batch=3, layers=2) == 3 * 2 * 3 * (12 + 10)


@pytest.mark.parametrize("name", parts.HEADS)
def test_every_part_has_rows(name):
    assert callable(importlib.import_module(f"benchmarks.{name}").rows)


@pytest.mark.parametrize("name", tricks.TRICKS)
def test_a_trick_stands_where_it_is_taken_out(name):
    files = {change.file for change in tricks.TRICKS[name]}
    sources = {file: (ROOT / "rnn_core" / file).read_text(encoding="utf-8") for file in files}
    for change in tricks.TRICKS[name]:
        before = sources[change.file]
        sources[change.file] = tricks.changed(before, change)
        assert sources[change.file] != before
        with pytest.raises(ValueError, match="expected once"):
            tricks.changed(before.replace(change.old, ""), change)
    for file, source in sources.items():
        compile(source, file, "exec")


def test_the_table_of_tricks_has_a_column_for_each_shape():
    assert parts.HEADS["tricks"][1:] == tuple(tricks.SHAPES)
    assert all(case in CASES and contender in CONTENDERS for case, contender in tricks.SHAPES.values())


def test_more_workers_are_simulated_from_what_each_trial_took():
    """A worker takes the next trial when it is free; with a scheduler that is busy, more workers do not help."""
    seconds = [0.3] + [0.1] * 5
    alone, two, many = (sweeps.simulated(seconds, workers, 0.0) for workers in (1, 2, 64))
    assert (alone, two, many) == pytest.approx((0.8, 0.4, 0.3))
    assert sweeps.simulated(seconds, 64, 0.2) == pytest.approx(6 * 0.2 + 0.1)


def test_the_best_peer_is_none_of_ours():
    """On one thread and on two, ours is compared with the best of the others."""
    seconds = {"ours": [2.0], "ours2": [1.0], "numpy1": [8.0], "numpy2": [6.0]}
    assert report.line(CASES["S1-rnn"], seconds, list(seconds))[-3:-1] == ["3.00×", "6.00×"]


def test_the_table_of_the_canvas_has_a_cell_under_each_heading():
    lines = canvas.table(canvas.rows("score", {"canvas": [2.0, 4.0, 3.0], "plotly": [30.0, 40.0, 36.0]})).splitlines()
    assert lines[-1] == "| score | 3.0 ms | 36.0 ms | 3.9 ms | 39.6 ms | 12× |"
    assert {line.count("|") for line in lines} == {7}
    assert "<!-- measured: canvas -->" in report.SPEED.read_text(encoding="utf-8")
