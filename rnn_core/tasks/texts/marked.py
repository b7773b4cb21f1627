"""A text with something to remember in it: speech in quotes with words of its own, asides in brackets, short lines.

Made for looking for units that mean something (Karpathy, Johnson & Li 2016, "Visualizing and Understanding Recurrent
Networks", found units for quotes, for the position in the line and for the depth of nesting in trained LSTMs). What
goes on is known at every symbol, so that what is found can be checked.
"""

import numpy as np

COLUMNS = 40  # of a line, its line end not counted
SYMBOLS = 60_000
SEED = 1

# Words of the first two begin alike in pairs: how they go on depends on whether somebody speaks.
NARRATED = ["mill", "river", "stone", "wind", "night", "house"]
SPOKEN = ["mine", "rise", "still", "will", "never", "how"]
ASIDE = ["once", "twice", "again", "perhaps", "almost", "yet"]


def marked_text(symbols: int = SYMBOLS, seed: int = SEED) -> str:
    """So many characters of sentences: narration, speech in double quotes, asides in brackets, of which some hold
    another; cut into lines of 40 columns wherever that falls.

    >>> print(marked_text(128))
    wind night house mill river. house stone
     river "will will mine mine how never ho
    w will" river stone night mill. mill sto
    ne ho
    """
    rng = np.random.default_rng(seed)
    words, length = [], 0
    while length < symbols:
        sentence = _sentence(rng)
        words += sentence
        length += sum(len(word) + 1 for word in sentence)
    text = " ".join(words)
    return "\n".join(text[at : at + COLUMNS] for at in range(0, len(text), COLUMNS))[:symbols]


def _some(rng: np.random.Generator, lexicon: list[str], low: int, high: int) -> list[str]:
    """A few words of a lexicon."""
    return [lexicon[i] for i in rng.integers(0, len(lexicon), rng.integers(low, high + 1))]


def _between(opening: str, words: list[str], closing: str) -> list[str]:
    """The words with marks around them."""
    return (opening + " ".join(words) + closing).split()


def _sentence(rng: np.random.Generator) -> list[str]:
    words = _some(rng, NARRATED, 2, 6)
    kind = rng.random()
    if kind < 0.6:
        words += _between('"', _some(rng, SPOKEN, 3, 9), '"')
    elif kind < 0.85:
        aside = _some(rng, ASIDE, 1, 4)
        if rng.random() < 0.4:
            aside += _between("(", _some(rng, ASIDE, 1, 3), ")") + _some(rng, ASIDE, 1, 2)
        words += _between("(", aside, ")")
    words += _some(rng, NARRATED, 1, 4)
    return [*words[:-1], words[-1] + "."]
