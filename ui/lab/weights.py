"""A part of the Lab: one of the network's matrices is set to zero, or as the seed drew it, and training goes on."""

import streamlit as st

from ui.i18n import N_, Translate
from ui.live.page import Visit
from ui.network.controls import Choices
from ui.settings import keys
from ui.training.weights import NewWeights, matrices_of

MATRICES = {
    "recurrent": N_("W: from state to state"),
    "input": N_("U: from input to state"),
    "readout": N_("V: from state to output"),
    "peepholes": N_("P: the peepholes, from cell to gate"),
    "gains": N_("G: the gains of the layer normalisation"),
    "biases": N_("the biases"),
}
VALUES = {"zero": N_("zero"), "first": N_("as the seed drew it")}


def show(visit: Visit, choices: Choices) -> None:
    """Draw the part."""
    _ = visit.gettext
    with visit.widgets.part(keys.WEIGHTS, _("Change the weights, and train on")) as part:
        if not part.open:
            return
        st.text(
            _(
                "Does the network learn again what it has lost? All numbers of the matrix change, in every layer; the "
                "loss chart marks the update. Where the page shows the past, the network goes back to that moment "
                "first, as a fork."
            )
        )
        setup = choices.setup
        offered = matrices_of("rnn_tanh", bias=True) if setup is None else matrices_of(setup.cell, setup.bias)
        matrix = _choose(keys.WEIGHTS_MATRIX, _("Set"), {key: MATRICES[key] for key in MATRICES if key in offered}, _)
        values = _choose(keys.WEIGHTS_VALUES, _("to"), VALUES, _)
        new = NewWeights(matrix, values)
        if st.button(_("Set it"), key=keys.WEIGHTS_SET):  # as the lists say now: a callback has what the run before saw
            visit.session.set_weights(new)


def _choose(key: str, label: str, names: dict[str, str], _: Translate) -> str:
    return str(st.selectbox(label, list(names), format_func=lambda name: _(names[name]), key=key))
