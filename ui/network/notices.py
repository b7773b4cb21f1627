"""Notices about the Lab's network: what it does not do, why, and what helps."""

from collections.abc import Mapping
from typing import Any

from ui.i18n import N_, Translate, join_sentences
from ui.live.notices import notice, notices_of_the_session
from ui.settings.choices import CELL_NAMES, gentler
from ui.training.snapshot import Snapshot, View

REFUSALS = {
    "text_empty": N_("There is no text yet: paste one of at least {needed} characters."),
    "text_one_symbol": N_(
        "The text has only one symbol: there is nothing to predict. Use at least two different ones."
    ),
    "text_short": N_(
        "The text is too short: sequences of {steps} steps need at least {needed} characters, one sequence to "
        "train on and one to hold out (so far: {length}). Paste a longer text or choose shorter sequences."
    ),
    "words_few": N_(
        "The text is too short: sequences of {steps} steps need at least {needed} words, one sequence to train on "
        "and one to hold out (so far: {length}). Paste a longer text, choose shorter sequences, or read it by "
        "character."
    ),
    "refused": N_("These settings cannot be used."),
    "memory": N_(
        "The server has no memory left for this network: it needs {needed} MB, and {free} MB are free. Choose "
        "fewer units, shorter sequences or a smaller batch, or try again later."
    ),
}
SENTENCES = REFUSALS | {
    "compiling": N_(
        "Preparing the {cell} for this machine. Its equations are compiled once, which can take half a "
        "minute; the next start takes a second."
    ),
    "diverged": N_(
        "The network diverged: in update {update:,} its numbers became infinite or NaN. The network as it was "
        "after update {kept:,} is kept. With the same settings the same would happen again; a smaller "
        "learning rate or clipped gradients usually help."
    ),
    "forked": N_(
        "This is a fork: the network is back at update {update:,}, and paused. Change the learning rate, the "
        "clipping, the optimiser or the truncation, then press Play. The earlier curve stays, dashed."
    ),
    "error": N_("An error stopped the training. The network is kept; press Play to try again."),
}


def notices(snapshot: Snapshot, sentences: Mapping[str, str], split: str, _: Translate) -> list[dict[str, Any]]:
    """The notices of a snapshot, the most urgent first.

    sentences : by the kind of the notice. split : which kind of sequence the reader has asked to see.
    """
    return _of_the_training(snapshot, sentences, _) + _of_the_typed_text(snapshot.view, split, _)


def _of_the_training(snapshot: Snapshot, sentences: Mapping[str, str], _: Translate) -> list[dict[str, Any]]:
    if snapshot.notice is None:
        return []
    kind, values, view, more = snapshot.notice.kind, snapshot.notice.values, snapshot.view, {}
    if kind == "compiling":
        name = CELL_NAMES[values["cell"]]
        more["cell"] = _(name)
    elif kind == "diverged":
        more["update"] = values["kept"] + 1
    found = notices_of_the_session(snapshot, sentences, _, **more)
    for each in found:
        if kind == "diverged" and view is not None:
            label = _("Start over with learning rate {rate:g} and the norm clipped to 1")
            each["action"] = ["tame", label.format(rate=gentler(view.training.learning_rate))]
        elif kind in REFUSALS and view is not None:
            each["sentence"] = join_sentences(each["sentence"], _("The previous network continues unchanged."))
    return found


def _of_the_typed_text(view: View | None, split: str, _: Translate) -> list[dict[str, Any]]:
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
