"""Reading of a teacher's file: each key is taken once; a problem names its place in the file, what
was given, and what is possible."""

import math
import re
import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any, NamedTuple

from ui.i18n import LANGUAGES, N_, Message, Translate

LONGEST_GIVEN = 60  # characters of what was given that are repeated
MOST_BITS = 256  # of a whole number; no key needs so large a one
MOST = 12  # problems that are told
DEEPEST = 20  # tables and lists within one another; a lesson needs four
MISSING = object()
HEADER = re.compile(r"\s*\[")  # of a table


class Problem(NamedTuple):
    """Error at one place of the file.

    place : of the key, such as guesses[2].width (counted from 1). given : as it stands there; "" where it is missing.
    needed : an English sentence with fields for `values`. line : in the file; None where it is not known.
    """

    place: str
    given: str
    needed: str
    values: dict[str, Any]
    line: int | None = None

    def message(self, _: Translate) -> str:
        """A sentence in the reader's language."""
        needed = _(self.needed).format(**self.values)
        if self.given:
            message = _("{place} is {given}. {needed}").format(place=self.place, given=self.given, needed=needed)
        elif self.place:
            message = _("{place} is missing. {needed}").format(place=self.place, needed=needed)
        else:
            message = needed
        return _("Line {line}: {told}").format(line=self.line, told=message) if self.line else message


TOO_DEEP = Problem("", "", N_("Tables or lists are nested too deeply: at most {deepest} within one another."),
                   {"deepest": DEEPEST})  # fmt: skip
TOO_LARGE = Problem("", "", N_("A whole number stands here that is too large for any key of a lesson."), {})


class Reader:
    """One table of the file. What is wrong is told once: it comes back as "", NaN or nothing, of which nothing more is
    told.

    problems : the list that all tables of a file share.
    """

    def __init__(self, table: dict[str, Any], place: str = "", problems: list[Problem] | None = None):
        self.place, self.problems = place, [] if problems is None else problems
        self._table = table
        self._taken: set[str] = set()
        self._missing: dict[str, Problem] = {}

    def problem(self, key: str, given: Any, needed: str, /, **values: Any) -> None:
        """Note what is wrong with a key; given : MISSING where it is not there."""
        place = ".".join(filter(None, (self.place, key)))
        text = "" if given is MISSING else _shown(given)
        found = Problem(place, text, needed, values)
        if len(self.problems) < MOST and found not in self.problems:  # a text has several languages
            self.problems.append(found)
            if given is MISSING:
                self._missing[key] = found

    def _take(self, key: str) -> Any:
        self._taken.add(key)
        return self._table.get(key, MISSING)

    def text(self, key: str, longest: int, default: str | None = None) -> dict[str, str]:
        """A text by language: a string, or a table with a string for each language; at least one."""
        given = self._take(key)
        if given is MISSING and default is not None:
            return {"en": default}
        texts = {"en": given} if isinstance(given, str) else given
        known = isinstance(texts, dict) and bool(texts) and set(texts) <= set(LANGUAGES)
        if known and all(isinstance(one, str) and one.strip() and len(one) <= longest for one in texts.values()):
            return dict(texts)
        needed = N_("Needed: a text of 1 to {longest} characters, or one for each of: {languages}.")
        self.problem(key, given, needed, longest=longest, languages=", ".join(LANGUAGES))
        return {"en": ""}

    def name(self, key: str, taken: Sequence[str] = ()) -> str:
        """A name that stands in an address or in the file alone."""
        given = self._take(key)
        if isinstance(given, str) and re.fullmatch("[a-z][a-z0-9_]{0,39}", given) and given not in taken:
            return given
        if isinstance(given, str) and given in taken:
            self.problem(key, given, N_("This name is taken. Needed: another one."))
        else:
            self.problem(key, given, N_("Needed: a name of small letters, digits and _, beginning with a letter."))
        return ""

    def number(self, key: str, low: float, high: float, default: float | None = None, whole: bool = False) -> float:
        """A number between two bounds; NaN where it is none."""
        given = self._take(key)
        if given is MISSING and default is not None:
            return default
        kinds = int if whole else (int, float)
        if isinstance(given, kinds) and not isinstance(given, bool) and low <= given <= high:
            return given
        needed = N_("Needed: a whole number from {low:g} to {high:g}.") if whole else N_(
            "Needed: a number from {low:g} to {high:g}.")  # fmt: skip
        self.problem(key, given, needed, low=low, high=high)
        return math.nan

    def optional(self, key: str) -> float | None:
        """A number, or nothing."""
        if key in self._table:
            return self.number(key, -1e12, 1e12)
        self._taken.add(key)
        return None

    def flag(self, key: str) -> bool:
        """true or false; false where it is missing."""
        given = self._take(key)
        if given is MISSING or isinstance(given, bool):
            return given is True
        self.problem(key, given, N_("Needed: true or false."))
        return False

    def choice(self, key: str, choices: Sequence[str], default: str | None = None, sure: bool = True) -> str:
        """One of the choices; "" where it is none. sure : whether they are all that there can be; else nothing is
        told."""
        given = self._take(key)
        if given is MISSING and default is not None:
            return default
        if isinstance(given, str) and given in choices:
            return given
        if sure:
            self.problem(key, given, N_("Possible: {choices}."), choices=", ".join(choices))
        return ""

    def values(self, key: str) -> list[Any]:
        """A list of simple values."""
        given = self._take(key)
        if isinstance(given, list) and 2 <= len(given) <= 8 and not any(isinstance(one, list | dict) for one in given):
            return given
        self.problem(key, given, N_("Needed: a list of 2 to 8 values."))
        return []

    def table(self, key: str) -> "Reader":
        """A table; an empty one where it is missing."""
        given = self._take(key)
        if given is not MISSING and not isinstance(given, dict):
            self.problem(key, given, N_("Needed: a table."))
        inner = given if isinstance(given, dict) else {}
        return Reader(inner, ".".join(filter(None, (self.place, key))), self.problems)

    def tables(self, key: str, least: int, most: int) -> list["Reader"]:
        """The tables of a list."""
        given = self._take(key)
        found = given if isinstance(given, list) and all(isinstance(one, dict) for one in given) else []
        if (given is not MISSING or least) and not (least <= len(found) <= most and (found or not least)):
            needed = N_("Needed: {least} to {most} tables, each under [[{key}]].")
            self.problem(key, MISSING if given is MISSING else given, needed, least=least, most=most, key=key)
        place = ".".join(filter(None, (self.place, key)))
        return [Reader(one, f"{place}[{number}]", self.problems) for number, one in enumerate(found[:most], start=1)]

    def items(self) -> dict[str, Any]:
        """All keys and values, for a table whose keys are names from elsewhere."""
        self._taken |= set(self._table)
        return dict(self._table)

    def done(self, sure: bool = True) -> None:
        """Tell of the keys that nobody has asked for; of one that is spelt nearly as a missing one in place of that.
        sure : whether every key that can stand here was asked for, else of those spelt so alone."""
        for key in self._table:
            if len(self.problems) == MOST:
                break
            meant = () if key in self._taken else get_close_matches(key, self._missing, 1)
            if meant:
                self.problems.remove(self._missing.pop(meant[0]))
                needed = N_("There is no such key here. Perhaps it should be {name}, which is missing.")
                self.problem(key, self._table[key], needed, name=meant[0])
            elif sure and key not in self._taken:
                self.problem(key, self._table[key], N_("There is no such key here. Possible: {keys}."),
                             keys=", ".join(sorted(self._taken)))  # fmt: skip


