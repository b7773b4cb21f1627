"""The equations of a network, and what they leave out."""

import streamlit as st

from rnn_core import CELLS
from ui.equations import equations, letters_of
from ui.i18n import Translate, join_sentences
from ui.network.controls import Choices
from ui.network.settings import loss_of
from ui.training.snapshot import Setup


def show_formula(choices: Choices, _: Translate) -> None:
    """Draw the equations of the network that is set; nothing while its text is missing."""
    if choices.setup is not None:
        st.markdown(formula(choices.setup, choices.display.notation, _))


LONG = 60  # characters of LaTeX: on a phone wider than the screen


def formula(setup: Setup, notation: str, _: Translate) -> str:
    """The equations of this network, one after the other, to be rendered as Markdown; then what they leave out."""
    written = equations(setup.cell, loss_of(setup.task), bias=setup.bias, notation=notation)
    lines = " &emsp; ".join(f"${breakable(line) if len(line) > LONG else f'{{{line}}}'}$" for line in written)
    return "\n\n".join([lines, *beside_the_formula(setup, notation, _)])


def breakable(line: str) -> str:
    """LaTeX that is broken only before a plus sign that no braces are around.

    >>> print(breakable("s = f(a + b^{c + d})"))
    {s = f(a}\\allowbreak{{} + b^{c + d})}
    """
    pieces: list[str] = []
    for term in line.split(" + "):
        if pieces and pieces[-1].count("{") == pieces[-1].count("}"):
            pieces.append(term)
        else:
            pieces[-1:] = [" + ".join([*pieces[-1:], term])]
    return "{" + r"}\allowbreak{{} + ".join(pieces) + "}"


def beside_the_formula(setup: Setup, notation: str, _: Translate) -> list[str]:
    """Notes on layers, directions and letters beside the equations; nothing for a plain network."""
    state = letters_of(setup.cell, notation)["s"]
    messages = []
    if setup.num_layers > 1:
        messages.append(
            _(
                "{count} layers have these equations, each with weights of its own; from the second on, the state of "
                "the layer below stands in place of $x_t$."
            ).format(count=setup.num_layers)
        )
    if setup.bidirectional:
        messages.append(
            _(
                "In each layer a second direction, with weights of its own, reads from the end: ${state}_{{t+1}}$ in "
                "place of ${state}_{{t-1}}$. The output reads the states of both."
            ).format(state=state)
        )
    if CELLS[setup.cell].has_cell and notation == "article":
        messages.append(_("$p_t$ is the article's output $o_t$: here $o_t$ is the output gate."))
    return [join_sentences(*messages)] if messages else []
