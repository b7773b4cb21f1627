"""Experiments to start from: settings, the condition that they are about, what to look at, and what decides.

No sentence here says what a network will do: `ui/lab/verdict.py` says what it did. What is said of the network before
its first update, and of numbers to compare, `make claims` holds over seeds and over time.
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


# The slowest of the rates in docs/pair.csv, at each of which the LSTM learns. At 0.001 one of them was back at chance
# after 18,000 updates; here three of three keep what they learned for 60,000. The plain network leaves chance at none.
# The first seed of both was trained for ten minutes at full speed: the LSTM keeps it for 636,700 updates, the plain
# network stays at chance for 1,037,700.
FAR = {
    "data": "order",
    "order_sequence_length": 100,
    "batch_size": 32,
    "learning_rate": 0.0003,
    "first_row": "gradient",
}

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
        N_("One update per second"),
        N_(
            "The row “change by training” shows what the last update did to the hidden states. Compare the first "
            "updates with later ones; choose a step to see its probabilities move."
        ),
        {"speed": 1, "hidden_size": 16, "gates_rnn_tanh": ("change",)},
    ),
    "write": Preset(
        N_("A network learns to write"),
        N_(
            "Read its texts from the oldest to the newest: after how many updates do words appear, and when whole "
            "phrases of the poem? The line “bigram model” is what counting pairs of letters reaches; “How to read the "
            "loss” says below which loss the network must use more than the last letter."
        ),
        {"data": "river_en", "cell": "gru", "hidden_size": 64},
    ),
    "by_heart": Preset(
        N_("Learning by heart"),
        N_(
            "A short text and 128 units. Compare the two losses: once the held-out loss turns and rises while the "
            "training loss keeps falling (overfitting), the network learns the text, not the language."
        ),
        {"data": "night_train_en", "cell": "lstm", "hidden_size": 128},
    ),
    "forgets": Preset(
        N_("Order, 100 steps: plain RNN"),
        N_(
            "Two of 100 steps hold an X or a Y; after the last step the network must name both, in their order. W "
            "starts as usual (uniform): before the first update the gradient norm falls by many powers of ten from "
            "the last step to the first. Whether the network learns all the same, the held-out loss decides; chance "
            "is ln 4 = 1.39."
        ),
        FAR | {"hidden_size": 55},
    ),
    "remembers": Preset(
        N_("Order, 100 steps: LSTM"),
        N_(
            "The same data, seed, learning rate and, within 1%, number of parameters as the plain network. Only the "
            "cell differs: an LSTM whose forget gates start open (bias 3). Compare two numbers: the gradient norm at "
            "the first step before training, and the update at which the held-out loss leaves chance."
        ),
        FAR | {"hidden_size": 25, "cell": "lstm", "forget_bias": 3.0, "gates_lstm": ("f", "c")},
    ),
    "orthogonal": Preset(
        N_("Order, 100 steps: W orthogonal"),
        N_(
            "The plain network again, all else equal, but W starts orthogonal: it neither shrinks nor stretches. Is "
            "it the cell that matters here, or how it starts? Compare the same two numbers. Training does not keep W "
            "orthogonal: does the network keep what it learns?"
        ),
        FAR | {"hidden_size": 55, "init": "orthogonal"},
    ),
    "explodes": Preset(
        N_("W that doubles, unclipped"),
        N_(
            "Without clipping, with ReLU and W scaled to a spectral radius of 2: before the first update the "
            "gradient norm rises towards the left. Go on update by update: if the numbers stop being finite, the "
            "page says after how many updates. Then switch clipping on, start over and compare."
        ),
        {
            "cell": "rnn_relu",
            "spectral_radius": 2.0,
            "clipping": "off",
            "optimizer": "sgd",
            "learning_rate": 1.0,
            "speed": 1,
            "first_row": "gradient",
        },
    ),
    "reber": Preset(
        N_("Embedded Reber grammar"),
        N_(
            "Hochreiter and Schmidhuber's task of 1997, with 256 strings to train on. As long as the last letter but "
            "one is a coin flip, 0.50 is the best possible loss; a network that repeats the second letter there can "
            "reach 0.44. A training loss below 0.44 means strings learned by heart: compare the held-out loss."
        ),
        {"data": "reber", "cell": "lstm", "hidden_size": 12, "gates_lstm": ("f", "c")},
    ),
    "adding": Preset(
        N_("Adding two numbers far apart"),
        N_(
            "Two of 50 numbers are marked; the answer is their sum. Always answering 1, the mean, costs a squared "
            "error of 1/6. How long does the network stay at that line? Once it is below, look for units that hold "
            "the first number until the second comes."
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
            "Which word comes next cannot be known, but which kind of word can: the best possible loss is 1.43. "
            "Compare the held-out loss with it; in the probabilities, see whether nouns and verbs take turns as "
            "groups."
        ),
        {"data": "grammar", "cell": "gru", "hidden_size": 24, "first_row": "output"},
    ),
    "flipflop": Preset(
        N_("Holding three bits"),
        N_(
            "Pulses up and down set three outputs, each of which must hold the sign of its last pulse. Once the "
            "error is near zero, the page “Memory” shows how: look for states in which the network rests, one for "
            "each of the 8 memories, and for the saddles between them."
        ),
        {"data": "flipflop", "hidden_size": 16, "batch_size": 64, "first_row": "output"},
    ),
    "both_ways": Preset(
        N_("Reading in both directions"),
        N_(
            "A bidirectional network reads the next letter before it has to guess it. Compare its loss with “bigram "
            "model”: a loss near zero here means that it copies what it has read. Such networks label texts; they "
            "cannot write them, since a writer does not know what comes next."
        ),
        {"bidirectional": True},
    ),
    "truncated": Preset(
        N_("Truncated backpropagation"),
        N_(
            "The answer lies 20 steps back, but the gradient is cut after 4: it is exactly zero at the first 16 "
            "steps. How many updates does the loss stay at chance? Then set the truncation to none, start over and "
            "compare."
        ),
        {
            "data": "recall",
            "batch_size": 32,
            "recall_delay": 20,
            "hidden_size": 24,
            "cell": "gru",
            "truncation": "windowed",
            "truncate": 4,
            "first_row": "gradient",
        },
    ),
    "marked": Preset(
        N_("Units that mean something"),
        N_(
            "Speech in quotes, asides in brackets, lines of 40 columns. Does a unit follow one of them? The page "
            "Memory searches the cell state for such units, says how well each does on text that it was not chosen "
            "on, and colours the text by it."
        ),
        {
            "data": "marked_en",
            "text_sequence_length": 80,
            "cell": "lstm",
            "hidden_size": 48,
            "gates_lstm": ("f", "c"),
        },
    ),
    "memory_text": Preset(
        N_("A text that needs memory"),
        N_(
            "Every name and every place comes twice, farther apart than the longest n-gram looks back. On the page "
            "“Language”, under “N-gram models”, compare the held-out loss with the best that counting reaches; on "
            "the page “Gradients”, see how far back the loss of a second name reaches."
        ),
        {"data": "answers_en", "text_sequence_length": 60, "cell": "lstm", "hidden_size": 48},
    ),
    "chinese": Preset(
        N_("Chinese by characters"),
        N_(
            "Some ninety different characters in a short text: chance, ln K, is higher than for letters. Look at "
            "what becomes certain first, the punctuation or the common words."
        ),
        {"data": "seasons_zh", "cell": "lstm", "hidden_size": 64},
    ),
}
