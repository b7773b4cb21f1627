"""The decorator by which kernels are compiled.

A kernel is a whole sequence or a whole training step. It releases the GIL, has IEEE semantics (no `fastmath`,
so `NaN` stays detectable) and trusts its input: every check is made behind the public functions' one door.
"""

import functools

import numba
from numba import config

from rnn_core.kernels.cache import KernelCache, cache_directory
from rnn_core.kernels.compiler import dispatcher, keep_in


def kernel(function, allocates=False, from_python=True):
    """`function`, compiled at its first call and cached on disk.

    Unless it `allocates`, Numba counts no references to the arrays: a view costs nothing then, and a training step
    of the Lab's size takes a third less time. The price is that such a kernel can neither make nor return an array.
    One that is not called `from_python` compiles faster: the code that unpacks Python's objects is left out.
    """
    compiled = dispatcher(function, counts_references=allocates, from_python=from_python)
    if config.DISABLE_JIT or cache_directory() is None:
        return compiled
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_directory())  # read while the cache is made; other users of Numba keep theirs
    try:
        keep_in(KernelCache(function), compiled)
    finally:
        config.CACHE_DIR = before
    return compiled


part = functools.partial(kernel, from_python=False)  # a kernel that only other kernels call


def inlined(function):
    """`function`, written out wherever a kernel calls it: for views of arrays, which a kernel cannot return."""
    return numba.njit(inline="always")(function)
