"""The network that trains in the Lab at this moment, as a workspace: copied on the training thread."""

from typing import NamedTuple

import numpy as np

from rnn_core import Model
from rnn_core.tasks.base import Batch
from ui.charts.symbols import visible
from ui.i18n import N_
from ui.live.model_copy import from_training
from ui.training.run import Run
from ui.training.session import TrainingSession
from ui.unroll.sentence import LONGEST
from ui.unroll.tape import Computation
from ui.unroll.workspace import Workspace

PATIENCE = 2.0  # seconds: who presses the button waits for it
MOST_SYMBOLS = 500

REFUSALS = {
    "nothing": N_("No network trains in the Lab yet: open the Lab first."),
    "late": N_("The Lab is busy preparing a network. Try again in a moment."),
    "layers": N_("The Lab's network has several layers or directions. This page opens one layer that reads in "
                 "one direction."),
    "values": N_("The Lab's network reads numbers, not symbols. This page opens networks that read symbols."),
    "symbols": N_("The Lab's network knows too many symbols to lay them out. This page takes up to 500."),
}  # fmt: skip


def take(session: TrainingSession | None, number: int) -> tuple[Workspace | None, str]:
    """Workspace with the Lab's network and the beginning of the sequence that it shows, or the key of a refusal."""
    if session is None or not hasattr(session, "ask"):
        return None, "nothing"
    copy = from_training(session, _copy, "late", PATIENCE)
    if isinstance(copy, str):
        return None, copy
    model, batch = copy.model, copy.batch
    ids = tuple(int(symbol) for symbol in batch.x[:LONGEST, 0])
    weights = {name: value.astype(np.float64) for name, value in model.state_dict().items()}
    computation = Computation(model.config.cell, weights, ids, _targets(model.config.output == "last", batch, len(ids)))
    workspace = Workspace(("lab", number), computation, tuple(visible(symbol) for symbol in copy.vocabulary))
    workspace.taken, workspace.past = f"{copy.update:,}", copy.past
    return workspace, ""


class _Copy(NamedTuple):
    """The Lab's network and the sequence that it shows."""

    model: Model
    batch: Batch
    vocabulary: tuple[str, ...]
    update: int
    past: bool


def _copy(run: Run | None) -> _Copy | str:
    """On the training thread: what is needed, copied, or the key of a refusal."""
    if run is None:
        return "nothing"
    model, task = run.trainer.model, run.task
    if model.config.num_layers > 1 or model.config.bidirectional:
        return "layers"
    if task.vocabulary is None or model.config.loss != "cross_entropy":
        return "values"
    if len(task.vocabulary) > MOST_SYMBOLS:
        return "symbols"
    x, targets, mask = run.sequence().batch
    if np.ndim(x) != 2:
        return "values"
    return _Copy(
        model.copy(), Batch(np.array(x), np.array(targets), mask), tuple(task.vocabulary), run.update, run.past
    )


def _targets(last: bool, batch: Batch, shown: int) -> tuple[int, ...]:
    """The targets of the steps that are shown; where none is predicted among them, the end's target stands last.

    last : whether only the end has one.
    """
    x, targets, mask = batch
    if last:
        return (*[-1] * (shown - 1), int(np.ravel(targets)[0]))
    found = [int(targets[t, 0]) if mask is None or mask[t, 0] > 0 else -1 for t in range(len(x))]
    if any(target >= 0 for target in found[:shown]):
        return tuple(found[:shown])
    later = next((target for target in found[shown:] if target >= 0), 0)
    return (*found[: shown - 1], later)
