"""The function of the units and the gradient (Pascanu, Mikolov & Bengio 2013, section 2.1)."""

from collections.abc import Generator

from rnn_core import Trainer
from rnn_core.analysis.reach import output_jacobian
from ui.i18n import N_
from ui.network.results.measuring import right, watch
from ui.network.results.recall import RIGHT, SOLVED, TANH, solves
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, of

TASK = TANH | {"init": "orthogonal"}


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """The curve before the first update, then training until the task is solved."""
    curve = output_jacobian(run.model, run.task.held_out().x)
    watched = yield from watch(run, network, right, lambda share: share >= RIGHT)
    factor = float(curve[0] / curve[-1]) ** (1 / (len(curve) - 1))
    steps = tuple(float(step) for step in range(len(curve)))
    return Trial(
        run.config.seed, {"factor": factor, "solved": watched.reached}, (steps, tuple((curve / curve[-1]).tolist()))
    )


FACTOR = N_("{network}: factor of the gradient for each step, highest")

RESULT = Result(
    "activations",
    by="Pascanu, Mikolov & Bengio 2013",
    card=Paper(
        N_(
            "Pascanu, Mikolov and Bengio (2013) bound what a step back does to a gradient: at most the largest "
            "singular value of W times the steepest slope of the function, which is 1 for tanh and 1/4 for the sigmoid."
        ),
        N_(
            "Where the largest singular value is below 1 (tanh) or 4 (sigmoid), the gradient vanishes for certain. "
            "Above, it can explode, but need not."
        ),
        N_("The paper: section 2.1."),
    ),
    title=N_("What the function of the units does to the gradient"),
    claim=N_(
        "Behind sigmoid units a gradient shrinks to a quarter or less in every step, behind tanh units much less."
    ),
    published=N_("Factor for each step at most 1/4 (sigmoid) or 1 (tanh), times the largest singular value of W."),
    here=N_(
        "W is orthogonal: all its singular values are 1, so the function alone decides. The network without one "
        "(identity) is not in the paper. One of 8 symbols must be named after 29 steps; 24 units, Adam at 0.003 in "
        "batches of 32, clipped at norm 1."
    ),
    expected=N_(
        "Without a function the gradient keeps its length exactly. Tanh units near 0 have a slope near 1; sigmoid "
        "units at most 1/4, and 29 such steps leave less than 10⁻¹⁷. What the first step contributes is then lost, and "
        "the task with it."
    ),
    networks={
        "sigmoid": Network(N_("RNN (sigmoid)"), TASK | {"cell": "rnn_sigmoid"}, 1500),
        "tanh": Network(N_("RNN (tanh)"), TASK, 1500),
        "identity": Network(N_("RNN (identity)"), TASK | {"cell": "rnn_identity"}, 1500),
    },
    measure=measure,
    quantities={
        "factor": Quantity(N_("factor of the gradient for each step"), ".4f"),
        "solved": SOLVED,
    },
    checks=(
        Check(FACTOR, of("sigmoid", "factor", max), 0.1, 0.25, "sigmoid", ".4f"),
        Check(FACTOR, of("tanh", "factor", max), 0.8, 1, "tanh", ".4f"),
        Check(FACTOR, of("identity", "factor", max), 0.9999, 1.0001, "identity", ".4f"),
        solves("sigmoid", 0, 0),
        solves("tanh", 3, 3),
        solves("identity", 3, 3),
    ),
    door=Door("arena"),
    chart=Chart(
        N_("step t"),
        N_("‖∂o/∂h‖ at step t, over that at the last step (log)"),
        N_("How strongly the answer depends on each earlier state before training, a curve for each seed."),
        N_("The paper has a bound and no figure of it. Drawn is the gradient that it bounds."),
        logarithmic=True,
    ),
)
