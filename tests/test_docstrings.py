"""The examples in the docstrings of the core and of the app print what they say."""

import ast
import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for folder in ("rnn_core", "rnn_lab", "ui") for path in (ROOT / folder).rglob("*.py"))


EXAMPLES = [path for path in SOURCES if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("source", EXAMPLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_examples(source):
    name = ".".join(source.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0 < result.attempted


# The errors that a public function raises itself, or through the door of the core, are named where it is explained.

RAISES = {"check": "InputError", "check_state": "InputError", "check_whole": "InputError", "check_number": "InputError",
          "needed": "InputError", "check_writer": "ConfigError", "check_symbols": "InputError",
          "checked_index": "InputError", "bounds": "ConfigError", "allocate": "ConfigError", "layout": "ConfigError",
          "_configure": "ConfigError"}  # fmt: skip
CORE = [path for path in SOURCES if path.parts[len(ROOT.parts)] != "ui" and "kernels" not in path.parts]


def raised(function: ast.FunctionDef) -> set[str]:
    """The core's errors that its body raises, or that the checks raise which it calls."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            names.add(getattr(node.exc.func, "id", ""))
        elif isinstance(node, ast.Call):
            names.add(RAISES.get(getattr(node.func, "attr", getattr(node.func, "id", "")), ""))
    return {name for name in names if name in ("ConfigError", "InputError", "CheckpointError")}


def unnamed(source: Path) -> set[str]:
    """Where a docstring leaves one out: "Class.method: InputError"."""
    found = set()
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        methods = node.body if isinstance(node, ast.ClassDef) else [node]
        about = ast.get_docstring(node) or "" if isinstance(node, ast.ClassDef) else ""
        for function in (one for one in methods if isinstance(one, ast.FunctionDef)):
            made = function.name in ("__init__", "__post_init__")
            docstring = about if made else ast.get_docstring(function)
            if (function.name.startswith("_") and not made) or node.name.startswith("_") or docstring is None:
                continue  # private, or explained by what it overrides
            where = function.name if node is function else f"{node.name}.{function.name}"
            found |= {f"{where}: {name}" for name in raised(function) if name not in docstring}
    return found


@pytest.mark.parametrize("source", CORE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_errors_are_named(source):
    assert unnamed(source) == set()
