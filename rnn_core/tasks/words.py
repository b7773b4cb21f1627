"""A text as words: what counts as one, and how words are written as a text again."""

from collections.abc import Iterable, Iterator

import regex

IDEOGRAPH = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # written without spaces: each is a word of its own
MARKS = r"[\p{M}\u200c\u200d]*"  # vowel signs and accents written on or around a letter, joiners between two
LETTERS = rf"(?:(?![{IDEOGRAPH}])[\p{{L}}\p{{N}}_]{MARKS})+"
DECIMAL = r"(?<=\p{Nd})[.,\u066b\u066c](?=\p{Nd})"  # a point or comma between two digits
UNKNOWN_WORD, UNKNOWN_CHARACTER = "<unk>", "\ufffd"  # what rare and unseen symbols become
WORD = regex.compile(
    # \X: a character as a reader sees it, with the marks and joined pieces that Unicode gives it (Annex 29)
    rf"{UNKNOWN_WORD}|\n|[{IDEOGRAPH}]{MARKS}|{LETTERS}(?:(?:['’]|{DECIMAL}){LETTERS})*|(?![\s\x1c-\x1f])\X"
)
CLOSE_SET = regex.compile(rf"[{IDEOGRAPH}、。，；：！？）（《》「」『』]{MARKS}")
LONGEST_WORD = 40  # letters of a word that a vocabulary takes in
CLOSING = frozenset(".,;:!?)]}%…’”»、。，；：！？）》」』")
OPENING = frozenset("([{‘“«（《「『\n")


def words_of(text: str) -> Iterator[str]:
    """The words of a text one after the other: runs of letters and digits, single Chinese or Japanese characters,
    single punctuation marks and emoji, line ends. Spaces part words and are none. A mark, vowel sign or joiner stays
    with its letter, a decimal point with its number.

    >>> list(words_of("Don't stop, 小河! हिन्दी 3.14\\n"))
    ["Don't", 'stop', ',', '小', '河', '!', 'हिन्दी', '3.14', '\\n']
    """
    return (match.group() for match in WORD.finditer(text))


def written(words: Iterable[str]) -> str:
    """Words as a text: a space between two of them, none before or after marks that stand close, or in Chinese.

    >>> written(["Don't", "stop", ",", "小", "河", "!", "\\n", "Go", "(", "on", ")", "."])
    "Don't stop, 小河!\\nGo (on)."
    """
    text: list[str] = []
    before = "\n"
    for word in words:
        close = word in CLOSING or word == "\n" or before in OPENING or (_ideograph(before) and _ideograph(word))
        text.append(word if close or not text else f" {word}")
        before = word
    return "".join(text)


def _ideograph(word: str) -> bool:
    return bool(CLOSE_SET.fullmatch(word))
