"""What is said of everything that `rnn_core` exports: every argument and no other, shapes, units, sources.

numpydoc's validator and pydoclint ask for a type behind each name, which stands in the signature here. An argument is
explained as "name : what it is (its shape)", or named in a sentence. Errors are held by tests/test_docstrings.py.
"""

import dataclasses
import inspect
import re
import sys

import numpy as np
import pytest
from numpy.typing import ArrayLike

import rnn_core
from rnn_core import CELLS, OPTIMIZERS
from rnn_core.encoder_decoder.network import Passes
from rnn_core.tasks import TASKS
from rnn_core.tasks.pairs import PAIRS
from rnn_core.trace import BackwardTrace

EXPLAINED = re.compile(r"(?:^|(?<=[.:;] ))((?:\w+, )*\w+) : ", re.MULTILINE)  # "x, state : as for `forward`"
SHAPE = r"\((?:\.\.\.|[\w·+* -]+)(?:, ?[\w·+* .-]*)*\)"  # (T, B), (S,), (LD, T+1, B, H)
ELSEWHERE = r"as (?:for|in|that of|by) `|shaped as|as `\w+(?:\.\w+)?` (?:takes|gives|has|reads|puts)"
ARRAYS = (np.ndarray, np.ndarray | None, ArrayLike, ArrayLike | None)
UNIT = re.compile(r"nats|ln |[Ss]hare|relative error|squared|variance|noise²|[Ll]oss")
SOURCE = re.compile(r"[A-Z]\w+.*\b(?:19|20)\d\d\b", re.DOTALL)
HEADINGS = {"Parameters", "Raises", "Returns"}


def own(value) -> bool:
    return getattr(value, "__module__", "").startswith("rnn_core")


def members(record: type) -> dict:
    """The public methods and properties of a class, inherited ones of ours too, by name."""
    found = {}
    for base in record.__mro__:
        for name, value in vars(base).items() if own(base) else ():
            value = getattr(value, "fget", getattr(value, "func", getattr(value, "__func__", value)))
            if not name.startswith("_") and inspect.isfunction(value) and own(value) and value.__name__ == name:
                found.setdefault(name, value)
    return {name: value for name, value in found.items() if value.__doc__ or not inherited(record, name)}


def inherited(record: type, name: str) -> bool:
    """Whether it is explained where it is declared, in a base."""
    declared = re.compile(rf"    def {name}\(self.*?:\n\s+\"\"\"", re.DOTALL)
    return any(declared.search(inspect.getsource(base)) for base in record.__mro__[1:] if own(base))


def public() -> dict:
    """Every class and function that is exported, those of `rnn_core.tasks` and the records that are returned too."""
    exported = [getattr(module, name) for module in (rnn_core, rnn_core.tasks) for name in module.__all__]
    found = {}
    for value in [*exported, BackwardTrace, Passes]:
        if inspect.isfunction(value) or inspect.isclass(value):
            found[value.__name__] = value
        if inspect.isclass(value):
            found |= {f"{value.__name__}.{name}": member for name, member in members(value).items()}
    return found


PUBLIC = public()
RECORDS = [value for value in PUBLIC.values() if inspect.isclass(value) and not issubclass(value, Exception)]
FUNCTIONS = {name: value for name, value in PUBLIC.items() if inspect.isfunction(value)}


def is_record(value) -> bool:
    """Whether it is what a call returns: its fields are explained beside them."""
    return inspect.isclass(value) and (hasattr(value, "_fields") or value.__name__.endswith("Trace"))


def arguments(value) -> dict[str, inspect.Parameter]:
    if is_record(value) or (inspect.isclass(value) and issubclass(value, Exception)):
        return {}
    if inspect.isclass(value) and inspect.isabstract(value):
        return {}
    return {
        name: each
        for name, each in inspect.signature(value).parameters.items()
        if name != "self" and each.kind is not each.VAR_KEYWORD
    }


def text_of(value) -> str:
    """The docstring without its examples, headings and errors, one line to a paragraph or to an argument."""
    lines = [line for line in inspect.cleandoc(value.__doc__ or "").split("\n\n>>>")[0].splitlines()]
    return "\n".join(line for line in lines if line.strip() not in HEADINGS and set(line.strip()) != {"-"})


