"""The pickle inside a file of torch.save, read without running it.

Python's own unpickler calls whatever a file names. This one walks the opcodes and does what a state dict needs: dicts,
lists, tuples, numbers, texts, and the few names below, each of which it carries out itself; any other name is refused.
Nothing takes more time or memory than the file is long: no opcode copies what the memo holds, keys are texts and whole
numbers.
"""

import io
import struct
from collections.abc import Callable, Iterator
from typing import Any

from rnn_core.pytorch.refusals import PyTorchFileError, short
from rnn_core.pytorch.tensors import BYTES, Stored, fits

STORAGES = {
    "FloatStorage": "float32", "DoubleStorage": "float64", "HalfStorage": "float16", "BFloat16Storage": "bfloat16",
    "LongStorage": "int64", "IntStorage": "int32", "ShortStorage": "int16", "CharStorage": "int8",
    "ByteStorage": "uint8", "BoolStorage": "bool",
}  # fmt: skip
KNOWN = {"collections.OrderedDict", "torch.Size", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter"}
KNOWN |= {f"torch.{name}" for name in STORAGES}
WIDTHS = {"int64": 8, "int32": 4, "int16": 2} | BYTES


LENGTH = {1: "<B", 2: "<H", 4: "<I", 8: "<Q"}
# opcode -> (its name, how its argument is written: bytes of a number, or "text" after so many bytes of its length)
OPCODES: dict[bytes, tuple[str, int, str]] = {
    b"\x80": ("PROTO", 1, ""), b"\x95": ("FRAME", 8, ""), b".": ("STOP", 0, ""), b"(": ("MARK", 0, ""),
    b")": ("EMPTY_TUPLE", 0, ""), b"]": ("EMPTY_LIST", 0, ""), b"}": ("EMPTY_DICT", 0, ""), b"N": ("NONE", 0, ""),
    b"\x88": ("NEWTRUE", 0, ""), b"\x89": ("NEWFALSE", 0, ""), b"K": ("VALUE", 1, ""), b"M": ("VALUE", 2, ""),
    b"J": ("VALUE", 4, "signed"), b"\x8a": ("VALUE", 1, "long"), b"G": ("VALUE", 8, "float"),
    b"X": ("VALUE", 4, "text"), b"\x8c": ("VALUE", 1, "text"), b"q": ("PUT", 1, ""), b"r": ("PUT", 4, ""),
    b"\x94": ("MEMOIZE", 0, ""),
    b"h": ("GET", 1, ""), b"j": ("GET", 4, ""), b"t": ("TUPLE", 0, ""), b"\x85": ("TUPLE1", 0, ""),
    b"\x86": ("TUPLE2", 0, ""), b"\x87": ("TUPLE3", 0, ""), b"a": ("APPEND", 0, ""), b"e": ("APPENDS", 0, ""),
    b"s": ("SETITEM", 0, ""), b"u": ("SETITEMS", 0, ""), b"c": ("GLOBAL", 0, "lines"), b"\x93": ("STACK_GLOBAL", 0, ""),
    b"Q": ("BINPERSID", 0, ""), b"R": ("REDUCE", 0, ""), b"b": ("BUILD", 0, ""),
}  # fmt: skip


class Name(str):
    """A name of KNOWN, in the place of what it names."""


class Mark:
    """Where the items of a tuple, a list or a dict begin."""


MARK = Mark()
VALUES = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": (), "MARK": MARK}


def unpickled(data: bytes, storage: Callable[[str], memoryview], big_endian: bool = False) -> Any:
    """What the pickle holds, tensors as `Stored`. storage : the bytes of a storage, by its key.

    Raises PyTorchFileError.
    """
    machine = _Machine(storage, big_endian)
    try:
        for name, argument in _opcodes(io.BytesIO(data)):
            machine.do(name, argument)
        (result,) = machine.stack
        return result
    except PyTorchFileError:
        raise
    except (EOFError, LookupError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise PyTorchFileError("damaged", detail=f"{type(error).__name__} in its pickle") from None


def _opcodes(file: io.BytesIO) -> Iterator[tuple[str, Any]]:
    """(name, argument) of each opcode before the last one, STOP."""
    while opcode := file.read(1):
        if opcode not in OPCODES:
            raise PyTorchFileError("code", name=f"the pickle opcode 0x{opcode.hex()}")
        name, size, kind = OPCODES[opcode]
        if name == "STOP":
            return
        yield name, _argument(file, size, kind)
    raise EOFError


def _argument(file: io.BytesIO, size: int, kind: str) -> Any:
    """What is written after an opcode."""
    if kind == "lines":
        return [file.readline().removesuffix(b"\n").decode() for _part in range(2)]
    if not size:
        return None
    written = file.read(size)
    if kind in ("float", "signed"):
        return struct.unpack(">d" if kind == "float" else "<i", written)[0]
    (number,) = struct.unpack(LENGTH[size], written)
    if not kind:
        return number
    written = file.read(number)
    if len(written) < number:
        raise EOFError
    return (
        written.decode("utf-8", "surrogatepass") if kind == "text" else int.from_bytes(written, "little", signed=True)
    )


class _Machine:
    """The stack and the memo of a pickle."""

    def __init__(self, storage: Callable[[str], memoryview], big_endian: bool) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.storage, self.big_endian = storage, big_endian

    def do(self, name: str, argument: Any) -> None:
        """Carry out one opcode."""
        stack = self.stack
        if name in VALUES:
            stack.append(VALUES[name])
        elif name == "VALUE":
            stack.append(argument)
        elif name == "GET":
            stack.append(self.memo[argument])
        elif name == "PUT":
            self.memo[argument] = stack[-1]
        elif name == "MEMOIZE":
            self.memo[len(self.memo)] = stack[-1]
        elif name in ("EMPTY_DICT", "EMPTY_LIST"):
            stack.append({} if name == "EMPTY_DICT" else [])
        elif name == "TUPLE":
            stack.append(tuple(self._since_mark()))
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            stack.append(tuple(self._popped(int(name[-1]))))
        elif name in ("APPEND", "APPENDS"):
            items = self._popped(1) if name == "APPEND" else self._since_mark()
            _of(list, stack[-1]).extend(items)
        elif name in ("SETITEM", "SETITEMS"):
            items = self._popped(2) if name == "SETITEM" else self._since_mark()
            _set(_of(dict, stack[-1]), items)
        elif name in ("GLOBAL", "STACK_GLOBAL"):
            stack.append(_known(".".join(_of(str, part) for part in argument or self._popped(2))))
        elif name == "BINPERSID":
            stack.append(self._storage_of(_of(tuple, stack.pop())))
        elif name == "REDUCE":
            function, arguments = self._popped(2)
            stack.append(_made(function, _of(tuple, arguments)))
        elif name == "BUILD":  # of an ordered dict: its _metadata
            stack.pop()
            _of(dict, stack[-1])

    def _popped(self, count: int) -> list[Any]:
        if len(self.stack) < count:
            raise IndexError
        items = self.stack[-count:]
        del self.stack[-count:]
        return items

    def _since_mark(self) -> list[Any]:
        items = []
        while (item := self.stack.pop()) is not MARK:
            items.append(item)
        return items[::-1]

    def _storage_of(self, reference: tuple[Any, ...]) -> Stored:
        """The whole of a storage, as a tensor of one axis."""
        what, kind, key, _device, count = reference
        dtype = STORAGES[_of(Name, kind).removeprefix("torch.")]
        data = self.storage(_of(str, key))
        if what != "storage" or type(count) is not int or count * WIDTHS.get(dtype, 1) != len(data):
            raise ValueError
        return Stored(data, dtype, (count,), (1,), big_endian=self.big_endian)


def _of(kind: Any, value: Any) -> Any:
    """The value, which must be of this very type."""
    if type(value) is not kind:
        raise TypeError
    return value


def _set(target: dict[Any, Any], items: list[Any]) -> None:
    for key, value in zip(items[::2], items[1::2], strict=True):
        if type(key) not in (str, int):
            raise TypeError
        target[key] = value


def _known(name: str) -> Name:
    if name not in KNOWN:
        raise PyTorchFileError("code", name=short(name))
    return Name(name)


def _made(function: Name, arguments: tuple[Any, ...]) -> Any:
    """What a call of one of the names gives."""
    match _of(Name, function), arguments:
        case "collections.OrderedDict", ():
            return {}
        case "collections.OrderedDict", (list() as pairs,):
            made: dict[Any, Any] = {}
            for pair in pairs:
                _set(made, [*pair])
            return made
        case "torch.Size", (tuple() as sizes,):
            return sizes
        case "torch._utils._rebuild_parameter", (Stored() as tensor, *_others):
            return tensor
        case "torch._utils._rebuild_tensor_v2", (Stored() as whole, offset, tuple() as shape, tuple() as strides, *_):
            numbers = (offset, *shape, *strides)
            if any(type(number) is not int for number in numbers):
                raise TypeError
            if len(whole.shape) != 1 or not fits(whole.shape[0], offset, shape, strides):
                raise ValueError
            return whole._replace(shape=shape, strides=strides, offset=offset)
    raise TypeError
