"""The gradient curve before training and who learns (Bengio, Simard & Frasconi 1994)."""

import math
from collections.abc import Callable, Generator

from rnn_core import Trainer
from rnn_core.analysis.reach import output_jacobian
from ui.i18n import N_
from ui.network.results.measuring import right, watch
from ui.network.results.recall import LSTM, RIGHT, SOLVED, TANH, solves
from ui.network.results.record import Chart, Check, Door, Network, Quantity, Result, Trial, Trials

HIGH, LOW = 0.1, 3e-3  # ratios between which nothing is foretold


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """The curve before the first update, then training until the task is solved."""
    curve = output_jacobian(run.model, run.task.held_out().x)
    watched = yield from watch(run, network, right, lambda share: share >= RIGHT)
    numbers = {"ratio": float(curve[0] / curve[-1]), "solved": watched.reached}
    steps = tuple(float(step) for step in range(len(curve)))
    return Trial(run.config.seed, numbers, (steps, tuple((curve / curve[-1]).tolist())))


def share_solved(low: float, high: float) -> Callable[[Trials], float]:
    """The number of a check: of the networks whose ratio lies between these, the share that solved the task."""

    def number(trials: Trials) -> float:
        found = [one.numbers for rows in trials.values() for one in rows]
        solved = [one["solved"] is not None for one in found if low <= (one["ratio"] or 0.0) <= high]
        return sum(solved) / len(solved) if solved else math.nan

    return number


RESULT = Result(
    "gradient_curves",
    by="Bengio, Simard & Frasconi 1994",
    card="recall",
    title=N_("The gradient curve and what learns"),
    claim=N_("The gradient fades over long spans, and then a network hardly learns what lies that far back."),
    published=N_("None: in a network that can hold a bit for long, the gradient over long spans vanishes."),
    here=N_(
        "One of 8 symbols must be named after 29 steps of distractors. 24 units, Adam (LSTM 0.01, tanh 0.003) in "
        "batches of 32, clipped at norm 1. LSTMs are compared, too, which the paper could not know."
    ),
    expected=N_(
        "On this task, networks learn where the ratio of the gradient at the first step to that at the last is at "
        "least 0.1 before training, and hardly where it is below 0.003: what the first step contributes to an update "
        "is lost beside the rest. Between the two, and on other tasks, the ratio is no forecast."
    ),
    networks={
        "lstm_5": Network(N_("LSTM, forget-gate bias 5"), LSTM | {"forget_bias": 5.0}, 1500),
        "lstm_0": Network(N_("LSTM, forget-gate bias 0"), LSTM | {"forget_bias": 0.0}, 1500),
        "orthogonal": Network(N_("RNN (tanh), W orthogonal"), TANH | {"init": "orthogonal"}, 1500),
        "uniform": Network(N_("RNN (tanh), W uniform"), TANH, 1500),
    },
    measure=measure,
    quantities={
        "ratio": Quantity(N_("ratio of the gradients before training"), ".1e"),
        "solved": SOLVED,
    },
    checks=(
        solves("lstm_5", 3, 3),
        solves("lstm_0", 0, 0),
        solves("orthogonal", 3, 3),
        solves("uniform", 0, 2),
        Check(N_("share that solves the task where the ratio is 0.1 or more"), share_solved(HIGH, math.inf), 1, 1),
        Check(N_("share that solves the task where the ratio is 0.003 or less"), share_solved(0, LOW), 0, 0.5),
    ),
    door=Door("arena"),
    chart=Chart(
        N_("step t"),
        N_("‖∂o/∂h‖ at step t, over that at the last step (log)"),
        N_("How strongly the answer depends on each earlier state before training, a curve for each seed."),
        N_(
            "No figure of the paper was read. Drawn is what the claim is about: the gradient of the answer with "
            "respect to the state at each step, before the first update, over that at the last step."
        ),
        logarithmic=True,
        levels=(("0.1", HIGH), ("0.003", LOW)),
    ),
)
