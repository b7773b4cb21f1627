"""Explicit vectors, written in LLVM's language: tiles of a matrix product, and sums, in the processor's registers.

`tile(rows, vectors)` makes c[m : m + rows, n : n + vectors * LANES] += a[m : m + rows, k] b[k, ...] for one range of k.
The sums live in rows * vectors registers of 64 bytes while k runs; LLVM splits a register where the processor has
shorter ones. Every element is one chain of fused multiply-adds in the order of k, or the sum of a fixed number of
`chains`, so the bits do not depend on the tile's rows and vectors, on the other rows or on the processor. Against loops
that LLVM vectorises by itself this made the products of a batch 2 to 3 times faster (at 50 x 128 x 512: 114 against
49 GFLOP/s of one core). Two chains make one row by a narrow matrix (32 columns) up to 1.3 times faster: a processor
starts the next multiply-add of a chain only when the last one is done.

`reduction(kind)` sums the elements of a row, or their squares, or finds the largest, in as many partial results as a
vector has elements. A strict order forbids LLVM to do that by itself: 10 times slower on the norm of the gradient.

`aligned(shape, dtype)` allocates arrays that start where a vector in memory does. NumPy's start anywhere, and a vector
that lies across two lines of the cache is stored in three times the time: Adam ran 2.5 times slower on some of them.

`view(a, start, shape)` and `flat(a)` look at a contiguous array in another shape. Numba's slices and `reshape` work out
strides and check them at run time: a sixth of a training step of the Lab's size, and a third of its compilation.
"""

import ctypes
import math

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.extending import intrinsic

from rnn_core.kernels.compiler import cgutils, load, make_array, offset, populate_array, store

BYTES = 64  # of a tile's vector: 16 float32 or 8 float64
LANES = 16  # partial results of a reduction

INT64, INT32, BYTE = ir.IntType(64), ir.IntType(32), ir.IntType(8)