def _shown(given: Any) -> str:
    text = str(given).lower() if isinstance(given, bool) else repr(given) if isinstance(given, str) else str(given)
    return text if len(text) <= LONGEST_GIVEN else text[: LONGEST_GIVEN - 1] + "…"


def parsed(text: str) -> tuple[dict[str, Any], list[Problem]]:
    """(the file as a table, what keeps it from being one)."""
    try:
        table = tomllib.loads(text)
        refused = _refused(table)
        if refused is None:
            return table, []
        problem, place = refused
        return {}, [problem._replace(line=line_of(text.splitlines(), place))]
    except RecursionError:
        return {}, [TOO_DEEP]
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        reason = re.sub(r" \(at .*", "", str(error))[:200]
        needed = N_("This is no TOML: {told}.")
        return {}, [Problem("", "", needed, {"told": reason}, int(found[1]) if found else None)]
    except ValueError:  # Python reads no number of so many digits
        number = re.search(r"[0-9](_?[0-9]){4299}", text)
        return {}, [TOO_LARGE._replace(line=text.count("\n", 0, number.start()) + 1 if number else None)]


def _refused(table: dict[str, Any]) -> tuple[Problem, str] | None:
    """What is nested more than DEEPEST times, or a larger number than any lesson needs, and its place: without
    recursion, as it may be far deeper."""
    level: list[tuple[str, Any]] = [("", table)]
    for _depth in range(DEEPEST):
        inner = [pair for place, one in level for pair in _inner(place, one)]
        for place, value in inner:
            if isinstance(value, int) and value.bit_length() > MOST_BITS:
                return TOO_LARGE, place
        level = [(place, value) for place, value in inner if isinstance(value, dict | list)]
        if not level:
            return None
    return TOO_DEEP, ""


def _inner(place: str, one: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    """What stands in a table or list, with its place."""
    if isinstance(one, dict):
        yield from ((f"{place}.{key}" if place else key, value) for key, value in one.items())
    else:
        for number, value in enumerate(one, start=1):
            yield f"{place}[{number}]" if isinstance(value, dict) else place, value


def line_of(lines: Sequence[str], place: str) -> int | None:
    """The line of the file on which a place stands, or the key or the table that it belongs to.

    >>> line_of(["a = 1", "[[guesses]]", "low = 2", "[[guesses]]", "low = 3"], "guesses[2].low")
    5
    """
    at, found = 0, None
    for part in place.split("."):
        found_part = re.fullmatch(r"(.*?)(?:\[(\d+)\])?", part, re.DOTALL)
        key, number = found_part.groups() if found_part else (part, None)
        table = re.compile(rf"\s*\[\[?\s*([\w-]+\s*\.\s*)*{re.escape(key)}\s*\]")
        headers = (line for line in range(at, len(lines)) if key in lines[line] and table.match(lines[line]))
        end = next(
            (line for line in range(at + (found is not None), len(lines)) if HEADER.match(lines[line])), len(lines)
        )
        value = re.compile(rf"\s*{re.escape(key)}\s*=")
        keys = (line for line in range(at, end) if key in lines[line] and value.match(lines[line]))
        if (inline := next(keys, None)) is not None:
            return inline + 1  # what is deeper stands in it
        hit = next(islice(headers, int(number or 1) - 1, None), None)
        if hit is None:
            break
        at, found = hit, hit + 1
    return found


def text_in(texts: dict[str, str], code: str) -> str:
    """The text in that language, else in the other.

    >>> text_in({"en": "state"}, "zh_CN"), text_in({"en": "state", "zh_CN": "状态"}, "zh_CN")
    ('state', '状态')
    """
    return Message(texts.get(code) or next(iter(texts.values())))
