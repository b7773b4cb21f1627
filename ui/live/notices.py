"""Notices for the reader: a kind (info, warning, error), a sentence, details, an action."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ui.i18n import N_, Translate
from ui.training.snapshot import SnapshotOf

LEVELS = {"compiling": "info", "forked": "info", "asleep": "info"}
LEVELS |= {"diverged": "error", "error": "error"}  # of others: warning
SENTENCES = {  # kind of a notice -> its sentence, where a page has no other
    "compiling": N_(
        "Preparing the networks for this machine. Their equations are compiled once, which can take half a minute; the "
        "next start takes a second."
    ),
    "asleep": N_("Nobody looked at this page for a minute, so training paused. Press Play to continue."),
    "diverged": N_("Training has diverged. Choose a lower learning rate and start over."),
    "error": N_("An error stopped the training. Nothing is lost; press Play to try again."),
}
REFUSED = N_("These settings cannot be used.")
SOON = 0.5  # seconds: a network that is ready by then is not announced

CONNECTION = {
    "cut": N_(
        "The connection to the server is lost. This page tries again by itself, and the network continues "
        "when it is back."
    ),
    "controls": N_("The controls in the side bar wait for the connection to the server; the network itself continues."),
    "returning": N_("Getting your network back…"),
    "gone": N_("The server no longer has this network. The page asks for a new one."),
    "renewed": N_("The server no longer had your network: this is a new one with the settings of this page."),
    "returned": N_(
        "The server no longer had your network. It came back from this browser, as it was at update {update}."
    ),
    "full": N_("The server is full: your network waits for a place. It continues by itself when there is one."),
    "broken": N_("The pictures of this network fail again and again. Change a setting or reload the page."),
    "refused": N_("The server did not get what you did last. Please do it again."),
}


def notices_of_the_session(
    snapshot: SnapshotOf[Any], sentences: Mapping[str, str], _: Translate, **more: Any
) -> list[dict[str, Any]]:
    """Notices about the network in training, while they matter. Details may hold a user's text: show as text alone.

    sentences : by the kind of the notice, with the names of its values in braces; else those of SENTENCES.
    more : values beside those of the notice.
    """
    if snapshot.notice is None or ready_soon(snapshot):
        return []
    kind, values = snapshot.notice.kind, snapshot.notice.values
    sentence = _(sentences.get(kind) or SENTENCES.get(kind, REFUSED)).format(**values | more)
    return [notice(LEVELS.get(kind, "warning"), sentence, values.get("detail", ""))]


def ready_soon(snapshot: SnapshotOf[Any]) -> bool:
    """Whether a network is being prepared, since a moment only: mostly it is compiled already."""
    return snapshot.status == "compiling" and time.monotonic() - snapshot.since < SOON


def connection(_: Translate, own: Mapping[str, str]) -> dict[str, str]:
    """Messages that the browser shows while the server cannot: a sentence for each state of connection.js. own : the
    page's, where it trains something else than one network."""
    return {state: _(own.get(state) or sentence) for state, sentence in CONNECTION.items()}


def notice(kind: str, sentence: str, detail: str = "", action: Sequence[str] | None = None) -> dict[str, Any]:
    """A notice for the browser. kind : info, warning or error. action : a command of the page, and its button."""
    return {"kind": kind, "sentence": sentence, "detail": detail, "action": action}
