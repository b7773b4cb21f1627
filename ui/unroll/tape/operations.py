"""Operations, and how each kind of them is computed. Every array has two axes; a vector is a column."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np


class Operation(NamedTuple):
    """One line of the calculation: `result` is computed from `operands` as `kind` (and `rule`) say."""

    what: str  # its meaning: the key of its title and of its explanation
    phase: str  # "forward" or "backward"
    step: int  # t; -1: the initial state; T: what comes after the last step
    part: str  # where in the unrolled diagram: x, U, W, s, V, o, L
    kind: str  # key in KINDS
    result: str  # name of an array
    operands: tuple[str, ...]  # names of arrays
    rule: str = ""  # kind "each": key in RULES
    left_out: tuple[int, ...] = ()  # what truncation leaves out: operands of an "add", columns of a "columns"
    cut: bool = False  # the result itself is left out by truncation, and shown as what would have come


class Rule(NamedTuple):
    """A function of the entries that stand at the same place. `*` in the template is an elementwise product."""

    template: str
    function: Callable[..., Any]


def sigmoid(a: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-a)), without overflow."""
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1.0, e) / (1.0 + e)


RULES = {
    "tanh": Rule("tanh({0})", np.tanh),
    "relu": Rule("max(0, {0})", lambda a: np.maximum(a, 0.0)),
    "identity": Rule("{0}", lambda a: a),
    "sigmoid": Rule("σ({0})", sigmoid),
    "exp": Rule("exp({0})", np.exp),
    "exp_shifted": Rule("exp({0} − {1})", lambda v, top: np.exp(v - top)),
    "divide": Rule("{0} / {1}", lambda a, b: a / b),
    "subtract": Rule("{0} − {1}", lambda a, b: a - b),
    "times": Rule("{0} * {1}", lambda a, b: a * b),
    "slope_tanh": Rule("1 − {0}²", lambda s: 1 - s * s),
    "slope_relu": Rule("[{0} > 0]", lambda a: (a > 0).astype(float)),
    "slope_sigmoid": Rule("{0} * (1 − {0})", lambda s: s * (1 - s)),
    "slope_identity": Rule("1", np.ones_like),
    # layer normalisation: squares and their number; d, its sum, n, the sum of d n, their number, the deviation
    "deviation": Rule("√({0} / {1} + 0.00001)", lambda total, count: np.sqrt(total / count + 1e-5)),
    "d_normal": Rule(
        "({0} − ({1} + {2} * {3}) / {4}) / {5}", lambda d, s, n, w, count, by: (d - (s + n * w) / count) / by
    ),
    "descend": Rule("{0} − {1} * {2}", lambda w, rate, grad: w - rate * grad),
    # GRU
    "candidate": Rule("{0} + {1} * {2}", lambda a, r, m: a + r * m),
    "blend": Rule("(1 − {0}) * {1} + {0} * {2}", lambda z, n, s: (1 - z) * n + z * s),
    "d_candidate": Rule("{0} * (1 − {1}) * (1 − {2}²)", lambda d, z, n: d * (1 - z) * (1 - n * n)),
    "d_update": Rule("{0} * ({1} − {2}) * {3} * (1 − {3})", lambda d, s, n, z: d * (s - n) * z * (1 - z)),
    # LSTM
    "cell": Rule("{0} * {1} + {2} * {3}", lambda f, c, i, g: f * c + i * g),
    "through_state": Rule("{0} * {1} * (1 − {2}²)", lambda d, o, q: d * o * (1 - q * q)),
    "d_candidate_cell": Rule("{0} * {1} * (1 − {2}²)", lambda d, i, g: d * i * (1 - g * g)),
    "d_gate": Rule("{0} * {1} * {2} * (1 − {2})", lambda d, by, gate: d * by * gate * (1 - gate)),
}


def _add(values: Sequence[np.ndarray], left_out: Sequence[int]) -> np.ndarray:
    return sum((value for i, value in enumerate(values) if i not in left_out), np.zeros_like(values[0]))


def _columns(values: Sequence[np.ndarray], left_out: Sequence[int]) -> np.ndarray:
    kept = [column for column in range(values[0].shape[1]) if column not in left_out]
    return values[0][:, kept].sum(axis=1, keepdims=True)


KINDS = {
    "pick": lambda values, _: values[0][:, [int(values[1].argmax())]],  # the column of the symbol: a product with 1-hot
    "product": lambda values, _: values[0] @ values[1],
    "transposed": lambda values, _: values[0].T @ values[1],
    "outer": lambda values, _: values[0] @ values[1].T,
    "add": _add,
    "columns": _columns,
    "beside": lambda values, _: np.hstack(values),
    "total": lambda values, _: sum(value.sum(axis=0, keepdims=True) for value in values),  # of each column
    "squares": lambda values, _: sum((value**2).sum(axis=0, keepdims=True) for value in values),
    "inner": lambda values, _: sum(
        (a * b).sum(axis=0, keepdims=True) for a, b in zip(values[::2], values[1::2], strict=True)
    ),
    "surprise": lambda values, _: -np.log(values[0][[int(values[1].argmax())]]),  # of the target
}


def compute(operation: Operation, arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """The result of an operation, from the arrays that its operands name."""
    values = [arrays[name] for name in operation.operands]
    if operation.kind == "each":
        return RULES[operation.rule].function(*values)
    return KINDS[operation.kind](values, operation.left_out)
