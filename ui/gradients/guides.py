"""Guides and tables of the page “Gradients”, and the factors between one loss and one state.

Nothing here renders: sentences hold numbers only; symbols of a text stand in table cells.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rnn_core.analysis.reach import Decay
from ui.charts.formatting import number, percent, short, typographic
from ui.charts.symbols import printed
from ui.gradients.analysis import BackwardPath, GradientAnalysis
from ui.gradients.figures import FigureStyle
from ui.i18n import Translate, join_sentences
from ui.live.renderer import Part
from ui.training.snapshot import View

if TYPE_CHECKING:
    from ui.gradients.renderer import Point


def symbols(view: View, steps: int) -> list[str]:
    """The input of each step, to be shown as text."""
    x = view.trace.x
    if np.ndim(x) == 2:
        return [printed(i, view.vocabulary) for i in x[:steps, 0]]
    return [", ".join(f"{value:.3g}" for value in row) for row in x[:steps, 0]]


def matrix_guide(measured: GradientAnalysis, path: BackwardPath, _: Translate) -> list[str]:
    """How to read the matrix."""
    at, count = measured.column, len(measured.losses)
    sentences = [
        _(
            "Each row is the loss of one step, each column the state of one step: the farther from the "
            "background, the larger the gradient of that loss by that state. {count} of {steps} steps have a "
            "loss. In a network that remembers, rows stay dark to their left end; where gradients vanish only a "
            "band along the diagonal is left."
        ).format(count=count, steps=measured.steps)
    ]
    if np.isfinite(at).all():
        high, low = int(at.argmax()), int(at.argmin())
        sentences.append(
            _(
                "Training adds up each column: that is the gradient norm below it, the ordinary one of "
                "backpropagation. It is largest at step {high} ({most:.1e}) and smallest at step {low} ({least:.1e})."
            ).format(high=high, most=at[high], low=low, least=at[low])
        )
    cut = int((~measured.used & (measured.flow > 0)).sum())
    if cut:
        sentences.append(
            _(
                "Truncation leaves out {cut} entry; it is blank here, and training does not see it.",
                "Truncation leaves out {cut} entries; they are blank here, and training does not see them.",
                cut,
            ).format(cut=cut)
        )
    strongest = int(np.nanargmax(path.inputs)) if np.isfinite(path.inputs).any() else path.t
    sentences.append(
        _(
            "The loss of step {t} depends most on the input of step {strongest}, {back} step away.",
            "The loss of step {t} depends most on the input of step {strongest}, {back} steps away.",
            abs(path.t - strongest),
        ).format(t=path.t, strongest=strongest, back=abs(path.t - strongest))
    )
    return sentences


def matrix_table(
    view: View, measured: GradientAnalysis, path: BackwardPath, style: FigureStyle
) -> dict[str, list[Any]]:
    """A row for each state: the chosen loss's gradient by it and by its input, and what training gets."""
    _ = style.translate
    return {
        _("step k"): list(range(measured.steps)),
        _("input"): symbols(view, measured.steps),
        _("gradient of loss {t} by the state").format(t=path.t): [number(v) for v in measured.flow[path.t]],
        _("by the input"): [number(v) for v in path.inputs],
        _("all losses together"): [number(v) for v in measured.column],
        _("mean |f′| or gate"): [number(v) for v in measured.slopes.mean(axis=1)],
    }


def uneven(found: Decay) -> bool:
    """Whether one factor for all steps misleads: the line through the decay misses the first step by a half or more."""
    return bool(len(found.mean) > 1 and np.isfinite(found.level) and not 2 / 3 < found.level < 1.5)


def how_even(found: Decay, _: Translate) -> str:
    """A note beside the factor: of which steps it is true."""
    if not uneven(found):
        return ""
    return _("first step × {first}").format(first=short(float(found.mean[1])))


