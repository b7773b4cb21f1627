"""Words of sentences from Elman's small grammar (Elman 1990, "Finding structure in time", tables 3 and 4).

We differ in one thing: Elman's stream had no punctuation; here every sentence ends with the symbol ".".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, STEPS, STREAM_NUMBER, setting
from rnn_core.tasks.stream import StreamTask

WORDS = {
    "HUM": "man woman boy girl",
    "ANIM": "cat mouse dog",
    "INANIM": "book rock car",
    "AGRESS": "dragon monster lion",
    "FRAG": "glass plate",
    "FOOD": "cookie bread sandwich",
    "INTRAN": "think sleep exist",
    "TRAN": "see chase like",
    "AGPAT": "move break",
    "PERCEPT": "smell see",
    "DESTROY": "break smash",
    "EAT": "eat",
}
CLASSES = {name: tuple(words.split()) for name, words in WORDS.items()}
TEMPLATES = tuple(
    tuple(line.split())
    for line in (
        "HUM EAT FOOD",
        "HUM PERCEPT INANIM",
        "HUM DESTROY FRAG",
        "HUM INTRAN",
        "HUM TRAN HUM",
        "HUM AGPAT INANIM",
        "HUM AGPAT",
        "ANIM EAT FOOD",
        "ANIM TRAN ANIM",
        "ANIM AGPAT INANIM",
        "ANIM AGPAT",
        "INANIM AGPAT",
        "AGRESS DESTROY FRAG",
        "AGRESS EAT HUM",
        "AGRESS EAT ANIM",
        "AGRESS EAT FOOD",
    )
)
# The classes that tell one word from others: “see” counts with TRAN, and each of the rest shares its words or has one.
GROUPS = {name: CLASSES[name] for name in ("HUM", "ANIM", "INANIM", "AGRESS", "FRAG", "FOOD", "INTRAN", "TRAN")}
END = "."
VOCABULARY = (END, *dict.fromkeys(word for words in CLASSES.values() for word in words))  # by word class


def sentence_probabilities() -> dict[tuple[str, ...], float]:
    """The probability of every sentence, its "." included: a fair template, then a fair word of each class.

    A sentence that several templates make, such as "boy see girl", has the sum of their probabilities.
    """
    total: dict[tuple[str, ...], float] = {}
    for template in TEMPLATES:
        sentences = list(product(*(CLASSES[name] for name in template)))
        for words in sentences:
            sentence = (*words, END)
            total[sentence] = total.get(sentence, 0.0) + 1 / (len(TEMPLATES) * len(sentences))
    return total


def entropy_per_symbol() -> float:
    """Exact entropy rate of the stream, nats per symbol: H(sentence) / E[symbols of a sentence].

    The sentences are independent and "." tells where one ends, so by the chain rule H(sentence) is the sum of
    the entropies of each next word given the words before it, with the templates that fit them marginalised.
    """
    total = sentence_probabilities()
    p = np.array(list(total.values()))
    symbols = np.array([len(sentence) for sentence in total])
    return float(-(p @ np.log(p)) / (p @ symbols))


@dataclass(frozen=True, kw_only=True)
class GrammarTask(StreamTask):
    """Predict each next word in a stream of sentences of two or three words, each followed by ".".

    sequence_length : T. batch_size : B. seed : of the sentences. sentences : how many to train on (Elman:
    10,000); a tenth as many are drawn apart from them and held out. Being so few words, the single sentences
    recur there; the stream does not. `best` is the entropy rate: the loss of one who knows the grammar and
    has read each sentence from its start. Where a sequence starts within a sentence, its first words cost a
    little more than that.

    >>> task = GrammarTask(sequence_length=7, seed=1)
    >>> task.output_size, round(task.best, 3)
    (30, 1.429)
    """

    name: ClassVar[str] = "grammar"
    difficulty: ClassVar[tuple[str, ...]] = ("sequence_length",)
    separator: ClassVar[str] = " "
    vocabulary: ClassVar[tuple[str, ...]] = VOCABULARY
    groups: ClassVar[dict[str, tuple[str, ...]]] = GROUPS

    sequence_length: int = setting(20, *STEPS)
    batch_size: int = setting(16, *SEQUENCES)
    seed: int = setting(0, *SEEDS)
    sentences: int = setting(10_000, 1_000, 100_000)

    @property
    def best(self) -> float:
        return _BEST

    @cached_property
    def training_ids(self) -> np.ndarray:
        return draw_sentences(np.random.default_rng([self.seed, STREAM_NUMBER["train"]]), self.sentences)

    @cached_property
    def held_out_ids(self) -> np.ndarray:
        count = max(self.sentences // 10, self.sequence_length)  # enough for one sequence in any case
        return draw_sentences(np.random.default_rng([self.seed, STREAM_NUMBER["held_out"]]), count)

    def symbols_of(self, text: str) -> Iterable[str]:
        return text.split()


def draw_sentences(rng: np.random.Generator, count: int) -> np.ndarray:
    """The word ids (int32) of `count` sentences, one after the other."""
    id_of = {word: number for number, word in enumerate(VOCABULARY)}
    names = list(CLASSES)
    size = np.array([len(CLASSES[name]) for name in names] + [1])
    members = np.full((len(names) + 1, size.max()), -1, np.int32)  # the last class is "no word": id −1
    for row, name in zip(members, names, strict=False):
        row[: len(CLASSES[name])] = [id_of[word] for word in CLASSES[name]]
    classes = np.array([[names.index(name) for name in t] + [len(names)] * (3 - len(t)) for t in TEMPLATES])
    drawn = classes[rng.integers(len(TEMPLATES), size=count)]  # (count, 3)
    words = members[drawn, rng.integers(0, size[drawn])]
    ids = np.column_stack([words, np.full(count, id_of[END], np.int32)]).ravel()
    return ids[ids >= 0]


_BEST = entropy_per_symbol()
