"""Names of people: counted in characters as one sees them, of which an emoji or an accented letter may have several."""

import re
import unicodedata

import regex

MOST_CODES = 16  # code points of one character: a family with colours of skin has eleven; piled-up accents end here
JOINERS = "\u200c\u200d"  # within emoji and words of several scripts
TAGS = re.compile("[\U000e0020-\U000e007f]")  # within flags


def characters(text: str) -> list[str]:
    """Its characters as one sees them, from first to last.

    >>> len(characters("e\\u0301\\U0001f469\\u200d\\U0001f4bb")), len("e\\u0301\\U0001f469\\u200d\\U0001f4bb")
    (2, 5)
    """
    return regex.findall(r"\X", text)


def shortened(text: str, longest: int) -> str:
    """The first characters of the text, none cut in two.

    >>> shortened("Zoe\\u0308 Ada", 3) == "Zoe\\u0308"
    True
    """
    return "".join(one[:MOST_CODES] for one in characters(text)[:longest])


def plain_name(text: str, longest: int) -> str:
    """A name as it is kept: one line of visible characters, not too long; empty where nothing can be seen.

    >>> plain_name("  Ada\\n<b>\\u202e ", 40), plain_name("\\u200d", 40)
    ('Ada <b>', '')
    """
    kept = "".join(one if _is_kept(one) else " " for one in text)
    name = shortened(re.sub(r"\s+", " ", kept).strip(" " + JOINERS), longest).strip()
    return name if any(unicodedata.category(one)[0] in "LNPS" for one in name) else ""


def _is_kept(code: str) -> bool:
    return unicodedata.category(code)[0] != "C" or code in JOINERS or TAGS.match(code) is not None
