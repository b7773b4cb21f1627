"""What is kept of the course in the reader's own browser: answers, scores, tasks that are
done, and the ten questions.

It is JSON that anybody can edit: whatever is not as it should be is left out.
"""

import json
import math
from dataclasses import dataclass, field
from typing import Any

from ui.course import questions
from ui.course.lesson import Lesson

VERSION = 1
LONGEST = 100_000  # characters that are read


@dataclass
class LessonRecord:
    """What one reader has done in one lesson.

    answers : as they were locked. score : of them, once the run has judged them. tasks : numbers of those done.
    """

    answers: dict[str, Any]
    score: float | None = None
    tasks: set[int] = field(default_factory=set)


Quiz = dict[str, dict[str, int]]  # one of questions.TIMES -> idea -> place of the answer


def written(records: dict[str, LessonRecord], quiz: Quiz) -> str:
    """The records, and the answers to the ten questions, as JSON."""
    lessons = {
        name: {"answers": record.answers, "score": record.score, "tasks": sorted(record.tasks)}
        for name, record in records.items()
    }
    return json.dumps({"version": VERSION, "lessons": lessons, "quiz": quiz})


def parsed(text: str, lessons: dict[str, Lesson]) -> tuple[dict[str, LessonRecord], Quiz]:
    """(records, ten questions) of what the browser kept; nothing of what cannot be."""
    try:
        content = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        return {}, {}
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
    known = isinstance(score, int | float) and not isinstance(score, bool) and math.isfinite(score) and 0 <= score <= 1
    numbers = tasks if isinstance(tasks, list) else []
    done = {n for n in numbers if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < len(lesson.tasks)}
    return LessonRecord(answers, float(score) if known else None, done)
