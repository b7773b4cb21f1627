"""Guides and tables of the page “Unroll”. Sentences hold numbers only; symbols stand in table cells."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rnn_core.analysis.shares import Shares
from ui.charts.formatting import column
from ui.charts.symbols import visible
from ui.i18n import N_, Translate
from ui.unroll.tape import open_up
from ui.unroll.tape.sharing import Outcome
from ui.unroll.tape.tape import Tape
from ui.unroll.tape.verify import Deviation
from ui.unroll.workspace import Workspace

NORMALISATION = {  # for x, the products with the input; h, those with the state; c, the cell
    "t": N_("sum of what is normalised"),
    "m": N_("mean of what is normalised"),
    "z": N_("what is normalised, minus its mean"),
    "v": N_("sum of the squares"),
    "s": N_("standard deviation"),
    "n": N_("normalised numbers"),
    "l": N_("normalised numbers times the gain"),
    "e": N_("gradient of the normalised numbers"),
    "et": N_("sum of that gradient"),
    "ei": N_("sum of that gradient times the normalised numbers"),
    "dG": N_("gradient of the gains, and each step's share"),
    "newG": N_("gains after the step"),
}
QUANTITIES = {
    "ux": N_("column of the input weights"),
    "ws": N_("recurrent weights times the state before"),
    "ub": N_("the candidate's input part with its bias"),
    "a": N_("sums before the function"),
    "m": N_("the candidate's part from the old state"),
    "r": N_("reset gate"),
    "z": N_("update gate"),
    "n": N_("candidate"),
    "i": N_("input gate"),
    "f": N_("forget gate"),
    "g": N_("candidate"),
    "o": N_("output gate"),
    "c": N_("cell state"),
    "q": N_("tanh of the cell state"),
    "s": N_("state"),
    "vs": N_("scores without bias"),
    "v": N_("scores"),
    "top": N_("largest score"),
    "exp": N_("exponentials"),
    "sum": N_("sum of the exponentials"),
    "p": N_("probabilities"),
    "L": N_("loss of each step, and their sum"),
    "L after": N_("loss after one gradient step"),
    "dv": N_("gradient of the scores"),
    "out": N_("gradient from the output"),
    "wd": N_("gradient from the next step, through the weights"),
    "paths": N_("gate path"),
    "kept": N_("direct path"),
    "later": N_("both paths from the next step"),
    "path": N_("path along the cell state"),
    "pc": N_("the cell state through the peepholes"),
    "pd": N_("through the peepholes of the next step"),
    "po": N_("through the output gate's peephole"),
    "carried": N_("all that comes to the cell from the next step"),
    "thru": N_("into the cell state through the hidden state"),
    "ds": N_("gradient of the state"),
    "dc": N_("gradient of the cell state"),
    "df": N_("slope of f"),
    "da": N_("gradient of the sums"),
    "dm": N_("gradient behind the reset gate"),
    "dU": N_("gradient of the input weights, and each step's share"),
    "dW": N_("gradient of the recurrent weights, and each step's share"),
    "dV": N_("gradient of the output weights, and each step's share"),
    "dP": N_("gradient of the peepholes, and each step's share"),
    "dbu": N_("gradient of the input bias"),
    "dbw": N_("gradient of the recurrent bias"),
    "dbo": N_("gradient of the output bias"),
    "newU": N_("input weights after the step"),
    "newW": N_("recurrent weights after the step"),
    "newV": N_("output weights after the step"),
    "newP": N_("peepholes after the step"),
    "newbu": N_("input bias after the step"),
    "newbw": N_("recurrent bias after the step"),
    "newbo": N_("output bias after the step"),
    "u": N_("normalised cell with its bias"),
    "du": N_("gradient of the normalised cell"),
    "dux": N_("gradient of the input's products"),
    "dws": N_("gradient of the state's products"),
    "dbc": N_("gradient of the cell's bias"),
    "newbc": N_("cell's bias after the step"),
} | {family + part: text for family, text in NORMALISATION.items() for part in "xhc"}


def plain(letters: str) -> str:
    """A formula's name without its marks for an index.

    >>> plain("W_{hh}")
    'W_hh'
    """
    return letters.replace("{", "").replace("}", "")


def blind(tape: Tape) -> float:
    """The loss of a guess that takes every symbol for equally likely."""
    return tape.computation.predicted * math.log(len(tape.computation.weights["weight_ho"]))


def network_guide(tape: Tape, _: Translate) -> list[str]:
    """How to read the diagram, filled with the numbers of this reading."""
    one = tape.computation
    sentences = [
        _(
            "Time runs from left to right. Each column (there are {steps}) is the same network with the same "
            "weights. Below is the symbol that is read, in the middle the state (units: {units}), "
            "above the probability of every symbol that could follow. Lines show products of a weight with "
            "what flows through it, thick where they are large. Going backwards the same lines carry "
            "gradients, from right to left."
        ).format(steps=one.steps, units=one.hidden_size)
    ]
    losses = [float(tape[f"L.{t}"][0, 0]) if one.targets[t] >= 0 else -math.inf for t in range(one.steps)]
    worst = int(np.argmax(losses))
    sentences.append(
        _(
            "The loss is the sum over the steps, {loss:.3f} nats, {mean:.3f} for each on average; a blind "
            "guess would cost {blind:.3f}. The most surprising step is step {worst} with {most:.3f}. The Lab "
            "shows the average."
        ).format(loss=tape.loss, mean=tape.loss / one.predicted, blind=blind(tape), worst=worst, most=losses[worst])
    )
    norms = [float(np.linalg.norm(tape[f"ds.{t}"])) for t in range(one.steps)]
    sentences.append(
        _("The gradient of the state has the norm {first:.2e} at the first step and {last:.2e} at the last.").format(
            first=norms[0], last=norms[-1]
        )
    )
    if one.truncate is not None:
        full = open_up(replace(one, truncate=None))
        cut, whole = (np.concatenate([value.ravel() for value in which.gradients().values()]) for which in (tape, full))
        left = float(np.linalg.norm(whole - cut)) / max(float(np.linalg.norm(whole)), 1e-300)
        sentences.append(
            _("What truncation leaves out is {left:.1%} of the whole gradient, in norm. It is hatched.").format(
                left=left
            )
        )
    return sentences


def shares_guide(tape: Tape, found: Mapping[str, Shares], names: Mapping[str, str], _: Translate) -> list[str]:
    """How to read the shares, filled with their numbers."""
    part = found["W"].part
    largest = int(np.argmax(part))
    sentences = [
        _(
            "Every step uses the same weights, so the gradient is a sum over the steps. A bar says how much of that "
            "sum one step makes up; the bars of one colour add up to 100%. A bar below zero is a step that pulls the "
            "other way."
        ),
        _(
            "Step {largest} makes up {part:.0%} of {name}. The first step adds nothing to it: the state "
            "before it is zero."
        ).format(largest=largest, part=part[largest], name=names["W"]),
    ]
    if (part < 0).any():
        sentences.append(_("Steps that pull the other way: {count}.").format(count=int((part < 0).sum())))
    return sentences


def shares_table(
    workspace: Workspace, tape: Tape, found: Mapping[str, Shares], names: Mapping[str, str], _: Translate
) -> dict[str, list[Any]]:
    """The shares and the norms of what each step adds."""
    one = tape.computation
    table: dict[str, list[Any]] = {
        _("step t"): list(range(one.steps)),
        _("input"): [visible(workspace.symbols[i]) for i in one.ids],
    }
    for name, shares in found.items():
        table[_("share of {name}").format(name=names[name])] = [f"{value:.2%}" for value in shares.part]
        table[_("norm, {name}").format(name=names[name])] = [float(f"{value:.5g}") for value in shares.norm]
    return table


def deviations_table(found: Sequence[Deviation], _: Translate) -> dict[str, list[Any]]:
    """The largest deviation of each kind of number."""
    return {
        _("quantity"): [_(QUANTITIES.get(one.family, one.family)) for one in found],
        _("numbers"): [one.compared for one in found],
        _("largest deviation, second computation"): [f"{one.script:.1e}" for one in found],
        _("central differences"): ["–" if one.differences is None else f"{one.differences:.1e}" for one in found],
    }


def sharing_guide(outcome: Outcome, _: Translate) -> list[str]:
    """How to read the comparison, filled with its numbers."""
    trained, beyond = slice(0, outcome.trained), slice(outcome.trained, None)
    return [
        _(
            "Both networks learned your sentence, read around and around from every place in it, {trained} "
                "steps at a time, with {updates} updates of Adam. Then they read {steps} steps. Within the "
                "trained steps both are good: {shared:.3f} nats with shared weights, {separate:.3f} with weights "
                "of their own."
        ).format(
            trained=outcome.trained, updates=outcome.updates, steps=len(outcome.shared),
            shared=outcome.shared[trained].mean(), separate=outcome.separate[trained].mean(),
        ),
        _(
            "Beyond them shared weights still work: {shared:.3f} nats. Weights of their own have never been "
            "trained there: {separate:.3f}, where a blind guess costs {chance:.3f}. Reusing the last step's "
            "weights instead gives {repeated:.3f}: they learned one place, not the rule. And all that for "
            "{large:,} parameters in place of {small:,}."
        ).format(
            shared=outcome.shared[beyond].mean(), separate=outcome.separate[beyond].mean(), chance=outcome.chance,
            repeated=outcome.repeated[beyond].mean(), large=outcome.parameters[1], small=outcome.parameters[0],
        ),
    ]  # fmt: skip


def sharing_table(outcome: Outcome, _: Translate) -> dict[str, list[Any]]:
    """The losses of both networks at each step."""
    return {
        _("step t"): list(range(len(outcome.shared))),
        _("trained"): ["✓" if t < outcome.trained else "" for t in range(len(outcome.shared))],
        _("the same weights at every step"): column(outcome.shared),
        _("own weights at every step"): column(outcome.separate),
        _("own weights, the last ones reused"): column(outcome.repeated),
    }


def steps_table(workspace: Workspace, tape: Tape, _: Translate) -> dict[str, list[Any]]:
    """The reading, a row for each step: now, and before the last change."""
    one = tape.computation
    names = [visible(symbol) for symbol in workspace.symbols]
    steps = range(one.steps)

    def losses(which: Tape) -> list[float | None]:
        return [float(f"{which[f'L.{t}'][0, 0]:.5g}") if one.targets[t] >= 0 else None for t in steps]

    table: dict[str, list[Any]] = {
        _("step t"): list(steps),
        _("input"): [names[i] for i in one.ids],
        _("target"): [names[i] if i >= 0 else None for i in one.targets],
        _("guess"): [names[int(tape[f"p.{t}"].argmax())] for t in steps],
        _("probability of the target"): [
            float(f"{tape[f'p.{t}'][i, 0]:.5g}") if i >= 0 else None for t, i in enumerate(one.targets)
        ],
        _("loss"): losses(tape),
    }
    if workspace.before:
        table[_("loss before the last change")] = losses(open_up(workspace.before[-1][0]))
    table[_("norm of the state's gradient")] = [float(f"{np.linalg.norm(tape[f'ds.{t}']):.3g}") for t in steps]
    return table
