"""The words beside the charts of the page “Shapes”: names, guides with the numbers shown now, and tables."""

from typing import Any

from rnn_core.tasks.speech.features import decibels
from ui.charts.formatting import column, short
from ui.i18n import N_, Translate
from ui.live.metrics import cost_per_update
from ui.settings.choices import CELL_NAMES
from ui.settings.measures import MEASURES
from ui.shapes.records import Network, ShapeView

BY_HEART = 1.2  # times the least held-out loss so far: then it has risen
OWN_MEASURES = {
    "whole_outputs": N_("whole outputs right, held out"),  # of the encoder-decoder
    "right_captions": N_("captions right, of held-out combinations"),
    "right_symbols": N_("vowels right, of unseen speakers (1 − symbol error rate)"),
}


def measured(view: ShapeView, _: Translate) -> str:
    """Name of what the share of right answers counts."""
    return _((MEASURES | OWN_MEASURES)[view.measure])


def names(view: ShapeView, _: Translate) -> list[str]:
    """A name for each network that tells it from the others."""
    return [
        _named(competitor.network, len(view.competitors) > 1, view.setup.shape, _) for competitor in view.competitors
    ]


def _named(network: Network, several: bool, shape: str, _: Translate) -> str:
    cell = _(CELL_NAMES[network.cell])
    if not several:
        return cell
    if shape == "bidirectional":
        direction = _("both directions") if network.bidirectional else _("forwards only")
        return f"{cell}, {direction}"
    if shape == "encoder_decoder":
        seen = _("with attention") if network.attention else _("the last state alone")
        return f"{cell}, {seen}"
    return _("{cell}, layers: {layers}").format(cell=cell, layers=network.num_layers)


def results_table(view: ShapeView, _: Translate) -> dict[str, Any]:
    """The networks: headings, and a row for each."""
    headings = [
        _("network"), _("units"), _("parameters"), _("training loss"), _("held-out loss"), _("accuracy"), _("ms per "
          "update"),
    ]  # fmt: skip
    rows = [
        [
            name,
            str(competitor.network.hidden_size),
            f"{competitor.parameters:,}",
            short(competitor.curve.loss[-1]) if len(competitor.curve.loss) else "–",
            short(competitor.held_out[-1][1]),
            f"{competitor.accuracy[-1][1]:.1%}",
            f"{cost_per_update(competitor.clock):.2f}" if competitor.update else "–",
        ]
        for name, competitor in zip(names(view, _), view.competitors, strict=True)
    ]
    caption = _("Update {update:,}; {pace:,.0f} rounds per second").format(
        update=view.update, pace=view.updates_per_second
    )
    return {"headings": headings, "rows": rows, "caption": caption}


def diagram_guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read the diagram."""
    diagram = view.diagram
    enters, leaves = (sum(map(bool, texts)) for texts in (diagram.inputs, diagram.outputs))
    messages = [
        _("Time runs from left to right; every column is the same network one step later. A column's colours are "
          "its units: blue is negative, orange positive, and zero is the colour of the page."),
    ]  # fmt: skip
    if diagram.frames is None:
        messages.append(
            _("In this diagram something enters at {enters} of {steps} steps and leaves at {leaves}. Where there is no "
              "symbol and no arrow, nothing does.").format(
                enters=enters, leaves=leaves, steps=len(diagram.inputs))
        )  # fmt: skip
    else:
        messages.append(
            _("A spectrum enters at each of the {steps} steps, and a probability of every symbol leaves at each. On "
              "top stands the likeliest symbol, at {leaves} steps; at the others that is the blank.").format(
                leaves=leaves, steps=len(diagram.inputs))
        )  # fmt: skip
    if diagram.first:
        messages.append(
            _(
                "The sequences are of one length in training: {blanks} blank before this one is left out.",
                "The sequences are of one length in training: {blanks} blanks before this one are left out.",
                diagram.first,
            ).format(blanks=diagram.first)
        )
    if diagram.gradient is not None:
        messages.append(
            _(
                "The curve below: the norm of the gradient of this sequence's loss by the states of each step, "
                "{first:.2g} at the "
                "first column, {last:.2g} at the last. It enters where outputs are, and goes back "
                "against the arrows."
            ).format(first=float(diagram.gradient[0]), last=float(diagram.gradient[-1]))
        )
    if diagram.ordered:
        messages.append(
            _("The upper row of the outputs shows which vowel sounds at a step, the lower row the likeliest symbol. "
              "With CTC the order alone counts: a vowel is green if it is right in its place in the order, whichever "
              "step it stands at.")
        )  # fmt: skip
    elif any(diagram.wanted):
        messages.append(
            _("The upper row of the outputs is the target, the lower row the network's output: green is right.")
        )
    return messages


def diagram_table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """The diagram's symbols, and the size of each state."""
    diagram = view.diagram
    rows: dict[str, list[Any]] = {
        _("step t"): list(range(len(diagram.inputs))),
        **(
            {_("input"): list(diagram.inputs)}
            if diagram.frames is None
            else {_("input: mean energy (dB)"): column(decibels(diagram.frames).mean(axis=1), 1)}
        ),
        _("output"): list(diagram.outputs),
        _("vowel that sounds") if diagram.ordered else _("target"): list(diagram.wanted),
    }
    for chain in diagram.chains:
        direction = "←" if chain.reverse else "→"
        heading = _("layer {layer} {way}, mean size").format(layer=chain.layer + 1, way=direction)
        rows[heading] = [round(float(size), 3) for size in abs(chain.states).mean(axis=1)]
    if diagram.gradient is not None:
        rows[_("gradient norm")] = [float(f"{norm:.3g}") for norm in diagram.gradient]
    return rows


def race_guide(view: ShapeView, _: Translate) -> list[str]:
    """How to read the curves."""
    messages = [
        _("Above: the loss of every update on its training data. Without having learned anything the loss is "
          "{chance:.3g} (chance).").format(
            chance=view.chance
        ),
        _("Below: {measure}, in percent, on data that are never trained on. The dashed line is the best answer "
          "that is always "
          "the same, {guess:.1%}.").format(measure=measured(view, _), guess=view.guess),
    ]  # fmt: skip
    for name, competitor in zip(names(view, _), view.competitors, strict=True):
        losses = [loss for _update, loss in competitor.held_out]
        if losses[-1] > BY_HEART * min(losses) and losses[-1] > BY_HEART * competitor.curve.loss[-1]:
            sentence = _(
                "{name}: the held-out loss has risen from {least:.3g} to {now:.3g} while the training loss fell. "
                "It overfits: it learns its training data by heart."
            )
            messages.append(sentence.format(name=name, least=min(losses), now=losses[-1]))
    return messages


def race_table(view: ShapeView, _: Translate) -> dict[str, list[Any]]:
    """The measured points of all networks."""
    rows: dict[str, list[Any]] = {_("update"): [update for update, _right in view.competitors[0].accuracy]}
    for name, competitor in zip(names(view, _), view.competitors, strict=True):
        rows[_("{name}: held-out loss").format(name=name)] = [float(f"{loss:.4g}") for _u, loss in competitor.held_out]
        rows[_("{name}: accuracy").format(name=name)] = [round(right, 4) for _u, right in competitor.accuracy]
    return rows
