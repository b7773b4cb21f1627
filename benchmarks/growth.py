"""Growth of a training step's time, as powers, beside the powers of the multiplications it makes."""

import numpy as np

from benchmarks.networks import multiplications, trainer
from benchmarks.timing import steps_of

BASE = {"vocabulary": 64, "hidden": 128, "steps": 32, "batch": 16, "layers": 1}
RANGES = {
    "steps": (16, 32, 64, 128),
    "hidden": (64, 128, 256, 512),
    "batch": (8, 16, 32, 64),
    "vocabulary": (64, 256, 1024, 4096),
    "layers": (1, 2, 3, 4),
}
LETTERS = {"steps": "T", "hidden": "H", "batch": "B", "vocabulary": "V", "layers": "L"}


def rows(rounds: int):
    """(what, measured, expected power) for the table in docs/speed.md; GRU."""
    for name, values in RANGES.items():
        shapes = [BASE | {name: value} for value in values]
        trainers = {value: network(**shape) for value, shape in zip(values, shapes, strict=True)}
        times = list(steps_of(trainers, min(rounds, 5)).values())
        expected = power(values, [multiplications(3, **shape) for shape in shapes])
        figures = ", ".join(f"{1e3 * time:.2f}" for time in times)
        what = f"{LETTERS[name]} = {', '.join(map(str, values))}: {figures} ms"
        yield what, f"{LETTERS[name]}^{power(values, times):.2f}", f"{LETTERS[name]}^{expected:.2f}"


def network(vocabulary, hidden, steps, batch, layers):
    return trainer("gru", vocabulary, hidden, steps, batch, num_layers=layers)


def power(values, times) -> float:
    """The p of the line through log time = p log value + constant."""
    return np.polyfit(np.log(values), np.log(times), 1)[0]
