"""Recall, adding, Reber, sine: their data and reference lines against enumeration."""

import math
from collections import Counter
from itertools import product

import numpy as np
import pytest
from task_cases import make

from rnn_core.tasks import AddingTask, ReberTask, RecallTask, SineTask
from rnn_core.tasks.reber import draw_string

# recall


@pytest.mark.parametrize("delay", [1, 2, 7])
def test_recall_against_its_description(delay):
    task = RecallTask(delay=delay, symbols=5, distractors=3, batch_size=4)
    assert task.sequence_length == delay + 1 and task.output == "every"
    assert task.vocabulary == ("A", "B", "C", "D", "E", "a", "b", "c", "?")
    block = task.block(0, seed=1)
    for u, b in product(range(task.block_size), range(4)):
        words = [task.vocabulary[i] for i in block.x[u, :, b]]
        assert words[0] in "ABCDE" and words[-1] == "?" and set(words[1:-1]) <= set("abc")
        assert block.mask[u, :, b].tolist() == [0.0] * delay + [1.0]
        assert task.vocabulary[block.targets[u, -1, b]] == words[0]
    shares = np.bincount(block.x[:, 0].ravel(), minlength=5) / block.x[:, 0].size
    assert np.abs(shares - 1 / 5).max() < 0.05
    assert (task.chance, task.best) == (math.log(5), 0)


# adding


