"""Controls of the page “Gradients” beside the Lab's."""

import streamlit as st

from ui.i18n import N_, Translate
from ui.settings import keys
from ui.settings.choices import LONGEST_SEQUENCE
from ui.settings.help import CLIP, LEARNING_RATE, VIEW, Help
from ui.settings.setting import Setting
from ui.settings.widgets import Widgets

VIEWS = {"network": N_("This network"), "unit": N_("One unit: cliff, bifurcation, latch")}
CLIPS = (None, 0.1, 0.3, 1.0, 3.0, 10.0)
UNIT_RATES = (0.01, 0.03, 0.1, 0.3, 1.0)

TABLE = {
    keys.GRADIENTS_VIEW: Setting("network", tuple(VIEWS), label=N_("Look at"), help=VIEW),
    keys.LOSS_STEP: Setting(-1, low=-1, high=LONGEST_SEQUENCE - 1),  # -1: the last
    keys.STATE_STEP: Setting(-1, low=-1, high=LONGEST_SEQUENCE - 1),  # -1: none
    keys.UNIT_W: Setting(
        5.2,
        low=4.0,
        high=8.0,
        label=N_("Start: w"),
        help=Help(N_("The weight of the unit to itself, where the walk begins.")),
    ),
    keys.UNIT_B: Setting(
        -2.2, low=-4.0, high=0.0, label=N_("Start: b"), help=Help(N_("The bias of the unit, where the walk begins."))
    ),
    keys.UNIT_RATE: Setting(0.1, UNIT_RATES, label=N_("Learning rate"), help=LEARNING_RATE),
    keys.UNIT_CLIP: Setting(1.0, CLIPS, label=N_("Clip the norm to"), help=CLIP),
    keys.LATCH_W: Setting(
        2.0,
        low=0.5,
        high=4.0,
        label=N_("Weight w"),
        help=Help(N_("The weight of the unit to itself. Above 1 it has two states that last, below 1 only one.")),
    ),
    keys.LATCH_U: Setting(
        -0.5,
        low=-2.0,
        high=2.0,
        label=N_("Input u during five steps"),
        help=Help(N_("What is put in for five steps: enough of it switches the unit to the other state.")),
    ),
}
PARTS = (keys.MORE_NETWORK, keys.MORE_LEARNING)


def unfold() -> None:
    """Open the parts of the side bar that hold this page's levers, unless the reader has folded them."""
    for part in PARTS:
        st.session_state.setdefault(part, True)


def choose_view(widgets: Widgets, _: Translate) -> str:
    """Which half of the page is shown."""
    return widgets.segments(keys.GRADIENTS_VIEW, VIEWS, label_visibility="collapsed")
