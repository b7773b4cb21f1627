"""What two processes must have alike to compute the same to the last bit."""

import functools
import hashlib
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import numpy as np
from llvmlite import binding
from numba import config

from ui.i18n import N_

ROOT = Path(__file__).parents[3]
PACKAGES = ("numpy", "scipy", "numba", "llvmlite")
SOURCES, FEATURES = N_("sources"), N_("CPU features")
Difference = tuple[str, str, str]  # what, there, here


@functools.cache
def identity() -> Mapping[str, str]:
    """Versions, sources and processor of this process, by name. It is made once: sources that change later are not
    those that were loaded."""
    simd = np.show_config(mode="dicts")["SIMD Extensions"]
    vectors = config.CPU_FEATURES or binding.get_host_cpu_features().flatten()
    enabled = [feature.removeprefix("+") for feature in vectors.split(",") if not feature.startswith("-")]
    return {
        "Python": platform.python_version(),
        **{package: metadata.version(package) for package in PACKAGES},
        SOURCES: _digest(),
        N_("processor"): config.CPU_NAME or binding.get_host_cpu_name(),
        FEATURES: ", ".join(sorted(enabled)),
        N_("SIMD extensions of NumPy"): ", ".join((*simd["baseline"], *simd["found"])),
        "NUMBA_DISABLE_JIT": str(int(config.DISABLE_JIT)),
    }


def _digest() -> str:
    """Of the core and of what trains it: everything that a trial can run."""
    digest = hashlib.sha256()
    files = (path for folder in ("rnn_core", "ui") for path in (ROOT / folder).rglob("*"))
    for path in sorted(path for path in files if path.suffix in (".py", ".txt")):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def differences(there: Mapping[str, str], here: Mapping[str, str]) -> list[Difference]:
    """What is not alike; of features those alone that the other does not have.

    >>> differences({"numpy": "2.4.5", "CPU features": "avx, fma"}, {"numpy": "2.4.6", "CPU features": "avx, avx512f"})
    [('numpy', '2.4.5', '2.4.6'), ('CPU features', 'fma', 'avx512f')]
    """
    found = []
    for name, ours in here.items():
        theirs = there.get(name, "")
        if theirs != ours and name == FEATURES:
            ours, theirs = _beyond(ours, theirs), _beyond(theirs, ours)
        if theirs != ours:
            found.append((name, theirs, ours))
    return found


def _beyond(one: str, other: str) -> str:
    return ", ".join(word for word in one.split(", ") if word not in other.split(", "))


def digest_of(known: Mapping[str, str]) -> str:
    """A name for everything that is alike."""
    return hashlib.sha256(repr(sorted(known.items())).encode()).hexdigest()[:12]
