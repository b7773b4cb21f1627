"""The cache of compiled kernels: private, and never older than the source."""

import os
import shutil
import stat
import subprocess
import sys

import pytest

from rnn_core.kernels.jit import PACKAGE

SHOW = "from rnn_core.kernels.jit import cache_directory; print(cache_directory())"


def cache_of(package_parent, base, **environment):
    run = subprocess.run(
        [sys.executable, "-c", SHOW], cwd=package_parent, capture_output=True, text=True, timeout=120,
        env=os.environ | {"NUMBA_CACHE_DIR": str(base), "PYTHONPATH": str(package_parent)} | environment,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.fixture
def package(tmp_path):
    """A copy of the core whose sources a test may change."""
    return shutil.copytree(PACKAGE, tmp_path / "rnn_core", ignore=shutil.ignore_patterns("__pycache__"))


def test_the_directory_changes_with_any_source_and_with_bounds_checks(package, tmp_path):
    before = cache_of(tmp_path, tmp_path / "cache")
    assert cache_of(tmp_path, tmp_path / "cache") == before
    assert cache_of(tmp_path, tmp_path / "cache", NUMBA_BOUNDSCHECK="1") != before
    with open(package / "cells" / "steps.py", "a", encoding="utf-8") as source:
        source.write("\n# an edit in a callee\n")
    assert cache_of(tmp_path, tmp_path / "cache") != before


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
def test_the_directory_is_private_and_another_s_is_not_trusted(package, tmp_path):
    directory = cache_of(tmp_path, tmp_path / "cache")
    assert stat.S_IMODE(os.stat(directory).st_mode) == 0o700
    os.chmod(directory, 0o777)  # anybody could have put kernels there
    assert cache_of(tmp_path, tmp_path / "cache") != directory
