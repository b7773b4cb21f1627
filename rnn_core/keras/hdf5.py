"""The HDF5 files of Keras: their arrays by name, read without the HDF5 library and without following anything outwards.

Keras writes with h5py, which keeps to the oldest layout unless it is asked for another, and Keras has no way to ask:
superblock 0 or 1, groups as symbol tables (B-tree, local heap, SNOD), version 1 object headers, arrays that lie in one
piece (HDF5 File Format Specification 3.0, II.A, III.A-D, IV.A). That is what is read here; links to elsewhere, external
or virtual storage, chunks and filters, all of which let a short file ask for much or for others' files, are refused.
Only so many entries are read, by whatever ways an address is come by: circles end, and no file costs more than a long
list.
"""

import math
import struct
from collections.abc import Iterator

from rnn_core.keras.refusals import KerasFileError
from rnn_core.pytorch.tensors import Stored, contiguous

SIGNATURE = b"\x89HDF\r\n\x1a\n"
MAX_ENTRIES, MAX_AXES, LONGEST_NAME, LONGEST_PATH = 1 << 16, 8, 255, 512
DATASPACE, DATATYPE, EXTERNAL, LAYOUT, CONTINUATION, SYMBOL_TABLE = 0x1, 0x3, 0x7, 0x8, 0x10, 0x11
LINKS = (0x2, 0x6)  # of groups in newer layouts
SHARED = 2  # a flag of a message that lies elsewhere
FLOATS = {(2, 5, 10): "float16", (2, 8, 7): "bfloat16", (4, 8, 23): "float32", (8, 11, 52): "float64"}


def datasets(data: memoryview) -> dict[str, Stored]:
    """Path -> array, of all arrays in the file. Raises KerasFileError."""
    try:
        return dict(_Reader(data).arrays())
    except (struct.error, LookupError, ValueError, OverflowError) as error:
        if isinstance(error, KerasFileError):
            raise
        raise KerasFileError("damaged", detail=f"{type(error).__name__} in its HDF5") from None


