"""A network that was saved elsewhere, with sizes that no control can be set to: it trains with them, and the page shows
no others. It is so until another network is asked for."""

import streamlit as st

from ui.network.settings import OF_LEARNING, SETTINGS
from ui.network.setup import beyond, values_of
from ui.settings import keys
from ui.settings.preset import set_controls
from ui.settings.setting import Settings
from ui.training.snapshot import Setup, Training


def show_network(setup: Setup, training: Training) -> None:
    """Set the controls to this network; those that cannot be set to it have their nearest value, and are not shown."""
    others = beyond(setup, training)
    learning = beyond(setup, training, OF_LEARNING)
    nearest = {name: SETTINGS[name].parse(str(value)) for name, value in (others | learning).items()}
    set_controls(values_of(setup, training) | nearest)
    st.session_state[keys.NEAREST] = [
        f"{name}={SETTINGS[name].spell(value)} → {SETTINGS[name].spell(nearest[name])}"
        for name, value in learning.items()
    ]
    st.session_state[keys.BEYOND] = (others, None) if others else None


def beyond_now() -> dict:
    """Values of the present network that no control can have, by name."""
    known = st.session_state.get(keys.BEYOND)
    return known[0] if known else {}


def leave_out(settings: Settings) -> None:
    """Draw no control of these, called before they are drawn."""
    settings.hidden |= frozenset(beyond_now())


def keep_beyond(settings: Settings, setup: Setup | None) -> None:
    """Keep them out of the address; or forget them, where the controls ask for another network now."""
    known = st.session_state.get(keys.BEYOND)
    if not known or setup is None:
        return
    others, stand_in = known
    if stand_in not in (None, setup):
        st.session_state[keys.BEYOND] = None
        st.rerun()
    st.session_state[keys.BEYOND] = others, setup
    for name in others.keys() & settings.values.keys():
        settings.note(name, settings.values[name], in_url=False)


def say_what_is_beyond(labels: dict[str, str], _) -> None:
    """Show the values of the network that no control can have."""
    others = beyond_now()
    if others:
        message = _(
            "This saved network has sizes that cannot be set here: {sizes}. It trains with them. Another network "
            "begins with what the controls can be set to."
        )
        sizes = "; ".join(f"{labels.get(name, name)} {SETTINGS[name].spell(value)}" for name, value in others.items())
        st.info(message.format(sizes=sizes))
