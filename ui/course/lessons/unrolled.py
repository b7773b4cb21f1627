"""An unrolled network has a layer for each step, and all of them use the same U, V and W."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core import Model, ModelConfig
from rnn_core.analysis.shares import Shares, recurrent_terms, shares_of
from ui.course.figures import guessed_numbers
from ui.course.lesson import Answers, ChoiceGuess, Control, Door, Lesson, Misconception, NumberGuess, Progress, Task
from ui.course.training import in_parts
from ui.i18n import N_, Translate
from ui.theme import Theme
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training
from ui.training.unshared import unshared_parameters

WORDS, UNITS = 8000, 100  # the article's vocabulary and state
SHORT, LONG = 5, 50  # words of a sentence
SHARED = 2 * WORDS * UNITS + UNITS**2  # numbers in U, V and W
UPDATES, SMALL = 200, 16
STEP_NAMES = ("t = 0", "t = 1", "t = 2", "t = 3", "t = 4")
CANCEL = 0.9  # of the norms that are added: a sum below this share has terms that pull apart


class Measured(NamedTuple):
    """Parameters of the article's network, and the terms that the steps add to dL/dW of a small one."""

    shared: tuple[int, int]  # for SHORT and LONG words: counted in the networks themselves
    separate: tuple[int, int]  # if every step had weights of its own
    shares: Shares  # of the last loss of a sentence of `steps` words, after training
    total: float  # the norm of dL/dW
    losses: tuple[float, float]
    updates: int

    @property
    def steps(self) -> int:
        """Words of the sentence that was read."""
        return len(self.shares.part)

    @property
    def largest(self) -> int:
        """The step that makes up most of dL/dW."""
        return int(self.shares.part.argmax())


def counts(steps: int) -> tuple[int, int]:
    """(parameters of the article's network that reads `steps` words, the same without sharing)."""
    model = Model(ModelConfig("rnn_tanh", WORDS, UNITS, WORDS, bias=False))
    assert len(model.forward(np.zeros((steps, 1), np.int32)).logits) == steps
    return model.num_parameters, unshared_parameters(model, steps)


def run(seed: int, steps: int = SHORT, updates: int = UPDATES) -> Iterator[Progress]:
    """Count; then train a small network on sentences of words, and take its gradient by W apart, step by step."""
    short, long = counts(SHORT), counts(LONG)
    options = (("batch_size", 16), ("sequence_length", steps))
    trainer = new_trainer(Setup("grammar", options, hidden_size=SMALL, bias=False, seed=seed), Training())
    batch = trainer.task.held_out()
    x, targets = batch.x[:, :1], batch.targets[:, :1]
    points = [(0, trainer.evaluate())]
    for share in in_parts(trainer, updates):
        points.append((trainer.update, trainer.evaluate()))
        trace = trainer.model.backward(x, targets)
        yield Progress(share, {"trace": trace, "vocabulary": trainer.task.vocabulary})
    trace = trainer.model.backward(x, targets)
    terms = recurrent_terms(trace)
    measured = Measured(
        (short[0], long[0]),
        (short[1], long[1]),
        shares_of(list(terms)),
        float(np.linalg.norm(trace.grads["weight_hh_l0"])),
        (points[0][1], points[-1][1]),
        trainer.update,
    )
    yield Progress(1.0, {"trace": trace, "vocabulary": trainer.task.vocabulary}, measured)


def truth(measured: Measured) -> dict[str, float | str]:
    """Both counts, and the step with the largest share."""
    return {"short": measured.shared[0], "long": measured.shared[1], "step": str(measured.largest)}


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """The counts, with sharing and without."""
    found = (None, None) if measured is None else measured.shared
    name = _("{count} words")
    rows = [
        (name.format(count=count), answers.get(key), value)
        for key, count, value in zip(("short", "long"), (SHORT, LONG), found, strict=True)
    ]
    if measured is not None:
        name = _("{count} words, not shared")
        rows += [
            (name.format(count=count), None, value)
            for count, value in zip((SHORT, LONG), measured.separate, strict=True)
        ]
    return guessed_numbers(rows, title=_("parameters"), theme=theme, translate=_, bounds=(1e4, 1e9), logarithmic=True)


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    shares = measured.shares
    values: dict[str, Any] = {"short": SHORT, "long": LONG, "count": measured.shared[0], "longer": measured.shared[1]}
    values |= {"separate": measured.separate[0], "separate_long": measured.separate[1], "step": measured.largest}
    values |= {"parts": _(", ").join(f"{part:z.0%}" for part in shares.part).replace("-", "−"), "steps": measured.steps}
    values |= {"largest": shares.part[measured.largest], "first": shares.part[0], "total": measured.total}
    values |= {"norms": float(shares.norm.sum())}
    sentences = [
        _(
            "For {short} words the network has {count:,} parameters, for {long} words {longer:,}: the same $U$, $V$ "
            "and $W$, used more often. With weights of its own for each step it would have {separate:,} and "
            "{separate_long:,}."
        ).format(**values),
        _(
            "Every step has a say in how the weights change that all steps share: ∂L/∂W is a sum of one term for each "
            "step. In the small network, on a sentence of {steps} words, the terms of the steps 0, 1, 2, … made up "
            "{parts} of it; together they are all of it. The largest share, {largest:.0%}, was that of step {step}."
        ).format(**values),
        _("The share of step 0 is {first:.0%}, and must be: its term is multiplied by $s_{{−1}} = 0$.").format(
            **values
        ),
    ]
    if measured.total < CANCEL * values["norms"]:
        sentences.append(
            _(
                "The terms do not all pull the same way: their norms add up to {norms:.3f}, their sum has the norm "
                "{total:.3f}. One set of weights has to suit all steps."
            ).format(**values)
        )
    return sentences


