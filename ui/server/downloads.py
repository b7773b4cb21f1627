"""The files that a reader can take along: made from a session's network as it is at that moment."""

import csv
import io
from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple

import numpy as np

from rnn_core.checkpoint import dump

COLUMNS = (
    "updates",
    "loss",
    "loss_min",
    "loss_max",
    "grad_norm",
    "grad_norm_max",
    "grad_norm_clipped",
    "held_out_loss",
)


class Download(NamedTuple):
    """A file's name and kind, and how it is made of a session; None where there is nothing yet.

    What the training thread has to make is a Future.
    """

    file: str
    media_type: str
    content: Callable


def _checkpoint(session) -> Future:
    """The run as a checkpoint, taken between two slices of training."""
    return session.ask(lambda run: None if run is None else dump(run.trainer))


def _history(session) -> str | None:
    """The loss history by update: a row for each bucket of updates, at its last one, and a row for each measurement on
    held-out data at an update of its own. What a row does not know stays empty."""
    view = session.snapshot.view
    if view is None:
        return None
    curve, file = view.curve, io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["update", *COLUMNS])
    ends = curve.update.tolist()
    sizes = np.diff(ends, prepend=max(0, ends[0] - curve.width)) if ends else ()
    numbers = (curve.loss, curve.loss_low, curve.loss_high, curve.norm, curve.norm_high, curve.clipped)
    trained = {
        end: [int(size), *map(rounded, column)] for end, size, *column in zip(ends, sizes, *numbers, strict=True)
    }
    held_out = dict(view.held_out)
    for update in sorted(trained.keys() | held_out.keys()):
        measured = rounded(held_out[update]) if update in held_out else ""
        rows.writerow([update, *trained.get(update, [""] * (len(COLUMNS) - 1)), measured])
    return file.getvalue()


def rounded(number: float) -> str:
    """Six digits: what a number of float32 knows.

    >>> rounded(0.0839999978542328), rounded(1234567.0)
    ('0.084', '1.23457e+06')
    """
    return f"{number:.6g}"


DOWNLOADS = {
    "checkpoint.safetensors": Download("rnn-lab.safetensors", "application/octet-stream", _checkpoint),
    "history.csv": Download("loss.csv", "text/csv; charset=utf-8", _history),
}
