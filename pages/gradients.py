"""Gradients: how far back in time a network can learn, seen while it trains, and why."""

import streamlit as st

from ui.gradients import one_unit, view
from ui.gradients.controls import TABLE, choose_view, unfold
from ui.gradients.renderer import Lens, Stage
from ui.live.full import server_full
from ui.network import controls
from ui.network.formula import formula
from ui.network.session import act, direct
from ui.settings import remarks
from ui.settings.appearance import current_theme
from ui.settings.language import current_language
from ui.training.tabs import training_session

language, theme, session = current_language(), current_theme(), training_session()
_ = language.gettext
if session is None:
    server_full(_)
act(session)
widgets = controls.lab_widgets(language, TABLE)
st.title(_("See memory fade"), anchor=False)
if choose_view(widgets, _) == "network":
    unfold()
    choices = controls.choose(widgets, language)
    remarks.show(widgets.settings, _("Gradients"), _)
    direct(session, choices)
    if not isinstance(session.pictures, Lens):
        session.pictures = Lens()
    display = choices.display
    session.pictures.show(Stage(language, theme, display.layer, display.notation, display.unit, choices.look.split))
    st.markdown(
        _(
            "To learn from an early symbol, a network needs the gradient of a later loss by an early state. On "
            "its way back that gradient is multiplied by one matrix per step: it vanishes, or it explodes. "
            "Below, it is measured for every pair of steps while the network of the Lab continues training; the "
            "controls in the side bar change it at once."
        )
    )
    if choices.setup is not None:
        st.markdown(formula(choices.setup, display.notation, _))
    view.show(session, theme, widgets.settings, _)
else:  # one unit has no use for the Lab's controls; they keep what they are set to
    widgets.settings.note_others()
    remarks.show(widgets.settings, _("Gradients"), _)
    one_unit.show(widgets, theme, _)
widgets.settings.write_url()
