"""On its way back through a step the gradient is multiplied by W and by f': over many steps it vanishes or explodes."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Model, Trainer
from rnn_core.analysis.jacobians import spectrum
from rnn_core.analysis.reach import flow_matrix
from rnn_core.tasks import TEXTS
from ui.course.figures import guessed_numbers
from ui.course.lesson import Answers, ChoiceGuess, Control, Door, Lesson, Misconception, NumberGuess, Progress, Task
from ui.course.training import in_parts
from ui.i18n import N_, Translate
from ui.settings.choices import OPTIMIZER_NAMES
from ui.theme import Theme
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training

SMALL, LARGE, LAG, UPDATES = 0.5, 1.5, 20, 200
OPTIMIZERS = (("sgd", 0.1), ("adam", 0.01))  # with their learning rates
SAME = 0.5  # powers of ten: so near two numbers are said to be alike


class Chain(NamedTuple):
    """One network with W = scale times an orthogonal matrix; powers of ten over LAG steps."""

    scale: float
    linear: float  # by which W alone multiplies the gradient
    tanh: float  # by which the network does that reads a text
    bound: float  # the largest singular value of W, to the power of LAG
    trained: tuple[tuple[str, float], ...]  # (optimiser, the same as `tanh` after training with it)


class Measured(NamedTuple):
    """The two networks: W below 1 and above."""

    small: Chain
    large: Chain
    updates: int

    @property
    def taken(self) -> str:
        """Effect of tanh on the growth of the larger one."""
        left = self.large.tanh
        if abs(left - self.large.linear) < SAME:
            return "same"
        return "less" if left > 0 else "vanishes"


def powers(model: Model, x: np.ndarray, targets: np.ndarray) -> float:
    """By how many powers of ten the gradient of the last loss changes over the LAG steps before it."""
    row = flow_matrix(model, x, targets)[-1]
    with np.errstate(divide="ignore"):
        return float(np.log10(row[-1 - LAG] / row[-1]))


def trainer_of(scale: float, seed: int, optimizer: str = "adam", rate: float = 0.01) -> Trainer:
    """A plain network that reads the poem, W = scale times an orthogonal matrix."""
    options = (("batch_size", 16), ("sequence_length", LAG + 1), ("text", TEXTS["river_en"].text))
    setup = Setup("text", options, init="orthogonal", spectral_radius=scale, seed=seed)
    return new_trainer(setup, Training(optimizer=optimizer, learning_rate=rate))


def chain(scale: float, seed: int) -> Chain:
    """The network before its first update."""
    trainer = trainer_of(scale, seed)
    batch, model = trainer.task.held_out(), trainer.model
    silent = np.zeros((LAG + 1, 1, trainer.task.input_size), np.float32)
    still = model.copy()  # without biases and inputs every state is 0, where tanh has the slope 1
    still.load_state_dict({k: v * (0 if "bias" in k else 1) for k, v in model.state_dict().items()})
    return Chain(
        scale,
        powers(still, silent, batch.targets[:, :1]),
        powers(model, batch.x[:, :1], batch.targets[:, :1]),
        LAG * math.log10(float(spectrum(model).largest[0])),
        (),
    )


def run(seed: int, small: float = SMALL, large: float = LARGE) -> Iterator[Progress]:
    """Measure both networks before their first update; then train the first with two optimisers."""
    chains = [chain(scale, seed) for scale in (small, large)]
    trained = []
    for number, (optimizer, rate) in enumerate(OPTIMIZERS):
        trainer = trainer_of(small, seed, optimizer, rate)
        batch, points = trainer.task.held_out(), []
        for share in in_parts(trainer, UPDATES, parts=20):
            points.append((trainer.update, trainer.evaluate()))
            shown = {"losses": tuple(zip(*points, strict=True)), "network": OPTIMIZER_NAMES[optimizer]}
            yield Progress((number + share) / 2, shown)
        trained.append((optimizer, powers(trainer.model, batch.x[:, :1], batch.targets[:, :1])))
    measured = Measured(chains[0]._replace(trained=tuple(trained)), chains[1], trainer.update)
    yield Progress(1.0, {}, measured)


def truth(measured: Measured) -> dict[str, float | str]:
    """Powers of ten by which W alone multiplies the gradient, and what tanh leaves of the growth."""
    return {"small": measured.small.linear, "large": measured.large.linear, "tanh": measured.taken}


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """Powers of ten over the steps: W alone, with tanh, after training."""
    chains = (None, None) if measured is None else (measured.small, measured.large)
    name = _("{part}, W = {scale:g} Q")
    rows = []
    for key, scale, found in zip(("small", "large"), (SMALL, LARGE), chains, strict=True):
        scale = scale if found is None else found.scale
        rows.append((name.format(part=_("W alone"), scale=scale), answers.get(key), found and found.linear))
        if found is not None:
            rows.append((name.format(part="tanh", scale=scale), None, found.tanh))
            rows += [
                (_("tanh, trained with {optimizer}").format(optimizer=OPTIMIZER_NAMES[optimizer]), None, value)
                for optimizer, value in found.trained
            ]
    values = [value for _name, *pair in rows for value in pair if value is not None and math.isfinite(value)]
    bounds = (min([-10.0, *values]) - 0.5, max([10.0, *values]) + 0.5)
    title = _("change of the gradient over {lag} steps, in powers of ten").format(lag=LAG)
    return guessed_numbers(rows, title=title, theme=theme, translate=_, bounds=bounds)


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    small, large = measured.small, measured.large
    values = {"lag": LAG, "small": small.scale, "large": large.scale, "updates": measured.updates}
    values |= {"by_small": small.linear, "by_large": large.linear, "tanh_small": small.tanh, "tanh_large": large.tanh}
    values |= {"bound": large.bound, "taken": large.linear - large.tanh}
    values |= {f"after_{optimizer}": value for optimizer, value in small.trained}
    tanh = {
        "same": _("With tanh the second changed it by {tanh_large:+.1f} powers of ten, nearly the same."),
        "less": _(
            "With tanh, on the poem, the second changed it by {tanh_large:+.1f} powers of ten only: every step also "
            "multiplies by $f' = 1 - s_t^2$, which is below 1 wherever a unit has left zero. That took away "
            "{taken:.1f} powers of ten."
        ),
        "vanishes": _(
            "With tanh, on the poem, the second changed it by {tanh_large:+.1f} powers of ten: every step also "
            "multiplies by $f' = 1 - s_t^2$, below 1 wherever a unit has left zero. That took away {taken:.1f} powers "
            "of ten, more than $W$ had added."
        ),
    }
    same_side = all(value < 0 for _optimizer, value in small.trained)
    return [
        _(
            "{lag} multiplications by $W$ = {small:g} $Q$ changed the gradient by {by_small:+.2f} powers of ten, by "
            "$W$ = {large:g} $Q$ by {by_large:+.2f}. $Q$ turns and does not stretch, so this is {lag} times "
            "$\\log_{{10}}$ of the factor, and nothing else."
        ).format(**values),
        tanh[measured.taken].format(**values),
        _(
            "The largest singular value of $W$, to the power of {lag}, bounds what tanh can let through: {bound:+.2f} "
            "powers of ten. A factor below 1 makes the gradient vanish for certain; above 1 it only may explode."
        ).format(**values),
        _(
            "No optimiser had touched these networks when they were measured; with tanh, the first changed the "
            "gradient by {tanh_small:+.1f} powers of ten. Trained to update {updates:,}, it was {after_sgd:+.1f} with "
            "SGD and {after_adam:+.1f} with Adam. It still shrinks with either: going back through a step "
            "is still a multiplication by $W$ and $f'$."
        ).format(**values)
        if same_side
        else _(
            "No optimiser had touched these networks when they were measured; with tanh, the first changed the "
            "gradient by {tanh_small:+.1f} powers of ten. Trained to update {updates:,}, it was {after_sgd:+.1f} with "
            "SGD and {after_adam:+.1f} with Adam: training has changed $W$ and the states, and so the factors."
        ).format(**values),
    ]


def _per_step(chain_: Chain) -> float:
    return 10 ** (chain_.tanh / LAG)


LESSON = Lesson(
    name="vanishing",
    title=N_("Why it vanishes, why it explodes"),
    question=N_("What is left after twenty multiplications by the same matrix?"),
    claim=N_(
        "Backpropagation through time goes back step by step. From $s_t$ to $s_{t-1}$ the gradient is multiplied by "
        "the same $W$ each time, and by the slope of the function, $f'$. Over many steps these are many factors. If "
        "they shrink the gradient, it vanishes exponentially; if they stretch it, it explodes. Take $W = s \\cdot Q$ "
        "with an orthogonal $Q$, which changes no length: then $W$ multiplies every length by $s$. By how many powers "
        "of ten does the gradient change over 20 steps, as far as $W$ alone is concerned, for $s$ = 0.5 and for $s$ = "
        "1.5?"
    ),
    misconception=N_("Vanishing gradients are a fault of the optimiser or of its learning rate."),
    guesses=(
        NumberGuess(
            "small", N_("s = 0.5: change in powers of ten over 20 steps (−2 is a hundredth)"), -10, 10, "", False, 4,
            (Misconception(N_("The factors are multiplied, not added: 20 times a half is ten, but a half to the power "
                              "of 20 is about a millionth."), low=-6, high=10),),
            below=N_("You expected it to shrink more than was measured: a half is −0.30 powers of ten, and twenty "
                     "times that is −6."),
        ),
        NumberGuess(
            "large", N_("s = 1.5: change in powers of ten over 20 steps"), -10, 10, "", False, 4,
            (Misconception(N_("The factors are multiplied, not added: 20 times 1.5 is thirty, but 1.5 to the power of "
                              "20 is more than three thousand."), low=-10, high=3.5),
             Misconception(N_("Growth by 1.5 is slower than halving is fast: 1.5 is 0.18 powers of ten per step, a "
                              "half is −0.30."), low=3.5, high=10)),
        ),
        ChoiceGuess(
            "tanh", N_("And with tanh, on real letters, for s = 1.5?"),
            (("same", N_("It grows as much")), ("less", N_("It grows less")), ("vanishes", N_("It vanishes"))),
            (Misconception(N_("tanh has the slope 1 at zero only; a unit that has left zero multiplies by less."),
                           value="same"),
             Misconception(N_("The slope of tanh makes every factor smaller, but s = 1.5 works against it: in this "
                              "network it has not vanished."), value="vanishes")),
            title=N_("The gradient with tanh, for s = 1.5"),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(
        Control("small", N_("s of the first network"), SMALL, 0.05, 3.0, 0.05),
        Control("large", N_("s of the second network"), LARGE, 0.05, 3.0, 0.05),
    ),
    tasks=(
        Task(
            N_(
                "Find an s at which the tanh network keeps the gradient: within 0.17 powers of ten over 20 steps, "
                "which is a factor between 0.98 and 1.02 per step."
            ),
            lambda attempt: any(0.98 < _per_step(part) < 1.02 for part in attempt.measured[:2]),
        ),
        Task(
            N_("Lose more than 15 powers of ten with tanh."),
            lambda attempt: any(part.tanh < -15 for part in attempt.measured[:2]),
        ),
        Task(
            N_("Let the gradient vanish although W alone makes it grow."),
            lambda attempt: any(part.linear > 0 > part.tanh for part in attempt.measured[:2]),
        ),
    ),
    door=Door("gradients", {"data": "river_en", "text_sequence_length": "21", "init": "orthogonal",
                            "spectral_radius": "1.5"}),
)  # fmt: skip
