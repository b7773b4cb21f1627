"""The sign of the gradient is enough (Riedmiller & Braun 1993)."""

from ui.i18n import N_
from ui.network.results.recall import SOLVED, TANH, learning_curves, measure, solves, takes_at_most
from ui.network.results.record import Check, Door, Network, Paper, Result, of

TASK = TANH | {"init": "orthogonal", "recall_delay": 10, "batch_size": 64}
SMALL, LARGE = 0.0001, 0.01


def network(label: str, optimizer: str, rate: float) -> Network:
    """The network with this optimiser and learning rate."""
    return Network(label, TASK | {"optimizer": optimizer, "learning_rate": rate}, 1000, every=20)


RESULT = Result(
    "rprop",
    by="Riedmiller & Braun 1993",
    card=Paper(
        N_(
            "Riedmiller and Braun (1993) let every weight have a step of its own. It grows by 1.2 while the gradient "
            "keeps its sign and is halved when the sign changes; the size of the gradient counts for nothing."
        ),
        N_(
            "An efficient and transparent adaptation, which the size of the gradient cannot disturb, shown beside "
            "other adaptive techniques."
        ),
        N_("The abstract; the factors 1.2 and 0.5, and that it wants gradients of all data at once: others' manuals."),
    ),
    title=N_("Rprop: the sign of the gradient is enough"),
    claim=N_("Rprop, which adapts its steps to the signs of the gradient, hardly depends on the first of them."),
    published=N_("not known to us. It says: faster than plain gradient descent, and than other adaptive techniques."),
    here=N_(
        "A recurrent network in place of feedforward ones, and batches of 64 new sequences in place of all data at "
        "once. One of 8 symbols must be named after 10 steps; 24 tanh units, W orthogonal. Clipped at norm 1, which "
        "changes no sign. With a first step of 0.1 or more some networks fail."
    ),
    expected=N_(
        "Steps grow a hundredfold in 26 updates, so a first step that is a hundred times too small costs few updates. "
        "With SGD a rate that is a hundred times smaller needs a hundred times as many updates."
    ),
    networks={
        "rprop_small": network(N_("Rprop, first step 0.0001"), "rprop", SMALL),
        "rprop_large": network(N_("Rprop, first step 0.01"), "rprop", LARGE),
        "sgd_small": network(N_("SGD, learning rate 0.0001"), "sgd", SMALL),
        "sgd_large": network(N_("SGD, learning rate 0.01"), "sgd", LARGE),
    },
    measure=measure,
    quantities={"solved": SOLVED},
    checks=(
        takes_at_most("rprop_small", 100),
        takes_at_most("rprop_large", 100),
        *(solves(name, 3, 3) for name in ("rprop_small", "rprop_large")),
        solves("sgd_small", 0, 0),
        Check(
            N_("{network}: updates that it took, fewest"),
            of("sgd_large", "solved", min),
            101,
            network="sgd_large",
            form=",.0f",
        ),
    ),
    door=Door("lab"),
    chart=learning_curves(N_("No figure of the paper was read. Drawn is how fast each network learns.")),
)
