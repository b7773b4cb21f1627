"""Settings of the Lab: each control's name, first value and bounds, and the names of its choices."""

from dataclasses import fields
from typing import Any

from rnn_core import CELLS, OPTIMIZERS
from rnn_core.config import INITS
from rnn_core.tasks import TASKS, TEXTS
from rnn_core.tasks.texts import STREAMS
from ui.i18n import N_
from ui.network.presets import PRESETS
from ui.settings import keys
from ui.settings.choices import (
    DOWNLOADED,
    LINKED_TEXT,
    LONGEST_SEQUENCE,
    OWN_TEXT,
    RATES,
    SETTING_NAMES,
    SPEEDS,
)
from ui.settings.help import (
    BATCH_SIZE,
    CELL,
    CHRONO,
    CLIP,
    DROPOUT,
    EXAMPLE,
    EXPERIMENT,
    FORGET_BIAS,
    HIDDEN_SIZE,
    INIT,
    LAYERS,
    LEARNING_RATE,
    NOTATION,
    OF_TASKS,
    OPTIMIZER,
    SCHEDULED_SAMPLING,
    SEED,
    SPEED,
    VANISHING_PENALTY,
    Help,
)
from ui.settings.setting import Setting

LONGEST = {"sequence_length": LONGEST_SEQUENCE, "delay": LONGEST_SEQUENCE, "longest": LONGEST_SEQUENCE // 2}
RADII = (None, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0)
DROPOUTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
PENALTIES = (0.0, 0.01, 0.1, 1.0, 10.0)
SAMPLINGS = (None, 20, 50, 100, 200, 500, 1000)  # k of the schedule
SPANS = (None, 10, 20, 30, 60, 100, 200, 500, 1000)
FIRST_STEPS = {"grammar": 10}  # words are wide: fewer of them than the task's own default

SYMBOL_KINDS = {"characters": N_("characters"), "words": N_("words")}
VOCABULARIES = (100, 200, 500, 1000, 2000, 4000, 8000, 10_000)  # words
RARE = (1, 2, 3, 5, 10, 20)  # 1: none is rare
CLIPPINGS = {"off": N_("off"), "norm": N_("norm"), "value": N_("value")}
TRUNCATIONS = {
    "off": N_("none: full BPTT"),
    "windowed": N_("windowed: each loss reaches k steps back"),
    "chunked": N_("chunked: cut every k steps"),
}
SPLITS = {"train": N_("training data"), "held_out": N_("held-out data"), "typed": N_("typed by me")}
ORDERS = {"index": N_("by index"), "similarity": N_("by similarity")}
UNITS = {"nats": N_("nats"), "perplexity": N_("perplexity")}
NOTATIONS = {"article": "s, U, W, V", "pytorch": "h, weight_ih, weight_hh"}
GATES = {cell: (*kind.gates, "c") if kind.has_cell else kind.gates for cell, kind in CELLS.items()}
SHOWN_GATES = {  # at first
    "gru": ("r", "z"), "gru_reset_before": ("r", "z"), "lstm": ("i", "f", "o"), "lstm_peephole": ("i", "f", "o"),
    "lstm_layer_norm": ("i", "f", "o"),
}  # fmt: skip
FIRST_ROWS = {"": N_("none"), "output": N_("output"), "loss": N_("loss"), "gradient": N_("gradient norm")}
CHANGE = "change"  # a stave for every cell: what training changed
MERGED = N_("Merge symbols that occur fewer than N times in the training data")
TOO_RARE = Help(N_("What is seen too rarely to be learned is read as one symbol."))
MORE_ROWS = Help(
    N_("More rows of the score: the gates, the cell state, what training changed."), ("gate", "cell_state")
)


def task_setting(task: str, name: str) -> str:
    """The key of a task's setting.

    >>> task_setting("recall", "delay")
    'recall_delay'
    """
    return f"{task}_{name}"


def _task_settings() -> dict[str, Setting]:
    """A setting for the length and for each difficulty of every task, with the bounds that the task declares."""
    table = {}
    for task, kind in TASKS.items():
        declared = {item.name: item for item in fields(kind) if item.metadata}
        for name in dict.fromkeys(("sequence_length", *kind.difficulty)):
            if name in declared:
                item = declared[name]
                low, high, first = item.metadata["low"], item.metadata["high"], item.default
                if name in LONGEST:
                    low, high, first = max(low, 2), min(high, LONGEST[name]), FIRST_STEPS.get(task, first)
                table[task_setting(task, name)] = Setting(
                    first, low=low, high=high, label=SETTING_NAMES[name], help=OF_TASKS[name]
                )
    return table


SETTINGS = {
    keys.PRESET: Setting("", ("", *PRESETS), label=N_("Experiment"), help=EXPERIMENT),
    keys.DATA: Setting(
        "",
        (
            *(name for name in TEXTS if name not in STREAMS),
            OWN_TEXT,
            DOWNLOADED,
            *(name for name in TASKS if name != "text"),
            *STREAMS,
        ),
        label=N_("Data"),
        help=Help(
            N_("What the network learns from: a text, or a task that needs memory. What is asked of it stands below.")
        ),
    ),
    keys.TEXT: Setting(
        "",
        longest=LINKED_TEXT,
        label=N_("Your own text"),
        help=Help(
            N_(
                "Nobody else sees it. A reload of the page keeps it; the server forgets it five minutes after you "
                "leave."
            )
        ),
    ),
    keys.BY: Setting(
        "characters",
        tuple(SYMBOL_KINDS),
        label=N_("Split into"),
        help=Help(N_("Characters: few symbols, long sequences. Words: many symbols, short sequences.")),
    ),
    keys.VOCABULARY: Setting(
        2000,
        VOCABULARIES,
        label=N_("Words in the vocabulary, at most"),
        help=Help(N_("Only the most frequent words get an output of their own; more of them train more slowly.")),
    ),
    keys.FOLD_CASE: Setting(False, label=N_("Lower case"), help=Help(N_("“The” and “the” become the same word."))),
    keys.RARE_CHARACTERS: Setting(1, RARE, label=MERGED, help=TOO_RARE),
    keys.RARE_WORDS: Setting(2, RARE, label=MERGED, help=TOO_RARE),
    **_task_settings(),
    keys.CELL: Setting("rnn_tanh", tuple(CELLS), label=N_("Cell"), help=CELL),
    keys.HIDDEN_SIZE: Setting(32, low=1, high=128, label=N_("Hidden units"), help=HIDDEN_SIZE),
    keys.LAYERS: Setting(1, low=1, high=4, label=N_("Layers"), help=LAYERS),
    keys.BIDIRECTIONAL: Setting(
        False,
        label=N_("Bidirectional"),
        help=Help(N_("A second network reads from the end. It sees what comes later, so it cannot write.")),
    ),
    keys.BIAS: Setting(True, label=N_("Biases"), help=Help(N_("The article's cell has none."))),
    keys.INIT: Setting("uniform", INITS, label=N_("Initialisation of W"), help=INIT),
    keys.RADIUS: Setting(
        None,
        RADII,
        label=N_("Scale of W: spectral radius"),
        help=Help(
            N_(
                "W is scaled so that its largest absolute eigenvalue is this at the start; with gates, each block of W."
            ),
            ("spectral_radius",),
        ),
    ),
    keys.CHRONO: Setting(None, SPANS, label=N_("Chrono initialisation: longest span (steps)"), help=CHRONO),
    keys.DROPOUT: Setting(0.0, DROPOUTS, label=N_("Dropout between layers"), help=DROPOUT),
    keys.VANISHING_PENALTY: Setting(0.0, PENALTIES, label=N_("Penalty on vanishing gradients"), help=VANISHING_PENALTY),
    keys.SCHEDULED_SAMPLING: Setting(
        None, SAMPLINGS, label=N_("Own guesses as input: half of them after"), help=SCHEDULED_SAMPLING
    ),
    keys.FORGET_BIAS: Setting(1.0, low=-5.0, high=30.0, label=N_("Initial forget-gate bias"), help=FORGET_BIAS),
    keys.BATCH_SIZE: Setting(16, low=1, high=64, label=N_("Batch size (sequences)"), help=BATCH_SIZE),
    keys.SEED: Setting(0, low=0, high=2**31, label=N_("Seed"), help=SEED),
    keys.SPEED: Setting(100, SPEEDS, label=N_("Updates per second"), help=SPEED),
    keys.LEARNING_RATE: Setting(0.01, RATES, label=N_("Learning rate"), help=LEARNING_RATE),
    keys.OPTIMIZER: Setting("adam", tuple(OPTIMIZERS), label=N_("Optimiser"), help=OPTIMIZER),
    keys.CLIPPING: Setting(
        "norm",
        tuple(CLIPPINGS),
        label=N_("Gradient clipping"),
        help=Help(
            N_("What is done with a gradient that is too large: nothing, its norm is limited, or each of its numbers."),
            ("clipping",),
        ),
    ),
    keys.CLIP_NORM: Setting(1.0, low=0.001, high=1000.0, label=N_("Maximum norm"), help=CLIP),
    keys.CLIP_VALUE: Setting(
        0.1,
        low=0.001,
        high=1000.0,
        label=N_("Maximum absolute value"),
        help=Help(N_("Each number of the gradient that is larger is cut to this; that also changes its direction.")),
    ),
    keys.TRUNCATION: Setting(
        "off",
        tuple(TRUNCATIONS),
        label=N_("Truncated backpropagation"),
        help=Help(
            N_(
                "Full: the gradient runs back to the first step. Windowed: each loss reaches back k steps. "
                "Chunked: the sequence is cut every k steps."
            ),
            ("bptt",),
        ),
    ),
    keys.TRUNCATE: Setting(
        5,
        low=1,
        high=LONGEST_SEQUENCE,
        label=N_("Truncation k (steps)"),
        help=Help(N_("How many steps back the gradient runs."), ("truncation",)),
    ),
    keys.STATEFUL: Setting(
        False,
        label=N_("Keep the state between updates"),
        help=Help(N_("The next update continues in the text where this one ended, and starts from its last state.")),
    ),
    keys.SPLIT: Setting(
        "train",
        tuple(SPLITS),
        label=N_("Show a sequence from"),
        help=Help(N_("Where the sequence of the score comes from."), ("held_out",)),
    ),
    keys.EXAMPLE: Setting(0, low=0, high=9999, label=N_("Number of the sequence"), help=EXAMPLE),
    keys.TYPED: Setting(
        "", longest=200, label=N_("The network reads this"), help=Help(N_("The sequence that the network reads."))
    ),
    keys.LAYER: Setting(
        0,
        tuple(range(8)),
        label=N_("Layer and direction"),
        help=Help(N_("Whose states, gates and gradients the score shows.")),
    ),
    keys.CHOSEN_STEP: Setting(-1, low=-1, high=LONGEST_SEQUENCE - 1),  # -1: none
    keys.ORDER: Setting(
        "index",
        tuple(ORDERS),
        label=N_("Order of units"),
        help=Help(N_("Similar: units that behave alike stand side by side.")),
    ),
    **{
        f"{keys.GATES}_{cell}": Setting(
            SHOWN_GATES.get(cell, ()), (*gates, CHANGE), several=True, label=N_("More rows"), help=MORE_ROWS
        )
        for cell, gates in GATES.items()
    },
    keys.FIRST_ROW: Setting(
        "",
        tuple(FIRST_ROWS),
        label=N_("Row moved to the top"),
        help=Help(N_("This row of the score stands right below the input, above the hidden state.")),
    ),
    keys.UNIT: Setting(
        "nats",
        tuple(UNITS),
        label=N_("Loss unit"),
        help=Help(
            N_("How the loss is written; it is the same loss."),
            (
                "nat",
                "perplexity",
            ),
        ),
    ),
    keys.NOTATION: Setting("article", tuple(NOTATIONS), label=N_("Notation"), help=NOTATION),
    keys.TEMPERATURE: Setting(
        1.0,
        low=0.0,
        high=2.0,
        label=N_("Sampling temperature"),
        help=Help(
            N_("Below 1 it writes what it is sure of; 0 always takes the likeliest symbol; above 1 it dares more.")
        ),
    ),
    keys.UPDATE: Setting(-1, low=-1, high=10**9 - 1),  # -1: the newest; chosen in the browser
    keys.SAMPLE_EVERY: Setting(
        100,
        (1, 10, 100, 1000, 10_000),
        label=N_("Sample text every … updates"),
        help=Help(N_("How often the network writes a text of its own, beside the score.")),
    ),
}
# Settings that decide which network trains, on what, and how.
TRAINED: tuple[str, ...] = (
    keys.DATA,
    keys.BY,
    keys.VOCABULARY,
    keys.FOLD_CASE,
    keys.RARE_CHARACTERS,
    keys.RARE_WORDS,
    keys.CELL,
)
TRAINED += (keys.HIDDEN_SIZE, keys.LAYERS, keys.BIDIRECTIONAL, keys.BIAS, keys.INIT, keys.RADIUS, keys.FORGET_BIAS)
TRAINED += (keys.CHRONO, keys.BATCH_SIZE, keys.SEED, keys.LEARNING_RATE, keys.OPTIMIZER, keys.CLIPPING, keys.CLIP_NORM)
TRAINED += (keys.CLIP_VALUE, keys.TRUNCATION, keys.TRUNCATE, keys.STATEFUL, keys.DROPOUT, *_task_settings())
TRAINED += (keys.VANISHING_PENALTY, keys.SCHEDULED_SAMPLING)
# Of those, what a change of makes another network.
OF_LEARNING = {keys.LEARNING_RATE, keys.OPTIMIZER, keys.CLIPPING, keys.CLIP_NORM, keys.CLIP_VALUE}
OF_LEARNING |= {keys.TRUNCATION, keys.TRUNCATE, keys.STATEFUL, keys.DROPOUT, keys.VANISHING_PENALTY}
OF_LEARNING |= {keys.SCHEDULED_SAMPLING}
OF_THE_NETWORK = frozenset(TRAINED) - OF_LEARNING
# Settings that a preset leaves alone: they are about the reader, not about the network.
READERS: tuple[str, ...] = (
    keys.PRESET,
    keys.TEXT,
    keys.UNIT,
    keys.NOTATION,
    keys.TYPED,
    keys.TEMPERATURE,
    keys.SAMPLE_EVERY,
)
READERS += (keys.UPDATE,)


def loss_of(task: str) -> str:
    """The loss function of a task, the same for all settings of it."""
    kind: Any = TASKS[task]
    return kind.loss


def difficulties(task: str) -> list[str]:
    """The names of the task's settings that have a control."""
    return [name for name in ("sequence_length", *TASKS[task].difficulty) if task_setting(task, name) in SETTINGS]
