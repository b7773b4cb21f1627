"""The run that stands beside the present one, in the address: by what is set otherwise, and how far it came. Whoever
opens the link can have it trained to there."""

import streamlit as st

from ui.i18n import Translate
from ui.live.page import Visit
from ui.live.request import whole
from ui.network.settings import SETTINGS, TRAINED
from ui.network.setup import beyond, lab_setup, values_of
from ui.settings import keys
from ui.settings.choices import CELL_NAMES
from ui.settings.kept_text import own_text
from ui.settings.remarks import shortened
from ui.settings.rerun import rerun
from ui.settings.setting import Settings
from ui.training.shelf import ShelvedRun
from ui.training.snapshot import Setup, Training

POLL = 0.5  # seconds
AND, IS = "~", "."  # between settings; between a name and its value


def spelled(run: ShelvedRun, settings: Settings) -> str:
    """A run as the address says it; empty where it cannot: a text of one's own is private, some networks have sizes or
    numbers that no control can be set to, and of others the settings were changed on the way."""
    values = values_of(run.setup, run.training)
    if not run.straight or run.setup.source is not None or beyond(run.setup, run.training):
        return ""
    if keys.TEXT in values and values[keys.TEXT] != own_text(settings):
        return ""
    parts = [str(run.update)]
    for name in TRAINED:
        if name in values and (value := SETTINGS[name].spell(values[name])) != SETTINGS[name].spell(settings.now(name)):
            parts.append(f"{name}{IS}{value}")
    return AND.join(parts)


def asked_for(text: str, settings: Settings) -> tuple[Setup, Training, int] | None:
    """The network that the address asks for, and how far it came; None where the address says it in no known way."""
    update, *others = text.split(AND)
    made = whole({keys.UPDATE: update}, keys.UPDATE, None)
    if made is None:
        return None
    values = {name: settings.now(name) for name in SETTINGS}
    for other in others:
        name, _is, value = other.partition(IS)
        if name not in TRAINED or not SETTINGS[name].understands(value):
            return None
        values[name] = SETTINGS[name].parse(value)
    setup, training = lab_setup(values, own_text(settings))
    return None if setup is None else (setup, training, made)


def of_link(settings: Settings) -> str:
    """What the link asks for, until it is there."""
    asked: str = st.session_state.setdefault(keys.BESIDE_ASKED, settings.asks(keys.BESIDE))
    return asked


def choose(visit: Visit, runs: dict[str, ShelvedRun]) -> None:
    """Have the run that the link asks for chosen, once it is one of these; called before the list is drawn."""
    settings = visit.widgets.settings
    asked = of_link(settings)
    for identity, run in runs.items():
        if asked and spelled(run, settings) == asked:
            st.session_state[keys.RUN_BESIDE] = identity
            st.session_state[keys.BESIDE_ASKED] = ""


def offer(visit: Visit) -> None:
    """Offer to train the run that the link asks for, as long as there is none; follow it."""
    asked = of_link(visit.widgets.settings)
    if not asked:
        return
    _, session = visit.gettext, visit.session
    wanted = asked_for(asked, visit.widgets.settings)
    if wanted is None:
        st.text(
            _("The link asks for a run beside this network that cannot be trained here: {run}").format(
                run=shortened(asked)
            )
        )
    elif session.beside.subject == wanted:
        _follow(visit, wanted)
    else:
        setup, _training, update = wanted
        st.text(_("The link shows a run beside this network: {run}").format(run=in_short(setup, update, _)))
        if session.beside.about(wanted).error:
            st.text(_("It could not be trained: the server has no memory left, or its settings cannot be used."))
        st.button(_("Train it to that update"), key=keys.BESIDE_TRAIN, on_click=session.train_beside, args=wanted)


def in_short(setup: Setup, update: int, _: Translate) -> str:
    """A network in a few words."""
    told = _("{cell}, {units} units · update {update:,}")
    return told.format(cell=_(CELL_NAMES[setup.cell]), units=setup.hidden_size, update=update)


def _follow(visit: Visit, wanted: tuple[Setup, Training, int]) -> None:
    """Progress, and Stop."""
    _, beside = visit.gettext, visit.session.beside

    @st.fragment(run_every=POLL)
    def follow() -> None:
        if beside.subject != wanted:
            rerun()
        st.progress(beside.share or 0.0, _("{share:.0%} trained").format(share=beside.share or 0.0))
        st.button(_("Stop"), key=keys.BESIDE_STOP, on_click=beside.cancel)

    follow()


def note(settings: Settings, run: ShelvedRun | None) -> None:
    """Have the address say which run is beside the present one; until there is one, what the link has said."""
    settings.note(keys.BESIDE, of_link(settings) if run is None else spelled(run, settings))
