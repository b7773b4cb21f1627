"""BLEU against numbers worked by hand, and the examples of its paper (Papineni et al. 2002, section 2)."""

import math

import pytest

from rnn_core import InputError
from rnn_core.analysis.bleu import bleu


def words(*sentences):
    return [sentence.split() for sentence in sentences]


def test_counts_are_clipped():
    """The paper's “the the the the the the the”: two of seven, for the right sentence has two."""
    found = bleu(words("the the the the the the the"), words("the cat is on the mat"))
    assert found.precisions == (2 / 7, 0, 0, 0) and found.score == 0 and found.brevity_penalty == 1


def test_a_corpus_by_hand():
    """Counted over both sentences before they are divided; neither's own BLEU is its share of it.

    she drinks tea at home: right. he drank two cups of coffee, for “he drank a cup of coffee at home”: he, drank, of,
    coffee of 6 words; he drank, of coffee of 5 pairs; no run of three among 4, none of four among 3.
    """
    outputs = words("she drinks tea at home", "he drank two cups of coffee")
    references = words("she drinks tea at home", "he drank a cup of coffee at home")
    found = bleu(outputs, references)
    assert found.precisions == ((5 + 4) / (5 + 6), (4 + 2) / (4 + 5), 3 / (3 + 4), 2 / (2 + 3))
    assert found.brevity_penalty == pytest.approx(math.exp(1 - 13 / 11))
    assert found.score == pytest.approx(math.exp(1 - 13 / 11) * (9 / 11 * 6 / 9 * 3 / 7 * 2 / 5) ** 0.25)
    assert bleu(outputs[::-1], references[::-1]) == found


def test_right_and_wrong_ones():
    right = words("她 在 家 喝 茶", "我 很 累")
    assert bleu(right, right) == (1, (1, 1, 1, 1), 1)
    longer = bleu([right[0] + ["吗"]], [right[0]])
    assert longer.brevity_penalty == 1 and longer.precisions == (5 / 6, 4 / 5, 3 / 4, 2 / 3)
    assert bleu(words("", ""), right) == (0, (0, 0, 0, 0), 0)
    assert bleu([right[1]], [right[1]]).score == 0  # three words have no run of four
    assert bleu([right[1]], [right[1]], order=3).score == 1


def test_what_does_not_fit_is_refused():
    for outputs, references in ((words("a"), words("a", "b")), ([], [])):
        with pytest.raises(InputError, match="expected as many"):
            bleu(outputs, references)
