"""Probabilities of whole sequences: against the oracle, against all sequences there are; beams; what is drawn from."""

import math
from itertools import product

import numpy as np
import pytest
from core_models import build
from numba import config
from reference import GATES, PAIRS
from reference_training import sampling
from samples import sample
from uncompiled import many_steps, uncompiled_overflows

from rnn_core import ConfigError, InputError, Model, ModelConfig, generate
from rnn_core.analysis.scoring import score
from rnn_core.beam import beam_search
from rnn_core.generation import drawn_from
from tests.rnn_core.test_generation import LOGITS, memoryless

pytestmark = pytest.mark.small


@pytest.mark.parametrize("cell", GATES)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_score_is_the_sum_of_the_oracles_log_probabilities(cell, layers):
    s = sample(cell, layers, sizes=(5, 4, 5), seed=3, T=7, B=1)
    context, ids = s.x[:2, 0], s.x[2:, 0]
    start = s._replace(state=tuple(np.zeros_like(h) for h in s.state) if cell in PAIRS else np.zeros_like(s.state))
    logits = start.reference().logits[:, 0]  # after each symbol, all K
    expected = []
    for t, symbol in enumerate(ids, start=1):
        weights = np.exp(logits[t] - logits[t].max())
        expected.append(math.log(weights[symbol] / weights.sum()))
    found = score(build(s), context, ids)
    assert found.log_probs == pytest.approx(expected, abs=1e-10)
    assert found.total == pytest.approx(sum(expected), abs=1e-10)
    assert found.perplexity == pytest.approx(math.exp(-sum(expected) / len(expected)), rel=1e-10)


def test_the_probabilities_of_all_sequences_sum_to_one():
    model = build(sample("gru", sizes=(3, 4, 3), seed=5))
    totals = [math.exp(score(model, [1], list(ids)).total) for ids in product(range(3), repeat=4)]
    assert sum(totals) == pytest.approx(1, abs=1e-9)


def test_ranks_and_entropy_by_hand():
    p = np.exp(LOGITS) / np.exp(LOGITS).sum()
    found = score(memoryless(dtype="float64"), [0], [1, 4, 5])
    assert found.ranks.tolist() == [0, 1, 5] and found.likeliest.tolist() == [1, 1, 1]
    assert found.entropy == pytest.approx([-(p * np.log(p)).sum()] * 3)
    assert found.log_probs == pytest.approx(np.log(p[[1, 4, 5]]))


@pytest.mark.parametrize("wrong", [[], [3], [[0, 1]], [0.5], None])
def test_what_cannot_be_scored_is_refused(wrong):
    model = Model(ModelConfig("gru", 3, 2, 3))
    for call in (lambda: score(model, [0], wrong), lambda: score(model, wrong, [0])):
        with pytest.raises(InputError):
            call()
    with pytest.raises(InputError):
        beam_search(model, wrong, 3, 2)
    for settings in ({"bidirectional": True}, {"output_size": 4}):
        other = Model(ModelConfig(**{"cell": "gru", "input_size": 3, "hidden_size": 2, "output_size": 3} | settings))
        with pytest.raises(ConfigError):
            score(other, [0], [1])
        with pytest.raises(ConfigError):
            beam_search(other, [0], 2, 2)


@uncompiled_overflows
def test_a_network_that_has_exploded_is_refused_without_a_warning():
    model = Model(ModelConfig("rnn_relu", 3, 2, 3))
    model.load_state_dict({name: np.full_like(p, 1e30) for name, p in model.state_dict().items()})
    for call in (lambda: score(model, [0], [1, 2]), lambda: beam_search(model, [0], 3, 2)):
        with pytest.raises(InputError, match="not finite"):
            call()


@pytest.mark.parametrize("cell", GATES)
def test_a_beam_as_wide_as_all_continuations_is_exhaustive(cell):
    model, prompt, length = build(sample(cell, 2, sizes=(3, 4, 3), seed=8)), [2, 0], 4
    everything = list(product(range(3), repeat=length))
    totals = {ids: score(model, prompt, list(ids)).total for ids in everything}
    best = sorted(everything, key=lambda ids: -totals[ids])
    found = beam_search(model, prompt, length, 3**length)
    assert [tuple(ids) for ids in found.ids.tolist()] == best
    assert found.log_probs == pytest.approx([totals[ids] for ids in best], abs=1e-9)
    few = beam_search(model, prompt, length, 27)  # K ** (length - 1): the first of them cannot be lost
    assert tuple(few.ids[0].tolist()) == best[0]


def test_a_narrow_beam_can_miss_the_best_and_a_beam_of_one_is_greedy():
    model = build(sample("lstm", sizes=(4, 4, 4), seed=11))
    greedy = generate(model, [1, 3], 9, temperature=0.0)
    one = beam_search(model, [1, 3], 9, 1)
    assert one.ids[0].tolist() == greedy.tolist()
    wide = beam_search(model, [1, 3], 9, 50)
    # compiled, a batch has the bits of its rows; NumPy's products differ in the last bit with the number of rows
    slack = 1e-14 if config.DISABLE_JIT else 0.0
    assert wide.log_probs[0] >= one.log_probs[0] - slack
    assert (np.diff(wide.log_probs) <= 0).all()
    for ids, total in zip(wide.ids[:5], wide.log_probs, strict=False):
        assert score(model, [1, 3], ids).total == pytest.approx(total, abs=1e-9)


@pytest.mark.parametrize(
    "settings",
    [{}, {"temperature": 0.5}, {"top_k": 3}, {"top_p": 0.6}, {"temperature": 2.0, "top_k": 4, "top_p": 0.7}],
    ids=str,
)
def test_what_is_drawn_from_is_the_oracles_distribution(settings):
    rows = np.stack([LOGITS, LOGITS[::-1], 3 * LOGITS])
    found = drawn_from(memoryless(), rows, **settings)
    for row, p in zip(rows, found, strict=True):
        assert p == pytest.approx(sampling(row, **settings), abs=1e-12)


@many_steps
def test_draws_follow_the_shown_distribution():
    """Chi-square over 20,000 draws at a fixed seed: the 99.9 % point of 4 degrees of freedom is 18.47."""
    settings = {"temperature": 1.3, "top_k": 5}
    p = drawn_from(memoryless(), LOGITS[None], **settings)[0]
    counts = np.bincount(generate(memoryless(), [0], 20_000, seed=3, **settings), minlength=6)
    assert counts[p == 0].sum() == 0
    kept = p > 0
    expected = 20_000 * p[kept]
    assert kept.sum() == 5 and ((counts[kept] - expected) ** 2 / expected).sum() < 18.47


@pytest.mark.parametrize("top_p", [0.1, 0.5, 0.62, 0.9, 0.999])
def test_top_p_keeps_the_smallest_set_that_has_the_mass(top_p):
    before, after = (drawn_from(memoryless(), LOGITS[None], top_p=mass)[0] for mass in (None, top_p))
    kept = after > 0
    assert before[kept].sum() >= top_p - 1e-12
    assert before[kept].sum() - before[kept].min() < top_p
    assert before[kept].min() >= before[~kept].max(initial=0)
    assert after[kept] == pytest.approx(before[kept] / before[kept].sum())


def test_temperature_zero_is_the_limit():
    zero, nearly = (drawn_from(memoryless(), LOGITS[None], temperature=t)[0] for t in (0.0, 1e-3))
    assert zero.tolist() == [0, 1, 0, 0, 0, 0] and nearly == pytest.approx(zero)
