"""Guides and tables of the Lab: for who learns to read the charts or cannot see them.

Nothing here renders: sentences hold numbers only, never a symbol of somebody's text; symbols stand in table
cells.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnn_core import Trace
from ui.charts.formatting import column, grouped, perplexity, typographic
from ui.charts.limits import gradient_norms
from ui.charts.loss_units import LossUnit
from ui.charts.symbols import printed
from ui.i18n import Translate
from ui.live.levels import baseline, needs_memory_alone
from ui.live.renderer import Part
from ui.network.published_results import card
from ui.network.setup import data_of
from ui.network.task_guides import STREAMS, task_guide
from ui.training.snapshot import View

UNROLLED = 10  # steps that the page “Unroll” can show


def score_guide(trace: Trace, layer: int, vocabulary: Sequence[str] | None, _: Translate) -> list[str]:
    """How to read the score, filled with the numbers of this trace."""
    steps = len(trace.x)
    sentences = [
        _(
            "This chart is read like a musical score: one row (a stave) for each quantity, all in step. Time "
            "runs from left to right. Each of the {steps} columns is the same network with the same weights, one "
            "step later; each row of the hidden state is one unit. Blue is negative, orange positive, and zero "
            "is the colour of the page."
        ).format(steps=steps)
    ]
    if trace.probs is not None and trace.targets is not None and trace.loss is not None:
        counted = np.ones_like(trace.targets, bool) if trace.mask is None else trace.mask > 0
        right = int((trace.probs.argmax(axis=-1) == trace.targets)[counted].sum())
        sentences.append(
            _(
                "The likeliest output is the target at {right} of {counted} step. The mean loss of this "
                "sequence is {loss} nats: as uncertain as a fair choice between {choices} symbols.",
                "The likeliest output is the target at {right} of {counted} steps. The mean loss of this "
                "sequence is {loss} nats: as uncertain as a fair choice between {choices} symbols.",
                int(counted.sum()),
            ).format(
                right=right,
                counted=int(counted.sum()),
                loss=grouped(trace.loss),
                choices=perplexity(trace.loss, 1),
            )
        )
    elif trace.loss is not None:
        sentences.append(_("The mean squared error of this sequence is {loss:.3g}.").format(loss=trace.loss))
    if trace.d_hidden is not None:
        norms = gradient_norms(trace, layer)
        high, low = int(norms.argmax()), int(norms.argmin())
        sentences.append(
            _(
                "The loss depends most on the state at step {high} (gradient norm {most:.1e}) and least on "
                "that at step {low} ({least:.1e})."
            ).format(high=high, most=norms[high], low=low, least=norms[low])
        )
        sentences += _on_its_way_back(trace, norms, _)
    return sentences


def _on_its_way_back(trace: Trace, norms: np.ndarray, _: Translate) -> list[str]:
    """Note on the gradient norms: they show one loss's path back only where few losses add up."""
    if trace.loss_per_step is None or trace.config.bidirectional:
        return []
    outputs = len(trace.loss_per_step)
    counted = np.ones(outputs, bool) if trace.mask is None else trace.mask[:, 0] > 0
    losses = len(trace.x) - outputs + np.flatnonzero(counted)
    if len(losses) > 1:
        return [
            _(
                "{count} steps have a loss, and the gradient at a step is the sum over all losses from that step on: "
                "the line alone does not say how far back one loss reaches. The page “Gradients” takes them apart."
            ).format(count=len(losses))
        ]
    last = int(losses[0])
    if not last or not norms[last] > 0:
        return []
    return [
        _(
            "Only the loss of step {last} counts. On its way from there to step 0 the gradient is multiplied by "
            "{share:.1e}. If the whole line sinks during training, the loss itself has become small."
        ).format(last=last, share=norms[0] / norms[last])
    ]


