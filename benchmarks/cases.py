"""The cases: shapes, and the data and initial parameters that every contender starts from.

T steps, B sequences, D input size, H hidden size, K output size; G blocks of rows: 1 for the RNN, 3 for the GRU
(r z n), 4 for the LSTM (i f g o).
"""

from dataclasses import dataclass

import numpy as np

POOL = 8  # minibatches; step u trains on the one numbered u mod POOL
BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}
ADAM = (0.9, 0.999)  # beta1, beta2
EPS = {"adam": 1e-8, "adagrad": 1e-10, "sgd": 0.0}


@dataclass(frozen=True)
class Case:
    """One network and how it is trained; `goal`: how many times faster than the best peer ours is to be."""

    shape: str
    cell: str
    vocabulary: int  # of symbols read and predicted at every step; with `adding`, of input channels
    hidden: int
    steps: int
    batch: int
    optimizer: str
    goal: float
    learning_rate: float = 1e-3
    clip_norm: float | None = 5.0
    clip_value: float | None = None
    adding: bool = (
        False  # floats in, one number after the last step, mean squared error (Hochreiter & Schmidhuber 1997)
    )

    @property
    def name(self) -> str:
        return f"{self.shape}-{self.cell}"

    @property
    def outputs(self) -> int:
        return 1 if self.adding else self.vocabulary


CASES = {
    case.name: case
    for case in (
        Case("S1", "rnn", 32, 32, 25, 1, "adam", 7),
        Case("S1", "gru", 32, 32, 25, 1, "adam", 7),
        Case("S1", "lstm", 32, 32, 25, 1, "adam", 7),
        Case("S2", "rnn", 65, 100, 25, 1, "adagrad", 2, learning_rate=1e-2, clip_norm=None, clip_value=5.0),
        Case("S3", "rnn", 65, 64, 64, 16, "adam", 2.2),
        Case("S3", "gru", 65, 64, 64, 16, "adam", 2.2),
        Case("S3", "lstm", 65, 64, 64, 16, "adam", 2.2),
        Case("S4", "rnn", 65, 128, 50, 50, "adam", 1.4),
        Case("S4", "gru", 65, 128, 50, 50, "adam", 1.4),
        Case("S4", "lstm", 65, 128, 50, 50, "adam", 1.15),
        Case("S5", "lstm", 65, 512, 100, 64, "adam", 1.1),
        Case("S6", "rnn", 8000, 100, 20, 1, "sgd", 1.2, learning_rate=5e-3),
        Case("S7", "rnn", 2, 128, 200, 32, "adam", 1.8, adding=True),
        Case("S7", "lstm", 2, 128, 200, 32, "adam", 1.8, adding=True),
    )
}


def batches(case: Case) -> list[tuple[np.ndarray, np.ndarray]]:
    """POOL pairs (x, targets): ids (T, B) and the ids that follow; or floats (T, B, 2) and their sums (B, 1)."""
    rng = np.random.default_rng(0)
    make = adding_batch if case.adding else text_batch
    return [make(case, rng) for _ in range(POOL)]


def text_batch(case, rng):
    ids = rng.integers(0, case.vocabulary, (case.steps + 1, case.batch), dtype=np.int32)
    return ids[:-1].copy(), ids[1:].copy()


def adding_batch(case, rng):
    values = rng.random((case.steps, case.batch), dtype=np.float32)
    marks = np.zeros_like(values)
    for b in range(case.batch):
        marks[rng.choice(case.steps, 2, replace=False), b] = 1
    return np.stack([values, marks], axis=2), (values * marks).sum(axis=0)[:, None]


def parameters(case: Case) -> dict[str, np.ndarray]:
    """The initial parameters, float32, U(-1/sqrt H, 1/sqrt H), under PyTorch's names and in its shapes."""
    rng = np.random.default_rng(1)
    rows, bound = BLOCKS[case.cell] * case.hidden, case.hidden**-0.5
    shapes = {
        "weight_ih_l0": (rows, case.vocabulary),
        "weight_hh_l0": (rows, case.hidden),
        "bias_ih_l0": (rows,),
        "bias_hh_l0": (rows,),
        "weight_ho": (case.outputs, case.hidden),
        "bias_o": (case.outputs,),
    }
    return {name: rng.uniform(-bound, bound, shape).astype(np.float32) for name, shape in shapes.items()}
