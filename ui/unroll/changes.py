"""Changes of the weights: numbers set by hand and gradient steps, one after the other, as the URL spells them.

`W_f.1.2=0.5` sets an entry of the forget gate's block, `g0.1` makes a gradient step with that learning rate,
`g0.1w3` and `g0.1c3` one whose gradient is truncated, windowed or chunked.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ui.unroll.tape import Computation, open_up
from ui.unroll.tape.tape import blocks, gates_of, of

LARGEST = 50.0  # of a weight that is set by hand
MOST = 60  # changes that are kept
SEPARATOR = "~"
_EDIT = re.compile(r"([A-Za-z]{1,2}(?:_[a-z])?)\.(\d{1,3})\.(\d{1,4})=(-?\d{1,3}(?:\.\d{1,17})?(?:e-?\d{1,2})?)")
_STEP = re.compile(r"g(\d{1,2}(?:\.\d{1,6})?)(?:([wc])(\d{1,2}))?")
_KINDS = {"w": "windowed", "c": "chunked"}


class Edit(NamedTuple):
    """An entry of a block of weights, set by hand."""

    block: str
    row: int
    column: int
    value: float

    def spell(self) -> str:
        """As the URL says it."""
        return f"{self.block}.{self.row}.{self.column}={self.value!r}"


class Step(NamedTuple):
    """A gradient step."""

    rate: float
    truncate: int | None = None
    truncation: str = "windowed"

    def spell(self) -> str:
        """As the URL says it."""
        return f"g{self.rate:g}" + ("" if self.truncate is None else f"{self.truncation[0]}{self.truncate}")


def parse(text: str) -> list[Edit | Step]:
    """The changes that the URL spells; nothing where one of them is none.

    >>> parse("W.1.2=0.5~g0.1w3")
    [Edit(block='W', row=1, column=2, value=0.5), Step(rate=0.1, truncate=3, truncation='windowed')]
    >>> parse("W.1.2=nan"), parse("")
    ([], [])
    """
    changes: list[Edit | Step] = []
    for part in text.split(SEPARATOR)[:MOST] if text else []:
        if edit := _EDIT.fullmatch(part):
            changes.append(Edit(edit[1], int(edit[2]), int(edit[3]), float(edit[4])))
        elif step := _STEP.fullmatch(part):
            changes.append(Step(float(step[1]), int(step[3]) if step[3] else None, _KINDS.get(step[2], "windowed")))
        else:
            return []
    return changes


def spell(changes: Iterable[Edit | Step]) -> str:
    """All of them, as the URL says it."""
    return SEPARATOR.join(change.spell() for change in changes)


def change_weights(computation: Computation, change: Edit | Step) -> Mapping[str, np.ndarray] | None:
    """The weights after a change; None if there is no such entry, or if the numbers would not stay finite."""
    if isinstance(change, Step):
        if not 0 <= change.rate <= 10 or (change.truncate is not None and change.truncate < 1):
            return None
        cut = replace(computation, truncate=change.truncate, truncation=change.truncation, rate=change.rate)
        after = open_up(cut).stepped()
        return (
            after if all(np.isfinite(value).all() and np.abs(value).max() < 1e6 for value in after.values()) else None
        )
    return _edited(computation, change)


def _edited(computation: Computation, edit: Edit) -> Mapping[str, np.ndarray] | None:
    place = _place(computation, edit.block)
    if place is None or not np.isfinite(edit.value) or abs(edit.value) > LARGEST:
        return None
    name, start, rows = place
    weights = {key: np.array(value, np.float64) for key, value in computation.weights.items()}
    block = weights[name][start : start + rows].reshape(rows, -1)  # a view
    if not (0 <= edit.row < block.shape[0] and 0 <= edit.column < block.shape[1]):
        return None
    block[edit.row, edit.column] = edit.value
    return weights


def _place(computation: Computation, block: str) -> tuple[str, int, int] | None:
    """(parameter, first row, rows) of a block, where there is one."""
    for name, value in computation.weights.items():
        letter, kind = blocks(name)
        gates = gates_of(computation.cell, kind)
        for number, gate in enumerate(gates):
            if of(letter, gate) == block:
                rows = len(value) // len(gates)
                return name, number * rows, rows
    return None
