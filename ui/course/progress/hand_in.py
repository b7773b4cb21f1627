"""Record that is handed in: guesses, measured values and scores as one record, its check sum, and its verification.

The check sum is SHA-256 over the record in canonical JSON (sorted keys, no blanks, UTF-8), and the record holds that of
the rest of the file, which people read. Anybody can compute it: it shows that a file was changed on the way or by hand,
and is no signature. So the verification also computes every score again, from the guess and the measured value, and
tells of which it could not.
"""

import hashlib
import json
import math
import platform
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from ui.course import questions
from ui.course.addresses import door_address, lesson_address
from ui.course.guess import measured_value
from ui.course.lesson import Lesson, Translate
from ui.course.names import plain_name
from ui.course.record import LessonRecord, Quiz

FORMAT = 1
LONGEST_NAME = 100  # characters as one sees them
LEAST_GAIN = -9  # of ten answers nine were right before, and none after
LARGEST = 5_000_000  # characters of a file that is read
CLOSE = 0.005  # so near to one another two scores are the same
ID = "hand-in"  # of the element that holds the record
RECORD = re.compile(rf'<script type="application/json" id="{ID}">(.*?)</script>', re.DOTALL)
CHECKSUM = re.compile(r'<code id="checksum">([0-9a-f]*)</code>')
END = re.compile(  # of the page: where check sum and record stand
    rf"<footer><p>[^<]*{CHECKSUM.pattern}</p>\n<p>[^<]*</p></footer>\n{RECORD.pattern}\n</body>\n</html>\s*\Z",
    re.DOTALL,
)
PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"


@cache
def versions() -> dict[str, str]:
    """Versions that the numbers were computed with."""
    app = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"]
    packages = {name: version(name) for name in ("numpy", "numba", "streamlit")}
    return {"rnn-lab": app, "python": platform.python_version(), **packages}


def record_of(
    records: Mapping[str, LessonRecord],
    quiz: Quiz,
    lessons: Mapping[str, Lesson],
    *,
    name: str,
    date: str,
    address: str,
    language: str,
    translate: Translate,
) -> dict[str, Any]:
    """Everything that is handed in, as JSON can hold it.

    name : as typed. date : ISO. address : of the course. language : its code, of the labels.
    """
    entries = [_entry(lesson, records[key], address, translate) for key, lesson in lessons.items() if key in records]
    return {
        "format": FORMAT,
        "name": plain_name(name, LONGEST_NAME),
        "date": date,
        "language": language,
        "versions": versions(),
        "lessons": entries,
        "questions": _questions(quiz),
    }


def _entry(lesson: Lesson, record: LessonRecord, address: str, _: Translate) -> dict[str, Any]:
    """One lesson."""
    guesses = []
    for guess in lesson.guesses:
        answer, measured = record.answers[guess.name], (record.truth or {}).get(guess.name)
        guesses.append({
            "name": guess.name,
            "label": _(guess.label),
            "answer": answer,
            "answer_text": guess.written(answer, _),
            "measured": measured,
            "measured_text": "" if measured is None else guess.written(measured, _),
            "score": None if measured is None else guess.score(answer, measured),
        })  # fmt: skip
    tasks = [{"label": _(task.label), "done": place in record.tasks} for place, task in enumerate(lesson.tasks)]
    return {
        "name": lesson.name,
        "title": _(lesson.title),
        "seed": lesson.seed,
        "guesses": guesses,
        "score": record.score,
        "tasks": tasks,
        "address": lesson_address(address, lesson.name),
        "network": door_address(address, lesson.door),
    }


def _questions(quiz: Quiz) -> dict[str, Any]:
    """Both times, or those after the course alone: before them nothing is told of the right answers."""
    if "after" not in quiz:
        return {"right": {}, "gain": None, "answers": {}}
    shares = {time: questions.share_right(quiz[time]) for time in questions.TIMES if time in quiz}
    return {"right": shares, "gain": questions.gain(*shares.values()) if len(shares) == 2 else None, "answers": quiz}


