"""Beam search for the outputs of an encoder-decoder (Graves 2012; Sutskever, Vinyals & Le 2014, section 3.2).

The beam holds the W most probable beginnings. Each is continued by every symbol, and of all those continuations as
many are kept as the beam still has room for. One that says the end is done: it leaves the beam, which becomes narrower
by one. With W = 1 the search is greedy, and with W no smaller than the number of all outputs it is exhaustive.

    score(y) = ln p(y | x) / |y|^a          |y| symbols, the end among them

Outputs have different lengths, and each further symbol can only make ln p less. So a search by ln p alone, a = 0,
prefers short outputs; with a = 1 the score is the mean of a symbol. While the search runs, all that are compared
have the same length, and a plays no part.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.analysis.scoring import log_softmax
from rnn_core.beam import MAX_LENGTH, MAX_WIDTH, largest
from rnn_core.encoder_decoder.network import EncoderDecoder, Writing
from rnn_core.inputs import check_number, check_whole

NEVER = -np.inf  # ln p of what is no beginning


class Hypothesis(NamedTuple):
    """One output that a beam search has found."""

    ids: tuple[int, ...]  # the end among them
    log_prob: float  # ln p of all of them, after the input
    ended: bool  # whether it says the end; else it was cut off

    def score(self, normalisation: float) -> float:
        """ln p divided by the length to this power."""
        return self.log_prob / len(self.ids) ** normalisation


def beam_search(
    network: EncoderDecoder, x: ArrayLike, length: int, width: int, normalisation: float = 1.0
) -> list[list[Hypothesis]]:
    """For each input the outputs that the search finds, at most `width`, those with the highest score first.

    x : (T, B) ids; without attention, (T, B, D) floats too. length : symbols at most; an output without an end is cut
    off there. normalisation : a, 0 to 2. The end is the last symbol of the output, as `PairTask` has it.
    Raises InputError and ConfigError as `EncoderDecoder.translate` does.

    >>> from rnn_core import EncoderDecoderConfig
    >>> network = EncoderDecoder(EncoderDecoderConfig("gru", 4, 8, 3, seed=1))
    >>> [found] = beam_search(network, [[1], [3]], length=5, width=3)
    >>> len(found), found[0].score(1) >= found[1].score(1) >= found[2].score(1)
    (3, True)
    """
    length, width = check_whole("length", length, 1, MAX_LENGTH), check_whole("width", width, 1, MAX_WIDTH)
    normalisation = check_number("normalisation", normalisation, 0, 2)
    end, writing = network.config.output_size - 1, network.begin(x, width)
    batch = writing.states.shape[1] // width
    ids, total = np.zeros((batch, width, 0), np.int32), np.full((batch, width), NEVER)
    total[:, 0] = 0
    found: list[list[Hypothesis]] = [[] for _ in range(batch)]
    for _step in range(length):
        network.write(writing, 1)
        log_probs = log_softmax(writing.room.single.logits[0]).reshape(batch, width, -1)
        candidates = (total[..., None] + log_probs).reshape(batch, -1)
        searched = np.flatnonzero(total[:, 0] > NEVER)
        best, total = np.zeros((batch, width), np.int64), np.full((batch, width), NEVER)
        for b in searched.tolist():
            row = candidates[b]
            kept = largest(row, width - len(found[b]))
            kept = kept[row[kept] > NEVER]
            parents, symbols = np.divmod(kept, end + 1)
            for place, parent in zip(kept[symbols == end], parents[symbols == end], strict=True):
                found[b].append(Hypothesis((*ids[b, parent].tolist(), end), float(row[place]), True))
            going = kept[symbols != end]
            best[b, : len(going)], total[b, : len(going)] = going, row[going]
        parents, symbols = np.divmod(best, end + 1)
        ids = np.concatenate([np.take_along_axis(ids, parents[..., None], axis=1), symbols[..., None]], axis=2)
        if (total == NEVER).all():
            break
        _go_on(writing, (parents + width * np.arange(batch)[:, None]).ravel(), symbols.ravel())
    for b, row in enumerate(total):
        found[b] += [Hypothesis(tuple(ids[b, n].tolist()), float(row[n]), False) for n in np.flatnonzero(row > NEVER)]
        found[b].sort(key=lambda hypothesis: -hypothesis.score(normalisation))
    return found


def _go_on(writing: Writing, rows: np.ndarray, symbols: np.ndarray) -> None:
    """Have each row go on from the states of another one and read its symbol."""
    single = writing.room.single
    for states in (single.hidden, single.cell):
        if states.size:
            states[:, 0] = states[:, 0][:, rows]
    writing.room.symbols[0] = symbols
