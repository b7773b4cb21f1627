"""The penalty on vanishing gradients against the paper's equations, step by step in NumPy, and against differences."""

import io
import itertools

import numpy as np
import pytest
from agreement import of_largest
from core_models import build
from samples import sample

from rnn_core import ConfigError, EncoderDecoder, EncoderDecoderConfig, EncoderDecoderTrainer, TrainConfig, Trainer
from rnn_core.checkpoint import dump, read_checkpoint
from rnn_core.kernels import threads
from rnn_core.tasks import FixedBatches
from rnn_core.tasks.pairs import ReverseTask

PLAIN = ("rnn_tanh", "rnn_relu", "rnn_sigmoid", "rnn_identity")
SLOPES = {
    "rnn_tanh": lambda h: 1 - h**2,
    "rnn_relu": lambda h: (h > 0).astype(float),
    "rnn_sigmoid": lambda h: h * (1 - h),
    "rnn_identity": np.ones_like,
}
T, B, SIZES = 6, 3, (4, 5, 4)


def samples(cell, count=1, layers=2, **more):
    made = (sample(cell, layers, T=T, B=B, sizes=SIZES, seed=seed, **more) for seed in range(count))
    return [one._replace(state=None) for one in made]


def trainer(given, **settings) -> Trainer:
    first = given[0]
    batches = [(one.x, one.targets) if one.mask is None else (one.x, one.targets, one.mask) for one in given]
    task = FixedBatches(batches, input_size=4, output_size=4, output=first.network.output)
    return Trainer(build(first), task, TrainConfig(**{"optimizer": "sgd", "learning_rate": 1.0} | settings))


def omega(s, weights, as_constants) -> tuple[float, list[np.ndarray]]:
    """Omega, summed over layers, directions and steps, the mean of the sequences; its derivative by each W.

    as_constants : the oracle's Result, for g and f'(a): what does not count as a function of W.
    """
    total, slopes, dirs = 0.0, [np.zeros_like(w) for w in weights], s.network.directions
    for stack, w in enumerate(weights):
        order = range(T) if stack % dirs == 0 else range(T)[::-1]
        h, dh = as_constants.hidden[stack, 1:], as_constants.d_hidden[stack, 1:]
        slope = SLOPES[s.network.cell](h)
        for b in range(B):
            for now, after in itertools.pairwise(order):
                g = dh[after, b] * slope[after, b]  # dE/da at the later step
                v = g @ (w @ np.diag(slope[now, b]))  # times da_after / da_now
                size, length = np.linalg.norm(g), np.linalg.norm(v)
                if size > 0 and length > 0:
                    total += (length / size - 1) ** 2 / B
                    slopes[stack] += 2 * (length / size - 1) / size / B * np.outer(g, slope[now, b] * v / length)
    return total, slopes


def names(s) -> list[str]:
    layers, ends = range(s.network.num_layers), ("", "_reverse")[: s.network.directions]
    return [f"weight_hh_l{layer}{end}" for layer in layers for end in ends]


@pytest.mark.small
@pytest.mark.parametrize(
    "more", [{}, {"bidirectional": True}, {"output": "last", "bias": False}, {"masked": True}], ids=str
)
@pytest.mark.parametrize("cell", PLAIN)
def test_gradient(cell, more):
    """What an update adds to the loss's gradient is the derivative of Omega by W, g and a held where they are."""
    s = samples(cell, **more)[0]
    expected = s.reference()
    slopes = omega(s, [s.params[name] for name in names(s)], expected)[1]
    one = trainer([s], vanishing_penalty=0.7)
    assert one.step(1).loss[0] == pytest.approx(expected.loss, rel=1e-12)  # without the penalty
    after = one.model.state_dict()
    for name, value in s.params.items():
        added = dict(zip(names(s), slopes, strict=True)).get(name)
        wanted = expected.grads[name] + (0 if added is None else 0.7 * added)
        assert of_largest(value - after[name], wanted) < 1e-11, name
    assert min(np.abs(slope).max() for slope in slopes) > 1e-3


