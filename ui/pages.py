"""The pages of the app, in the order of the navigation. One is a folder ui/<name>/, with its PAGE in page.py, and a
script pages/<name>.py. What loads the core is loaded when it is first needed."""

import importlib
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from ui.i18n import N_

if TYPE_CHECKING:
    from ui.live.page import Page

FIRST = "lab"  # its address has no name
_ONE_AT_A_TIME = threading.RLock()


class Entry(NamedTuple):
    """A page in the navigation and in a preview of a link to it."""

    title: str  # in the navigation
    heading: str  # above the page
    description: str  # what can be seen there


PAGES = {  # name, which the address says -> the page
    "lab": Entry(
        N_("Lab"),
        N_("Watch a recurrent network learn"),
        N_("Train a small recurrent network in the browser and see every one of its numbers while it learns."),
    ),
    "course": Entry(
        N_("Course"),
        N_("Predict, run, explain"),
        N_("Short lessons on recurrent networks: guess first, then a real network is trained and judges your guess."),
    ),
    "unroll": Entry(
        N_("Unroll"),
        N_("Open the arithmetic of a network"),
        N_("A recurrent network unrolled over your sentence: every product forwards, every gradient backwards."),
    ),
    "gradients": Entry(
        N_("Gradients"),
        N_("How far back does it learn?"),
        N_("How far back a recurrent network learns: gradients through time, measured while it trains."),
    ),
    "memory": Entry(
        N_("Memory"),
        N_("What does each unit remember?"),
        N_("A text coloured by what a hidden unit holds at each symbol, and what the network does without that unit."),
    ),
    "arena": Entry(
        N_("Arena"),
        N_("Which network can learn what?"),
        N_("Recurrent networks trained side by side on the same data: which of them learns the task, and when."),
    ),
    "sweeps": Entry(
        N_("Sweeps"),
        N_("Which settings learn best?"),
        N_("Many recurrent networks, trained with many values of two settings: a map of where they learn."),
    ),
    "results": Entry(
        N_("Results"),
        N_("What papers found, trained again"),
        N_("Classic results on recurrent networks, each trained again: what was expected, what was measured, and how."),
    ),
    "language": Entry(
        N_("Language"),
        N_("Let it speak"),
        N_("A language model of your own: how probable it finds each symbol, what it writes, and whether you beat it."),
    ),
    "shapes": Entry(
        N_("Shapes"),
        N_("The shapes of sequences"),
        N_("One to many, many to one, many to many, both directions, several layers: each shape trains before you."),
    ),
}


def load(name: str) -> Any:
    """The module of this name, loaded by one thread at a time.

    The server loads the core while the first visitor's script does. Where two threads load parts of one package from
    two sides, each waits for what the other has begun; Python then gives one of them a module that is not complete,
    and its import fails.
    """
    with _ONE_AT_A_TIME:
        return importlib.import_module(name)


def page(name: str) -> "Page":
    """The page of that name, loaded when it is first opened: the start of the server need not wait for it."""
    made: Page = load(f"ui.{name}.page").PAGE
    return made
