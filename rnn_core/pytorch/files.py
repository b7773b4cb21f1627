"""The two kinds of files that PyTorch's users save networks in: .safetensors, and the zip archives of torch.save."""

import io
import json
import struct
import zipfile
import zlib
from typing import Any

import safetensors

from rnn_core.pytorch.pickled import unpickled
from rnn_core.pytorch.refusals import PyTorchFileError
from rnn_core.pytorch.tensors import Stored, contiguous

MAX_FILE, MAX_HEADER, MAX_PICKLE, MAX_DIRECTORY = 1 << 29, 1 << 20, 1 << 20, 1 << 22
TYPES = {"F16": "float16", "BF16": "bfloat16", "F32": "float32", "F64": "float64"}


def contents(data: bytes) -> Any:
    """What a file holds, tensors as `Stored`: of .safetensors a mapping, of torch.save whatever was saved.

    Raises PyTorchFileError.
    """
    if len(data) > MAX_FILE:
        raise PyTorchFileError("too_large", size=len(data), limit=MAX_FILE)
    if data.startswith(b"PK\3\4"):
        return _archive(data)
    if data[8:9] == b"{":  # before it the header's length, whose bytes can be anything
        return _safetensors(data)
    if data.startswith(b"\x89HDF"):
        raise PyTorchFileError("keras")
    if data.startswith(b"\x80"):
        raise PyTorchFileError("old")
    raise PyTorchFileError("unknown")


def _safetensors(data: bytes) -> dict[str, Stored]:
    (length,) = struct.unpack("<Q", data[:8])
    if length > min(MAX_HEADER, len(data) - 8):
        raise PyTorchFileError("damaged", detail="its header does not end")
    try:
        header = json.loads(data[8 : 8 + length])
        if "rnn_lab" in header.get("__metadata__", {}):
            raise PyTorchFileError("ours")
        tensors = dict(safetensors.deserialize(data))
        return {
            name: Stored(
                memoryview(tensor["data"]), TYPES.get(tensor["dtype"], str(tensor["dtype"])[:20]),
                tuple(tensor["shape"]), contiguous(tuple(tensor["shape"])),
            )
            for name, tensor in ((name, tensors[name]) for name in header if name != "__metadata__")
        }  # fmt: skip
    except PyTorchFileError:
        raise
    except (
        safetensors.SafetensorError, LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError
    ) as error:  # fmt: skip
        raise PyTorchFileError("damaged", detail=f"{type(error).__name__} in its header") from None


class Bounded(io.BytesIO):
    """A file of which no part is read at once that is larger than a list of its members can be."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.length = len(data)

    def read(self, size: int | None = -1) -> bytes:
        """Raises BadZipFile."""
        rest = self.length - self.tell()
        if (rest if size is None or size < 0 else min(size, rest)) > MAX_DIRECTORY:
            raise zipfile.BadZipFile
        return super().read(size)


def _archive(data: bytes) -> Any:
    try:
        with zipfile.ZipFile(Bounded(data)) as archive:
            members = {member.filename: member for member in archive.infolist()}
        names = [name for name in members if name.count("/") == 1 and name.endswith("/data.pkl")]
        if "model.weights.h5" in members:
            raise PyTorchFileError("keras")
        if not names:
            raise PyTorchFileError("unknown")
        root = names[0].removesuffix("data.pkl")
        if any(name.startswith(f"{root}code/") or name == f"{root}constants.pkl" for name in members):
            raise PyTorchFileError("torchscript")
        pickle = member_of(data, members[names[0]])
        if len(pickle) > MAX_PICKLE:
            raise PyTorchFileError("damaged", detail="its pickle is too long for a state dict")
        order = members.get(f"{root}byteorder")
        big_endian = order is not None and bytes(member_of(data, order)) == b"big"
        known: dict[str, memoryview] = {}

        def storage(key: str) -> memoryview:
            if key not in known:
                known[key] = member_of(data, members[f"{root}data/{key}"])
            return known[key]

        return unpickled(bytes(pickle), storage, big_endian)
    except PyTorchFileError:
        raise
    except (zipfile.BadZipFile, LookupError, ValueError, NotImplementedError, OverflowError, struct.error) as error:
        raise PyTorchFileError("damaged", detail=f"{type(error).__name__} in its archive") from None


def member_of(data: bytes, member: zipfile.ZipInfo) -> memoryview:
    """The bytes of a member where they lie. torch.save compresses nothing: a member is as long as it is stored."""
    start = member.header_offset
    name, extra = struct.unpack("<26x2H", data[start : start + 30])
    start += 30 + name + extra
    view = memoryview(data)[start : start + member.file_size]
    stored = member.compress_type == zipfile.ZIP_STORED and member.compress_size == member.file_size == len(view)
    if not stored or zlib.crc32(view) != member.CRC:
        raise ValueError
    return view
