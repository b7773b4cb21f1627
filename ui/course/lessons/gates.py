"""An LSTM computes the state in another way; whether that holds a symbol for long depends on how it starts, too."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import plotly.graph_objects as go

from rnn_core import Trainer
from rnn_core.analysis.jacobians import slopes
from rnn_core.analysis.reach import output_jacobian
from rnn_core.tasks import RecallTask
from ui.charts.formatting import typographic
from ui.course.figures import guessed_numbers
from ui.course.lesson import Answers, Control, Door, Lesson, ManyGuess, Misconception, Progress, Task
from ui.i18n import N_, Translate, join_sentences
from ui.theme import Theme
from ui.training.lockstep import accuracy
from ui.training.matched_sizes import matched_size
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training

DELAY, PARAMETERS, UPDATES, EVERY, SEEDS = 40, 4000, 600, 25, 3
BIAS = 5.0  # of the last network's forget gate
SOLVED, SEQUENCES = 0.99, 8
LIKELY, UNLIKELY = 0.03, 1e-6  # of the ratio before training: far above and far below
NETWORKS = (  # key, name, what differs, learning rate
    ("tanh", N_("RNN (tanh), W as usual"), Setup("recall", cell="rnn_tanh"), 0.003),
    ("orthogonal", N_("RNN (tanh), W orthogonal"), Setup("recall", cell="rnn_tanh", init="orthogonal"), 0.003),
    ("closed", N_("LSTM, forget-gate bias 0"), Setup("recall", cell="lstm", forget_bias=0.0), 0.01),
    ("open", N_("LSTM, forget-gate bias 5"), Setup("recall", cell="lstm", forget_bias=BIAS), 0.01),
)
CHOSEN = N_("LSTM, chosen forget-gate bias")  # the last while it trains with another bias


class Contender(NamedTuple):
    """One kind of network, with several seeds."""

    parameters: int
    ratios: tuple[float, ...]  # before training: dependence of the answer on the first state, as a share of the last
    solved_at: tuple[int | None, ...]  # update; None: not within the budget
    forget: float  # mean forget gate of the first network before training; NaN without one

    @property
    def solved(self) -> int:
        """Number of seeds that solved the task."""
        return sum(update is not None for update in self.solved_at)

    @property
    def mostly(self) -> bool:
        """Whether most of the seeds did."""
        return 2 * self.solved > len(self.solved_at)


class Measured(NamedTuple):
    """The four of NETWORKS, in their order."""

    tanh: Contender
    orthogonal: Contender
    closed: Contender
    open: Contender
    delay: int
    updates: int  # the budget
    forget_bias: float  # of `open`, at the start


def run(seed: int, delay: int = DELAY, forget_bias: float = BIAS) -> Iterator[Progress]:
    """Train each kind with three seeds until it names the symbol, or until the budget is used up."""
    found: dict[str, Contender] = {}
    for number, (key, name, start, rate) in enumerate(NETWORKS):
        if key == "open" and forget_bias != BIAS:
            name, start = CHOSEN, replace(start, forget_bias=forget_bias)
        parameters, forget = 0, float("nan")
        ratios: list[float] = []
        solved: list[int | None] = []
        for again in range(SEEDS):
            trainer = _trainer(seed * SEEDS + again, delay, start, rate)
            x, parameters = trainer.task.held_out().x[:, :SEQUENCES], trainer.model.num_parameters
            curve = output_jacobian(trainer.model, x)
            if again == 0 and start.cell == "lstm":
                forget = float(slopes(trainer.model.forward(x)).mean())
            points, solved_at = [(0, trainer.evaluate())], None
            while trainer.update < UPDATES and solved_at is None and not trainer.diverged:
                trainer.step(EVERY)
                solved_at = trainer.update if accuracy(trainer) >= SOLVED else None
                if trainer.update % (4 * EVERY) == 0 or solved_at:
                    points.append((trainer.update, trainer.evaluate()))
                    share = (number * SEEDS + again + trainer.update / UPDATES) / (len(NETWORKS) * SEEDS)
                    yield Progress(share, {"losses": tuple(zip(*points, strict=True)), "network": name})
            ratios.append(float(curve[0] / curve[-1]))
            solved.append(solved_at)
        found[key] = Contender(parameters, tuple(ratios), tuple(solved), forget)
    yield Progress(1.0, {}, Measured(**found, delay=delay, updates=UPDATES, forget_bias=forget_bias))


def _trainer(seed: int, delay: int, start: Setup, rate: float) -> Trainer:
    task, options = RecallTask(delay=delay), (("batch_size", 32), ("delay", delay))
    units = matched_size(start.cell, task.input_size, task.output_size, PARAMETERS)
    return new_trainer(replace(start, task_options=options, hidden_size=units, seed=seed), Training(learning_rate=rate))


def truth(measured: Measured) -> dict[str, dict[str, str]]:
    """Cell that solved the task with most seeds."""
    return {"who": {key: "yes" if getattr(measured, key).mostly else "no" for key, *_rest in NETWORKS}}


def _names(measured: Measured | None, _: Translate) -> dict[str, str]:
    """Names of the four; that of the last says with which bias it ran."""
    names = {key: _(name) for key, name, *_rest in NETWORKS}
    if measured is not None and measured.forget_bias != BIAS:
        names["open"] = _("LSTM, forget-gate bias {bias} (chosen)").format(bias=_bias(measured))
    return names


def _bias(measured: Measured) -> str:
    return typographic(f"{measured.forget_bias:g}")


def figure(measured: Measured | None, answers: Answers, theme: Theme, _: Translate) -> go.Figure:
    """How many seeds solved the task, by kind of network."""
    guessed = answers.get("who", {})
    rows = [
        (
            name,
            {"yes": float(SEEDS), "no": 0.0}.get(guessed.get(key)),
            None if measured is None else float(getattr(measured, key).solved),
        )
        for key, name in _names(measured, _).items()
    ]
    asks = bool(guessed) or measured is None  # somebody guesses, or has guessed: most or few, and no number
    title = (
        _("seeds that solved it, of {seeds} (your guess: most or few)")
        if asks
        else _("seeds that solved it, of {seeds}")
    )
    title = title.format(seeds=SEEDS)
    return guessed_numbers(rows, title=title, theme=theme, translate=_, bounds=(-0.4, SEEDS + 0.4))


def explain(measured: Measured, _answers: Answers, _: Translate) -> list[str]:
    """Explanation of the measured values, in sentences."""
    contenders = {key: getattr(measured, key) for key, *_rest in NETWORKS}
    each = _("{name}: {solved} of {seeds}")
    results = _("; ").join(
        each.format(name=name, solved=contenders[key].solved, seeds=SEEDS) for key, name in _names(measured, _).items()
    )
    sizes = [contender.parameters for contender in contenders.values()]
    values: dict[str, Any] = {"delay": measured.delay, "updates": measured.updates, "told": results}
    values |= {"low": min(sizes), "high": max(sizes)}
    values |= {"seeds": SEEDS, "likely": LIKELY, "unlikely": typographic(f"{UNLIKELY:.0e}")}
    values |= {"forget_closed": measured.closed.forget, "forget_open": measured.open.forget}
    values |= {"kept_closed": typographic(f"{measured.closed.forget**measured.delay:.1e}")}
    values |= {"kept_open": typographic(f"{measured.open.forget**measured.delay:.2g}")}
    pairs = [(ratio, update is not None) for contender in contenders.values()
             for ratio, update in zip(contender.ratios, contender.solved_at, strict=True)]  # fmt: skip
    high = [solved for ratio, solved in pairs if ratio >= LIKELY]
    low = [solved for ratio, solved in pairs if ratio <= UNLIKELY]
    values |= {"high_solved": sum(high), "high_count": len(high), "low_solved": sum(low), "low_count": len(low)}
    lstm, plain = measured.open.solved, measured.tanh.solved
    if lstm > plain:
        verdict = _(
            "Of networks whose W starts as usual the LSTM with forget-gate bias {bias} did better than the plain one."
        )
    elif lstm < plain:
        verdict = _("In this run the plain network did better than the LSTM with forget-gate bias {bias}.")
    else:
        verdict = _("In this run the plain network and the LSTM with forget-gate bias {bias} did equally well.")
    also = _not_the_name(measured, _)
    return [
        join_sentences(
            _(
                "The symbol had to be named {delay} steps later; solved means {updates:,} updates at most. By kind of "
                "network: {told}. All have {low:,} to {high:,} parameters, so it is not their size."
            ).format(**values),
            verdict.format(bias=_bias(measured)),
        ),
        *([also] if also else []),
        _(
            "The forget gate multiplies the cell state at every step. With bias 0 it was {forget_closed:.2f} before "
            "training, which leaves {kept_closed} after {delay} steps; in the last network it was "
            "{forget_open:.3f}, which leaves {kept_open}."
        ).format(**values),
        join_sentences(
            _(
                "Before training it was measured how strongly the answer depends on the first state, as a share of the "
                "last."
            ),
            *(
                told.format(**values)
                for told, found in (
                    (_("Where that was above {likely}, {high_solved} of {high_count} networks solved the task."), high),
                    (_("Where it was below {unlikely}, {low_solved} of {low_count} networks solved it."), low),
                    (_("Here it was neither above {likely} nor below {unlikely}."), not high and not low),
                )
                if found
            ),
        ),
    ]


def _not_the_name(measured: Measured, _: Translate) -> str:
    """Result of the pairs that differ only in their start."""
    sentences = []
    if measured.closed.solved < measured.open.solved:
        sentences.append(
            _("The same LSTM with other biases at the start did worse: the name of the cell does not decide it.")
        )
    if measured.orthogonal.solved > measured.tanh.solved:
        sentences.append(
            _("And the plain network did better with an orthogonal W, whose factor per step starts near 1.")
            if sentences
            else _("The plain network did better with an orthogonal W, whose factor per step starts near 1.")
        )
    return join_sentences(*sentences)


LESSON = Lesson(
    name="gates",
    title=N_("The same idea, another way to compute the state"),
    question=N_("Which cells learn across forty steps?"),
    claim=N_(
        "LSTMs are the most widely used kind of recurrent network, and much better at holding long-term dependencies "
        "than the plain kind. Yet they are the same thing: only the way in which the state $s_t$ is computed is "
        "another. The memory is a cell; gates decide what is kept of it, what is added, and what is shown. Four "
        "networks with as many parameters each must name a symbol 40 steps after they read it: two plain ones, which "
        "differ only in how $W$ starts, and two LSTMs, which differ only in the bias of the forget gate. Each is "
        "trained with three seeds, for 600 updates at most."
    ),
    misconception=N_("An LSTM remembers because it is bigger, and it always remembers."),
    guesses=(
        ManyGuess(
            "who",
            N_("Which solve it with at least two of three seeds?"),
            tuple((key, name) for key, name, *_rest in NETWORKS),
            (("yes", N_("Yes")), ("no", N_("No"))),
            (
                ("closed", Misconception(N_("An LSTM does not always remember: a forget gate of a half halves the cell "
                                            "state at every step."), value="yes")),
                ("open", Misconception(N_("A forget gate that starts near 1 keeps the cell state, and with it the "
                                          "gradient, over many steps."), value="no")),
                ("orthogonal", Misconception(N_("A plain network can remember, too: with an orthogonal W the gradient "
                                                "starts without shrinking by W."), value="no")),
                ("tanh", Misconception(N_("With as many parameters as an LSTM a plain network has more units, but its "
                                          "gradient still shrinks at every step."), value="yes")),
            ),
            drawn=True,
        ),
    ),
    run=run,
    truth=truth,
    figure=figure,
    explain=explain,
    controls=(
        Control("delay", N_("Delay (steps)"), DELAY, 5, 80),
        Control("forget_bias", N_("Forget-gate bias of the last network"), BIAS, -2.0, 8.0, 0.5),
    ),
    tasks=(
        Task(
            N_("Let a plain network solve a delay of 50."),
            lambda attempt: (
                attempt.measured.delay >= 50 and attempt.measured.tanh.solved + attempt.measured.orthogonal.solved > 0
            ),
        ),
        Task(
            N_("Find a delay that the LSTM with bias 0 solves with a seed."),
            lambda attempt: attempt.measured.closed.solved > 0,
        ),
        Task(
            N_("Make the last network forget: no seed solves a delay of at least 20."),
            lambda attempt: attempt.measured.delay >= 20 and attempt.measured.open.solved == 0,
        ),
    ),
    door=Door("arena", {"task": "recall", "arena_recall_delay": "40", "contenders": "4",
                        "c1_cell": "rnn_tanh", "c1_rate": "0.003",
                        "c2_cell": "rnn_tanh", "c2_rate": "0.003", "c2_init": "orthogonal",
                        "c3_cell": "lstm", "c3_rate": "0.01", "c3_forget": "0.0",
                        "c4_cell": "lstm", "c4_rate": "0.01", "c4_forget": "5.0"}),
)  # fmt: skip
