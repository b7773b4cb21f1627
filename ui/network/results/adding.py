"""The adding problem (Hochreiter & Schmidhuber 1997; Le, Jaitly & Hinton 2015)."""

from collections.abc import Generator

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Chart, Check, Door, Network, Quantity, Result, Trial, happened, of

SOLVED = 0.01  # squared error
TASK = {"data": "adding", "adding_sequence_length": 100, "batch_size": 32, "hidden_size": 32}


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """The squared error on the held-out sequences until the task is solved."""
    watched = yield from watch(run, network, Trainer.evaluate, lambda error: error < SOLVED)
    numbers = {"solved": watched.reached, "error": watched.seen[-1]}
    return Trial(run.config.seed, numbers, (watched.updates, watched.seen))


SOLVES = N_("{network}: seeds that come below 0.01")

RESULT = Result(
    "adding",
    by="Hochreiter & Schmidhuber 1997; Le, Jaitly & Hinton 2015",
    card="adding",
    title=N_("Adding two of a hundred numbers"),
    claim=N_("A ReLU network whose W starts as the identity adds numbers far apart about as well as an LSTM."),
    published=N_(
        "not known to us. It says: about as good as an LSTM. Always answering 1 has a squared error of 1/6 = 0.1667."
    ),
    here=N_(
        "100 steps, numbers from 0 to 1. GRU, LSTM and tanh have 32 units, the ReLU network 64. Adam in batches of "
        "32, clipped at norm 1; training stops below 0.01."
    ),
    expected=N_(
        "The two marked numbers can lie up to 99 steps apart. Gates, and a W that is the identity, carry a number over "
        "them; the state of a plain tanh network fades, so its error stays where always answering 1 has it."
    ),
    networks={
        "gru": Network("GRU", TASK | {"cell": "gru", "learning_rate": 0.01}, 1500),
        "lstm": Network("LSTM", TASK | {"cell": "lstm", "learning_rate": 0.01}, 4000),
        "irnn": Network(
            N_("RNN (ReLU), W identity"),
            TASK | {"cell": "rnn_relu", "init": "identity", "hidden_size": 64, "learning_rate": 0.001},
            4000,
        ),
        "tanh": Network(N_("RNN (tanh)"), TASK | {"cell": "rnn_tanh", "learning_rate": 0.003}, 2000),
    },
    measure=measure,
    quantities={
        "solved": Quantity(N_("updates until the squared error is below 0.01"), ",.0f"),
        "error": Quantity(N_("squared error at the end"), ".3f"),
    },
    checks=(
        *(Check(SOLVES, happened(name, "solved"), 2, network=name) for name in ("gru", "lstm", "irnn")),
        Check(
            N_("{network}: lowest squared error at the end"),
            of("tanh", "error", min),
            low=0.12,
            network="tanh",
            form=".3f",
        ),
        Check(
            N_("{network}: highest squared error at the end"),
            of("tanh", "error", max),
            high=0.21,
            network="tanh",
            form=".3f",
        ),
    ),
    door=Door("arena"),
    chart=Chart(
        N_("update"),
        N_("squared error on held-out data"),
        N_("The squared error over the updates, a curve for each seed, beside that of always answering 1."),
        N_("No figure of the paper was read. Drawn is the usual form: the held-out error over the updates."),
        levels=((N_("always answering 1"), 1 / 6),),
        bounds=(0.0, 0.4),
    ),
)