@pytest.mark.small
@pytest.mark.parametrize("cell", PLAIN)
def test_against_central_differences(cell):
    """What an update adds, by differences of Omega with g and f'(a) held, in float64."""
    s = samples(cell, layers=1)[0]
    expected, w = s.reference(), s.params["weight_hh_l0"]
    one = trainer([s], vanishing_penalty=1.0)
    one.step(1)
    found = w - one.model.state_dict()["weight_hh_l0"] - expected.grads["weight_hh_l0"]
    for at in np.ndindex(*w.shape):
        step = np.zeros_like(w)
        step[at] = 1e-6
        difference = omega(s, [w + step], expected)[0] - omega(s, [w - step], expected)[0]
        assert found[at] == pytest.approx(difference / 2e-6, rel=1e-5, abs=1e-8)


@pytest.mark.small
def test_it_brings_the_gradient_nearer_to_its_length():
    """Descent on Omega alone: of a network whose gradient vanishes, each step's factor comes to 1."""
    s = samples("rnn_tanh", layers=1)[0]
    s = s._replace(params=s.params | {"weight_hh_l0": 0.2 * s.params["weight_hh_l0"]})
    one = trainer([s], learning_rate=0.01, vanishing_penalty=100.0)
    values = []
    for _ in range(3):
        now = s._replace(params=one.model.state_dict())
        values.append(omega(now, [now.params["weight_hh_l0"]], now.reference())[0])
        one.step(200)
    assert max(values[1:]) < values[0] / 5


def test_no_bit_depends_on_threads_or_an_interruption(monkeypatch):
    monkeypatch.setattr(threads, "MIN_WORK", 1)
    monkeypatch.setattr(threads, "POOL", threads.Pool(3))
    settings = {"learning_rate": 0.05, "vanishing_penalty": 0.5, "dropout": 0.3}
    whole, parts, together = (trainer(samples("rnn_tanh", 3), **settings, threads=count) for count in (1, 1, 2))
    whole.step(24), together.step(24)
    parts.step(10)
    parts = read_checkpoint(io.BytesIO(dump(parts)))
    parts.step(14)
    for other in (parts, together):
        assert other.model.parameters.tobytes() == whole.model.parameters.tobytes()


@pytest.mark.small
def test_a_gradient_of_zero_adds_nothing():
    """Steps after the last one that counts, units that are all off, a sequence of one step."""
    s = samples("rnn_relu", layers=1, masked=True)[0]
    mask = np.zeros((T, B))
    mask[1, 0] = 1
    dead = s._replace(mask=mask, params=s.params | {"bias_ih_l0": np.full(5, -9.0)})
    for one in (s._replace(mask=mask), dead):
        run = trainer([one], vanishing_penalty=1.0)
        assert not run.step(3).diverged and np.isfinite(run.model.parameters).all()
    short = sample("rnn_tanh", T=1, B=B, sizes=SIZES)._replace(state=None)
    norms = [trainer([short], vanishing_penalty=weight).step(1).grad_norm[0] for weight in (0.0, 5.0)]
    assert norms[0] == norms[1]


@pytest.mark.small
def test_what_cannot_be_is_refused():
    for weight in (-1, float("nan"), None):
        with pytest.raises(ConfigError, match="vanishing_penalty is"):
            TrainConfig(vanishing_penalty=weight)
    with pytest.raises(ConfigError, match="a cell without gates"):
        trainer(samples("lstm"), vanishing_penalty=1.0)
    with pytest.raises(ConfigError, match="truncate=None"):
        trainer(samples("rnn_tanh"), vanishing_penalty=1.0, truncate=2)
    pairs = ReverseTask(longest=3, kinds=3)
    network = EncoderDecoder(EncoderDecoderConfig("rnn_tanh", pairs.input_size, 3, pairs.output_size))
    with pytest.raises(ConfigError, match="an encoder-decoder is trained without"):
        EncoderDecoderTrainer(network, pairs, TrainConfig(vanishing_penalty=0.5))
