"""Stored measurements: one file, which `make reproduce` writes and the page reads."""

import hashlib
import json
import os
import platform
import subprocess
import time
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from ui.network.results.measuring import Measurement, setup_of
from ui.network.results.record import Points, Result, Trial, Trials
from ui.training.snapshot import Setup, Training

FILE = Path(__file__).parent / "measured.json"
ROOT = Path(__file__).parents[3]
PACKAGES = ("numpy", "numba", "llvmlite", "scipy")
DIGITS = 6  # significant ones, of what is stored


class Stored(NamedTuple):
    """Trials of a result, and how they came about. settings : a digest of what was trained."""

    trials: Trials
    settings: str
    when: str  # UTC
    seconds: float
    processor: str
    system: str
    versions: Mapping[str, str]
    commit: str  # of the code, with a "+" where the code was no longer that; empty where none is known


def stored(file: Path = FILE) -> dict[str, Stored]:
    """What is stored, by the name of the result; nothing where there is no file."""
    return _read(file, file.stat().st_mtime_ns) if file.exists() else {}


@cache
def _read(file: Path, _changed: int) -> dict[str, Stored]:
    entries = json.loads(file.read_text(encoding="utf-8"))
    return {name: _entry(entry) for name, entry in entries.items()}


def _entry(entry: dict[str, Any]) -> Stored:
    trials = {
        name: tuple(
            Trial(one["seed"], one["numbers"], (tuple(one["x"]), tuple(one["y"])), _parts(one.get("parts", {})))
            for one in rows
        )
        for name, rows in entry.pop("trials").items()
    }
    return Stored(trials, **entry)


def _parts(parts: Mapping[str, Any]) -> dict[str, Points]:
    return {
        name: Points(tuple(map(tuple, part["columns"])), tuple(part.get("texts", ()))) for name, part in parts.items()
    }


def store(name: str, entry: Stored, file: Path = FILE) -> None:
    """Put the measurement of a result into the file, in the place of an older one; names are in alphabetical order."""
    entries = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    trials = {
        network: [
            {"seed": seed, "numbers": _rounded(numbers), "x": _rounded(x), "y": _rounded(y)} | _written(parts)
            for seed, numbers, (x, y), parts in rows
        ]
        for network, rows in entry.trials.items()
    }
    entries[name] = entry._asdict() | {"trials": trials, "versions": dict(entry.versions)}
    lines = [f"{json.dumps(key)}: {json.dumps(entries[key], sort_keys=True)}" for key in sorted(entries)]
    whole = file.with_suffix(".new")
    whole.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    whole.replace(file)


def _written(parts: Mapping[str, Points]) -> dict[str, Any]:
    """The parts of a picture as JSON has them; nothing where there is no picture."""
    written = {
        name: {"columns": _rounded(part.columns)} | ({"texts": list(part.texts)} if part.texts else {})
        for name, part in parts.items()
    }
    return {"parts": written} if written else {}


def _rounded(numbers: Any) -> Any:
    if isinstance(numbers, dict):
        return {name: _rounded(value) for name, value in numbers.items()}
    if isinstance(numbers, tuple):
        return [_rounded(value) for value in numbers]
    return None if numbers is None else float(f"{numbers:.{DIGITS}g}")


def measured_now(result: Result) -> Stored:
    """Measure a result, with everything that one must know to judge it."""
    code, when, measurement = commit(), datetime.now(UTC), Measurement(result, time.thread_time)
    while measurement.work(1.0):
        pass
    seconds = round(measurement.seconds, 1)
    minute = when.strftime("%Y-%m-%d %H:%M")
    system = f"{platform.system()} {platform.machine()}"
    return Stored(measurement.step.trials, settings_of(result), minute, seconds, processor(), system, versions(), code)


def settings_of(result: Result) -> str:
    """A digest of what is trained: networks, data, seeds, updates. A measurement with another is of other settings."""
    described = []
    for name, network in result.networks.items():
        setup, training = setup_of(network, network.seeds[0], result.drawn)
        described.append((name, _chosen(setup), _chosen(training), network.updates, network.every, network.seeds))
    return hashlib.sha256(repr(described).encode()).hexdigest()[:12]


def _chosen(settings: Setup | Training) -> list[tuple[str, Any]]:
    """Settings that are not the defaults: one that is added later changes no digest."""
    values = ((field, getattr(settings, field.name)) for field in fields(settings))
    return [(field.name, value) for field, value in values if value != field.default]


def processor() -> str:
    """The processor's name as the system gives it."""
    try:
        if platform.system() == "Darwin":
            command = ["sysctl", "-n", "machdep.cpu.brand_string"]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, subprocess.CalledProcessError, StopIteration):
        return platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Versions of Python and of what computes."""
    return {"python": platform.python_version()} | {package: metadata.version(package) for package in PACKAGES}


def commit() -> str:
    """The commit of the code; with a "+" where the core or the records are no longer those of the commit."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}

    def git(*command: str) -> str:
        run = subprocess.run(["git", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        return run.stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", "rnn_core", "ui/network", f":!{FILE.relative_to(ROOT).as_posix()}")
        return git("rev-parse", "--short=12", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return ""
