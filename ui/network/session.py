"""Commands of the controls and of the buttons beside the charts to the session."""

from dataclasses import replace

import streamlit as st

from ui.network.beyond import show_network
from ui.network.settings import SETTINGS
from ui.settings import keys
from ui.settings.choices import gentler
from ui.settings.preset import set_controls


def direct(session, choices) -> None:
    """Have the session do what the reader has set: what it trains, how fast, which sequence is read."""
    if choices.setup is not None:
        session.request(choices.setup, choices.training)
    session.pace(choices.speed)
    session.choose_sample(choices.sample_choice)


def act(session) -> None:
    """Do what was pressed beside the score and changes the controls too: called before they are drawn."""
    match st.session_state.pop(keys.ACT, None):
        case "new_seed":
            seed = st.session_state.get(keys.SEED, st.session_state[keys.CHOSEN].get(keys.SEED, 0))
            set_controls({keys.SEED: (seed + 1) % (SETTINGS[keys.SEED].high + 1)})
        case "bring_back":
            former = session.bring_back()
            if former is not None:
                show_network(*former)
        case "to_gradients":
            _to_the_same_step(keys.LOSS_STEP, "gradients")
        case "to_unroll":
            _to_the_same_step(keys.GO_TO_STEP, "unroll")
        case "tame" if session.snapshot.view is not None:
            _start_gently(session, session.snapshot.view)


def _to_the_same_step(name: str, page: str) -> None:
    """Open another page at the step that is chosen in the score."""
    step = st.session_state[keys.LIVE].step
    if isinstance(step, int) and step >= 0:
        st.session_state.setdefault(keys.FIRSTS, {}).update({name: step, keys.CHOSEN_STEP: step})
    st.switch_page(f"pages/{page}.py")


def tame(learning_rate: float) -> None:
    """Set the controls to what helps against divergence: a smaller learning rate, gradients clipped to norm 1."""
    set_controls({keys.LEARNING_RATE: gentler(learning_rate), keys.CLIPPING: "norm", keys.CLIP_NORM: 1.0})


def _start_gently(session, view) -> None:
    """Begin anew with settings that rarely diverge, in the side bar as well."""
    tame(view.training.learning_rate)
    rate = gentler(view.training.learning_rate)
    session.request(view.setup, replace(view.training, learning_rate=rate, clip_norm=1.0, clip_value=None))
    session.reset()
    session.play()
