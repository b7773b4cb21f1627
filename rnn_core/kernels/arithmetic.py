"""The machine-minded part of the core: products of matrices, exp, tanh, sigmoid, softmax and norms.

Everything here keeps one fixed order of summation, whatever the CPU and however many rows come at once: a batch
equals its single sequences to the last bit. Products use explicit fused multiply-adds, which are exact by IEEE 754.
In float32, exp and tanh are polynomials that LLVM turns into vector code; the errors stated are the largest ones
seen over all float32 arguments tried in `tests/test_arithmetic.py`. In float64 they are the C library's.
"""

import math

import numpy as np
from numba import config, types
from numba.extending import intrinsic, overload

from rnn_core.kernels.jit import inlined, part
from rnn_core.kernels.linking import array, shared
from rnn_core.kernels.vectors import BYTES, LANES, reduction, tile, transpose_tile, transposed, view

BLOCK = 128  # rows of the right factor: a column of tiles of it stays in the first-level cache for all rows of c

if config.DISABLE_JIT:

    def fma(a, b, c):
        """a * b + c (in pure Python with two roundings)."""
        return a * b + c

else:

    @intrinsic
    def fma(typing_context, a, b, c):
        """a * b + c with one rounding; the three are of one float type."""
        if not a == b == c:
            return None
        return a(a, b, c), lambda context, builder, signature, arguments: builder.fma(*arguments)


def _reinterpreted(source, target):
    """Intrinsic that reinterprets a scalar's bits as another type (LLVM bitcast).

    NumPy's `view` takes the compiler ten times as long.
    """

    @intrinsic
    def reinterpret(typing_context, x):
        return target(source), lambda context, builder, signature, arguments: builder.bitcast(
            arguments[0], context.get_value_type(target)
        )

    return reinterpret


_bits_of, _float_of = _reinterpreted(types.float32, types.int32), _reinterpreted(types.int32, types.float32)


def exp(x):
    """e^x; float32: within 2 ulp for -87.3 <= x <= 88.3, outside of which the argument is clamped; NaN stays NaN."""
    limit = 88.3 if isinstance(x, np.float32) else 700.0
    return type(x)(math.exp(min(max(x, -limit), limit)))


def tanh(x):
    """tanh x; float32: within 3 ulp."""
    return type(x)(math.tanh(x))


def sigmoid(x):
    """1 / (1 + e^-x); float32: within 4 ulp for x >= -87, 0 below -87.3.

    There it would be subnormal, and so would all that it is multiplied by; processors compute with such numbers many
    times more slowly. LSTMs with gates closed that far, at losses of hundreds, took 1.6 times as long an update.
    """
    if isinstance(x, np.float32) and x < -87.3:
        return np.float32(0.0)
    return type(x)(1.0) / (type(x)(1.0) + exp(-x))


_ZERO, _ONE, _TWO = np.float32(0.0), np.float32(1.0), np.float32(2.0)
_LOWEST, _HIGHEST = np.float32(-87.3), np.float32(88.3)
_LOG2_E = np.float32(1.44269504)
_LN2_HIGH, _LN2_LOW = np.float32(0.693359375), np.float32(-2.12194440e-4)  # their sum is ln 2
_ROUND = np.float32(12582912.0)  # 1.5 * 2^23: adding it rounds to an integer, kept in the last bits
_ROUND_BITS = np.int32(0x4B400000)
# e^r = 1 + r + r^2 q(r) for |r| <= ln 2 / 2, and tanh x = x + x^3 p(x^2) for |x| <= 0.625; both interpolated
# at Chebyshev nodes
_Q0, _Q1, _Q2, _Q3, _Q4 = (np.float32(q) for q in (0.5, 0.166665767, 0.0416665542, 0.00836323288, 0.00139262508))
_P0, _P1, _P2, _P3, _P4 = (
    np.float32(p) for p in (-0.333333289, 0.133327697, -0.0538509096, 0.020997179, -0.00609671416)
)
_SMALL, _SATURATED = np.float32(0.625), np.float32(10.0)


