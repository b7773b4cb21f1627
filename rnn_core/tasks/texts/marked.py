"""A text with something to remember in it: speech in quotes with words of its own, asides in brackets, short lines.

Made for looking for units that mean something (Karpathy, Johnson & Li 2016, "Visualizing and Understanding Recurrent
Networks", found units for quotes, for the position in the line and for the depth of nesting in trained LSTMs). What
goes on is known at every symbol, so that what is found can be checked.
"""

import numpy as np

COLUMNS = 40  # of a line at most, its line end not counted
SYMBOLS = 60_000
SEED = 1

TOLD = "the miller walked along river and his mill while rain fell on roof of house near bridge as night came".split()
SPOKEN = "oh we must go now why do you never listen please tell me what is wrong i love you so much".split()
ASIDE = "not yet perhaps maybe twice again almost if any at least for once".split()


def marked_text(symbols: int = SYMBOLS, seed: int = SEED) -> str:
    """So many characters of sentences: told words, speech in double quotes, asides in brackets, of which some hold
    another; broken into lines of at most 40 columns at the blanks.

    >>> print(marked_text(128))
    fell near came the river. as while and
    "what tell we oh you wrong love tell"
    his rain near walked. walked rain came
    "you now ple
    """
    rng = np.random.default_rng(seed)
    words, length = [], 0
    while length < symbols:
        sentence = _sentence(rng)
        words += sentence
        length += sum(len(word) + 1 for word in sentence)
    return _broken(words)[:symbols]


def _some(rng, lexicon, low, high) -> list[str]:
    """A few words of a lexicon."""
    return [lexicon[i] for i in rng.integers(0, len(lexicon), rng.integers(low, high + 1))]


def _between(opening, words, closing) -> list[str]:
    """The words with marks around them."""
    return (opening + " ".join(words) + closing).split()


def _sentence(rng) -> list[str]:
    words = _some(rng, TOLD, 2, 6)
    kind = rng.random()
    if kind < 0.5:
        words += _between('"', _some(rng, SPOKEN, 3, 9), '"')
    elif kind < 0.8:
        aside = _some(rng, ASIDE, 1, 4)
        if rng.random() < 0.4:
            aside += _between("(", _some(rng, ASIDE, 1, 3), ")") + _some(rng, ASIDE, 1, 2)
        words += _between("(", aside, ")")
    words += _some(rng, TOLD, 1, 4)
    return [*words[:-1], words[-1] + "."]


def _broken(words) -> str:
    """The words in lines, as full as they go."""
    lines, line = [], ""
    for word in words:
        if line and len(line) + 1 + len(word) > COLUMNS:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])
