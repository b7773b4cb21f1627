"""How kernels are compiled: one decorator, one private on-disk cache that never outlives the source.

A kernel is a whole sequence or a whole training step. It releases the GIL, has IEEE semantics (no `fastmath`,
so `NaN` stays detectable) and trusts its input: every check is made behind the public functions' one door.
"""

import functools
import hashlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

import numba
from numba import config

PACKAGE = Path(__file__).parents[1]
KEEP_SECONDS = 14 * 24 * 3600  # caches of other versions of the source are deleted after this long unused


@functools.cache
def cache_directory() -> Path:
    """The directory of compiled kernels: private (0700), one for each state of the package's sources.

    Numba's own cache looks at the file of the compiled function only and misses edits in a callee of another file.
    The name of the directory therefore holds a hash of all sources, of the versions, and of `NUMBA_BOUNDSCHECK`.
    `NUMBA_CACHE_DIR`, where set, replaces the base `$XDG_CACHE_HOME/rnn-lab`.
    """
    digest = hashlib.sha256(f"{numba.__version__} {config.BOUNDSCHECK}".encode())
    for source in sorted(PACKAGE.rglob("*.py")):
        if source.is_relative_to(PACKAGE / "tasks"):  # NumPy only, no kernels
            continue
        digest.update(str(source.relative_to(PACKAGE)).encode() + source.read_bytes())
    for base in _bases():
        directory = base / f"kernels-{digest.hexdigest()[:16]}"
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = directory.stat()
        except OSError:
            continue
        private = os.name != "posix" or (mode.st_uid == os.getuid() and not stat.S_IMODE(mode.st_mode) & 0o077)
        if private and os.access(directory, os.W_OK):
            _delete_old(directory)
            os.utime(directory)
            return directory
    return Path(tempfile.mkdtemp(prefix="rnn-lab-"))


def _bases():
    if os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(os.environ["NUMBA_CACHE_DIR"])
    else:
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rnn-lab"


def _delete_old(directory: Path) -> None:
    for other in directory.parent.glob("kernels-*"):
        if other != directory and time.time() - other.stat().st_mtime > KEEP_SECONDS:
            shutil.rmtree(other, ignore_errors=True)


def kernel(function, allocates=False, from_python=True):
    """`function`, compiled at its first call and cached on disk.

    Unless it `allocates`, Numba counts no references to the arrays: a view costs nothing then, and a training step
    of the Lab's size takes a third less time. The price is that such a kernel can neither make nor return an array.
    One that is not called `from_python` compiles faster: the code that unpacks Python's objects is left out.
    """
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_directory())  # read while the decorator runs; other users of Numba keep theirs
    try:
        return numba.njit(
            cache=True,
            nogil=True,
            error_model="numpy",
            _nrt=allocates,
            no_cfunc_wrapper=True,
            no_cpython_wrapper=not from_python,
        )(function)
    finally:
        config.CACHE_DIR = before


part = functools.partial(kernel, from_python=False)  # a kernel that only other kernels call


def inlined(function):
    """`function`, written out wherever a kernel calls it: for views of arrays, which a kernel cannot return."""
    return numba.njit(inline="always")(function)
