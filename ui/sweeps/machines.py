"""The field for the address of a Dask scheduler, for whoever sits at the server's machine, where it was started so."""

import streamlit as st

from ui.environment import well_formed
from ui.live.page import Visit
from ui.settings import keys
from ui.sweeps.own_machine import on_own_machine
from ui.training.executor import cluster


def choose_machines(visit: Visit) -> None:
    """Draw the field in the side bar, where the reader may use it. It is no setting of the page: no link fills it."""
    _ = visit.gettext
    if not on_own_machine():
        return
    with st.sidebar, visit.widgets.part(keys.SWEEP_MACHINES, _("Machines that train")) as part:
        if not part.open:
            return
        address = st.text_input(
            _("Address of a Dask scheduler"),
            value=cluster.named(),
            key=keys.SWEEP_SCHEDULER,
            on_change=_choose,
            placeholder="tcp://127.0.0.1:8786",
            help=_(
                "“make cluster” starts one on this machine and says its address. Empty: sweeps train in this app. You "
                "see this field because the app was started with RNN_LAB_SCHEDULER=ask."
            ),
            max_chars=300,
        )
        if not _possible(address):
            st.error(
                _(
                    "This is no address of a scheduler. Expected tcp:// or tls://, a name or a number, a colon and a "
                    "port, such as tcp://127.0.0.1:8786. Nothing was changed."
                )
            )
        st.caption(_("Whoever runs a scheduler can run code in this app: name only one of your own."))


def _possible(address: str) -> bool:
    return not address.strip() or well_formed(address.strip())


def _choose() -> None:
    """The field was changed: by a hand that may do so, for each run of the script draws it anew or not at all."""
    address = st.session_state[keys.SWEEP_SCHEDULER]
    if on_own_machine() and _possible(address):
        cluster.choose(address.strip())
