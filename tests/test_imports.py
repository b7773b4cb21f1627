"""Imports point one way: rnn_core <- ui/charts, figures <- ui <- pages, app.py, rnn_lab; the oracle is for tests alone.

Within ui: whatever has no face imports no Streamlit, also not through another module; no page's folder imports
another's; no mechanism imports a page's folder; packages have no circle.
"""

import ast
import functools
import graphlib
import subprocess
import sys
from pathlib import Path

import pytest

from ui.pages import PAGES

ROOT = Path(__file__).parent.parent
OURS = ("rnn_core", "ui.charts", "ui", "pages", "app", "rnn_lab", "tests", "benchmarks")
ORACLES = {path.stem for path in (ROOT / "tests").rglob("*.py")}

# what each layer may import of ours, and of other people's; None: anything
ALLOWED = {
    "rnn_core": ({"rnn_core"}, {"numpy", "numba", "llvmlite", "safetensors", "regex"}),
    "ui.charts": ({"rnn_core", "ui.charts"}, {"numpy", "plotly"}),
    "ui": ({"rnn_core", "ui.charts", "ui"}, None),
    "pages": ({"rnn_core", "ui.charts", "ui"}, None),
    "app": ({"rnn_core", "ui.charts", "ui", "pages"}, None),
    "rnn_lab": ({"rnn_core", "ui.charts", "ui", "rnn_lab"}, {"numpy", "plotly", "torch"}),
    "benchmarks": ({"rnn_core", "ui", "benchmarks"}, None),
}
NEVER = {"pickle", "dill", "joblib"}
PEERS = {"torch", "jax", "keras", "h5py"}  # the app runs without; the benchmark measures two, rnn_lab records torch's
WITH_PEERS = ("benchmarks", "rnn_lab")


def layer_of(module: str) -> str | None:
    """Which of our layers a dotted name belongs to."""
    if module.startswith("ui.") and any(part.startswith("figures") for part in module.split(".")):
        return "ui.charts"  # each page has its figures in its own folder
    return next((name for name in OURS if module == name or module.startswith(name + ".")), None)


@functools.cache
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
    never = NEVER if layer_of(module) in WITH_PEERS else NEVER | PEERS
    bad = set()
    for name in imports(source, module):
        top, layer = name.split(".")[0], layer_of(name)
        foreign = others is not None and top not in others and top not in sys.stdlib_module_names
        if (layer not in ours if layer else foreign or top in ORACLES) or top in never:
            bad.add(name)
    return bad


def modules() -> list[tuple[str, Path]]:
    """(dotted name, file) of everything that is not a test."""
    files = [
        p
        for folder in ("rnn_core", "rnn_lab", "ui", "pages", "benchmarks")
        for p in sorted((ROOT / folder).rglob("*.py"))
    ]
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
        ("ui.training.session", "from rnn_lab import figures"),
        ("rnn_lab.figures", "import streamlit"),
        ("rnn_lab.figures", "from pages.lab import x"),
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


# The house: packages of ui

MECHANISMS = {
    "settings",
    "training",
    "server",
    "live",
    "charts",
    "network",
    "i18n",
    "theme",
    "equations",
    "environment",
}
FLAT = {"__init__", "environment", "i18n", "theme", "equations", "pages"}
SOURCES = {module: path.read_text(encoding="utf-8") for module, path in modules() if module.startswith("ui.")}


def is_faceless(module: str) -> bool:
    """Whether a module computes or draws and therefore knows no Streamlit."""
    parts = module.split(".")[1:]
    return (
        parts[0] in ("charts", "environment", "i18n", "theme", "equations")
        or (parts[0] == "training" and parts[1:] != ["tabs"])
        or parts[:2] in (["course", name] for name in ("guess", "lesson", "lessons", "record", "runner", "state"))
        or (parts[:2] == ["course", "classroom"] and parts[2] not in ("view", "handlers", "routes"))
        or parts[:2] == ["unroll", "tape"]
        or parts[:2] in (["settings", name] for name in ("choices", "glossary", "measures"))
        or parts[-1].startswith("figures")
        or parts[-1] == "analysis"
    )


def package_of(module: str) -> str:
    """The part of ui that a module belongs to: a folder, or a module beside the folders."""
    return module.split(".")[1]


def home_of(name: str, sources: dict[str, str]) -> str | None:
    """The module of ours that a dotted name is, or lies in."""
    while name:
        for module in (name, f"{name}.__init__"):
            if module in sources:
                return module
        name = name.rpartition(".")[0]
    return None


def neighbours(sources: dict[str, str]) -> dict[str, set[str]]:
    """module -> the modules of ours that it imports."""
    return {
        module: {home for name in imports(source, module) if (home := home_of(name, sources))} - {module}
        for module, source in sources.items()
    }