@pytest.mark.parametrize("steps", [2, 3, 10, 11])
def test_adding_against_its_description(steps):
    task = AddingTask(sequence_length=steps, batch_size=4)
    block = task.block(0, seed=1)
    positions = []
    for u, b in product(range(0, task.block_size, 5), range(4)):
        marked = [t for t in range(steps) if block.x[u, t, b, 1] == 1]
        assert len(marked) == 2 and marked[0] < steps // 2 <= marked[1]
        assert set(block.x[u, :, b, 1]) <= {0.0, 1.0}
        assert block.targets[u, 0, b, 0] == np.float32(sum(block.x[u, t, b, 0] for t in marked))
        positions.append(tuple(marked))
    assert len(set(positions)) == (steps // 2) * (steps - steps // 2)
    assert block.x.min() >= 0 and block.x[..., 0].max() < 1
    assert np.square(block.targets - 1.0).mean() == pytest.approx(task.chance, rel=0.1)
    assert (task.chance, task.best) == (1 / 6, 0)


# reber

EMBEDDED = {0: "B1", 1: "T2 P3", 2: "S2 X4", 3: "T3 V5", 4: "X3 S6", 5: "P4 V6", 6: "E7"}


def reber_walks(depth):
    """All Reber strings of at most `depth` symbols, with their probabilities."""
    found, todo = {}, [("", 0, 1.0)]
    while todo:
        text, state, p = todo.pop()
        arrows = EMBEDDED[state].split()
        for symbol, follower in arrows:
            if follower == "7":
                found[text + symbol] = p / len(arrows)
            elif len(text) + 1 < depth:
                todo.append((text + symbol, int(follower), p / len(arrows)))
    return found


def test_reber_batch_without_a_mask_counts_every_step():
    task = ReberTask()
    strings = task.example(0)
    unmasked = strings._replace(mask=None)
    assert unmasked.counted.all() and unmasked.counted.shape == strings.targets.shape
    counted = strings.mask > 0
    assert np.array_equal(task.legal(unmasked)[counted], task.legal(strings)[counted])


def test_reber_reference_losses():
    task = ReberTask()
    assert task.best == pytest.approx(0.441, abs=5e-4) and task.best == pytest.approx(7 * math.log(2) / 11)
    assert task.coin_flip_loss == pytest.approx(0.504, abs=5e-4)
    assert task.coin_flip_loss == pytest.approx(8 * math.log(2) / 11)
    walks = reber_walks(depth=22)
    total = sum(walks.values())
    assert total > 0.99
    nats = sum(p * (-math.log(p) + math.log(2)) for p in walks.values())  # + ln 2 for the outer symbol
    symbols = sum(p * (len(s) + 3) for s, p in walks.items())
    assert nats / symbols == pytest.approx(task.best, abs=0.002)
    assert (nats + total * math.log(2)) / symbols == pytest.approx(task.coin_flip_loss, abs=0.002)
    assert task.chance == math.log(7)


def test_reber_strings_are_legal_disjoint_and_as_frequent_as_in_the_grammar():
    walks = reber_walks(depth=22)
    counts = Counter(draw_string(np.random.default_rng([5, i])) for i in range(4000))
    for string, count in counts.items():
        assert string[0] == "B" and string[1] == string[-2] in "TP" and string[-1] == "E"
        if len(string) <= 26:
            p = walks[string[2:-2]] / 2
            assert p < 1e-3 or abs(count / 4000 - p) < 5 * math.sqrt(p / 4000)
    losses = []
    for seed in range(8):
        task = ReberTask(seed=seed)
        train, test = task.strings("train"), task.strings("held_out")
        assert len(train) == len(test) == 256 and not set(train) & set(test)
        assert all(s[2:-2] in walks for s in (*train, *test) if len(s) <= 26)
        losses.append([task.grammar_loss(task.string_set(split)) for split in ("train", "held_out")])
    trained, held_out = np.mean(losses, axis=0)
    assert trained == pytest.approx(ReberTask.best, abs=0.01)  # frequent strings as often as they should be
    assert 0.48 < held_out < 0.54  # the short strings are among those to train on


def test_reber_batches_spell_their_strings():
    task = make("reber")
    block = task.block(0, seed=2)
    for arrays, strings in (
        (block._replace(x=block.x[4], targets=block.targets[4], mask=block.mask[4]), task.strings("train")),
        (task.held_out(), task.strings("held_out")),
    ):
        for b in range(arrays.x.shape[1]):
            steps = int(arrays.mask[:, b].sum())
            assert arrays.mask[:, b].tolist() == [1.0] * steps + [0.0] * (task.sequence_length - steps)
            x, targets = ("".join(task.vocabulary[i] for i in a[:steps, b]) for a in arrays[:2])
            assert x + targets[-1] in strings and targets == (x + targets[-1])[1:]
    assert task.sequence_length == max(map(len, task.strings("train") + task.strings("held_out"))) - 1


def legal_by_hand(string):
    """The symbols that may follow each symbol of a string but its last."""
    legal, state = ["TP", "B"], 0
    for symbol in string[2:-3]:
        state = next(int(n) for s, n in EMBEDDED[state].split() if s == symbol)
        legal.append("".join(arrow[0] for arrow in EMBEDDED[state].split()))
    return [*legal, string[1], "E"]


def test_reber_legal_symbols_and_strict_criterion():
    task = make("reber")
    batch, strings = task.string_set("held_out"), task.strings("held_out")
    legal = task.legal(batch)
    for b, string in enumerate(strings):
        expected = legal_by_hand(string)
        shown = [{task.vocabulary[k] for k in np.flatnonzero(row)} for row in legal[:, b]]
        assert shown == [set(s) for s in expected] + [set()] * (task.sequence_length - len(expected))
    probs = np.where(legal, 1.0, 0.1)
    assert task.accuracy(probs, batch) == 1
    closing = batch.mask.sum(axis=0).astype(int) - 2  # the step that predicts the outer T or P
    probs[closing, range(256), :] = np.eye(7)[1]  # always says T there
    assert task.accuracy(probs, batch) == np.mean([s[1] == "T" for s in strings])
    probs[closing, range(256), :] = 0.5  # equal is not above
    assert task.accuracy(probs, batch) == 0
    hits = legal.sum(axis=-1)[batch.mask > 0]
    assert task.grammar_loss(batch) == pytest.approx(np.log(hits).mean())


# sine


def test_sine_continues_a_noisy_wave():
    task = SineTask(sequence_length=40, batch_size=3, period=12.5, noise=0)
    block = task.block(0, seed=1)
    assert np.array_equal(block.x[:, 1:], block.targets[:, :-1])
    y = block.x[..., 0].astype(float)
    angle = 2 * math.pi / 12.5
    assert np.abs(y[:, 2:] - (2 * math.cos(angle) * y[:, 1:-1] - y[:, :-2])).max() < 1e-5
    noisy = SineTask(sequence_length=40, batch_size=3, period=12.5, noise=0.3).block(0, seed=1).x[..., 0] - y
    assert noisy.std() == pytest.approx(0.3, rel=0.02)


@pytest.mark.parametrize(("period", "noise"), [(20, 0.1), (7.5, 0.5), (13, 0)])
def test_sine_reference_losses(period, noise):
    steps = 12
    task = SineTask(sequence_length=steps, batch_size=64, period=period, noise=noise)
    batches = [task.block(i, seed=3) for i in range(6)]
    x, targets = (
        np.concatenate([np.moveaxis(getattr(b, k)[..., 0], 1, 0).reshape(steps, -1) for b in batches], axis=1)
        for k in ("x", "targets")
    )
    assert np.square(targets).mean() == pytest.approx(task.chance, rel=0.02)
    # the best linear predictor of each step, from the exact covariance cos(ωk)/2 + noise² [k = 0]
    lag = np.arange(steps + 1)[:, None] - np.arange(steps + 1)
    cov = np.cos(2 * math.pi / period * lag) / 2 + noise**2 * np.eye(steps + 1)
    expected, measured = [], []
    for t in range(1, steps + 1):
        weights = np.linalg.lstsq(cov[:t, :t], cov[:t, t], rcond=1e-12)[0]
        expected.append(cov[t, t] - cov[t, :t] @ weights)
        measured.append(np.square(weights @ x[:t] - targets[t - 1]).mean())
    assert task.linear_loss == pytest.approx(np.mean(expected), abs=1e-9)
    assert task.linear_loss == pytest.approx(np.mean(measured), rel=0.03)
    assert task.noise_floor == pytest.approx(noise**2) and task.best is None
    assert task.noise_floor < task.linear_loss < task.chance
