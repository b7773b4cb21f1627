"""Interpretable cells (Karpathy, Johnson & Fei-Fei 2016)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Trainer
from rnn_core.analysis.properties import properties
from rnn_core.analysis.recording import record
from rnn_core.analysis.unit_search import Finding, search
from rnn_core.tasks import TextTask
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Check, Door, Network, Picture, Points, Quantity, Result, Trial, exceeds, of

LINES = 6  # of the text that are drawn
KINDS = {"quotes": N_("within quotes"), "brackets": N_("within brackets"), "column": N_("place in the line")}
TASK = {"data": "marked_en", "text_sequence_length": 80, "batch_size": 16, "hidden_size": 48}


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train, then the best unit for each property: chosen on half of the held-out text, judged on the rest."""
    yield from watch(run, network, lambda run: 0.0)
    if not isinstance(run.task, TextTask):
        raise TypeError(f"the task is {run.task.name!r}; expected 'text'")
    ids = run.task.held_out_ids
    quantity = "cell" if run.model.config.cell == "lstm" else "hidden"
    recording = record(run.model, ids[:, None], quantity=quantity)
    if recording is None:
        raise ValueError("the recording was stopped")
    found = search(recording.values, properties(list(run.task.decode(ids))))
    if found is None:
        raise ValueError("the search was stopped")
    best = {one.property.kind: one for one in found}
    values = np.tanh(recording.values) if quantity == "cell" else recording.values
    text = run.task.decode(ids)
    numbers = {kind: float(best[kind].unseen) for kind in KINDS}
    return Trial(run.config.seed, numbers, parts={kind: picture(text, values, best[kind]) for kind in KINDS})


def picture(text: str, values: np.ndarray, found: Finding) -> Points:
    """Some whole lines of the half of the text that the unit was not chosen on, from one with a quote on, with the
    unit's value at each symbol: of an LSTM tanh(c), turned such that it is high where the property is."""
    begin = text.rindex("\n", 0, text.index('"', text.index("\n", len(text) // 2) + 1)) + 1
    end = begin
    for _line in range(LINES):
        end = text.index("\n", end) + 1
    shown = found.sign * values[begin:end, found.unit]
    return Points((tuple(map(float, shown)),), tuple(text[begin:end]))


RESULT = Result(
    "meanings",
    by="Karpathy, Johnson & Fei-Fei 2016",
    card="marked_en",
    title=N_("Units that mean something"),
    claim=N_("In a network that reads letter by letter, a few units follow something that a reader can name."),
    published=N_(
        "About 5% of the units mean something; among them some for quotes, the place in the line, the depth of "
        "brackets."
    ),
    here=N_(
        "A generated text with quotes, brackets and lines of 40 columns, in place of a novel and source code; 48 "
        "units. Units are chosen on half of the held-out text and judged on the rest."
    ),
    expected=N_(
        "To predict the end of a quote a network must know that one is open, so a unit follows it; likewise the "
        "place in a line of fixed length. An LSTM's cell can hold such a thing for long, a tanh network's state less "
        "well."
    ),
    networks={
        "lstm": Network("LSTM", TASK | {"cell": "lstm", "learning_rate": 0.01}, 1000),
        "gru": Network("GRU", TASK | {"cell": "gru", "learning_rate": 0.01}, 1500),
        "tanh": Network(N_("RNN (tanh)"), TASK | {"cell": "rnn_tanh", "learning_rate": 0.003}, 1500),
    },
    measure=measure,
    quantities={
        "quotes": Quantity(N_("within quotes: area under the ROC curve"), ".3f"),
        "brackets": Quantity(N_("within brackets: area under the ROC curve"), ".3f"),
        "column": Quantity(N_("place in the line: |r|"), ".3f"),
    },
    checks=(
        Check(
            N_("{network}: median of the area for quotes"),
            of("lstm", "quotes", np.median),
            0.95,
            network="lstm",
            form=".3f",
        ),
        Check(
            N_("{network}: median of |r| with the place in the line"),
            of("gru", "column", np.median),
            0.8,
            network="gru",
            form=".3f",
        ),
        Check(N_("lead of the LSTM over tanh: area for quotes"), exceeds("quotes", "lstm", "tanh"), 0, form=".3f"),
        Check(N_("lead of the GRU over tanh: |r| with the place"), exceeds("column", "gru", "tanh"), 0, form=".3f"),
    ),
    door=Door("memory", {"memory_view": "search"}),
    picture=Picture(
        "text",
        "lstm",
        N_("Lines of held-out text, three times: each symbol in the colour of one unit."),
        N_(
            "Karpathy and others coloured the symbols of a text by tanh(c) of one cell; so does this chart, with the "
            "LSTM's best cell for quotes, for brackets and for the place in the line."
        ),
        KINDS,
    ),
)
