"""One class: at which part of which lesson its teacher is, who has joined, and what they have guessed.

It lives in memory alone and is forgotten with its end. Every method may be called from any thread and returns at once.
"""

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ui.course.classroom.codes import new_code
from ui.course.classroom.limits import RateLimit
from ui.course.lesson import Lesson
from ui.course.names import plain_name
from ui.course.runner import LessonRun

PARTS = ("read", "guess", "run", "compare")
MOST = 200  # members
JOINS = 80, 400  # new members within WINDOW from one address, which may be a whole school's, and from all
WINDOW = 600.0  # seconds; after as many without a sign the place of a member who has guessed nothing may be given away
HERE = 30.0  # seconds after which a member who asks for nothing is no longer counted
COUNT_EVERY = 1.0  # seconds
LONGEST_NAME = 40  # characters as one sees them


@dataclass
class Member:
    """Somebody who has joined."""

    name: str  # as typed; often empty
    seen: float  # when they last asked for something


@dataclass
class LessonOfClass:
    """Progress of the class in one lesson. guesses : of each member, by their token."""

    guesses: dict[str, dict[str, Any]] = field(default_factory=dict)
    closed: bool = False
    run: LessonRun | None = None


class View(NamedTuple):
    """State of a class at one moment.

    guesses : for the lesson, without whose they are. measured : what the lesson's run measured, where everybody may see
    it.
    """

    token: str
    lesson: Lesson
    part: str
    closed: bool
    guesses: list[dict[str, Any]]
    run: LessonRun | None
    measured: Any
    here: int
    names: list[str]


