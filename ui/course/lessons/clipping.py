"""Exploding gradients are cut to a largest norm; a gradient that has vanished does not come back by that."""

import math
from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core.analysis.reach import output_jacobian
from rnn_core.tasks import TEXTS
from ui.charts.formatting import grouped, typographic
from ui.course.figures import Row, guessed_numbers
from ui.course.lesson import Answers, ChoiceGuess, Control, Door, Lesson, Misconception, NumberGuess, Progress, Task
from ui.course.training import in_parts
from ui.i18n import N_, Translate, join_sentences
from ui.theme import Theme
from ui.training.lockstep import accuracy
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training

RADIUS, RATE, MOST = 2.0, 1.0, 300  # of W, of learning; updates
DELAY, UNITS, LONG = 30, 24, 1200  # of the recall task; updates
SOLVED, CHANCE = 0.99, 1 / 8
CLIPS = (0.1, 0.3, 1.0, 3.0, 10.0, 100.0, 1000.0, 1e6)
SEQUENCES = 8  # for the curve before training


class Exploding(NamedTuple):
    """A ReLU network trained with SGD, W scaled to a spectral radius."""

    norm: float  # of the first gradient
    lasted: int | None  # updates without clipping before the numbers were no longer finite; None: MOST were made
    clipped: tuple[float, float]  # first and last loss with clipping
    survived: bool  # whether the clipped one made all updates


class Vanishing(NamedTuple):
    """A tanh network on delayed recall."""

    ratio: float  # before training: how strongly the answer depends on the first state, as a share of the last
    free: float  # share of right answers without clipping
    clipped: float  # the same with clipping
    factor: float  # the smallest by which a gradient was cut


class Measured(NamedTuple):
    """Both halves, and the largest norm that was let through."""

    exploding: Exploding
    vanishing: Vanishing
    clip: float
    updates: int  # of the recall networks

    @property
    def cured(self) -> bool:
        """Whether clipping alone let the network learn what it did not learn without."""
        return self.vanishing.clipped >= SOLVED > self.vanishing.free


def run(seed: int, clip: float = 1.0, radius: float = RADIUS) -> Iterator[Progress]:
    """A network whose gradient explodes, and one whose gradient vanishes; each without clipping and with it."""
    options = (("batch_size", 16), ("text", TEXTS["river_en"].text))
    setup = Setup("text", options, cell="rnn_relu", spectral_radius=radius, seed=seed)
    free, clipped = (
        new_trainer(setup, Training(optimizer="sgd", learning_rate=RATE, clip_norm=norm)) for norm in (None, clip)
    )
    history = free.step(MOST)
    kept = clipped.step(1)
    points = [(1, float(kept.loss[0]) if len(kept.loss) else math.inf)]
    for share in in_parts(clipped, MOST - 1, parts=20):
        points.append((clipped.update, clipped.evaluate()))
        yield Progress(share / 3, {"losses": tuple(zip(*points, strict=True)), "network": N_("ReLU, with clipping")})
    lasted = free.update if free.diverged else None
    norm = float(history.grad_norm[0]) if len(history.grad_norm) else math.inf
    exploding = Exploding(norm, lasted, (points[0][1], clipped.evaluate()), not clipped.diverged)
    vanishing = yield from _recall(seed, clip)
    yield Progress(1.0, {}, Measured(exploding, vanishing, clip, LONG))


