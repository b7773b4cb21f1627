"""How many steps back the loss of a trained network still feels a state: a few, though nothing forbids more."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Trainer
from rnn_core.analysis.reach import Decay, decay, flow_matrix
from rnn_core.tasks import TEXTS
from ui.course.figures import guessed_numbers
from ui.course.lesson import Answers, Control, Door, Lesson, Misconception, NumberGuess, Progress, Task
from ui.course.training import in_parts
from ui.i18n import N_, Translate, join_sentences
from ui.theme import Theme
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training

STEPS, UPDATES = 40, 500
RADII = (0.0, 0.5, 0.9, 1.0, 1.1, 1.5)


class Measured(NamedTuple):
    """Gradients of a network on one held-out sequence: ||d loss_t / d s_k||, and how they decay with t - k."""

    flow: np.ndarray  # (T, T), after training
    before: Decay  # before the first update
    after: Decay
    losses: tuple[float, float]  # held out, before and after
    updates: int

    @property
    def steps(self) -> int:
        """T."""
        return len(self.flow)


def decay_of(trainer: Trainer) -> tuple[np.ndarray, Decay]:
    """The matrix of page Gradients on the first held-out sequence, and its decay."""
    batch = trainer.task.held_out()
    flow = flow_matrix(trainer.model, batch.x[:, :1], batch.targets[:, :1])
    return flow, decay(flow)


def run(seed: int, updates: int = UPDATES, init: str = "uniform", spectral_radius: float = 0.0) -> Iterator[Progress]:
    """Train a plain network on a text; how fast the gradient of a loss falls along its way back, before and after."""
    options = (("batch_size", 16), ("sequence_length", STEPS), ("text", TEXTS["river_en"].text))
    radius = spectral_radius or None  # 0: as it was drawn
    trainer = new_trainer(Setup("text", options, init=init, spectral_radius=radius, seed=seed), Training())
    batch, (_flow, before) = trainer.task.held_out(), decay_of(trainer)
    points = [(0, trainer.evaluate())]
    for share in in_parts(trainer, updates):
        points.append((trainer.update, trainer.evaluate()))
        now = decay_of(trainer)[1]
        trace = trainer.model.backward(batch.x[:, :1], batch.targets[:, :1])
        numbers = {N_("steps to a half"): lag_of(now.half, STEPS), N_("steps to 1%"): lag_of(now.hundredth, STEPS)}
        yield Progress(share, {"numbers": numbers, "trace": trace, "vocabulary": trainer.task.vocabulary})
    flow, after = decay_of(trainer)
    yield Progress(1.0, {}, Measured(flow, before, after, (points[0][1], points[-1][1]), trainer.update))


def lag_of(lag: int | None, steps: int) -> int:
    """The number of steps; that of the whole sequence where the gradient never falls so far."""
    return steps if lag is None else lag


def truth(measured: Measured) -> dict[str, float]:
    """Steps to a half and to 1%, at most those of the sequence."""
    return {
        "half": lag_of(measured.after.half, measured.steps),
        "hundredth": lag_of(measured.after.hundredth, measured.steps),
    }


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """Steps to a half and to 1%, before training and after."""
    found = {} if measured is None else truth(measured)
    rows = [
        (_("down to a half"), answers.get("half"), found.get("half")),
        (_("down to 1%"), answers.get("hundredth"), found.get("hundredth")),
    ]
    if measured is not None:
        earlier = measured.before.half, measured.before.hundredth
        rows += [
            (name, None, lag_of(lag, measured.steps))
            for name, lag in zip((_("a half, untrained"), _("1%, untrained")), earlier, strict=True)
        ]
    title = _("steps back, of a sequence of {steps}").format(steps=STEPS)
    return guessed_numbers(rows, title=title, theme=theme, translate=_, bounds=(0, STEPS + 1))


def steps_in_words(lag: int | None, steps: int, _: Translate) -> str:
    """A number of steps in words."""
    if lag is None:
        return _("not within {steps} steps").format(steps=steps - 1)
    return _("after 1 step") if lag == 1 else _("after {lag} steps").format(lag=lag)


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    before, after, steps = measured.before, measured.after, measured.steps
    values = {
        "half": steps_in_words(after.half, steps, _),
        "hundredth": steps_in_words(after.hundredth, steps, _),
        "earlier_half": steps_in_words(before.half, steps, _),
        "earlier_hundredth": steps_in_words(before.hundredth, steps, _),
        "factor": after.factor,
        "updates": measured.updates,
        "steps": steps,
    }
    grew = [
        lag_of(now, steps) - lag_of(earlier, steps)
        for now, earlier in ((after.half, before.half), (after.hundredth, before.hundredth))
    ]
    sentences = [
        _(
            "In the trained network the gradient of a loss with respect to the state falls on its way back: to a "
            "half {half}, to 1% {hundredth}; on average every step multiplied it by {factor:.2f}. What a network "
            "should learn to keep for longer, it must learn from that remainder."
        ).format(**values)
        if after.factor < 1 and measured.updates
        else _(
            "In this untrained network the gradient of a loss with respect to the state falls on its way back: "
            "to a half {half}, to 1% {hundredth}; on average every step multiplied it by {factor:.2f}. What it should "
            "learn to keep for longer, it would have to learn from that remainder."
        ).format(**values)
        if after.factor < 1
        else _(
            "In this network the gradient of a loss with respect to the state does not fall on average: every step "
            "back multiplied it by {factor:.2f}. It falls to a half {half}, to 1% {hundredth}."
        ).format(**values)
    ]
    earlier = _("Before training: to a half {earlier_half}, to 1% {earlier_hundredth}.").format(**values)
    if not measured.updates:
        change = _("Nothing was trained here, so both are the same network.")
    elif min(grew) < 0 < max(grew):
        change = _("Training made one of the two distances longer and the other shorter.")
    elif max(grew) > 0:
        change = _("Training made it reach farther.")
    elif min(grew) < 0:
        change = _("Training made it reach less far.")
    else:
        change = _("Training did not change how far it reaches.")
    return [
        *sentences,
        join_sentences(earlier, change),
        _(
            "Nothing in $s_t = f(U x_t + W s_{{t-1}})$ sets a limit: the state may depend on all {steps} letters. The "
            "limit lies in what is left of the gradient. It is a measured number: another network or another text "
            "gives another one."
        ).format(**values),
    ]


LESSON = Lesson(
    name="reach",
    title=N_("How far does it reach?"),
    question=N_("How many steps back can a network still learn from?"),
    claim=N_(
        "In theory the state $s_t$ can use information from arbitrarily long sequences: it depends on $s_{t-1}$, that "
        "on $s_{t-2}$, and so on to the first step. In practice a plain network looks back only a few steps. Training "
        "can make $s_k$ keep something for the loss of step $t$ only if that loss depends on it: if the gradient "
        "$\\partial L_t / \\partial s_k$ is not vanishingly small. A tanh network with 32 units is trained on the "
        "poem, in sequences of 40 letters. After how many steps back is half of this gradient left, and after how many "
        "1%?"
    ),
    misconception=N_("What has no limit in theory has none in practice."),
    guesses=(
        NumberGuess(
            "half", N_("Steps back until the gradient is down to a half"), 1, STEPS, "", True, 1.0,
            (Misconception(N_("Without a limit in the formula there still is one in the numbers: a product of many "
                              "factors below 1 is soon small."), low=5, high=STEPS),),
            whole=True,
            below=N_("You expected the gradient to fall faster than was measured: on average a step back leaves most "
                     "of it, so it takes several to halve it."),
        ),
        NumberGuess(
            "hundredth", N_("Steps back until it is down to 1%"), 1, STEPS, "", True, 1.0,
            (Misconception(N_("A few steps are not none: the network was trained on such sequences, and its factor "
                              "per step need not be far below 1."), low=1, high=6),),
            whole=True,
            below=N_("You expected the gradient to fall faster than was measured: each step back takes a share of what "
                     "is left, so 1% is reached much later than a half."),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(
        Control("updates", N_("Updates"), UPDATES, 0, 2000, 50),
        Control("init", N_("Initialisation of W"), "uniform", options=(
            ("uniform", N_("uniform")), ("orthogonal", N_("orthogonal")), ("identity", N_("identity")))),
        Control("spectral_radius", N_("Spectral radius of W at the start"), 0.0, options=tuple(
            (radius, f"{radius:g}" if radius else N_("unscaled")) for radius in RADII)),
    ),
    tasks=(
        Task(
            N_("Bring the reach to 1% above 20 steps with at most 100 updates."),
            lambda attempt: (
                attempt.measured.updates <= 100 and lag_of(attempt.measured.after.hundredth, STEPS) > 20
            ),
        ),
        Task(
            N_("Make the network forget half within 1 step."), lambda attempt: attempt.measured.after.half == 1
        ),
        Task(
            N_("Let training make the reach to 1% at least five times as long."),
            lambda attempt: (
                lag_of(attempt.measured.after.hundredth, STEPS) >= 5 * lag_of(attempt.measured.before.hundredth, STEPS)
            ),
        ),
    ),
    door=Door("gradients", {"data": "river_en", "text_sequence_length": "40"}),
)  # fmt: skip
