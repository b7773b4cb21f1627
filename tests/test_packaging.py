"""Requirements, scripts, and files that work on any machine."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"([a-z0-9][a-z0-9-]*)==(\d+(?:\.\d+)+)(?:; [^#]+)? +# \S.*")  # a marker: not on every system


def requirements(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


RUN = requirements("requirements.txt")
CLUSTER = requirements("requirements-cluster.txt")
DEV = requirements("requirements-dev.txt")
OURS = RUN + CLUSTER + DEV[2:]


@pytest.mark.parametrize("line", OURS)
def test_requirement_is_pinned_explained_and_installed(line):
    name, version = PINNED.fullmatch(line).groups()
    assert metadata.version(name) == version


def test_tests_install_what_the_app_needs():
    assert DEV[:2] == ["-r requirements.txt", "-r requirements-cluster.txt"]
    names = [PINNED.fullmatch(line)[1] for line in OURS]
    assert len(set(names)) == len(names)


def locked() -> dict[str, set[str]]:
    """Package -> the versions that constraints.txt allows: one, or one for each range of Pythons."""
    found: dict[str, set[str]] = {}
    for line in requirements("constraints.txt"):
        name, version = re.match(r"([a-z0-9-]+)==(\S+)", line).groups()
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("line", OURS)
def test_requirement_is_locked_to_the_same_version(line):
    name, version = PINNED.fullmatch(line).groups()
    assert locked()[name] == {version}


def test_all_that_requirements_bring_along_is_locked_and_installed_so():
    names, seen = [PINNED.fullmatch(line)[1] for line in OURS], set()
    while names:
        name = canonicalize_name(names.pop())
        if name not in seen:
            seen.add(name)
            assert metadata.version(name) in locked()[name], "make lock"
            needed = map(Requirement, metadata.requires(name) or [])
            names += [one.name for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    assert len(seen) > len(RUN)


@pytest.mark.skipif(os.name != "posix", reason="shell scripts")
def test_the_wheel_has_every_package():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    folders = [path.parent for name in ("rnn_core", "rnn_lab") for path in (ROOT / name).rglob("__init__.py")]
    assert {".".join(folder.relative_to(ROOT).parts) for folder in folders} <= {*listed}


@pytest.mark.parametrize("script", [".ci/run", ".ci/browser", ".ci/javascript"])
def test_script_is_executable_bash(script):
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)


def test_packages_of_node_are_locked_by_their_content_and_to_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert {"node_modules/eslint", "node_modules/typescript"} <= packages.keys()
    assert all(about["integrity"].startswith("sha512-") and "resolved" not in about for about in packages.values())


@pytest.mark.skipif(os.name != "posix", reason="shell scripts")
@pytest.mark.parametrize("ci", ["true", ""])
def test_without_node_the_javascript_is_not_checked_which_fails_in_ci(tmp_path, ci):
    for name in ("env", "bash", "dirname"):
        (tmp_path / name).symlink_to(shutil.which(name))
    environment = {"PATH": str(tmp_path), "CI": ci}
    run = subprocess.run([ROOT / ".ci" / "javascript"], env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == (1 if ci else 0) and "Not found: Node" in run.stderr


def browser_script(folder: Path, **commands: str) -> subprocess.CompletedProcess:
    """.ci/browser on a machine that has these commands alone (name: a script's body) beside a shell's own."""
    for name in ("env", "bash", "grep", "cut", "tr", "mktemp", "rm", "tail"):
        (folder / name).symlink_to(shutil.which(name))
    for name, body in commands.items():
        (folder / name).write_text(f"#!{shutil.which('bash')}\n{body}\n")
        (folder / name).chmod(0o755)
    environment = {"PATH": str(folder), "HOME": str(folder)}
    return subprocess.run([ROOT / ".ci" / "browser"], env=environment, capture_output=True, text=True, timeout=60)


APT = """
case "$*" in
    *--assume-no*) echo 'Need to get 99.9 MB of archives.'; echo 'After this operation, 412 MB more are used.'; exit 1;;
    *' -y '*) exit 100;;
esac
"""


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="Debian's packages")
def test_without_a_browser_and_without_root_the_command_is_said(tmp_path):
    run = browser_script(tmp_path, **{"id": "echo 1000", "apt-get": APT})
    assert run.returncode == 0 and "apt-get install --no-install-recommends chromium" in run.stderr
    assert "skipped" in run.stderr and run.stdout == ""


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="Debian's packages")
def test_how_much_is_downloaded_is_said_before(tmp_path):
    run = browser_script(tmp_path, **{"id": "echo 0", "apt-get": APT})
    assert run.returncode == 0 and run.stdout.startswith("Installing chromium")
    assert "Need to get 99.9 MB of archives." in run.stdout and "could not install chromium" in run.stderr


@pytest.mark.skipif(os.name != "posix", reason="make is for Linux and macOS")
@pytest.mark.parametrize(("version", "fits"), [("3.10", False), ("3.11", True), ("3.14", True), ("3.15", False)])
def test_make_takes_a_python_for_which_there_are_wheels(tmp_path, version, fits):
    """A python3 of this version, and no other."""
    pretended = f"import sys; sys.version_info = ({version.replace('.', ', ')})"
    body = f"""case "$*" in
    *version_info*) exec {sys.executable} -c "{pretended}; $2";;
    --version) echo "Python {version}.0";;
    *) exit 1;;
esac"""
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body if name == 'python3' else 'exit 1'}\n")
        (tmp_path / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    run = subprocess.run(
        ["make", "-s", "venv", f"VENV={tmp_path / 'venv'}"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    said = "cannot make virtual environments" if fits else "Python 3.11 to 3.14 is needed; python3 here"
    assert run.returncode != 0 and said in run.stderr


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="a download without git knows no list of its files")
def test_no_file_names_a_place_on_one_machine():
    """Homes and work directories; paths that a system has anywhere (/usr/bin, /tmp) are fine."""
    place = re.compile(rb"(?<![\w.-])(?:[A-Z]:\\Users|/(?:root|home|Users|work|opt|mnt|srv|farm))[/\\]\w")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    assert ROOT / "Makefile" in files
    found = {str(path.relative_to(ROOT)): place.findall(path.read_bytes()) for path in files}
    assert {name: hits for name, hits in found.items() if hits} == {}


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            "FAILED tests/a.py::test_b - AssertionError: 1\nFAILED tests/a.py::test_c\n2 failed, 5 passed in 1.2s",
            "2 failed, 5 passed: tests/a.py::test_b (AssertionError: 1), tests/a.py::test_c",
        ),
        (
            "\n".join(f"ERROR tests/{name}.py" for name in "abcde") + "\n5 errors in 0.31s",
            "5 errors: tests/a.py, tests/b.py, tests/c.py, and 2 more",
        ),
        (
            "ImportError while loading conftest\nE   ImportError: Numba needs NumPy 2.4 or less.\n",
            "no test runs: ImportError: Numba needs NumPy 2.4 or less.",
        ),
    ],
)
def test_make_test_next_says_what_breaks_in_a_line(said, line):
    assert runpy.run_path(str(ROOT / ".ci" / "next.py"))["broken"](said) == line


def test_make_test_next_knows_what_is_pinned():
    script = runpy.run_path(str(ROOT / ".ci" / "next.py"))
    assert set(script["PACKAGES"]) <= set(script["pinned"]())
