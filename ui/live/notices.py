"""Notices for the reader: a kind (info, warning, error), a sentence, details, an action."""

import time

from ui.i18n import join_sentences
from ui.settings.choices import CELL_NAMES, gentler
from ui.training.snapshot import Snapshot

SOON = 0.5  # seconds: a network that is ready by then is not announced


def header(snapshot: Snapshot, split: str, _) -> dict:
    """Header of every frame of the Lab's network: its notices, and the label of the button for the one before."""
    about = {"notices": notices(snapshot, split, _)}
    if snapshot.former is not None:
        former = _("Restore the previous network (update {update:,})")
        about["former"] = former.format(update=snapshot.former)
    return about


def notices(snapshot: Snapshot, split: str, _) -> list[dict]:
    """The notices of a snapshot, the most urgent first. Details may hold somebody's text: to be shown as text alone.

    split : which kind of sequence the reader has asked to see.
    """
    found = [] if snapshot.notice is None or ready_soon(snapshot) else [_of_the_session(snapshot, _)]
    return found + _of_the_typed_text(snapshot.view, split, _)


def ready_soon(snapshot: Snapshot) -> bool:
    """Whether a network is being prepared, since a moment only: mostly it is compiled already."""
    return snapshot.status == "compiling" and time.monotonic() - snapshot.since < SOON


def connection(_) -> dict[str, str]:
    """Messages that the browser shows while the server cannot: a sentence for each state of connection.js."""
    return {
        "cut": _(
            "The connection to the server is lost. This page tries again by itself, and the network continues "
            "when it is back."
        ),
        "controls": _(
            "The controls in the side bar wait for the connection to the server; the network itself continues."
        ),
        "gone": _("The server no longer has this network. The page asks for a new one."),
        "renewed": _("The server no longer had your network: this is a new one with the settings of this page."),
        "full": _("The server is full: your network waits for a place. It continues by itself when there is one."),
        "broken": _("The pictures of this network fail again and again. Change a setting or reload the page."),
        "refused": _("The server did not get that. Please press the button again."),
    }


def _of_the_session(snapshot, _) -> dict:
    values = snapshot.notice.values
    match snapshot.notice.kind:
        case "compiling":
            name = CELL_NAMES[values["cell"]]
            return notice(
                "info",
                _(
                    "Preparing the {cell} for this machine. Its equations are compiled once, which can take half a "
                    "minute; the next start takes a second."
                ).format(cell=_(name)),
            )
        case "asleep":
            return notice(
                "info",
                _("Nobody looked at this page for a minute, so training paused. Press Play to continue."),
            )
        case "diverged":
            rate = gentler(snapshot.view.training.learning_rate)
            label = _("Start over with learning rate {rate:g} and the norm clipped to 1").format(rate=rate)
            sentence = _(
                "The network diverged: in update {update:,} its numbers became infinite or NaN. The network as it was "
                "after update {kept:,} is kept. With the same settings the same would happen again; a smaller "
                "learning rate or clipped gradients usually help."
            )
            kept = values["kept"]
            return notice("error", sentence.format(update=kept + 1, kept=kept), action=["tame", label])
        case "error":
            sentence = _("An error stopped the training. The network is kept; press Play to try again.")
            return notice("error", sentence, values["detail"])
        case kind:
            return _refusal(kind, values, snapshot.view is not None, _)


def _refusal(kind, values, goes_on, _) -> dict:
    """Why a request was not granted, and whether there is a network that goes on."""
    sentences = {
        "text_empty": _("There is no text yet: paste one of at least {needed} characters."),
        "text_one_symbol": _(
            "The text has {length} characters but only one symbol: there is nothing to predict. Use at least "
            "two different ones."
        ),
        "text_short": _(
            "The text is too short: sequences of {steps} steps need at least {needed} characters, one sequence to "
            "train on and one to hold out (so far: {length}). Paste a longer text or choose shorter sequences."
        ),
        "words_few": _(
            "The text is too short: sequences of {steps} steps need at least {needed} words, one sequence to train on "
            "and one to hold out (so far: {length}). Paste a longer text, choose shorter sequences, or read it by "
            "character."
        ),
        "refused": _("These settings cannot be used."),
    }
    sentence = sentences[kind].format(**values)
    if goes_on:
        sentence = join_sentences(sentence, _("The previous network continues unchanged."))
    return notice("warning", sentence, values["detail"] if kind == "refused" else "")


def _of_the_typed_text(view, split, _) -> list[dict]:
    """Notices about the parts of a typed text that the network cannot read."""
    if split != "typed" or view is None:
        return []
    found = []
    if view.sample_choice.split != "typed":
        sentence = _("Type at least two symbols that the network knows. Until then, training data are shown.")
        found.append(notice("info", sentence))
    elif view.beyond:
        shown = len(view.trace.x)
        sentence = _("Your sequence has {count} symbols. The first {shown} are drawn.")
        found.append(notice("info", sentence.format(count=shown + 1 + view.beyond, shown=shown)))
    if view.unread:
        sentence = _("The network does not know these symbols and leaves them out:")
        found.append(notice("info", sentence, view.unread.encode("utf-8", "replace").decode("utf-8")))
    return found


def notice(kind: str, sentence: str, detail: str = "", action=None) -> dict:
    """A notice for the browser. kind : info, warning or error. action : a command of the page, and its button."""
    return {"kind": kind, "sentence": sentence, "detail": detail, "action": action}
