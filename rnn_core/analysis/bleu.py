"""BLEU: how much outputs share with the right ones, by runs of one to four words (Papineni et al. 2002).

    p_n  = sum over outputs of min(count in the output, count in the right one) / number of n-grams in the outputs
    BP   = 1 if c > r, else exp(1 - r / c)         c, r: words of all outputs, of all right ones
    BLEU = BP exp(mean of ln p_n over n = 1 ... N)

Counts are summed over all sentences before they are divided: it is a measure of a corpus, with one right output for
each. Nothing is smoothed: with a p_n of zero, BLEU is zero.
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from rnn_core.errors import InputError
from rnn_core.inputs import check_whole

ORDER = 4  # N of the paper


class Bleu(NamedTuple):
    """BLEU of a corpus, and what it is made of."""

    score: float  # 0 to 1
    precisions: tuple[float, ...]  # p_1 ... p_N; 0 where the outputs have no such n-gram
    brevity_penalty: float


def bleu(outputs: Sequence[Sequence[Hashable]], references: Sequence[Sequence[Hashable]], order: int = ORDER) -> Bleu:
    """The BLEU of outputs, each a sequence of words, given the right one of each. order : N.

    Raises InputError where there are not as many of both, or none at all.

    >>> found = bleu(["the cat sat on the mat".split()], ["the cat is on the mat".split()], order=2)
    >>> [round(p, 4) for p in found.precisions], found.brevity_penalty, round(found.score, 4)
    ([0.8333, 0.6], 1.0, 0.7071)
    """
    order = check_whole("order", order, 1, 100)
    if len(outputs) != len(references) or not len(outputs):
        given = f"{len(outputs)} outputs, {len(references)} references"
        raise InputError(f"there are {given}; expected as many, at least 1")
    shared, total = [0] * order, [0] * order
    for output, reference in zip(outputs, references, strict=True):
        for n in range(order):
            own, right = ngrams(output, n + 1), ngrams(reference, n + 1)
            shared[n] += (own & right).total()
            total[n] += own.total()
    precisions = tuple(hits / count if count else 0.0 for hits, count in zip(shared, total, strict=True))
    written, wanted = sum(map(len, outputs)), sum(map(len, references))
    if not written:
        return Bleu(0.0, precisions, 0.0)
    penalty = math.exp(min(0.0, 1 - wanted / written))
    mean = math.exp(sum(map(math.log, precisions)) / order) if all(precisions) else 0.0
    return Bleu(penalty * mean, precisions, penalty)


def ngrams(words: Sequence[Hashable], n: int) -> "Counter[tuple[Hashable, ...]]":
    """How often each run of n words occurs.

    >>> ngrams("abab", 2)[("a", "b")]
    2
    """
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))