def _recall(seed: int, clip: float) -> Generator[Progress, None, Vanishing]:
    setup = Setup("recall", (("batch_size", 32), ("delay", DELAY)), hidden_size=UNITS, seed=seed)
    shares, factor, curve = [], 1.0, np.ones(1)
    for number, (name, norm) in enumerate(((N_("tanh, without clipping"), None), (N_("tanh, with clipping"), clip))):
        trainer, points = new_trainer(setup, Training(learning_rate=0.003, clip_norm=norm)), []
        curve = output_jacobian(trainer.model, trainer.task.held_out().x[:, :SEQUENCES])
        for part in range(15):
            history = trainer.step(LONG // 15)
            if norm is not None:
                factor = min(factor, float(history.clip_factor.min()))
            points.append((trainer.update, trainer.evaluate()))
            done = (1 + number + (part + 1) / 15) / 3
            yield Progress(done, {"losses": tuple(zip(*points, strict=True)), "network": name})
        shares.append(accuracy(trainer))
    return Vanishing(float(curve[0] / curve[-1]), shares[0], shares[1], factor)


def truth(measured: Measured) -> dict[str, float | str]:
    """Updates that the unclipped network lasted, and whether clipping cured the vanishing."""
    return {"lasted": _lasted(measured), "cures": "yes" if measured.cured else "no"}


def _lasted(measured: Measured) -> int:
    lasted = measured.exploding.lasted
    return MOST if lasted is None else max(1, lasted)


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """Updates until the numbers are no longer finite."""
    found = None if measured is None else _lasted(measured)
    rows: list[Row] = [(_("without clipping"), answers.get("lasted"), found)]
    if measured is not None:
        rows.append((_("with clipping"), None, MOST if measured.exploding.survived else None))
    title = _("updates made while all numbers were finite, of {most}").format(most=MOST)
    return guessed_numbers(rows, title=title, theme=theme, translate=_, bounds=(0.9, 400), logarithmic=True)


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    burst, faded = measured.exploding, measured.vanishing
    values: dict[str, Any] = {"norm": typographic(f"{burst.norm:.3g}"), "clip": typographic(f"{measured.clip:g}")}
    values |= {"lasted": burst.lasted, "most": MOST, "delay": DELAY}
    values |= {
        "first": grouped(burst.clipped[0]),
        "last": grouped(burst.clipped[1]),
        "ratio": typographic(f"{faded.ratio:.1e}"),
        "updates": measured.updates,
    }
    values |= {
        "free": faded.free,
        "clipped": faded.clipped,
        "factor": typographic(f"{faded.factor:.2g}"),
        "chance": CHANCE,
    }
    begin = (
        _("Already the first gradient was no finite number, so without clipping no update could be made.")
        if burst.lasted == 0
        else _("The first gradient had a norm of {norm}. Without clipping the network got through all {most} "
               "updates.")
        if burst.lasted is None
        else _("The first gradient had a norm of {norm}. Without clipping the numbers were no longer finite after "
               "update {lasted}.")
    )  # fmt: skip
    clipped = (
        _("With every gradient cut to a norm of at most {clip} it made all {most} updates, and its loss went from "
          "{first} to {last} nats.")
        if burst.survived
        else _("Here a largest norm of {clip} did not save it either: its numbers were no longer finite before "
               "update {most}.")
    )  # fmt: skip
    outcomes = {
        (False, False): _("By update {updates:,} the share of right answers was {free:.0%} without clipping and "
                          "{clipped:.0%} with it (a blind guess: {chance:.1%}): clipping alone did not teach it."),
        (True, True): _("It learned with clipping and without it ({clipped:.0%} and {free:.0%} right by update "
                        "{updates:,}): clipping was not what it lacked."),
        (False, True): _("In this run it learned with clipping ({clipped:.0%} right by update {updates:,}) and not "
                         "without ({free:.0%}): there were large gradients to cut, too."),
        (True, False): _("In this run it learned without clipping ({free:.0%} right by update {updates:,}) and not "
                         "with it ({clipped:.0%}): cutting can also slow down."),
    }  # fmt: skip
    outcome = outcomes[faded.free >= SOLVED, faded.clipped >= SOLVED]
    return [
        join_sentences(begin.format(**values), clipped.format(**values)),
        join_sentences(
            _(
                "The tanh network had to name a symbol {delay} steps later. Before training its answer depended on the "
                "first state only {ratio} times as much as on the last."
            ).format(**values),
            outcome.format(**values),
        ),
        join_sentences(
            _("Clipping multiplies the whole gradient by one number, in the tanh network at least {factor}.").format(
                **values
            )
            if faded.factor < 1
            else _(
                "Clipping multiplies the whole gradient by one number; no gradient of the tanh network was large "
                "enough to be cut."
            ),
            _(
                "What comes from the first step and what comes from the last become smaller together; their ratio "
                "stays the same. That tames updates that are too large. It cannot bring back what is missing."
            ),
        ),
    ]


LESSON = Lesson(
    name="clipping",
    title=N_("Clipping"),
    question=N_("What does a limit on the gradient mend, and what not?"),
    claim=N_(
        "Gradients that explode are easy to notice: the numbers become infinite or NaN, and the program stops. And "
        "there is a simple remedy that works well: whenever the norm of the gradient exceeds a threshold, it is scaled "
        "down to it. Gradients that vanish are harder: nothing crashes, and it is not obvious that anything is wrong. "
        "Here a ReLU network starts with a $W$ that doubles lengths (spectral radius 2) and is trained with SGD on the "
        "poem, with clipping at 1 and without. Then a tanh network must name a symbol after 30 steps: will clipping "
        "alone let it learn that?"
    ),
    misconception=N_("Clipping also cures vanishing gradients."),
    guesses=(
        NumberGuess(
            "lasted", N_("Without clipping: updates until the numbers are no longer finite (of 300)"), 1, MOST,
            "", True, 1.5,
            whole=True,
            above=N_("It did not build up over many updates: the first gradient had a norm of {norm}, and with a "
                     "learning rate of 1 the first update moves the weights just as far. Updates made while all "
                     "numbers were finite: {lasted}."),
        ),
        ChoiceGuess(
            "cures", N_("Does clipping let the tanh network learn what it does not learn without it?"),
            (("yes", N_("Yes")), ("no", N_("No"))),
            (Misconception(N_("Clipping makes large gradients smaller. A gradient that has vanished is not too large, "
                              "and a common factor does not change what comes from where."), value="yes"),),
            title=N_("Does clipping alone teach the tanh network?"),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    facts=lambda measured: {"norm": typographic(f"{measured.exploding.norm:.3g}"), "lasted": _lasted(measured)},
    controls=(
        Control("radius", N_("Spectral radius of W at the start"), RADIUS, 0.1, 4.0, 0.1),
        Control("clip", N_("Largest norm with clipping"), 1.0, options=tuple(
            (norm, typographic(f"{norm:g}")) for norm in CLIPS)),
    ),
    tasks=(
        Task(
            N_("Let the network without clipping get through all 300 updates."),
            lambda attempt: attempt.measured.exploding.lasted is None,
        ),
        Task(
            N_("Clip so tightly that learning is slow: a loss above 2 nats at the end, all numbers finite."),
            lambda attempt: attempt.measured.exploding.survived and attempt.measured.exploding.clipped[1] > 2,
        ),
        Task(
            N_("Choose a threshold so high that clipping no longer saves the network."),
            lambda attempt: not attempt.measured.exploding.survived,
        ),
    ),
    door=Door("lab", {"data": "river_en", "cell": "rnn_relu", "spectral_radius": "2", "clipping": "off",
                      "optimizer": "sgd", "learning_rate": "1", "speed": "1"}),
)  # fmt: skip
