"""Copy memory (Arjovsky, Shah & Bengio 2016)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Trainer
from rnn_core.tasks import CopyTask
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Chart, Check, Door, Network, Quantity, Result, Trial, of

TASK = {"data": "copy", "copy_delay": 30, "copy_length": 3, "copy_symbols": 8, "batch_size": 32, "hidden_size": 32}
BASELINE = CopyTask(delay=30, length=3, symbols=8).chance


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """The loss on the held-out sequences, over that of a model without memory."""
    watched = yield from watch(run, network, Trainer.evaluate)
    numbers = {"share": watched.seen[-1] / run.task.chance}
    return Trial(run.config.seed, numbers, (watched.updates, watched.seen))


RESULT = Result(
    "copying",
    by="Arjovsky, Shah & Bengio 2016",
    card="copy",
    title=N_("Copying three symbols over thirty steps"),
    claim=N_("Without help, a recurrent network stays at the loss of a model without memory when it must copy."),
    published=N_("An LSTM: no better than the line without memory. A network with a unitary W copies."),
    here=N_(
        "Three symbols of 8 over 30 steps, in place of ten over a hundred or more; 32 units, Adam in batches of "
        "32, clipped at norm 1. No network here has a unitary W."
    ),
    expected=N_(
        "Three symbols and 30 steps are far fewer than the paper's. A plain tanh network stays on the line all the "
        "same; a GRU keeps what its gates let stand, and goes below it."
    ),
    networks={
        "tanh": Network(N_("RNN (tanh)"), TASK | {"cell": "rnn_tanh", "learning_rate": 0.003}, 3000),
        "gru": Network("GRU", TASK | {"cell": "gru", "learning_rate": 0.01}, 3000),
    },
    measure=measure,
    quantities={"share": Quantity(N_("loss at the end, over that without memory"), ".2f")},
    checks=(
        Check(
            N_("{network}: lowest loss, over that without memory"),
            of("tanh", "share", min),
            0.9,
            network="tanh",
            form=".2f",
        ),
        Check(
            N_("{network}: median of the loss, over that without memory"),
            of("gru", "share", np.median),
            high=0.6,
            network="gru",
            form=".2f",
        ),
    ),
    door=Door("arena"),
    chart=Chart(
        N_("update"),
        N_("loss on held-out data (nats)"),
        N_("The loss over the updates, a curve for each seed, beside that of a model without memory."),
        N_("The papers draw the loss over the training beside the line of a model without memory; so does this chart."),
        levels=((N_("without memory"), BASELINE),),
        bounds=(0.0, 0.5),
    ),
)
