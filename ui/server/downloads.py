"""The files that a reader can take along: made from a session's network as it is at that moment."""

import csv
import io
import json
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple

import numpy as np

from rnn_core.checkpoint import dump
from ui.training.session import TrainingSession

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
    content: Callable[..., Any]


def _checkpoint(session: TrainingSession) -> Future[Any]:
    """The run as a checkpoint, taken between two slices of training."""
    return session.ask(lambda run: None if run is None else dump(run.trainer))


def _history(session: TrainingSession) -> str | None:
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


def _stops(session: TrainingSession) -> str:
    """The updates that a film of the run shows."""
    return json.dumps(session.stops)


def _film(session: TrainingSession) -> str | None:
    """The film that was made last."""
    return getattr(session.renderer, "film", None)


def _pytorch(session: TrainingSession) -> Future[Any]:
    """The run's network under the names of the reader's file; None where it came from none."""
    return session.ask(
        lambda run: (
            None
            if run is None or run.setup.source is None
            else run.setup.source.saved(run.trainer.model.state_dict()).dump()
        )
    )


DOWNLOADS = {
    "pytorch.safetensors": Download("network.safetensors", "application/octet-stream", _pytorch),
    "checkpoint.safetensors": Download("rnn-lab.safetensors", "application/octet-stream", _checkpoint),
    "film.html": Download("rnn-lab-film.html", "text/html; charset=utf-8", _film),
    "stops.json": Download("stops.json", "application/json", _stops),
    "history.csv": Download("loss.csv", "text/csv; charset=utf-8", _history),
}
