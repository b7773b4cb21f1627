"""Settings of the Lab: each control's name, first value and bounds, and the names of its choices."""

from dataclasses import fields

from rnn_core import CELLS, OPTIMIZERS
from rnn_core.config import INITS
from rnn_core.tasks import TASKS, TEXTS
from ui.i18n import N_
from ui.network.presets import PRESETS
from ui.settings import keys
from ui.settings.choices import (
    DOWNLOADED,
    LINKED_TEXT,
    LONGEST_SEQUENCE,
    OWN_TEXT,
    RATES,
    SPEEDS,
)
from ui.settings.setting import Setting

LONGEST = {"sequence_length": LONGEST_SEQUENCE, "delay": LONGEST_SEQUENCE, "longest": LONGEST_SEQUENCE // 2}
RADII = (None, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0)
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
GATES = {"rnn_tanh": (), "rnn_relu": (), "gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o", "c")}
CHANGE = "change"  # a stave for every cell: what training changed


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
                table[task_setting(task, name)] = Setting(first, low=low, high=high)
    return table


SETTINGS = {
    keys.PRESET: Setting("", ("", *PRESETS)),
    keys.DATA: Setting("", (*TEXTS, OWN_TEXT, DOWNLOADED, *(name for name in TASKS if name != "text"))),
    keys.TEXT: Setting("", longest=LINKED_TEXT),
    keys.BY: Setting("characters", tuple(SYMBOL_KINDS)),
    keys.VOCABULARY: Setting(2000, VOCABULARIES),
    keys.FOLD_CASE: Setting(False),
    keys.RARE_CHARACTERS: Setting(1, RARE),
    keys.RARE_WORDS: Setting(2, RARE),
    **_task_settings(),
    keys.CELL: Setting("rnn_tanh", tuple(CELLS)),
    keys.HIDDEN_SIZE: Setting(32, low=1, high=128),
    keys.LAYERS: Setting(1, low=1, high=4),
    keys.BIDIRECTIONAL: Setting(False),
    keys.BIAS: Setting(True),
    keys.INIT: Setting("uniform", INITS),
    keys.RADIUS: Setting(None, RADII),
    keys.FORGET_BIAS: Setting(1.0, low=-5.0, high=10.0),
    keys.BATCH_SIZE: Setting(16, low=1, high=64),
    keys.SEED: Setting(0, low=0, high=2**31),
    keys.SPEED: Setting(100, SPEEDS),
    keys.LEARNING_RATE: Setting(0.01, RATES),
    keys.OPTIMIZER: Setting("adam", tuple(OPTIMIZERS)),
    keys.CLIPPING: Setting("norm", tuple(CLIPPINGS)),
    keys.CLIP_NORM: Setting(1.0, low=0.001, high=1000.0),
    keys.CLIP_VALUE: Setting(0.1, low=0.001, high=1000.0),
    keys.TRUNCATION: Setting("off", tuple(TRUNCATIONS)),
    keys.TRUNCATE: Setting(5, low=1, high=LONGEST_SEQUENCE),
    keys.STATEFUL: Setting(False),
    keys.SPLIT: Setting("train", tuple(SPLITS)),
    keys.EXAMPLE: Setting(0, low=0, high=9999),
    keys.TYPED: Setting("", longest=200),
    keys.LAYER: Setting(0, tuple(range(8))),
    keys.CHOSEN_STEP: Setting(-1, low=-1, high=LONGEST_SEQUENCE - 1),  # -1: none
    keys.ORDER: Setting("index", tuple(ORDERS)),
    **{f"{keys.GATES}_{cell}": Setting((), (*gates, CHANGE), several=True) for cell, gates in GATES.items()},
    keys.UNIT: Setting("nats", tuple(UNITS)),
    keys.NOTATION: Setting("article", tuple(NOTATIONS)),
    keys.TEMPERATURE: Setting(1.0, low=0.0, high=2.0),
    keys.SAMPLE_EVERY: Setting(100, (1, 10, 100, 1000, 10_000)),
}
SETTINGS[f"{keys.GATES}_gru"] = Setting(("r", "z"), (*GATES["gru"], CHANGE), several=True)
SETTINGS[f"{keys.GATES}_lstm"] = Setting(("i", "f", "o"), (*GATES["lstm"], CHANGE), several=True)
# Settings that decide which network trains, on what, and how.
TRAINED = (keys.DATA, keys.BY, keys.VOCABULARY, keys.FOLD_CASE, keys.RARE_CHARACTERS, keys.RARE_WORDS, keys.CELL)
TRAINED += (keys.HIDDEN_SIZE, keys.LAYERS, keys.BIDIRECTIONAL, keys.BIAS, keys.INIT, keys.RADIUS, keys.FORGET_BIAS)
TRAINED += (keys.BATCH_SIZE, keys.SEED, keys.LEARNING_RATE, keys.OPTIMIZER, keys.CLIPPING, keys.CLIP_NORM)
TRAINED += (keys.CLIP_VALUE, keys.TRUNCATION, keys.TRUNCATE, keys.STATEFUL, *_task_settings())
# Of those, what a change of makes another network.
OF_LEARNING = {keys.LEARNING_RATE, keys.OPTIMIZER, keys.CLIPPING, keys.CLIP_NORM, keys.CLIP_VALUE}
OF_LEARNING |= {keys.TRUNCATION, keys.TRUNCATE, keys.STATEFUL}
OF_THE_NETWORK = frozenset(TRAINED) - OF_LEARNING
# Settings that a preset leaves alone: they are about the reader, not about the network.
READERS = (keys.PRESET, keys.TEXT, keys.UNIT, keys.NOTATION, keys.TYPED, keys.TEMPERATURE, keys.SAMPLE_EVERY)


def difficulties(task: str) -> list[str]:
    """The names of the task's settings that have a control."""
    return [name for name in ("sequence_length", *TASKS[task].difficulty) if task_setting(task, name) in SETTINGS]
