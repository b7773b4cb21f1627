"""Deep: layers of states on one another. Here one to four of them, with as many parameters in all."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Trainer
from rnn_core.analysis.probes import memory
from rnn_core.config import MAX_LAYERS
from rnn_core.tasks import GrammarTask
from ui.charts.formatting import column
from ui.charts.limits import there
from ui.i18n import N_, Translate
from ui.shapes import figures
from ui.shapes.records import Chain, Diagram, Network, ShapeSetup, ShapeView
from ui.shapes.sample import SampleAnalysis, gradient_norms, shown
from ui.theme import Theme
from ui.training.matched_sizes import matched_size, parameters
from ui.training.snapshot import SampleChoice

TITLE = N_("Deep: layers on one another")
STORY = N_(
    "Each layer reads the states of the layer below as its input. Four networks with 1, 2, 3 and 4 layers and "
    "about as many parameters learn to predict the next word of Elman's small grammar, side by side. Choose the "
    "one whose inside you see."
)
TYPE = N_("Words to read")
HELP = N_("Such as: man eat cookie . dragon break plate .")
EXERCISE = (
    N_("With as many parameters, is depth worth it here? Compare the loss after the same number of updates, then per "
       "second: the table has the milliseconds of an update."),
    N_("Which layer remembers the present word best, which one the word before? Predict it before you look at the "
       "curves."),
    N_("Start over and watch the first hundred updates. Which network starts slowest? Count the weight matrices "
       "that the "
       "gradient passes on its way to the first layer."),
)  # fmt: skip
NEEDED = N_("At least one word of the grammar is needed.")
ALT = N_("For each layer: how well the word so many steps back can be read off its state.")
HEADING = N_("What each layer remembers")
SUMMARY = 1  # which sentence of the guide is always visible
MEASURE_EVERY = 1.0  # seconds
LAGS, SEQUENCES = 6, 96
STEPS = 10


class Memory(NamedTuple):
    """How far back each layer's states remember."""

    shares: np.ndarray  # (L, LAGS) R² of a linear guess


def setup(values: Mapping[str, Any], code: str) -> ShapeSetup:
    """Four networks of one size."""
    options = (("sequence_length", STEPS),)
    return ShapeSetup("deep", "grammar", networks(values["cell"], values["units"]), options, values["seed"],
                shown=values["depth"] - 1)  # fmt: skip


def networks(cell: str, units: int) -> tuple[Network, ...]:
    """One to four layers with about the parameters of two layers of `units` units."""
    sizes = len(GrammarTask.vocabulary), len(GrammarTask.vocabulary)
    wanted = parameters(cell, sizes[0], units, sizes[1], 2)
    depths = range(1, MAX_LAYERS + 1)
    return tuple(Network(cell, matched_size(cell, *sizes, wanted, num_layers=depth), depth) for depth in depths)


class Analyzer:
    """Reads one sequence with the network that is shown."""

    def __init__(self, task: GrammarTask, trainers: Sequence[Trainer], setup: ShapeSetup) -> None:
        self._task, self._trainer = task, trainers[setup.shown]
        self._model = self._trainer.model
        block = task.block(0, setup.seed)
        self._inputs = np.concatenate(list(block.x[: -(-SEQUENCES // task.batch_size)]), axis=1)
        self._measured_at, self._measured_update = -float("inf"), -1
        self._memory: Memory | None = None

    def read(self, sample_choice: SampleChoice, complete: bool = False) -> SampleAnalysis:
        """Symbols, states, guesses; what the layers remember now if `complete`, else what they did a moment ago."""
        task, refused, unread = self._task, False, list[str]()
        example = task.example(sample_choice.number, "held_out")
        ids, known = np.append(example.x[:, 0], example.targets[-1:, 0]), STEPS
        steps = known
        if sample_choice.split == "typed":
            words = list(task.symbols_of(sample_choice.typed.lower().replace(".", " . ")))[: figures.MOST_COLUMNS]
            typed = [task.vocabulary.index(word) for word in words if word in task.vocabulary]
            unread = [word for word in words if word not in task.vocabulary]
            if typed:
                ids, steps, known = np.array(typed, np.int32), len(typed), len(typed) - 1
            else:
                refused = True
        trace, gradient = self._model.forward(ids[:steps, None]), None
        if known:
            wanted, mask = np.zeros((steps, 1), np.int32), (np.arange(steps) < known).astype(np.float32)[:, None]
            wanted[:known, 0] = ids[1 : known + 1]
            gradient = gradient_norms(self._model.backward(ids[:steps, None], wanted, mask=mask))
        chains = tuple(Chain(states[1:, 0], layer) for layer, states in enumerate(trace.hidden))
        diagram = Diagram(
            inputs=shown(ids[:steps], task.vocabulary),
            chains=chains,
            outputs=shown(there(trace.probs)[:, 0].argmax(axis=-1), task.vocabulary),
            wanted=shown(ids[1 : known + 1], task.vocabulary) + ("",) * (steps - known),
            gradient=gradient,
        )
        update = self._trainer.update
        if update != self._measured_update and (complete or time.monotonic() - self._measured_at >= MEASURE_EVERY):
            hidden = self._model.forward(self._inputs).hidden
            self._memory = Memory(memory(hidden, self._inputs, LAGS))
            self._measured_update, self._measured_at = update, time.monotonic()
        return SampleAnalysis(diagram, self._memory, refused, tuple(unread))


analyzer = Analyzer


def figure(view: ShapeView, theme: Theme, translate: Translate) -> go.Figure:
    """How far back each layer remembers."""
    return figures.memory(view.finding, theme=theme, translate=translate)


def guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read it."""
    found: Memory = view.finding
    messages = [
        _("For each layer: the share (R²) of the word that many steps back which a linear guess from the layer's "
          "state explains, on "
          "sequences that the guess was not fitted to. At 1 it can be read off, at 0 it is gone, or not there in "
          "a linear form."),
    ]  # fmt: skip
    for layer, row in enumerate(found.shares):
        messages.append(
            _("Layer {layer}: {now:.2f} for the present word, {before:.2f} for the one before.").format(
                layer=layer + 1, now=float(row[0]), before=float(row[1])
            )
        )
    return messages


def table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """The numbers of the curves."""
    found: Memory = view.finding
    shares = found.shares
    rows: dict[str, list[Any]] = {_("steps back"): list(range(shares.shape[1]))}
    for layer, row in enumerate(shares):
        rows[_("layer {layer}").format(layer=layer + 1)] = column(row, 3)
    return rows
