"""Names of choices on several pages, and the bounds that they share. No Streamlit here."""

from rnn_core.tasks.texts import TEXTS
from ui.i18n import LANGUAGES, N_, Translate

OWN_TEXT, DOWNLOADED = "own", "tiny_shakespeare"
LONGEST_SEQUENCE = 100  # columns of the score; the core takes more
LINKED_TEXT = 2000  # characters of an own text that a link can hold
SPEEDS = (1, 10, 100, 1000, None)  # updates per second; None: as fast as it goes
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
DEFAULT_TEXT = {"en": "river_en", "zh_CN": "seasons_zh"}
TASK_NAMES = {
    "grammar": N_("Words of a small grammar"),
    "recall": N_("Delayed recall"),
    "adding": N_("Adding problem"),
    "copy": N_("Copy memory"),
    "order": N_("Temporal order"),
    "count": N_("Counting: aⁿbⁿ"),
    "flipflop": N_("Flip-flop: hold bits"),
    "reber": N_("Embedded Reber grammar"),
    "sine": N_("Noisy sine wave"),
    "sentiment": N_("Sentiment of a sentence"),
    "sentiment_zh": N_("Sentiment in Chinese"),
    "strokes": N_("Digits as pen strokes"),
    "agreement": N_("A missing verb"),
}
STREAM_NAMES = {  # of the texts that are in no language
    "reber_stream": N_("Reber strings without breaks"),
    "xor_stream": N_("Exclusive or, bit by bit"),
    "syllables": N_("Syllables: ba, dii, guuu"),
    "unspaced": N_("Words without spaces"),
}
CELL_NAMES = {
    "rnn_tanh": N_("RNN (tanh)"),
    "rnn_relu": N_("RNN (ReLU)"),
    "rnn_sigmoid": N_("RNN (sigmoid)"),
    "rnn_identity": N_("RNN (identity)"),
    "gru": "GRU",
    "gru_reset_before": N_("GRU (reset before)"),
    "lstm": "LSTM",
    "lstm_peephole": N_("LSTM with peepholes"),
    "lstm_layer_norm": N_("LSTM with layer normalisation"),
}
OPTIMIZER_NAMES = {
    "sgd": "SGD",
    "momentum": N_("SGD with momentum"),
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "rprop": "Rprop",
}
SETTING_NAMES = {
    "sequence_length": N_("Sequence length (steps)"),
    "delay": N_("Delay (steps)"),
    "symbols": N_("Different symbols"),
    "distractors": N_("Distractor symbols"),
    "length": N_("Symbols to copy"),
    "longest": N_("Largest n"),
    "bits": N_("Bits to hold"),
    "clauses": N_("Clauses at most"),
    "attractors": N_("Nouns between subject and verb, at most"),
    "noise": N_("Noise (standard deviation)"),
    "period": N_("Period (steps)"),
}
QUANTITIES = {  # of a unit, at each symbol
    "hidden": N_("hidden state"),
    "cell": N_("cell state c"),
    "i": N_("input gate i"),
    "f": N_("forget gate f"),
    "g": N_("candidate g"),
    "o": N_("output gate o"),
    "r": N_("reset gate r"),
    "z": N_("update gate z"),
    "n": N_("candidate n"),
}
INIT_NAMES = {"uniform": N_("uniform"), "orthogonal": N_("orthogonal"), "identity": N_("identity")}


def text_names(_: Translate) -> dict[str, str]:
    """How the lists of data write each text of the app: with its language, where it is in one."""
    return {
        key: _("{title} ({language})").format(title=text.title, language=LANGUAGES[text.language])
        if text.language
        else _(STREAM_NAMES[key])
        for key, text in TEXTS.items()
    }


def gentler(learning_rate: float) -> float:
    """The learning rate of the list that lies nearest to a tenth of this one.

    >>> gentler(0.3)
    0.03
    """
    return min(RATES, key=lambda rate: abs(rate - learning_rate / 10))


def bolder(learning_rate: float) -> float:
    """The learning rate of the list that lies nearest to ten times this one.

    >>> bolder(0.001)
    0.01
    """
    return min(RATES, key=lambda rate: abs(rate - 10 * learning_rate))
