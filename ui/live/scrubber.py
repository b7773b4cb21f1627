"""The moment of a training run that a page shows: what the scrubber says of it, and the choice in the address."""

from typing import Any

import streamlit as st

from ui.i18n import Translate, join_sentences
from ui.settings import keys
from ui.settings.setting import Settings
from ui.training.model_history import straight
from ui.training.session import TrainingSession
from ui.training.snapshot import Look, View

NEWEST = -1  # in the address: no update is chosen


def payload(look: Look, shown: View, _: Translate) -> dict[str, Any]:
    """The moment that is shown, for the scrubber; see `Look` of ui/live/static/payload.d.ts."""
    newest = look.newest or shown
    return {
        "update": shown.update,
        "wanted": look.wanted,
        "first": newest.first,
        "newest": newest.update,
        "past": look.newest is not None,
        "sentence": _sentence(shown, newest, _) if look.newest is not None else "",
        "unlinked": unlinked(shown, newest, _) if look.newest is not None else "",
        "progress": _progress(look, _),
    }


def unlinked(shown: View, newest: View, _: Translate) -> str:
    """That a link does not lead to what is shown, which was not made by the settings of now alone; empty where it
    does."""
    same = shown.update == 0 or shown.training == newest.training
    if same and straight(shown.first, shown.changes):
        return ""
    return _(
        "A link opens another network than this one: it trains with the settings of now from the beginning, while here "
        "settings or weights were changed on the way, or the beginning is not known."
    )


def _sentence(shown: View, newest: View, _: Translate) -> str:
    """Which moment it is."""
    ahead = _("update {update:,} · ahead of the training, which is at {newest:,}")
    past = _("update {update:,} of {newest:,} · the past")
    return (ahead if shown.update > newest.update else past).format(update=shown.update, newest=newest.update)


def _progress(look: Look, _: Translate) -> str:
    """Progress of the replay, or why there is none."""
    if look.problem == "diverged":
        return _("The network diverges before update {update:,}; this is the last one before that.").format(
            update=look.wanted
        )
    if look.problem:
        return _("Update {update:,} could not be replayed.").format(update=look.wanted)
    if look.share is None:
        return ""
    return _("Replaying to update {update:,}: {share:.0%}").format(update=look.wanted, share=look.share)


def follow_address(session: TrainingSession, settings: Settings) -> None:
    """Look at the update that the link asks for, once; from then on the address says which one is looked at. The first
    run of the script may have ended before it came here."""
    if keys.FOLLOWED not in st.session_state:
        st.session_state[keys.FOLLOWED] = True
        if settings.asks(keys.UPDATE) and (asked := settings.first(keys.UPDATE)) != NEWEST:
            session.look(asked)
    wanted = session.past.wanted
    settings.set(keys.UPDATE, NEWEST if wanted is None else wanted)
    settings.note(keys.UPDATE, NEWEST if wanted is None else wanted)


def words(_: Translate) -> dict[str, str]:
    """Words of the scrubber."""
    return {
        "lookAt": _("Look at update"),
        "newestNow": _("{update}, the newest"),
        "thePast": _("update {update}, the past"),
        "holdNow": _("Hold this moment"),
        "backToNow": _("Back to now"),
        "playBack": _("Play back"),
        "stopPlaying": _("Stop playback"),
        "nextStop": _("Next moment"),
        "filmSpeed": _("Speed"),
        "stopReplay": _("Stop replaying"),
        "fork": _("Continue from here (fork)"),
        "lookGuide": _("How to look at the past"),
    } | {f"lookGuide{number}": sentence for number, sentence in enumerate(_guide(_), 1)}


def guide(_: Translate) -> str:
    """How to use it, in short."""
    return _(
        "The slider “Look at update” goes back to any update of this training: drag it, or use ← and →, Page Up and "
        "Page Down, Home and End. Everything on this page, and on the other pages about this network, then shows the "
        "network as it was, while training continues or pauses as you like."
    )


def _guide(_: Translate) -> list[str]:
    """How to use it."""
    return [
        guide(_),
        _(
            "The moment is not stored as a picture: the network is trained once more from the nearest copy, and comes "
            "out the same to the last bit. A link to this page holds the update, and replays it for whoever opens it, "
            "with the settings of now; it cannot know of settings that were changed on the way."
        ),
        join_sentences(
            _(
                "“Continue from here (fork)” takes the network back to that update and pauses it. Change the learning "
                "rate, the clipping, the optimiser or the truncation and press Play: the earlier curve stays in the "
                "chart, dashed."
            ),
            _("The button that restores the previous network brings the earlier run back."),
        ),
    ]
