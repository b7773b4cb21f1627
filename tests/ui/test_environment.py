"""The environment variables: what each takes, and that what is wrong keeps the app from starting, in a line."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ui import environment

ROOT = Path(__file__).parents[2]
WRONG = {
    environment.HOSTS: ("https://lab.example.org", "has 'https://lab.example.org'; it must be names such as lab."),
    environment.SESSIONS: ("many", "is 'many'; it must be a whole number of at least 1, such as 64"),
    environment.MEMORY: ("4GB", "is '4GB'; it must be a whole number of megabytes, at least 256"),
    environment.EMBED_ORIGINS: ("a.org", "has 'a.org'; it must be origins such as https://course.example.org"),
    environment.LESSONS: ("/nonexistent", "is '/nonexistent'; it must be a folder that can be read"),
    environment.TEXT: ("/nonexistent", "is no text to begin with: /nonexistent cannot be used: No such file or"),
    environment.METRICS: ("open", "is 'open'; it must be 1 or 0, true or false, yes or no, on or off"),
    environment.SCHEDULER: ("nonsense", "is 'nonsense'; it must be an address such as tcp://192.168.1.7:8786, or ask"),
}


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch):
    for name in environment.VARIABLES:
        monkeypatch.delenv(name, raising=False)


def refused(command: list[str], folder: Path, **variables: str) -> tuple[int, list[str]]:
    """(exit code, lines of the error output) of a start that must end by itself."""
    assert not set(environment.VARIABLES) & set(os.environ)
    given = {"STREAMLIT_SERVER_HEADLESS": "true", "PYTHONPATH": str(ROOT)} | variables
    run = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, timeout=120, env=os.environ | given
    )
    assert "[1/" not in run.stdout  # nothing is compiled before
    return run.returncode, run.stderr.splitlines()


@pytest.fixture
def port():
    with socket.create_server(("localhost", 0)) as free:
        return str(free.getsockname()[1])


@pytest.mark.parametrize("name", environment.VARIABLES)
def test_a_wrong_value_is_told_in_a_line_with_what_is_needed(name, monkeypatch):
    value, said = WRONG[name]
    monkeypatch.setenv(name, value)
    (problem,) = environment.problems()
    assert problem.startswith(f"{name} {said}") and "\n" not in problem


@pytest.mark.parametrize("name", environment.VARIABLES)
def test_an_empty_value_is_none(name, monkeypatch):
    default = environment.VARIABLES[name]()
    for empty in ("", " "):
        monkeypatch.setenv(name, empty)
        assert environment.VARIABLES[name]() == default and environment.problems() == []


def test_the_values_that_are_taken(monkeypatch, tmp_path):
    for name, value, read in (
        (environment.SESSIONS, " 3 ", 3),
        (environment.MEMORY, "256", 256),
        (environment.EMBED_ORIGINS, "https://a.org, http://*.b.org:80", "https://a.org http://*.b.org:80"),
        (environment.LESSONS, str(tmp_path), tmp_path),
        (environment.SCHEDULER, "tcp://dask_scheduler:8786", "tcp://dask_scheduler:8786"),
        (environment.SCHEDULER, "ask", environment.ASK),
        *((environment.METRICS, word, True) for word in ("1", "true", "Yes", "ON")),
        *((environment.METRICS, word, False) for word in ("0", "False", "no", "off")),
    ):
        monkeypatch.setenv(name, value)
        assert environment.VARIABLES[name]() == read, (name, value)
    (tmp_path / "text.txt").write_text("a text, ", encoding="utf-8")
    monkeypatch.setenv(environment.TEXT, str(tmp_path / "text.txt"))
    assert environment.text() == "a text, "


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "1e3", "9" * 5000, "٣"])
def test_what_is_no_number_of_visitors_is_refused(value, monkeypatch):
    monkeypatch.setenv(environment.SESSIONS, value)
    assert "whole number" in environment.problems()[0]


def test_streamlit_run_ends_with_all_that_is_wrong(port, tmp_path):
    """A secret of Streamlit's counts, too: on its Community Cloud the variables are those."""
    (tmp_path / "secrets.toml").write_text(f'{environment.SESSIONS} = "0"\n', encoding="utf-8")
    wrong = {name: value for name, (value, _said) in WRONG.items() if name != environment.SESSIONS}
    command = ["-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    code, lines = refused([*command, f"--secrets.files={tmp_path / 'secrets.toml'}"], ROOT, **wrong)
    assert code == 1 and [line.split()[0] for line in lines] == list(environment.VARIABLES), lines


@pytest.mark.parametrize("name", [environment.HOSTS, environment.MEMORY])
def test_streamlit_run_ends_with_one_line(name, port):
    value, said = WRONG[name]
    code, lines = refused(["-m", "streamlit", "run", "app.py", f"--server.port={port}"], ROOT, **{name: value})
    assert code == 1 and len(lines) == 1 and lines[0].startswith(f"{name} {said}"), lines


@pytest.mark.parametrize(
    "command",
    [["-m", "ui.server.start"], ["-c", "import sys; from rnn_lab.command import main; sys.exit(main())", "--port"]],
    ids=["make run", "rnn-lab"],
)
def test_it_ends_before_it_compiles(command, port, tmp_path):
    folder = ROOT if "-m" in command else tmp_path
    code, lines = refused([*command, port], folder, NUMBA_CACHE_DIR=str(tmp_path / "kernels"), RNN_LAB_SESSIONS="0")
    assert code == 1 and len(lines) == 1 and lines[0].startswith("RNN_LAB_SESSIONS is '0'"), lines


def test_the_page_on_hosting_names_them_all():
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [*environment.VARIABLES, "NUMBA_CACHE_DIR"]


def test_each_is_named_in_one_place():
    wanted = re.compile(rf"""["']({"|".join(environment.VARIABLES)})["']""")
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("ui", "rnn_lab", "rnn_core", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if wanted.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"ui/environment.py"}
