"""Orthogonal W in a network without a function (Saxe, McClelland & Ganguli 2014)."""

from collections.abc import Generator

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.gradient_curves import SOLVES, TANH
from ui.network.results.measuring import right, watch
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, happened, of

NEAR, FAR = 10, 90
UPDATES = 1500
TASK = TANH | {"cell": "rnn_identity"}
ORTHOGONAL = {"init": "orthogonal"}


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Training until the task is solved."""
    watched = yield from watch(run, network, right, lambda share: share >= 0.99)
    numbers = {"solved": watched.reached}
    return Trial(run.config.seed, numbers, (watched.updates, tuple(100 * share for share in watched.seen)))


RESULT = Result(
    "linear",
    card=Paper(
        N_(
            "Saxe, McClelland and Ganguli (2014) solved exactly how deep networks without a function learn, and asked "
            "from which first weights depth costs no time."
        ),
        N_(
            "With random orthogonal weights the time to learn does not depend on the depth; with scaled random ones it "
            "does. Gradients then pass through deep networks with a function, too."
        ),
        N_("The abstract."),
    ),
    title=N_("Orthogonal weights: depth costs little"),
    claim=N_("With orthogonal W a linear network learns over many steps about as fast as over few."),
    published=N_("Learning time: independent of depth (orthogonal), not so with scaled random weights."),
    here=N_(
        "Depth in time in place of depth in layers: one of 8 symbols must be named after 10 or 90 steps of "
        "distractors. 24 units without a function, Adam at 0.003 in batches of 32, clipped at norm 1."
    ),
    expected=N_(
        "An orthogonal W hands every gradient on at full length, over 10 steps or 90; the distractors, of which there "
        "are more, may cost some updates. A random W of PyTorch's size shrinks the gradient at each step, which 10 "
        "steps survive and 90 do not."
    ),
    networks={
        "orthogonal_10": Network(N_("W orthogonal, 10 steps"), TASK | ORTHOGONAL | {"recall_delay": NEAR}, UPDATES, 10),
        "orthogonal_90": Network(N_("W orthogonal, 90 steps"), TASK | ORTHOGONAL | {"recall_delay": FAR}, UPDATES, 10),
        "uniform_10": Network(N_("W uniform, 10 steps"), TASK | {"recall_delay": NEAR}, UPDATES, 10),
        "uniform_90": Network(N_("W uniform, 90 steps"), TASK | {"recall_delay": FAR}, UPDATES, 10),
    },
    measure=measure,
    quantities={"solved": Quantity(N_("updates until 99% of the answers are right"), ",.0f")},
    checks=(
        Check(
            N_("{network}: updates that it took, most"),
            of("orthogonal_10", "solved", max),
            high=200,
            network="orthogonal_10",
            form=",.0f",
        ),
        Check(SOLVES, happened("orthogonal_90", "solved"), 3, 3, "orthogonal_90"),
        Check(
            N_("{network}: updates that it took, most"),
            of("orthogonal_90", "solved", max),
            high=200,
            network="orthogonal_90",
            form=",.0f",
        ),
        Check(SOLVES, happened("uniform_10", "solved"), 3, 3, "uniform_10"),
        Check(SOLVES, happened("uniform_90", "solved"), 0, 0, "uniform_90"),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("update"),
        N_("right answers (%)"),
        N_("The share of right answers on held-out data over the updates, a curve for each seed."),
        N_("No figure of the paper was read. Drawn is how fast each network learns."),
        bounds=(0.0, 104.0),
    ),
)
