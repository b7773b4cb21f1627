"""All classes: started, found, ended."""

import pytest
from visits import until

from ui.course.classroom import registry
from ui.course.classroom.codes import new_code, written_code
from ui.course.classroom.registry import Classes
from ui.training.capacity import Capacity

HOME = "10.0.0.1"


@pytest.fixture
def now():
    """A clock that stands still."""
    return [0.0]


@pytest.fixture
def classes(now):
    """Of a server with three places."""
    made = Classes(Capacity(3), clock=lambda: now[0])
    yield made
    for classroom in list(made._classes.values()):
        made.end(classroom)


def test_a_class_is_found_by_its_code_and_takes_one_place(classes, lessons):
    classroom = classes.start(lessons, HOME)
    for _member in range(50):
        classroom.join()
    assert classes._capacity.admitted == 1
    assert classes.find(written_code(classroom.code).lower(), HOME) is classroom
    assert classes.known(classroom.code) is classroom


def test_a_wrong_code_and_that_of_a_class_that_has_ended(classes, lessons):
    classroom = classes.start(lessons, HOME)
    classes.end(classroom)
    assert classes.find(new_code(), HOME) == classes.find("x", HOME) == "unknown"
    assert classes.find(classroom.code, HOME) == "ended" and classes.known(classroom.code) is None
    assert classes._capacity.admitted == 0
    classes.end(classroom)


def test_codes_cannot_be_tried_for_long(classes, lessons, now):
    classroom = classes.start(lessons, HOME)
    member = classroom.join()
    tries = [classes.find(new_code(), HOME) for _try in range(registry.TRIES[0] + 5)]
    assert tries == ["unknown"] * registry.TRIES[0] + ["often"] * 5
    assert classes.find(classroom.code, HOME) is classroom  # neighbours who try codes keep nobody out
    assert classes.known(classroom.code).is_member(member)  # who has joined stays
    assert classes.find(classroom.code, "10.0.0.2") is classroom
    now[0] = registry.WINDOW
    assert classes.find(new_code(), HOME) == "unknown"


def test_many_addresses_cannot_try_for_long_either(classes, lessons):
    classroom = classes.start(lessons, HOME)
    for number in range(registry.TRIES[1]):
        assert classes.find(new_code(), f"10.1.{number // 250}.{number % 250}") == "unknown"
    assert classes.find(new_code(), "10.2.0.1") == "often" and classes.find(classroom.code, "10.2.0.1") is classroom


def test_members_of_a_class_that_has_ended_use_up_no_tries(classes, lessons):
    classroom = classes.start(lessons, HOME)
    classes.end(classroom)
    assert {classes.find(classroom.code, HOME) for _member in range(300)} == {"ended"}
    assert classes.find(classes.start(lessons, HOME).code, HOME) not in ("often", "unknown")


def test_a_class_that_has_ended_is_told_also_where_many_codes_were_tried(classes, lessons):
    classroom = classes.start(lessons, HOME)
    for _try in range(registry.TRIES[0]):
        classes.find(new_code(), HOME)
    classes.end(classroom)
    assert classes.find(classroom.code, HOME) == "ended" and classes.find(new_code(), HOME) == "often"


def test_a_full_server_starts_no_class(classes, lessons):
    for number in range(3):
        assert classes.start(lessons, f"10.0.0.{number}") not in ("full", "often")
    assert classes.start(lessons, "10.0.0.9") == "full"


def test_a_server_holds_so_many_classes(lessons):
    classes = Classes(Capacity(10), most=1)
    first = classes.start(lessons)
    assert classes.start(lessons) == "full"
    classes.end(first)
    second = classes.start(lessons)
    assert second is not first and second.code != first.code
    classes.end(second)


def test_nobody_starts_classes_without_end(classes, lessons, now):
    for _class in range(registry.STARTS[0]):
        classes.end(classes.start(lessons, HOME))
    assert classes.start(lessons, HOME) == "often"
    now[0] = registry.WINDOW
    classes.end(classes.start(lessons, HOME))


def test_a_class_ends_two_hours_after_the_last_sign_of_its_teacher(classes, lessons, now):
    assert registry.KEPT == 2 * 3600
    classroom = classes.start(lessons, HOME)
    member = classroom.join()
    now[0] = 3600.0
    assert classroom.is_teacher(classroom.key) and classes.expire() == registry.KEPT
    now[0] = 3600.0 + registry.KEPT - 1
    classroom.is_member(member)  # no sign of the teacher
    assert classes.expire() == 1.0 and not classroom.ended
    now[0] += 1
    assert classes.expire() is None and classroom.ended
    assert classes.find(classroom.code, HOME) == "ended" and classes._capacity.admitted == 0


def test_the_end_waits_for_no_visit(lessons):
    classes = Classes(Capacity(1), kept=0.1)
    classroom = classes.start(lessons)
    until(lambda: classroom.ended)
    until(lambda: classes._capacity.admitted == 0)
    second = classes.start(lessons)
    until(lambda: second.ended)
