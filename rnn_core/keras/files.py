"""The two kinds of files that Keras 3 saves networks in: .keras, a zip archive, and .weights.h5."""

import json
import struct
import zipfile
from typing import Any

from rnn_core.keras.hdf5 import SIGNATURE, datasets
from rnn_core.keras.refusals import KerasFileError
from rnn_core.pytorch.files import MAX_FILE, Bounded, member_of
from rnn_core.pytorch.tensors import Stored

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
MAX_CONFIG = 1 << 23  # bytes: a vocabulary may be part of it


def contents(data: bytes) -> tuple[dict[str, Any] | None, dict[str, Stored]]:
    """(the model's config, where the file holds one; its arrays by their paths). Raises KerasFileError."""
    if len(data) > MAX_FILE:
        raise KerasFileError("too_large", size=len(data), limit=MAX_FILE)
    if data.startswith(SIGNATURE):
        arrays = datasets(memoryview(data))
        if any(name.startswith("model_weights/") for name in arrays):
            raise KerasFileError("legacy")
        return None, arrays
    if not data.startswith(b"PK\3\4"):
        raise KerasFileError("unknown")
    try:
        with zipfile.ZipFile(Bounded(data)) as archive:
            members = {member.filename: member for member in archive.infolist()}
        if CONFIG not in members or WEIGHTS not in members:
            raise KerasFileError("unknown")
        weights = member_of(data, members[WEIGHTS])
        written = member_of(data, members[CONFIG])
        if len(written) > MAX_CONFIG or not bytes(weights[: len(SIGNATURE)]) == SIGNATURE:
            raise ValueError
        config = json.loads(bytes(written))
    except KerasFileError:
        raise
    except (
        zipfile.BadZipFile, LookupError, ValueError, NotImplementedError, OverflowError, RecursionError, struct.error
    ) as error:  # fmt: skip
        raise KerasFileError("damaged", detail=f"{type(error).__name__} in its archive") from None
    return config, datasets(weights)
