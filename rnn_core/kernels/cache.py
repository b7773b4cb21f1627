"""Where compiled kernels are kept on disk: private, never older than the source, and never needed.

Whatever is wrong with the cache, kernels are compiled and training goes on: a file that cannot be read is deleted, one
that cannot be written is left out, with one warning.
"""

import functools
import glob
import hashlib
import logging
import os
import shutil
import stat
import time
from contextlib import suppress
from pathlib import Path

import numba
from numba import config

from rnn_core.kernels.compiler import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator

PACKAGE = Path(__file__).parents[1]
KEEP_SECONDS = 14 * 24 * 3600  # caches of other versions of the source are deleted after this long unused
LOG = logging.getLogger(__name__)


@functools.cache
def cache_directory() -> Path | None:
    """The directory of compiled kernels, one for each state of the package's sources; None where there can be none.

    Numba's own cache looks at the file of the compiled function only and misses edits in a callee of another file.
    The name of the directory therefore holds a hash of all sources, of the versions, and of `NUMBA_BOUNDSCHECK`.
    `NUMBA_CACHE_DIR`, where set, replaces the base `$XDG_CACHE_HOME/rnn-lab`. What is read from it is run: nobody else
    may own it or write into it.
    """
    try:
        directory = _base() / f"kernels-{_digest()}"
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = directory.stat()
    except (OSError, RuntimeError) as error:  # RuntimeError: nobody knows where this user's home is
        return _say_not_kept(error)
    if os.name == "posix" and about.st_uid != os.getuid():
        return _say_not_kept(f"{directory} belongs to another user")
    if os.name == "posix" and stat.S_IMODE(about.st_mode) & 0o022:
        return _say_not_kept(f"others may write into {directory}")
    _delete_old(directory)
    with suppress(OSError):
        os.utime(directory)
    return directory


def _digest() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {config.BOUNDSCHECK}".encode())
    for source in sorted(PACKAGE.rglob("*.py")):
        if source.is_relative_to(PACKAGE / "tasks"):  # NumPy only, no kernels
            continue
        digest.update(str(source.relative_to(PACKAGE)).encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _base() -> Path:
    if os.environ.get("NUMBA_CACHE_DIR"):
        return Path(os.environ["NUMBA_CACHE_DIR"])
    home = os.environ.get("XDG_CACHE_HOME", "")
    if home and not os.path.isabs(home):  # the standard has it ignored: it would be another one in every folder
        LOG.warning(
            "XDG_CACHE_HOME is %r; expected an absolute path. %s is used instead.", home, Path.home() / ".cache"
        )
        home = ""
    return Path(home or Path.home() / ".cache") / "rnn-lab"


def _delete_old(directory: Path) -> None:
    for other in directory.parent.glob("kernels-*"):
        with suppress(OSError):  # another start may be deleting it too
            if other != directory and time.time() - other.stat().st_mtime > KEEP_SECONDS:
                shutil.rmtree(other, ignore_errors=True)


_warned = []


def all_is_kept() -> bool:
    """Whether nothing has kept this process from keeping a kernel."""
    return not _warned


def _say_not_kept(reason) -> None:
    """Say once what keeps the cache from being used, and what to do."""
    if not _warned:
        LOG.warning(
            "Compiled kernels are not kept, and the next start compiles them again: %s. "
            "To keep them, set NUMBA_CACHE_DIR to a folder of your own.",
            reason,
        )
    _warned.append(reason)


class _Locator(UserProvidedCacheLocator):
    """`config.CACHE_DIR`, which is looked at only when something is loaded or saved."""

    @classmethod
    def from_function(cls, py_func, py_file):
        return cls(py_func, py_file)


class _Entries(CompileResultCacheImpl):
    _locator_classes = (_Locator,)


class KernelCache(FunctionCache):
    """Numba's cache of one kernel, in `cache_directory`; what cannot be loaded or saved is compiled, and goes on."""

    _impl_class = _Entries

    def load_overload(self, sig, target_context):
        """Compiled code that was saved for this signature, or None."""
        try:
            result = super().load_overload(sig, target_context)
        except Exception:  # emptied, truncated: whatever unpickling says
            LOG.debug("A file of the cache of %s cannot be read", self._name, exc_info=True)
            self._delete()
            return None
        wanted = getattr(sig, "args", sig)  # a signature, or the arguments' types alone
        return result if result is None or result.signature.args == wanted else None

    def save_overload(self, sig, data):
        """Save it, if that can be done."""
        try:
            if (directory := cache_directory()) is not None:
                directory.mkdir(mode=0o700, exist_ok=True)  # somebody may have deleted it; Numba would let others in
            super().save_overload(sig, data)
        except Exception as error:  # a full disk, a folder that is only read
            self._delete()  # an index must not name a file that was not written
            _say_not_kept(error)

    def _delete(self):
        for name in glob.glob(f"{glob.escape(os.path.join(self.cache_path, self._impl.filename_base))}.*"):
            with suppress(OSError):
                os.unlink(name)
