"""The guesses of a class as a CSV file, for its teacher."""

import csv
import io
import json
import random
from typing import Any

from ui.course.classroom.classroom import Classroom

COLUMNS = ("lesson", "member", "guess", "answer", "measured", "score")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute at the beginning of a cell


def guesses_csv(classroom: Classroom) -> str:
    """A row for each guess. Members are numbered at random, the same in every lesson: no row says who they are or when
    they came. The measured value and the score stay empty where nothing was measured."""
    members = classroom.tokens
    random.SystemRandom().shuffle(members)
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(COLUMNS)
    for name, work in classroom.works.items():
        lesson = classroom.lessons[name]
        measured = work.run.measured if work.run else None
        truth = lesson.truth(measured) if measured is not None else {}
        guesses = dict(work.guesses)
        for number, member in enumerate(members, start=1):
            for guess in lesson.guesses if member in guesses else ():
                answer, found = guesses[member][guess.name], truth.get(guess.name)
                score = "" if found is None else f"{guess.score(answer, found):.3f}"
                cells = (name, number, guess.name, _cell(answer), "" if found is None else _cell(found), score)
                rows.writerow(cells)
    return file.getvalue()


def _cell(answer: Any) -> str:
    """A number or a word as it is, everything else as JSON; never a formula.

    >>> _cell(3.5), _cell(-1), _cell("=A1"), _cell(("a", "b"))
    ('3.5', '-1', "'=A1", '["a", "b"]')
    """
    if hasattr(answer, "tolist"):
        answer = answer.tolist()
    if isinstance(answer, int | float):
        return f"{answer:.6g}"
    if isinstance(answer, str):
        return f"'{answer}" if answer.startswith(FORMULA) else answer
    return json.dumps(answer if isinstance(answer, dict) else list(answer), ensure_ascii=False)
