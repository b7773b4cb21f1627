"""Everything that the view in the browser needs to step through a tape: plain data, computed once."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ui.equations import letters_of
from ui.i18n import Translate
from ui.theme import Theme
from ui.unroll.notation import GIVEN, axes, label, parts
from ui.unroll.tape.operations import RULES
from ui.unroll.tape.tape import Computation, Tape
from ui.unroll.texts import OPERATIONS, VIEW

LARGEST_HIDDEN, LARGEST_OUTPUT = 8, 12  # units and outputs of the largest network that is shown as a whole
FROM_LATER = {"wd", "kept", "paths", "later", "path", "carried", "pd"}  # their columns are the losses after the step
BY_LOSS = {
    "ds*",
    "da*",
    "dc*",
    "dm*",
    "thru",
    "paths_c",
    "po",
    "du*",
    "dux*",
    "dws*",
} | {  # theirs also the loss of the
    family + part
    for family in ("e", "et", "ei")
    for part in "xhc"  # step itself
}


def payload(
    tape: Tape,
    symbols: Sequence[str],
    *,
    notation: str,
    theme: Theme,
    translate: Translate,
    unit: int = 0,
    output: int = 0,
) -> dict[str, Any]:
    """The tape for the browser. `symbols`: what to write for each id. `unit`, `output`: of a large network."""
    computation = tape.computation
    outputs = len(computation.weights["weight_ho"])
    large = is_large(computation)
    used = {name for one in tape.operations for name in (one.result, *one.operands)}
    used |= {name for name in tape.arrays if parts(name)[0] in GIVEN or parts(name)[0] in ("s", "x", "y")}
    letter = letters_of(computation.cell, notation)
    cut = {one.result for one in tape.operations if one.cut}
    arrays = {}
    for name in used:
        rows, columns = axes(name)
        entry: dict[str, Any] = _values(tape[name], name, unit, output) if large else {"v": tape[name].ravel().tolist()}
        shape = tape[name].shape
        entry |= {"s": list(shape), "n": label(name, computation.cell, notation), "r": rows, "c": columns}
        losses = _losses(computation, name, shape[1])
        if losses:
            entry |= {"c": "loss", "losses": losses[0], "out": losses[1]}
        if name in cut:
            entry["cut"] = True
        arrays[name] = entry
    return {
        "cell": computation.cell,
        "steps": computation.steps,
        "hidden": computation.hidden_size,
        "outputs": outputs,
        "large": large,
        "unit": unit,
        "output": output,
        "symbols": list(symbols),
        "ids": list(computation.ids),
        "targets": list(computation.targets),
        "gates": [gate for gate in ("r", "z", "n", "i", "f", "g", "o") if f"ux_{gate}.0" in tape.arrays],
        "arrays": arrays,
        "ops": [list(one) for one in tape.operations],
        "titles": {what: [translate(text).format(**letter) for text in OPERATIONS[what]]
                   for what in {one.what for one in tape.operations}},
        "letters": letter,
        "rules": {name: rule.template for name, rule in RULES.items()},
        "scales": scales(tape, used),
        "words": {name: translate(text) for name, text in VIEW.items()},
        "theme": {name.replace("held_out", "heldOut"): value for name, value in dataclasses.asdict(theme).items()},
    }  # fmt: skip


def is_large(computation: Computation) -> bool:
    """Whether only the row of one unit is shown."""
    return computation.hidden_size > LARGEST_HIDDEN or len(computation.weights["weight_ho"]) > LARGEST_OUTPUT


def scales(tape: Tape, names: Iterable[str]) -> dict[str, float]:
    """Family -> largest absolute value: arrays of one family share their colours, whatever the step and the gate."""
    largest: dict[str, float] = {}
    for name in names:
        family = parts(name)[0].rstrip("*")
        largest[family] = max(largest.get(family, 0.0), float(abs(tape[name]).max()))
    return largest


def _values(value: np.ndarray, name: str, unit: int, output: int) -> dict[str, Any]:
    """A vector whole; of a matrix the row and the column of the unit and of the output that are looked at."""
    rows, columns = axes(name)
    if columns not in ("unit", "symbol"):
        return {"v": value.ravel().tolist()}
    row = unit if rows == "unit" else output
    column = unit if columns == "unit" else output
    return {"row": [row, value[row].tolist()], "col": [column, value[:, column].tolist()]}


def _losses(computation: Computation, name: str, columns: int) -> tuple[list[int], list[int]] | None:
    """The losses that the columns of an array belong to, and which of the columns are left out."""
    family, _gate, step = parts(name)
    if computation.truncate is None or computation.truncation != "windowed":
        return None
    if step is None or family not in FROM_LATER | BY_LOSS:
        return None
    first = step + 1 if family in FROM_LATER else max(step, 0)
    losses = [loss for loss in range(first, computation.steps) if computation.targets[loss] >= 0]
    if len(losses) != columns:
        return None
    return losses, [i for i, loss in enumerate(losses) if not computation.kept(loss, step)]
