"""Beam search: the most probable continuations that can be found by keeping the best few at each step (Lowerre 1976).

Sampling asks what the network might say, greedy writing what comes next; beam search looks for the continuation that
is most probable as a whole. With a beam as wide as the number of all continuations it finds the best there is.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.analysis.scoring import log_softmax
from rnn_core.errors import InputError
from rnn_core.generation import check_symbols, check_writer
from rnn_core.inputs import check_whole
from rnn_core.model import Model
from rnn_core.trace import State

MAX_WIDTH, MAX_LENGTH = 1000, 10_000


class Beams(NamedTuple):
    """Continuations of the same length, the most probable first."""

    ids: np.ndarray  # (W, length)
    log_probs: np.ndarray  # (W,) ln p of each whole continuation


def beam_search(model: Model, prompt_ids: ArrayLike, length: int, width: int) -> Beams:
    """The best `width` continuations of prompt_ids (M,), M >= 1, from the zero state; where fewer exist, all of them.

    All have the same length, so that their probabilities can be compared as they are. Of equal ones the first in the
    order of ids come first. InputError or ConfigError say what was given and what is needed, as `generate` does.
    """
    check_writer(model)
    prompt = check_symbols(model, "prompt_ids", prompt_ids)
    length, width = check_whole("length", length, 1, MAX_LENGTH), check_whole("width", width, 1, MAX_WIDTH)
    trace = model.forward(prompt[:, None])
    ids, total = np.zeros((1, 0), np.int64), np.zeros(1)
    for step in range(length):
        candidates = total[:, None] + log_softmax(trace.logits[-1])  # (W, K)
        if not np.isfinite(candidates).all():
            raise InputError("the network's outputs are not finite: its weights are too large; train at a lower rate")
        best = largest(candidates.ravel(), width)
        parents, symbols = np.divmod(best, candidates.shape[1])
        ids, total = np.column_stack([ids[parents], symbols]), candidates.ravel()[best]
        if step + 1 < length:
            trace = model.forward(symbols[None].astype(np.int32), state=_of(trace.state, parents))
    return Beams(ids, total)


def largest(values: np.ndarray, count: int) -> np.ndarray:
    """The places of the largest values, the largest first; of equal ones the first."""
    if count < len(values):
        bound = np.partition(values, -count)[-count]
        positions = np.flatnonzero(values >= bound)
    else:
        positions = np.arange(len(values))
    return positions[np.argsort(-values[positions], kind="stable")][:count]


def _of(state: State, parents: np.ndarray) -> State:
    """The states (L, B, H) of these sequences."""
    return (state[0][:, parents], state[1][:, parents]) if isinstance(state, tuple) else state[:, parents]
