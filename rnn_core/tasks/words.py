"""A text as words: what counts as one, and how words are written as a text again."""

import re
from collections.abc import Iterable, Iterator

IDEOGRAPH = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # written without spaces: each is a word of its own
LETTERS = rf"(?:(?![{IDEOGRAPH}])\w)+"
UNKNOWN_WORD, UNKNOWN_CHARACTER = "<unk>", "\ufffd"  # what rare and unseen symbols become
WORD = re.compile(rf"{UNKNOWN_WORD}|\n|[{IDEOGRAPH}]|{LETTERS}(?:['’]{LETTERS})*|[^\w\s]")
LONGEST_WORD = 40  # letters of a word that a vocabulary takes in
CLOSING = frozenset(".,;:!?)]}%…’”»、。，；：！？）》」』")
OPENING = frozenset("([{‘“«（《「『\n")


def words_of(text: str) -> Iterator[str]:
    """The words of a text one after the other: runs of letters and digits, single Chinese or Japanese characters,
    single punctuation marks, line ends. Spaces part words and are none.

    >>> list(words_of("Don't stop, 小河!\\n"))
    ["Don't", 'stop', ',', '小', '河', '!', '\\n']
    """
    return (match.group() for match in WORD.finditer(text))


def written(words: Iterable[str]) -> str:
    """Words as a text: a space between two of them, none before or after marks that stand close, or in Chinese.

    >>> written(["Don't", "stop", ",", "小", "河", "!", "\\n", "Go", "(", "on", ")", "."])
    "Don't stop, 小河!\\nGo (on)."
    """
    text, before = [], "\n"
    for word in words:
        close = word in CLOSING or word == "\n" or before in OPENING or (_ideograph(before) and _ideograph(word))
        text.append(word if close or not text else f" {word}")
        before = word
    return "".join(text)


def _ideograph(word: str) -> bool:
    return bool(re.fullmatch(rf"[{IDEOGRAPH}、。，；：！？）（《》「」『』]", word))
