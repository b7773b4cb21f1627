"""Bidirectional: a second chain reads from the end. Here the missing verb of a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import InputError, Trainer
from rnn_core.analysis.readouts import by_direction
from rnn_core.tasks import AgreementTask
from rnn_core.tasks.agreement import BLANK, GAP
from ui.charts.formatting import column
from ui.charts.limits import there
from ui.i18n import N_, Translate
from ui.shapes import figures
from ui.shapes.records import Chain, Diagram, Network, ShapeSetup, ShapeView
from ui.shapes.sample import SampleAnalysis, gradient_norms, padded, shown
from ui.theme import Theme
from ui.training.matched_sizes import matched_size, parameters
from ui.training.snapshot import SampleChoice

TITLE = N_("Bidirectional: reading in both directions")
STORY = N_(
    "Which verb is missing? Its number stands before the gap (the key, the keys), its tense after it (now, "
    "yesterday). One "
    "chain of states reads forwards, one backwards; the output at the gap reads both. A network of as many "
    "parameters that "
    "reads forwards only is trained beside it."
)
TYPE = N_("A sentence with _ for the verb")
HELP = N_("Such as: the keys beside the letter _ lost yesterday")
EXERCISE = (
    N_("Change “key” to “keys”, then “now” to “yesterday”. Which chain changes its columns each time, up to "
       "where?"),
    N_("However long it trains, the network that reads forwards stays at about one right answer in four. Which of "
       "the "
       "eight verbs can it rule out, which not? Derive the number."),
    N_("Put a noun of the other number between subject and gap. Does the forward chain keep the subject in mind?"),
)  # fmt: skip
NEEDED = N_("A sentence with one _ in the place of the verb is needed.")
ALT = N_(
    "For each verb: what the forward and the backward chain add to its logit, and the probabilities of both networks."
)
HEADING = N_("What each direction contributes to the verb")
SUMMARY = 2  # which sentence of the guide is always visible


class Sides(NamedTuple):
    """Outputs of the two directions at the gap."""

    verbs: tuple[str, ...]
    forwards: np.ndarray  # (K,) added to the logits
    backwards: np.ndarray  # (K,)
    bias: np.ndarray  # (K,)
    both: np.ndarray  # (K,) probabilities by the network that reads both ways
    one_way: np.ndarray  # (K,) by the other
    answer: int | None


def setup(values: Mapping[str, Any], code: str) -> ShapeSetup:
    """Two networks with as many parameters."""
    two_way, one_way = networks(values["cell"], values["units"])
    return ShapeSetup("bidirectional", "agreement", (two_way, one_way), (), values["seed"])


def networks(cell: str, units: int) -> tuple[Network, Network]:
    """The network of both directions with about the parameters of one of `units` units, and that one."""
    sizes = AgreementTask.input_size, AgreementTask.output_size
    wanted = parameters(cell, sizes[0], units, sizes[1])
    return Network(cell, matched_size(cell, *sizes, wanted, bidirectional=True), 1, True), Network(cell, units)


class Analyzer:
    """Has both networks read one sentence."""

    def __init__(self, task: AgreementTask, trainers: Sequence[Trainer], _setup: ShapeSetup) -> None:
        self._task, (self._two_way, self._one_way) = task, [trainer.model for trainer in trainers]
        self._blank, self._gap = task.vocabulary.index(BLANK), task.vocabulary.index(GAP)

    def read(self, sample_choice: SampleChoice, complete: bool = False) -> SampleAnalysis:
        """One sentence with its gap."""
        task, refused, unread = self._task, False, list[str]()
        example = task.example(sample_choice.number, "held_out")
        x, targets, mask = example
        answer: int | None = int(targets[example.counted[:, 0], 0][0])
        if sample_choice.split == "typed":
            try:
                x, unread = task.read(sample_choice.typed)
                x, answer = padded(x[: figures.MOST_COLUMNS][::-1], task.sequence_length, self._blank)[::-1], None
            except InputError:
                refused = True
        trace, gap = self._two_way.forward(x), int((x[:, 0] == self._gap).argmax())
        shares = by_direction(self._two_way, trace)
        finding = Sides(
            verbs=task.vocabulary[: task.output_size],
            forwards=shares.forwards[gap, 0],
            backwards=shares.backwards[gap, 0],
            bias=shares.bias,
            both=there(trace.probs)[gap, 0],
            one_way=there(self._one_way.forward(x).probs)[gap, 0],
            answer=answer,
        )
        steps = int((x[:, 0] != self._blank).sum())  # blanks follow
        outputs, wanted = [""] * steps, [""] * steps
        outputs[gap] = finding.verbs[int(finding.both.argmax())]
        wanted[gap] = "" if answer is None else finding.verbs[answer]
        chains = tuple(Chain(trace.hidden[d, 1 : steps + 1, 0], 0, bool(d)) for d in range(2))
        gradient = None
        if answer is not None:
            gradient = gradient_norms(self._two_way.backward(x, targets, mask=mask))[:steps]
        words = shown(x[:steps, 0], task.vocabulary)
        diagram = Diagram(words, chains, tuple(outputs), tuple(wanted), gradient=gradient)
        return SampleAnalysis(diagram, finding, refused, tuple(unread))


analyzer = Analyzer


def figure(view: ShapeView, theme: Theme, translate: Translate) -> go.Figure:
    """Contribution of each direction."""
    return figures.sides(view.finding, theme=theme, translate=translate)


def guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read it."""
    found: Sides = view.finding
    best = int(found.both.argmax())
    return [
        _("The output at the gap is V applied to both states, so its logits are a sum: what the forward chain "
          "adds, what the "
          "backward chain adds, and the bias. The upper bars show the two sums."),
        _("For “{verb}”, the likeliest: {forwards:+.2f} forwards, {backwards:+.2f} backwards, "
          "{bias:+.2f} bias.").format(
            verb=found.verbs[best], forwards=float(found.forwards[best]), backwards=float(found.backwards[best]),
            bias=float(found.bias[best]),
        ),
        _("The network of both directions gives “{verb}” a probability of {both:.0%}, the forward network "
          "{one_way:.0%}.").format(
            verb=found.verbs[best], one_way=float(found.one_way[best]), both=float(found.both[best])
        ),
    ]  # fmt: skip


def table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """The numbers of the bars."""
    found: Sides = view.finding
    return {
        _("verb"): list(found.verbs),
        _("forwards"): column(found.forwards, 3),
        _("backwards"): column(found.backwards, 3),
        _("bias"): column(found.bias, 3),
        _("p, both directions"): column(found.both),
        _("p, forwards only"): column(found.one_way),
    }
