"""Numbers in words into digits: "four hundred seven" → 407, 四百零七 → 407."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, setting
from rnn_core.tasks.pairs.base import BLANK, END, PairTask, table

ONES = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
CHINESE_DIGITS = "零一二三四五六七八九"
CHINESE_PLACES = ("", "十", "百", "千")


def english(number: int) -> list[str]:
    """The words of a number from 0 to 999,999.

    >>> " ".join(english(40_517)), english(0)
    ('forty thousand five hundred seventeen', ['zero'])
    """
    if number >= 1000:
        return [*english(number // 1000), "thousand", *(english(number % 1000) if number % 1000 else [])]
    if not number:
        return ["zero"]
    hundreds, rest = divmod(number, 100)
    words = [ONES[hundreds], "hundred"] if hundreds else []
    return words + [word for word in ((ONES[rest],) if rest < 20 else (TENS[rest // 10], ONES[rest % 10])) if word]


def chinese(number: int, follows: bool = False) -> list[str]:
    """The characters of a number from 0 to 99,999,999. follows : it stands after a 万.

    >>> "".join(chinese(40_517)), "".join(chinese(12)), "".join(chinese(1_0010)), "".join(chinese(2003))
    ('四万零五百一十七', '十二', '一万零一十', '二千零三')
    """
    if number >= 10_000:
        return [*chinese(number // 10_000), "万", *(chinese(number % 10_000, True) if number % 10_000 else [])]
    if not number:
        return [CHINESE_DIGITS[0]]
    spoken: list[str] = []
    gap = follows and number < 1000
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if not digit:
            gap = gap or bool(spoken)
            continue
        spoken += [CHINESE_DIGITS[0]] if gap else []
        first_ten = place == 1 and digit == 1 and not spoken and not follows
        spoken += ([] if first_ten else [CHINESE_DIGITS[digit]]) + ([CHINESE_PLACES[place]] if place else [])
        gap = False
    return spoken


@dataclass(frozen=True, kw_only=True)
class NumeralsTask(PairTask):
    """English words of numbers below 10^digits, and their digits; longer numbers come more often.

    >>> task = NumeralsTask()
    >>> task.answer("forty two"), task.answer("two forty"), task.written(task.encode("Nine hundred")[:, 0])
    ('42', None, 'nine hundred')
    """

    name: ClassVar[str] = "numerals"
    difficulty: ClassVar[tuple[str, ...]] = ("digits",)
    separator: ClassVar[str] = " "
    letters: ClassVar[tuple[str, ...]] = (*"0123456789", END)
    words: ClassVar[tuple[str, ...]] = ("zero", *ONES[1:], *TENS[2:], "hundred", "thousand")
    group: ClassVar[int] = 1000  # size of the groups in which numbers are spoken
    divider: ClassVar[str] = "thousand"

    digits: int = setting(6, 1, 6)
    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    say = staticmethod(lambda number, follows: english(number))

    def symbols_of(self, text: str) -> list[str]:
        """The words, without "and", commas and hyphens."""
        return [word for word in text.lower().replace("-", " ").replace(",", " ").split() if word != "and"]

    @property
    def symbols(self) -> tuple[str, ...]:
        return (BLANK, *self.words)

    @cached_property
    def _tables(self) -> tuple[np.ndarray, np.ndarray]:
        """The words of each number below `group`, alone and behind the divider, where 0 is silent."""
        place = {word: i for i, word in enumerate(self.symbols)}
        numbers = range(min(self.group, 10**self.digits))
        alone = table([place[word] for word in self.say(number, False)] for number in numbers)
        return alone, table([place[word] for word in self.say(number, True)] if number else [] for number in numbers)

    @property
    def input_length(self) -> int:
        alone, behind = self._tables
        return alone.shape[1] + (1 + behind.shape[1] if 10**self.digits > self.group else 0)

    @property
    def output_length(self) -> int:
        return self.digits + 1

    def answer(self, text: str) -> str | None:
        words, total = self.symbols_of(text), 0
        part: list[str] = []
        for word in words:
            if word == self.divider:
                high, part = self._value(part), []
                if not high:
                    return None
                total = high * self.group
            else:
                part.append(word)
        value = total + (self._value(part) or 0)
        spoken = self.say(value, False) if value < self.group else self._long(value)
        return str(value) if spoken == words and value < 10**self.digits else None

    def _long(self, value: int) -> list[str]:
        high, low = divmod(value, self.group)
        return [*self.say(high, False), self.divider, *(self.say(low, True) if low else [])]

    @cached_property
    def _values(self) -> dict[tuple[str, ...], int]:
        numbers = range(self.group)
        return {tuple(self.say(number, behind)): number for behind in (True, False) for number in numbers}

    def _value(self, words: Iterable[str]) -> int | None:
        return self._values.get(tuple(words))

    def draw(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        sizes = np.arange(1, self.digits + 1)
        size = rng.choice(sizes, count, p=sizes / sizes.sum())
        low = np.where(size == 1, 0, 10 ** (size - 1))
        numbers = rng.integers(low, 10**size)
        alone, behind = self._tables
        high, rest = np.divmod(numbers, self.group)
        x = alone[rest] if 10**self.digits <= self.group else np.full((count, self.input_length), -1, np.int32)
        if 10**self.digits > self.group:
            width = alone.shape[1]
            x[:, :width] = alone[np.where(high > 0, high, rest)]
            x[:, width] = np.where(high > 0, self.symbols.index(self.divider), -1)
            x[:, width + 1 :] = np.where((high > 0)[:, None], behind[rest], -1)
        positions = size[:, None] - 1 - np.arange(self.output_length)
        return x, np.where(positions >= 0, numbers[:, None] // 10 ** np.maximum(positions, 0) % 10, -1)


@dataclass(frozen=True, kw_only=True)
class ChineseNumeralsTask(NumeralsTask):
    """The same in Chinese characters, up to 10^8.

    >>> ChineseNumeralsTask().answer("三百零五"), ChineseNumeralsTask().answer("三零五")
    ('305', None)
    """

    name: ClassVar[str] = "numerals_zh"
    separator: ClassVar[str] = ""
    words: ClassVar[tuple[str, ...]] = (*CHINESE_DIGITS, *CHINESE_PLACES[1:], "万")
    group: ClassVar[int] = 10_000
    divider: ClassVar[str] = "万"
    say = staticmethod(chinese)

    def symbols_of(self, text: str) -> list[str]:
        """The characters; 两 and 〇 as 二 and 零."""
        return list("".join(text.split()).replace("两", "二").replace("〇", "零"))

    digits: int = setting(6, 1, 8)
