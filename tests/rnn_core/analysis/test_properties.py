"""Properties of a text: marks, places, symbols, counted by hand."""

import numpy as np
import pytest

from rnn_core.analysis.properties import properties
from rnn_core.tasks.texts.marked import COLUMNS, marked_text

pytestmark = pytest.mark.small


def found(text, steps=None) -> dict:
    return {each.key: each.values.astype(int).tolist() for each in properties(list(text), steps)}


def test_what_holds_when_a_symbol_has_been_read():
    text = found('a (b(c) "d") e')
    assert text["depth"] == [0, 0, 1, 1, 2, 2, 1, 1, 1, 1, 1, 0, 0, 0]
    assert text["brackets"] == [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    assert text["quotes"] == [0] * 8 + [1, 1, 0, 0, 0, 0]
    assert found("「书」好")["quotes"] == [1, 1, 0, 0]
    assert "quotes" not in found("no marks")


def test_places():
    text = found("It is.\nSo it is.")
    assert text["column"] == [1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert text["sentence"] == [1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
    assert text["in_word"] == [1, 2, 0, 1, 2, 0, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0]
    assert text["word_start"] == [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]
    assert text["capital"] == [1, 0, 0, 0, 0, 0, 0, 1] + [0] * 8
    assert text["vowel"] == [1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0]
    assert text["space"] == [0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0]
    assert text["punctuation"] == [0] * 5 + [1] + [0] * 9 + [1]


def test_nothing_reaches_from_one_sequence_into_the_next():
    text = found("aab" + "aba" + "(ab" + "bab", steps=3)
    assert text["place"] == [1, 2, 3] * 4
    assert text["count:a"] == [1, 2, 2, 1, 1, 2, 0, 1, 1, 0, 1, 1]
    assert text["was:b:1"] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
    assert text["depth"] == [0] * 6 + [1] * 3 + [0] * 3
    assert "count:a" not in found("aabaababb")


def test_symbols_some_steps_ago():
    text = found("abcabcabca")
    assert text["is:a"] == [1, 0, 0] * 3 + [1]
    assert text["was:a:1"] == [0, 1, 0] * 3 + [0]
    assert text["was:a:4"] == [0, 0, 0, 0, 1, 0, 0, 1, 0, 0]


def test_words_have_no_letters():
    kinds = {each.kind for each in properties(["boy", "see", "girl", ".", "girl", "sleep", "."])}
    assert "vowel" not in kinds and {"is", "was", "sentence"} <= kinds


def test_chinese_is_not_parted_into_words_by_its_punctuation():
    chinese = found("小河流过。山上有云，")
    assert not {"word_start", "in_word", "vowel"} & set(chinese) and chinese["punctuation"] == [0, 0, 0, 0, 1] * 2
    assert found("云 a bc")["in_word"] == [0, 0, 1, 0, 1, 2]


def test_the_marked_text_is_what_it_says():
    text = marked_text()
    lines = text.split("\n")
    assert len(text) == 60_000 and {len(line) for line in lines[:-1]} == {COLUMNS}
    assert marked_text(500) == text[:500] and marked_text(500, seed=2) != text[:500]
    held = {each.kind: each.values for each in properties(list(text[:20_000]))}
    assert 0.25 < held["quotes"].mean() < 0.5 and held["depth"].max() == 2 and held["column"].max() == COLUMNS
    assert np.mean(held["quotes"][held["depth"] > 0]) == 0  # marks do not cross
