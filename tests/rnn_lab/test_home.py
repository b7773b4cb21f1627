"""`ui` is found from anywhere, nothing else of the app's folder is, and another `ui` is named."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def elsewhere(tmp_path):
    """rnn_core and rnn_lab where they are installed, the app within rnn_lab: what a wheel unpacks to."""
    site = tmp_path / "site"
    (site / "rnn_lab").mkdir(parents=True)
    for source in (ROOT / "rnn_lab").glob("*.py"):
        (site / "rnn_lab" / source.name).write_bytes(source.read_bytes())
    (site / "rnn_core").symlink_to(ROOT / "rnn_core")
    (site / "rnn_lab" / "app").mkdir()
    for name in ("app.py", "ui", "locales"):
        (site / "rnn_lab" / "app" / name).symlink_to(ROOT / name)
    (tmp_path / "work").mkdir()
    return site


def python(site: Path, code: str) -> subprocess.CompletedProcess:
    begin = f"import sys; sys.path.insert(1, {str(site)!r})\n"
    work = site.parent / "work"
    return subprocess.run([sys.executable, "-c", begin + code], cwd=work, capture_output=True, text=True, timeout=300)


def test_figures_are_found_and_nothing_else_of_the_app(elsewhere):
    (elsewhere.parent / "work" / "ui").mkdir()  # a folder of that name is in nobody's way
    code = (
        "from rnn_lab import figures; from importlib.util import find_spec as find; print(find('app'), find('pages'))"
    )
    run = python(elsewhere, code)
    assert run.stdout == "None None\n", run.stderr


def test_another_package_of_that_name_is_named(elsewhere):
    (elsewhere.parent / "work" / "ui.py").touch()
    run = python(elsewhere, "import rnn_lab")
    assert "ui.py stands in its place; rename that one" in run.stderr.splitlines()[-1]