@overload(exp)
def _exp(x):
    if x != types.float32:
        return lambda x: math.exp(x)

    def exp32(x):
        x = _LOWEST if x < _LOWEST else x
        x = _HIGHEST if x > _HIGHEST else x
        shifted = fma(x, _LOG2_E, _ROUND)
        whole = shifted - _ROUND
        r = fma(whole, -_LN2_LOW, fma(whole, -_LN2_HIGH, x))
        q = fma(fma(fma(fma(_Q4, r, _Q3), r, _Q2), r, _Q1), r, _Q0)
        power = _float_of(np.int32((_bits_of(shifted) - _ROUND_BITS + 127) << 23))
        return fma(r * r, q, r + _ONE) * power

    return exp32


@overload(tanh)
def _tanh(x):
    if x != types.float32:
        return lambda x: math.tanh(x)

    def tanh32(x):
        size = abs(x)
        square = x * x
        p = fma(fma(fma(fma(_P4, square, _P3), square, _P2), square, _P1), square, _P0)
        near_zero = fma(x * square, p, x)
        clamped = _SATURATED if size > _SATURATED else size
        far = _ONE - _TWO / (exp(_TWO * clamped) + _ONE)
        far = -far if x < np.float32(0.0) else far
        return far if size > _SMALL else near_zero

    return tanh32


@overload(sigmoid)
def _sigmoid(x):
    if x != types.float32:
        return lambda x: 1.0 / (1.0 + exp(-x))
    return lambda x: _ZERO if x < _LOWEST else _ONE / (_ONE + exp(-x))


_sum, _squares, _largest = reduction("sum"), reduction("squares"), reduction("largest")


@part
def sum_of(row, whole):
    """The sum of row (N,), in float64; whole : of its elements, those that fill vectors."""
    total = _sum(row, whole)
    for k in range(whole, row.size):
        total += row[k]
    return total


@shared(lambda f: types.void(array(f, 2), array(f, 2), array(types.float64, 1)))
def softmax(logits, probs, log_totals):
    """probs (N, K) = softmax of each row of logits (N, K); log_totals (N,) = log sum exp(row), its normaliser's."""
    for n in range(logits.shape[0]):
        row, p = logits[n], probs[n]
        whole = row.size // LANES * LANES
        largest = _largest(row, whole)
        for k in range(whole, row.size):
            largest = row[k] if row[k] > largest else largest
        for k in range(row.size):
            p[k] = exp(row[k] - largest)
        total = sum_of(p, whole)
        scale = probs.dtype.type(1.0 / total)
        for k in range(row.size):
            p[k] *= scale
        log_totals[n] = largest + math.log(total)


_eight_by_two, _eight_by_one = tile(8, 2), tile(8, 1)
_one_by_eight, _one_by_four, _one_by_two, _one_by_one = tile(1, 8), tile(1, 4), tile(1, 2), tile(1, 1)
_four_by_two_chained, _two_in_chains, _one_in_chains = tile(4, 2, 2), tile(1, 2, 2), tile(1, 1, 2)


