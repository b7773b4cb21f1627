"""The files that a reader can take along: made from a session's network as it is at that moment."""

import csv
import io
from collections.abc import Callable
from typing import NamedTuple

from rnn_core.checkpoint import dump

PATIENCE = 30.0  # seconds for the training thread to answer


class Download(NamedTuple):
    """A file's name and kind, and how it is made; None where there is nothing yet."""

    file: str
    media_type: str
    content: Callable


def _checkpoint(session) -> bytes | None:
    """The run as a checkpoint, taken between two slices of training."""
    return session.ask(lambda run: None if run is None else dump(run.trainer)).result(PATIENCE)


def _history(session) -> str | None:
    """The loss history: a row for each bucket of updates, and one for each measurement on held-out data."""
    view = session.snapshot.view
    if view is None:
        return None
    curve, file = view.curve, io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(
        [
            "update",
            "updates",
            "loss",
            "loss_min",
            "loss_max",
            "grad_norm",
            "grad_norm_max",
            "grad_norm_clipped",
            "held_out_loss",
        ]
    )
    held_out, last = dict(view.held_out), int(curve.update[0]) - curve.width if len(curve.update) else 0
    for i, end in enumerate(curve.update.tolist()):
        measured = [held_out.pop(update) for update in sorted(held_out) if update <= end]
        numbers = (curve.loss, curve.loss_low, curve.loss_high, curve.norm, curve.norm_high, curve.clipped)
        rows.writerow([end, end - max(last, 0), *(float(column[i]) for column in numbers), *measured[-1:]])
        last = end
    return file.getvalue()


def _chart(name: str) -> Callable:
    def content(session) -> str | None:
        """The chart as a page that needs nothing else: Plotly is in it."""
        figure = session.pictures and session.pictures.figure(name, session.snapshot)
        return None if figure is None else figure.to_html(include_plotlyjs=True, validate=False)

    return content


DOWNLOADS = {
    "checkpoint.safetensors": Download("rnn-lab.safetensors", "application/octet-stream", _checkpoint),
    "history.csv": Download("loss.csv", "text/csv; charset=utf-8", _history),
    "score.html": Download("score.html", "text/html; charset=utf-8", _chart("score")),
    "loss.html": Download("loss.html", "text/html; charset=utf-8", _chart("loss")),
}
