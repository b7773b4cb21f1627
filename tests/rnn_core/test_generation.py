"""Generated symbols: drawn from the right distribution, each read again as the next input."""

import numpy as np
import pytest
from core_models import build
from reference import GATES
from reference_training import sampling
from samples import sample

from rnn_core import Model, ModelConfig, generate

LOGITS = np.array([0.1, 2.0, -1.0, 1.0, 1.0, -3.0])


def memoryless(logits: np.ndarray = LOGITS, dtype: str = "float32") -> Model:
    """A network that has the same logits whatever it reads."""
    K = len(logits)
    model = Model(ModelConfig("rnn_tanh", K, 2, K, dtype=dtype))
    zero = {name: np.zeros_like(p) for name, p in model.state_dict().items()}
    model.load_state_dict(zero | {"bias_o": logits})
    return model


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"temperature": 0.5},
        {"temperature": 3.0},
        {"top_k": 1},
        {"top_k": 3},
        {"top_k": 99},
        {"top_p": 0.01},
        {"top_p": 0.6},
        {"top_p": 0.95},
        {"top_p": 1.0},
        {"temperature": 2.0, "top_k": 4, "top_p": 0.7},
        {"temperature": 0.05},
    ],
    ids=str,
)
def test_distribution(settings):
    """40,000 draws: no symbol outside the support, each frequency within 5 standard deviations."""
    n = 40_000
    counts = np.bincount(generate(memoryless(), [0], n, seed=7, **settings), minlength=6)
    p = sampling(LOGITS, **settings)
    assert counts.sum() == n and len(counts) == 6
    assert (counts[p == 0] == 0).all()
    assert (np.abs(counts / n - p) <= 5 * np.sqrt(p * (1 - p) / n) + 1e-12).all()


@pytest.mark.small
def test_top_p_of_nearly_nothing_keeps_the_likeliest():
    assert generate(memoryless(), [0], 20, top_p=1e-12, seed=1).tolist() == [1] * 20
    try:
        ids = generate(memoryless(), [0], 20, top_p=0.0, seed=1)
    except ValueError:
        return
    assert ids.tolist() == [1] * 20


@pytest.mark.small
@pytest.mark.parametrize("temperature", [0.0, 1e-300, 1e-3])
def test_low_temperature_takes_the_likeliest(temperature):
    assert generate(memoryless(), [0], 9, temperature=temperature, seed=2).tolist() == [1] * 9


@pytest.mark.parametrize("settings", [{}, {"temperature": 0.0}, {"top_k": 2}, {"top_p": 0.5}], ids=str)
def test_logits_that_overflow_never_leave_the_alphabet(settings):
    """Weights are finite, their products are not: symbols of the alphabet, or a ValueError."""
    model = Model(ModelConfig("rnn_relu", 3, 2, 3))
    model.load_state_dict({name: np.full_like(p, 1e30) for name, p in model.state_dict().items()})
    try:
        ids = generate(model, [0, 1], 5, seed=1, **settings)
    except ValueError:
        return
    assert np.isin(ids, [0, 1, 2]).all()


@pytest.mark.small
@pytest.mark.parametrize("cell", GATES)
def test_what_is_written_is_read(cell):
    """Greedy: each symbol is the likeliest after the prompt and all symbols so far, read from the start."""
    s = sample(cell, 2, sizes=(4, 4, 4), seed=11)
    model = build(s)
    prompt = [2, 0, 3]
    ids = generate(model, prompt, 8, temperature=0.0)
    for count in range(8):
        read = np.array([*prompt, *ids[:count]])[:, None]
        assert ids[count] == model.forward(read).logits[-1, 0].argmax()


@pytest.mark.small
def test_seeds():
    model = memoryless()
    first = generate(model, [0], 50, seed=1)
    assert np.array_equal(first, generate(model, [0], 50, seed=1))
    assert not np.array_equal(first, generate(model, [0], 50, seed=2))
    assert np.array_equal(first[:20], generate(model, [0], 20, seed=1))
    assert not np.array_equal(generate(model, [0], 50), generate(model, [0], 50))


@pytest.mark.small
@pytest.mark.parametrize("settings", [{"bidirectional": True}, {"output": "last"}, {"loss": "mse"}, {"output_size": 4}])
def test_a_network_that_cannot_write_is_refused(settings):
    model = Model(ModelConfig(**{"cell": "gru", "input_size": 3, "hidden_size": 2, "output_size": 3} | settings))
    with pytest.raises(ValueError, match=r"input_size|bidirectional"):
        generate(model, [0], 3)
