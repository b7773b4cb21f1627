"""Modules that several threads load at once, as when a server has just begun and its first visitors are there."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from ui.i18n import LANGUAGES

ROOT = Path(__file__).parents[2]
FIRST = ("ui.server.handlers", "ui.training.tabs", "ui.server.keeping", "ui.training.scheduler", "ui.lab.page")
PROGRAM = """
import sys, threading
from ui.pages import load
together, lost = threading.Barrier({count}), []
def one(name):
    together.wait()
    try:
        load(name)
    except ImportError as error:
        lost.append(str(error))
threads = [threading.Thread(target=one, args=(name,)) for name in {names}]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(*lost, sep="\\n", end="")
"""


@pytest.mark.parametrize("turn", range(len(FIRST)))
def test_threads_that_load_the_core_from_several_sides_all_get_it(turn):
    """Without turns each of these lost one: “cannot import name … from partially initialized module”."""
    names = FIRST[turn:] + FIRST[:turn]
    program = PROGRAM.format(count=len(names), names=names)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_first_visitor_waits_for_nothing_that_could_be_there():
    """Modules take half a second each, a catalogue 0.2 s; of SciPy's statistics no page needs anything."""
    code = "import sys, app, ui.server.handlers as handlers; from ui.i18n import language; handlers.prepare(); "
    code += "print(*sys.modules, 'languages', language.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    *there, languages = done.stdout.split()
    assert {"ui.lab.page", "ui.training.tabs", "pandas"} <= set(there) and "scipy.stats" not in there
    assert languages == str(len(LANGUAGES))


def test_nothing_else_loads_a_module_by_its_name():
    found = set()
    for path in [ROOT / "app.py", *(ROOT / "ui").rglob("*.py")]:
        names = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        names |= {
            alias.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        if "import_module" in names:
            found.add(path.relative_to(ROOT).as_posix())
    assert found == {"ui/pages.py"}