def canonical(record: Mapping[str, Any]) -> str:
    """The record's one spelling."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def bare(text: str) -> str:
    """The page without the record and its check sum: what people read."""
    return CHECKSUM.sub("", RECORD.sub("", text)).strip()


def checksum(text: str) -> str:
    """SHA-256 in hexadecimal digits.

    >>> checksum("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode()).hexdigest()


class Verification(NamedTuple):
    """A file that was handed in.

    record : what it holds. intact : whether its check sums hold. wrong : titles of lessons whose score does not follow
    from guess and measured value. unchecked : of those whose score cannot be computed again. odd : of those that stand
    there twice, or with another seed than the course's.
    """

    record: dict[str, Any]
    intact: bool
    wrong: tuple[str, ...]
    unchecked: tuple[str, ...]
    odd: tuple[str, ...]


def verified(data: bytes, lessons: Mapping[str, Lesson]) -> Verification | None:
    """The verification of a file; None where it is none that was handed in."""
    if len(data) > LARGEST:
        return None
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        found, stated = RECORD.search(text), CHECKSUM.search(text)
        record = json.loads(found[1]) if found else None
        if record is None or stated is None or not _is_record(record):
            return None
        intact = checksum(canonical(record)) == stated[1] and record.get("page") == checksum(bare(text))
        intact = intact and _in_place(text)
        entries = record["lessons"]
        follows = [(entry["title"], _follows(entry, lessons.get(entry["name"]))) for entry in entries]
    except (ValueError, RecursionError, OverflowError):
        return None
    wrong, unchecked = (tuple(title for title, found in follows if found is kind) for kind in (False, None))
    return Verification(record, intact, wrong, unchecked, _odd(entries, lessons))


def _odd(entries: Sequence[Mapping[str, Any]], lessons: Mapping[str, Lesson]) -> tuple[str, ...]:
    """Titles of lessons that are there twice, or with another seed; each once."""
    names = Counter(entry["name"] for entry in entries)
    odd = [
        entry["title"]
        for entry in entries
        if names[entry["name"]] > 1 or (entry["name"] in lessons and entry["seed"] != lessons[entry["name"]].seed)
    ]
    return tuple(dict.fromkeys(odd))


def _in_place(text: str) -> bool:
    """Whether the parts that the page's check sum leaves out are one of each, where the course puts them."""
    return len(RECORD.findall(text)) == 1 == len(CHECKSUM.findall(text)) and END.search(text) is not None


def _is_record(record: Any) -> bool:
    """Whether everything is there, and is what it must be."""
    texts = ("label", "answer_text", "measured_text")
    match record:
        case {"format": 1, "name": str(), "date": str(), "versions": dict(), "lessons": list(entries),
              "questions": {"right": dict(right), "gain": None | int() | float()}}:  # fmt: skip
            gain = record["questions"]["gain"]
            shares = all(_is_share(share) for share in right.values()) and _is_share(gain, LEAST_GAIN, optional=True)
        case _:
            return False
    for entry in entries:
        match entry:
            case {"name": str(), "title": str(), "seed": int(), "guesses": list(guesses), "tasks": list(tasks),
                  "score": score, "address": str(), "network": str()}:  # fmt: skip
                known = all(isinstance(one, dict) and all(isinstance(one.get(key), str) for key in texts)
                            and isinstance(one.get("name"), str) and _is_share(one.get("score"), optional=True)
                            for one in guesses)  # fmt: skip
                known &= all(
                    isinstance(one, dict) and isinstance(one.get("label"), str) and isinstance(one.get("done"), bool)
                    for one in tasks
                )
            case _:
                return False
        shares &= known and _is_share(score, optional=True)
    return shares


def _is_share(value: Any, low: float = 0, optional: bool = False) -> bool:
    """Whether this is a number from `low` to 1; with `optional` also nothing."""
    if value is None:
        return optional
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= 1


def _follows(entry: Mapping[str, Any], lesson: Lesson | None) -> bool | None:
    """Whether the scores are those of the guesses and measured values; None where one cannot be computed."""
    if lesson is None:
        return None
    guesses, scores, complete = entry["guesses"], [], True
    if [one["name"] for one in guesses] != [guess.name for guess in lesson.guesses]:
        return False
    for guess, one in zip(lesson.guesses, guesses, strict=True):
        answer: Any = guess.read(one.get("answer"))
        measured: Any = measured_value(guess, one.get("measured"))
        if answer is None or (measured is None and one.get("score") is not None):
            return False
        if measured is None:
            complete = False
            continue
        scores.append(guess.score(answer, measured))
        if one.get("score") is None or not math.isclose(scores[-1], one.get("score"), abs_tol=CLOSE):
            return False
    if entry["score"] is None:
        return not scores
    return math.isclose(sum(scores) / len(scores), entry["score"], abs_tol=CLOSE) if complete else None
