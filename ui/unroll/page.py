"""The page «Unroll»: a sentence, and the network that reads it, opened down to every product. It has no live channel:
a run of its script computes what it shows."""

import streamlit as st

from ui.i18n import N_
from ui.live.page import Page, Visit
from ui.settings import keys
from ui.training.tabs import training_session
from ui.unroll import controls, panels
from ui.unroll.changes import parse, spell
from ui.unroll.import_from_lab import take
from ui.unroll.workspace import Desk, own_desk


def _desk(choices, settings) -> Desk:
    """What lies open. It stays as long as what it was made from; a link can bring the changes that were made on it."""
    desk = st.session_state.get(keys.DESK)
    wanted = (choices.sentence, choices.cell, choices.units, choices.bias, choices.seed)
    if desk is None or (not desk.taken and desk.origin != wanted and choices.sentence.symbols):
        linked = [] if desk is not None else parse(settings.first(keys.CHANGES))
        sentence = choices.sentence if choices.sentence.symbols else controls.default_sentence()
        desk = st.session_state[keys.DESK] = own_desk(sentence, *wanted[1:])
        for change in linked:
            desk.change(change)
    return desk


def _take_from_lab() -> None:
    """Lay the Lab's network open in the place of the reader's own."""
    desk = st.session_state[keys.DESK]
    taken, st.session_state[keys.PROBLEM] = take(training_session(), desk.number + 1)
    if taken is not None:
        if not desk.taken:
            st.session_state[keys.OWN_DESK] = desk
        st.session_state[keys.DESK] = taken


def _view(visit: Visit, _choices: None) -> None:
    _, theme, settings = visit.gettext, visit.theme, visit.widgets.settings
    st.markdown(
        _(
            "A recurrent network reads a sentence with the same weights at every step: unrolled, it is one "
            "column after another. Every number below can be opened down to the products that made it, forwards "
            "to the loss, and backwards to what each step adds to the gradient."
        )
    )
    desk = st.session_state.get(keys.DESK)
    choices = controls.choose(visit.widgets, visit.language, desk if desk is not None and desk.taken else None)
    desk, problem = _desk(choices, settings), st.session_state.pop(keys.PROBLEM, "")
    step = settings.firsts.pop(keys.GO_TO_STEP, None)  # the reader comes from a step of the Lab's score
    if step is not None:
        _take_from_lab()
        desk, problem = st.session_state[keys.DESK], st.session_state.pop(keys.PROBLEM, "")
    st.markdown(panels.formula(desk.reading, choices.notation))
    panels.notices(desk, choices.sentence, problem, _)
    ledger = desk.read(choices.truncate, choices.truncation, choices.rate)
    panels.actions(desk, ledger, choices, settings, _take_from_lab, _)
    if step is not None and desk.taken:
        settings.set(keys.PLACE, ledger.first_of(step))
    place = panels.network(desk, ledger, choices, theme, visit.language, settings.first(keys.PLACE))
    panels.all_steps(desk, ledger, _)
    left, right = st.columns(2, gap="medium")
    with left:
        panels.step_shares(desk, ledger, choices, theme, _)
    with right:
        panels.compare(desk, ledger, theme, _)
    version = (desk.origin, desk.number, choices.truncate, choices.truncation, choices.rate)
    panels.checks(desk, ledger, version, _)
    settings.note(keys.PLACE, place)
    own = st.session_state[keys.OWN_DESK] if desk.taken else desk
    settings.note(keys.CHANGES, spell(own.changes))


PAGE = Page(
    name="unroll",
    heading=N_("Open the arithmetic of a network"),
    settings=controls.TABLE,
    widgets=controls.widgets_of,
    view=_view,
)