def explained(value) -> set[str]:
    names = {name for group in EXPLAINED.findall(text_of(value)) for name in group.split(", ")}
    return {name for name in names if not name.endswith("Error")}


def wrong(value) -> set[str]:
    """What a docstring lacks or has too much."""
    said, found = text_of(value), set()
    if not re.match(r"\S.*[.:?;]", said.split("\n\n")[0], re.DOTALL):
        found.add("no first sentence")
    found |= {f"{name} is no argument" for name in explained(value) - set(arguments(value))}
    for name, argument in arguments(value).items():
        end = r"(?=\n\n|\n(?:\w+, )*\w+ : |\Z)"
        listed = re.search(rf"(?:^|(?<=[.:;] )|\n)(?:\w+, )*{name}(?:, \w+)* : .*?{end}", said, re.DOTALL)
        about = listed or re.search(rf"(?:^|(?<=\W)){name}\W.*?{end}", said, re.DOTALL)
        if about is None:
            found.add(f"{name} is not explained")
        elif argument.annotation in ARRAYS and not re.search(f"{SHAPE}|{ELSEWHERE}", about[0]):
            found.add(f"{name} has no shape")
    returned = inspect.signature(value).return_annotation if inspect.isfunction(value) else None
    if returned is np.ndarray and not re.search(f"{SHAPE}|{ELSEWHERE}|laid out like", said):
        found.add("what it returns has no shape")
    if returned in (float, float | None) and not UNIT.search(said):
        found.add("what it returns has no unit")
    return found


@pytest.mark.parametrize("name", PUBLIC)
def test_docstring_says_what_the_signature_says(name):
    assert wrong(PUBLIC[name]) == set()


@pytest.mark.parametrize("record", [value for value in RECORDS if is_record(value)], ids=lambda value: value.__name__)
def test_arrays_of_a_record_have_their_shapes_beside_them(record):
    if record is BackwardTrace:  # the same fields
        record = rnn_core.Trace
    names = record._fields if hasattr(record, "_fields") else [each.name for each in dataclasses.fields(record)]
    source = inspect.getsource(record)
    for name in names:
        line = re.search(rf"^    {name}: (.*)$", source, re.MULTILINE)[1]
        if "np.ndarray" in line:
            assert re.search(rf"# .*({SHAPE}|names and shapes of)", line), line


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimiser_names_its_source(name):
    assert SOURCE.search(OPTIMIZERS[name].update.__doc__)


@pytest.mark.parametrize("name", CELLS)
def test_cell_names_its_source(name):
    assert SOURCE.search(sys.modules[CELLS[name].forward.__module__].__doc__)


OWN_TASKS = {"sine", "sentiment", "sentiment_zh", "strokes", "numerals", "numerals_zh", "reverse", "translation",
             "translation_zh"}  # of no paper  # fmt: skip
PUBLISHED = [rnn_core.generate, rnn_core.gradient_flow, rnn_core.TrainConfig, rnn_core.ModelConfig]


@pytest.mark.parametrize("name", [name for name in {**TASKS, **PAIRS} if name not in OWN_TASKS])
def test_task_names_its_source(name):
    task = {**TASKS, **PAIRS}[name]
    assert SOURCE.search(f"{task.__doc__} {sys.modules[task.__module__].__doc__}")


@pytest.mark.parametrize("value", PUBLISHED, ids=lambda value: value.__name__)
def test_method_names_its_source(value):
    assert SOURCE.search(value.__doc__)


def test_the_check_finds_what_is_wrong():
    def right(x: np.ndarray, rate: float = 0.1) -> np.ndarray:
        """(T,) what x (T, B) becomes.

        rate : per step.
        """

    def renamed(x: np.ndarray, pace: float = 0.1) -> np.ndarray:
        """(T,) what x (T, B) becomes.

        rate : per step.
        """

    def shapeless(x: np.ndarray) -> np.ndarray:
        """What x becomes."""

    def unitless(count: int) -> float:
        """A number for count things."""

    assert wrong(right) == set()
    assert wrong(renamed) == {"rate is no argument", "pace is not explained"}
    assert wrong(shapeless) == {"x has no shape", "what it returns has no shape"}
    assert wrong(unitless) == {"what it returns has no unit"}
