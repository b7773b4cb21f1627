"""The sequence on screen, of which a page shows everything that it leaves behind in the network."""

from typing import Any, NamedTuple

from rnn_core.tasks.base import Batch, Split
from rnn_core.tasks.stream import StreamTask
from ui.training.snapshot import SampleChoice

LONGEST_TYPED = 100  # symbols of a typed text that are shown


class Shown(NamedTuple):
    """The sequence on screen, and what was left out of a typed text to make it."""

    choice: SampleChoice
    batch: Batch  # of one sequence
    unread: str = ""  # symbols that the network does not know
    beyond: int = 0  # how many are too many to be shown


def sequence(task: Any, choice: SampleChoice) -> Shown:
    """The sequence that was chosen; instead of a typed text that is too short, one of the training data."""
    unread = ""
    if choice.split == "typed" and isinstance(task, StreamTask):
        symbols = task.read(choice.typed)
        unread = task.separator.join(symbols.unknown) if task.unknown is None else ""
        if len(symbols.ids) >= 2:
            ids = symbols.ids[: LONGEST_TYPED + 1, None]  # the last is only a target
            return Shown(choice, Batch(ids[:-1], ids[1:], None), unread, len(symbols.ids) - len(ids))
    split: Split = "held_out" if choice.split == "held_out" else "train"
    return Shown(choice._replace(split=split), task.example(choice.number, split), unread)
