"""How probable a network finds a sequence: the chain rule, ln p(w_1 ... w_M) = sum of ln p(w_t | w_1 ... w_t-1).

The article's first use of a language model (WildML, part 1): of two sentences the more probable one is the better.
A network that writes has no symbol for “nothing yet”: the first symbol is scored after a context that is read first.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.errors import InputError
from rnn_core.generation import check_symbols, check_writer
from rnn_core.model import Model


class Score(NamedTuple):
    """Surprise and guesses at each symbol of a sequence, in nats."""

    log_probs: np.ndarray  # (M,) float64: ln p of each symbol after all before it
    ranks: np.ndarray  # (M,) how many symbols were more probable there
    entropy: np.ndarray  # (M,) of the distribution that the symbol was drawn from: the surprise to be expected
    likeliest: np.ndarray  # (M,) the id that was most probable there

    @property
    def total(self) -> float:
        """ln p of the whole sequence."""
        return float(self.log_probs.sum())

    @property
    def perplexity(self) -> float:
        """exp of the mean surprise: the number of equally likely symbols that would be as uncertain."""
        return float(np.exp(min(-self.log_probs.mean(), 700.0)))


def score(model: Model, context_ids: ArrayLike, ids: ArrayLike) -> Score:
    """The Score of ids (M,), read after context_ids (C,) from the zero state; C and M at least 1.

    InputError or ConfigError say what was given and what is needed, as `generate` does.

    >>> from rnn_core import ModelConfig
    >>> model = Model(ModelConfig("gru", 3, 4, 3, seed=1))
    >>> there, back = score(model, [0], [1, 2]), score(model, [0], [2, 1])
    >>> there.log_probs.shape, round(float(sum(np.exp(score(model, [0], [k]).total) for k in range(3))), 6)
    ((2,), 1.0)
    """
    check_writer(model)
    context, ids = check_symbols(model, "context_ids", context_ids), check_symbols(model, "ids", ids)
    read = np.concatenate([context, ids[:-1]])
    logits = model.forward(read[:, None]).logits[len(context) - 1 :, 0]
    table = log_softmax(logits)
    if not np.isfinite(table).all():
        raise InputError("the network's outputs are not finite: its weights are too large; train at a lower rate")
    own = table[np.arange(len(ids)), ids]
    return Score(
        own, (table > own[:, None]).sum(axis=1), -(np.exp(table) * table).sum(axis=1), table.argmax(axis=1)
    )  # fmt: skip


def log_softmax(logits: ArrayLike) -> np.ndarray:
    """ln softmax over the last axis, in float64; NaN where a logit is not finite.

    >>> log_softmax(np.zeros((1, 4))).round(4).tolist()
    [[-1.3863, -1.3863, -1.3863, -1.3863]]
    """
    logits = np.asarray(logits, np.float64)
    with np.errstate(invalid="ignore"):
        shifted = logits - logits.max(axis=-1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
