"""Tasks of pairs: shapes, purity, split, and their outputs against another way to say them."""

import numpy as np
import pytest

from rnn_core import ConfigError, InputError
from rnn_core.tasks.pairs import PAIRS, ChineseNumeralsTask, DatesTask, NumeralsTask, ReverseTask
from rnn_core.tasks.pairs.numerals import chinese, english

SMALL = {"numerals": {"digits": 4}, "numerals_zh": {"digits": 5}, "dates": {}, "reverse": {"longest": 7},
         "translation": {}, "translation_zh": {}}  # fmt: skip


def make(name, **changes):
    return PAIRS[name](**SMALL[name] | {"batch_size": 3} | changes)


@pytest.mark.parametrize("name", PAIRS)
def test_arrays_and_purity(name):
    task = make(name)
    block = task.block(1, seed=4)
    n, lengths = task.block_size, (task.input_length, task.output_length)
    assert block.x.shape == (n, lengths[0], 3) and block.targets.shape == block.mask.shape == (n, lengths[1], 3)
    assert block.x.dtype == block.targets.dtype == np.int32 and block.mask.dtype == np.float32
    assert block.x.min() >= 0 and block.x.max() < task.input_size == len(task.symbols)
    assert block.targets.min() >= 0 and block.targets.max() < task.output_size == len(task.letters)
    assert all(np.array_equal(a, b) for a, b in zip(block, make(name).block(1, seed=4), strict=True))
    for other in (task.block(2, 4), task.block(1, 5), make(name, seed=1).block(1, 4)):
        assert not np.array_equal(block.x, other.x)
    assert task.held_out() is task.held_out() and task.held_out().x.shape == (lengths[0], 256)


@pytest.mark.parametrize("name", PAIRS)
def test_outputs_are_the_answers_and_held_out_inputs_are_new(name):
    task = make(name)
    held_out, trained = task.held_out(), set()
    for b in range(256):
        text = task.written(held_out.x[:, b])
        assert task.decode(held_out.targets[:, b]) == task.answer(text), text
        assert np.array_equal(task.encode(text)[:, 0], held_out.x[:, b])
        end = len(task.letters_of(task.answer(text)))
        assert held_out.mask[:, b].tolist() == [1.0] * (end + 1) + [0.0] * (task.output_length - end - 1)
    x = task.block(0, 0).x
    trained = {x[u, :, b].tobytes() for u in range(len(x)) for b in range(3)}
    assert not trained & {held_out.x[:, b].tobytes() for b in range(256)}
    assert task.matches(held_out.targets, held_out).all()
    wrong = held_out.targets.copy()
    wrong[0] = (wrong[0] + 1) % task.output_size
    assert not task.matches(wrong, held_out).any()
    behind = np.where(held_out.mask > 0, held_out.targets, 0)
    assert task.matches(behind, held_out).all()
    assert np.array_equal(task.length(held_out.x), [len(task.symbols_of(task.written(c))) for c in held_out.x.T])


def test_english_numbers_by_hand():
    assert " ".join(english(999_999)) == "nine hundred ninety nine thousand nine hundred ninety nine"
    assert [" ".join(english(n)) for n in (0, 13, 20, 100, 1000, 110_001)] == [
        "zero", "thirteen", "twenty", "one hundred", "one thousand", "one hundred ten thousand one"]  # fmt: skip
    assert len({tuple(english(n)) for n in range(20_000)}) == 20_000


def test_chinese_numbers_by_hand():
    said = {0: "零", 10: "十", 15: "十五", 20: "二十", 101: "一百零一", 110: "一百一十", 1001: "一千零一",
            1010: "一千零一十", 10_000: "一万", 10_001: "一万零一", 10_100: "一万零一百", 12_345: "一万二千三百四十五",
            100_000: "十万", 20_500_007: "二千零五十万零七"}  # fmt: skip
    assert {number: "".join(chinese(number)) for number in said} == said
    assert len({tuple(chinese(n)) for n in range(30_000)}) == 30_000


@pytest.mark.parametrize(("task", "text", "answer"), [
    (NumeralsTask(), "seven hundred thousand", "700000"), (NumeralsTask(digits=2), "one hundred", None),
    (NumeralsTask(), "hundred", None), (NumeralsTask(), "two thousand thousand", None),
    (ChineseNumeralsTask(), "一万零五", "10005"), (ChineseNumeralsTask(), "一万五", None),
    (NumeralsTask(), "Two hundred and forty-two", "242"), (ChineseNumeralsTask(), "两千〇三", "2003"),
    (DatesTask(), "1 may 1900", "1900-05-01"), (DatesTask(), "30 may 1950", None), (DatesTask(), "1 mai 1950", None),
    (ReverseTask(), "ab", "ba"),
])  # fmt: skip
def test_answers(task, text, answer):
    assert task.answer(text) == answer


@pytest.mark.parametrize("text", ["", "abz", "abcdefghabcdefgh"])
def test_inputs_that_cannot_be_read(text):
    with pytest.raises(InputError, match="symbols"):
        ReverseTask().encode(text)


def test_numbers_out_of_range():
    with pytest.raises(ConfigError, match="longest is 99"):
        ReverseTask(longest=99)
