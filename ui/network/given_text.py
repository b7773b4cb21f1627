"""The text that the server was started with: each visitor's own text at first, as if it had been pasted."""

import logging
from functools import cache
from pathlib import Path

from ui import environment
from ui.network.nearest import SHORTEST, Batching, nearest
from ui.network.text_files import MAX_BYTES, TextError, decode

LOG = logging.getLogger(__name__)
REASONS = {
    "too_large": f"it has more than {MAX_BYTES >> 20} MB; cut it",
    "empty": "it has no text in it",
    "binary": "it is not plain text; save it as .txt in UTF-8",
    "damaged": "it is cut off or damaged; save it again in UTF-8",
    "unknown_encoding": "its encoding is none of UTF-8, UTF-16 and GB18030; save it in UTF-8",
}


class Unusable(ValueError):
    """A file is no text that a network can learn from; the message says why, and what to do."""


def read(file: Path) -> str:
    """The text of a file. Raises Unusable.

    >>> read(Path("missing.txt"))
    Traceback (most recent call last):
    ui.network.given_text.Unusable: missing.txt cannot be used: No such file or directory
    """
    try:
        with file.open("rb") as opened:
            text = decode(opened.read(MAX_BYTES + 1)).text
    except OSError as error:
        raise Unusable(f"{file} cannot be used: {error.strerror}") from error
    except TextError as error:
        raise Unusable(f"{file} cannot be used: {REASONS[error.kind]}") from error
    if nearest(text, False, Batching(SHORTEST, 1)) is None:
        raise Unusable(f"{file} cannot be used: it needs at least {2 * (SHORTEST + 1)} symbols, two of them different")
    return text


def given_text() -> str:
    """The text that the environment names; an empty one where it names none, or a file that cannot be used."""
    return _kept(environment.given(environment.TEXT))


@cache
def _kept(_name: str) -> str:
    """The text of the file of that name, as it was when it was first asked for."""
    try:
        return environment.text()
    except ValueError as problem:  # it was there at the start
        LOG.warning("%s", problem)
        return ""
