"""What breaks with the newest NumPy, Numba, Streamlit and Plotly: `make test-next`, or for some versions

    make test-next NEXT="plotly==7.2.0 numba"

Each is put alone into an environment that is thrown away afterwards, without constraints for it; all else is as pinned
but for what it asks for itself. The small tests run, and one line says what they say. Where several are newer, they are
tried together at the end. Exit status 1 where anything breaks.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("numpy", "numba", "streamlit", "plotly")
PINNED = ("-c", "constraints.txt", "-r", "requirements-dev.txt")
SHOWN = 3  # tests that a line names


def main(wanted: list[str]) -> int:
    trials, pins = [], pinned()
    for name, version in (item.split("==") if "==" in item else (item, newest(item)) for item in wanted):
        if version is None:
            print(f"{name}: the index does not say which is the newest", flush=True)
        elif version == pins.get(name):
            print(f"{name} {version}: is the pinned one, nothing newer", flush=True)
        else:
            trials.append((f"{name}=={version}",))
    if not trials:
        return 0
    if len(trials) > 1:
        trials.append(tuple(item for (item,) in trials))
    with tempfile.TemporaryDirectory(prefix="rnn-lab-next-") as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / "bin" / "python"
        results = []
        for trial in trials:
            results.append(tried(python, trial))
            print(f"{' '.join(trial).replace('==', ' ')}: {results[-1] or 'the small tests pass'}", flush=True)
    return int(any(results))


def pinned() -> dict[str, str]:
    lines = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    return dict(lines)


def newest(name: str) -> str | None:
    """The newest that the index offers to this Python."""
    said = pip(Path(sys.executable), "index", "versions", name)
    found = re.match(rf"{re.escape(name)} \((.+?)\)", said.stdout)
    return found[1] if found else None


def tried(python: Path, trial: tuple[str, ...]) -> str:
    """What breaks with these versions; nothing: the empty string."""
    for arguments in (PINNED, trial):
        said = pip(python, "install", "--quiet", *arguments)
        if said.returncode:
            return f"does not install: {last_line(said.stderr, 'ERROR')}"
    # another release finds no kernels of its own in the user's cache, and leaves none there
    environment = os.environ | {"NUMBA_CACHE_DIR": str(python.parents[1] / "kernels")}
    workers = os.environ.get("WORKERS", "auto")
    command = ["-m", "pytest", "-q", "-m", "small", "-n", workers, "--dist", "loadfile", "-p", "no:cacheprovider"]
    tests = subprocess.run([python, *command], cwd=ROOT, env=environment, capture_output=True, text=True)
    return "" if tests.returncode == 0 else broken(tests.stdout + tests.stderr)


def broken(said: str) -> str:
    """A line from what pytest printed.

    >>> broken("FAILED tests/a.py::test_b - AssertionError: 1\\nFAILED tests/a.py::test_c\\n2 failed, 5 passed in 1s")
    '2 failed, 5 passed: tests/a.py::test_b (AssertionError: 1), tests/a.py::test_c'
    >>> broken("ImportError while loading conftest\\nE   ImportError: Numba needs NumPy 2.4 or less.")
    'no test runs: ImportError: Numba needs NumPy 2.4 or less.'
    """
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)(?: - (.*))?$", said, re.MULTILINE)
    counts = re.findall(r"^(?:=+ )?(\d+ (?:failed|errors?)\b.*?) in [\d.]+s", said, re.MULTILINE)
    if not failed or not counts:
        return f"no test runs: {last_line(said, 'E ')}"
    named = [test + (f" ({why[:100]})" if why else "") for test, why in failed[:SHOWN]]
    more = f", and {len(failed) - SHOWN} more" if len(failed) > SHOWN else ""
    return f"{counts[-1]}: {', '.join(named)}{more}"


def last_line(said: str, begin: str) -> str:
    lines = [line for line in said.strip().splitlines() if line.startswith(begin)] or said.strip().splitlines() or [""]
    return lines[-1].removeprefix(begin).strip(": ")[:200]


def pip(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([python, "-m", "pip", *arguments], cwd=ROOT, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(PACKAGES)))
