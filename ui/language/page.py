"""The page “Language”: what the network of the Lab says of sentences, how it writes, and what its loss is worth."""

import streamlit as st

from ui.language.controls import TABLE, choose_options, choose_view, offer_a_text
from ui.language.model_copy import obstacle
from ui.language.view import LAYOUT
from ui.live.layout import Shown
from ui.live.page import Visit
from ui.network.controls import Choices
from ui.network.page import network_page


def _show(visit: Visit, choices: Choices) -> Shown | None:
    _, theme = visit.gettext, visit.theme
    st.markdown(
        _(
            "A language model gives every sentence a probability: the product of the probabilities of its symbols, "
            "each given those before it. That is enough to tell the likelier of two sentences, and to write: draw a "
            "symbol, read it, draw the next. Below, the network of the Lab does both while it continues "
            "training, if it reads a text."
        )
    )
    problem = obstacle(choices.setup) if choices.setup is not None else ""
    if problem:
        offer_a_text(problem, visit.language)
        return None
    options = choose_options(visit.widgets, choose_view(visit.widgets, _), visit.language, theme, choices)
    more = {"view": options.view, "passage": options.passage, "bar": theme.training, "mark": theme.held_out}
    return Shown(LAYOUT, options, more)


PAGE = network_page("language", layouts=(LAYOUT,), show=_show, settings=TABLE)
