"""Guides, numbers and tables of the plane.

Nothing here renders: sentences hold numbers only; symbols of a text stand in table cells.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rnn_core.analysis.fixed_points import FixedPoints
from rnn_core.analysis.projection import Basis
from rnn_core.tasks.base import Task
from rnn_core.tasks.flipflop import FlipFlopTask
from ui.charts.formatting import grouped, number
from ui.charts.symbols import visible
from ui.i18n import Translate
from ui.live.renderer import Part
from ui.live.scrubber import guide
from ui.memory.states.analysis import Square, StateAnalysis
from ui.memory.states.controls import MOST_INPUTS, StatesChoices
from ui.memory.states.figures import FigureStyle, texts
from ui.network.trees import Trees

if TYPE_CHECKING:
    from ui.memory.states.renderer import Axes

Groups = Mapping[str, Sequence[str]]  # the members of each class of words

MOST_ROWS = 100


def numbers(
    measured: StateAnalysis,
    shown: "Axes",
    found: FixedPoints | None,
    update: int | None,
    choices: StatesChoices,
    _: Translate,
) -> list[list[str]]:
    """(name, number, explanation) beside the states."""
    metrics = []
    if not measured.flat:
        shares = shown.basis.shares(measured.cloud.hidden)
        count = min(choices.dimensions, len(shares))
        note = _("axes fitted at update {update:,}").format(update=shown.update)
        metrics.append([_("Variance shown"), f"{shares[:count].sum():.1%}", note])
    if not choices.fixed:
        return metrics
    if found is None:
        return [*metrics, [_("Fixed points"), "–", _("being searched for")]]
    note = _("of update {update:,}").format(update=update)
    stable = _("{converged} of {starts} starts converged").format(converged=found.converged, starts=found.starts)
    metrics += [
        [_("Fixed points"), f"{len(found.states)}", note],
        [_("Stable"), f"{(found.unstable == 0).sum()}", stable],
    ]
    if found.index is not None:
        note = _("= 1, as it must be") if found.index == 1 else _("≠ 1: some are missing")
        metrics.append([_("Sum of indices"), f"{found.index}", note])
    return metrics


def inputs(measured: StateAnalysis, _: Translate) -> list[str]:
    """The names of the inputs that can stay: none, then each symbol; of a task of numbers their mean."""
    if measured.task.vocabulary is None:
        return [_("none (zero)"), _("mean of the data")]
    return [_("none (zero)"), *(visible(symbol) for symbol in measured.task.vocabulary[:MOST_INPUTS])]


def summary(
    measured: StateAnalysis, found: FixedPoints | None, choices: StatesChoices, failed: str, _: Translate
) -> str:
    """One sentence: what cannot be shown, or what the fixed points are."""
    if choices.fixed and failed:
        return _("The search for fixed points failed; training continues. Start over, or choose another input.")
    if choices.fixed and measured.path.whole.shape[1] > 512:
        return _("The state is too large for a search for fixed points: at most 512 numbers are possible.")
    if choices.fixed and found is not None and not len(found.states) and found.index is not None:
        return _(
            "The search found no fixed point under this input. This network has at least one, since its states are "
            "bounded: continue training, or choose another input."
        )
    if choices.fixed and found is not None and not len(found.states):
        return _(
            "No fixed point was found under this input: the states circle, or grow without bound. Train on, or choose "
            "another input."
        )
    if measured.flat and measured.read_out(measured.path.hidden[:1]) is None:
        return _("The square is not painted: the outputs of this network depend on more than these units.")
    return ""


def states_guide(
    measured: StateAnalysis, shown: "Axes", behind: Square | None, choices: StatesChoices, style: FigureStyle
) -> list[str]:
    """How to read the plane."""
    _ = style.translate
    sentences = []
    if measured.flat and behind is not None and behind.sure is not None:
        sentences.append(
            _(
                "Each place of the square is a possible state; its colour is the likeliest output there, by the "
                "softmax of V s: the more intense the colour, the more certain the output. A network of two "
                "units must put all that it remembers into one place."
            )
            if measured.kind == "symbols"
            else _("Each place of the square is a possible state; its colour is the output there, V s.")
        )
    if not measured.flat:
        shares = shown.basis.shares(measured.cloud.hidden)
        sentences.append(
            _(
                "{size} units have {size} axes. The directions in which the states differ most on held-out data "
                "are shown: {first:.0%}, {second:.0%} and {third:.0%} of the variance. The axes were fitted at "
                "update {update:,} and stay meanwhile, so what moves are the states."
            ).format(
                size=measured.size, first=shares[0], second=shares[1], third=shares[2] if len(shares) > 2 else 0.0,
                update=shown.update,
            )
        )  # fmt: skip
    walked = np.linalg.norm(np.diff(measured.path.hidden, axis=0), axis=1)
    if len(walked):
        far = int(walked.argmax())
        sentences.append(
            _(
                "The line is the sequence on screen, from the initial state on. Its longest stride leads to step "
                "{step} ({long}), the mean one is {mean} long."
            ).format(step=int(measured.path.steps[far + 1]), long=grouped(walked[far]), mean=grouped(walked.mean()))
        )
    if behind is not None:
        sentences.append(
            _(
                "Each grey arrow leads from a state to where one step takes it under the input that was chosen; long "
                "ways are drawn shorter."
            )
        )
    if measured.path.cell is not None:
        sentences.append(
            _(
                "The state of an LSTM is the pair of h and the cell state c; h is shown. The arrows begin with "
                "the cell state that the sequence had nearest to that place; the fixed points are those of the "
                "whole pair."
            )
            if behind is not None
            else _(
                "The state of an LSTM is the pair of h and the cell state c; h is shown, and fixed points are "
                "of the pair."
            )
        )
    if choices.colour == "position":
        sentences.append(_("The darker a state (on a dark page the brighter), the later in its sequence it is."))
    return [*sentences, guide(_)]


def states_table(measured: StateAnalysis, basis: Basis, style: FigureStyle) -> dict[str, list[Any]]:
    """A row for each state of the sequence."""
    _, states = style.translate, measured.path
    positions = basis.project(states.hidden)
    table: dict[str, list[Any]] = {_("state"): [html.unescape(text) for text in texts(states, measured, _)]}
    names = [_("unit {number}").format(number=axis) for axis in range(positions.shape[1])]
    if not measured.flat:
        names = [_("component {number}").format(number=axis + 1) for axis in range(positions.shape[1])]
    for axis, name in enumerate(names[: measured.size]):
        table[name] = [number(value) for value in positions[:, axis]]
    if states.cell is not None and measured.flat:
        for unit in range(measured.size):
            table[_("cell state {number}").format(number=unit)] = [number(value) for value in states.cell[:, unit]]
    return table


def fixed_guide(
    measured: StateAnalysis, found: FixedPoints | None, update: int | None, choices: StatesChoices, _: Translate
) -> list[str]:
    """How to read the fixed points."""
    sentences = [
        _(
            "If the input stays the same, a state that a step maps to itself is a fixed point. It is stable, and holds "
            "what it means, if every eigenvalue of the step's Jacobian lies inside the unit circle; each one outside "
            "is a direction in which the state leaves. Newton's method looks for them from states that were visited "
            "and from between them."
        )
    ]
    if found is None or not choices.fixed:
        return sentences
    sentences.append(
        _(
            "Found at update {update:,}: {count}, {stable} of them stable; a step moves none of them by more than "
            "{residual:.0e}."
        ).format(
            update=update, count=len(found.states), stable=int((found.unstable == 0).sum()),
            residual=float(found.residuals.max(initial=0)),
        )
    )  # fmt: skip
    if found.index is not None:
        sentences.append(
            _(
                "The signs of det(1 − J) over all fixed points of such a network must sum to 1 (Lefschetz); over these "
                "the sum is {index}. So if it is not 1, some are missing."
            ).format(index=found.index)
        )
    if len(found.states) and found.unstable[0] == 0:
        slowest = float(found.largest[found.unstable == 0].max())
        if slowest > 0:
            sentences.append(
                _(
                    "Near the least stable of the stable ones a deviation is multiplied by {factor:.3f} per step: to a "
                    "half in {steps:.1f} steps."
                ).format(factor=slowest, steps=np.log(0.5) / np.log(min(slowest, 1 - 1e-12)))
            )
    if isinstance(measured.task, FlipFlopTask):
        bits = measured.task.bits
        sentences.append(
            _(
                "{bits} bit needs {corners} stable states and a saddle between them: {count} in all (Sussillo and "
                "Barak 2013).",
                "{bits} bits need {corners} stable states, the corners of a cube, and saddles between them: "
                "{count} in all (Sussillo and Barak 2013).",
                bits,
            ).format(bits=bits, corners=2**bits, count=3**bits)
        )
    return sentences


def fixed_table(measured: StateAnalysis, basis: Basis, found: FixedPoints | None, _: Translate) -> dict[str, list[Any]]:
    """A row for each fixed point."""
    if found is None:
        return {_("fixed point"): []}
    rows = slice(MOST_ROWS)
    positions = basis.project(found.states[rows, : measured.size])
    predictions = measured.read_out(found.states[rows, : measured.size])
    table: dict[str, list[Any]] = {
        _("fixed point"): list(range(1, len(positions) + 1)),
        _("unstable directions"): [int(count) for count in found.unstable[rows]],
        _("largest |eigenvalue|"): [number(value, 4) for value in found.largest[rows]],
        _("rotates"): [_("yes") if abs(value.imag) > 1e-9 else _("no") for value in found.eigenvalues[rows, 0]],
        _("starts that end here"): [int(count) for count in found.hits[rows]],
        _("residual"): [f"{value:.0e}" for value in found.residuals[rows]],
    }
    for axis in range(min(positions.shape[1], measured.size)):
        table[_("axis {number}").format(number=axis + 1)] = [number(value) for value in positions[:, axis]]
    if predictions is not None and measured.kind == "symbols":
        table[_("output")] = [visible(measured.names[kind]) for kind in measured.kinds(predictions)]
    elif predictions is not None:
        table[_("output")] = [", ".join(f"{value:.2f}" for value in row) for row in predictions]
    return table


def tree_numbers(found: Trees | None, update: int | None, groups: Groups, _: Translate) -> list[list[str]]:
    """(name, number, explanation) beside the trees."""
    if found is None:
        return []
    metrics = [[_("Leaves"), f"{len(found.now.names)}", _("of update {update:,}").format(update=update)]]
    if groups:
        before = _("untrained: {count}").format(count=len(found.before.together))
        metrics.append([_("Classes together"), f"{len(found.now.together)}/{len(groups)}", before])
    return metrics


def tree_message(found: Trees | None, waiting: bool, task: Task, _: Translate) -> str:
    """One sentence where there is no tree."""
    if found is not None:
        return ""
    if waiting:
        return _("The trees are being computed …")
    if task.vocabulary is None:
        return _("This task has numbers, not symbols: choose a text or the grammar to see a tree.")
    return _(
        "There are fewer than three different leaves that occur twice: choose a longer text, or symbols for leaves."
    )


def tree_guide(found: Trees, update: int | None, groups: Groups, _: Translate) -> list[str]:
    """How to read the trees."""
    sentences = [
        _(
            "For each leaf the states right after it was read are averaged over all its occurrences in the "
            "training data. The two most similar means are joined, again and again; the farther right a join, "
            "the less similar. The network was never told of classes: what stands together is what predicts the "
            "same."
        ),
        _(
            "The other tree belongs to an untrained network of the same size: chance alone. Each has a scale of its "
            "own: the last join lies at {now:.2g} here, at {before:.2g} there."
        ).format(now=float(found.now.heights.max()), before=float(found.before.heights.max())),
    ]
    if groups:
        sentences.append(
            _(
                "At update {update:,}, {now} of {count} word classes stand together without a stranger among them; "
                "in the untrained network it is {before}."
            ).format(update=update, now=len(found.now.together), count=len(groups), before=len(found.before.together))
        )
    return sentences


def tree_table(found: Trees, groups: Groups, _: Translate) -> dict[str, list[Any]]:
    """The leaves of both trees in their order."""
    kind = {word: name for name, words in groups.items() for word in words}
    table: dict[str, list[Any]] = {
        _("after training"): [visible(name) for name in found.now.names],
        _("untrained"): [visible(name) for name in found.before.names],
        _("times read"): list(found.now.counts),
    }
    if groups:
        table[_("class (trained)")] = [kind.get(name, "–") for name in found.now.names]
    return table


class StatesContext(NamedTuple):
    """Context of the guides and tables of the states and fixed points."""

    measured: StateAnalysis
    shown: "Axes"
    behind: Square | None
    choices: StatesChoices
    style: FigureStyle
    found: FixedPoints | None
    update: int | None  # of the fixed points


class TreeContext(NamedTuple):
    """Context of those of the trees."""

    found: Trees | None
    update: int | None
    groups: Groups
    translate: Translate


STATES_GUIDES: dict[str, Callable[[StatesContext], Part]] = {
    "states_guide": lambda c: states_guide(c.measured, c.shown, c.behind, c.choices, c.style),
    "states_table": lambda c: states_table(c.measured, c.shown.basis, c.style),
    "fixed_guide": lambda c: fixed_guide(c.measured, c.found, c.update, c.choices, c.style.translate),
    "fixed_table": lambda c: fixed_table(c.measured, c.shown.basis, c.found, c.style.translate),
}
TREE_GUIDES: dict[str, Callable[[TreeContext], Part]] = {
    "tree_guide": lambda c: None if c.found is None else tree_guide(c.found, c.update, c.groups, c.translate),
    "tree_table": lambda c: None if c.found is None else tree_table(c.found, c.groups, c.translate),
}
