"""Trials for the tests of a cluster, where its workers can import them: they train nothing, and wait for a file."""

import os
import time


def held(folder, name):
    """Goes on once the file "open" is in the folder; leaves a file at every begin and end, with trial and process."""
    (folder / f"begun-{name}-{os.getpid()}").touch()
    try:
        while not (folder / "open").exists():
            yield 0.5
            time.sleep(0.01)
        return name
    finally:
        (folder / f"ended-{name}-{os.getpid()}").touch()


def failing():
    """Fails at its first look."""
    yield 0.1
    raise ArithmeticError("by hand")
