"""Orthogonal W in a network without a function (Saxe, McClelland & Ganguli 2014)."""

from ui.i18n import N_
from ui.network.results.recall import SOLVED, TANH, learning_curves, measure, solves, takes_at_most
from ui.network.results.record import Door, Network, Paper, Result

NEAR, FAR = 10, 90
UPDATES = 1500
TASK = TANH | {"cell": "rnn_identity"}
ORTHOGONAL = {"init": "orthogonal"}


RESULT = Result(
    "linear",
    by="Saxe, McClelland & Ganguli 2014",
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
    quantities={"solved": SOLVED},
    checks=(
        takes_at_most("orthogonal_10", 200),
        solves("orthogonal_90", 3, 3),
        takes_at_most("orthogonal_90", 200),
        solves("uniform_10", 3, 3),
        solves("uniform_90", 0, 0),
    ),
    door=Door("lab"),
    chart=learning_curves(N_("No figure of the paper was read. Drawn is how fast each network learns.")),
)