def loss_guide(view: View, unit: LossUnit, _: Translate) -> list[str]:
    """How to read the loss, filled with the numbers of this run."""
    held_out = unit.written(view.held_out[-1][1])
    if unit.kind == "squared":
        sentences = [_("Always giving the same best answer has {amount}.").format(amount=unit.written(view.chance))]
    else:
        choices = view.trace.config.output_size
        sentences = [
            _("A blind guess among all {choices:,} symbols has {amount} each time.").format(
                choices=choices, amount=unit.written(math.log(choices))
            )
        ]
        if needs_memory_alone(view.trace.config, view.chance):
            sentences.append(
                _("A model that knows the rule but has no memory has {amount} on average.").format(
                    amount=unit.written(view.chance)
                )
            )
    if view.training_loss is None:
        sentences.append(_("The network has {held_out} on data it is never trained on.").format(held_out=held_out))
    else:
        message = _("The network has {training} on the training data and {held_out} on data it is never trained on.")
        sentences.append(message.format(training=unit.written(view.training_loss), held_out=held_out))
    if view.bigram is not None and view.one_symbol is not None:
        sentence = (
            _("A bigram model, which looks back one symbol only, has {amount} on the held-out data. This network reads "
              "in both directions: a loss below that line may come from what it reads ahead, not from memory.")
            if view.trace.config.bidirectional
            else _("A bigram model, which looks back one symbol only, has {amount} on the held-out data. It only "
                   "counts: no rule that sees one symbol alone comes below {bound} there. Below that the network "
                   "remembers more than one symbol; between the two it may, or it has found a better rule than "
                   "counting.")
        )  # fmt: skip
        sentences.append(sentence.format(amount=unit.written(view.bigram), bound=unit.written(view.one_symbol)))
    if view.curve.width > 1:
        sentences.append(
            _(
                "Each point is the mean of {width} updates; the band reaches from their smallest to their largest loss."
            ).format(width=view.curve.width)
        )
    sentences.append(
        _(
            "Where the curves diverge, the network overfits: it learns the training data by heart instead of the "
            "rule behind them."
        )
    )
    return sentences


def loss_in_words(view: View, _: Translate) -> str:
    """Progress of the network: its updates, its held-out loss, and what that can be compared with."""
    sentence = _("After update {update:,} the held-out loss is {loss:.3g} ({baseline}: {chance:.3g}).")
    if view.best:
        sentence = _(
            "After update {update:,} the held-out loss is {loss:.3g} ({baseline}: {chance:.3g}, best "
            "possible: {best:.3g})."
        )
    return sentence.format(
        update=view.held_out[-1][0],
        loss=view.held_out[-1][1],
        baseline=baseline(view.trace.config, view.chance, _),
        chance=view.chance,
        best=view.best,
    )


def score_table(
    trace: Trace, layer: int, vocabulary: Sequence[str] | None, unit: LossUnit, _: Translate
) -> dict[str, list[Any]]:
    """The score's exact values, a row for each step."""
    steps, outputs = len(trace.x), len(trace.logits)

    def padded(values: Iterable[Any]) -> list[Any]:
        return [None] * (steps - outputs) + list(values)

    table: dict[str, list[Any]] = {_("step t"): list(range(steps))}
    if np.ndim(trace.x) == 2:
        ids = trace.x[:, 0].tolist()
        table[_("input")] = [printed(i, vocabulary) for i in ids] if vocabulary else ids
    else:
        for channel in range(trace.x.shape[2]):
            table[_("channel {number}").format(number=channel)] = column(trace.x[:, 0, channel])
    counted = np.ones(outputs, bool) if trace.mask is None else trace.mask[:, 0] > 0
    if trace.probs is not None:
        probs = trace.probs[:, 0]
        table[_("guess")] = padded(printed(i, vocabulary) for i in probs.argmax(axis=-1))
        if trace.targets is not None:
            targets = trace.targets[:, 0]
            table[_("target")] = padded(
                printed(i, vocabulary) if yes else None for i, yes in zip(targets, counted, strict=True)
            )
            table[_("probability of the target")] = padded(column(probs[np.arange(outputs), targets]))
    else:
        table[_("output")] = padded(column(trace.logits[:, 0, 0]))
        if trace.targets is not None:
            table[_("target")] = padded(column(trace.targets[:, 0, 0]))
    if trace.loss_per_step is not None:
        losses = trace.loss_per_step[:, 0]
        table[unit.name] = padded(
            round(unit.value(float(loss)), 4) if yes else None for loss, yes in zip(losses, counted, strict=True)
        )
    if trace.d_hidden is not None:
        table[_("gradient norm")] = [float(f"{norm:.3g}") for norm in gradient_norms(trace, layer)]
    return table


