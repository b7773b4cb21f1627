"""Changes of a figure: what travels to where the one before is. ui/charts/static/changes.js puts both together."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]  # a figure as Plotly's JSON has it


def changes(figure: Json, before: Json | None) -> dict[str, Any]:
    """What of a figure differs from the one before, part by part; all of it where they have other parts.

    >>> one, two = ({"data": [{"x": [1], "y": y}], "layout": {"height": 9}} for y in ([1], [2]))
    >>> changes(two, one), changes(one, None) == one
    ({'changes': True, 'data': [{'y': [2]}], 'layout': {}}, True)
    """
    if before is None or not _alike(figure, before):
        return dict(figure)
    pairs = zip(figure["data"], before["data"], strict=True)
    return {
        "changes": True,
        "data": [_differing(trace, other) for trace, other in pairs],
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
