"""Gradients that explode, and clipping (Pascanu, Mikolov & Bengio 2013, section 3.2)."""

from collections.abc import Generator

from rnn_core import Trainer
from rnn_core.tasks import TextTask
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Check, Door, Network, Paper, Quantity, Result, Trial, happened, of

SEEDS = (0, 1, 2, 3, 4)
UPDATES = 3000
TASK = {"data": "river_en", "batch_size": 16, "cell": "rnn_relu", "hidden_size": 32, "spectral_radius": 2.0,
        "optimizer": "sgd", "learning_rate": 1.0}  # fmt: skip


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train; the updates until the numbers leave the finite ones, else the loss beside that of counted pairs."""
    if not isinstance(run.task, TextTask):
        raise TypeError(f"the task is {run.task.name!r}; expected 'text'")
    first = run.step(1).grad_norm
    norm = float(first[0]) if len(first) else None
    yield from watch(run, network, lambda run: 0.0)
    finite = not run.diverged
    numbers = {
        "diverged": None if finite else float(run.update),
        "share": run.evaluate() / run.task.bigram_loss() if finite else None,
        "norm": norm,
    }
    return Trial(run.config.seed, numbers)


RESULT = Result(
    "clipping",
    card=Paper(
        N_(
            "Pascanu, Mikolov and Bengio (2013) looked at why gradients explode, and proposed to scale a gradient that "
            "is longer than a threshold down to it."
        ),
        N_("Clipping the norm deals with exploding gradients: networks learn that could not be trained without it."),
        N_("The paper: section 3.2."),
    ),
    title=N_("Gradients that explode, and clipping"),
    claim=N_("Where gradients explode, a bound on their norm makes the difference between learning and divergence."),
    published=N_("None for this task: with clipping the norm, tasks are learned that are not learned without."),
    here=N_(
        "The next letter of a text in place of the paper's tasks: 32 ReLU units, W scaled to a spectral radius of 2, "
        "SGD at a rate of 1, batches of 16; the norm is clipped at 1 or not at all. Neither is tuned: with a smaller "
        "learning rate some networks learn without clipping, too."
    ),
    expected=N_(
        "W can double a state at each step, and a gradient on its way back; one update of its length throws the "
        "weights far away, and the next numbers overflow. At norm 1 every update has a bounded length, and the network "
        "comes to know more than which pairs of letters are frequent."
    ),
    networks={
        "without": Network(N_("without clipping"), TASK | {"clipping": "off"}, UPDATES, seeds=SEEDS),
        "with": Network(N_("norm clipped at 1"), TASK, UPDATES, seeds=SEEDS),
    },
    measure=measure,
    quantities={
        "diverged": Quantity(N_("updates until its numbers are no longer finite"), ",.0f"),
        "norm": Quantity(N_("norm of the first gradient"), ".3g"),
        "share": Quantity(N_("loss on held-out data, over that of the bigram model"), ".2f"),
    },
    checks=(
        Check(N_("{network}: seeds of 5 that diverge"), happened("without", "diverged"), 5, 5, "without"),
        Check(N_("{network}: seeds of 5 that diverge"), happened("with", "diverged"), 0, 0, "with"),
        Check(
            N_("{network}: loss over that of the bigram model, highest"), of("with", "share", max), 0, 1, "with", ".2f"
        ),
    ),
    door=Door("lab"),
)
