"""The equations of a network, and what they leave out."""

from rnn_core.tasks import TASKS
from ui.equations import equations, letters_of
from ui.i18n import join_sentences


def formula(setup, notation, _) -> str:
    """The equations of this network, one after the other, to be rendered as Markdown; then what they leave out."""
    written = equations(setup.cell, TASKS[setup.task].loss, bias=setup.bias, notation=notation)
    lines = " &emsp; ".join(f"${{{line}}}$" for line in written)  # in braces: never broken
    return "\n\n".join([lines, *beside_the_formula(setup, notation, _)])


def beside_the_formula(setup, notation, _) -> list[str]:
    """How many layers and directions have these equations, and what a letter stands for; nothing where it is plain."""
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
    if setup.cell == "lstm" and notation == "article":
        messages.append(_("$p_t$ is the article's output $o_t$: here $o_t$ is the output gate."))
    return [join_sentences(*messages)] if messages else []
