"""The wheel has all that the app needs and nothing else; installed, it draws and serves from any folder."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILT = ("rnn_core", "rnn_lab", "ui", "pages", "locales", "docs", ".streamlit", "app.py", "pyproject.toml", "README.md",
         "LICENSE", "requirements.txt", "requirements-cluster.txt")  # fmt: skip
pytestmark = pytest.mark.skipif(os.name != "posix", reason="scripts of the environment")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built as `pip install .` does it, in a copy: a build leaves folders behind."""
    clone, folder = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("wheel")
    for name in BUILT:
        ignored = shutil.ignore_patterns("__pycache__")
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(
            ROOT / name, clone / name, **({"ignore": ignored} if (ROOT / name).is_dir() else {})
        )
    command = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "-w", folder, clone]
    run = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory) -> Path:
    """The wheel installed into a folder beside the packages that it needs."""
    folder = tmp_path_factory.mktemp("site")
    command = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile", "--target", folder, wheel]
    subprocess.run([sys.executable, *command], check=True, timeout=300)
    return folder


def started(site: Path, *command: str | Path, **options) -> subprocess.Popen:
    """A process in a folder elsewhere, in which the wheel is installed."""
    environment = os.environ | {"PYTHONPATH": str(site), "STREAMLIT_SERVER_HEADLESS": "true", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, *command], cwd=site.parent, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options,
    )  # fmt: skip


def sources(folder: str, *kinds: str) -> set[str]:
    """The files of these kinds below a folder of the clone."""
    return {path.relative_to(ROOT).as_posix() for kind in kinds for path in (ROOT / folder).rglob(f"*.{kind}")}


def test_the_wheel_has_what_the_app_needs_and_nothing_else(wheel):
    app = {"app.py", "pyproject.toml", ".streamlit/config.toml", "docs/lesson.toml"} | sources("docs", "png")
    app |= sources("pages", "py") | sources("locales", "po")
    app |= sources("ui", *{path.suffix[1:] for path in (ROOT / "ui").rglob("*.*")} - {"ts", "pyc"})
    packages = sources("rnn_core", "py", "typed", "txt") | sources("rnn_lab", "py", "typed")
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
        about = {name.rpartition("/")[2] for name in opened.namelist() if ".dist-info/" in name}
    assert names == packages | {f"rnn_lab/app/{name}" for name in app}
    assert about == {"METADATA", "RECORD", "WHEEL", "LICENSE", "entry_points.txt", "top_level.txt"}


def test_the_command_is_installed(site):
    run = started(site, site / "bin" / "rnn-lab", "--help")
    printed, _ = run.communicate(timeout=300)
    assert run.returncode == 0 and printed.startswith("usage: rnn-lab"), printed


# Not compiled: for three steps of a small network that takes longer than all the rest. The app's start compiles.
FIGURE = """
import json, os
os.environ["NUMBA_DISABLE_JIT"] = "1"
from rnn_core import Model, ModelConfig
from rnn_lab import figures, home, measure_gradients
model = Model(ModelConfig("gru", 3, 4, 3))
trace = model.backward([[0], [2], [1]], [[2], [1], [0]])
made = figures.score(trace, "abc", lang="zh_CN"), figures.gradient_matrix(measure_gradients(model, trace), "abc")
made += (figures.coloured_text(trace, "abc", unit=0, theme="dark"),)
print(json.dumps([figures.__file__, str(home.HOME), *(len(figure.to_json()) for figure in made)]))
"""


def test_figures_are_drawn_with_it(site):
    run = started(site, "-c", FIGURE)
    printed, _ = run.communicate(timeout=300)
    file, home, *sizes = json.loads(printed)
    assert file == str(site / "rnn_lab" / "figures.py") and home == str(site / "rnn_lab" / "app")
    assert len(sizes) == 3 and min(sizes) > 1000


@pytest.mark.slow
def test_it_serves_the_app(site):
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    run = started(site, site / "bin" / "rnn-lab", "--port", str(port))
    printed = ""
    with run.stdout:
        while "URL" not in printed and (line := run.stdout.readline()):
            printed += line
        answers = {}
        while run.poll() is None and len(answers) < 3:  # the address is printed before the server answers
            with suppress(OSError):
                for path in ("health", "memory", "browser/pictures/lab.png"):
                    with urllib.request.urlopen(f"http://localhost:{port}/{path}", timeout=60) as answer:
                        answers[path] = answer.status
        os.killpg(run.pid, signal.SIGINT)
        printed += run.stdout.read()
    assert run.wait(120) == 0 and set(answers.values()) == {200}, printed
    assert "Traceback" not in printed and "Stopped." in printed
