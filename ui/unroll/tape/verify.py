"""The page's numbers beside an independent computation, and the script that does it anywhere."""

import inspect
import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ui.unroll.tape import standalone_check
from ui.unroll.tape.standalone_check import Page
from ui.unroll.tape.tape import Computation, Tape, open_up

PLACE = 'PAGE: Page = json.loads("null")'
GIVEN = (
    "0",
    "rate",
    "N",
    "M",
    "x",
    "y",
    "U",
    "W",
    "V",
    "P",
    "Gx",
    "Gh",
    "Gc",
    "bu",
    "bw",
    "bc",
    "bo",
)  # what is not computed


class Deviation(NamedTuple):
    """How far the page's numbers of one kind are from the others'."""

    family: str  # the array's name without its step and its gate
    compared: int  # how many numbers
    script: float  # largest deviation from the independent computation
    differences: float | None  # from central differences, for gradients


def page_of(tape: Tape, symbols: Sequence[str]) -> Page:
    """The network, the sequence and every computed number, as plain lists."""
    computation = tape.computation
    numbers = {name: value.tolist() for name, value in tape.arrays.items() if family(name) not in GIVEN}
    del numbers["s.-1"]
    numbers.pop("c.-1", None)
    numbers["L after"] = loss_after(tape)
    return {
        "cell": computation.cell,
        "weights": {name: np.asarray(value, np.float64).tolist() for name, value in computation.weights.items()},
        "ids": list(computation.ids),
        "targets": list(computation.targets),
        "truncate": computation.truncate,
        "truncation": computation.truncation,
        "rate": computation.rate,
        "symbols": list(symbols),
        "numbers": numbers,
    }


def loss_after(tape: Tape) -> float:
    """The loss of the same sequence after the gradient step."""
    one = tape.computation
    return open_up(Computation(one.cell, tape.stepped(), one.ids, one.targets)).loss


def family(name: str) -> str:
    """Family of an array: the kind of number that it holds.

    >>> family("da_f*.3"), family("ds.-1"), family("U_f"), family("newV"), family("0")
    ('da', 'ds', 'U', 'newV', '0')
    """
    return name.split(".")[0].rstrip("*").split("_")[0]


def script(page: Page) -> str:
    """A stand-alone Python script that computes the page's numbers anew and compares."""
    source = inspect.getsource(standalone_check)
    assert source.count(PLACE) == 1
    return source.replace(PLACE, f"PAGE: Page = json.loads({json.dumps(page)!a})")


def check(page: Page) -> list[Deviation]:
    """The largest deviation of each kind of number, gradients also from central differences."""
    found: dict[str, tuple[int, float]] = {}
    for name, (count, deviation) in standalone_check.deviations(page).items():
        total, largest = found.get(family(name), (0, 0.0))
        found[family(name)] = (total + count, max(largest, deviation))
    letters = {"weight_ih_l0": "dU", "weight_hh_l0": "dW", "weight_ho": "dV", "weight_ch_l0": "dP", "bias_ih_l0": "dbu",
               "bias_hh_l0": "dbw", "bias_o": "dbo", "gain_ih_l0": "dGx", "gain_hh_l0": "dGh", "gain_ch_l0": "dGc",
               "bias_ch_l0": "dbc"}  # fmt: skip
    slopes = {letters[name]: deviation for name, deviation in standalone_check.differences(page).items()}
    return [Deviation(name, *numbers, slopes.get(name)) for name, numbers in found.items()]
