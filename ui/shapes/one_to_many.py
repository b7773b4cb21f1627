"""One to many: one symbol starts a sequence. Here a digit is drawn, pen stroke by pen stroke."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Trainer
from rnn_core.tasks.strokes import DIGITS
from ui.charts.formatting import column
from ui.i18n import N_, Translate
from ui.shapes import figures
from ui.shapes.records import Chain, Diagram, Network, ShapeSetup, ShapeView
from ui.shapes.sample import SampleAnalysis, gradient_norms
from ui.theme import Theme
from ui.training.snapshot import SampleChoice

TITLE = N_("One to many: one symbol starts a sequence")
STORY = N_(
    "The network reads one digit, once. From then on nothing new enters: at every step the state alone says "
    "where the pen goes and whether it touches the paper (●) or moves above it (○)."
)
TYPE = N_("The digit to draw")
HELP = N_("From 0 to 9.")
EXERCISE = (
    N_("Which part of a digit is learned first, which last? Start over and watch the ten drawings; explain it "
       "with the path that the gradient has to go back."),
    N_("After the first step all ten digits have the same inputs. Compare the state columns of 3 and 8 step by step: "
       "where do they differ most?"),
    N_("Reduce the hidden units until two digits come out alike. How many units does it need to tell ten digits "
       "apart for 24 steps?"),
)  # fmt: skip
NEEDED = N_("A digit is needed.")
ALT = N_("The ten digits as the network draws them now, and their targets.")
HEADING = N_("All ten digits, drawn now")
SUMMARY = 1  # which sentence of the guide is always visible


class Drawings(NamedTuple):
    """All ten digits."""

    drawn: np.ndarray  # (T, 10, 3) x, y, pen
    meant: np.ndarray  # (T, 10, 3)
    legible: np.ndarray  # (10,) bool: nearest to the digit that was asked for
    digit: int


def setup(values: Mapping[str, Any], code: str) -> ShapeSetup:
    """Digits in 24 points."""
    return ShapeSetup("one_to_many", "strokes", (Network(values["cell"], values["units"]),), (), values["seed"])


class Analyzer:
    """Has all ten digits drawn."""

    def __init__(self, task: Any, trainers: Sequence[Trainer], _setup: ShapeSetup) -> None:
        self._task, self._model = task, trainers[0].model
        self._asked = np.concatenate([task.read(digit) for digit in range(len(DIGITS))], axis=1)

    def read(self, sample_choice: SampleChoice, complete: bool = False) -> SampleAnalysis:
        """The digit that is chosen, and all of them."""
        digit, task = sample_choice.number % len(DIGITS), self._task
        trace = self._model.forward(self._asked)
        drawn, meant = trace.logits, task.drawings.swapaxes(0, 1)
        distances = np.square(drawn[:, :, None] - meant[:, None]).sum(axis=(0, 3))
        legible = distances.argmin(axis=1) == np.arange(len(DIGITS))
        pen = tuple("●" if down else "○" for down in drawn[:, digit, 2] > 0.5)
        diagram = Diagram(
            inputs=(DIGITS[digit],) + ("",) * (len(pen) - 1),
            chains=(Chain(trace.hidden[0, 1:, digit]),),
            outputs=pen,
            wanted=("",) * len(pen),
            gradient=gradient_norms(self._model.backward(self._asked[:, digit, None], meant[:, digit, None])),
        )
        return SampleAnalysis(diagram, Drawings(drawn, meant, legible, digit))


analyzer = Analyzer


def figure(view: ShapeView, theme: Theme, translate: Translate) -> go.Figure:
    """All ten drawings."""
    return figures.drawings(view.finding, theme=theme, translate=translate)


def guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read them."""
    found = view.finding
    return [
        _("The line is what the network draws now, where its pen is down; dotted, the target, without the noise "
          "of the training data."),
        _("{count} of the ten drawings are most like the digit that was asked "
          "for.").format(count=int(found.legible.sum())),
        _("Random noise was added to each point of the training data. The best a network can do is draw the "
          "mean, with the loss {best:.3g} that is left.").format(best=view.best or 0.0),
    ]  # fmt: skip


def table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """The chosen digit's points."""
    drawn, meant = view.finding.drawn[:, view.finding.digit], view.finding.meant[:, view.finding.digit]
    return {
        _("step t"): list(range(len(drawn))),
        "x": column(drawn[:, 0], 3),
        "y": column(drawn[:, 1], 3),
        _("pen"): column(drawn[:, 2], 3),
        _("x, target"): column(meant[:, 0], 3),
        _("y, target"): column(meant[:, 1], 3),
        _("pen, target"): column(meant[:, 2], 3),
    }
