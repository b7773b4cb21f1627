"""Gradients that explode, and clipping (Pascanu, Mikolov & Bengio 2013, section 3.2)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Model, Trainer
from rnn_core.tasks import TextTask
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Chart, Check, Curve, Door, Network, Paper, Quantity, Result, Trial, happened, of

SEEDS = (0, 1, 2, 3, 4)
UPDATES = 3000
POINTS, HIGHEST = 31, 1e6  # of a curve: its points at most, and the loss at which it ends
TASK = {"data": "river_en", "batch_size": 16, "cell": "rnn_relu", "hidden_size": 32, "spectral_radius": 2.0,
        "optimizer": "sgd", "learning_rate": 1.0}  # fmt: skip


def along_the_gradient(run: Trainer) -> Curve:
    """Loss of the first batch after a step down its gradient, for lengths from 0 to that of the run's first step.

    x : the length over that of the step without clipping. The curve ends where the loss has passed HIGHEST.
    """
    block, model = run.task.block(0, run.config.seed), Model(run.model.config)
    model.load_state_dict(run.model.state_dict())
    given = block.x[0], block.targets[0]
    trace = model.backward(*given)
    before = model.state_dict()
    longest = 1.0 if run.config.clip_norm is None else min(1.0, run.config.clip_norm / trace.grad_norm)
    shares, losses = [], []
    for share in longest * np.linspace(0, 1, POINTS) ** 3:  # closer where the step is short
        rate = share * run.config.learning_rate
        moved = {name: value - np.float32(rate) * trace.grads[name] for name, value in before.items()}
        model.load_state_dict(moved)
        loss = model.loss(*given)
        if not loss <= HIGHEST:
            break
        shares.append(float(share))
        losses.append(float(loss))
    return tuple(shares), tuple(losses)


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train; the updates until the numbers leave the finite ones, else the loss beside that of counted pairs."""
    if not isinstance(run.task, TextTask):
        raise TypeError(f"the task is {run.task.name!r}; expected 'text'")
    curve = along_the_gradient(run)
    first = run.step(1).grad_norm
    norm = float(first[0]) if len(first) else None
    yield from watch(run, network, lambda run: 0.0)
    finite = not run.diverged
    numbers = {
        "diverged": None if finite else float(run.update),
        "share": run.evaluate() / run.task.bigram_loss() if finite else None,
        "norm": norm,
    }
    return Trial(run.config.seed, numbers, curve)


RESULT = Result(
    "clipping",
    by="Pascanu, Mikolov & Bengio 2013",
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
    chart=Chart(
        N_("length of the first step, over that without clipping"),
        N_("loss of the first batch (nats)"),
        N_("The loss along the first step, a curve for each seed: a clipped step ends before the wall."),
        N_(
            "The paper's figure 6 draws the error of one unit over its two parameters, with a steep wall that throws a "
            "step far away. Drawn is a cut through such a surface: from the first weights down the gradient of the "
            "first batch, as far as the first step leads. A line ends where the loss passes a million."
        ),
        logarithmic=True,
    ),
)
