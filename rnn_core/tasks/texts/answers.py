"""Questions and answers in which every name and every thing comes twice: what counting cannot know and a memory can.

Between the first time and the second lie more symbols than the longest n-gram of `rnn_core.analysis.ngrams` (8) looks
back. So a counting model pays for the name and for the thing twice, and a network that remembers them pays once.
"""

from typing import NamedTuple

import numpy as np

SYMBOLS = 60_000
SEED = 1


class Lexicon(NamedTuple):
    """One line, and what stands in it."""

    line: str
    names: tuple[str, ...]
    things: tuple[str, ...]


ENGLISH = Lexicon(
    "Does {name} have the {thing}? Yes, {name} has the {thing}.\n",
    ("Anna", "Ben", "Carol", "David", "Emma", "Frank", "Grace", "Henry"),
    ("apple", "book", "candle", "drum", "egg", "flute", "glove", "hat"),
)
CHINESE = Lexicon(
    "请问{name}今天有没有带{thing}来？有的，{name}今天真的带了{thing}来。\n",
    ("小明", "安娜", "大卫", "林丽", "王芳", "李强", "春梅", "国华"),
    ("苹果", "书包", "蜡烛", "小鼓", "鸡蛋", "长笛", "手套", "帽子"),
)


def answers(lexicon: Lexicon, symbols: int = SYMBOLS, seed: int = SEED) -> str:
    """So many characters of lines, each with a name and a thing drawn evenly.

    >>> print(answers(ENGLISH, 111))
    Does Emma have the egg? Yes, Emma has the egg.
    Does Grace have the apple? Yes, Grace has the apple.
    Does Anna h
    """
    rng = np.random.default_rng(seed)
    lines, length = [], 0
    while length < symbols:
        name, thing = (words[rng.integers(len(words))] for words in lexicon[1:])
        lines.append(lexicon.line.format(name=name, thing=thing))
        length += len(lines[-1])
    return "".join(lines)[:symbols]
