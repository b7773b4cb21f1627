"""What results share that ask when the recall task is solved: its settings, the training, the numbers, the chart."""

from collections.abc import Generator

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.measuring import right, watch
from ui.network.results.record import Chart, Check, Network, Quantity, Trial, happened, of

RIGHT = 0.99  # share of right answers: solved

TASK = {"data": "recall", "recall_delay": 29, "recall_symbols": 8, "recall_distractors": 4, "batch_size": 32,
        "hidden_size": 24}  # fmt: skip
LSTM = TASK | {"cell": "lstm", "learning_rate": 0.01}
TANH = TASK | {"cell": "rnn_tanh", "learning_rate": 0.003}

SOLVED = Quantity(N_("updates until 99% of the answers are right"), ",.0f")


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Training until the task is solved."""
    watched = yield from watch(run, network, right, lambda share: share >= RIGHT)
    numbers = {"solved": watched.reached}
    return Trial(run.config.seed, numbers, (watched.updates, tuple(100 * share for share in watched.seen)))


def solves(network: str, low: int, high: int) -> Check:
    """So many seeds of the network solve the task."""
    return Check(N_("{network}: seeds that solve the task"), happened(network, "solved"), low, high, network)


def takes_at_most(network: str, updates: int) -> Check:
    """No seed of the network needs more updates than these."""
    label = N_("{network}: updates that it took, most")
    return Check(label, of(network, "solved", max), high=updates, network=network, form=",.0f")


def learning_curves(paper: str) -> Chart:
    """The share of right answers over the updates, beside what the paper has of it."""
    return Chart(
        N_("update"),
        N_("right answers (%)"),
        N_("The share of right answers on held-out data over the updates, a curve for each seed."),
        paper,
        bounds=(0.0, 104.0),
    )
