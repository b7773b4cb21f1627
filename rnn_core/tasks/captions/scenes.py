"""What is on a picture: two objects, each of a size, a colour and a shape, and how the first lies to the second.

A scene is a number; its attributes are the digits: size, colour, shape, relation, size, colour, shape. Seen from the
other object it is another scene, `turned`, of the same picture: both say what is true.
"""

from functools import cache

import numpy as np

from rnn_core.tasks.pairs.base import END
from rnn_core.tasks.pairs.synchronous import SynchronousGrammar
from rnn_core.tasks.splitting import SHARE, row_hashes

ENGLISH, CHINESE = 0, 1  # sides of the grammar
SEPARATORS = " ", ""  # between two words, as a person writes them
SIZES = ("small / 小", "large / 大")
COLOURS = ("red / 红色", "green / 绿色", "blue / 蓝色", "yellow / 黄色")
SHAPES = ("circle / 圆形", "square / 正方形", "triangle / 三角形", "ring / 圆环")
RELATIONS = ("above / 上方", "below / 下方", "left of / 左边", "right of / 右边")
ATTRIBUTES = ("size", "colour", "shape", "relation", "size", "colour", "shape")
COUNTS = tuple(
    len({"size": SIZES, "colour": COLOURS, "shape": SHAPES, "relation": RELATIONS}[name]) for name in ATTRIBUTES
)
RULES = {
    "sentence": ["<scene>"],
    "scene": ["a <size> <colour> <shape> <relation> a <other size> <other colour> <other shape> / "
              "<other colour> <other size> <other shape> <relation> 有 一个 <colour> <size> <shape>"],
    "size": SIZES, "colour": COLOURS, "shape": SHAPES, "relation": RELATIONS,
}  # fmt: skip


@cache
def grammar() -> SynchronousGrammar:
    """The language of the captions."""
    rules = {name.replace(" ", "_"): lines for name, lines in RULES.items()}
    others = {f"other_{name}": RULES[name] for name in ("size", "colour", "shape")}
    rules["scene"] = [line.replace("<other ", "<other_") for line in RULES["scene"]]
    return SynchronousGrammar(rules | others)


@cache
def letters(side: int) -> tuple[str, ...]:
    """The words of a language; the end is the last."""
    return (*grammar().words(side), END)


@cache
def captions(side: int) -> np.ndarray:
    """(scenes, S) ids in `letters`: the caption of each scene, the end behind it.

    >>> [letters(ENGLISH)[i] for i in captions(ENGLISH)[0]]
    ['a', 'small', 'red', 'circle', 'above', 'a', 'small', 'red', 'circle', '⏎', '⏎']
    """
    place = {word: number for number, word in enumerate(letters(side))}
    said = [phrase.sides[side] for phrase in grammar().phrases("<scene>")]
    longest = 1 + max(map(len, said))
    return np.array([[place[word] for word in (*words, *[END] * (longest - len(words)))] for words in said], np.int32)


@cache
def _numbers(side: int) -> dict[bytes, int]:
    """Scenes by their captions."""
    return {row.tobytes(): number for number, row in enumerate(captions(side))}


def scenes_of(ids: np.ndarray, side: int) -> np.ndarray:
    """(B,) the scenes that captions (S, B) say; -1 for what is no caption. What follows the end does not count."""
    end = len(letters(side)) - 1
    closed = np.where(np.maximum.accumulate(ids == end, axis=0), end, ids).astype(np.int32)
    return np.array([_numbers(side).get(column.tobytes(), -1) for column in np.ascontiguousarray(closed.T)])


def attributes(scenes: np.ndarray) -> np.ndarray:
    """(..., 7) the attributes of scenes."""
    return np.stack(np.unravel_index(scenes, COUNTS), axis=-1)


def number_of(attributes: np.ndarray) -> np.ndarray:
    """(...) the scenes that have these attributes (..., 7)."""
    return np.ravel_multi_index(tuple(np.moveaxis(np.asarray(attributes), -1, 0)), COUNTS)


def turned(scenes: np.ndarray) -> np.ndarray:
    """The same pictures, seen from the other object.

    >>> [letters(ENGLISH)[i] for i in captions(ENGLISH)[turned(np.array(300))]][:6]
    ['a', 'small', 'yellow', 'circle', 'above', 'a']
    """
    found = attributes(scenes)
    return number_of(np.concatenate([found[..., 4:], found[..., 3:4] ^ 1, found[..., :3]], axis=-1))


def combinations(scenes: np.ndarray) -> np.ndarray:
    """(n, 5) what is held out together: colours, shapes and relation, in whatever size, said from either object."""
    first = attributes(np.minimum(scenes, turned(scenes)))[:, [1, 2, 3, 5, 6]]
    other = attributes(np.maximum(scenes, turned(scenes)))[:, [1, 2, 3, 5, 6]]
    weights = 4 ** np.arange(5)
    return np.where((first @ weights <= other @ weights)[:, None], first, other)


@cache
def different() -> np.ndarray:
    """The scenes whose two objects differ in something."""
    every = np.arange(np.prod(COUNTS))
    found = attributes(every)
    return every[(found[:, :3] != found[:, 4:]).any(axis=1)]


def held_out(scenes: np.ndarray) -> np.ndarray:
    """(n,) bool: whether the combinations of scenes are never trained on."""
    return row_hashes(combinations(scenes)) % SHARE == 0