def with_a_face(sources: dict[str, str]) -> set[str]:
    """The modules that import Streamlit, themselves or through others of ours, though they should not."""
    faces = {m for m, source in sources.items() if any(n.split(".")[0] == "streamlit" for n in imports(source, m))}
    graph, grown = neighbours(sources), True
    while grown:
        more = {module for module, others in graph.items() if others & faces} - faces
        faces, grown = faces | more, bool(more)
    return {module for module in faces if is_faceless(module)}


def packages(sources: dict[str, str]) -> dict[str, set[str]]:
    """package -> the packages that it imports."""
    graph: dict[str, set[str]] = {package_of(module): set() for module in sources if module.count(".")}
    for module, others in neighbours(sources).items():
        graph[package_of(module)] |= {package_of(other) for other in others} - {package_of(module), "__init__"}
    return graph


def drawn(graph: dict[str, set[str]]) -> str:
    """The graph of packages, a floor after the other: each imports of the floors before its own alone. What lies on a
    circle stands at the end."""
    rest, lines, floor = dict(graph), [], 0
    while rest:
        ready = sorted(package for package, others in rest.items() if not others & rest.keys())
        ready, name = (ready, f"floor {floor}") if ready else (sorted(rest), "circle")
        lines += [f"{name}: {package} -> {', '.join(sorted(rest.pop(package))) or '-'}" for package in ready]
        floor += 1
    return "\n".join(lines)


def trespasses(graph: dict[str, set[str]]) -> set[tuple[str, str]]:
    """The arrows between packages that there must not be: from a page or a mechanism into a page's folder."""
    return {
        (package, other)
        for package, others in graph.items()
        for other in others & set(PAGES)
        if package in set(PAGES) | MECHANISMS
    }


def test_what_has_no_face_knows_no_streamlit():
    assert with_a_face(SOURCES) == set()


def test_no_page_is_imported_by_another_nor_by_a_mechanism():
    assert trespasses(packages(SOURCES)) == set(), drawn(packages(SOURCES))


def test_packages_have_no_circle():
    """`pytest -s` prints the graph."""
    graph = packages(SOURCES)
    print(f"\n{drawn(graph)}")
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(f"{' <- '.join(error.args[1])}\n{drawn(graph)}")


def test_the_graph_is_drawn_by_floors():
    assert drawn({"live": {"i18n", "theme"}, "i18n": set(), "theme": set(), "lab": {"live"}}).splitlines() == [
        "floor 0: i18n -> -", "floor 0: theme -> -", "floor 1: live -> i18n, theme", "floor 2: lab -> live",
    ]  # fmt: skip
    assert drawn({"a": {"b"}, "b": {"a"}, "c": set()}).splitlines()[1:] == ["circle: a -> b", "circle: b -> a"]


def test_every_module_has_a_folder():
    assert {path.stem for path in (ROOT / "ui").glob("*.py")} <= FLAT
    assert set(packages(SOURCES)) - {"__init__", "pages"} == set(PAGES) | MECHANISMS


def test_no_module_is_long():
    files = [path for kind in ("py", "js", "ts", "css", "html") for path in (ROOT / "ui").rglob(f"*.{kind}")]
    files += (ROOT / "rnn_lab").glob("*.py")
    assert [path for path in files if path.read_text(encoding="utf-8").count("\n") > 400] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("ui.charts.score", "import streamlit"),
        ("ui.training.run", "from streamlit import runtime"),
        ("ui.i18n", "from ui.settings.widgets import Widgets"),
        ("ui.settings.choices", "from ui.settings import language"),
        ("ui.memory.states.analysis", "def f():\n    from ui.live.full import server_full"),
        ("ui.unroll.tape.forward", "from ui.unroll import panels"),
        ("ui.arena.figures", "from ui.training.tabs import session_of_tab"),
    ],
)
def test_the_walk_sees_a_face(module, source):
    assert module in with_a_face(SOURCES | {module: source})


@pytest.mark.parametrize(
    ("module", "source", "arrow"),
    [
        ("ui.shapes.view", "from ui.arena.figures import reach", ("shapes", "arena")),
        ("ui.live.renderer", "from ui.lab import guides", ("live", "lab")),
        ("ui.server.handlers", "import ui.language", ("server", "language")),
    ],
)
def test_the_walk_sees_a_trespass(module, source, arrow):
    assert arrow in trespasses(packages(SOURCES | {module: source}))


def test_the_walk_sees_a_circle():
    graph = packages(SOURCES | {"ui.settings.keys": "from ui.live import notices"})
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter(graph).prepare()
