"""Compile each kernel once and call it by address instead of inlining it into every caller.

Numba compiles a callee anew inside each of its callers: a product, whose tiles are long, came out eight times, the
passes through a network twice. A `shared` kernel is compiled once for each float type; its callers hold its name,
and LLVM's linker puts in the address. A kernel chosen at run time, a cell or an optimiser, is called `by_address`.
Together they halved the time to compile; a call costs about 5 ns more than one that LLVM writes out.
"""

import functools
import gc

import numba
from numba import config, types

from rnn_core.kernels.compiler import (
    AbstractTemplate,
    add_symbol,
    address_of,
    cgutils,
    compiled_for,
    entry_of,
    global_compiler_lock,
    infer_global,
    lower_builtin,
)
from rnn_core.kernels.jit import kernel
from rnn_core.kernels.locks import lock

_SHARED = {}  # name -> (kernel, its signature for a float type); callees come before their callers
NOWHERE = 1  # address of every kernel while this process compiles ahead
_ahead = False
_left = []  # kernels and signatures that other processes were compiling meanwhile


def compile_ahead() -> None:
    """Compile for the cache on disk alone from here on. What another process is compiling is left to it; nothing is
    called here, so it does not matter where that lies."""
    global _ahead
    _ahead = True


def compile_what_was_left() -> None:
    """Compile what others were compiling, unless they have kept it."""
    for function, signature in _left:
        with lock(_name(function)):
            function.compile(signature)
    _left.clear()


def array(float_type, dimensions, layout="C"):
    """The Numba type of an array of floats; layout "A" takes any strides."""
    return types.Array(float_type, dimensions, layout)


def compiled(function, signature):
    """`function`, compiled or loaded for this one Numba signature, and everything shared that it may call."""
    if config.DISABLE_JIT:
        return function
    for name in _SHARED:
        _place(name, _float_type(signature.args))
    return _compiled(function, signature)


def entry(function, signature):
    """`function`, compiled for this signature, for callers in Python whose arguments always have these types: no time
    goes by finding out what they are, which took longer than to take a bundle of them apart."""
    ready = compiled(function, signature)
    return ready if config.DISABLE_JIT or _ahead else entry_of(ready, signature)


def address(function, signature):
    """Address of `function`, compiled for this signature: the first argument of a call `by_address`."""
    if config.DISABLE_JIT:
        return function
    ready = compiled(function, signature)
    return NOWHERE if _ahead else address_of(ready, signature)


def address_of_shared(function, float_type):
    """Address of a `shared` kernel for this float type: it can be called `by_address`, too."""
    if config.DISABLE_JIT:
        return function
    dispatcher, signature = _SHARED[function.__name__]
    return address(dispatcher, signature(float_type))


def by_address(signature):
    """A function (address, *arguments) for kernels; `signature` gives that of what it calls for a float type."""

    def call(where, *arguments):
        return where(*arguments)

    def typer(arguments):
        callee = signature(_float_type(arguments))
        return callee.return_type(types.int64, *callee.args)

    def lower(context, builder, whole, arguments):
        callee = whole.return_type(*whole.args[1:])
        kind = context.call_conv.get_function_type(callee.return_type, callee.args)
        return _call(context, builder, builder.inttoptr(arguments[0], kind.as_pointer()), callee, arguments[1:])

    return _known_to_numba(call, typer, lower)


def shared(signature, from_python=True):
    """Decorates a function that is compiled once and called where it lies, by kernels and, as a rule, from Python."""

    def decorate(function):
        if config.DISABLE_JIT:
            return function
        name, dispatcher = function.__name__, kernel(function, from_python=from_python)
        if name in _SHARED or any(_float_type(signature(kind).args) != kind for kind in (types.float32, types.float64)):
            raise TypeError(f"{name} needs a name of its own and, as its first array of floats, one of the given type")
        _SHARED[name] = dispatcher, signature

        @functools.wraps(function)
        def call(*arguments):
            if not from_python:  # there is no code that could unpack the arguments
                raise TypeError(f"{name} is called by kernels only")
            float_type = _float_type(numba.typeof(argument) for argument in arguments)
            return compiled(dispatcher, signature(float_type))(*arguments)

        def typer(arguments):
            float_type = _float_type(arguments)
            _place(name, float_type)
            return signature(float_type)

        def lower(context, builder, callee, arguments):
            kind = context.call_conv.get_function_type(callee.return_type, callee.args)
            symbol = cgutils.get_or_insert_function(builder.module, kind, _symbol(name, _float_type(callee.args)))
            return _call(context, builder, symbol, callee, arguments)

        return _known_to_numba(call, typer, lower)

    return decorate


@functools.cache
def _place(name, float_type):
    """Compile or load a shared kernel and tell the linker where it lies, before a kernel that calls it is loaded."""
    function, signature = _SHARED[name]
    with global_compiler_lock:  # another thread may want it for the other float type
        function.disable_compile(False)
        ready = _compiled(function, signature(float_type))
        where = NOWHERE if _ahead else address_of(ready, signature(float_type))
        if not _ahead:  # where it may have been left to another process
            function.disable_compile()  # a call from Python takes it too, whatever the layout of its arrays
    add_symbol(_symbol(name, float_type), where)


def _symbol(name, float_type):
    return f"rnn_core.{name}.{float_type}"


def _compiled(function, signature):
    if not compiled_for(function, signature):
        # the compiler makes millions of objects that live on: looking for garbage among them took a twelfth of its time
        collects = gc.isenabled()
        gc.disable()
        try:
            with lock(_name(function), wait=not _ahead) as mine:
                if mine:
                    function.compile(signature)
                else:
                    _left.append((function, signature))
        finally:
            if collects:
                gc.enable()
    return function


def _name(function):
    """Name of its lock."""
    return f"{function.__module__}.{function.__name__}"


def _float_type(argument_types):
    """The float type of the first array of floats, which may lie in a bundle."""
    for kind in _unbundled(argument_types):
        if isinstance(kind, types.Array) and isinstance(kind.dtype, types.Float):
            return kind.dtype
    raise TypeError("a shared kernel takes at least one array of floats")


def _unbundled(argument_types):
    for kind in argument_types:
        if isinstance(kind, types.BaseTuple):
            yield from _unbundled(kind)
        else:
            yield kind


def _known_to_numba(call, typer, lower):
    """`call`, which kernels may use: typer(argument types) -> signature, lower(context, builder, signature, values)."""

    class Template(AbstractTemplate):
        key = call

        def generic(self, arguments, keywords):
            return typer(arguments)

    infer_global(call, types.Function(Template))
    lower_builtin(call, types.VarArg(types.Any))(lower)
    return call


def _call(context, builder, function, signature, arguments):
    status, result = context.call_conv.call_function(
        builder, function, signature.return_type, signature.args, arguments
    )
    if config.BOUNDSCHECK:
        with cgutils.if_unlikely(builder, status.is_error):
            context.call_conv.return_status_propagate(builder, status)
    return result