def _own_weights(words: int) -> Misconception:
    """Shown by about as many parameters as a set of weights for each of these words would have."""
    separate = words * SHARED
    return Misconception(
        N_(
            "That would be a set of weights for each step. An unrolled network is drawn with many layers, but all of "
            "them are the same U, V and W: the count does not depend on the length of the sentence."
        ),
        low=separate / 2,
        high=separate * 2,
    )


MORE = N_(
    "You expected more parameters than there are: U and V have 8,000 × 100 numbers each, W has 100 × 100, and they are "
    "counted once for all steps."
)
FEWER = N_(
    "You expected fewer parameters than there are: U and V alone have 8,000 × 100 numbers each, one for every pair of "
    "a word and a unit."
)
EARLY = N_(
    "The losses of later steps reach an early step only after their gradient has shrunk on its way back. In this "
    "network the largest share belongs to a later step."
)

LESSON = Lesson(
    name="unrolled",
    title=N_("One network, unrolled"),
    question=N_("Does a longer sentence need more parameters?"),
    claim=N_(
        "Written out for the whole sequence, a recurrent network becomes a deep one: a sentence of five words is a "
        "network of five layers, one for each word. But unlike an ordinary deep network, which has other parameters in "
        "each layer, it uses the same $U$, $V$ and $W$ at all steps: it does the same task each time, on other inputs. "
        "Take the article's sizes: 8,000 words and a state of 100 numbers, so $U$ is 100 × 8,000, $W$ 100 × 100 and "
        "$V$ 8,000 × 100. How many parameters are there to learn? And which step has the most say in how $W$ changes?"
    ),
    misconception=N_("Each layer of the unrolled network has weights of its own."),
    guesses=(
        NumberGuess("short", N_("Parameters of the network for a sentence of 5 words"), 1e4, 1e9, "", True, 1.0,
                    (_own_weights(SHORT),), whole=True, above=MORE, below=FEWER),
        NumberGuess("long", N_("Parameters of the network for a sentence of 50 words"), 1e4, 1e9, "", True, 1.0,
                    (_own_weights(LONG),), whole=True, above=MORE, below=FEWER),
        ChoiceGuess(
            "step",
            N_("A small trained network reads 5 words: which step has the largest share of ∂L/∂W?"),
            tuple((str(step), STEP_NAMES[step]) for step in range(SHORT)),
            (
                Misconception(N_("Step 0 cannot change W at all: W is multiplied by the state before, and before step "
                                 "0 that is 0."), value="0"),
                Misconception(EARLY, value="1"),
                Misconception(EARLY, value="2"),
                Misconception(N_("The last step is one of five. The losses of all steps are summed, and each of them "
                                 "also reaches back to earlier steps."), value="4"),
            ),
            width=3,
            title=N_("Step with the largest share of ∂L/∂W"),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(
        Control("steps", N_("Words of the sentence"), SHORT, 2, 30),
        Control("updates", N_("Updates"), UPDATES, 0, 1000, 10),
    ),
    tasks=(
        Task(N_("Let step 1 have the largest share."), lambda attempt: attempt.measured.largest == 1),
        Task(
            N_("Let a step pull the other way: a negative share."),
            lambda attempt: bool((attempt.measured.shares.part < 0).any()),
        ),
        Task(
            N_("Spread it: no step has more than 20% of ∂L/∂W."),
            lambda attempt: bool((attempt.measured.shares.part <= 0.2).all()),
        ),
    ),
    door=Door("unroll", alike=True),  # the article's own is too large to lie open
)  # fmt: skip
