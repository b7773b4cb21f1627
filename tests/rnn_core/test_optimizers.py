"""Each optimiser by hand, against PyTorch's formulas, on a parabola and on Rosenbrock's valley."""

import numpy as np
import pytest
import reference_training as oracle
from agreement import of_largest
from checkpoints import text_trainer

from rnn_core import OPTIMIZERS, TrainConfig
from rnn_core.optimizers import Setting

FLOATS = {"float64": 1e-14, "float32": 1e-5}


def settings_of(name: str, learning_rate: float) -> np.ndarray:
    config = TrainConfig(optimizer=name, learning_rate=learning_rate)
    values = np.zeros(len(Setting))
    for setting in Setting:
        values[setting] = getattr(config, setting.name.lower()) or 0.0
    values[Setting.EPS] = OPTIMIZERS[name].eps
    return values


def descend(name: str, start, gradient, learning_rate: float, updates: int, dtype: str = "float64") -> np.ndarray:
    """The point after that many updates of our kernel."""
    p = np.array(start, dtype)
    slots, settings = np.zeros((2, p.size), dtype), settings_of(name, learning_rate)
    for step in range(1, updates + 1):
        OPTIMIZERS[name].update(p, np.asarray(gradient(p), dtype), slots, settings, step, 0)
    return p


def test_the_oracle_has_them_all():
    assert set(OPTIMIZERS) == set(oracle.OPTIMIZERS)


@pytest.mark.small
@pytest.mark.parametrize(
    ("name", "after_one", "after_two"),
    [
        ("sgd", 1 - 0.1 * 2, 1 - 0.1 * 2 - 0.1 * 3),
        ("momentum", 1 - 0.1 * 2, 1 - 0.1 * 2 - 0.1 * (0.9 * 2 + 3)),
        ("adagrad", 1 - 0.1, 1 - 0.1 - 0.1 * 3 / np.sqrt(4 + 9)),
        ("rmsprop", 1 - 0.1 * 2 / 0.2, 1 - 1 - 0.1 * 3 / np.sqrt(0.99 * 0.04 + 0.01 * 9)),
        (
            "adam",
            1 - 0.1,
            1 - 0.1 - 0.1 * ((0.9 * 0.2 + 0.3) / 0.19) / np.sqrt((0.999 * 0.004 + 0.009) / 0.001999),
        ),
        ("rprop", 1 - 0.1, 1 - 0.1 - 0.12),
    ],
)
def test_two_updates_by_hand(name, after_one, after_two):
    """From 1 with gradients 2 and 3 and rate 0.1; eps moves the quotients by less than 1e-7."""
    gradients = iter([[2.0], [3.0], [2.0]])
    assert descend(name, [1.0], lambda p: next(gradients), 0.1, 2).item() == pytest.approx(after_two, abs=1e-7)
    assert descend(name, [1.0], lambda p: next(gradients), 0.1, 1).item() == pytest.approx(after_one, abs=1e-7)


@pytest.mark.small
def test_rprop_by_hand():
    """From 1 at rate 0.1: two steps of one sign, a change of it (no move), again the new one (at half of 0.12)."""
    gradients = iter([[2.0], [3.0], [-1.0], [-1.0], [-9.0]])
    found = [descend("rprop", [1.0], lambda p: next(gradients), 0.1, 5).item()]
    assert found == pytest.approx([1 - 0.1 - 0.12 + 0.06 + 0.072], abs=1e-12)


def test_a_new_learning_rate_begins_rprop_anew():
    """It is the size of its first steps; for the others it changes the next step alone, and their memory stays."""
    for name, anew in (("rprop", True), ("adam", False)):
        trainer = text_trainer(optimizer=name, learning_rate=0.01)
        trainer.step(5)
        trainer.configure(clip_norm=1.0)
        assert trainer.optimizer_updates == 5
        trainer.configure(learning_rate=0.02)
        assert trainer.optimizer_updates == (0 if anew else 5) and (trainer.slots.any() != anew)


@pytest.mark.small
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_against_the_oracle(name, dtype):
    """Thirty updates of random gradients over eight powers of ten."""
    rng = np.random.default_rng(3)
    gradients = [rng.standard_normal(12) * 10.0 ** rng.integers(-6, 2, 12) for _ in range(30)]
    start = rng.standard_normal(12)
    expected, state = start, None
    for g in gradients:
        expected, state = oracle.OPTIMIZERS[name](expected, g, state, 0.01)
    given = iter(gradients)
    assert of_largest(descend(name, start, lambda p: next(given), 0.01, 30, dtype), expected) <= FLOATS[dtype]


@pytest.mark.small
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_no_gradient_no_move(name):
    assert descend(name, [1.0, -2.0], lambda p: [0.0, 0.0], 0.1, 3).tolist() == [1.0, -2.0]


@pytest.mark.parametrize(
    ("name", "rate"),
    [("sgd", 0.1), ("momentum", 0.02), ("adagrad", 1.0), ("rmsprop", 0.005), ("adam", 0.05), ("rprop", 0.1)],
)
def test_parabola(name, rate):
    found = descend(name, [0.0, 0.0], lambda p: 2 * (p - [3.0, -1.0]) * [1.0, 10.0] / 10, rate, 2000)
    assert found == pytest.approx([3.0, -1.0], abs=1e-2)


@pytest.mark.parametrize(
    ("name", "rate", "updates"),
    [("sgd", 1e-3, 20_000), ("momentum", 2e-4, 20_000), ("adagrad", 0.5, 20_000), ("rmsprop", 1e-3, 20_000),
     ("adam", 0.01, 10_000), ("rprop", 0.01, 10_000)],
)  # fmt: skip
def test_rosenbrock(name, rate, updates):
    """f = (1 - x)^2 + 100 (y - x^2)^2 from (-1.2, 1), where f = 24.2, to its minimum 0 at (1, 1)."""

    def gradient(p):
        x, y = p.tolist()
        return [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]

    x, y = descend(name, [-1.2, 1.0], gradient, rate, updates).tolist()
    assert (1 - x) ** 2 + 100 * (y - x * x) ** 2 < 1e-2
