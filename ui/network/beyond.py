"""A network that was saved elsewhere, which the address cannot hold: its numbers or its vocabulary are the reader's
own, or it has sizes that no control can be set to. It trains with them, and the page shows no others. It is so until
another network is asked for."""

from typing import Any

import streamlit as st

from ui.i18n import Translate
from ui.network.settings import OF_LEARNING, SETTINGS
from ui.network.setup import beyond, values_of
from ui.settings import keys
from ui.settings.preset import set_controls
from ui.settings.rerun import rerun
from ui.settings.setting import Settings
from ui.training.snapshot import Setup, Training


def show_network(setup: Setup, training: Training) -> None:
    """Set the controls to this network; those that cannot be set to it have their nearest value, and are not shown. An
    experiment stays as long as these are its settings, unless the network was made elsewhere.
    """
    others = beyond(setup, training)
    learning = beyond(setup, training, OF_LEARNING)
    nearest = {name: SETTINGS[name].parse(str(value)) for name, value in (others | learning).items()}
    values = values_of(setup, training) | nearest
    elsewhere = setup.source is not None or dict(setup.task_options).get("given_vocabulary") is not None
    set_controls(values | ({keys.PRESET: ""} if elsewhere else {}))
    if (
        keys.TEXT in values
    ):  # beside its field, too: one that was never drawn before loses it on the way to another page
        st.session_state[keys.KEPT_TEXT] = values[keys.TEXT]
    st.session_state[keys.NEAREST] = [
        f"{name}={SETTINGS[name].spell(value)} → {SETTINGS[name].spell(nearest[name])}"
        for name, value in learning.items()
    ]
    st.session_state[keys.BEYOND] = (others, None) if others or elsewhere else None
    st.session_state[keys.OWN_OPENED] = setup.source


def beyond_now() -> dict[str, Any]:
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
        st.session_state[keys.BEYOND] = st.session_state[keys.OWN_OPENED] = None
        rerun()
    st.session_state[keys.BEYOND] = others, setup
    for name in others.keys() & settings.values.keys():
        settings.note(name, settings.values[name], in_url=False)


def say_what_is_beyond(labels: dict[str, str], _: Translate) -> None:
    """Show the values of the network that no control can have."""
    others = beyond_now()
    if others:
        message = _(
            "This saved network has sizes that cannot be set here: {sizes}. It trains with them. Another network "
            "begins with what the controls can be set to."
        )
        sizes = "; ".join(f"{labels.get(name, name)} {SETTINGS[name].spell(value)}" for name, value in others.items())
        st.info(message.format(sizes=sizes))