def aligned(shape, dtype):
    """Zeros whose first element begins a line of the cache."""
    size, number = math.prod(shape), np.dtype(dtype)
    room = np.zeros(size + BYTES // number.itemsize, number)
    start = -ctypes.addressof(ctypes.c_char.from_buffer(room)) % BYTES // number.itemsize
    return room[start : start + size].reshape(shape)


def tile(rows, vectors, chains=1):
    """A function (a, b, c, m, n, first, last, keep) for kernels: c[m.., n..] += a[m.., k] b[k, n..], first <= k < last.

    a may have any strides; b and c have contiguous rows. The lowest `keep` columns are left as they are: the last tile
    of a row overlaps the one before where the width is no multiple of the tile's. With several chains every element is
    the sum of so many, chain i over the k that leave the rest i (what remains at the end goes to the first).
    """
    if config.DISABLE_JIT:

        def add_tile(a, b, c, m, n, first, last, keep):
            width = vectors * BYTES // c.itemsize
            product = a[m : m + rows, first:last] @ b[first:last, n + keep : n + width]
            c[m : m + rows, n + keep : n + width] += product

        return add_tile

    @intrinsic
    def add_tile(typing_context, a, b, c, m, n, first, last, keep):
        place = types.intp
        signature = types.void(a, b, c, place, place, place, place, place)
        return signature, lambda context, builder, signature, arguments: _emit_tile(
            context, builder, signature.args, arguments, rows, vectors, chains
        )

    return add_tile


def _emit_tile(context, builder, argument_types, arguments, rows, vectors, chains):
    a, b, c = (make_array(argument_types[i])(context, builder, arguments[i]) for i in range(3))
    m, n, first, last, keep = arguments[3:]
    bits = argument_types[0].dtype.bitwidth
    lanes, number = BYTES * 8 // bits, context.get_data_type(argument_types[0].dtype)
    vector = ir.VectorType(number, lanes)
    fma = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(vector, [vector] * 3), f"llvm.fma.v{lanes}f{bits}"
    )
    places_of_tile = [(r, v) for r in range(rows) for v in range(vectors)]

    def strides(array):
        return cgutils.unpack_tuple(builder, array.strides)

    def address(array, row, column):
        row_stride, column_stride = strides(array)
        return beyond(array.data, builder.add(builder.mul(row, row_stride), builder.mul(column, column_stride)))

    def beyond(pointer, count):
        return offset(builder, pointer, count if isinstance(count, ir.Value) else INT64(count), BYTE)

    def splat(scalar, kind):
        lone = builder.insert_element(ir.Constant(kind, ir.Undefined), scalar, INT32(0))
        zeros = ir.Constant(ir.VectorType(INT32, lanes), [0] * lanes)
        return builder.shuffle_vector(lone, ir.Constant(kind, ir.Undefined), zeros)

    # where the rows of a and c start, and the sums as they are in c
    (a_row, a_column), b_row, c_row = strides(a), strides(b)[0], strides(c)[0]
    a_rows, c_rows = [address(a, m, first)], [address(c, m, n)]
    for _ in range(rows - 1):
        a_rows.append(beyond(a_rows[-1], a_row))
        c_rows.append(beyond(c_rows[-1], c_row))
    pointers = {(r, v): beyond(c_rows[r], BYTES * v) for r, v in places_of_tile}
    before = {place: load(builder, pointers[place], vector, bits // 8) for place in places_of_tile}

    def added(a_offset, b_place, sums):
        """sums[r, v] + a[r, k] * b[k, v], for one k."""
        b_vectors = [load(builder, beyond(b_place, BYTES * v), vector, bits // 8) for v in range(vectors)]
        factors = [splat(load(builder, beyond(a_rows[r], a_offset), number, bits // 8), vector) for r in range(rows)]
        return {(r, v): builder.call(fma, [factors[r], b_vectors[v], sums[r, v]]) for r, v in places_of_tile}

    def loop(turns, a_offset, b_place, all_sums):
        """all_sums, and how far a and b were read, after so many turns; each adds one k to every chain of all_sums."""
        entry, body, done = builder.block, builder.append_basic_block("tile"), builder.append_basic_block("tile.done")
        builder.cbranch(builder.icmp_signed(">", turns, INT64(0)), body, done)
        start = [INT64(0), a_offset, b_place, *(sums[place] for sums in all_sums for place in places_of_tile)]
        builder.position_at_end(body)
        phis = [builder.phi(value.type) for value in start]
        a_now, b_now, values = phis[1], phis[2], iter(phis[3:])
        following = []
        for _ in all_sums:
            following.append(added(a_now, b_now, {place: next(values) for place in places_of_tile}))
            a_now, b_now = builder.add(a_now, a_column), beyond(b_now, b_row)
        turn = builder.add(phis[0], INT64(1))
        end = [turn, a_now, b_now, *(sums[place] for sums in following for place in places_of_tile)]
        for phi, first_value, next_value in zip(phis, start, end, strict=True):
            phi.add_incoming(first_value, entry)
            phi.add_incoming(next_value, body)
        builder.cbranch(builder.icmp_signed("<", turn, turns), body, done)
        builder.position_at_end(done)
        results = []
        for first_value, next_value in zip(start[1:], end[1:], strict=True):
            phi = builder.phi(first_value.type)
            phi.add_incoming(first_value, entry)
            phi.add_incoming(next_value, body)
            results.append(phi)
        values = iter(results[2:])
        return results[0], results[1], [{place: next(values) for place in places_of_tile} for _ in all_sums]

    steps, nothing = builder.sub(last, first), dict.fromkeys(places_of_tile, ir.Constant(vector, [0.0] * lanes))
    a_offset, b_place, all_sums = INT64(0), address(b, first, n), [before] + [nothing] * (chains - 1)
    if chains == 1:
        _, _, all_sums = loop(steps, a_offset, b_place, all_sums)
    else:
        turns = builder.sdiv(steps, INT64(chains))
        a_offset, b_place, all_sums = loop(turns, a_offset, b_place, all_sums)
        rest = builder.sub(steps, builder.mul(turns, INT64(chains)))
        _, _, all_sums[:1] = loop(rest, a_offset, b_place, all_sums[:1])
    while len(all_sums) > 1:  # neighbours in pairs, until one is left
        pairs = zip(all_sums[::2], all_sums[1::2], strict=True)
        all_sums = [{place: builder.fadd(x[place], y[place]) for place in places_of_tile} for x, y in pairs]

    columns = ir.VectorType(INT64, lanes)
    for r, v in places_of_tile:
        value = all_sums[0][r, v]
        if rows == 1 or vectors == 1:
            numbers = ir.Constant(columns, list(range(v * lanes, (v + 1) * lanes)))
            value = builder.select(builder.icmp_signed(">=", numbers, splat(keep, columns)), value, before[r, v])
        store(builder, value, pointers[r, v], bits // 8)
    return context.get_dummy_value()


def reduction(kind):
    """A function (row, count) for kernels: of the first `count` elements, a multiple of LANES, of a contiguous row.

    kind: "sum" or "squares", in float64, or "largest". NaN stays in the sums; "largest" passes over it.
    """
    if config.DISABLE_JIT:
        if kind == "largest":
            return lambda row, count: row[:count].max(initial=-np.inf)
        power = {"sum": 1, "squares": 2}[kind]
        return lambda row, count: (row[:count].astype(np.float64) ** power).sum()

    @intrinsic
    def reduce(typing_context, row, count):
        result = row.dtype if kind == "largest" else types.float64
        return result(row, types.intp), lambda context, builder, signature, arguments: _emit_reduction(
            context, builder, signature, arguments, kind
        )

    return reduce


def _emit_reduction(context, builder, signature, arguments, kind):
    row = make_array(signature.args[0])(context, builder, arguments[0])
    number, result = context.get_data_type(signature.args[0].dtype), context.get_data_type(signature.return_type)
    size = signature.args[0].dtype.bitwidth // 8
    vector, partial = ir.VectorType(number, LANES), ir.VectorType(result, LANES)
    start = ir.Constant(partial, [float("-inf") if kind == "largest" else 0.0] * LANES)

    def combined(x, y):
        if kind == "largest":
            return builder.select(builder.fcmp_ordered(">", x, y), x, y)
        return builder.fadd(x, y)

    entry, loop, done = builder.block, builder.append_basic_block("reduce"), builder.append_basic_block("reduce.done")
    builder.cbranch(builder.icmp_signed(">", arguments[1], INT64(0)), loop, done)
    builder.position_at_end(loop)
    i, before = builder.phi(INT64), builder.phi(partial)
    value = load(builder, offset(builder, row.data, i, number), vector, size)
    if number != result:
        value = builder.fpext(value, partial)
    if kind == "squares":
        value = builder.fmul(value, value)
    after, following = combined(value, before), builder.add(i, INT64(LANES))
    for phi, first, then in ((i, INT64(0), following), (before, start, after)):
        phi.add_incoming(first, entry)
        phi.add_incoming(then, loop)
    builder.cbranch(builder.icmp_signed("<", following, arguments[1]), loop, done)

    builder.position_at_end(done)
    total = builder.phi(partial)
    total.add_incoming(start, entry)
    total.add_incoming(after, loop)
    width = LANES
    while width > 1:  # the upper half onto the lower, until one is left
        width //= 2
        order = ir.Constant(ir.VectorType(INT32, LANES), [(lane + width) % LANES for lane in range(LANES)])
        total = combined(builder.shuffle_vector(total, ir.Constant(partial, ir.Undefined), order), total)
    return builder.extract_element(total, INT32(0))


def _transpose_tile_in_python(a, b, m, n):
    side = BYTES // a.itemsize
    b[n : n + side, m : m + side] = a[m : m + side, n : n + side].T


@intrinsic
def _transpose_tile_in_registers(typing_context, a, b, m, n):
    return types.void(a, b, types.intp, types.intp), _emit_transpose


transpose_tile = _transpose_tile_in_python if config.DISABLE_JIT else _transpose_tile_in_registers


def _emit_transpose(context, builder, signature, arguments):
    """b[n.., m..] = a[m.., n..].T for a square of one vector's side: log2(side) rounds of exchanging blocks."""
    a, b = (make_array(signature.args[i])(context, builder, arguments[i]) for i in range(2))
    m, n = arguments[2:]
    size = signature.args[0].dtype.bitwidth // 8
    side = BYTES // size
    vector = ir.VectorType(context.get_data_type(signature.args[0].dtype), side)

    def pointers(array, row, column):
        row_stride, column_stride = cgutils.unpack_tuple(builder, array.strides)
        place = builder.add(builder.mul(row, row_stride), builder.mul(column, column_stride))
        for _ in range(side):
            yield offset(builder, array.data, place, BYTE)
            place = builder.add(place, row_stride)

    def exchanged(x, y, lanes):
        return builder.shuffle_vector(x, y, ir.Constant(ir.VectorType(INT32, side), lanes))

    rows = [load(builder, place, vector, size) for place in pointers(a, m, n)]
    width = 1
    while width < side:  # exchange the upper right with the lower left block of every square of side 2 * width
        low = [lane if not lane & width else side + lane - width for lane in range(side)]
        high = [lane + width if not lane & width else side + lane for lane in range(side)]
        for i in range(side):
            if not i & width:
                x, y = rows[i], rows[i + width]
                rows[i], rows[i + width] = exchanged(x, y, low), exchanged(x, y, high)
        width *= 2
    for row, place in zip(rows, pointers(b, n, m), strict=True):
        store(builder, row, place, size)
    return context.get_dummy_value()


def _view_in_python(a, start, shape):
    return a.reshape(a.size)[start : start + np.prod(shape, dtype=int)].reshape(shape)


@intrinsic
def _view_in_place(typing_context, a, start, shape):
    shape = types.UniTuple(types.intp, len(shape))
    return types.Array(a.dtype, len(shape), "C")(a, types.intp, shape), _emit_view


view = _view_in_python if config.DISABLE_JIT else _view_in_place


def _emit_view(context, builder, signature, arguments):
    """The elements of a contiguous array from `start` on, in a new shape; nothing keeps the array alive."""
    source = make_array(signature.args[0])(context, builder, arguments[0])
    return _viewed(context, builder, signature, source, arguments[1], cgutils.unpack_tuple(builder, arguments[2]))


def _viewed(context, builder, signature, source, start, shape):
    size = context.get_abi_sizeof(context.get_data_type(signature.return_type.dtype))
    strides = [INT64(size)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    if config.BOUNDSCHECK:
        end = builder.add(start, builder.sdiv(builder.mul(strides[0], shape[0]), INT64(size)))
        inside = builder.and_(builder.icmp_signed(">=", start, INT64(0)), builder.icmp_signed("<=", end, source.nitems))
        _check(context, builder, inside)
    view = make_array(signature.return_type)(context, builder)
    populate_array(
        view,
        offset(builder, source.data, start, context.get_data_type(signature.return_type.dtype)),
        shape,
        strides,
        INT64(size),
        None,
    )
    return view._getvalue()


def _check(context, builder, inside):
    with cgutils.if_unlikely(builder, builder.not_(inside)):
        context.call_conv.return_user_exc(builder, IndexError, ("a view goes beyond its array",))


def _rows_of_in_python(a, index, first, count):
    return a[index].reshape(-1, a.shape[3])[first : first + count]


@intrinsic
def _rows_of_in_place(typing_context, a, index, first, count):
    def emit(context, builder, signature, arguments):
        source = make_array(a)(context, builder, arguments[0])
        _number, times, batch, width = cgutils.unpack_tuple(builder, source.shape)
        index, first, count = arguments[1:]
        row = builder.add(builder.mul(index, builder.mul(times, batch)), first)
        return _viewed(context, builder, signature, source, builder.mul(row, width), [count, width])

    return types.Array(a.dtype, 2, "C")(a, types.intp, types.intp, types.intp), emit


# `count` rows of a[index], of an array (N, T, B, W), from the row `first` on: row t * B + b is that of sequence b at t
rows_of = _rows_of_in_python if config.DISABLE_JIT else _rows_of_in_place


def _part_of_in_python(a, index):
    return a[index]


@intrinsic
def _part_of_in_place(typing_context, a, index):
    def emit(context, builder, signature, arguments):
        source = make_array(a)(context, builder, arguments[0])
        shape = cgutils.unpack_tuple(builder, source.shape)[1:]
        size = shape[0]
        for length in shape[1:]:
            size = builder.mul(size, length)
        return _viewed(context, builder, signature, source, builder.mul(arguments[1], size), shape)

    return types.Array(a.dtype, a.ndim - 1, "C")(a, types.intp), emit


# a[index] of a contiguous array, which is not negative
part_of = _part_of_in_python if config.DISABLE_JIT else _part_of_in_place


def _transposed_in_python(a, first, count):
    return a[:, first : first + count].T


@intrinsic
def _transposed_in_place(typing_context, a, first, count):
    def emit(context, builder, signature, arguments):
        source = make_array(a)(context, builder, arguments[0])
        rows, columns = cgutils.unpack_tuple(builder, source.shape)
        first, count = arguments[1:]
        if config.BOUNDSCHECK:
            inside = builder.icmp_signed("<=", builder.add(first, count), columns)
            _check(context, builder, builder.and_(builder.icmp_signed(">=", first, INT64(0)), inside))
        size = INT64(context.get_abi_sizeof(context.get_data_type(a.dtype)))
        result = make_array(signature.return_type)(context, builder)
        start = offset(builder, source.data, first, context.get_data_type(a.dtype))
        populate_array(result, start, [count, rows], [size, builder.mul(columns, size)], size, None)
        return result._getvalue()

    return types.Array(a.dtype, 2, "A")(a, types.intp, types.intp), emit


# `count` columns of a contiguous matrix (M, N) from the column `first` on, as the rows of (count, M)
transposed = _transposed_in_python if config.DISABLE_JIT else _transposed_in_place


def _flat_in_python(a):
    return a.reshape(a.size)


@intrinsic
def _flat_in_place(typing_context, a):
    def emit(context, builder, signature, arguments):
        array = make_array(a)(context, builder, arguments[0])
        size = array.itemsize
        view = make_array(signature.return_type)(context, builder)
        populate_array(view, array.data, [array.nitems], [size], size, None)
        return view._getvalue()

    return types.Array(a.dtype, 1, "C")(a), emit


flat = _flat_in_python if config.DISABLE_JIT else _flat_in_place
