"""The state is a number that every step computes from the input and from the state before; it stores no symbols."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import FixedBatches
from ui.course.figures import guessed_numbers
from ui.course.lesson import Answers, Attempt, Control, Door, Lesson, Misconception, NumberGuess, Progress, Task
from ui.course.training import in_parts
from ui.i18n import N_, Translate
from ui.theme import Theme

WEIGHT, STEPS, ASKED = 0.5, 11, 5  # of W; steps that are read; the step that is asked for
UPDATES, RATE, SEQUENCES = 400, 0.01, 16
LIKE_ONE = 0.05  # so near to 1 W has learned to hold


class Measured(NamedTuple):
    """One ReLU unit with U = 1 that reads a 1 and then zeros."""

    weight: float  # W, as it was given
    states: np.ndarray  # (T,) s_0 ... with that W
    holding: np.ndarray  # (T,) with W = 1
    turning: np.ndarray  # (T,) with W = -1
    errors: tuple[float, float]  # squared error of holding a number: before training from W = `weight`, and after
    learned: float  # W after training
    updates: int


def unit(weight: float, seed: int = 0) -> Model:
    """One ReLU unit, U = V = 1."""
    model = Model(ModelConfig("rnn_relu", 1, 1, 1, bias=False, loss="mse", seed=seed))
    model.load_state_dict({"weight_ih_l0": [[1.0]], "weight_hh_l0": [[weight]], "weight_ho": [[1.0]]})
    return model


def states(weight: float) -> np.ndarray:
    """(T,): s_0 ... after a single 1 at t = 0."""
    x = np.zeros((STEPS, 1, 1))
    x[0] = 1.0
    return unit(weight).forward(x).hidden[0, 1:, 0, 0]


def run(seed: int, weight: float = WEIGHT) -> Iterator[Progress]:
    """Read a 1 with three values of W; then train the unit to hold whatever number it is given."""
    rng = np.random.default_rng(seed)
    x = np.zeros((STEPS, SEQUENCES, 1), np.float32)
    x[0] = rng.uniform(0.2, 1.5, (SEQUENCES, 1))
    task = FixedBatches([(x, np.repeat(x[:1], STEPS, axis=0))], output="every", loss="mse")
    trainer = Trainer(unit(weight, seed), task, TrainConfig(learning_rate=RATE))
    curve, before = [(0, trainer.evaluate())], states(weight)
    for share in in_parts(trainer, UPDATES):
        curve.append((trainer.update, trainer.evaluate()))
        now = float(trainer.model.state_dict()["weight_hh_l0"][0, 0])
        yield Progress(share, _shown(curve, now))
    learned = float(trainer.model.state_dict()["weight_hh_l0"][0, 0])
    measured = Measured(weight, before, states(1.0), states(-1.0), (curve[0][1], curve[-1][1]), learned, trainer.update)
    yield Progress(1.0, _shown(curve, learned), measured)


def _shown(curve: list[tuple[int, float]], weight: float) -> dict[str, Any]:
    return {"losses": tuple(zip(*curve, strict=True)), "squared": True, "numbers": {"W": weight}}


def truth(measured: Measured) -> dict[str, float]:
    """s_5 of the three units."""
    return {
        "half": float(measured.states[ASKED]),
        "one": float(measured.holding[ASKED]),
        "minus": float(measured.turning[ASKED]),
    }


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """The state five steps after the 1, for each W."""
    found = {} if measured is None else truth(measured)
    weight = WEIGHT if measured is None else measured.weight
    rows = [
        (f"W = {value:g}".replace("-", "−"), answers.get(name), found.get(name))
        for name, value in (("half", weight), ("one", 1.0), ("minus", -1.0))
    ]
    low, high = -1.1, max(1.1, 1.1 * max(found.values(), default=1.0))
    return guessed_numbers(rows, title=_("state s₅"), theme=theme, translate=_, bounds=(low, high))


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    values = measured._asdict() | {name: float(value[ASKED]) for name, value in (
        ("state", measured.states), ("held", measured.holding), ("turned", measured.turning))}  # fmt: skip
    values |= {"before": measured.errors[0], "after": measured.errors[1]}
    sentences = [
        _(
            "$s_0 = 1$. From then on the input is 0, and every step multiplies the state by $W$, so $s_5 = W^5$: with "
            "$W$ = {weight:g} it was {state:.4g}. Nowhere is the 1 kept; there is only this one number."
        ).format(**values)
        if measured.weight >= 0
        else _(
            "$s_0 = 1$. At the next step $W s_0$ = {weight:g} is below zero, and ReLU makes it 0: $s_5$ = {state:.4g}. "
            "Nowhere is the 1 kept; there is only this one number."
        ).format(**values),
        _(
            "With $W = 1$ it was {held:.4g}: multiplying by 1 changes nothing, and the number stays. With $W = −1$ it "
            "was {turned:.4g}: $W s_0$ is negative, ReLU cuts it off at 0, and from 0 nothing comes back."
        ).format(**values),
    ]
    holds = abs(measured.learned - 1) < LIKE_ONE
    sentences.append(
        _(
            "Then the unit was trained to say at every step which number it had read at the first. From $W$ = "
            "{weight:g} it came to $W$ = {learned:.3f} by update {updates:,}: it found the multiplication by 1, and "
            "the squared error went from {before:.2g} to {after:.2g}."
        ).format(**values)
        if holds
        else _(
            "Then the unit was trained to say at every step which number it had read at the first. From $W$ = "
            "{weight:g} it came to $W$ = {learned:.3f} by update {updates:,}, not to 1; the squared error went from "
            "{before:.2g} to {after:.2g}."
        ).format(**values)
    )
    return sentences


def _held_for_ten(attempt: Attempt) -> bool:
    return bool((attempt.measured.states[:11] > 0.9).all() and (attempt.measured.states[:11] < 1.1).all())


WHOLE = Misconception(
    N_(
        "A state of 1 would mean that the unit stores what it has read. It stores nothing: each step computes a new "
        "number from the old one, here by one multiplication."
    ),
    low=0.9,
    high=1.0,
)
LESSON = Lesson(
    name="state",
    title=N_("A number that remembers"),
    question=N_("What is left of the first input after five steps?"),
    claim=N_(
        "The state $s_t$ is the memory of the network. Each step computes it again from the input and from the state "
        "before: $s_t = f(U x_t + W s_{t-1})$, where $f$ is a function such as tanh or ReLU. Before the first step "
        "there is nothing to remember: $s_{−1} = 0$. The output of a step is computed from $s_t$ alone. Take the "
        "smallest case: one unit, $f$ = ReLU (negative numbers become 0), $U = 1$. It reads a single 1 at $t = 0$ and "
        "zeros ever after. What is left of the 1 at $t = 5$?"
    ),
    misconception=N_("The state is a store in which the symbols read so far lie."),
    guesses=(
        NumberGuess("half", N_("s₅ with W = 0.5"), -1, 1, "", False, 0.5, (WHOLE,),
                    above=N_("You expected more than was left: each step multiplies the state by 0.5 once more, and "
                             "after five steps that is 0.5⁵, about 3%."),
                    below=N_("You expected less than was left: a number above 0 that is multiplied by 0.5 gets "
                             "smaller, and stays above 0.")),
        NumberGuess("one", N_("s₅ with W = 1"), -1, 1, "", False, 0.5, (
            Misconception(N_("Forgetting is not built in: what a step multiplies by 1 stays as it is."),
                          low=-1, high=1),)),
        NumberGuess("minus", N_("s₅ with W = −1"), -1, 1, "", False, 0.5, (
            Misconception(N_("Without f the state would swing between 1 and −1. But ReLU turns the first −1 into 0, "
                             "and 0 times W stays 0."), low=-1, high=0),
            Misconception(N_("The signs cannot cancel in pairs: the first negative number has already become 0."),
                          low=0, high=1),)),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(Control("weight", N_("W of the first unit"), WEIGHT, -1.5, 1.5, 0.01),),
    tasks=(
        Task(N_("Let the unit hold the 1 for ten steps, between 0.9 and 1.1."), _held_for_ten),
        Task(
            N_("Let it fade, but not vanish at once: s₅ between 0.001 and 0.01."),
            lambda attempt: bool(0.001 < attempt.measured.states[ASKED] < 0.01),
        ),
        Task(N_("Let the memory explode: s₁₀ above 50."), lambda attempt: bool(attempt.measured.states[10] > 50)),
    ),
    door=Door("unroll", {"sentence": f"1{ASKED * '0'}", "symbols": "characters", "unrolled_cell": "rnn_relu",
                         "units": "1", "changes": f"U.0.0=1.0~U.0.1=0.0~W.0.0={WEIGHT}"}),
)  # fmt: skip
