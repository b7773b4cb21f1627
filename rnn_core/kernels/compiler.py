"""Everything private of Numba and llvmlite that the kernels stand on: a release that moves one breaks this file.

Below the names, pointers in LLVM: each load, store and step names the type it means, as pointers
without a type (LLVM 17 and later) need it; a pointer that still has one is cast first.
"""

import numba
from llvmlite import ir
from llvmlite.binding import add_symbol
from numba.core import cgutils
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator
from numba.core.compiler_lock import global_compiler_lock
from numba.core.typing.templates import AbstractTemplate, infer_global
from numba.extending import lower_builtin
from numba.np.arrayobj import make_array, populate_array

__all__ = [
    "AbstractTemplate",
    "CompileResultCacheImpl",
    "FunctionCache",
    "UserProvidedCacheLocator",
    "add_symbol",
    "address_of",
    "cgutils",
    "compiled_for",
    "dispatcher",
    "entry_of",
    "global_compiler_lock",
    "infer_global",
    "keep_in",
    "load",
    "lower_builtin",
    "make_array",
    "offset",
    "populate_array",
    "store",
]


def dispatcher(function, counts_references: bool, from_python: bool):
    """`function` as Numba's dispatcher of kernels; `_nrt` and the two wrappers are options that no manual names."""
    return numba.njit(
        nogil=True,
        error_model="numpy",
        _nrt=counts_references,
        no_cfunc_wrapper=True,
        no_cpython_wrapper=not from_python,
    )(function)


def keep_in(cache, function) -> None:
    """Have a dispatcher keep its code in this cache: what Numba's `enable_caching` does with its own."""
    function._cache = cache


def compiled_for(function, signature) -> bool:
    """Whether a dispatcher has code for this signature."""
    return signature.args in function.overloads


def address_of(function, signature) -> int:
    """Address of a dispatcher's code for this signature."""
    result = function.overloads[signature.args]
    return result.library.get_pointer_to_function(result.fndesc.llvm_func_name)


def entry_of(function, signature):
    """The code of a dispatcher for this signature as Python calls it. Of the arguments' types it looks at little more
    than the size of an array's elements: whoever calls it has contiguous arrays of the right kinds."""
    return function.overloads[signature.args].entry_point


def load(builder, pointer, kind, align: int):
    """The value of an LLVM type that begins at pointer; align : bytes that its address is a multiple of."""
    return builder.load(_pointer_to(builder, pointer, kind), align=align, typ=kind)


def store(builder, value, pointer, align: int) -> None:
    """Put a value where pointer points."""
    builder.store(value, _pointer_to(builder, pointer, value.type), align=align)


def offset(builder, pointer, count, kind):
    """The pointer that lies `count` elements of an LLVM type after this one."""
    return builder.gep(_pointer_to(builder, pointer, kind), [count], source_etype=kind)


def _pointer_to(builder, pointer, kind):
    return pointer if pointer.type.is_opaque else builder.bitcast(pointer, ir.PointerType(kind))
