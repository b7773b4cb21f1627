"""A hierarchical clustering as a tree that lies: leaves at the left, joins as far right as they are dissimilar."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from ui.charts.symbols import label, width

if TYPE_CHECKING:
    from ui.network.trees import Tree
    from ui.theme import Theme

ROW = 16  # pixels for a leaf
LETTER = 7.2  # pixels of a letter of a leaf's name


def tree(
    found: "Tree", groups: Mapping[str, Sequence[str]], *, theme: "Theme", translate: Callable[[str], str], top: float
) -> go.Figure:
    """found : ui.network.trees.Tree. groups : name -> members, of one colour. top : the largest distance."""
    _ = translate
    count = len(found.names)
    gaps = np.full((len(found.positions), 1), np.nan)
    x, y = (np.concatenate([part, gaps], axis=1).ravel() for part in (found.heights, found.positions))
    line = {"color": theme.ink, "width": 1.2}
    joins = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip", "showlegend": False}
    traces, drawn = [joins], set()
    for (name, members), colour in zip(groups.items(), theme.kinds, strict=False):
        traces.append(_leaves(found, [i for i in range(count) if found.names[i] in members], colour, name, _))
        drawn |= set(members)
    rest = [i for i in range(count) if found.names[i] not in drawn]
    traces.append(_leaves(found, rest, theme.wrong, _("others") if groups else "", _))
    names = [label(name) for name in found.names]
    layout = {
        "template": theme.template,
        "height": ROW * count + 46 + (44 if groups else 8),
        "margin": {"l": int(LETTER * max(map(width, names))) + 16, "r": 12, "t": 44 if groups else 8, "b": 40},
        "showlegend": bool(groups),
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 11}},
        "hovermode": "closest",
        "uirevision": "tree",
        "xaxis": {"range": [-0.02 * top, top], "fixedrange": True, "showgrid": True,
                  "title": {"text": _("distance at which they join (average linkage)"), "standoff": 4}},
        "yaxis": {"range": [count - 0.4, -0.6], "fixedrange": True, "tickvals": list(range(count)), "ticktext": names,
                  "tickfont": {"size": 12, "family": theme.mono, "color": theme.ink}},
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _leaves(found: "Tree", rows: list[int], colour: str, name: str, _: Callable[..., str]) -> dict[str, Any]:
    hover = []
    for i in rows:
        sentence = _("{leaf}: read {count} time", "{leaf}: read {count} times", int(found.counts[i]))
        hover.append(sentence.format(leaf=label(found.names[i]), count=found.counts[i]))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": np.zeros(len(rows)),
        "y": rows,
        "name": name,
        "marker": {"size": 8, "color": colour},
        "customdata": hover,
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": {"cloud": True},
        "showlegend": bool(name),
    }
