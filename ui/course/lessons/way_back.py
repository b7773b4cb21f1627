"""Backpropagation through time: the loss of one step has a gradient by every earlier state, not by its own alone."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Model, check_gradients
from rnn_core.analysis.reach import flow_matrix
from rnn_core.analysis.shares import recurrent_terms, shares_of
from rnn_core.tasks import TEXTS
from ui.charts.formatting import typographic
from ui.course.figures import guessed_curve
from ui.course.lesson import Answers, Axis, Control, CurveGuess, Door, Lesson, Progress, Task
from ui.course.training import in_parts
from ui.i18n import N_, Translate, join_sentences
from ui.theme import Theme
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training

STEPS, UPDATES, UNITS, ENTRIES = 25, 500, 32, 30
LOWEST, HIGHEST = 1e-4, 10.0  # of the chart


class Measured(NamedTuple):
    """||d loss / d s_t|| over t for the loss of the last step alone, as shares of the last step's."""

    before: np.ndarray  # (T,) before the first update
    after: np.ndarray  # (T,)
    last_part: float  # of dL/dW of that loss: what the last step's term makes up
    error: float  # the largest relative error of a gradient against differences
    losses: tuple[float, float]
    updates: int


def curve(model: Model, x: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(T,): the last row of the matrix of page Gradients, divided by its last entry."""
    row = flow_matrix(model, x, targets)[-1]
    return row / row[-1]


def run(seed: int, updates: int = UPDATES, cell: str = "rnn_tanh") -> Iterator[Progress]:
    """Train on a text; the gradient of the last loss by every state, before and after."""
    options = (("batch_size", 16), ("sequence_length", STEPS), ("text", TEXTS["river_en"].text))
    trainer = new_trainer(Setup("text", options, cell=cell, hidden_size=UNITS, seed=seed), Training())
    batch = trainer.task.held_out()
    x, targets = batch.x[:, :1], batch.targets[:, :1]
    before, first = curve(trainer.model, x, targets), trainer.evaluate()
    for share in in_parts(trainer, updates):
        trace = trainer.model.backward(x, targets)
        numbers = {N_("share left at t = 0"): float(curve(trainer.model, x, targets)[0])}
        yield Progress(share, {"trace": trace, "vocabulary": trainer.task.vocabulary, "numbers": numbers})
    mask = np.zeros((STEPS, 1), np.float32)
    mask[-1] = 1
    part = shares_of(list(recurrent_terms(trainer.model.backward(x, targets, mask=mask)))).part[-1]
    errors = check_gradients(trainer.model, x, targets, mask=mask, entries=ENTRIES, seed=seed)
    after = curve(trainer.model, x, targets)
    losses = first, trainer.evaluate()
    yield Progress(1.0, {}, Measured(before, after, float(part), max(errors.values()), losses, trainer.update))


def truth(measured: Measured) -> dict[str, np.ndarray]:
    """The curve of the trained network."""
    return {"curve": measured.after}


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """The curve that was drawn, and those of the trained and of the untrained network."""
    curves = []
    if measured is not None:
        curves = [(_("measured, after training"), measured.after), (_("before training"), measured.before)]
        if not measured.updates:  # both are the same network
            curves = [(_("measured, not trained"), measured.after)]
    return guessed_curve(
        list(range(STEPS)),
        answers.get("curve"),
        curves,
        titles=(_("step t"), _("‖∂L/∂sₜ‖, as a share of the last step’s (log)")),
        bounds=((-0.5, STEPS - 0.5), (LOWEST, HIGHEST)),
        logarithmic=True,
        theme=theme,
        translate=_,
    )


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    before, after = measured.before, measured.after
    values: dict[str, Any] = {"before": typographic(f"{before[0]:.1e}"), "after": typographic(f"{after[0]:.1e}")}
    values |= {"next": float(after[-2]), "steps": STEPS}
    values |= {"last": measured.last_part, "error": typographic(f"{measured.error:.1e}"), "updates": measured.updates}
    if after[-2] > 1:
        shape = _("One step before the last it was {next:.2f} times as large as at the last: it can also grow.")
    else:
        shape = _("One step before the last {next:.0%} of it were left.")
    if not measured.updates:
        change = _("Nothing was trained here.")
    elif after[0] > 10 * before[0]:
        change = _("Training has carried it farther.")
    elif after[0] < before[0] / 10:
        change = _("Training has made it fade faster.")
    else:
        change = _("Training has changed that by less than a factor of ten.")
    return [
        join_sentences(
            _(
                "Only the last of {steps} steps had a loss, and yet every state got a gradient. At step 0 there was "
                "{before} of the last step's before training, and {after} at update {updates:,}."
            ).format(**values),
            shape.format(**values),
            change,
        ),
        _(
            "The weights learn from all of them: the last step made up {last:.0%} of ∂L/∂W, the other steps together "
            "the rest. This sum over the steps is what backpropagation through time adds to backpropagation."
        ).format(**values),
        _(
            "This can be checked: up to {count} numbers of every weight were moved a little, up and down, and the loss "
            "was computed again. The largest relative difference from backpropagation was {error}."
        ).format(count=ENTRIES, **values),
    ]


def _last_alone(drawn: Sequence[float]) -> bool:
    return drawn[-2] < 0.02 and drawn[0] < 0.02


def _all_alike(drawn: Sequence[float]) -> bool:
    return min(drawn) > 0.5


def _rising_to_the_left(drawn: Sequence[float]) -> bool:
    return drawn[0] > 2 * drawn[-1]


LESSON = Lesson(
    name="way_back",
    title=N_("The way back"),
    question=N_("Which steps feel a loss at the very end?"),
    claim=N_(
        "A recurrent network is trained like any other, with backpropagation, but with a twist. Because all steps "
        "share the parameters, the gradient at one output depends not only on that step but on the earlier ones: for "
        "the loss of step $t$ one goes back through $s_t, s_{t-1}, s_{t-2}, \\dots$ and adds up the gradients. This is "
        "backpropagation through time (BPTT). A tanh network reads 25 letters of the poem. Only the last step has a "
        "loss. Draw how large its gradient with respect to the state is at each step of the trained network, as "
        "a share of what it is at the last step."
    ),
    misconception=N_("A loss changes only the step at which it arises."),
    guesses=(
        CurveGuess(
            "curve",
            N_("‖∂L/∂sₜ‖ for a loss at the last step alone"),
            Axis(N_("step t"), 0, STEPS - 1),
            Axis(N_("share of the last step’s"), LOWEST, HIGHEST, True),
            tuple(float(step) for step in range(STEPS)),
            0.4,
            (
                (_last_alone, N_("The last state was computed from the one before, that one from its predecessor: the "
                                 "loss depends on all of them, so none of their gradients is zero at once.")),
                (_all_alike, N_("The loss depends on every state, but not on all alike: each step back multiplies the "
                                "gradient by another factor.")),
                (_rising_to_the_left, N_("A gradient that grows on its way back is possible (it explodes), but it "
                                         "needs factors above 1; tanh and its slope make them smaller.")),
            ),
            above=N_("On average your curve lies above the measured one: less of the gradient is left than you drew, "
                     "for the factors of all steps back are multiplied."),
            below=N_("On average your curve lies below the measured one: more of the gradient is left than you drew, "
                     "for the factor of one step need not be far below 1."),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(
        Control("updates", N_("Updates"), UPDATES, 0, 2000, 50),
        Control("cell", N_("Cell"), "rnn_tanh", options=(
            ("rnn_tanh", N_("RNN (tanh)")), ("rnn_relu", N_("RNN (ReLU)")))),
    ),
    tasks=(
        Task(N_("Let less than a ten-thousandth reach step 0."),
             lambda attempt: bool(attempt.measured.after[0] < 1e-4)),
        Task(N_("Let more than 5% reach step 0."), lambda attempt: bool(attempt.measured.after[0] > 0.05)),
        Task(
            N_("Find a trained network in which no earlier state has a larger gradient than the last."),
            lambda attempt: attempt.measured.updates > 0 and bool(attempt.measured.after[:-1].max() < 1),
        ),
    ),
    door=Door("gradients", {"data": "river_en"}),
)  # fmt: skip
