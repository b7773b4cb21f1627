"""How much of a gradient each step makes up."""

import plotly.graph_objects as go

HEIGHT = 260


def shares(parts, labels, names, *, theme, translate=str) -> go.Figure:
    """Bars in groups, a group for each step.

    parts : name -> (T,) parts of the gradient, which sum to 1. labels : what stands below each step.
    names : name -> how it is written in the legend.
    """
    colours = (theme.training, theme.gradient, theme.held_out)
    hover = translate("step %{x}: %{y:.1%} of {name}")
    bars = [
        {
            "type": "bar",
            "name": names[name],
            "x": list(range(len(part))),
            "y": [float(value) for value in part],
            "marker": {"color": colour},
            "hovertemplate": hover.replace("{name}", names[name]) + "<extra></extra>",
        }
        for (name, part), colour in zip(parts.items(), colours, strict=False)
    ]
    layout = {
        "template": theme.template,
        "height": HEIGHT,
        "margin": {"l": 52, "r": 8, "t": 30, "b": 40},
        "bargap": 0.25,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "xaxis": {"tickvals": list(range(len(labels))), "ticktext": list(labels), "fixedrange": True},
        "yaxis": {
            "tickformat": ".0%",
            "showgrid": True,
            "zeroline": True,
            "zerolinecolor": theme.faded,
            "fixedrange": True,
            "title": {"text": translate("part of the gradient")},
        },
    }
    return go.Figure({"data": bars, "layout": layout})
