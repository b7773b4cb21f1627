"""Lesson: what a network says before it has learned anything, and what its first loss is."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from rnn_core import Model, ModelConfig
from ui.course.figures import guessed_numbers
from ui.course.lesson import Attempt, Control, Door, Lesson, Misconception, NumberGuess, Progress, Task
from ui.i18n import N_

SYMBOLS, OTHERS = 30, (3, 300)  # of the vocabularies: the one that is guessed, and two beside it
SEEDS, STEPS, HIDDEN = 20, 25, 32
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz .,!")


class Measured(NamedTuple):
    """First losses in nats: a row for each vocabulary, the guessed one first, a column for each seed."""

    symbols: tuple[int, ...]
    losses: np.ndarray  # (vocabularies, SEEDS)

    @property
    def mean(self) -> np.ndarray:
        """Of each vocabulary over the seeds."""
        return self.losses.mean(axis=1)


def run(seed: int, symbols: int = SYMBOLS) -> Iterator[Progress]:
    """Measure the loss of new networks on random sequences, without a single update."""
    vocabularies = (symbols, *(size for size in OTHERS if size != symbols))
    losses = np.zeros((len(vocabularies), SEEDS))
    for column in range(SEEDS):
        for row, size in enumerate(vocabularies):
            config = ModelConfig("rnn_tanh", size, HIDDEN, size, bias=False, seed=seed + column)
            ids = np.random.default_rng([seed, column, size]).integers(size, size=(STEPS + 1, 1))
            trace = Model(config).backward(ids[:-1], ids[1:])
            losses[row, column] = trace.loss
            if row == 0:
                shown = {"trace": trace, "vocabulary": vocabulary_of(size)}
        share = (column + 1) / SEEDS
        numbers = {N_("network"): column + 1, N_("loss (nats)"): float(losses[0, column])}
        yield Progress(share, {"numbers": numbers, **shown}, Measured(vocabularies, losses) if share == 1 else None)


def vocabulary_of(size: int) -> tuple[str, ...]:
    """The name of each symbol: a letter, or its number where there are more symbols than letters."""
    return LETTERS[:size] if size <= len(LETTERS) else tuple(map(str, range(size)))


def truth(measured: Measured) -> dict[str, float]:
    """The mean first loss of the vocabulary that was asked for."""
    return {"loss": float(measured.mean[0])}


def figure(measured: Measured | None, answers: Any, theme: Any, _: Any) -> Any:
    """The guess beside the measured losses of three vocabularies."""
    vocabularies = measured.symbols if measured else (SYMBOLS, *OTHERS)
    values = measured.mean if measured else (None,) * len(vocabularies)
    guesses = (answers.get("loss"), *(None for _other in vocabularies[1:]))
    named = _("{symbols} symbols")
    rows = [
        (named.format(symbols=size), guess, None if value is None else float(value))
        for size, guess, value in zip(vocabularies, guesses, values, strict=True)
    ]
    spread = [(float(row.min()), float(row.max())) for row in measured.losses] if measured else []
    title = _("loss before the first update (nats)")
    return guessed_numbers(rows, title=title, theme=theme, translate=_, bounds=(0, 10), spread=spread)


def explain(measured: Measured, answers: Any, _: Any) -> list[str]:
    """Why the first loss is close to the logarithm of the number of symbols."""
    size, mean, deviation = measured.symbols[0], float(measured.mean[0]), float(measured.losses[0].std())
    sentences = [
        _(
            "The weights are small random numbers, so the {symbols} outputs before the softmax are all close to 0, and "
            "each symbol gets a probability close to 1/{symbols}."
        ).format(symbols=size),
        _(
            r"The loss of a symbol with probability $p$ is $-\ln p$: here $\ln {symbols} = {log:.3f}$. Over {seeds} "
            "networks {mean:.3f} ± {deviation:.3f} nats were measured."
        ).format(symbols=size, log=math.log(size), seeds=SEEDS, mean=mean, deviation=deviation),
        _("The more symbols there are, the larger the first loss: {pairs}.").format(
            pairs=_(", ").join(
                _("{loss:.2f} nats for {symbols}").format(loss=float(loss), symbols=symbols)
                for symbols, loss in sorted(zip(measured.symbols, measured.mean, strict=True))
            )
        ),
    ]
    return sentences


def _first_loss(attempt: Attempt) -> float:
    return float(attempt.measured.mean[0])


LESSON = Lesson(
    name="untrained",
    title=N_("Before it has learned"),
    question=N_("What does a network guess before it has learned anything?"),
    claim=N_(
        r"At each step the network turns its state into an output: $o_t = \mathrm{softmax}(V s_t)$. The softmax makes "
        "every number positive and lets them sum to 1, so $o_t$ holds a probability for each symbol of the vocabulary: "
        "what the network expects to come next. Training compares it with the symbol that does come, $x_{t+1}$: the "
        r"loss of a step is $-\ln$ of the probability that this symbol was given. The network here is new: $U$, $V$, "
        "$W$ are small random numbers, and it has not been trained at all. It knows 30 symbols."
    ),
    misconception=N_("A network that has learned nothing puts out zeros, or its loss begins at 1."),
    guesses=(
        NumberGuess(
            "loss",
            N_("What is its loss at one step, on average, before the first update?"),
            0.0,
            10.0,
            N_("nats"),
            unit_one=N_("nat"),
            logarithmic=False,
            width=2.0,
            misconceptions=(
                Misconception(
                    N_("An untrained network is not without an opinion: it gives every symbol nearly the same share."),
                    low=0.0,
                    high=0.5,
                ),
                Misconception(
                    N_(
                        "The loss is no share of wrong answers, so 1 is nothing special: it is the logarithm of a "
                        "probability, and that depends on how many symbols there are."
                    ),
                    low=0.5,
                    high=1.5,
                ),
                Misconception(
                    N_("So high a loss would mean that the network is sure of wrong symbols. It is sure of none."),
                    low=5.4,
                    high=10.0,
                ),
            ),
            above=N_(
                "You expected more than was measured: a loss above ln 30 = 3.4 would mean that the network gives the "
                "right symbols less than a blind guess does. It prefers none yet."
            ),
            below=N_(
                "You expected less than was measured: a loss below ln 30 = 3.4 would mean that the network gives the "
                "right symbols more than a blind guess does, and nothing has taught it that."
            ),
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    tasks=(
        Task(N_("Bring the first loss below 2 nats."), lambda attempt: _first_loss(attempt) < 2),
        Task(N_("Bring it above 5 nats."), lambda attempt: _first_loss(attempt) > 5),
        Task(
            N_("Find the vocabulary whose first loss is closest to 1."),
            lambda attempt: attempt.measured.symbols[0] == 3,
        ),
    ),
    door=Door("lab", {"cell": "rnn_tanh", "hidden_size": "32", "bias": "false"}, alike=True),  # that reads a text
    controls=(Control("symbols", N_("Symbols in the vocabulary"), SYMBOLS, low=2, high=300),),
)
