"""Counting models: against a slow one written from the formula, sums of one, and texts whose entropy is known."""

import math
from collections import Counter

import numpy as np
import pytest

from rnn_core import InputError
from rnn_core.analysis.ngrams import count_ngrams

pytestmark = pytest.mark.small


def slow(ids, size, order):
    """p(w, history) of interpolated Kneser-Ney, by dictionaries."""
    ids = list(ids)

    def table(k):
        if k == order:
            return Counter(tuple(ids[i : i + k]) for i in range(len(ids) - k + 1))
        longer = {tuple(ids[i : i + k + 1]) for i in range(len(ids) - k)}
        found = Counter(gram[1:] for gram in longer)
        for i in range(len(ids) - k + 1):
            found[tuple(ids[i : i + k])] += 0  # the first gram of the text may have nothing before it
        return found

    tables = {k: table(k) for k in range(1, order + 1)}
    discounts = {}
    for k, counts in tables.items():
        once, twice = (sum(c == r for c in counts.values()) for r in (1, 2))
        discounts[k] = once / (once + 2 * twice) if once and twice else 0.5

    def p(word, history):
        history = tuple(history)[max(0, len(history) - order + 1) :] if order > 1 else ()

        def level(k):
            if k == 0:
                return 1 / size
            h = history[len(history) - k + 1 :]
            if len(h) < k - 1:
                return level(k - 1)
            after = {gram[-1]: c for gram, c in tables[k].items() if gram[:-1] == h}
            total = sum(after.values())
            if not total:
                return level(k - 1)
            kinds = sum(c > 0 for c in after.values())
            return max(after.get(word, 0) - discounts[k], 0) / total + discounts[k] * kinds / total * level(k - 1)

        return level(min(order, len(history) + 1))

    return p


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_against_the_formula(order):
    rng = np.random.default_rng(order)
    ids = rng.choice(4, size=60, p=[0.5, 0.3, 0.15, 0.05])
    model, p = count_ngrams(ids, 5, 4), slow(ids, 5, order)
    x, targets = rng.integers(0, 5, (7, 6)), rng.integers(0, 5, (7, 6))
    found = model.probabilities(x, targets, order)
    for t, b in np.ndindex(x.shape):
        assert found[t, b] == pytest.approx(p(targets[t, b], x[: t + 1, b]), abs=1e-12), (t, b)


@pytest.mark.parametrize("order", range(1, 9))
def test_every_distribution_sums_to_one_and_leaves_nothing_out(order):
    rng = np.random.default_rng(1)
    ids = rng.choice(6, size=400, p=[0.4, 0.3, 0.15, 0.1, 0.05, 0.0])
    model = count_ngrams(ids, 6, 8)
    for start in (0, 17, 390):
        for length in (0, 1, 3, 9):
            context = ids[start : start + length]
            p = model.distribution(context, order)
            assert p.sum() == pytest.approx(1, abs=1e-12) and p.min() > 0
    context = rng.integers(0, 6, 8)  # never seen as a whole
    p = model.distribution(context, order)
    assert p.sum() == pytest.approx(1, abs=1e-12)
    one_by_one = [model.probabilities(context, np.r_[context[1:], w], order)[-1] for w in range(6)]
    assert p == pytest.approx(one_by_one, abs=1e-12)


def test_a_markov_source_costs_its_entropy():
    """Order 2 finds the entropy rate of a chain, order 1 that of its stationary distribution; more does not help."""
    matrix = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.3, 0.3, 0.4]])
    stationary = np.linalg.matrix_power(matrix, 200)[0]
    rate = -(stationary[:, None] * matrix * np.log(matrix)).sum()
    rng, ids = np.random.default_rng(2), [0]
    steps = rng.random(60_000)
    for draw in steps:
        ids.append(int(np.searchsorted(matrix[ids[-1]].cumsum(), draw)))
    ids = np.array(ids)
    model = count_ngrams(ids[:40_000], 3, 3)
    x, targets = ids[40_000:-1], ids[40_001:]
    assert model.loss(x, targets, 1) == pytest.approx(-(stationary * np.log(stationary)).sum(), abs=0.01)
    assert model.loss(x, targets, 2) == pytest.approx(rate, abs=0.01)
    assert model.loss(x, targets, 3) == pytest.approx(rate, abs=0.01)


def test_what_repeats_costs_next_to_nothing_from_the_order_that_sees_it():
    """abcabd...: after “ab” comes c or d in turn; only five symbols back is the turn known."""
    ids = np.tile([0, 1, 2, 0, 1, 3], 500)
    model = count_ngrams(ids[:2400], 4, 5)
    x, targets = ids[2400:-1], ids[2401:]
    losses = [model.loss(x, targets, order) for order in range(1, 6)]
    assert losses[2] == pytest.approx(math.log(2) / 3, abs=0.01) and losses[4] < 0.02


def test_it_can_be_watched_and_stopped():
    seen = []
    assert count_ngrams(np.arange(50) % 7, 7, 4, progress=seen.append) is not None and seen == [1, 2, 3, 4]
    assert count_ngrams(np.arange(50) % 7, 7, 4, stop=lambda: len(seen) > 3) is None


def test_a_history_reaches_no_further_than_the_window():
    ids = np.tile([0, 1, 2], 100)
    model = count_ngrams(ids, 3, 3)
    whole = model.probabilities(ids[:6, None], ids[1:7, None], 3)
    assert model.probabilities(ids[3:6, None], ids[4:7, None], 3)[0] != whole[3]
    assert np.array_equal(model.probabilities(ids[:6], ids[1:7], 3), whole[:, 0])


@pytest.mark.parametrize("ids", [[], [0], [0, 1, 2, 3], [0, -1, 0], [[0, 1, 0]], [0.5, 1, 1]])
def test_wrong_ids_are_refused(ids):
    with pytest.raises(InputError, match="expected more than 2"):
        count_ngrams(ids, 3, 2)
