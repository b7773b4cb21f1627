"""What the kernels need of Numba and llvmlite without being promised it: when a name goes, its test says which."""

import importlib
import inspect
import re
from pathlib import Path

import numba
import numpy as np
import pytest
from llvmlite import ir
from numba import config, types

from rnn_core.kernels import compiler
from rnn_core.kernels.arguments import Parameters, parameters_type

KERNELS = Path(compiler.__file__).parent
NAMES = {
    "numba.core.cgutils": ["get_or_insert_function", "unpack_tuple", "if_unlikely"],
    "numba.core.caching": ["CompileResultCacheImpl", "FunctionCache", "UserProvidedCacheLocator"],
    "numba.core.compiler_lock": ["global_compiler_lock"],
    "numba.core.typing.templates": ["AbstractTemplate", "infer_global"],
    "numba.extending": ["lower_builtin", "intrinsic", "overload"],
    "numba.np.arrayobj": ["make_array", "populate_array"],
    "llvmlite.binding": ["add_symbol"],
}


@pytest.mark.small
@pytest.mark.parametrize(("module", "name"), [(module, name) for module, names in NAMES.items() for name in names])
def test_a_private_name_is_there(module, name):
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.small
def test_no_other_module_names_them():
    private = re.compile(
        r"(?:from|import) (?:numba\.(?:core|np)|llvmlite\.binding)\b|_nrt=|\.overloads\b|\.fndesc\b|\._cache\b"
    )
    for path in sorted(KERNELS.parent.rglob("*.py")):
        if path.name != "compiler.py":
            assert not private.findall(path.read_text(encoding="utf-8")), path


@pytest.mark.small
@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")
def test_the_options_of_a_kernel_do_something():
    def twice(a):
        for i in range(a.size):
            a[i] *= 2

    signature = types.void(types.float64[::1])
    uncounted, counted = (compiler.dispatcher(twice, counts, from_python=True) for counts in (False, True))
    row = np.ones(3)
    for function in (uncounted, counted):
        assert not compiler.compiled_for(function, signature)
        function.compile(signature)
        assert compiler.compiled_for(function, signature) and compiler.address_of(function, signature) > 0
        function(row)
    assert row.tolist() == [4, 4, 4]

    def made(n):
        return np.zeros(n)

    with pytest.raises(numba.core.errors.NumbaError):  # without references there is nothing to make an array with
        compiler.dispatcher(made, counts_references=False, from_python=True)(3)


@pytest.mark.small
@pytest.mark.parametrize("opaque", [False, True])
def test_loads_and_steps_name_their_types_with_and_without_typed_pointers(opaque):
    number, vector = ir.FloatType(), ir.VectorType(ir.FloatType(), 4)
    pointer = ir.PointerType() if opaque else ir.PointerType(number)
    function = ir.Function(ir.Module(), ir.FunctionType(ir.VoidType(), [pointer, ir.IntType(64)]), "f")
    builder = ir.IRBuilder(function.append_basic_block())
    place = compiler.offset(builder, function.args[0], function.args[1], number)
    compiler.store(builder, compiler.load(builder, place, vector, 4), place, 4)
    builder.ret_void()
    text = str(function)
    assert "getelementptr float, " in text
    assert "load <4 x float>, " in text and text.count("align 4") == 2
    assert ("bitcast" in text) is not opaque


@pytest.mark.small
def test_the_builder_takes_types():
    assert "typ" in inspect.signature(ir.IRBuilder.load).parameters
    assert "source_etype" in inspect.signature(ir.IRBuilder.gep).parameters


@pytest.mark.small
@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")
def test_the_entry_of_a_kernel_takes_bundles_and_refuses_another_float_type():
    """It is called without a look at the types, which must not mean that four bytes are read as eight."""
    signature = types.float64(parameters_type(types.float64))
    function = compiler.dispatcher(lambda parameters: parameters.params[1], counts_references=False, from_python=True)
    function.compile(signature)
    call = compiler.entry_of(function, signature)
    row, slots = np.arange(3.0), np.zeros((2, 0))
    assert call(Parameters(row, row, slots, row)) == 1
    with pytest.raises(TypeError, match="unbox"):
        call(Parameters(row.astype(np.float32), row, slots, row))
