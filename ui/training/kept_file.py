"""What the files that a browser keeps have in common: how they are packed, and how what is in them is checked.

gzip of: the length of the JSON (8 bytes, little-endian), the JSON, one checkpoint or more (rnn_core/checkpoint.py). A
file comes back from a browser, so everything in it is checked before anything is made of it.
"""

import base64
import binascii
import json
import math
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from rnn_core import CheckpointError
from rnn_core.errors import ConfigError, InputError
from ui.training.history import Points, Record

LEVEL = 1  # of gzip: most of a file is weights, which hardly shrink
LARGE = 2**20  # bytes: what is larger is left as it is, since 7% less would take 20 times as long
MOST_FACTS, MOST_BYTES = 2**20, 192 * 2**20  # of the JSON; of the whole, as of an uploaded checkpoint


class Kept(NamedTuple):
    """What a session trains at one moment, for its browser."""

    identity: str
    stamp: str  # changes with whatever is in the file
    update: int
    settings: str  # of the page, in short: the same where an address asks for the same networks
    content: bytes | None  # None: the browser has it


def content(facts: dict[str, Any], checkpoints: bytes) -> bytes:
    """A file that is not yet compressed."""
    head = json.dumps(facts).encode()
    return struct.pack("<Q", len(head)) + head + checkpoints


def compressed(content: bytes) -> bytes:
    """The file."""
    packer = zlib.compressobj(LEVEL if len(content) < LARGE else 0, wbits=31)
    return packer.compress(content) + packer.flush()


def unpacked_size(data: bytes) -> int:
    """Bytes of a file once it is unpacked, as gzip's last four bytes say; `opened` refuses one that holds more."""
    return int.from_bytes(data[-4:], "little")


def opened(data: bytes) -> tuple[Any, bytes]:
    """(JSON, checkpoints) of a file."""
    unpacker = zlib.decompressobj(wbits=31)
    body = b""
    if unpacked_size(data) <= MOST_BYTES:  # else nothing need be unpacked to refuse it
        body = unpacker.decompress(data, max(1, unpacked_size(data)))
    unpacker.decompress(unpacker.unconsumed_tail, 1)  # reads the end, of a file that holds no more
    if not unpacker.eof or unpacker.unused_data:
        raise CheckpointError(f"the run has no end, or more bytes than it says or than {MOST_BYTES}")
    (length,) = struct.unpack_from("<Q", body)
    need(length <= min(MOST_FACTS, len(body) - 8), "the head is too long")
    return json.loads(body[8 : 8 + length]), body[8 + length :]


@contextmanager
def checked() -> Iterator[None]:
    """Around the reading of a file: CheckpointError, saying what is wrong, for whatever is no such file."""
    try:
        yield
    except CheckpointError:
        raise
    except (ConfigError, InputError) as error:
        raise CheckpointError(f"the run does not hold together: {error}") from None
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
        RecursionError,
        zlib.error,
        struct.error,
    ) as error:
        raise CheckpointError(f"the run is damaged: {type(error).__name__} {str(error)[:200]}") from None


def need(condition: bool, problem: str) -> None:
    """Raise CheckpointError with this problem unless the condition holds."""
    if not condition:
        raise CheckpointError(problem)


def whole(value: Any, low: int, high: int) -> int:
    """A whole number in these bounds."""
    need(type(value) is int and low <= value <= high, f"{str(value)[:50]!r} is no whole number from {low} to {high}")
    return value


def finite(value: Any) -> float:
    """A finite number."""
    need(type(value) in (int, float) and math.isfinite(value), "a number is not finite")
    return float(value)


def words(value: Any, shortest: int, longest: int) -> str:
    """A text of so many characters."""
    need(isinstance(value, str) and shortest <= len(value) <= longest, f"no text of at most {longest} characters")
    return value


def encoded(array: np.ndarray) -> str:
    """An array as JSON has it."""
    return base64.b85encode(np.ascontiguousarray(array, "<f8").tobytes()).decode()


def decoded(text: Any, rows: int, most: int) -> np.ndarray:
    """(rows, n) numbers with n <= most."""
    try:
        numbers = np.frombuffer(base64.b85decode(words(text, 0, 12 * rows * most)), "<f8")
    except binascii.Error as error:
        raise CheckpointError(f"the record is damaged: {error}") from None
    need(len(numbers) % rows == 0 and len(numbers) <= rows * most, "the record has another shape")
    return numbers.reshape(rows, -1).astype(np.float64)


def facts_of_record(record: Record) -> dict[str, Any]:
    """A record as JSON has it."""
    buckets, last, numbers = record.parts()
    return numbers | {"buckets": encoded(buckets), "last": None if last is None else encoded(last)}


def record_of(facts: dict[str, Any]) -> Record:
    """The record that JSON has."""
    buckets, last = decoded(facts["buckets"], Record.ROWS, Record.CAPACITY), facts.get("last")  # not in older files
    last = None if last is None else decoded(last, Record.ROWS, 1)
    need(last is None or last.size > 0, "the last update is missing")
    numbers = {name: whole(facts[name], 0, 10**12) for name in ("width", "start", "updates")}
    return Record.of(buckets, **numbers, last=last)


def facts_of_points(points: Points) -> dict[str, Any]:
    """Points as JSON has them."""
    return {"spacing": points.spacing, "points": points.points()}


def points_of(facts: dict[str, Any], last: int) -> Points:
    """The points that JSON has, none after the update `last`."""
    need(len(facts["points"]) <= Points.CAPACITY + 1, "too many losses")
    return Points.of([point_of(point, last) for point in facts["points"]], whole(facts["spacing"], 1, 10**12))


def point_of(point: Any, last: int) -> tuple[int, float]:
    """(update, number) that JSON has."""
    update, number = point
    return whole(update, 0, last), finite(number)
