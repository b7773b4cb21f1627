"""Controls of the page “Results”."""

import streamlit as st

from ui.i18n import N_, Language
from ui.live.page import Visit
from ui.network.results import RESULTS
from ui.settings import keys
from ui.settings.help import Help
from ui.settings.preset import set_controls
from ui.settings.setting import Setting, Settings
from ui.settings.widgets import Widgets

TABLE = {
    keys.RESULT: Setting(
        "",
        ("", *RESULTS),
        label=N_("Result"),
        help=Help(N_("What a paper found, trained again here: what was expected, and what was measured.")),
    )
}


def widgets_of(language: Language) -> Widgets:
    """The page's controls in this run of its script."""
    return Widgets(Settings("results", TABLE), language.gettext)


def choose(visit: Visit) -> str:
    """The name of the result that is open; nothing for the list of all."""
    if visit.arrived:  # by a link, which leads to the list, or by Back: the address says to what
        set_controls({name: TABLE[name].parse(st.query_params.get(name, "")) for name in TABLE})
    names = {"": N_("All results")} | {name: result.title for name, result in RESULTS.items()}
    return visit.widgets.contents(keys.RESULT, names)


def open_result(name: str) -> None:
    """Open a result, or the list with no name; to be called before controls are drawn."""
    set_controls({keys.RESULT: name})