def decay_guide(measured: GradientAnalysis, _: Translate) -> list[str]:
    """How to read the decay."""
    found = measured.decay
    sentences = [
        _(
            "Lag 0 is the state that the loss was read from; every step to the right is one more multiplication. The "
            "line is the geometric mean over the losses, the band their extremes."
        )
    ]
    if np.isfinite(found.factor):
        kind = (
            _("the gradient shrinks") if found.factor < 0.98
            else _("the gradient grows") if found.factor > 1.02
            else _("the gradient keeps its size")
        )  # fmt: skip
        last = int(np.flatnonzero(np.isfinite(found.mean))[-1])
        sentences.append(
            _(
                "Along the fitted line (dotted) each step multiplies it by {factor}: {kind}. At lag {lag}, the largest "
                "here, {share:.1e} of it is left."
            ).format(factor=short(found.factor), kind=kind, lag=last, share=found.mean[last])
        )
        if uneven(found):
            sentences.append(
                _(
                    "The line begins at {level}, not at 1: the first step alone multiplies by {first}, so that the one "
                    "factor describes the later steps only. The loss reads the last state directly; every earlier one "
                    "has to pass through the cell."
                ).format(level=short(found.level), first=short(float(found.mean[1])))
            )
    for level, lag in ((_("a half"), found.half), ("1%", found.hundredth)):
        if lag is not None:
            sentences.append(_("At lag {lag} it has fallen to {level}.").format(lag=lag, level=level))
        else:
            sentences.append(
                _("Within the {steps} steps of this sequence it does not fall to {level}.").format(
                    level=level, steps=measured.steps
                )
            )
    if measured.bounded:
        sentences.append(
            _(
                "The dashed line is a bound, not a forecast: no gradient can be above σmax(W) = {largest} to the power "
                "of the lag. Below 1 it forces gradients to vanish; above 1 they may explode, and need not."
            ).format(largest=short(measured.largest))
        )
    elif measured.carrier:
        sentences.append(
            _("A gated cell has no such simple bound: its gates multiply too, and they depend on what is read.")
        )
    return sentences


def asked_of_memory(view: View, _: Translate) -> list[str]:
    """Whether the losses show that the text asks for more memory than one symbol; nothing where there is no text."""
    if view.bigram is None or not view.held_out[-1][0]:
        return []
    values = {"loss": view.held_out[-1][1], "bigram": view.bigram}
    if values["loss"] < values["bigram"]:
        sentence = _(
            "On held-out data the network needs {loss:.3g} nats per symbol; the bigram model, which looks back one "
            "symbol, {bigram:.3g}. How much memory the text asks for, the page “Language” shows under “N-gram models”."
        )
    else:
        sentence = _(
            "On held-out data the network needs {loss:.3g} nats per symbol, no less than the bigram model, which looks "
            "back one symbol ({bigram:.3g}): so far nothing shows that this text asks for a long memory, whatever the "
            "cell. The experiment “A text that needs memory” has a text that does."
        )
    return [sentence.format(**values)]


def decay_table(measured: GradientAnalysis, _: Translate) -> dict[str, list[Any]]:
    """A row for each lag."""
    found, lags = measured.decay, range(measured.steps)
    table: dict[str, list[Any]] = {
        _("lag"): list(lags),
        _("mean"): [number(v) for v in found.mean],
        _("smallest"): [number(v) for v in found.low],
        _("largest"): [number(v) for v in found.high],
        _("fitted"): [number(found.level * found.factor**lag) for lag in lags],
    }
    if measured.bounded:
        table[_("bound")] = [number(measured.largest**lag) for lag in lags]
    return table


def path_guide(measured: GradientAnalysis, path: BackwardPath, _: Translate) -> list[str]:
    """How to read the way back."""
    last = len(path.steps) - 1
    sentences = [
        _(
            "Backpropagation goes from right to left and multiplies by one matrix at each step. The derivative "
            "of the states is the product of these matrices alone; the gradient also depends on the direction it "
            "starts in, so it can be far smaller."
        )
    ]
    if last > 0 and np.isfinite(path.values[last]).any():
        value, smallest = path.values[last, 0], np.nanmin(path.values[last])
        sentences.append(
            _(
                "From step {t} to step {k}: the derivative stretches one direction by {value:.1e} and shrinks another "
                "to {smallest:.1e} or less. A state survives along the first and is forgotten along the second."
            ).format(t=path.t, k=int(path.steps[last]), value=value, smallest=smallest)
        )
    if last > 0 and not measured.carrier:
        sentences.append(
            _(
                "The factors lie between {low} and {high}; W alone would give {largest}. The rest is |f′|, which is "
                "{slope} on average: a saturated unit passes nothing on."
            ).format(
                low=short(np.nanmin(path.factors)),
                high=short(np.nanmax(path.factors)),
                largest=short(measured.largest),
                slope=short(float(measured.slopes.mean())),
            )
        )
    if last > 0 and path.cells is not None and path.cells[0] > 0:
        sentences.append(
            _(
                "An LSTM remembers in its cell state: over this step the gradient with respect to the "
                "cell state is multiplied by {cells:.1e}, that with respect to the hidden state by {states:.1e}.",
                "An LSTM remembers in its cell state: over these {lag} steps the gradient with respect to the "
                "cell state is multiplied by {cells:.1e}, that with respect to the hidden state by {states:.1e}.",
                last,
            ).format(
                lag=last, cells=path.cells[last] / path.cells[0], states=path.norms[last] / max(path.norms[0], 1e-300)
            )
        )
    if last > 0 and measured.carrier:
        sentences.append(
            _(
                "Through the gates alone, the best unit keeps {share} of the gradient over this step.",
                "Through the gates alone, the best unit keeps {share} of the gradient over these {lag} steps.",
                last,
            ).format(share=percent(float(path.bound[last])), lag=last)
        )
    return sentences


