"""Synchronisation of threads in compiled code: atomic operations on words of memory (int64), and yielding the core.

Everything is sequentially consistent: what a thread wrote before it changed a word, another sees that has read it.
"""

import ctypes
import os

from llvmlite import ir
from numba import config, types
from numba.extending import intrinsic

from rnn_core.kernels.compiler import add_symbol, cgutils, make_array, offset
from rnn_core.kernels.vectors import INT32, INT64

ORDER, ALIGN = "seq_cst", 8


def _load_in_python(words, place):
    return words[place]


def _store_in_python(words, place, value):
    words[place] = value


def _swap_in_python(words, place, old, new):
    same = words[place] == old
    words[place] = new if same else words[place]
    return bool(same)


def _add_in_python(words, place, value):
    words[place] += value
    return words[place]


def _give_way_in_python(words):
    """Nothing: without compilation one thread does it all."""


def _place(context, builder, signature, arguments):
    return offset(builder, make_array(signature.args[0])(context, builder, arguments[0]).data, arguments[1], INT64)


@intrinsic
def _load(typing_context, words, place):
    def emit(context, builder, signature, arguments):
        return builder.load_atomic(_place(context, builder, signature, arguments), ORDER, ALIGN, typ=INT64)

    return types.int64(words, types.intp), emit


@intrinsic
def _store(typing_context, words, place, value):
    def emit(context, builder, signature, arguments):
        builder.store_atomic(arguments[2], _place(context, builder, signature, arguments), ORDER, ALIGN)
        return context.get_dummy_value()

    return types.void(words, types.intp, types.int64), emit


@intrinsic
def _swap(typing_context, words, place, old, new):
    def emit(context, builder, signature, arguments):
        pointer = _place(context, builder, signature, arguments)
        found = builder.cmpxchg(pointer, arguments[2], arguments[3], ORDER)
        return context.cast(builder, builder.extract_value(found, 1), types.boolean, types.boolean)

    return types.boolean(words, types.intp, types.int64, types.int64), emit


@intrinsic
def _add(typing_context, words, place, value):
    def emit(context, builder, signature, arguments):
        before = builder.atomic_rmw("add", _place(context, builder, signature, arguments), arguments[2], ORDER)
        return builder.add(before, arguments[2])

    return types.int64(words, types.intp, types.int64), emit


@intrinsic
def _give_way(typing_context, words):
    def emit(context, builder, signature, arguments):
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(INT32, []), _GIVE_WAY)
        builder.call(function, [])
        return context.get_dummy_value()

    return types.void(words), emit


# load(words, place); store(words, place, value); swap(words, place, old, new): whether it was old, and is new now;
# add(words, place, value): what it is now; give_way(words): let another thread run on this core
if config.DISABLE_JIT:
    load, store, swap, add = _load_in_python, _store_in_python, _swap_in_python, _add_in_python
    give_way = _give_way_in_python
else:
    load, store, swap, add, give_way = _load, _store, _swap, _add, _give_way

# The system's own function: compiled code names it, and the linker must know it before that code is loaded.
_GIVE_WAY = "rnn_core.give_way"
_SYSTEM = ctypes.CDLL(None).sched_yield if os.name == "posix" else ctypes.windll.kernel32.SwitchToThread
add_symbol(_GIVE_WAY, ctypes.cast(_SYSTEM, ctypes.c_void_p).value)
