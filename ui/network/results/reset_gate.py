"""The reset gate before or after the product (Cho et al. 2014)."""

from collections.abc import Generator

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, exceeds, of

TASK = {"data": "marked_en", "batch_size": 16, "hidden_size": 48, "learning_rate": 0.01}
SEEDS = tuple(range(5))


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """The loss on held-out text over the training."""
    watched = yield from watch(run, network, lambda run: run.evaluate())
    return Trial(run.config.seed, {"loss": watched.seen[-1]}, (watched.updates, watched.seen))


RESULT = Result(
    "reset_gate",
    by="Cho et al. 2014",
    card=Paper(
        N_(
            "Cho et al. (2014) let the reset gate hide units of the old state before W is applied to it; in the first "
            "version of their paper the order was the other one. Nvidia's library, PyTorch, and Keras if nothing else "
            "is asked for, apply W first and hide parts of the product: then one product makes all three sums of a "
            "step."
        ),
        N_("The two are different functions; that the second costs no accuracy is why libraries took it."),
        N_(
            "TensorFlow's manual of its CudnnCompatibleGRUCell, which cites the measurement; Keras' manual of the GRU "
            "(reset_after, and the versions of the paper). The paper was not read."
        ),
    ),
    title=N_("The reset gate, before the product or after it"),
    claim=N_("A GRU learns as well with the reset gate behind the product as with Cho's, before it."),
    published=N_("not known to us. TensorFlow's manual says that the second form has no impact on accuracy."),
    here=N_(
        "Another task: a generated text with quotes and brackets, read letter by letter. 48 units, Adam at 0.01 in "
        "batches of 16, clipped at norm 1, 1,000 updates, five seeds. A tanh network of as many units is compared, too."
    ),
    expected=N_(
        "Both let a unit of the candidate do without the old state, and the gates are learned together with the "
        "weights; only what a closed gate hides differs. So the losses should differ by less than the seeds do, and "
        "both should be below that of a network without gates."
    ),
    networks={
        "before": Network(N_("GRU, reset before"), TASK | {"cell": "gru_reset_before"}, 1000, 50, SEEDS),
        "after": Network(N_("GRU, reset after"), TASK | {"cell": "gru"}, 1000, 50, SEEDS),
        "tanh": Network("tanh", TASK | {"cell": "rnn_tanh"}, 1000, 50, SEEDS),
    },
    measure=measure,
    quantities={"loss": Quantity(N_("loss on held-out text at the end (nats per letter)"), ".3f")},
    checks=(
        Check(
            N_("loss with the gate after the product minus that with it before, means (nats)"),
            exceeds("loss", "after", "before"),
            -0.02,
            0.02,
            form=".4f",
        ),
        *(
            Check(
                N_("{network}: how much lower its loss is than that of tanh, means (nats)"),
                exceeds("loss", "tanh", name),
                0.01,
                network=name,
                form=".3f",
            )
            for name in ("before", "after")
        ),
        Check(N_("{network}: highest loss"), of("before", "loss", max), high=0.7, network="before", form=".3f"),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("update"),
        N_("held-out loss (nats)"),
        N_("The loss on held-out text over the updates, a curve for each seed."),
        N_("No figure of the paper was read. Drawn is how fast each network learns."),
    ),
)
