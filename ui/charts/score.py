"""The score: everything one sequence left behind in the network, on one shared time axis.

Like the staves of a score, from top to bottom: the input, the hidden state, the gates, the output and its
target, the loss of each step, the gradient norm of each step; one of the last three can be moved to the top,
below the input. All staves share one x axis, t = 0 .. T-1. The structure depends on the sequence and the options
only, never on the numbers, so a live chart is updated in place.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from rnn_core.trace import Trace
from ui.charts import staves
from ui.charts.limits import Limits, limits
from ui.charts.stack import stack

if TYPE_CHECKING:
    from ui.theme import Theme

LETTERS = {  # the article's letters and PyTorch's names for the same things
    "article": {
        "input": "x<sub>t</sub>",
        "state": "s<sub>t</sub>",
        "cell": "c<sub>t</sub>",
        "output": "o<sub>t</sub>",
    },
    "pytorch": {
        "input": "x<sub>t</sub>",
        "state": "h<sub>t</sub>",
        "cell": "c<sub>t</sub>",
        "output": "p<sub>t</sub>",
    },
}


def score(
    trace: Trace,
    vocabulary: tuple[str, ...] | None,
    *,
    theme: "Theme",
    layer: int = -1,
    gates: Iterable[str] = (),
    first: str = "",
    notation: str = "article",
    ranges: Limits | None = None,
    rows: np.ndarray | None = None,
    before: np.ndarray | None = None,
    before_update: int = 0,
    unit: str = "nats",
    translate: Callable[[str], str] = str,
) -> go.Figure:
    """One figure of the first sequence of a trace's batch.

    Parameters
    ----------
    trace : the Trace of a forward pass, or better of a backward pass.
    vocabulary : the symbol of each id, or None for a task of real numbers.
    theme : ui.theme.Theme.
    layer : which layer and direction, an index into `trace.hidden`.
    gates : names from `trace.gates`, "c" for the cell state of an LSTM, "change" for what the hidden states have
        become since `before`; each gets a stave of its own, in this order.
    first : "output", "loss" or "gradient": that stave stands first, below the input.
    notation : "article" (s_t) or "pytorch" (h_t).
    ranges : of the axes; by default those of this trace alone.
    rows : the order of the units from top to bottom, a permutation (H,); None: by index.
    before : (T+1, H) hidden states of the same sequence after `before_update` updates, or None.
    unit : of a loss that is a cross-entropy: "nats", "bits" or "perplexity".
    translate : from an English string to the reader's language.
    """
    ranges = ranges or limits(trace, layer)
    letters = dict(LETTERS[notation])
    if "o" in trace.gates:
        letters["output"] = "p<sub>t</sub>"  # o is the LSTM's output gate
    context = staves.Context(trace, vocabulary, layer, theme, letters, ranges, translate, rows, unit)
    shown = [("input", staves.inputs(context)), ("state", staves.hidden(context))]
    for name in gates:
        if name == "change":
            shown.append((name, staves.change(context, before, before_update)))
        elif name == "c":
            shown += [(name, staves.cell_state(context))] if trace.cell is not None else []
        elif name in trace.gates:
            shown.append((name, staves.gate(context, name)))
    if vocabulary and trace.probs is not None:
        shown += [("output", staves.guesses(context)), ("output", staves.distribution(context))]
    elif len(trace.logits):
        shown.append(("output", staves.outputs(context)))
    shown += [("loss", staves.loss(context))] if trace.loss_per_step is not None else []
    shown += [("gradient", staves.gradient(context))] if trace.d_hidden is not None else []
    shown.sort(key=lambda named: (named[0] != "input", named[0] != first))
    return assemble([stave for _name, stave in shown], context)


def assemble(shown: Sequence[staves.Stave], context: staves.Context) -> go.Figure:
    """The staves from top to bottom over the axis of steps, in which a step can be chosen."""
    axis = {
        "range": [-0.5, context.steps - 0.5],
        "title": {"text": context.translate("step t"), "standoff": 4},
        "tickformat": "d",
        "nticks": min(context.steps, 14) + 1,
        "showspikes": True,
        "spikemode": "across",
        "spikesnap": "data",
        "spikethickness": 1,
        "spikedash": "solid",
        "spikecolor": context.theme.faded,
    }
    name = f"score {context.steps}"
    return stack(shown, theme=context.theme, left=context.left, axis=axis, name=name, selectable=True)
