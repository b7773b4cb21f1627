"""The Arena's figures: contenders in their colours, beside one another on shared axes."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from rnn_core.trace import Trace
from ui.charts import staves
from ui.charts.limits import DECADES, Limits, decades, gradient_norms, limits
from ui.charts.race import colours, layout_of, log_axis, solid_line, x_axis
from ui.charts.reference_lines import level_line, level_name, upright_line
from ui.charts.score import LETTERS, assemble
from ui.charts.symbols import labels

if TYPE_CHECKING:
    from ui.arena.records import RunProgress, SweepView
    from ui.i18n import Translate
    from ui.theme import Theme

LIKELY, UNLIKELY = 0.1, 3e-3  # of the ratio: far above and far below; what that was worth: ui/arena/forecast.py
DECIMALS = 2  # of a state: those of four networks are in each picture
LOWEST = -12  # exponent of the smallest ratio that is drawn


def reach(
    competitors: Sequence["RunProgress"], names: Sequence[str], *, theme: "Theme", translate: "Translate" = str
) -> go.Figure:
    """How strongly the last output depends on each state, as a share of the last: before training, and now (dotted)."""
    steps = len(competitors[0].before)
    shares = [competitor.before / competitor.before[-1] for competitor in competitors if competitor.before[-1] > 0]
    shares += [competitor.now / competitor.now[-1] for competitor in competitors if competitor.now[-1] > 0]
    low, high = decades(np.concatenate([*shares, [1.0, UNLIKELY]]))
    traces = []
    for competitor, name, colour in zip(competitors, names, colours(theme), strict=False):
        for curve, label, dash in ((competitor.before, name, "solid"), (competitor.now, "", "dot")):
            y = np.where(curve > 0, curve / max(curve[-1], 1e-300), np.nan)
            line = solid_line(np.arange(steps), y, colour, label, "y", "%{x}: %{y:.2e}<extra></extra>")
            line["line"] = line["line"] | {"dash": dash}
            traces.append(line | ({} if label else {"showlegend": False}))
    layout = layout_of(theme, 430, f"reach {steps}") | {
        "xaxis": x_axis(translate("step t"), [-0.5, steps - 0.5], "y") | {"tickformat": "d"},
        "yaxis": {"title": {"text": translate("ratio to the last step (log)"), "standoff": 6}, "showgrid": True,
                  **log_axis(low, high)},
        "annotations": [level_name("0.1", LIKELY, theme, True),
                        level_name("0.003", UNLIKELY, theme, True) | {"yanchor": "top"}],
        "shapes": [level_line(LIKELY, theme), level_line(UNLIKELY, theme)],
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def states(
    competitors: Sequence["RunProgress"],
    names: Sequence[str],
    vocabulary: tuple[str, ...] | None,
    *,
    theme: "Theme",
    ranges: Sequence[Limits] | None = None,
    translate: "Translate" = str,
) -> go.Figure:
    """All contenders on the same sequence: its symbols, hidden states, gradient norms."""
    traces = [competitor.trace for competitor in competitors]
    contexts = [
        staves.Context(trace, vocabulary, -1, theme, LETTERS["article"], own, translate, decimals=DECIMALS)
        for trace, own in zip(traces, ranges or joint_limits(traces), strict=True)
    ]
    shown = [staves.inputs(contexts[0])]
    if traces[0].probs is not None and vocabulary and traces[0].targets is not None:
        shown.append(_guesses(contexts, translate))
    for context, name, colour in zip(contexts, names, colours(theme), strict=False):
        stave = staves.hidden(context)
        coloured = f'<span style="color:{colour}">{name}</span>'
        heading = translate("{name}: {text}").format(name=coloured, text=stave.heading)
        shown.append(stave._replace(heading=heading, height=min(96, stave.height)))
    shown.append(_gradients(contexts, translate))
    return assemble(shown, contexts[0])


def joint_limits(traces: Sequence[Trace], previous: Sequence[Limits] | None = None) -> list[Limits]:
    """The ranges of each: of the states its own, of the gradient norms one for all. They hold what `previous` held."""
    so_far: Sequence[Limits | None] = previous or [None] * len(traces)
    own = [limits(trace, -1, before) for trace, before in zip(traces, so_far, strict=True)]
    known = [ranges.gradient for ranges in own if ranges.gradient]
    low, high = min((low for low, _high in known), default=-3), max((high for _low, high in known), default=0)
    return [ranges._replace(gradient=(max(low, high - DECADES), high)) for ranges in own]


def _guesses(contexts: Sequence[staves.Context], translate: "Translate") -> staves.Stave:
    """For each output the symbol that should come, and below it everybody's likeliest."""
    first, count = contexts[0], len(contexts)
    targets = labels(first.targets, first.vocabulary)
    parts = [staves.row_of_symbols(first, targets, count, first.theme.ink, first.output_steps)]
    for row, context in enumerate(contexts):
        likeliest = context.trace.logits[:, 0].argmax(axis=-1)
        shown = np.where(context.counted, likeliest, -1)
        tones = np.where(likeliest == context.targets, context.theme.right, context.theme.wrong).tolist()
        words = labels(shown, context.vocabulary)
        parts.append(staves.row_of_symbols(context, words, count - 1 - row, tones, context.output_steps))
    axis = {
        "range": [-0.5, count + 0.5],
        "tickvals": list(range(count, -1, -1)),
        "ticktext": [translate("target"), *(str(number + 1) for number in range(count))],
        "showline": False,
    }
    return staves.Stave(translate("target and guesses, where one counts"), 17 * (count + 1), parts, axis)