class _Reader:
    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.entries = 0  # read so far: messages, children of nodes, names

    def arrays(self) -> Iterator[tuple[str, Stored]]:
        """(path, array) of each."""
        version, offsets, lengths = self.data[8], self.data[13], self.data[14]
        if version not in (0, 1) or (offsets, lengths) != (8, 8):
            raise KerasFileError("other_hdf5", detail=f"superblock {version}")
        base, *_others = self._unpack("<4Q", 24 + 4 * version)
        if base:
            raise KerasFileError("other_hdf5", detail="a user block")
        _name, root = self._unpack("<2Q", 56 + 4 * version)
        waiting: list[tuple[tuple[str, ...], int]] = [((), root)]
        names: set[str] = set()
        while waiting:
            path, address = waiting.pop()
            messages = self._header(address)
            if SYMBOL_TABLE in messages:
                if sum(map(len, path)) + len(path) > LONGEST_PATH:
                    raise ValueError
                waiting += [((*path, name), child) for name, child in self._children(messages[SYMBOL_TABLE])]
            elif DATATYPE in messages and LAYOUT in messages:
                name = "/".join(path)
                if name in names:
                    raise ValueError
                names.add(name)
                yield name, self._array(messages)

    def _unpack(self, form: str, at: int) -> tuple[int, ...]:
        """Numbers that lie there: an address beyond the file is none."""
        if not 0 <= at <= len(self.data):
            raise ValueError
        return struct.unpack_from(form, self.data, at)

    def _count(self, entries: int) -> None:
        """Count what is read next."""
        self.entries += entries
        if self.entries > MAX_ENTRIES:
            raise ValueError

    def _header(self, address: int) -> dict[int, memoryview]:
        """Messages of an object by their type; of several of one type the first."""
        version, _reserved, _count, _references, size = self._unpack("<BBHII", address)
        if version != 1:
            raise KerasFileError("other_hdf5", detail=f"object header {version}")
        found: dict[int, memoryview] = {}
        blocks = [(address + 16, size)]
        while blocks:
            at, size = blocks.pop()
            end = at + size
            if not 0 <= at <= end <= len(self.data):
                raise ValueError
            while at + 8 <= end:
                kind, length, flags = self._unpack("<HHB", at)
                body = self.data[at + 8 : at + 8 + length]
                at += 8 + length
                self._count(1)
                if at > end:
                    raise ValueError
                if kind == CONTINUATION:
                    start, size = struct.unpack_from("<2Q", body)
                    blocks.append((start, size))
                elif kind in LINKS or kind == EXTERNAL or (kind in (DATASPACE, DATATYPE, LAYOUT) and flags & SHARED):
                    raise KerasFileError("other_hdf5", detail=f"message {kind}")
                else:
                    found.setdefault(kind, body)
        return found

    def _children(self, table: memoryview) -> Iterator[tuple[str, int]]:
        """(name, address) of what a group holds."""
        root, heap = struct.unpack_from("<2Q", table)
        if self._signature(heap) != b"HEAP":
            raise ValueError
        size, _free, names = self._unpack("<3Q", heap + 8)
        names_end = names + size
        if names_end > len(self.data):
            raise ValueError
        nodes = [root]
        while nodes:
            node = nodes.pop()
            signature = self._signature(node)
            if signature == b"TREE":
                kind, _level, used = self._unpack("<BBH", node + 4)
                if kind != 0:
                    raise ValueError
                self._count(used)
                nodes += self._unpack(f"<{2 * used}Q", node + 24)[1::2]  # a key before each child
                continue
            if signature != b"SNOD":
                raise ValueError
            _version, _reserved, used = self._unpack("<BBH", node + 4)
            self._count(used)
            for entry in range(node + 8, node + 8 + 40 * used, 40):
                offset, address, cached = self._unpack("<2QI", entry)
                if cached not in (0, 1):  # 2: a symbolic link
                    raise KerasFileError("other_hdf5", detail="a link")
                yield self._name(names + offset, names_end), address

    def _signature(self, address: int) -> bytes:
        return bytes(self.data[address : address + 4])

    def _name(self, start: int, end: int) -> str:
        text, zero, _rest = bytes(self.data[start : min(end, start + LONGEST_NAME)]).partition(b"\0")
        name = text.decode()
        if not zero or not name or "/" in name:
            raise ValueError
        return name

    def _array(self, messages: dict[int, memoryview]) -> Stored:
        """An array where it lies."""
        shape = _shape(messages[DATASPACE]) if DATASPACE in messages else ()
        dtype, width, big_endian = _type(messages[DATATYPE])
        layout = messages[LAYOUT]
        version, kind = struct.unpack_from("<BB", layout)
        if version not in (3, 4) or kind not in (0, 1):
            raise KerasFileError("other_hdf5", detail=f"storage {version}.{kind}")
        if kind == 0:
            (size,) = struct.unpack_from("<H", layout, 2)
            values = layout[4 : 4 + size]
        else:
            address, size = struct.unpack_from("<2Q", layout, 2)
            values = self.data[address : address + size] if size else self.data[:0]  # of nothing: no address
        needed = math.prod(shape) * width
        if len(values) != size or size < needed:
            raise ValueError
        return Stored(values[:needed], dtype, shape, contiguous(shape), big_endian=big_endian)


def _shape(message: memoryview) -> tuple[int, ...]:
    version, axes = struct.unpack_from("<BB", message)
    if version not in (1, 2) or axes > MAX_AXES:
        raise ValueError
    return struct.unpack_from(f"<{axes}Q", message, 8 if version == 1 else 4)


def _type(message: memoryview) -> tuple[str, int, bool]:
    """(a type's name, bytes of an element, whether the largest comes first).

    Of bfloat16, which HDF5 did not know, Keras leaves the bits: two bytes of no type.
    """
    first, bits, _bits, _more, width = struct.unpack_from("<4BI", message)
    kind = first & 15
    if kind == 1:
        _exponent_at, exponent, _mantissa_at, mantissa = struct.unpack_from("<4B", message, 12)
        return FLOATS.get((width, exponent, mantissa), "other"), width, bool(bits & 1)
    if kind == 0:
        return f"{'int' if bits & 8 else 'uint'}{8 * width}", width, bool(bits & 1)
    return "bfloat16" if (kind, width) == (5, 2) else "other", width, False
