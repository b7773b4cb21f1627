"""The environment variables of docs/hosting.md: names, readers, and one check of them all at the start.

A reader returns the value, or the default where nothing is given, which blanks are, too. It raises ValueError with one
line: the variable, what was given, what is needed.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

from ui.pages import load

HOSTS = "RNN_LAB_HOSTS"
SESSIONS = "RNN_LAB_SESSIONS"
MEMORY = "RNN_LAB_MEMORY"
EMBED_ORIGINS = "RNN_LAB_EMBED_ORIGINS"
LESSONS = "RNN_LAB_LESSONS"
TEXT = "RNN_LAB_TEXT"
METRICS = "RNN_LAB_METRICS"
SCHEDULER = "RNN_LAB_SCHEDULER"

DEFAULT_SESSIONS = 64
LEAST_MEMORY = 256  # megabytes: the largest network that the Lab can make
ASK = "ask"  # a scheduler that the reader names on the page: who that may be, ui/sweeps/own_machine.py says
NAME = re.compile(r"\*|(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d+)?")
ADDRESS = re.compile(r"(?:tcp|tls)://(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(\d{1,5})")
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def given(name: str) -> str:
    """What the environment says, without blanks around it; empty: nothing."""
    return os.environ.get(name, "").strip()


def hosts() -> tuple[str, ...]:
    """The names under which the pages are reached, beside those that every server has; "*" is any, "*.example.org" all
    below that one."""
    return tuple(name.lower() for name in _listed(HOSTS, NAME, "names such as lab.example.org"))


def sessions() -> int:
    """How many visitors a process admits."""
    return _number(SESSIONS, 1, f"a whole number of at least 1, such as {DEFAULT_SESSIONS}") or DEFAULT_SESSIONS


def memory() -> int | None:
    """Megabytes that all visitors may take together; None: as many as the machine allows."""
    return _number(MEMORY, LEAST_MEMORY, f"a whole number of megabytes, at least {LEAST_MEMORY}")


def _number(name: str, least: int, needed: str) -> int | None:
    text = given(name)
    if text and not (re.fullmatch(r"[0-9]{1,9}", text) and int(text) >= least):
        raise ValueError(f"{name} is {text!r}; it must be {needed}")
    return int(text) if text else None


def embed_origins() -> str:
    """Whose pages may show this one within theirs, apart by blanks."""
    _listed(EMBED_ORIGINS, ORIGIN, "origins such as https://course.example.org")
    return re.sub(r"[\s,]+", " ", given(EMBED_ORIGINS)).strip()


def _listed(name: str, form: re.Pattern[str], needed: str) -> list[str]:
    """What a variable lists, apart by blanks or commas."""
    listed = given(name).replace(",", " ").split()
    for each in listed:
        if not form.fullmatch(each):
            raise ValueError(f"{name} has {each!r}; it must be {needed}")
    return listed


def lessons() -> Path | None:
    """The folder with lessons for everybody."""
    path = given(LESSONS)
    if path and not (os.path.isdir(path) and os.access(path, os.R_OK | os.X_OK)):
        raise ValueError(f"{LESSONS} is {path!r}; it must be a folder that can be read")
    return Path(path) if path else None


def text() -> str:
    """The text that every visitor begins with; empty: none."""
    path = given(TEXT)
    if not path:
        return ""
    given_text = load("ui.network.given_text")
    try:
        content: str = given_text.read(Path(path))
    except given_text.Unusable as problem:
        raise ValueError(f"{TEXT} is no text to begin with: {problem}") from problem
    return content


def metrics() -> bool:
    """Whether /metrics is open.

    Not the address of who asks decides: behind a proxy everybody comes from this machine.
    """
    word = given(METRICS)
    if word and word.lower() not in YES + NO:
        raise ValueError(f"{METRICS} is {word!r}; it must be 1 or 0, true or false, yes or no, on or off")
    return word.lower() in YES


def scheduler() -> str:
    """The address of a Dask scheduler, or ASK; empty: none."""
    address = given(SCHEDULER)
    if address and address != ASK and not well_formed(address):
        raise ValueError(f"{SCHEDULER} is {address!r}; it must be an address such as tcp://192.168.1.7:8786, or {ASK}")
    return address


def well_formed(address: str) -> bool:
    """Whether this can be the address of a scheduler.

    >>> [well_formed(text) for text in ("tcp://127.0.0.1:8786", "tls://[::1]:1", "tcp://host", "http://host:80", "")]
    [True, True, False, False, False]
    """
    found = ADDRESS.fullmatch(address)
    return found is not None and 1 <= int(found[1]) <= 65535


VARIABLES: dict[str, Callable[[], object]] = {
    HOSTS: hosts,
    SESSIONS: sessions,
    MEMORY: memory,
    EMBED_ORIGINS: embed_origins,
    LESSONS: lessons,
    TEXT: text,
    METRICS: metrics,
    SCHEDULER: scheduler,
}


def problems() -> list[str]:
    """What keeps the app from starting: a line for each variable with a wrong value."""
    found = []
    for name, read in VARIABLES.items():
        try:
            if given(name):  # a reader may have to load what the start need not wait for
                read()
        except ValueError as problem:
            found.append(str(problem))
    return found