def path_table(view: View, measured: GradientAnalysis, path: BackwardPath, style: FigureStyle) -> dict[str, list[Any]]:
    """A row for each step of the way back."""
    _, inputs = style.translate, symbols(view, measured.steps)
    by_cell = {} if path.cells is None else {_("gradient by the cell state"): [number(v) for v in path.cells]}
    return {
        _("step k"): [int(k) for k in path.steps],
        _("input"): [inputs[k] for k in path.steps],
        _("gradient"): [number(v) for v in path.norms],
        **by_cell,
        _("derivative: largest singular value"): [number(v) for v in path.values[:, 0]],
        _("smallest"): [number(float(np.nanmin(row))) if np.isfinite(row).any() else "" for row in path.values],
        _("factor of the step"): [number(v) for v in path.factors],
        (_("gates alone") if measured.carrier else _("bound")): [number(v) for v in path.bound],
    }


def plane_guide(measured: GradientAnalysis, path: BackwardPath, _: Translate) -> list[str]:
    """How to read the eigenvalues."""
    slope = short(float(measured.slopes.mean()))
    if measured.carrier:
        return [
            _(
                "The diamonds are the eigenvalues of what multiplies the gradient at step {t}: the gates and W "
                "together. Inside the circle that factor shrinks a direction, outside it stretches one, on it the "
                "direction keeps its size; the angle turns it."
            ).format(t=path.t),
            _(
                "The factor is another one at every step, because the gates depend on what is read: no spectral radius "
                "decides here. What counts is their product, and that is what the decay measures."
            ),
            _(
                "Diamonds near 1 are units that the gate carries on: {share:.0%} of its values here are above 0.9."
            ).format(share=float((measured.slopes > 0.9).mean())),
        ]
    return [
        _(
            "An eigenvalue of W inside the circle shrinks its direction at each step, one outside stretches it, one on "
            "the circle keeps it; its angle turns it. The spectral radius is {radius}, the largest singular value "
            "{largest}. Without |f′| the first would decide in the long run; the second bounds every single step."
        ).format(radius=short(measured.radius), largest=short(measured.largest)),
        _(
            "The diamonds belong to what really multiplies the gradient at step {t}, W together with |f′|, which is "
            "{slope} on average over this sequence. They lie nearer to the middle wherever units are saturated."
        ).format(t=path.t, slope=slope),
    ]


def plane_table(measured: GradientAnalysis, path: BackwardPath, _: Translate) -> dict[str, list[Any]]:
    """The largest eigenvalues: of the step's factor, and of W in a plain network."""
    headings = (_("matrix"), _("real part"), _("imaginary part"), _("absolute value"))
    rows: dict[str, list[Any]] = {heading: [] for heading in headings}
    sets = [] if measured.carrier else [("W", measured.spectrum.eigenvalues[0])]
    sets.append((_("factor of step {t}").format(t=path.t), path.own))
    for name, values in sets:
        for value in values[np.argsort(-np.abs(values), kind="stable")][:10]:
            entries = (name, *map(number, (value.real, value.imag, abs(value))))
            for column, entry in zip(rows.values(), entries, strict=True):
                column.append(entry)
    return rows


def history_guide(points: Sequence["Point"], measured: GradientAnalysis, _: Translate) -> list[str]:
    """How to read the measures over training."""
    first, last = points[0], points[-1]
    went = _("From update {first:,} to {last:,}, the factor per step went from {before} to {now}.").format(
        first=first.update, last=last.update, before=short(first.factor), now=short(last.factor)
    )
    radius = _("The spectral radius of W went from {before} to {now}.").format(
        before=short(first.radius), now=short(last.radius)
    )
    return [
        went if measured.carrier else join_sentences(went, radius),
        _("Points are measured while this page is open, at the moments when a picture is made. A gap in the two "
          "curves of steps means that the gradient did not fall that far within the sequence."),
    ]  # fmt: skip


