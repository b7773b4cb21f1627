"""Codes of classes: nine letters of which no two look alike, written in threes; more than 40 bits."""

import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"  # without I, L and O, which look like digits
LENGTH, GROUP = 9, 3
LONGEST = 40  # characters that are read


def new_code() -> str:
    """A code that nobody can know beforehand."""
    return "".join(secrets.choice(LETTERS) for _place in range(LENGTH))


def read_code(text: str) -> str | None:
    """The code that somebody has typed, with or without capitals, hyphens and blanks; None where it can be none.

    >>> read_code("abc-def ghj"), read_code("abc-def-gh1")
    ('ABCDEFGHJ', None)
    """
    code = "".join(letter for letter in text[:LONGEST].upper() if letter not in " -–.")
    return code if len(code) == LENGTH and all(letter in LETTERS for letter in code) else None


def written_code(code: str) -> str:
    """A code as it is shown.

    >>> written_code("ABCDEFGHJ")
    'ABC-DEF-GHJ'
    """
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))
