"""Requirements, scripts, and files that work on any machine."""

import os
import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"([a-z0-9][a-z0-9-]*)==(\d+(?:\.\d+)+) +# \S.*")


def requirements(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


RUN = requirements("requirements.txt")
DEV = requirements("requirements-dev.txt")


@pytest.mark.parametrize("line", RUN + DEV[1:])
def test_requirement_is_pinned_explained_and_installed(line):
    name, version = PINNED.fullmatch(line).groups()
    assert metadata.version(name) == version


def test_tests_install_what_the_app_needs():
    assert DEV[0] == "-r requirements.txt"
    names = [PINNED.fullmatch(line)[1] for line in RUN + DEV[1:]]
    assert len(set(names)) == len(names)


def locked() -> dict[str, set[str]]:
    """Package -> the versions that constraints.txt allows: one, or one for each range of Pythons."""
    found: dict[str, set[str]] = {}
    for line in requirements("constraints.txt"):
        name, version = re.match(r"([a-z0-9-]+)==(\S+)", line).groups()
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("line", RUN + DEV[1:])
def test_requirement_is_locked_to_the_same_version(line):
    name, version = PINNED.fullmatch(line).groups()
    assert locked()[name] == {version}


def test_all_that_requirements_bring_along_is_locked_and_installed_so():
    names, seen = [PINNED.fullmatch(line)[1] for line in RUN + DEV[1:]], set()
    while names:
        name = canonicalize_name(names.pop())
        if name not in seen:
            seen.add(name)
            assert metadata.version(name) in locked()[name], "make lock"
            needed = map(Requirement, metadata.requires(name) or [])
            names += [one.name for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    assert len(seen) > len(RUN)


@pytest.mark.skipif(os.name != "posix", reason="shell scripts")
@pytest.mark.parametrize("script", [".ci/run", ".ci/browser"])
def test_script_is_executable_bash(script):
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)


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
