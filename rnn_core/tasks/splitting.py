"""Which generated sequences are held out: a hash of each decides, so that none is both trained on and held out."""

from collections.abc import Callable

import numpy as np

SHARE = 8  # one in SHARE is held out


def held_out_rows(generate: Callable[[int], tuple[np.ndarray, ...]], count: int, split: str) -> tuple[np.ndarray, ...]:
    """The first `count` rows of generate(n) -> (x (n, T) ids, more arrays (n, ...)) whose x belongs to the split."""
    parts, found = [], 0
    while found < count:
        arrays = generate(count + 64)
        chosen = (row_hashes(arrays[0]) % SHARE == 0) == (split == "held_out")
        parts.append([array[chosen] for array in arrays])
        found += int(chosen.sum())
    return tuple(np.concatenate(column)[:count] for column in zip(*parts, strict=True))


def row_hashes(x: np.ndarray) -> np.ndarray:
    """A number for each row (n, T) of ids; equal rows have equal numbers.

    >>> a, b, c = row_hashes(np.array([[1, 2], [2, 1], [1, 2]]))
    >>> bool(a == c), bool(a == b)
    (True, False)
    """
    number = np.zeros(len(x), np.uint64)
    for column in x.T.astype(np.uint64):
        number = (number ^ column) * np.uint64(0x9E3779B97F4A7C15)
        number ^= number >> np.uint64(32)
    return number >> np.uint64(8)
