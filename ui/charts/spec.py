"""The part of Plotly that the canvas draws, and what of a figure is not in it.

The table is written once, in ui/charts/static/subset.js, as the browser needs it too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "static" / "subset.js"


@cache
def subset() -> dict[str, Any]:
    """The table."""
    text = TABLE.read_text(encoding="utf-8")
    return json.JSONDecoder().raw_decode(text, text.index("{", text.index("export const SUBSET")))[0]


def foreign(figure: Mapping[str, Any]) -> list[str]:
    """Names of a figure's parts (Plotly's JSON) that the canvas would refuse.

    >>> foreign({"data": [{"type": "pie"}, {"line": {"shape": "hv"}}], "layout": {"polar": {}}})
    ["trace type 'pie'", "scatter.line.shape 'hv'", 'layout.polar']
    """
    found: list[str] = []
    traces = subset()["traces"]
    for trace in figure.get("data", ()):
        kind = trace.get("type", "scatter")
        found += _beyond(trace, traces[kind], kind) if kind in traces else [f"trace type {kind!r}"]
    return found + list(_beyond(figure.get("layout", {}), subset()["layout"], "layout"))


def _beyond(value: Any, entry: Any, name: str) -> Iterator[str]:
    if entry is None:
        yield name
    elif entry in ("any", "unread"):
        return
    elif isinstance(entry, str):
        yield from _beyond(value, subset()[entry[1:]], name)
    elif isinstance(entry, dict):
        for key, item in value.items():
            yield from _beyond(item, entry.get(re.sub(r"^yaxis\d+$", "yaxis", key)), f"{name}.{key}")
    elif isinstance(entry[0], str) and entry[0].startswith("$"):
        for item in value:
            yield from _beyond(item, subset()[entry[0][1:]], name)
    elif value not in entry:
        yield f"{name} {value!r}"
