"""Why a network cannot be opened with what the reader has said of it."""

from typing import Any


class RefusedError(Exception):
    """A key for the reason, and the values that its sentence needs (ui/lab/own_network/sentences.py)."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind, values)
        self.kind, self.values = kind, values
