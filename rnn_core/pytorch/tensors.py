"""A tensor as a file holds it: its numbers are read when they are needed."""

import math
from typing import NamedTuple

import numpy as np

from rnn_core.pytorch.refusals import PyTorchFileError, short

FLOATS = {"float16": "<f2", "bfloat16": "<u2", "float32": "<f4", "float64": "<f8"}  # a bfloat16 as its bits
BYTES = {name: int(code[-1]) for name, code in FLOATS.items()} | {"other": 1}


class Stored(NamedTuple):
    """Numbers in a file. strides : in elements, from the first one at `offset`."""

    data: memoryview
    dtype: str  # a key of FLOATS; any other name is of numbers that no network here has
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int = 0
    big_endian: bool = False

    def array(self, name: str) -> np.ndarray:
        """The numbers, of float16 and bfloat16 as float32. name : of the tensor, for messages.

        Raises PyTorchFileError.
        """
        if self.dtype not in FLOATS:
            raise PyTorchFileError("type", name=short(name), given=self.dtype)
        kind = np.dtype(FLOATS[self.dtype])
        flat = np.frombuffer(self.data, kind.newbyteorder(">") if self.big_endian else kind)
        strides = [stride * kind.itemsize for stride in self.strides]
        values = np.lib.stride_tricks.as_strided(flat[self.offset :], self.shape, strides, writeable=False)
        if self.dtype == "bfloat16":
            values = (values.astype(np.uint32) << 16).view(np.float32)
        values = values.astype(np.float64 if self.dtype == "float64" else np.float32)
        if not np.isfinite(values).all():
            raise PyTorchFileError("not_finite", name=short(name))
        return values


def contiguous(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Strides, in elements, of an array that lies row by row.

    >>> contiguous((2, 3, 4))
    (12, 4, 1)
    """
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def fits(size: int, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether such a tensor lies within so many stored elements, each of them at most once in count."""
    if len(shape) != len(strides) or len(shape) > 8 or min((offset, *shape, *strides)) < 0:
        return False
    count = math.prod(shape)
    last = offset + sum((length - 1) * stride for length, stride in zip(shape, strides, strict=True))
    return count <= size and (last < size if count else offset <= size)
