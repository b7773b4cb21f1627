"""Questions and answers in which every name and every place comes twice: what counting cannot know and a memory can.

Between the first time and the second lie more symbols than the longest n-gram of `rnn_core.analysis.ngrams` (8) looks
back. So a counting model pays for the name and for the place twice, and a network that remembers them pays once.
"""

from typing import NamedTuple

import numpy as np

SYMBOLS = 60_000
SEED = 1


class Lexicon(NamedTuple):
    """One line, and what stands in it."""

    line: str
    names: tuple[str, ...]
    places: tuple[str, ...]


ENGLISH = Lexicon(
    "Is {name} in {place}? {name} is in {place}.\n",
    ("Anna", "Ben", "Carol", "David", "Emma", "Frank", "Grace", "Henry"),
    ("Rome", "Paris", "Berlin", "Cairo", "Delhi", "Oslo", "Lima", "Tokyo"),
)
CHINESE = Lexicon(
    "请问{name}今天在{place}吗？对，{name}今天在{place}。\n",
    ("小明", "安娜", "大卫", "林丽", "王芳", "李强", "春梅", "国华"),
    ("北京", "上海", "广州", "西安", "成都", "昆明", "杭州", "天津"),
)


def answers(lexicon: Lexicon, symbols: int = SYMBOLS, seed: int = SEED) -> str:
    """So many characters of lines, each with a name and a place drawn evenly.

    >>> print(answers(ENGLISH, 75))
    Is David in Delhi? David is in Delhi.
    Is Grace in Tokyo? Grace is in Tokyo.
    """
    rng = np.random.default_rng(seed)
    lines, length = [], 0
    while length < symbols:
        name, place = (words[rng.integers(len(words))] for words in lexicon[1:])
        lines.append(lexicon.line.format(name=name, place=place))
        length += len(lines[-1])
    return "".join(lines)[:symbols]
