"""The Arena's figures: contenders in their colours, beside one another on shared axes."""

import math

import numpy as np
import plotly.graph_objects as go

from ui.charts import staves
from ui.charts.limits import DECADES, Limits, decades, gradient_norms, limits, round_up
from ui.charts.reference_lines import level_line, level_name, upright_line
from ui.charts.score import LETTERS, assemble
from ui.charts.stack import heading
from ui.charts.symbols import labels

LIKELY, UNLIKELY = 0.1, 3e-3  # of the ratio: far above and far below; what that was worth: ui/arena/forecast.py
LOWEST = -12  # exponent of the smallest ratio that is drawn
LEGEND = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 11}}


def colours(theme) -> tuple[str, ...]:
    """Of the contenders, in their order."""
    return theme.training, theme.held_out, theme.gradient, theme.right


def race(standings, names, *, chance, best, squared, clock, measure, theme, guess=None, translate=str) -> go.Figure:
    """Loss of every update, and below the share of right answers on the held-out batch.

    standings : ui.arena.records.Standing of each contender. names : of each. clock : "updates" or "seconds", the x
    axis. squared : whether the loss is a squared error. measure : what the share is of, in the reader's language.
    guess : the share that is right for one who always gives the same answer.
    """
    log = squared or best == 0
    shown = np.concatenate([standing.curve.loss for standing in standings] + [[chance]])
    shown = np.minimum(shown[np.isfinite(shown)], 100 * chance)  # beyond that only the fact matters; the table has it
    low, high = decades(shown) if log else (0.0, math.ceil(2 * 1.05 * shown.max()) / 2)
    low = min(max(low, high - 7), high - 2) if log else low
    loss = translate("loss (nats, log)") if log else translate("loss (nats)")
    loss = translate("squared error (log)") if squared else loss
    unit = translate("update") if clock == "updates" else translate("training time (seconds)")
    end = max(_time(standing, standing.update, clock) for standing in standings)
    traces, hover = [], "%{x}: %{y:.3g}<extra></extra>"
    for standing, name, colour in zip(standings, names, colours(theme), strict=False):
        x = _time(standing, standing.curve.update, clock)
        traces.append(_line(x, standing.curve.loss, colour, name, "y", hover))
    for standing, colour in zip(standings, colours(theme), strict=False):
        updates = np.array([update for update, _right in standing.accuracy])
        right = 100 * np.array([right for _update, right in standing.accuracy])
        x = _time(standing, updates, clock)
        traces.append(_line(x, right, colour, "", "y2", "%{x}: %{y:.1f} %<extra></extra>") | {"showlegend": False})
    layout = _layout(theme, 430, "race") | {
        "xaxis": _x(unit, [0, round_up(max(end, 1e-3))], "y2"),
        "yaxis": {"domain": [0.42, 1], "title": {"text": loss, "standoff": 2}, "showgrid": True,
                  **(_log(low, high) if log else {"range": [low, high], "nticks": 6})},
        "yaxis2": {"domain": [0, 0.34], "range": [-4, 104], "tickvals": [0, 50, 100], "showgrid": True,
                   "title": {"text": translate("accuracy (%)"), "standoff": 2}},
        "annotations": [level_name(translate("chance"), chance, theme, log), heading(measure, 0.345, theme, size=11)],
        "shapes": [level_line(chance, theme)],
    }  # fmt: skip
    if best:
        layout["annotations"].append(level_name(translate("best possible"), best, theme, log))
        layout["shapes"].append(level_line(best, theme))
    if guess is not None:
        layout["shapes"].append(level_line(100 * guess, theme, "y2"))
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def reach(standings, names, *, theme, translate=str) -> go.Figure:
    """How strongly the last output depends on each state, as a share of the last: before training, and now (dotted)."""
    steps = len(standings[0].before)
    shares = [standing.before / standing.before[-1] for standing in standings if standing.before[-1] > 0]
    shares += [standing.now / standing.now[-1] for standing in standings if standing.now[-1] > 0]
    low, high = decades(np.concatenate([*shares, [1.0, UNLIKELY]]))
    traces = []
    for standing, name, colour in zip(standings, names, colours(theme), strict=False):
        for curve, label, dash in ((standing.before, name, "solid"), (standing.now, "", "dot")):
            y = np.where(curve > 0, curve / max(curve[-1], 1e-300), np.nan)
            line = _line(np.arange(steps), y, colour, label, "y", "%{x}: %{y:.2e}<extra></extra>")
            line["line"] = line["line"] | {"dash": dash}
            traces.append(line | ({} if label else {"showlegend": False}))
    layout = _layout(theme, 430, f"reach {steps}") | {
        "xaxis": _x(translate("step t"), [-0.5, steps - 0.5], "y") | {"tickformat": "d"},
        "yaxis": {"title": {"text": translate("ratio to the last step (log)"), "standoff": 2}, "showgrid": True,
                  **_log(low, high)},
        "annotations": [level_name("0.1", LIKELY, theme, True),
                        level_name("0.003", UNLIKELY, theme, True) | {"yanchor": "top"}],
        "shapes": [level_line(LIKELY, theme), level_line(UNLIKELY, theme)],
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def states(standings, names, vocabulary, *, theme, ranges=None, translate=str) -> go.Figure:
    """What the contenders make of the same sequence: its symbols, everybody's hidden states, all gradient norms."""
    traces = [standing.trace for standing in standings]
    contexts = [
        staves.Context(trace, vocabulary, -1, theme, LETTERS["article"], own, translate)
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


def joint_limits(traces, previous=None) -> list[Limits]:
    """The ranges of each: of the states its own, of the gradient norms one for all. They hold what `previous` held."""
    own = [limits(trace, -1, before) for trace, before in zip(traces, previous or [None] * len(traces), strict=True)]
    known = [ranges.gradient for ranges in own if ranges.gradient]
    low, high = min((low for low, _high in known), default=-3), max((high for _low, high in known), default=0)
    return [ranges._replace(gradient=(max(low, high - DECADES), high)) for ranges in own]


def _guesses(contexts, translate) -> staves.Stave:
    """For each output the symbol that should come, and below it everybody's likeliest."""
    first, count = contexts[0], len(contexts)
    targets = labels(first.targets, first.vocabulary)
    parts = [staves.row_of_symbols(first, targets, count, first.theme.ink, first.output_steps)]
    for row, context in enumerate(contexts):
        likeliest = context.trace.probs[:, 0].argmax(axis=-1)
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


def _gradients(contexts, translate) -> staves.Stave:
    """‖∂L/∂s_t‖ of all on one log axis."""
    low, high = contexts[0].ranges.gradient or (-3, 0)
    lines = []
    for context, colour in zip(contexts, colours(contexts[0].theme), strict=False):
        norms = gradient_norms(context.trace, context.layer)
        norms[norms <= 0] = np.nan
        hover = translate("step %{x}: gradient norm %{y:.2e}") + "<extra></extra>"
        line = _line(np.arange(context.steps), norms, colour, "", "y", hover)
        lines.append({name: value for name, value in line.items() if name != "yaxis"})  # the stave's own
    heading = translate("gradient norm ‖∂L/∂{letter}‖ (log)").format(letter=contexts[0].letters["state"])
    return staves.Stave(heading, 110, lines, _log(low, high) | {"showgrid": True})


def climb(sweep, names, *, unit, theme, translate=str) -> go.Figure:
    """Of each contender: the share of seeds that solved each lag, and the updates that it took (the median).

    sweep : ui.arena.records.SweepView. unit : what the lags are, in the reader's language.
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
    layout = _layout(theme, 430, f"climb {plan.lags}") | {
        "xaxis": _x(unit, [plan.lags[0] - room, plan.lags[-1] + room], "y2") | {
            "tickvals": list(plan.lags), "ticktext": [str(lag) for lag in plan.lags]},
        "yaxis": {"domain": [0.56, 1], "range": [-8, 108], "tickvals": [0, 50, 100], "showgrid": True,
                  "title": {"text": translate("solved (% of seeds)"), "standoff": 2}},
        "yaxis2": {"domain": [0, 0.46], "range": [0, 1.05 * plan.budget], "nticks": 5, "showgrid": True,
                   "title": {"text": translate("updates to solve"), "standoff": 2}},
        "annotations": [level_name(translate("budget"), plan.budget, theme, False, "y2") | {"yanchor": "top"}],
        "shapes": [level_line(plan.budget, theme, "y2")],
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def rule(sweep, names, *, theme, translate=str) -> go.Figure:
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
    layout = _layout(theme, 430, "rule") | {
        "xaxis": _x(translate("ratio before training (log)"), [low - 0.3, 0.5], "y") | {
            "tickvals": ticks, "ticktext": [_power(tick) for tick in ticks]},
        "yaxis": {"range": [0, 1.2 * budget], "nticks": 6, "showgrid": True,
                  "title": {"text": translate("updates to solve"), "standoff": 2}},
        "annotations": [level_name(translate("not solved within the budget"), budget, theme, False)],
        "shapes": lines,
    }  # fmt: skip
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _exponent(ratio: float) -> float:
    return math.log10(ratio) if ratio > 10.0**LOWEST else float(LOWEST)


def _power(exponent: int) -> str:
    """A power of ten without markup."""
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")) if exponent else "1"


def _time(standing, updates, clock):
    """The updates themselves, or the seconds of training that they took, between the moments that were noted."""
    if clock == "updates":
        return updates
    moments, seconds = zip(*standing.clock, strict=True)
    return np.interp(updates, moments, seconds)


def _layout(theme, height, revision) -> dict:
    return {
        "template": theme.template,
        "height": height,
        "margin": {"l": 52, "r": 10, "t": 44, "b": 40},
        "showlegend": True,
        "legend": LEGEND,
        "hovermode": "closest",
        "uirevision": revision,
    }


def _x(title, bounds, anchor) -> dict:
    return {
        "range": bounds,
        "anchor": anchor,
        "title": {"text": title, "standoff": 4},
        "nticks": 7,
        "showgrid": True,
    }


def _log(low, high) -> dict:
    return {"type": "log", "range": [low, high], "dtick": max(1, round((high - low) / 5)), "exponentformat": "power"}


def _line(x, y, colour, name, axis, hover) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.asarray(x, np.float64),
        "y": np.asarray(y, np.float64),
        "yaxis": axis,
        "name": name,
        "line": {"color": colour, "width": 1.5},
        "hovertemplate": hover,
    }


def _points(x, y, colour, name, axis, hover) -> dict:
    return _line(x, y, colour, name, axis, hover) | {"mode": "lines+markers", "marker": {"size": 6, "color": colour}}
