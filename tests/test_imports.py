"""Imports point one way: rnn_core <- ui/charts, figures <- ui <- pages, app.py; the oracle is for tests alone."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("rnn_core", "ui.charts", "ui", "pages", "app", "tests", "benchmarks")
ORACLES = {path.stem for path in (ROOT / "tests").rglob("*.py")}

# what each layer may import of ours, and of other people's; None: anything
ALLOWED = {
    "rnn_core": ({"rnn_core"}, {"numpy", "numba", "llvmlite", "safetensors", "regex"}),
    "ui.charts": ({"rnn_core", "ui.charts"}, {"numpy", "plotly"}),
    "ui": ({"rnn_core", "ui.charts", "ui"}, None),
    "pages": ({"rnn_core", "ui.charts", "ui"}, None),
    "app": ({"rnn_core", "ui.charts", "ui", "pages"}, None),
    "benchmarks": ({"rnn_core", "benchmarks"}, None),
}
NEVER = {"pickle", "dill", "joblib"}
PEERS = {"torch", "jax"}  # the app runs without them; the benchmark measures them


def layer_of(module: str) -> str | None:
    """Which of our layers a dotted name belongs to."""
    if module.startswith("ui.") and any(part.startswith("figures") for part in module.split(".")):
        return "ui.charts"  # each page has its figures in its own folder
    return next((name for name in OURS if module == name or module.startswith(name + ".")), None)


def imports(source: str, module: str) -> set[str]:
    """The dotted names a module imports; `from a import b` counts as a.b, relative imports are resolved. What stands
    under `if TYPE_CHECKING` names a type and is never imported."""
    found, tree = set(), ast.parse(source)
    types = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    never = {inner for node in types for part in node.body for inner in ast.walk(part)}
    for node in ast.walk(tree):
        if node in never:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parent = ".".join(module.split(".")[: -node.level]) if node.level else ""
            base = ".".join(part for part in (parent, node.module) if part)
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def wrong(module: str, source: str) -> set[str]:
    """The imports of a module that its layer may not have."""
    ours, others = ALLOWED[layer_of(module)]
    never = NEVER if layer_of(module) == "benchmarks" else NEVER | PEERS
    bad = set()
    for name in imports(source, module):
        top, layer = name.split(".")[0], layer_of(name)
        foreign = others is not None and top not in others and top not in sys.stdlib_module_names
        if (layer not in ours if layer else foreign or top in ORACLES) or top in never:
            bad.add(name)
    return bad


def modules() -> list[tuple[str, Path]]:
    """(dotted name, file) of everything that is not a test."""
    files = [p for folder in ("rnn_core", "ui", "pages", "benchmarks") for p in sorted((ROOT / folder).rglob("*.py"))]
    files += [ROOT / "app.py"] if (ROOT / "app.py").exists() else []
    # an __init__ keeps its last part, so that one leading dot means the same as in the other files
    return [(".".join(p.relative_to(ROOT).with_suffix("").parts), p) for p in files]


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_direction(module, path):
    assert wrong(module, path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("rnn_core.cells.gru", "import streamlit"),
        ("rnn_core.model", "from ui.charts import score"),
        ("rnn_core.model", "def f():\n    import pandas"),
        ("rnn_core.model", "import torch"),
        ("rnn_core.checkpoint", "import pickle"),
        ("ui.charts.score", "import streamlit as st"),
        ("ui.arena.figures", "import streamlit as st"),
        ("ui.memory.states.figures_tree", "from ui.memory import guides"),
        ("ui.charts.score", "from ui.training import session"),
        ("ui.charts.score", "from ..training import snapshot"),
        ("ui.training.session", "from pages.lab import x"),
        ("ui.training.session", "import app"),
        ("pages.lab", "import reference"),
        ("pages.lab", "from tests.reference import run"),
    ],
)
def test_the_walk_sees_a_wrong_import(module, source):
    assert len(wrong(module, source)) == 1


def test_a_type_is_no_import():
    types = "if TYPE_CHECKING:\n    from ui.training.history import Curve\n"
    assert wrong("ui.charts.loss", types) == set()
    assert len(wrong("ui.charts.loss", types + "from ui.training import history")) == 1


def test_the_core_loads_nothing_else():
    """In a fresh interpreter: neither the app's libraries nor the tests' come along with rnn_core."""
    code = "import sys, rnn_core; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"streamlit", "plotly", "pandas", "torch", "matplotlib", "pytest"} & set(run.stdout.split())
