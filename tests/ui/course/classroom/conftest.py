"""A class with its teacher and members, and a run that measures without training."""

import threading
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from visits import PATIENCE, until

from ui.course.classroom.classroom import Classroom
from ui.course.lesson import Progress
from ui.course.lessons import lesson
from ui.course.lessons.untrained import Measured


class Class(NamedTuple):
    """A class at the guessing of the lesson “untrained”."""

    classroom: Classroom
    members: list[str]
    rest: threading.Event  # the run waits for it before it measures

    def guess(self, *numbers: float) -> list[str]:
        """What becomes of the members' guesses, one after the other."""
        pairs = zip(self.members, numbers, strict=False)
        return [self.classroom.guess(member, "untrained", {"loss": number}) for member, number in pairs]

    def train(self, part="compare") -> None:
        """Close the guessing, train to the end, and go on to a part."""
        assert self.classroom.go("untrained", "run")
        self.rest.set()
        until(lambda: self.classroom.view.run.status == "done")
        assert self.classroom.go("untrained", part)


@pytest.fixture
def rest():
    """Lets runs measure."""
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def lessons(rest):
    """Three lessons of the course; the run of “untrained” waits for `rest`."""

    def run(seed, **_controls):
        yield Progress(0.5, {"numbers": {"loss (nats)": 3.4}, "losses": ([0, 1], [3.5, 3.4])})
        assert rest.wait(PATIENCE)
        yield Progress(1.0, {}, Measured((30, 3, 300), np.full((3, 20), 3.4)))

    every = {name: lesson(name) for name in ("untrained", "state", "way_back")}
    return every | {"untrained": replace(every["untrained"], run=run)}


@pytest.fixture
def group(lessons, rest):
    """Three members who may guess."""
    classroom = Classroom(lessons)
    members = [classroom.join() for _member in range(3)]
    assert classroom.go("untrained", "guess")
    yield Class(classroom, members, rest)
    classroom.end()
