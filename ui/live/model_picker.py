"""Which network a page looks at: the newest of the Lab, or as it was after an update that is kept."""

from typing import Any, NamedTuple

import streamlit as st

from rnn_core import Model
from ui.live.model_copy import PATIENCE, from_training
from ui.settings import keys
from ui.settings.setting import Setting

NEWEST, NOW = "newest", "now"  # the second: hold it as it is, and go on with its update
LONGEST = 10  # digits
SETTING = Setting(NEWEST, longest=LONGEST)


class Network(NamedTuple):
    """A network that nobody trains."""

    run: int
    update: int
    model: Model
    task: Any
    wanted: str  # NEWEST, or the update that was asked for
    chosen: int | None  # the kept update that this is; None: it is the newest
    kept: tuple[int, ...]  # the updates that are kept


def wanted_in(text: str) -> str:
    """Network that a query or a link asks for; the newest where it is not understood.

    >>> wanted_in("now"), wanted_in("0300"), wanted_in("²"), wanted_in("x")
    ('now', '300', 'newest', 'newest')
    """
    if text == NOW:
        return NOW
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) <= LONGEST else NEWEST


def network_of(session, wanted: str, patience: float = PATIENCE) -> Network | None:
    """Wanted network of a TrainingSession's run, else its newest; None before there is one, or if the training thread
    is busy for longer than `patience` seconds."""
    return from_training(session, lambda run: _taken(run, wanted), patience=patience)


def _taken(run, wanted: str) -> Network | None:
    """On the training thread."""
    if run is None:
        return None
    model_history, model = run.model_history, run.trainer.model
    model_history.note(run.update, model)
    if wanted == NOW:
        wanted = str(model_history.hold(run.update, model))
    update = None if wanted == NEWEST else int(wanted)
    known = None if update is None else model_history.at(update)
    if known is None:
        return Network(run.number, run.update, model.copy(), run.task, wanted, None, model_history.updates)
    return Network(run.number, update, known, run.task, wanted, update, model_history.updates)


def networks_payload(network: Network, _) -> dict:
    """Payload of the list: (value, name) of each, the chosen one, and why it is not shown."""
    names = [(NEWEST, _("latest (live)")), (NOW, _("freeze now"))]
    names += [(str(update), _after(update, _)) for update in network.kept]
    note = ""
    if network.wanted != NEWEST and network.chosen is None:
        names.append((network.wanted, _("after update {update:,} (not kept)").format(update=int(network.wanted))))
        note = _(
            "The network after update {update:,} is not kept here, or not reached yet. The latest is shown; "
            "choose another one from the list."
        ).format(update=int(network.wanted))
    return {"options": names, "chosen": network.wanted, "note": note}


def _after(update: int, _) -> str:
    if update == 0:
        return _("before training (update 0)")
    return _("after update {update:,}").format(update=update)


def frozen_note(newest: int, _) -> str:
    """Note beside the update of a network that is kept. newest : the Lab's update."""
    return _("frozen; the Lab is at {update:,}").format(update=newest)


def guide(_) -> str:
    """How to use the choice."""
    return _(
        "The list “Network” holds snapshots of this network from earlier in training: before the first update, "
        "after 1, 3, 10, 30 and so on, and where you freeze it. Choose one and then the latest to see what "
        "training changed; after a restart new snapshots are taken."
    )


def first_choice(settings) -> str:
    """First value of the element: the choice in another view of the page, else the link's."""
    return st.session_state.get(keys.NETWORK_CHOSEN, settings.first(keys.NETWORK))


def note_choice(settings, chosen) -> None:
    """Remember what the reader has chosen in the element, for the other views and for the link."""
    chosen = wanted_in(chosen) if isinstance(chosen, str) else first_choice(settings)
    if chosen != NOW:
        st.session_state[keys.NETWORK_CHOSEN] = settings.note(keys.NETWORK, chosen)


def words(_) -> dict[str, str]:
    """Of the choice, for the element."""
    return {"network": _("Network")}
