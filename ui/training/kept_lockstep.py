"""Networks in lockstep as one compressed file: their checkpoints and records, with which any server goes on, exactly.

What they are the page's address says; a file goes on in the place of networks of the same setup, or is refused.
"""

import io
from typing import Any, NamedTuple
from zlib import crc32

from rnn_core.checkpoint import dump, read_checkpoint
from ui.training import kept_file
from ui.training.kept_file import checked, need, opened, whole
from ui.training.lockstep import LockstepRun

FORMAT = "rnn-lab lockstep 1"
NAMES = {"format", "setup", "training", "update", "playing", "networks", "sizes", "beside"}


def in_short(settings: Any) -> str:
    """Settings in short: the same where two addresses ask for the same."""
    return f"{crc32(repr(settings).encode()):08x}"


class Taken(NamedTuple):
    """What a file says beside its networks."""

    playing: bool  # whether they trained
    beside: Any  # of the session


def content(run: LockstepRun[Any, Any], playing: bool, beside: Any = None) -> bytes:
    """The networks of a run as a file that is not yet compressed. beside : what the session has, as JSON has it."""
    checkpoints = [dump(entry.trainer) for entry in run.entries]
    facts = {
        "format": FORMAT,
        "setup": in_short(run.setup),
        "training": in_short(run.training),
        "update": run.update,
        "playing": playing,
        "networks": [entry.facts() for entry in run.entries],
        "beside": beside,
        "sizes": [len(checkpoint) for checkpoint in checkpoints],
    }
    return kept_file.content(facts, b"".join(checkpoints))


def take_up(run: LockstepRun[Any, Any], data: bytes) -> Taken:
    """Have a run that was just made go on where the one in a file was. CheckpointError, saying what is wrong, for
    whatever is no such file, or one of another setup."""
    with checked():
        facts, checkpoints = opened(data)
        known = isinstance(facts, dict) and set(facts) == NAMES and facts["format"] == FORMAT
        need(known, f"it is not of the format {FORMAT!r}")
        need(facts["setup"] == in_short(run.setup), "the networks are not those that this page has")
        need(len(facts["sizes"]) == len(facts["networks"]) == len(run.entries), "it has another number of networks")
        trainers, begin = [], 0
        for size in facts["sizes"]:
            end = begin + whole(size, 1, len(checkpoints) - begin)
            trainers.append(read_checkpoint(io.BytesIO(checkpoints[begin:end])))
            begin = end
        run.take_up(whole(facts["update"], 0, 10**12), trainers, facts["networks"])
        if facts["training"] != in_short(run.training):
            run.configure(run.training)
        return Taken(facts["playing"] is True, facts["beside"])
