"""Subnormal numbers, those below 1e-38 in float32, count as zero while a network trains.

Where a gradient has vanished or a memory of Adam's has faded they come in great numbers, and processors of x86 compute
with one many times more slowly: a GRU that had learned its text took 26 times as long an update after 366,000 of
them. A word of the processor (MXCSR) says whether subnormal results and operands count as zero. It belongs to the
thread; a call of a kernel sets it and sets it back. What a trace shows is computed with every number there is.
"""

import platform
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import config, types
from numba.extending import intrinsic

from rnn_core.kernels.compiler import cgutils, entry_of, load, store
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.vectors import BYTE, INT32, INT64

ZERO = 0x8040  # of the word: results count as zero, operands count as zero (Intel 64 and IA-32, volume 1, 10.2.3)
ALL = 2**32 - 1
WORD, SIGNATURE = INT32, types.int64(types.int64, types.int64)
KNOWN = platform.machine().lower() in ("x86_64", "amd64")  # others are fast with them


@intrinsic
def _exchange(typing_context, keep, add):
    def emit(context, builder, signature, arguments):
        slot = cgutils.alloca_once(builder, WORD)
        _call(builder, "stmxcsr", slot)
        before = load(builder, slot, WORD, 4)
        keep, add = (builder.trunc(argument, WORD) for argument in arguments)
        store(builder, builder.or_(builder.and_(before, keep), add), slot, 4)
        _call(builder, "ldmxcsr", slot)
        return builder.zext(before, INT64)

    return SIGNATURE, emit


def _call(builder, name, slot):
    """The instruction that stores the word in slot, or loads it from there."""
    kind = ir.FunctionType(ir.VoidType(), [BYTE.as_pointer()])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.x86.sse.{name}")
    builder.call(function, [builder.bitcast(slot, BYTE.as_pointer())])


@kernel
def exchange(keep, add):
    """Set the word to its bits `keep` and the bits `add`; returns what it was."""
    return _exchange(keep, add)


def flushing(compiled: Callable[..., int]) -> Callable[..., int]:
    """A kernel that is called with subnormal numbers counting as zero, in this thread and until it returns."""
    if config.DISABLE_JIT or not KNOWN:
        return compiled
    exchange.compile(SIGNATURE)
    change = entry_of(exchange, SIGNATURE)

    def flushed(*arguments: Any) -> int:
        before = change(ALL, ZERO)
        try:
            return compiled(*arguments)
        finally:
            change(0, before)

    return flushed
