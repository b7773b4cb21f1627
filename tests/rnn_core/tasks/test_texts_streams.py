"""Streams of symbols made for published results: each is what its paper describes, symbol by symbol."""

import re
from itertools import pairwise

import numpy as np
import pytest

from rnn_core.tasks import TEXTS
from rnn_core.tasks.reber import LEGAL, NEXT_STATE, SYMBOLS
from rnn_core.tasks.texts import streams

pytestmark = pytest.mark.small


def test_the_reber_stream_is_whole_strings_of_the_grammar():
    strings = re.findall("B[TP]B.*?E[TP]E", streams.reber_stream(5000))
    assert len("".join(strings)) > 4900
    for string in strings:
        state = 0
        for symbol in string:
            assert LEGAL[state, SYMBOLS.index(symbol)]
            state = NEXT_STATE[state, SYMBOLS.index(symbol)]
        assert string[1] == string[-2] and not LEGAL[state].any()


def test_every_third_bit_is_the_exclusive_or():
    bits = np.array(list(map(int, streams.xor_stream(6000)))).reshape(-1, 3)
    assert (bits[:, 2] == bits[:, 0] ^ bits[:, 1]).all() and abs(bits[:, :2].mean() - 0.5) < 0.02


def test_syllables_and_words_are_the_papers():
    assert set(re.findall("[bdg][aiu]+", streams.syllables(3000))) == {"ba", "dii", "guuu"}
    text, starts = streams.unspaced(3000), streams.word_starts(3000)
    places = [*np.flatnonzero(starts), 3000]
    words = [text[begin:end] for begin, end in pairwise(places)]
    assert set(words[:-1]) == set(streams.WORDS)


@pytest.mark.parametrize("name", ["reber_stream", "xor_stream", "syllables", "unspaced"])
def test_a_stream_is_the_same_each_time(name):
    make = getattr(streams, name)
    assert make(600) == make(600) != make(600, seed=2) and TEXTS[name].text == make()
