"""Sentiment: is a short review good or bad? Read word by word, answered once, from the last state (many to one).

The sentences come from a small grammar with negation and contrast (`sentences.py`), so that counting words is not
enough: "the room was dirty but the staff was lovely" and "the staff was lovely but the room was dirty" have the same
words and opposite verdicts.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnn_core.errors import InputError
from rnn_core.tasks.base import SEEDS, SEQUENCES, Batch, GeneratedTask, Output, Split, setting
from rnn_core.tasks.sentences import GRAMMARS, Clause, Grammar
from rnn_core.tasks.splitting import held_out_rows

VERDICTS = ("−", "+")  # the output ids 0 and 1
BLANK = "·"
ALSO, BUT, ALTHOUGH, OPENING = range(4)  # how a clause is joined to the one before


@dataclass(frozen=True, kw_only=True)
class SentimentTask(GeneratedTask):
    """English sentences of 1 to `clauses` clauses; the target is 1 where the verdict is good.

    The sentence stands at the end of the sequence, blanks "·" before it. Joined by "and" the clauses agree; after
    "but" the new clause counts, with "although" the other one. No sentence is longer than T. batch_size : B.
    seed : of the data. A sentence is trained on or held out, never both: a hash of it decides. Chance is ln 2, best 0.

    >>> task = SentimentTask(clauses=1)
    >>> task.output, task.vocabulary[:3], task.read("the food was not good")[0][:, 0].tolist() == task.encode(
    ...     "The food wasn't good.").tolist()
    ('last', ('−', '+', '·'), True)
    """

    name: ClassVar[str] = "sentiment"
    output: ClassVar[Output] = "last"
    difficulty: ClassVar[tuple[str, ...]] = ("clauses",)
    output_size: ClassVar[int] = 2
    best: ClassVar[float | None] = 0.0
    language: ClassVar[str] = "en"

    clauses: int = setting(2, 1, 6)
    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @property
    def grammar(self) -> Grammar:
        """The words of the task's language."""
        return GRAMMARS[self.language]

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        words = [word for phrase in _phrases(self.grammar) for word in self.grammar.symbols(phrase)]
        return (*VERDICTS, BLANK, *dict.fromkeys(words))

    @property
    def input_size(self) -> int:
        return len(self.vocabulary)

    @cached_property
    def _id_of(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.vocabulary) if number > len(VERDICTS)}

    @cached_property
    def _slots(self) -> "_Slots":
        return _Slots(self.grammar, self._id_of)

    @property
    def sequence_length(self) -> int:
        slots = self._slots
        return slots.opening.shape[1] + self.clauses * slots.clause_width + (self.clauses - 1) * slots.joiner_width

    def encode(self, text: str) -> np.ndarray:
        """The ids (T,) of the words of a text, one sentence; words that the task does not know are left out."""
        known = [self._id_of[symbol] for symbol in self.grammar.symbols(text) if symbol in self._id_of]
        return np.array(known, np.int32)

    def read(self, text: str) -> tuple[np.ndarray, list[str]]:
        """(ids (T, 1), the words left out) of a text, a sentence that a person typed; InputError where no word is
        known."""
        ids = self.encode(text)
        if not ids.size:
            raise InputError(f"the sentence has no word of the {len(self._id_of)} that the task knows")
        return ids[:, None], [symbol for symbol in self.grammar.symbols(text) if symbol not in self._id_of]

    def written(self) -> list[tuple[str, int]]:
        """(sentence, verdict) of those written by hand, which are never trained on as such."""
        return [(sentence, int(good)) for sentence, good in self.grammar.sentences()]

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        x, verdicts = held_out_rows(lambda n: self._sentences(rng, n), count, split)
        return Batch(np.ascontiguousarray(x.T), verdicts[None].astype(np.int32), None)

    def _sentences(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """ids (count, T), blanks first, and whether each sentence is good."""
        slots = self._slots
        clauses = rng.integers(1, self.clauses + 1, count)
        joined = rng.integers(0, 4, (count, self.clauses))
        joined[:, 1:][joined[:, 1:] == OPENING] = BUT  # only a sentence can be opened, not its later clauses
        opened = (joined[:, 0] == OPENING) & (clauses > 1)
        pieces = [np.where(opened[:, None], slots.pick(rng, slots.opening, count), -1)]
        verdict = rng.integers(0, 2, count).astype(bool)
        pieces.append(slots.clause(rng, verdict))
        for number in range(1, self.clauses):
            how = np.where(opened & (number == 1), OPENING, joined[:, number])
            agrees = (how == ALSO) | ((how == BUT) & (rng.random(count) < 0.25))
            good = np.where(agrees, verdict, ~verdict)
            joiner = np.stack([slots.pick(rng, table, count) for table in slots.joiners])[how, np.arange(count)]
            there = clauses > number
            pieces.append(np.where(there[:, None], np.concatenate([joiner, slots.clause(rng, good)], axis=1), -1))
            verdict = np.where(there & (how != ALTHOUGH), good, verdict)
        x = np.concatenate(pieces, axis=1)
        x = np.take_along_axis(x, np.argsort(x >= 0, axis=1, kind="stable"), axis=1)  # holes to the front
        return np.where(x < 0, len(VERDICTS), x).astype(np.int32), verdict


@dataclass(frozen=True, kw_only=True)
class ChineseSentimentTask(SentimentTask):
    """The same in Chinese, read character by character: words are not divided there.

    clauses, batch_size, seed : as for `SentimentTask`.
    """

    name: ClassVar[str] = "sentiment_zh"
    language: ClassVar[str] = "zh_CN"


class _Slots:
    """The grammar as tables of ids: a row for each phrase, -1 where it has no word."""

    def __init__(self, grammar: Grammar, id_of: dict[str, int]) -> None:
        self._grammar, self._id_of = grammar, id_of
        self.opening = self._table(grammar.opening)
        tables = [self._table(p) for p in (grammar.also, grammar.but, grammar.although, grammar.after_opening)]
        self.joiner_width = max(table.shape[1] for table in tables)
        self.joiners = [_wide(table, self.joiner_width) for table in tables]
        self._clauses = [self._clause_tables(clause) for clause in grammar.clauses]
        self.clause_width = max(sum(tables[0].shape[1] for tables in clause[0]) for clause in self._clauses)

    @staticmethod
    def pick(rng: np.random.Generator, table: np.ndarray, count: int) -> np.ndarray:
        """(count, width) rows of the table, each as likely."""
        return table[rng.integers(len(table), size=count)]

    def clause(self, rng: np.random.Generator, good: np.ndarray) -> np.ndarray:
        """(count, clause_width) clauses that say whether it is `good` (count,)."""
        count, bodies = len(good), []
        for slots, turns in self._clauses:
            negation = rng.integers(len(turns), size=count)
            praises = good ^ turns[negation]
            parts = []
            for tables in slots:  # the word that judges: bad ones, good ones; else one table
                if len(tables) == 2:
                    bad, praise = (self.pick(rng, table, count) for table in tables)
                    parts.append(np.where(praises[:, None], praise, bad))
                elif tables[0] is slots.negation:
                    parts.append(tables[0][negation])
                else:
                    parts.append(self.pick(rng, tables[0], count))
            bodies.append(_wide(np.concatenate(parts, axis=1), self.clause_width))
        return np.stack(bodies)[rng.integers(len(bodies), size=count), np.arange(count)]

    def _clause_tables(self, clause: Clause) -> tuple["_Tables", np.ndarray]:
        negation = self._table("/".join(phrase for phrase, _turns in clause.negated))
        width = max(self._table(words).shape[1] for words in (clause.good, clause.bad))
        judging = [_wide(self._table(words), width) for words in (clause.bad, clause.good)]
        slots = _Tables(
            judging if slot == "+" else [negation] if slot == "~" else [self._table(slot)] for slot in clause.slots
        )
        slots.negation = negation
        return slots, np.array([turns for _phrase, turns in clause.negated])

    def _table(self, phrases: str) -> np.ndarray:
        rows = [[self._id_of[symbol] for symbol in self._grammar.symbols(phrase)] for phrase in phrases.split("/")]
        return np.stack([_wide(np.array([row], int), max(map(len, rows)))[0] for row in rows])


class _Tables(list[list[np.ndarray]]):
    """The slots of a clause, each one table or two; `negation` is the one of the negations."""

    negation: np.ndarray


def _wide(table: np.ndarray, width: int) -> np.ndarray:
    """The table with holes at the end of each row."""
    return np.pad(table, ((0, 0), (0, width - table.shape[1])), constant_values=-1)


def _phrases(grammar: Grammar) -> list[str]:
    """Everything that the grammar can say, phrase by phrase."""
    lists = [grammar.also, grammar.but, grammar.although, grammar.opening, grammar.after_opening]
    for clause in grammar.clauses:
        lists += [slot for slot in clause.slots if slot not in "~+"] + [clause.good, clause.bad]
        lists += [phrase for phrase, _turns in clause.negated]
    return [phrase for words in lists for phrase in words.split("/")]