def history_table(points: Sequence["Point"], measured: GradientAnalysis, _: Translate) -> dict[str, list[Any]]:
    """A row for each of the last measures."""
    rows = points[-100:]
    spectrum = {
        "ρ(W)": [number(point.radius) for point in rows],
        "σmax(W)": [number(point.largest) for point in rows],
    }
    return {
        _("update"): [point.update for point in rows],
        _("steps to half"): [number(point.half) for point in rows],
        _("steps to 1%"): [number(point.hundredth) for point in rows],
        _("factor per step"): [number(point.factor) for point in rows],
        **({} if measured.carrier else spectrum),
        _("mean |f′| or gate"): [number(point.slope) for point in rows],
    }


def details(view: View, measured: GradientAnalysis, path: BackwardPath, k: int, style: FigureStyle) -> dict[str, Any]:
    """The path between the chosen loss and the chosen state: a title, a sentence, and each factor on it."""
    _, letter = style.translate, style.letter
    if k not in path.steps:
        sentence = _("The loss of step {t} does not depend on the state of step {k}: it comes later.")
        title = f"∂L_{path.t}/∂{letter}_{k} = 0"
        return {"title": title, "sentence": sentence.format(t=path.t, k=k), "table": None}
    lag = int(np.flatnonzero(path.steps == k)[0])
    start, end = path.norms[0], path.norms[lag]
    title = f"‖∂L_{path.t}/∂{letter}_{k}‖ = {typographic(f'{end:.6g}')}"
    if not measured.used[path.t, k]:
        sentence = _("Truncation cuts this path: training does not use this part of the gradient.")
    else:
        sentence = _(
            "It begins with {start:.4g} at step {t} and is multiplied by {lag} matrix. What is left is {share:.3g} "
            "of it; the matrix has the singular values {high:.3g} … {low:.3g}.",
            "It begins with {start:.4g} at step {t} and is multiplied by {lag} matrices. What is left is {share:.3g} "
            "of it; the product of the matrices has the singular values {high:.3g} … {low:.3g}.",
            lag,
        ).format(
            start=start, t=path.t, lag=lag, share=end / start if start > 0 else float("nan"),
            high=path.values[lag, 0],
            low=np.nanmin(path.values[lag]) if np.isfinite(path.values[lag]).any() else np.nan,
        )  # fmt: skip
    if not measured.top:
        sentence = join_sentences(sentence, _("The paths through the layers above add to it."))
    inputs, walked = symbols(view, measured.steps), range(1, lag + 1)
    came = [int(path.steps[i - 1]) for i in walked]
    name = f"∂{letter}/∂{letter}′" if measured.carrier else "W·diag f′"
    table: dict[str, list[Any]] = {
        _("from → to"): [f"{path.steps[i - 1]} → {path.steps[i]}" for i in walked],
        _("input"): [inputs[step] for step in came],
        _("largest singular value of {name}").format(name=name): [number(path.factors[i], 4) for i in walked],
        _("mean |f′| or gate"): [number(measured.slopes[step].mean(), 4) for step in came],
        _("gradient × "): [number(b / a, 4) if a > 0 else "" for a, b in pairwise(path.norms[: lag + 1])],
        _("gradient"): [number(path.norms[i], 4) for i in walked],
    }
    return {"title": title, "sentence": sentence, "table": table if lag else None}


class GuideContext(NamedTuple):
    """Context of the guides and tables: the view and the analysis of a network, one path back, the history."""

    view: View
    measured: GradientAnalysis
    path: BackwardPath
    points: Sequence["Point"]
    style: FigureStyle

    @property
    def translate(self) -> Translate:
        """The reader's language."""
        return self.style.translate


GUIDES: dict[str, Callable[[GuideContext], Part]] = {
    "matrix_guide": lambda c: matrix_guide(c.measured, c.path, c.translate),
    "matrix_table": lambda c: matrix_table(c.view, c.measured, c.path, c.style),
    "decay_guide": lambda c: [*decay_guide(c.measured, c.translate), *asked_of_memory(c.view, c.translate)],
    "decay_table": lambda c: decay_table(c.measured, c.translate),
    "path_guide": lambda c: path_guide(c.measured, c.path, c.translate),
    "path_table": lambda c: path_table(c.view, c.measured, c.path, c.style),
    "plane_guide": lambda c: plane_guide(c.measured, c.path, c.translate),
    "plane_table": lambda c: plane_table(c.measured, c.path, c.translate),
    "history_guide": lambda c: history_guide(c.points, c.measured, c.translate),
    "history_table": lambda c: history_table(c.points, c.measured, c.translate),
}
