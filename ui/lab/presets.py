"""Experiments to start from: settings that show one thing within half a minute, and a sentence on what to look for.

`tests/test_presets.py` holds that each does show it.
"""

from dataclasses import dataclass
from typing import Any

from ui.i18n import N_


@dataclass(frozen=True)
class Preset:
    """The values of the Lab's settings that are not their defaults, a title, and what to look for."""

    title: str
    look_for: str
    values: dict[str, Any]


RECALL = {"data": "recall", "recall_delay": 50, "hidden_size": 24, "batch_size": 32}

PRESETS = {
    "article": Preset(
        N_("The article's network"),
        N_(
            "No biases, as in the formula. Follow one row of the hidden state: it is a number that every step "
            "computes from the symbol and from all 32 numbers of the step before."
        ),
        {"bias": False, "speed": 10},
    ),
    "slow": Preset(
        N_("Slow motion: one update per second"),
        N_(
            "The row “change by training” shows what the last update did to the hidden states. Early on the "
            "changes are large and everywhere; choose a step to see its probabilities move."
        ),
        {"speed": 1, "hidden_size": 16, "gates_rnn_tanh": ("change",)},
    ),
    "write": Preset(
        N_("A network learns to write"),
        N_(
            "Read its texts from the bottom up: noise, then plausible letters, then words, then whole phrases of "
            "the poem. Held-out loss below “bigram model” means that it remembers more than one letter."
        ),
        {"data": "river_en", "cell": "gru", "hidden_size": 64},
    ),
    "by_heart": Preset(
        N_("Learning by heart"),
        N_(
            "The text is short and the network large. Training loss keeps falling while the held-out loss turns "
            "and rises (overfitting): it learns the text, not the language."
        ),
        {"data": "night_train_en", "cell": "lstm", "hidden_size": 128},
    ),
    "forgets": Preset(
        N_("A plain network forgets"),
        N_(
            "The first symbol must be named 50 steps later. The gradient norm falls towards the left by many powers of "
            "ten, so the first step learns nothing, and the loss stays at chance, ln 8 = 2.08."
        ),
        RECALL | {"learning_rate": 0.003},
    ),
    "remembers": Preset(
        N_("An LSTM remembers"),
        N_(
            "The same task. With a forget-gate bias of 5 the cell keeps what it holds: the gradient reaches the first "
            "step, and the loss drops to zero."
        ),
        RECALL | {"cell": "lstm", "forget_bias": 5.0, "gates_lstm": ("f", "c"), "seed": 1},
    ),
    "orthogonal": Preset(
        N_("It was not the cell, it was the start"),
        N_(
            "The plain network again, but W starts orthogonal: it neither shrinks nor stretches. The gradient arrives, "
            "and the task that it could not learn becomes learnable."
        ),
        RECALL | {"init": "orthogonal", "learning_rate": 0.003, "seed": 2},
    ),
    "explodes": Preset(
        N_("Gradients explode"),
        N_(
            "ReLU and a W that doubles what it gets, without clipping. The gradient norm rises towards the left by "
            "powers of ten; the first updates throw the network off. Start over with clipping and it trains."
        ),
        {
            "cell": "rnn_relu",
            "spectral_radius": 2.0,
            "clipping": "off",
            "optimizer": "sgd",
            "learning_rate": 0.1,
            "speed": 1,
        },
    ),
    "reber": Preset(
        N_("The embedded Reber grammar"),
        N_(
            "Hochreiter and Schmidhuber's task of 1997. The training loss slows down near 0.50, where the last "
            "letter but one is a coin flip, then falls to 0.44: the network has found that this letter repeats "
            "the second one."
        ),
        {"data": "reber", "cell": "lstm", "hidden_size": 12, "gates_lstm": ("f", "c")},
    ),
    "adding": Preset(
        N_("Adding two numbers far apart"),
        N_(
            "Two of 50 numbers are marked; the answer is their sum. For a while the network answers 1, the mean, "
            "with a squared error of 1/6; then it finds the rule. Watch units that hold the first number until "
            "the second comes."
        ),
        {
            "data": "adding",
            "adding_sequence_length": 50,
            "cell": "gru",
            "batch_size": 32,
        },
    ),
    "grammar": Preset(
        N_("Elman's little grammar"),
        N_(
            "Which word comes next cannot be known, but which kind of word can. The loss falls to the best possible "
            "1.43; in the probabilities, nouns and verbs take turns as groups."
        ),
        {"data": "grammar", "cell": "gru", "hidden_size": 24},
    ),
    "flipflop": Preset(
        N_("Holding three bits"),
        N_(
            "Pulses up and down set three outputs, each of which must hold the sign of its last pulse. Within "
            "seconds the error is near zero. The page “Memory” shows how: eight states in which the network rests, "
            "the corners of a cube, and the saddles between them, 27 in all."
        ),
        {"data": "flipflop", "hidden_size": 16, "batch_size": 64},
    ),
    "both_ways": Preset(
        N_("Reading in both directions"),
        N_(
            "A bidirectional network reads the next letter before it has to guess it, so the training loss goes to "
            "zero. That is why such networks label texts and do not write them."
        ),
        {"bidirectional": True},
    ),
    "truncated": Preset(
        N_("Truncated backpropagation"),
        N_(
            "The answer lies 20 steps back, but the gradient is cut after 4: the loss stays at chance. Set the "
            "truncation to none while it trains, and the same network learns."
        ),
        RECALL | {"recall_delay": 20, "cell": "gru", "truncation": "windowed", "truncate": 4},
    ),
    "marked": Preset(
        N_("Units that mean something"),
        N_(
            "Speech in quotes, asides in brackets, lines of 40 columns. Within half a minute some units are "
            "active inside quotes or brackets, and one counts the columns of the line: the page Memory finds "
            "them and colours the text by them."
        ),
        {
            "data": "marked_en",
            "text_sequence_length": 80,
            "cell": "lstm",
            "hidden_size": 48,
            "gates_lstm": ("f", "c"),
        },
    ),
    "chinese": Preset(
        N_("Chinese, character by character"),
        N_(
            "Some ninety different characters in a short text: chance is far higher than for letters. Look at what "
            "becomes certain first, the punctuation or the common words."
        ),
        {"data": "seasons_zh", "cell": "lstm", "hidden_size": 64},
    ),
}
