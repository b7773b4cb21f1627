"""Record of the course in the user's own browser: answers, scores, tasks that are
done, and the ten questions.

It is JSON that anybody can edit: whatever is not as it should be is left out.
"""

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ui.course import questions
from ui.course.guess import finite, measured_value
from ui.course.lesson import Lesson

VERSION = 1
LONGEST = 100_000  # characters that are read


@dataclass
class LessonRecord:
    """Progress of one user in one lesson.

    answers : as they were locked. score : of them, once the run has judged them. tasks : numbers of those done.
    truth : what the run measured, by guess; None for a guess of which no finite number was measured.
    """

    answers: dict[str, Any]
    score: float | None = None
    tasks: set[int] = field(default_factory=set)
    truth: dict[str, Any] | None = None


Quiz = dict[str, dict[str, int]]  # one of questions.TIMES -> idea -> place of the answer


def written(records: dict[str, LessonRecord], quiz: Quiz, compact: bool = False, seen: Iterable[str] = ()) -> str:
    """The records, and the answers to the ten questions, as JSON.

    compact : numbers in four digits, and no blanks. seen : lessons whose result was seen without a guess.
    """
    lessons = {
        name: {"answers": record.answers, "score": record.score, "tasks": sorted(record.tasks), "truth": record.truth}
        for name, record in records.items()
    }
    content = {"version": VERSION, "lessons": lessons, "quiz": quiz} | ({"seen": sorted(seen)} if seen else {})
    if compact:
        return json.dumps(_short(content), separators=(",", ":"))
    return json.dumps(content)


def _short(value: Any) -> Any:
    """The same with every broken number in four digits."""
    if isinstance(value, float):
        return float(f"{value:.4g}") if abs(value) < 1e4 else round(value)
    if isinstance(value, Mapping):
        return {key: _short(item) for key, item in value.items()}
    return [_short(item) for item in value] if isinstance(value, list | tuple) else value


def _content(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        content = None
    return content if isinstance(content, dict) and content.get("version") == VERSION else {}


def seen_in(text: str, lessons: Container[str]) -> set[str]:
    """Lessons of which the browser kept that their result was seen without a guess.

    >>> seen_in('{"version": 1, "seen": ["state", "other", 3]}', {"state", "reach"})
    {'state'}
    """
    seen = _content(text).get("seen")
    return {name for name in seen if isinstance(name, str) and name in lessons} if isinstance(seen, list) else set()


def parsed(text: str, lessons: dict[str, Lesson]) -> tuple[dict[str, LessonRecord], Quiz]:
    """(records, ten questions) of what the browser kept; nothing of what cannot be."""
    content = _content(text)
    kept, records = content.get("lessons"), {}
    for name, lesson in lessons.items():
        record = _record(kept.get(name), lesson) if isinstance(kept, dict) else None
        if record is not None:
            records[name] = record
    answered = content.get("quiz")
    answered = answered if isinstance(answered, dict) else {}
    read = {time: questions.read(answered.get(time)) for time in questions.TIMES}
    return records, {time: answers for time, answers in read.items() if answers is not None}


def _record(raw: Any, lesson: Lesson) -> LessonRecord | None:
    answers = lesson.read(raw.get("answers")) if isinstance(raw, dict) else None
    if answers is None:
        return None
    score, tasks = raw.get("score"), raw.get("tasks")
    known = finite(score) and 0 <= score <= 1
    numbers = tasks if isinstance(tasks, list) else []
    done = {n for n in numbers if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < len(lesson.tasks)}
    seen, truth = raw.get("truth"), None
    if known and isinstance(seen, dict):
        truth = {guess.name: measured_value(guess, seen.get(guess.name)) for guess in lesson.guesses}
    return LessonRecord(answers, float(score) if known else None, done, truth)
