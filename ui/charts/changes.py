"""Changes of a figure: what travels to where the one before is. ui/charts/static/changes.js puts both together.

Of an array that has changed travels what differs, too: of whole numbers by how much each differs, as a text with a
letter for each, and of others (curves, to which something is added) what stands between a beginning and an end that are
the same.
"""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from ui.charts.plain import Json
from ui.charts.rounding import LIMIT

FIRST = 35  # code of the letter of no difference: no letter after it means anything in JSON, but for one
SURROGATES, AFTER = 0xD800, 0x800  # code of the first, and how many there are: they are no letters


def changes(figure: Json, before: Json | None) -> dict[str, Any]:
    """What of a figure differs from the one before, part by part; all of it where they have other parts.

    >>> one, two = ({"data": [{"x": [1], "y": y}], "layout": {"height": 9}} for y in ([1], [2]))
    >>> changes(two, one), changes(one, None) == one
    ({'changes': True, 'data': [{'y': [2]}], 'layout': {}}, True)
    """
    if before is None or not _alike(figure, before):
        return {"data": [arrays(trace, {}) for trace in figure["data"]], "layout": figure["layout"]}
    pairs = zip(figure["data"], before["data"], strict=True)
    return {
        "changes": True,
        "data": [arrays(_differing(trace, other), other) for trace, other in pairs],
        "layout": _differing(figure["layout"], before["layout"]),
    }


def _alike(figure: Json, before: Json) -> bool:
    traces, others = figure["data"], before["data"]
    return (
        figure["layout"].keys() == before["layout"].keys()
        and len(traces) == len(others)
        and all(trace.keys() == other.keys() for trace, other in zip(traces, others, strict=True))
    )


def _differing(part: Json, before: Json) -> dict[str, Any]:
    return {name: value for name, value in part.items() if value != before[name]}


def is_array(value: Any) -> bool:
    """Whether it is an array as Plotly's JSON has it, or a rounded one."""
    return isinstance(value, dict) and ("bdata" in value or "whole" in value)


def arrays(values: Json, before: Json) -> dict[str, Any]:
    """Values by their names, with the arrays among them as changes of those that were there under the same name."""
    return {name: _told(value, before.get(name)) if is_array(value) else value for name, value in values.items()}


def _told(array: dict[str, Any], before: Any) -> dict[str, Any]:
    """An array as it travels."""
    known = before if is_array(before) else {}
    if "whole" in array:
        facts = {name: value for name, value in array.items() if name != "whole"}
        now, same = _numbers(array), facts == {name: value for name, value in known.items() if name != "whole"}
        then = _numbers(known) if same else now
        return _stepped(now - then) if len(then) == len(now) and same else facts | _stepped(now)
    if known.get("dtype") != array["dtype"]:
        return array
    now, then = _numbers(array), _numbers(known)
    if known.get("shape") == array.get("shape") and len(now) == len(then) and now.dtype.kind in "iu":
        steps = now.astype(np.int64) - then
        return _stepped(steps) if (np.abs(steps) < 2 * LIMIT).all() else array
    return array if "shape" in array else _between(now, then) or array


def _numbers(array: Mapping[str, Any]) -> np.ndarray:
    if "whole" in array:
        return np.frombuffer(array["whole"], "<i4")
    return np.frombuffer(base64.b64decode(array["bdata"]), f"<{array['dtype']}")


def _between(now: np.ndarray, then: np.ndarray) -> dict[str, Any] | None:
    """What stands between the beginning and the end that both have; None where that is most of it."""
    length = min(len(now), len(then))
    bits = f"u{now.itemsize}"  # what is no number is the same as itself
    one, other = now.view(bits), then.view(bits)
    begin = _leading(one[:length] == other[:length])
    end = _leading((one[len(one) - length :] == other[len(other) - length :])[::-1][: length - begin])
    if 2 * (begin + end) < len(now):
        return None
    middle = now[begin : len(now) - end].tobytes()
    return {"kept": [begin, end], "bdata": base64.b64encode(middle).decode("ascii")}


def _leading(true: np.ndarray) -> int:
    """How many of these are true, before the first that is not."""
    return len(true) if true.all() else int(true.argmin())


def _stepped(steps: np.ndarray) -> dict[str, Any]:
    """Steps as a text, or the steps between them where those are smaller: neighbours often move alike."""
    between = np.diff(steps, prepend=steps.dtype.type(0))
    if np.abs(between).sum() < np.abs(steps).sum() and (np.abs(between) < 2 * LIMIT).all():
        return {"steps": text(between), "along": True}
    return {"steps": text(steps)}


def text(steps: np.ndarray) -> str:
    """A letter for each step: 0, -1, 1, -2, 2 ... from FIRST on.

    >>> text(np.array([0, -1, 1, 40, -40]))
    '#$%sr'
    """
    codes = np.where(steps < 0, -2 * steps - 1, 2 * steps) + FIRST
    codes = np.where(codes >= SURROGATES, codes + AFTER, codes)
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def numbers_in(text: str) -> np.ndarray:
    """The steps of a text.

    >>> numbers_in('#$%sr').tolist()
    [0, -1, 1, 40, -40]
    """
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.int64)
    codes = np.where(codes >= SURROGATES, codes - AFTER, codes) - FIRST
    return np.where(codes % 2, -(codes + 1) // 2, codes // 2)
