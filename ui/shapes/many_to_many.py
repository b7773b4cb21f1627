"""Many to many: an output at each step. Here a language model of letters, o_t = x_{t+1} (the article's own case)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Trace, Trainer
from rnn_core.tasks import TEXTS
from rnn_core.tasks.text import TextTask
from ui.charts.limits import there
from ui.charts.symbols import visible
from ui.i18n import N_, Translate
from ui.shapes import figures
from ui.shapes.records import Chain, Diagram, Network, ShapeSetup, ShapeView
from ui.shapes.sample import SampleAnalysis, gradient_norms, shown
from ui.theme import Theme
from ui.training.snapshot import SampleChoice

TITLE = N_("Many to many: an output at each step")
STORY = N_(
    "After every letter the network says which letter comes next. Each column has an input, a state and an output "
    "of its "
    "own; the three weight matrices are the same in all of them."
)
TYPE = N_("A text to read")
HELP = N_("Letters that the text of this task does not have are left out.")
EXERCISE = (
    N_("Type the beginning of a word that occurs in the text, then change its first letter. Which outputs change? "
       "Which "
       "cannot change, and why?"),
    N_("Pause, and count the arrows that enter one state. Which two columns does the second output depend on?"),
    N_("Compare the share of right guesses with that of the best constant answer, the dashed line. At which "
       "letters of "
       "a word does the network gain most?"),
)  # fmt: skip
NEEDED = N_("At least one letter of the text is needed.")
ALT = N_("The probability of each symbol at each step.")
HEADING = N_("What it expects next")
SUMMARY = 1  # which sentence of the guide is always visible
TEXT = {"en": "river_en", "zh_CN": "seasons_zh"}
LONGEST = 40  # columns of a typed text


class Spread(NamedTuple):
    """The probabilities of all symbols at each step."""

    trace: Trace  # with targets where they are known
    vocabulary: tuple[str, ...]


def setup(values: Mapping[str, Any], code: str) -> ShapeSetup:
    """The app's own text in the reader's language."""
    options = (("batch_size", 16), ("sequence_length", 20), ("text", TEXTS[TEXT[code]].text))
    return ShapeSetup("many_to_many", "text", (Network(values["cell"], values["units"]),), options, values["seed"])


class Analyzer:
    """Reads one sequence."""

    def __init__(self, task: TextTask, trainers: Sequence[Trainer], _setup: ShapeSetup) -> None:
        self._task, self._model = task, trainers[0].model
        self._ids_of = {symbol: number for number, symbol in enumerate(task.vocabulary)}

    def read(self, sample_choice: SampleChoice, complete: bool = False) -> SampleAnalysis:
        """Symbols, states and guesses."""
        refused, unread, gradient = False, tuple[str, ...](), None
        example = self._task.example(sample_choice.number, "held_out")
        ids = np.append(example.x[:, 0], example.targets[-1:, 0])
        known = len(ids) - 1  # steps whose answer is known
        steps = known
        if sample_choice.split == "typed":
            symbols = list(sample_choice.typed)[:LONGEST]
            typed = [self._ids_of[symbol] for symbol in symbols if symbol in self._ids_of]
            unread = tuple(dict.fromkeys(visible(symbol) for symbol in symbols if symbol not in self._ids_of))
            if typed:
                ids, steps, known = np.array(typed, np.int32), len(typed), len(typed) - 1
            else:
                refused = True
        wanted = np.zeros((steps, 1), np.int32)
        wanted[:known, 0] = ids[1 : known + 1]
        mask = (np.arange(steps) < known).astype(np.float32)[:, None]
        trace: Trace
        if known:
            trace = self._model.backward(ids[:steps, None], wanted, mask=mask)
            gradient = gradient_norms(trace)
        else:
            trace = replace(self._model.forward(ids[:steps, None]), targets=wanted, mask=mask)
        vocabulary = self._task.vocabulary
        diagram = Diagram(
            inputs=shown(ids[:steps], vocabulary),
            chains=(Chain(trace.hidden[0, 1:, 0]),),
            outputs=shown(there(trace.probs)[:, 0].argmax(axis=-1), vocabulary),
            wanted=shown(wanted[:known, 0], vocabulary) + ("",) * (steps - known),
            gradient=gradient,
        )
        return SampleAnalysis(diagram, Spread(trace, vocabulary), refused, unread)


analyzer = Analyzer


def figure(view: ShapeView, theme: Theme, translate: Translate) -> go.Figure:
    """The probabilities of all symbols at each step."""
    return figures.spread(view.finding, theme=theme, translate=translate)


def guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read them."""
    diagram = view.diagram
    pairs = [(out, target) for out, target in zip(diagram.outputs, diagram.wanted, strict=True) if target]
    return [
        _("Each column is a distribution over all symbols: the stronger the colour, the likelier. The square "
          "marks the symbol that really follows."),
        _("In this sequence the likeliest symbol is the right one at {right} of {steps} steps.").format(
            right=sum(out == target for out, target in pairs), steps=len(pairs)
        ),
        _("Always guessing the commonest symbol is right in {guess:.0%} of the steps.").format(guess=view.guess),
    ]  # fmt: skip


def table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """The three likeliest symbols of each step."""
    found: Spread = view.finding
    probs, vocabulary = there(found.trace.probs)[:, 0], found.vocabulary
    order = np.argsort(-probs, axis=-1, kind="stable")[:, :3]
    rows: dict[str, list[Any]] = {_("step t"): list(range(len(order))), _("input"): list(view.diagram.inputs)}
    for rank in range(order.shape[1]):
        heading = _("guess {rank}").format(rank=rank + 1)
        rows[heading] = [f"{visible(vocabulary[k])} {probs[t, k]:.2f}" for t, k in enumerate(map(int, order[:, rank]))]
    return rows