class Classroom:
    """A class. code : by which one joins. key : by which its teacher leads it; nobody else has it.

    lesson, part : where everybody is. version : changes with everything that members and teacher see, but for a run's
    progress.
    """

    def __init__(self, lessons: Mapping[str, Lesson], clock: Callable[[], float] = time.monotonic):
        self.code, self.key, self.lessons = new_code(), secrets.token_urlsafe(24), dict(lessons)
        self.lesson, self.part, self.version, self.ended = next(iter(self.lessons)), PARTS[0], 0, False
        self._clock, self._lock = clock, threading.RLock()
        self._members: dict[str, Member] = {}
        self._works: dict[str, LessonOfClass] = {}
        self._joins = RateLimit(*JOINS, WINDOW, clock)
        self._counted, self._here = float("-inf"), 0
        self.signed = clock()  # when its teacher last gave a sign
        self.frames: Any = None  # what the server has made for it last (frames.py)

    # Who may do what

    def is_teacher(self, key: str) -> bool:
        """Whether this is the teacher's key; that is a sign of the teacher."""
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            return False
        self.signed = self._clock()
        return True

    def role_of(self, key: str) -> str:
        """Whose key this is, "teacher", "member" or "": that is no sign of either."""
        if hmac.compare_digest(key.encode(), self.key.encode()):
            return "teacher"
        with self._lock:
            return "member" if key in self._members else ""

    def is_member(self, token: str) -> bool:
        """Whether this is a member's token; that is a sign of the member."""
        with self._lock:
            member = self._members.get(token)
            if member is None:
                return False
            member.seen = self._clock()
            return True

    def join(self, token: str = "", name: str = "", address: str = "") -> str | None:
        """The token of a member: a new one, or the same for one who comes back; None where the class is full, or where
        too many have joined from the address lately (not limited where it is not known)."""
        with self._lock:
            if not self.is_member(token):
                if (address and self._joins.reached(address)) or self.is_full:
                    return None
                self._joins.count(address)
                token = secrets.token_urlsafe(16)
                self._members[token] = Member("", self._clock())
                self._changed(recount=True)
            if name:
                self._members[token].name = plain_name(name, LONGEST_NAME)
                self._changed()
            return token

    @property
    def is_full(self) -> bool:
        """Whether there is no place for a new member, not even one of somebody who left without a guess."""
        with self._lock:
            if len(self._members) >= MOST:
                since, guessed = self._clock() - WINDOW, set().union(*(work.guesses for work in self._works.values()))
                gone = [token for token, one in self._members.items() if one.seen <= since and token not in guessed]
                for token in gone:
                    del self._members[token]
            return len(self._members) >= MOST

    # What the teacher does

    def go(self, lesson: str, part: str) -> bool:
        """Take everybody to a part of a lesson; whether that can be. To run closes the guessing and trains the network,
        to compare needs what it measured."""
        with self._lock:
            if lesson not in self.lessons or part not in PARTS or self.ended:
                return False
            work = self._works.get(lesson, LessonOfClass())
            if part == "compare" and (work.run is None or work.run.measured is None):
                return False
            self._works.pop(lesson, None)
            self._works[lesson] = work  # the last
            if lesson != self.lesson:
                self._stop()
            if part == "run":
                work.closed = True
                if work.run is None or work.run.status in ("stopped", "failed"):
                    work.run = LessonRun((self.code, lesson), self.lessons[lesson].run(self.lessons[lesson].seed))
            self.lesson, self.part = lesson, part
            self._changed()
            return True

    def close(self, lesson: str) -> bool:
        """Close the guessing of the present lesson for good: now everybody sees the histogram."""
        with self._lock:
            if lesson != self.lesson or self.part == "read" or self.ended:
                return False
            self.work.closed = True
            self._changed()
            return True

    def stop(self) -> bool:
        """Stop the training."""
        with self._lock:
            self._stop()
            self._changed()
            return True

    def end(self) -> None:
        """Forget everything that members have said."""
        with self._lock:
            self._stop()
            self.ended, self.frames = True, None
            self._members, self._works = {}, {}
            self._changed()

    def _stop(self) -> None:
        for work in self._works.values():
            if work.run is not None:
                work.run.stop()

    # What members do

    def guess(self, token: str, lesson: str, raw: Any) -> str:
        """Take a member's guesses for the present lesson, or others in their place: "taken"; "late" where the guessing
        is closed or elsewhere; "wrong" where they cannot be."""
        with self._lock:
            if token not in self._members or lesson != self.lesson or self.part != "guess" or self.work.closed:
                return "late"
            answers = self.lessons[lesson].read(raw)
            if answers is None:
                return "wrong"
            self.work.guesses[token] = answers
            self._changed()
            return "taken"

    def answers(self, token: str, lesson: str) -> dict[str, Any] | None:
        """A member's own guesses for a lesson."""
        with self._lock:
            work = self._works.get(lesson)
            return work.guesses.get(token) if work else None

    def committed(self, token: str) -> list[tuple[Lesson, dict[str, Any], Any]]:
        """A member's own guesses that can no longer be changed: the lesson, the answers, and what was measured, None
        before the class compares it. The lesson where the class went last is the last."""
        with self._lock:
            found = []
            for name, work in self._works.items():
                if work.closed and token in work.guesses:
                    compared = work.run is not None and (name != self.lesson or self.part == "compare")
                    measured = work.run.measured if work.run is not None and compared else None
                    found.append((self.lessons[name], work.guesses[token], measured))
            return found

    def withholds(self, lesson: str, guessed: bool) -> bool:
        """Whether a member may not do the lesson alone now: while the class is at it and has not compared it, and,
        without a guess that was locked before (`guessed`), once its network was trained."""
        with self._lock:
            if lesson == self.lesson and self.part != "compare":
                return True
            work = self._works.get(lesson)
            return not guessed and work is not None and work.run is not None

    # What is seen

    @property
    def work(self) -> LessonOfClass:
        """Guesses of the present lesson."""
        with self._lock:
            return self._works.setdefault(self.lesson, LessonOfClass())

    @property
    def works(self) -> dict[str, LessonOfClass]:
        """Of every lesson that was opened, in the order of the course."""
        with self._lock:
            return {name: self._works[name] for name in self.lessons if name in self._works}

    @property
    def tokens(self) -> list[str]:
        """Of all members."""
        with self._lock:
            return list(self._members)

    @property
    def here(self) -> int:
        """Number of members that are here now."""
        with self._lock:
            now = self._clock()
            if now - self._counted >= COUNT_EVERY:
                self._counted = now
                self._here = sum(now - member.seen < HERE for member in self._members.values())
            return self._here

    @property
    def token(self) -> str:
        """Of what there is to see now: another one as soon as there is something new."""
        with self._lock:
            run = self.work.run
            training = f"/{run.status}/{run.waiting}/{run.progress.share:.6f}" if run and self.part == "run" else ""
            return f"{self.version}/{self.here}{training}"

    @property
    def view(self) -> View:
        """Present state, all of the same moment."""
        with self._lock:
            work, lesson = self.work, self.lessons[self.lesson]
            # in alphabetical order: it says nothing of who came when
            names = sorted(member.name for member in self._members.values() if member.name)
            measured = work.run.measured if work.run is not None and self.part == "compare" else None
            guesses = list(work.guesses.values())
            return View(self.token, lesson, self.part, work.closed, guesses, work.run, measured, self.here, names)

    def _changed(self, recount: bool = False) -> None:
        self.version += 1
        if recount:
            self._counted = float("-inf")