def step_details(view: View, layer: int, step: int, notation: str, unit: LossUnit, _: Translate) -> dict[str, Any]:
    """The exact values at one step: a title, (name, value) rows, the most probable outputs, the most active units."""
    trace, vocabulary = view.trace, view.vocabulary
    state = "s" if notation == "article" else "h"
    output = step - (len(trace.x) - len(trace.logits))  # its place among the outputs
    counted = output >= 0 and (trace.mask is None or trace.mask[output, 0] > 0)
    rows: list[list[str]] = []
    if np.ndim(trace.x) == 2:
        rows.append([_("input"), printed(int(trace.x[step, 0]), vocabulary)])
    else:
        rows.append([_("input"), typographic(", ".join(f"{value:.6g}" for value in trace.x[step, 0]))])
    title = _("Step {step} of 0 … {last}").format(step=step, last=len(trace.x) - 1)
    details: dict[str, Any] = {"title": title, "rows": rows}
    if output >= 0 and trace.probs is not None:
        probs = trace.probs[output, 0]
        best = np.argsort(-probs, kind="stable")[:5]
        target = int(trace.targets[output, 0]) if counted else -1
        if counted:
            likely = typographic(f"{probs[target]:.6g}")
            rows.append([_("target"), f"{printed(target, vocabulary)} (p = {likely})"])
        details["outputs"] = [
            [printed(i, vocabulary), f"{probs[i]:.4%}", float(probs[i]), bool(i == target)] for i in best
        ]
    elif output >= 0:
        rows.append([_("output"), typographic(", ".join(f"{value:.6g}" for value in trace.logits[output, 0]))])
        if counted:
            rows.append([_("target"), typographic(", ".join(f"{value:.6g}" for value in trace.targets[output, 0]))])
    if counted:
        loss = float(trace.loss_per_step[output, 0])
        written = {
            "nats": _("{loss:.6g} nats").format(loss=loss),
            "perplexity": perplexity(loss, 4),
            "squared": _("{loss:.6g} (squared error)").format(loss=loss),
        }[unit.kind]
        rows.append([unit.name, written])
    if trace.d_hidden is not None:
        rows.append([f"‖∂L/∂{state}‖", typographic(f"{gradient_norms(trace, layer)[step]:.6g}")])
    values = trace.hidden[layer, step + 1, 0]
    active = np.argsort(-np.abs(values), kind="stable")[:5]
    details["units"] = [
        [_("unit {number}").format(number=unit), typographic(f"{values[unit]:+.6f}"), float(values[unit])]
        for unit in map(int, active)
    ]
    details["headings"] = [_("most probable outputs"), _("most active units")]
    details["links"] = [["to_gradients", _("This step on the page “Gradients”")]]
    plain = view.trace.config.num_layers == 1 and not view.trace.config.bidirectional
    if plain and vocabulary and trace.probs is not None:
        label = _("This step on the page “Unroll”")
        if step >= UNROLLED:
            label = _("The first {count} steps on the page “Unroll”").format(count=UNROLLED)
        details["links"].append(["to_unroll", label])
    return details


def loss_table(view: View, unit: LossUnit, _: Translate) -> dict[str, list[Any]]:
    """The loss chart's held-out points, and the training loss of the update or of the updates that hold each.

    Before the first update there is none. The loss of an update is that of the network before it.
    """
    curve, rows = view.curve, view.held_out[-200:]
    positions = np.searchsorted(curve.update, [update for update, _loss in rows])
    starts = curve.update - curve.width
    training = [
        float(curve.loss[i]) if i < len(curve.loss) and update > starts[i] else None
        for i, (update, _loss) in zip(positions, rows, strict=True)
    ]
    perplexity = unit.kind == "perplexity"
    heading = _("training perplexity") if perplexity else _("training loss")
    if view.curve.width > 1:
        heading = _("{name} (mean of {width} updates)").format(name=heading, width=view.curve.width)
    return {
        _("update"): [update for update, _loss in rows],
        heading: [None if number is None else round(unit.value(number), 4) for number in training],
        _("held-out perplexity") if perplexity else _("held-out loss"): [
            round(unit.value(number), 4) for _update, number in rows
        ],
    }


class GuideContext(NamedTuple):
    """Context of the guides and tables: a view of the network, how it is shown, the language."""

    view: View
    layer: int
    unit: LossUnit
    translate: Translate

    @property
    def score(self) -> tuple[Trace, int, Sequence[str] | None]:
        """Context of the score alone."""
        return self.view.trace, self.layer, self.view.vocabulary


def _task(c: GuideContext) -> list[str]:
    setup, symbols = c.view.setup, c.view.trace.config.output_size
    data = data_of(setup)
    name = data if data in STREAMS else setup.task
    return [task_guide(name, dict(setup.task_options), c.translate, symbols=symbols)]


GUIDES: dict[str, Callable[[GuideContext], Part]] = {
    "task_guide": _task,
    "score_guide": lambda c: score_guide(*c.score, c.translate),
    "score_table": lambda c: score_table(*c.score, c.unit, c.translate),
    "loss_guide": lambda c: loss_guide(c.view, c.unit, c.translate),
    "loss_table": lambda c: loss_table(c.view, c.unit, c.translate),
    "card": lambda c: card(data_of(c.view.setup), [loss_in_words(c.view, c.translate)], c.translate),
}