@shared(lambda f: types.void(array(f, 2, "A"), array(f, 2), array(f, 2), types.int64, types.int64))
def add_product_to_columns(a, b, c, left, right):
    """c[:, left:right] += a @ b[:, left:right]: a (M, K), b (K, N) and c (M, N'), whose other columns stay; b and c
    have contiguous rows, a is often the transpose of one that has."""
    rows, columns = c.shape[0], right - left
    lanes = BYTES // c.itemsize
    if columns < lanes:  # shorter than a vector
        for m in range(rows):
            sums = view(c, m * c.shape[1] + left, (columns,))  # an index that starts at 0 is not checked for its sign
            for k in range(b.shape[0]):
                row = view(b, k * b.shape[1] + left, (columns,))
                for n in range(columns):
                    sums[n] = fma(a[m, k], row[n], sums[n])
        return
    for first in range(0, b.shape[0], BLOCK):
        last = min(first + BLOCK, b.shape[0])
        if columns <= 2 * lanes:  # too few sums to keep the processor busy while it waits for the last one
            fours = rows // 4 * 4 if columns == 2 * lanes else 0
            for m in range(0, fours, 4):
                _four_by_two_chained(a, b, c, m, left, first, last, 0)
            for m in range(fours, rows):
                if columns == 2 * lanes:
                    _two_in_chains(a, b, c, m, left, first, last, 0)
                else:
                    _one_in_chains(a, b, c, m, left, first, last, 0)
                    if columns > lanes:
                        _one_in_chains(a, b, c, m, right - lanes, first, last, 2 * lanes - columns)
            continue
        eights = rows // 8 * 8
        twos = left + (columns // (2 * lanes) * (2 * lanes) if eights > 0 else 0)
        for n in range(left, twos, 2 * lanes):
            for m in range(0, eights, 8):
                _eight_by_two(a, b, c, m, n, first, last, 0)
        for n in range(twos, right if eights > 0 else 0, lanes):
            keep = max(0, n + lanes - right)  # the last tile lies back over columns that are done
            for m in range(0, eights, 8):
                _eight_by_one(a, b, c, m, n - keep, first, last, keep)
        for m in range(eights, rows):
            n = left
            while n + 8 * lanes <= right:
                _one_by_eight(a, b, c, m, n, first, last, 0)
                n += 8 * lanes
            while n < right:
                if n + lanes >= right:
                    keep = max(0, n + lanes - right)
                    _one_by_one(a, b, c, m, n - keep, first, last, keep)
                    n += lanes
                elif n + 2 * lanes >= right or columns < 4 * lanes:
                    keep = max(0, n + 2 * lanes - right)
                    _one_by_two(a, b, c, m, n - keep, first, last, keep)
                    n += 2 * lanes
                else:
                    keep = max(0, n + 4 * lanes - right)
                    _one_by_four(a, b, c, m, n - keep, first, last, keep)
                    n += 4 * lanes


@inlined
def add_product(a, b, c):
    """c (M, N) += a (M, K) @ b (K, N), as `add_product_to_columns` of them all."""
    add_product_to_columns(a, b, c, 0, c.shape[1])


@part
def share_of(count, number, of):
    """(first, last) of share `number` of `of` shares of `count`; all but the last end at a whole vector."""
    first = count * number // of // LANES * LANES
    last = count if number + 1 == of else count * (number + 1) // of // LANES * LANES
    return first, last


@shared(lambda f: types.void(array(f, 2), array(f, 2), array(f, 1), *[types.int64] * 5))
def add_outer_products(a, b, numbers, start, left, right, number, of):
    """numbers[start:], a matrix (M, N), += a (K, M).T @ b (K, N), in the columns left <= n < right; of its rows only a
    share is changed."""
    first, last = share_of(a.shape[1], number, of)
    target = view(numbers, start + first * b.shape[1], (last - first, b.shape[1]))
    add_product_to_columns(transposed(a, first, last - first), b, target, left, right)


@shared(lambda f: types.void(array(f, 2, "A"), array(f, 2)))
def transpose(a, b):
    """b (N, M) = a.T with a (M, N), which has contiguous rows."""
    side = BYTES // a.itemsize
    rows, columns = a.shape[0] // side * side, a.shape[1] // side * side
    for m in range(0, rows, side):
        for n in range(0, columns, side):
            transpose_tile(a, b, m, n)
    for m in range(a.shape[0]):
        for n in range(columns if m < rows else 0, a.shape[1]):
            b[n, m] = a[m, n]


@shared(lambda f: types.float64(array(f, 1)))
def squared_norm(v):
    """Sum of the squares of v (N,), in float64."""
    whole = v.size // LANES * LANES
    total = _squares(v, whole)
    for i in range(whole, v.size):
        total += np.float64(v[i]) * np.float64(v[i])
    return total


# Copies and sums of whole arrays: Numba compiles a loop over flat memory ten times faster than a slice assignment.


@shared(lambda f: types.void(array(f, 1), f))
def fill(row, value):
    """row (N,) = value."""
    for j in range(row.size):
        row[j] = value


@shared(lambda f: types.void(array(f, 1), array(f, 1)))
def copy(source, target):
    """target (N,) = source (N,)."""
    for j in range(target.size):
        target[j] = source[j]


@shared(lambda f: types.void(array(f, 1), array(f, 1)))
def add(source, target):
    """target (N,) += source (N,)."""
    for j in range(target.size):
        target[j] += source[j]


CLEAR, COPY, ADD = range(3)


@shared(lambda f: types.void(types.int64, array(f, 4), array(f, 4), *[types.int64] * 6))
def combine(what, source, target, n, initial, begin, end, first, last):
    """Of target[n], an array of states (N, T, B, W), the steps begin <= t < end of the sequences first <= b < last
    become 0, those of source, or their sum; with `initial` 1, T counts the initial state, which is changed too.

    Of the whole batch that is one piece of memory, else one for each step. Of an empty array it is nothing.
    """
    _number, times, batch, width = target.shape
    whole, size = last - first == batch, (last - first) * width
    pieces = 1 if whole else end - begin
    for piece in range(1 - initial, 1 + pieces if times > 0 else 0):
        t = initial + begin + piece - 1 if piece > 0 else 0
        start, count = ((n * times + t) * batch + first) * width, size * (end - begin) if whole and piece > 0 else size
        row, value = view(target, start, (count,)), view(source, start, (count,))
        if what == ADD:
            for j in range(count):
                row[j] += value[j]
        elif what == COPY:
            for j in range(count):
                row[j] = value[j]
        else:
            for j in range(count):
                row[j] = 0


@shared(lambda f: types.void(array(f, 1), array(f, 2)))
def copy_to_rows(row, a):
    """a (M, N) = row (N,) in each of its rows."""
    for m in range(a.shape[0]):
        for n in range(row.size):
            a[m, n] = row[n]


@shared(lambda f: types.void(array(f, 2), types.int64, array(f, 2), types.int64, types.int64))
def copy_columns(source, first, target, start, count):
    """target[:, start : start + count] = source[:, first : first + count], for all rows.

    Rows are views: a loop over target[i, start + j] is not vectorised, and made two directions a seventh slower.
    """
    for i in range(target.shape[0]):
        row = view(source, i * source.shape[1] + first, (count,))
        part = view(target, i * target.shape[1] + start, (count,))
        for j in range(count):
            part[j] = row[j]


@shared(lambda f: types.void(array(f, 2), array(f, 1), types.int64, types.int64))
def add_columns(a, c, number, of):
    """c (N,) += the sum of the rows of a (M, N); a share of it."""
    first, last = share_of(c.size, number, of)
    sums = view(c, first, (last - first,))
    for m in range(a.shape[0]):
        row = view(a, m * a.shape[1] + first, (last - first,))
        for n in range(sums.size):
            sums[n] += row[n]


@shared(lambda f: types.void(array(f, 2), types.int32[::1], array(f, 1), array(f, 2)))
def gather(table, ids, bias, rows):
    """rows (M, N) = bias (N,) + table[ids], ids (M,): the product of one-hot vectors with table, and the bias."""
    for m in range(ids.size):
        source, row = table[ids[m]], rows[m]
        for n in range(bias.size):
            row[n] = bias[n] + source[n]


@shared(lambda f: types.void(array(f, 2), types.int32[::1], array(f, 2), types.int64, types.int64))
def scatter(rows, ids, table, number, of):
    """table[ids] += rows (M, N), the gradient of `gather`: each row is added to the row of its symbol. Of the
    columns only a share is changed."""
    first, last = share_of(rows.shape[1], number, of)
    for m in range(ids.size):
        target = view(table, ids[m] * rows.shape[1] + first, (last - first,))
        row = view(rows, m * rows.shape[1] + first, (last - first,))
        for n in range(target.size):
            target[n] += row[n]
