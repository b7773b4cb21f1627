"""The page “Sweeps”: two settings of the Lab's network, many values of each, a map of what becomes of it."""

import streamlit as st

from ui.live.layout import Shown
from ui.live.page import Page, Visit
from ui.network.controls import lab_widgets
from ui.network.settings import SETTINGS, TRAINED
from ui.settings import keys
from ui.settings.preset import set_controls
from ui.sweeps.controls import TABLE, choose
from ui.sweeps.machines import choose_machines
from ui.sweeps.renderer import ViewOptions
from ui.sweeps.session import SweepsSession, sweeps_session
from ui.sweeps.view import LAYOUT


def _show(visit: Visit, _choices: None) -> Shown:
    _, session = visit.gettext, visit.session
    st.markdown(
        _(
            "The network of the side bar, trained again and again with other values of two of its settings. Where does "
            "it learn, where does it diverge, and which of the two matters? Every cell of the map can be opened in the "
            "Lab, with exactly its settings."
        )
    )
    with st.container(key=keys.SWEEP_BELOW):
        st.text(_("Which settings, and which values of them: below the map and its table."))
    with st.container(key=keys.SWEEP_CONTROLS):
        choices = choose(visit)
    choose_machines(visit)
    session.plan(choices.plan)
    cell = {name: visit.widgets.settings.now(key) for name, key in LAYOUT.chosen.items()}
    return Shown(LAYOUT, ViewOptions(visit.language, visit.theme, choices.measure), cell)


def _act(session: SweepsSession, action: str) -> None:
    """Open the network of a cell in the Lab: `action` says its column, its row and the number of its seed."""
    kind, *numbers = action.split()
    view = session.snapshot.view
    if kind != "open" or view is None or not all(number.isdecimal() for number in numbers):
        return
    place = next((each for each in view.setup.places if list(map(str, each)) == numbers), None)
    if place is not None:
        settings = view.setup.settings(place)
        set_controls({name: settings[name] for name in TRAINED if name in settings} | {keys.PRESET: ""})
        st.switch_page("pages/lab.py")


PAGE = Page(
    name="sweeps",
    settings=SETTINGS | TABLE,
    widgets=lambda language: lab_widgets(language, TABLE),
    show=_show,
    layouts=(LAYOUT,),
    session=sweeps_session,
    act=_act,
    seed=keys.SEED,
    shared=True,
)