def _gradients(contexts: Sequence[staves.Context], translate: "Translate") -> staves.Stave:
    """‖∂L/∂s_t‖ of all on one log axis."""
    low, high = contexts[0].ranges.gradient or (-3, 0)
    lines = []
    for context, colour in zip(contexts, colours(contexts[0].theme), strict=False):
        norms = gradient_norms(context.trace, context.layer)
        norms[norms <= 0] = np.nan
        hover = translate("step %{x}: gradient norm %{y:.2e}") + "<extra></extra>"
        line = solid_line(np.arange(context.steps), norms, colour, "", "y", hover)
        lines.append({name: value for name, value in line.items() if name != "yaxis"})  # the stave's own
    heading = translate("gradient norm ‖∂L/∂{letter}‖ (log)").format(letter=contexts[0].letters["state"])
    return staves.Stave(heading, 110, lines, log_axis(low, high) | {"showgrid": True})


def climb(
    sweep: "SweepView", names: Sequence[str], *, unit: str, theme: "Theme", translate: "Translate" = str
) -> go.Figure:
    """Of each contender: the share of seeds that solved each lag, and the updates that it took (the median).

    unit : what the lags are, in the reader's language.
    """
    plan, traces = sweep.plan, []
    for number, (name, colour) in enumerate(zip(names, colours(theme), strict=False)):
        tried = {lag: [o for o in sweep.outcomes if (o.contender, o.lag) == (number, lag)] for lag in plan.lags}
        lags = np.array([lag for lag in plan.lags if tried[lag]])
        # apart from one another, so that those of the same share stay visible
        share = [100 * np.mean([o.solved_at is not None for o in tried[lag]]) + 1.5 * (number - 1.5) for lag in lags]
        need = {lag: [o.solved_at for o in tried[lag] if o.solved_at is not None] for lag in lags}
        median = [float(np.median(need[lag])) if need[lag] else np.nan for lag in lags]
        hover = translate("{name}: lag").format(name=name) + " %{x}<extra></extra>"
        traces.append(_points(lags, share, colour, name, "y", hover))
        hover = translate("lag %{x}: %{y:,.0f} updates") + "<extra></extra>"
        traces.append(_points(lags, median, colour, "", "y2", hover) | {"showlegend": False})
    room = 0.06 * (plan.lags[-1] - plan.lags[0]) or 1
    layout = layout_of(theme, 430, f"climb {plan.lags}") | {
        "xaxis": x_axis(unit, [plan.lags[0] - room, plan.lags[-1] + room], "y2") | {
            "tickvals": list(plan.lags), "ticktext": [str(lag) for lag in plan.lags]},
        "yaxis": {"domain": [0.56, 1], "range": [-8, 108], "tickvals": [0, 50, 100], "showgrid": True,
                  "title": {"text": translate("solved (% of seeds)"), "standoff": 6}},
        "yaxis2": {"domain": [0, 0.46], "range": [0, 1.05 * plan.budget], "nticks": 5, "showgrid": True,
                   "title": {"text": translate("updates to solve"), "standoff": 6}},
        "annotations": [level_name(translate("budget"), plan.budget, theme, False, "y2") | {"yanchor": "top"}],
        "shapes": [level_line(plan.budget, theme, "y2")],
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def rule(sweep: "SweepView", names: Sequence[str], *, theme: "Theme", translate: "Translate" = str) -> go.Figure:
    """Each network of a sweep: the ratio before training, and the updates it took; open circles never did."""
    budget, traces = sweep.plan.budget, []
    for number, (name, colour) in enumerate(zip(names, colours(theme), strict=False)):
        own = [o for o in sweep.outcomes if o.contender == number]
        solved = [o for o in own if o.solved_at is not None]
        failed = [o for o in own if o.solved_at is None]
        for outcomes, label, symbol in ((solved, name, "circle"), (failed, "", "circle-open")):
            x = np.array([_exponent(o.ratio) for o in outcomes])
            y = np.array([float(o.solved_at or 1.1 * budget) for o in outcomes])
            traces.append({
                "type": "scatter", "mode": "markers", "x": x, "y": y, "name": label, "showlegend": bool(label),
                "marker": {"size": 8, "color": colour, "symbol": symbol, "line": {"width": 1.5, "color": colour}},
                "hovertemplate": translate("10 to the power %{x:.1f}: %{y:,.0f} updates") + "<extra></extra>",
            })  # fmt: skip
    low = max(LOWEST, min([-3, *(math.floor(_exponent(o.ratio)) for o in sweep.outcomes)]))
    every = 1 if low > -6 else 2
    ticks = list(range(0, low - 1, -every))
    lines = [level_line(budget, theme)]
    lines += [upright_line(math.log10(level), theme) for level in (UNLIKELY, LIKELY)]
    layout = layout_of(theme, 430, "rule") | {
        "xaxis": x_axis(translate("ratio before training (log)"), [low - 0.3, 0.5], "y") | {
            "tickvals": ticks, "ticktext": [_power(tick) for tick in ticks]},
        "yaxis": {"range": [0, 1.2 * budget], "nticks": 6, "showgrid": True,
                  "title": {"text": translate("updates to solve"), "standoff": 6}},
        "annotations": [level_name(translate("not solved within the budget"), budget, theme, False)],
        "shapes": lines,
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _exponent(ratio: float) -> float:
    return math.log10(ratio) if ratio > 10.0**LOWEST else float(LOWEST)


def _power(exponent: int) -> str:
    """A power of ten without markup."""
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")) if exponent else "1"


def _points(x: ArrayLike, y: ArrayLike, colour: str, name: str, axis: str, hover: str) -> dict[str, Any]:
    return solid_line(x, y, colour, name, axis, hover) | {
        "mode": "lines+markers",
        "marker": {"size": 6, "color": colour},
    }
