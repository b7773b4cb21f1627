"""The course in one browser tab: what was answered, what runs, what was measured. It knows no Streamlit.

A measured value is asked for through `measured` alone, and that is None as long as a lesson's guesses are not locked.
"""

import secrets
from typing import Any

from ui.course import questions
from ui.course.lesson import Attempt, Lesson
from ui.course.record import LessonRecord, Quiz, parsed, written
from ui.course.runner import LessonRun


class CourseState:
    """The reader's way through the course.

    key : of this one; a reload may bring it back. loaded : whether the browser has said what it kept. erased : changes
    with every erasure.
    """

    def __init__(self) -> None:
        self.key = secrets.token_hex(8)
        self.loaded, self.erased = False, ""
        self.quiz: Quiz = {}
        self.records: dict[str, LessonRecord] = {}
        self._runs: dict[str, LessonRun] = {}  # of the lessons as they are
        self._tries: dict[str, tuple[dict[str, Any], LessonRun]] = {}  # with the reader's controls

    def load(self, text: str, lessons: dict[str, Lesson]) -> None:
        """Take up what the browser kept; what was answered in this tab stays as it is."""
        if not self.loaded:
            records, quiz = parsed(text, lessons)
            self.records, self.quiz, self.loaded = records | self.records, quiz | self.quiz, True

    @property
    def written(self) -> str:
        """What the browser is to keep."""
        return written(self.records, self.quiz)

    def erase(self) -> None:
        """Forget everything, here and in the browser."""
        self.stop()
        self.records, self._runs, self._tries, self.quiz = {}, {}, {}, {}
        self.erased = secrets.token_hex(8)

    def hand_in(self, time: str, raw: Any) -> bool:
        """Take the answers to the ten questions, once, the first before the second; whether they are there now."""
        answers = questions.read(raw)
        if time not in self.quiz and answers is not None and (time == "before" or "before" in self.quiz):
            self.quiz[time] = answers
        return time in self.quiz

    def answers(self, lesson: Lesson) -> dict[str, Any] | None:
        """The locked answers; None before that."""
        record = self.records.get(lesson.name)
        return record.answers if record else None

    def lock(self, lesson: Lesson, raw: Any) -> bool:
        """Lock the answers that the browser sent, once; whether they are locked now."""
        if lesson.name not in self.records:
            answers = lesson.read(raw)
            if answers is None:
                return False
            self.records[lesson.name] = LessonRecord(answers)
        return True

    def run(self, lesson: Lesson) -> None:
        """Train the lesson's network; never before the answers are locked."""
        if self.answers(lesson) is None:
            return
        self.stop()
        self._runs[lesson.name] = LessonRun(lesson.name, lesson.run(lesson.seed))

    def attempt(self, lesson: Lesson, controls: dict[str, Any]) -> None:
        """Train it with the reader's controls; never before the lesson's own run is done."""
        if self.measured(lesson) is None:
            return
        self.stop()
        self._tries[lesson.name] = controls, LessonRun(lesson.name, lesson.run(lesson.seed, **controls))

    def stop(self) -> None:
        """Stop whatever runs."""
        for run in [*self._runs.values(), *(run for _controls, run in self._tries.values())]:
            run.stop()

    def run_of(self, lesson: Lesson) -> LessonRun | None:
        """The run that the guesses are judged by."""
        return self._runs.get(lesson.name)

    def try_of(self, lesson: Lesson) -> LessonRun | None:
        """The run with the reader's own controls."""
        return self._tries.get(lesson.name, (None, None))[1]

    def measured(self, lesson: Lesson) -> Any:
        """What the lesson's run measured; None before the answers are locked and the run is done."""
        run, record = self._runs.get(lesson.name), self.records.get(lesson.name)
        if run is None or record is None or run.measured is None:
            return None
        if record.score is None:
            record.score = lesson.score(record.answers, run.measured)
        return run.measured

    def attempted(self, lesson: Lesson) -> Attempt | None:
        """The finished run with the reader's controls; the tasks that it does are ticked off."""
        controls, run = self._tries.get(lesson.name, ({}, None))
        if run is None or run.measured is None:
            return None
        attempt = Attempt(controls, run.measured)
        tasks = self.records[lesson.name].tasks
        tasks |= {number for number, task in enumerate(lesson.tasks) if task.done(attempt)}
        return attempt
