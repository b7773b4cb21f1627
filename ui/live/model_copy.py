"""The one way to a network in training: ask its thread for a copy."""

from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from typing import Any

PATIENCE = 0.5  # seconds for the training thread to answer; a slice of training lasts a twentieth


def from_training(session, copy: Callable[[Any], Any], late: Any = None, patience: float = PATIENCE) -> Any:
    """copy(run), called by the training thread of a session between two slices; `late` where it takes too long."""
    try:
        return session.ask(copy).result(patience)
    except TooLate:
        return late
