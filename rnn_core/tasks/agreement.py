"""Fill in the missing verb: its number stands before the gap, its tense after it, so that a network which reads in
both directions knows, and one that reads forwards cannot.

Agreement across nouns of the other number is the test of Linzen, Dupoux & Goldberg (2016), "Assessing the ability of
LSTMs to learn syntax-sensitive dependencies".
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnn_core.errors import InputError
from rnn_core.tasks.base import SEEDS, SEQUENCES, Batch, GeneratedTask, Split, setting
from rnn_core.tasks.splitting import held_out_rows

VERBS = ("am", "is", "are", "was", "were", "will", "has", "have")
GAP, BLANK = "_", "·"
PRONOUNS = ("i", "she", "he", "it", "you", "we", "they")
NOUNS = ["key", "letter", "dog", "child", "guest", "neighbour", "flower", "bird", "teacher", "boat"]
MANY = ["keys", "letters", "dogs", "children", "guests", "neighbours", "flowers", "birds", "teachers", "boats"]
PLACES = ["near", "behind", "beside", "with"]
QUALITIES = ["quiet", "old", "happy", "busy", "lost", "ready", "late", "famous"]
# What stands after the gap, and the verb that it asks for with "i", with one, with many.
TENSES = (
    (("", ("today", "now")), ("am", "is", "are")),
    (("", ("yesterday", "then")), ("was", "was", "were")),
    (("be", ("tomorrow", "soon")), ("will", "will", "will")),
    (("been", ("lately", "before")), ("have", "has", "have")),
)
FIRST, ONE, SEVERAL = range(3)


@dataclass(frozen=True, kw_only=True)
class AgreementTask(GeneratedTask):
    """A sentence with its verb replaced by "_", blanks behind it; at the gap the verb must be the output.

    "the key beside the letters _ old yesterday" wants "was". The network has an output at every step, but only the
    one at the gap counts (the mask). attractors : nouns between the subject and the gap, at most, of either number.
    T = 9 + 3 · attractors. batch_size : B. seed : of the data. A sentence is trained on or held out, never both.
    Chance is ln 8; best is 0, for a network that reads in both directions: the four tenses are equally likely, so one
    that reads forwards pays ln 4 and is right in a quarter of the sentences.

    >>> task = AgreementTask()
    >>> x = task.read("the keys beside the letter _ lost now")[0][:, 0]
    >>> [task.vocabulary[i] for i in x[-4:]], task.output_size
    (['letter', '_', 'lost', 'now'], 8)
    """

    name: ClassVar[str] = "agreement"
    difficulty: ClassVar[tuple[str, ...]] = ("attractors",)
    output_size: ClassVar[int] = len(VERBS)
    vocabulary: ClassVar[tuple[str, ...]] = (
        *VERBS, GAP, BLANK, *PRONOUNS, "the", *NOUNS, *MANY, *PLACES, "be", "been", *QUALITIES,
        *(word for (_aux, times), _verbs in TENSES for word in times),
    )  # fmt: skip
    input_size: ClassVar[int] = len(vocabulary)
    best: ClassVar[float | None] = 0.0

    attractors: int = setting(1, 0, 10)
    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @property
    def sequence_length(self) -> int:
        return 9 + 3 * self.attractors

    @cached_property
    def _id_of(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.vocabulary)}

    def read(self, text: str) -> tuple[np.ndarray, list[str]]:
        """(ids (T, 1), the words left out) of a text, a sentence with one "_" as a person types it; InputError
        without."""
        words = text.lower().replace(GAP, f" {GAP} ").replace(".", " ").split()
        if words.count(GAP) != 1:
            raise InputError(f"the sentence has {words.count(GAP)} gaps; expected one {GAP!r} in the place of the verb")
        known = [self._id_of[word] for word in words if word in self._id_of]
        return np.array(known, np.int32)[:, None], [word for word in words if word not in self._id_of]

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        x, verbs = held_out_rows(lambda n: self._sentences(rng, n), count, split)
        gaps = x == self._id_of[GAP]
        targets = np.where(gaps, verbs[:, None], 0).astype(np.int32)
        arrays = x, targets, gaps.astype(np.float32)
        return Batch(*(np.ascontiguousarray(array.T) for array in arrays))

    def _sentences(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """ids (count, T), blanks last, and the verb of each."""
        ids = {name: np.array([self._id_of[word] for word in words])
               for name, words in {"pronoun": PRONOUNS, "one": NOUNS, "many": MANY, "place": PLACES,
                                   "quality": QUALITIES}.items()}  # fmt: skip

        def pick(name: str) -> np.ndarray:
            return ids[name][rng.integers(len(ids[name]), size=count)]

        def noun(many: np.ndarray) -> np.ndarray:
            return np.where(many, pick("many"), pick("one"))

        def only_where(there: np.ndarray, *columns: np.ndarray) -> list[np.ndarray]:
            return [np.where(there, column, -1) for column in columns]

        the, many = np.full(count, self._id_of["the"]), rng.random(count) < 0.5
        pronoun, by_pronoun = pick("pronoun"), rng.random(count) < 0.25
        columns = [np.where(by_pronoun, -1, the), np.where(by_pronoun, pronoun, noun(many))]
        between = rng.integers(0, self.attractors + 1, count)
        for number in range(self.attractors):
            columns += only_where((between > number) & ~by_pronoun, pick("place"), the, noun(rng.random(count) < 0.5))
        columns.append(np.full(count, self._id_of[GAP]))
        tense = rng.integers(len(TENSES), size=count)
        helper = np.array([self._id_of.get(aux, -1) for (aux, _times), _verbs in TENSES])
        times = np.array([[self._id_of[word] for word in times] for (_aux, times), _verbs in TENSES])
        columns += [helper[tense], pick("quality")]
        columns += only_where(rng.random(count) < 0.5, pick("place"), the, noun(rng.random(count) < 0.5))
        columns.append(times[tense, rng.integers(2, size=count)])
        of_pronoun = np.where(
            pronoun == self._id_of["i"],
            FIRST,
            np.where(np.isin(pronoun, [self._id_of[w] for w in ("she", "he", "it")]), ONE, SEVERAL),
        )
        person = np.where(by_pronoun, of_pronoun, np.where(many, SEVERAL, ONE))  # fmt: skip
        verbs = np.array([[self._id_of[verb] for verb in row] for _after, row in TENSES])[tense, person]
        x = np.stack(columns, axis=1)
        x = np.take_along_axis(x, np.argsort(x < 0, axis=1, kind="stable"), axis=1)  # holes to the end
        return np.where(x < 0, self._id_of[BLANK], x).astype(np.int32), verbs
