"""The course in one browser tab: what was answered, what runs, what was measured. It knows no Streamlit.

A measured value is asked for through `measured` alone, and that is None as long as a lesson's guesses are not locked.
"""

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from ui.course import questions
from ui.course.guess import measured_value
from ui.course.lesson import Attempt, Lesson
from ui.course.progress.link import packed, unpacked
from ui.course.record import LessonRecord, Quiz, parsed, seen_in, written
from ui.course.runner import LessonRun
from ui.training import presence

LARGEST = 200_000  # characters of a drawing


class Arrival(NamedTuple):
    """Progress that a link has brought.

    at : which one: the browser's time. content : records and ten questions; None where the link is damaged.
    taken : whether the reader took it up; None: not yet answered.
    """

    at: str
    content: tuple[dict[str, LessonRecord], Quiz] | None
    taken: bool | None = None

    @property
    def open(self) -> bool:
        """Whether the reader has to answer."""
        return self.content is not None and self.taken is None


class CourseState:
    """The reader's way through the course.

    key : of this one; a reload may bring it back. visitor : who takes a place of the server while something runs.
    loaded : whether the browser has said what it kept. erased : changes with every erasure.
    """

    def __init__(self) -> None:
        self.key = self.visitor = secrets.token_hex(8)
        self.loaded, self.erased, self._stored = False, "", ""
        self.networks_erased = ""  # changes whenever the browser shall keep no network any more
        self.charts: dict[str, str] = {}  # SVG of the lessons' charts, as the browser kept them
        self.charts_asked = self.charts_sent = ""  # changes whenever they are asked for; the last that was answered
        self._charts_missed: set[str] = set()  # lessons whose drawing was asked for
        self.file_asked = ""  # for the file that is handed in: as it was asked with
        self.arrival: Arrival | None = None  # the last progress that a link has brought
        self.refused = False  # whether the server had no place for the last run
        self.quiz: Quiz = {}
        self.drafts: Quiz = {}  # answers to the ten questions that are not handed in
        self.records: dict[str, LessonRecord] = {}
        self.seen: set[str] = set()  # lessons whose result a class has shown here to somebody without a guess
        self._forgotten: set[str] = set()  # lessons that have become others, and are not locked again
        self._runs: dict[str, LessonRun] = {}  # of the lessons as they are
        self._tries: dict[str, tuple[dict[str, Any], LessonRun]] = {}  # with the reader's controls

    def load(self, text: str, lessons: dict[str, Lesson]) -> None:
        """Take up what the browser kept; what was answered in this tab stays as it is."""
        if not self.loaded:
            self._stored = text
            records, quiz = parsed(text, lessons)
            self.records, self.quiz, self.loaded = records | self.records, quiz | self.quiz, True
            self.seen |= seen_in(text, lessons)

    def recall(self, lesson: Lesson) -> None:
        """Take up what the browser kept of a lesson that was not there when it was loaded."""
        if lesson.name not in self.records and self._stored and lesson.name not in self._forgotten:
            self.records |= parsed(self._stored, {lesson.name: lesson})[0]

    def follow(self, text: str, replaced: bool, lessons: dict[str, Lesson]) -> None:
        """Take up what another tab of the browser has kept: beside what is here, or in its place if it was replaced."""
        records, quiz = parsed(text, lessons)
        if replaced:
            self.stop()
            self.records, self.quiz, self._runs, self._tries = records, quiz, {}, {}
        for name, record in records.items():
            if name in self._forgotten:
                continue
            here = self.records.setdefault(name, record)
            if here.answers == record.answers:
                here.tasks |= record.tasks
                if here.score is None:
                    here.score, here.truth = record.score, record.truth
        self.quiz, self._stored = quiz | self.quiz, text
        self.seen |= seen_in(text, lessons)

    def forget(self, lesson: Lesson) -> None:
        """Forget what was done in a lesson, which has become another one."""
        self.stop()
        self._forgotten.add(lesson.name)
        for known in (self.records, self._runs, self._tries):
            known.pop(lesson.name, None)

    @property
    def written(self) -> str:
        """Record for the browser to keep."""
        return written(self.records, self.quiz, seen=self.seen)

    @property
    def empty(self) -> bool:
        """Whether there is nothing for the browser to keep."""
        return not (self.records or self.quiz or self.seen)

    def erase(self) -> None:
        """Forget everything, here and in the browser."""
        self.seen = set()
        self.replace({}, {})
        self.drafts = {}
        self.charts, self.arrival = {}, None

    def erase_networks(self) -> None:
        """Have the browser forget the networks that it keeps (ui/live/static/keeper.js)."""
        self.networks_erased = secrets.token_hex(8)

    def replace(self, records: dict[str, LessonRecord], quiz: Quiz) -> None:
        """Have these records in the place of all that there is, here and in the browser."""
        self.stop()
        self.records, self._runs, self._tries, self.quiz, self._stored = records, {}, {}, quiz, ""
        self.erased = secrets.token_hex(8)

    def arrive(self, text: str, at: str, lessons: dict[str, Lesson]) -> None:
        """A link has brought progress: it is taken up where there is none, else it waits for the reader's answer,
        unless the same is here already."""
        self.arrival = Arrival(at, unpacked(text, lessons))
        if not (self.records or self.quiz):
            self.decide(True)
        elif self.arrival.open and unpacked(packed(self.records, self.quiz), lessons) == self.arrival.content:
            self.arrival = self.arrival._replace(taken=True)

    def decide(self, take: bool) -> None:
        """Put the progress that a link has brought in the place of what there is, or leave it."""
        arrival = self.arrival
        if arrival is None or arrival.content is None:
            return
        if take:
            self.replace(*arrival.content)
        self.arrival = arrival._replace(taken=take)

    def ask_for_charts(self) -> None:
        """Have the browser send the drawings that it has kept."""
        self.charts_asked = secrets.token_hex(8)

    def kept_chart(self, lesson: Lesson) -> str | None:
        """The drawing of a lesson that the browser has kept; where it is not here the browser is asked, once."""
        if lesson.name not in self.charts and lesson.name not in self._charts_missed:
            self._charts_missed.add(lesson.name)
            self.ask_for_charts()
        return self.charts.get(lesson.name)

    def ask_for_file(self) -> None:
        """Have it send them for the file that is handed in, which is complete until something else is measured."""
        self.ask_for_charts()
        self.file_asked = self.charts_asked

    @property
    def has_file(self) -> bool:
        """Whether the drawings for the file that is handed in are there."""
        return self.file_asked != "" and self.file_asked == self.charts_sent

    def take_charts(self, asked: str, kept: Mapping[Any, Any]) -> None:
        """Take what it sent: drawings alone, and none that is too large."""
        known = {str(name): text for name, text in kept.items() if isinstance(text, str)}
        self.charts_sent = asked
        self.charts = {name: text for name, text in known.items() if text.startswith("<svg") and len(text) <= LARGEST}

    def hand_in(self, time: str, raw: Any, done: bool = False) -> bool:
        """Take the answers to the ten questions, once, the first before the second; whether they are there now.
        done : whether the course is; then those before it are asked no more, and those after it alone are taken."""
        answers, open_ = questions.read(raw), "after" if done or "before" in self.quiz else "before"
        if not {time, "after"} & set(self.quiz) and answers is not None and time == open_:
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
            self._forgotten.discard(lesson.name)
        return True

    def adopt(self, lesson: Lesson, raw: Any, measured: Any) -> None:
        """Count a guess that was made in a class, where there is none yet. measured : there; None before that."""
        if not self.loaded or not self.lock(lesson, raw):
            return
        record = self.records[lesson.name]
        if measured is not None and record.score is None and record.answers == lesson.read(raw):
            self._judge(record, lesson, measured)

    def run(self, lesson: Lesson) -> None:
        """Train the lesson's network; never before the answers are locked."""
        if self.answers(lesson) is not None and (run := self._start(lesson, {})) is not None:
            self._runs[lesson.name] = run

    def attempt(self, lesson: Lesson, controls: dict[str, Any]) -> None:
        """Train it with the reader's controls; never before the lesson's own run is done."""
        if self.measured(lesson) is not None and (run := self._start(lesson, controls)) is not None:
            self._tries[lesson.name] = controls, run

    def _start(self, lesson: Lesson, controls: dict[str, Any]) -> LessonRun | None:
        """A run that takes a place of the server until it ends; None where there is none."""
        self.stop()
        place = object()
        self.refused = not presence.CAPACITY.admit(self.visitor, place)
        if self.refused:
            return None
        visitor = self.visitor
        return LessonRun(
            lesson.name, lesson.run(lesson.seed, **controls), ended=lambda: presence.CAPACITY.release(visitor, place)
        )

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
        """Measured values of the lesson's run; None before the answers are locked and the run is done."""
        run, record = self._runs.get(lesson.name), self.records.get(lesson.name)
        if run is None or record is None or run.measured is None:
            return None
        if record.truth is None:
            self._judge(record, lesson, run.measured)
        return run.measured

    def judged_before(self, lesson: Lesson) -> dict[str, Any] | None:
        """The measured values that the guesses were judged by where its run is not here: before a reload, or in a
        class."""
        record = self.records.get(lesson.name)
        return record.truth if record is not None and self.measured(lesson) is None else None

    def attempted(self, lesson: Lesson) -> Attempt | None:
        """The finished run with the reader's controls; the tasks that it does are ticked off."""
        controls, run = self._tries.get(lesson.name, ({}, None))
        if run is None or run.measured is None:
            return None
        attempt = Attempt(controls, run.measured)
        tasks = self.records[lesson.name].tasks
        tasks |= {number for number, task in enumerate(lesson.tasks) if task.done(attempt)}
        return attempt

    def _judge(self, record: LessonRecord, lesson: Lesson, measured: Any) -> None:
        """Note what was measured, and the score of the locked answers."""
        truth = lesson.truth(measured)
        record.score = lesson.score(record.answers, measured)
        record.truth = {guess.name: measured_value(guess, truth[guess.name]) for guess in lesson.guesses}
        self.file_asked = ""
