"""The pictures of a film in few bytes: only what changes from one to the next, rounded, compressed."""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ui.charts.changes import changes

KEPT_BITS = 11  # of a number's 24 significant ones: three digits, less than a pixel


def rounded(value: Any) -> Any:
    """The same part of a figure (Plotly's JSON) with its arrays of floats rounded, to single precision.

    >>> packed = {"dtype": "f8", "bdata": base64.b64encode(np.array([0.1234567, -2.0, np.nan]).tobytes()).decode()}
    >>> np.frombuffer(base64.b64decode(rounded(packed)["bdata"]), np.float32).astype(float).round(5).tolist()
    [0.12347, -2.0, nan]
    """
    if isinstance(value, list):
        return [rounded(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("dtype") not in ("f4", "f8"):
        return {name: rounded(each) for name, each in value.items()}
    numbers = np.frombuffer(base64.b64decode(value["bdata"]), np.dtype(value["dtype"])).astype(np.float32)
    drop = 24 - KEPT_BITS
    bits = numbers.view(np.uint32)
    kept = np.where(
        np.isfinite(numbers), (bits + np.uint32(1 << (drop - 1))) >> np.uint32(drop) << np.uint32(drop), bits
    )
    return {**value, "dtype": "f4", "bdata": base64.b64encode(kept.astype(np.uint32).tobytes()).decode()}


def packed(about: Mapping[str, Any], frames: Sequence[Mapping[str, Any]]) -> str:
    """A film as base64 of gzip of JSON. about : what all its frames have in common; of each the score is told by what
    differs from the frame before."""
    told, before = [], None
    for frame in frames:
        told.append({**frame, "score": changes(frame["score"], before)})
        before = frame["score"]
    text = json.dumps({**about, "frames": told}, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
