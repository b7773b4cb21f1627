"""Commands of the controls and of the buttons beside the charts to the session."""

from dataclasses import replace
from zlib import crc32

import streamlit as st

from ui.live.scrubber import follow_address
from ui.network.beyond import show_network
from ui.network.controls import Choices
from ui.network.settings import TRAINED
from ui.settings import keys
from ui.settings.choices import gentler
from ui.settings.preset import set_controls
from ui.settings.setting import Settings
from ui.training.session import TrainingSession
from ui.training.snapshot import View


def direct(session: TrainingSession, choices: Choices, settings: Settings) -> None:
    """Have the session do what the reader has set: what it trains, how fast, which sequence is read, and as it was
    when."""
    session.settings = _in_short(settings)
    if choices.setup is not None:
        session.request(choices.setup, choices.training)
    session.pace(choices.speed)
    session.choose_sample(choices.sample_choice)
    follow_address(session, settings)


def _in_short(settings: Settings) -> str:
    """The settings of the network in short: the same where two addresses ask for the same."""
    spelled = [f"{name}={settings.table[name].spell(settings.now(name))}" for name in sorted(TRAINED)]
    return f"{crc32('&'.join(spelled).encode()):08x}"


def act(session: TrainingSession, action: str) -> None:
    """Do what was pressed beside the score and changes the controls too: called before they are drawn."""
    match action:
        case "bring_back":
            former = session.bring_back()
            if former is not None:
                show_network(*former)
        case "take_up":
            run = session.take_up()
            if run is not None:
                show_network(run.setup, run.training)
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


def _start_gently(session: TrainingSession, view: View) -> None:
    """Begin anew with settings that rarely diverge, in the side bar as well."""
    tame(view.training.learning_rate)
    rate = gentler(view.training.learning_rate)
    session.request(view.setup, replace(view.training, learning_rate=rate, clip_norm=1.0, clip_value=None))
    session.reset()
    session.play()
