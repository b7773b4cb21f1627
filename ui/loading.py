"""Modules that are loaded when they are first needed, by one thread at a time."""

import importlib
import threading
from typing import Any

_ONE_AT_A_TIME = threading.RLock()


def load(name: str) -> Any:
    """The module of this name.

    The server loads the core while the first visitor's script does. Where two threads load parts of one package from
    two sides, each waits for what the other has begun; Python then gives one of them a module that is not complete,
    and its import fails.
    """
    with _ONE_AT_A_TIME:
        return importlib.import_module(name)
