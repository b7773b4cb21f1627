"""A penalty on vanishing gradients (Pascanu, Mikolov & Bengio 2013, section 3.3)."""

from ui.i18n import N_
from ui.network.results.recall import SOLVED, TANH, learning_curves, measure, solves, takes_at_most
from ui.network.results.record import Door, Network, Paper, Result

UPDATES, SEEDS = 1000, (0, 1, 2, 3, 4)


RESULT = Result(
    "vanishing_penalty",
    by="Pascanu, Mikolov & Bengio 2013",
    card=Paper(
        N_(
            "Pascanu, Mikolov and Bengio (2013) added a penalty Ω to the loss: for each step, the square of what the "
            "length of the gradient changes by on its way back through it. The gradient itself counts as given; only W "
            "is to hand it on as long as it came."
        ),
        N_(
            "With this penalty and clipping, one network of 50 tanh units learned the temporal order problem at all "
            "lengths from 50 to 200, in each of five runs; without both, only short sequences are learned."
        ),
        N_("The paper: sections 3.3 and 4.1.1, figure 7."),
    ),
    title=N_("A penalty on vanishing gradients"),
    claim=N_("Where gradients vanish, a penalty that asks W to keep their length lets a plain network learn."),
    published=N_("Temporal order: all lengths from 50 to 200 in 5 of 5 runs, with clipping and the penalty."),
    here=N_(
        "Another task: one of 8 symbols must be named after 29 steps; 24 tanh units whose W starts small and random, "
        "Adam at 0.003 in batches of 32, clipped at norm 1 in both, 1,000 updates at most, five seeds. The weight of "
        "the penalty is 1; its sum over the steps is averaged over the sequences."
    ),
    expected=N_(
        "With such a W the first gradient by the symbol is smaller than the last one by many orders of magnitude, so "
        "that nothing pulls at what should be remembered. The penalty pulls at W at every step, whether the loss says "
        "anything or not, until the gradient arrives; then the task is as easy as with an orthogonal W."
    ),
    networks={
        "without": Network(N_("tanh, without the penalty"), TANH, UPDATES, seeds=SEEDS),
        "with": Network(N_("tanh, penalty 1"), TANH | {"vanishing_penalty": 1.0}, UPDATES, seeds=SEEDS),
    },
    measure=measure,
    quantities={"solved": SOLVED},
    checks=(
        solves("with", 5, 5),
        takes_at_most("with", 400),
        solves("without", 0, 1),
    ),
    door=Door("lab"),
    chart=learning_curves(
        N_("Figure 7 of the paper draws the share of runs that succeed over the length. Drawn is how fast they learn.")
    ),
)
