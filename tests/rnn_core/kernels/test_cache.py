"""The cache of compiled kernels: private, and never older than the source."""

import os
import shutil
import stat
import subprocess
import sys

import pytest

from rnn_core.kernels import cache
from rnn_core.kernels.cache import PACKAGE

SHOW = "from rnn_core.kernels.cache import cache_directory; print(cache_directory())"


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
def test_the_directory_is_private_and_what_others_may_write_is_not_trusted(package, tmp_path):
    directory = cache_of(tmp_path, tmp_path / "cache")
    assert stat.S_IMODE(os.stat(directory).st_mode) == 0o700
    os.chmod(directory, 0o755)  # others may read it: as a careless umask leaves it
    assert cache_of(tmp_path, tmp_path / "cache") == directory
    os.chmod(directory, 0o777)  # anybody could have put kernels there
    assert cache_of(tmp_path, tmp_path / "cache") == "None"


# What a cache can be like. A kernel is compiled in each, and nothing is left behind.

KERNEL = """
import numba
from rnn_core.kernels.jit import kernel

@kernel
def double(x):
    return 2 * x

@kernel
def triple(x):
    return 3 * x

def use():
    triple.compile(numba.types.int64(numba.types.int64))  # with its signature, as the core does
    values = double(1.5), double(2), triple(2)
    assert values == (3.0, 4, 6), values
    print(sum(double.stats.cache_hits.values()), sum(triple.stats.cache_hits.values()))
"""

UNWRITTEN = {"PYTHONDONTWRITEBYTECODE": "1"}  # Python itself reads what a full disk cut off of it


@pytest.fixture
def use(tmp_path):
    """Call two kernels in a fresh process, after `first`; returns (cache hits of both, what was said).

    Of the core there is only what compiles: loading all of it takes seconds."""
    (tmp_path / "rnn_core" / "kernels").mkdir(parents=True)
    for name in ("kernels/__init__.py", "kernels/cache.py", "kernels/compiler.py", "kernels/jit.py"):
        shutil.copy(PACKAGE / name, tmp_path / "rnn_core" / name)
    (tmp_path / "rnn_core" / "__init__.py").touch()
    (tmp_path / "rnn_core" / "sample.py").write_text(KERNEL)

    def run(first="", base=tmp_path / "cache", **environment):
        run = subprocess.run(
            [sys.executable, "-W", "error", "-c", f"{first}\nfrom rnn_core.sample import use\nuse()"], cwd=tmp_path,
            capture_output=True, text=True, timeout=120,
            env=os.environ | UNWRITTEN | {"NUMBA_CACHE_DIR": str(base), "PYTHONPATH": str(tmp_path)} | environment,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        return [int(hits) for hits in run.stdout.split()], run.stderr

    return run


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_was_compiled_is_found_again(use, tmp_path):
    assert use() == ([0, 0], "")
    assert use() == ([2, 1], "")


DELETED = """
import os, shutil
os.umask(0o002)
from rnn_core import sample
from rnn_core.kernels.cache import cache_directory
shutil.rmtree(cache_directory())
"""


def test_a_folder_that_was_deleted_meanwhile_is_private_again(use, tmp_path):
    assert use(DELETED) == ([0, 0], "")
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "cache").iterdir()] == [0o700]
    assert use() == ([2, 1], "")


def test_a_file_that_was_cut_off_is_compiled_anew(use, tmp_path):
    use()
    for ending, size in [(".nbi", 0), (".nbi", 100), (".nbc", 0), (".nbc", 100)]:
        whole = [path for path in files(tmp_path / "cache") if path.suffix == ending]
        assert len(whole) == (2 if ending == ".nbi" else 3)
        for path in whole:
            path.write_bytes(path.read_bytes()[:size])
        assert use() == ([0, 0], "")
    assert use() == ([2, 1], "")


def test_an_index_that_names_another_overload_s_file_is_not_believed(use, tmp_path):
    use()
    first, second = (path for path in files(tmp_path / "cache") if "double" in path.name and path.suffix == ".nbc")
    first.write_bytes(second.read_bytes())
    assert use()[0] == [1, 1]


def test_a_relative_cache_home_is_not_used_and_it_is_said_once(use, tmp_path):
    home = tmp_path / "home"
    hits, said = use(base="", XDG_CACHE_HOME="cache", HOME=str(home))
    assert hits == [0, 0] and not (tmp_path / "cache").exists() and files(home / ".cache" / "rnn-lab")
    assert said.strip() == f"XDG_CACHE_HOME is 'cache'; expected an absolute path. {home / '.cache'} is used instead."


@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX")
def test_a_full_disk_is_done_without_and_said_once(use, tmp_path):
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))"
    hits, said = use(full)
    assert hits == [0, 0] and said.count("not kept") == 1 and "NUMBA_CACHE_DIR" in said
    assert files(tmp_path / "cache") == []
    assert use() == ([0, 0], "") and use() == ([2, 1], "")


@pytest.mark.parametrize(
    ("first", "environment", "why"),
    [
        ("import os; me = os.getuid(); os.getuid = lambda: me + 1", {}, "another user"),
        ("import pathlib\ndef home(): raise RuntimeError('no home')\npathlib.Path.home = home", {}, "no home"),
        ("", {"NUMBA_CACHE_DIR": "file/below"}, "file"),
    ],
    ids=["another's", "no home", "not a folder"],
)
@pytest.mark.skipif(os.name != "posix", reason="owners are POSIX")
def test_without_a_place_kernels_are_compiled_and_it_is_said_once(use, tmp_path, first, environment, why):
    (tmp_path / "file").write_text("in the way")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    base = "" if why == "no home" else tmp_path / "cache"
    hits, said = use(first, base, **{"TMPDIR": str(temporary), "XDG_CACHE_HOME": ""} | environment)
    assert hits == [0, 0] and said.count("not kept") == 1 and why in said and len(said.splitlines()) == 1
    assert list(temporary.iterdir()) == [] and files(tmp_path / "cache") == []


def test_the_whole_core_loads_without_a_cache(package, tmp_path):
    (tmp_path / "file").touch()
    assert cache_of(tmp_path, "file/below") == "None"


def test_two_starts_may_tidy_at_once(tmp_path, monkeypatch):
    old = tmp_path / "kernels-old"
    old.mkdir()
    listed = type(tmp_path).glob

    def then_deleted_by_another(self, pattern):
        found = list(listed(self, pattern))
        old.rmdir()
        return found

    monkeypatch.setattr(type(tmp_path), "glob", then_deleted_by_another)
    cache._delete_old(tmp_path / "kernels-new")
    assert not old.exists()
