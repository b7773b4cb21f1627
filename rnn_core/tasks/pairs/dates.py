"""Dates as people write them into the form of ISO 8601: "3 march 2021", "mar 3, 2021" → 2021-03-03."""

import re
import string
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, setting
from rnn_core.tasks.pairs.base import BLANK, END, PairTask, table

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
SYMBOLS = (BLANK, " ", ",", *string.digits, *sorted({letter for month in MONTHS for letter in month}))
LETTERS = (*string.digits, "-", END)
FIRST_YEAR, LAST_YEAR, DAYS = 1900, 2099, 28


@dataclass(frozen=True, kw_only=True)
class DatesTask(PairTask):
    """Dates from 1900 to 2099, days 1 to 28, in four forms, read letter by letter.

    >>> task = DatesTask()
    >>> task.answer("3 march 2021"), task.answer("Dec 24, 1999"), task.answer("the third")
    ('2021-03-03', '1999-12-24', None)
    """

    name: ClassVar[str] = "dates"
    symbols: ClassVar[tuple[str, ...]] = SYMBOLS
    letters: ClassVar[tuple[str, ...]] = LETTERS
    input_length: ClassVar[int] = len("september 28, 2021")
    output_length: ClassVar[int] = len("2021-09-28") + 1

    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    def answer(self, text: str) -> str | None:
        text = text.strip().lower()
        found = re.fullmatch(r"(\d{1,2}) ([a-z]+) (\d{4})", text)
        day, month, year = found.groups() if found else ("", "", "")
        found = re.fullmatch(r"([a-z]+) (\d{1,2}), (\d{4})", text)
        if found:
            month, day, year = found.groups()
        number = next((i for i, name in enumerate(MONTHS, 1) if month in (name, name[:3])), 0)
        if not number or not 1 <= int(day) <= DAYS or not FIRST_YEAR <= int(year) <= LAST_YEAR:
            return None
        return f"{year}-{number:02}-{int(day):02}"

    @cached_property
    def _tables(self) -> dict[str, np.ndarray]:
        place = {symbol: i for i, symbol in enumerate(SYMBOLS)}
        texts = {
            "day": [str(day) for day in range(1, DAYS + 1)],
            "month": [*MONTHS, *(month[:3] for month in MONTHS)],
            "year": [str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)],
            "gap": [" "],
            "comma": [", "],
        }
        return {name: table([place[letter] for letter in text] for text in rows) for name, rows in texts.items()}

    def draw(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        day, month = rng.integers(DAYS, size=count), rng.integers(len(MONTHS), size=count)
        year, short = rng.integers(LAST_YEAR - FIRST_YEAR + 1, size=count), rng.random(count) < 0.5
        tables, none = self._tables, np.zeros(count, int)
        words = {"day": tables["day"][day], "month": tables["month"][month + len(MONTHS) * short],
                "year": tables["year"][year], "gap": tables["gap"][none], "comma": tables["comma"][none]}  # fmt: skip
        first = np.concatenate([words[name] for name in ("day", "gap", "month", "gap", "year")], axis=1)
        second = np.concatenate([words[name] for name in ("month", "gap", "day", "comma", "year")], axis=1)
        x = np.full((count, second.shape[1]), -1, np.int32)
        day_first = rng.random(count) < 0.5
        x[day_first] = second[day_first]
        x[~day_first, : first.shape[1]] = first[~day_first]
        dash = LETTERS.index("-")
        years, months, days = year + FIRST_YEAR, month + 1, day + 1
        date = [*_digits(years, 4), none + dash, *_digits(months, 2), none + dash, *_digits(days, 2), none - 1]
        return x, np.stack(date, axis=1)


def _digits(numbers: np.ndarray, count: int) -> list[np.ndarray]:
    """The last `count` decimal digits of numbers, the highest first."""
    return [numbers // 10**place % 10 for place in reversed(range(count))]
