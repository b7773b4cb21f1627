"""How to read the page “Memory”, and its tables: what the reader opens.

Nothing here renders: symbols of a text are shown as text alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnn_core.analysis.memory import MemoryCurve
from rnn_core.analysis.recording import Recording
from rnn_core.cells import CELLS
from rnn_core.config import ModelConfig
from ui.charts.formatting import short, typographic
from ui.charts.symbols import visible
from ui.i18n import Translate
from ui.live.renderer import Part
from ui.live.scrubber import guide
from ui.memory.curves_by_cell import MemoryCurves
from ui.memory.excerpt import BOTH_WAYS
from ui.memory.interventions import Comparison
from ui.memory.recorder import RecordedText
from ui.memory.texts import quantity_name

MOST_ROWS = 200  # of a table
MOST_SAVED = 4000  # of one that is saved, not shown


def text_guide(read: RecordedText, unit: int, _: Translate) -> list[str]:
    """How to read the coloured text."""
    recording = read.recording
    values = recording.values[:, unit]
    sentences = [
        _(
            "Each square is one symbol, coloured by what unit {unit} holds right after the network has read it. "
            "Over the whole text it goes from {low} to {high}, with a standard deviation of {deviation}."
        ).format(
            unit=unit, low=short(float(values.min())), high=short(float(values.max())),
            deviation=short(float(values.std(dtype=np.float64))),
        ),
        _(
            "The bar under a symbol is the surprise at it: how improbable the network found it just before, −log "
            "p. Below stand its five best guesses for what comes after this symbol, the stronger the colour, the "
            "more probable."
        ),
        _(
            "Look for a unit that changes where something begins and ends: a quote, a bracket, a line, a word. The "
            "small pictures show the same rows for all units; click one to colour the text by it."
        ),
        guide(_),
    ]  # fmt: skip
    if read.excerpt.stream:
        sentences.append(
            _(
                "In training, a sequence has {steps} symbols and begins with an empty memory, unless the state "
                "is kept between updates. Here the network reads on without a break, so {state} can reach "
                "values it never had in training."
            ).format(
                steps=read.task.sequence_length,
                state=_("a cell state") if CELLS[recording.model.config.cell].has_cell else _("a hidden state"),
            )
        )
    if recording.model.config.bidirectional:
        sentences.append(
            _("This network reads in both directions, so a text is cut after {most:,} symbols.").format(most=BOTH_WAYS)
        )
    return sentences


def text_table(
    read: RecordedText, unit: int, begin: int, end: int, _: Translate, most: int = MOST_ROWS
) -> dict[str, list[Any]]:
    """The rows that are shown, symbol by symbol."""
    positions = range(begin, min(end, begin + most))
    recording, vocabulary = read.recording, read.excerpt.vocabulary
    return {
        _("symbol number"): list(positions),
        _("symbol"): [visible(vocabulary[recording.ids[i]]) for i in positions],
        _("unit {number}").format(number=unit): [f"{recording.values[i, unit]:.4f}" for i in positions],
        _("surprise (nats)"): [
            f"{recording.surprise[i]:.3f}" if np.isfinite(recording.surprise[i]) else "" for i in positions
        ],
        _("best guess"): [visible(vocabulary[recording.guesses[i, 0]]) for i in positions],
        _("its probability"): [f"{recording.odds[i, 0]:.3f}" for i in positions],
    }


def units_numbers(read: RecordedText, order: np.ndarray, begin: int, end: int, _: Translate) -> dict[str, list[Any]]:
    """All units at each symbol that is shown, in the chosen order."""
    positions = range(begin, min(end, begin + MOST_SAVED))
    recording, vocabulary = read.recording, read.excerpt.vocabulary
    units = {
        _("unit {number}").format(number=unit): [f"{recording.values[i, unit]:.4f}" for i in positions]
        for unit in map(int, order)
    }
    symbols = [visible(vocabulary[recording.ids[i]]) for i in positions]
    return {_("symbol number"): list(positions), _("symbol"): symbols, **units}


def units_table(
    recording: Recording, at: int | None, order: np.ndarray, _: Translate
) -> dict[str, list[Any]] | list[str]:
    """Every unit at one symbol, in the chosen order; without a symbol, what to do."""
    if at is None:
        return [_("Point at a symbol of the text: the table then shows what each unit holds there.")]
    values = [typographic(f"{recording.values[at, number]:+.4f}") for number in order]
    return {_("unit"): [int(number) for number in order], quantity_name(recording.quantity, _): values}


def search_guide(_: Translate) -> list[str]:
    """How to read the findings."""
    return [
        _(
            "AUC, the area under the ROC curve, is the chance that the unit is higher at a symbol with the property "
            "than at one without it: 0.5 is a coin, 1 is perfect. For numbers such as the position in the line, |r| "
            "is the correlation, from 0 to 1."
        ),
        _(
            "A pair of unit and property counts as found if it reaches 0.9 (numbers: 0.8) on text that it was "
            "not chosen on, and more than by chance, with pieces of the property in another order: its rhythm "
            "alone does not explain it then."
        ),
        _(
            "A unit that follows the symbol just read says little: the input is right there. One that follows "
            "something from long ago, such as an open quote, is memory."
        ),
        _(
            "Choose a row: the bars over the symbols show where the property holds, or how large it is, and the "
            "chart compares the unit there and elsewhere."
        ),
    ]


def change_guide(config: ModelConfig, _: Translate) -> list[str]:
    """How to read the comparison of such a network."""
    sentences = [
        _(
            "The dotted line marks the change. Below the curves, the units of the unchanged network; then the same "
            "network reading with the change; then the difference, in which what is equal has the colour of the page."
        ),
        _(
            "The curves say what this does to what the network puts out: how far its prediction moves "
            "(Kullback–Leibler divergence), and whether the symbol that really comes gets less probable (loss)."
        ),
    ]
    if config.bidirectional:
        sentences.append(
            _(
                "This network reads in both directions. “From the chosen symbol on” means places of the text, "
                "for the backward direction too: it comes to the last of them first, and brings what changed "
                "there to the symbols before. Units of the layer and direction that is shown are held; the "
                "memory that is emptied or exchanged is that of the forward direction alone."
            )
        )
    if config.output == "last":
        sentences.append(
            _(
                "This network answers once, at the end: its prediction and its loss have one point only, and the "
                "pictures of the units show how the change gets there, or fades on the way."
            )
        )
    if not config.bidirectional and config.output == "every":
        sentences.append(
            _(
                "Both texts are written on from the same symbol with the same random numbers: as long as the "
                "predictions are alike, the texts are too."
            )
        )
    return sentences


def change_table(shown: Comparison | None, _: Translate) -> dict[str, list[Any]]:
    """The comparison, symbol by symbol."""
    if shown is None:
        return {_("symbol number"): []}
    moved = np.abs(shown.after - shown.before)
    return {
        _("symbol number"): list(range(shown.begin, shown.end)),
        _("read"): [visible(shown.vocabulary[i]) for i in shown.changed_ids],
        _("largest change of a unit"): [f"{value:.4f}" for value in moved.max(axis=1)],
        _("change of the prediction (nats)"): [
            f"{value:.4g}" if np.isfinite(value) else "" for value in shown.divergence
        ],
        _("change of the loss (nats)"): [f"{value:+.4g}" if np.isfinite(value) else "" for value in shown.loss],
    }


def curve_guide(_: Translate) -> list[str]:
    """How to read the memory curves."""
    return [
        _(
            "At many places of the text, one symbol is exchanged or the memory is emptied, and the network reads on. "
            "The curve is how much its predictions differ from what they would have been, so many symbols later."
        ),
        _(
            "This measures memory itself, not the gradient: what has no effect on any prediction any more is "
            "forgotten, whatever the units still hold."
        ),
        _(
            "Choose another cell in the side bar: what was measured with the previous one, on the same text, "
            "stays here for comparison, dashed, until the text changes."
        ),
    ]


def curve_table(
    curves: Mapping[str, MemoryCurve] | None, others: Sequence[MemoryCurves], _: Translate
) -> dict[str, list[Any]]:
    """The memory curves as numbers."""
    if not curves:
        return {_("symbols later"): []}
    names = {"symbol": _("another symbol read"), "state": _("memory emptied")}
    reach = len(next(iter(curves.values())).mean)
    rows: dict[str, list[Any]] = {_("symbols later"): list(range(reach))}
    for kind, curve in curves.items():
        rows[_("{what}: KL (nats)").format(what=names[kind])] = [f"{value:.4g}" for value in curve.mean]
        rows[_("{what}: quartiles").format(what=names[kind])] = [
            f"{low:.3g} … {high:.3g}" for low, high in zip(curve.low, curve.high, strict=True)
        ]
        rows[_("{what}: loss (nats)").format(what=names[kind])] = [f"{value:+.4g}" for value in curve.loss]
    for other in others:
        for kind, curve in other.curves.items():
            column = _("{what}: KL (nats)").format(what=names[kind])
            rows[_("{name}: {text}").format(name=other.name(_), text=column)] = [f"{value:.4g}" for value in curve.mean]
    return rows


class GuideContext(NamedTuple):
    """Context of the guides and tables.

    shown : the first and the last symbol on the page. at : the one whose units are shown, or None.
    """

    read: RecordedText
    unit: int
    shown: tuple[int, int]
    at: int | None
    order: np.ndarray
    comparison: Comparison | None
    curves: Mapping[str, MemoryCurve] | None
    others: Sequence[MemoryCurves]
    translate: Translate


GUIDES: dict[str, Callable[[GuideContext], Part]] = {
    "text_guide": lambda c: text_guide(c.read, c.unit, c.translate),
    "text_table": lambda c: text_table(c.read, c.unit, *c.shown, c.translate),
    # the numbers behind the coloured text and the small pictures, to be saved
    "text_numbers": lambda c: text_table(c.read, c.unit, *c.shown, c.translate, MOST_SAVED),
    "units_numbers": lambda c: units_numbers(c.read, c.order, *c.shown, c.translate),
    "units_table": lambda c: units_table(c.read.recording, c.at, c.order, c.translate),
    "search_guide": lambda c: search_guide(c.translate),
    "change_guide": lambda c: change_guide(c.read.recording.model.config, c.translate),
    "change_table": lambda c: change_table(c.comparison, c.translate),
    "curve_guide": lambda c: curve_guide(c.translate),
    "curve_table": lambda c: curve_table(c.curves, c.others, c.translate),
}
