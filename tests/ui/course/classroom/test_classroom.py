"""One class: who may do what, and what is seen when."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from visits import until

from ui.course.classroom import classroom as module
from ui.course.classroom.classroom import Classroom

LESSON = "untrained"


def test_the_key_is_apart_from_the_code(group):
    classroom = group.classroom
    assert classroom.is_teacher(classroom.key) and len(classroom.key) >= 32
    assert not any(classroom.is_teacher(key) for key in ("", classroom.code, group.members[0], "é"))
    assert classroom.is_member(group.members[0]) and not classroom.is_member(classroom.key)


def test_who_comes_back_is_the_same_member(group):
    token = group.members[0]
    assert group.classroom.join(token) == token and len(group.classroom.tokens) == 3
    assert group.classroom.join("a token of another class") not in group.members


def test_who_left_without_a_guess_makes_room_in_a_full_class(lessons, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    now = [0.0]
    classroom = Classroom(lessons, lambda: now[0])
    guessed, silent = classroom.join(), classroom.join()
    classroom.go(LESSON, "guess")
    assert classroom.guess(guessed, LESSON, {"loss": 1.0}) == "taken" and classroom.join() is None
    now[0] = module.WINDOW
    new = classroom.join()
    assert new is not None and classroom.tokens == [guessed, new] and not classroom.is_member(silent)
    assert classroom.join() is None
    classroom.end()


def test_a_member_has_one_guess_which_may_be_changed_until_the_guessing_is_closed(group):
    assert group.guess(1.0, 2.0) == ["taken", "taken"]
    assert group.guess(3.0) == ["taken"]
    assert group.classroom.view.guesses == [{"loss": 3.0}, {"loss": 2.0}]
    assert group.classroom.close(LESSON)
    assert group.guess(4.0, 4.0, 4.0) == ["late"] * 3
    assert group.classroom.view.guesses == [{"loss": 3.0}, {"loss": 2.0}]
    assert group.classroom.answers(group.members[0], LESSON) == {"loss": 3.0}


def test_the_lesson_of_the_class_is_not_done_alone(group):
    classroom = group.classroom
    assert classroom.withholds(LESSON, False) and classroom.withholds(LESSON, True)
    assert not classroom.withholds("state", False)
    group.train()
    assert classroom.withholds(LESSON, False)  # the result was shown
    assert not classroom.withholds(LESSON, True)  # and the guess locked before it
    classroom.go("state", "read")
    assert classroom.withholds(LESSON, False) and classroom.withholds("state", True)


def test_a_guess_counts_for_its_member_once_it_is_closed_and_is_judged_once_it_is_compared(group):
    classroom, (first, second, _third) = group.classroom, group.members
    group.guess(3.0)
    assert classroom.committed(first) == []
    group.train(part="run")
    [(lesson, answers, measured)] = classroom.committed(first)
    assert (lesson.name, answers, measured) == (LESSON, {"loss": 3.0}, None)
    classroom.go(LESSON, "compare")
    assert classroom.committed(first)[0][2].symbols and classroom.committed(second) == []
    classroom.go("state", "read")
    assert classroom.committed(first)[0][2].symbols


def test_the_lesson_where_the_class_went_last_is_the_last_that_counts(group):
    classroom, (first, *_others) = group.classroom, group.members
    group.guess(3.0)
    group.train()
    answers = {guess.name: 0.5 for guess in classroom.lessons["state"].guesses}
    classroom.go("state", "guess")
    assert classroom.guess(first, "state", answers) == "taken" and classroom.close("state")
    assert [lesson.name for lesson, *_rest in classroom.committed(first)] == ["untrained", "state"]
    classroom.go(LESSON, "compare")
    assert [lesson.name for lesson, *_rest in classroom.committed(first)] == ["state", "untrained"]


def test_what_is_closed_stays_closed(group):
    group.guess(1.0)
    group.classroom.close(LESSON)
    for lesson, part in ((LESSON, "read"), ("state", "guess"), (LESSON, "guess")):
        assert group.classroom.go(lesson, part)
    assert group.classroom.view.closed and group.guess(2.0) == ["late"]
    assert group.classroom.view.guesses == [{"loss": 1.0}]


@pytest.mark.parametrize("raw", [None, {}, {"loss": "1"}, {"loss": 11}, {"loss": float("nan")}, [1.0]])
def test_a_guess_that_cannot_be_is_refused(group, raw):
    assert group.classroom.guess(group.members[0], LESSON, raw) == "wrong"
    assert group.classroom.view.guesses == []


def test_nobody_guesses_elsewhere_or_without_having_joined(group):
    assert group.classroom.guess("nobody", LESSON, {"loss": 1.0}) == "late"
    assert group.classroom.guess(group.members[0], "state", {"loss": 1.0}) == "late"
    group.classroom.go(LESSON, "read")
    assert group.guess(1.0) == ["late"]


def test_a_run_closes_the_guessing_and_is_made_once(group):
    assert not group.classroom.go(LESSON, "compare")
    group.classroom.go(LESSON, "run")
    run = group.classroom.view.run
    assert group.classroom.view.closed and group.guess(1.0) == ["late"]
    assert group.classroom.go(LESSON, "run") and group.classroom.view.run is run
    group.rest.set()
    until(lambda: run.status == "done")
    assert group.classroom.view.measured is None  # as long as the teacher does not compare
    assert group.classroom.go(LESSON, "compare") and group.classroom.view.measured is run.measured
    group.classroom.go(LESSON, "guess")
    assert group.classroom.view.measured is None


def test_a_stopped_run_begins_anew(group):
    group.classroom.go(LESSON, "run")
    first = group.classroom.view.run
    group.classroom.stop()
    assert first.status == "stopped" and not group.classroom.go(LESSON, "compare")
    group.classroom.go(LESSON, "run")
    assert group.classroom.view.run is not first and group.classroom.view.run.status == "running"


def test_another_lesson_stops_the_run_and_keeps_the_guesses(group):
    group.guess(1.0)
    group.classroom.go(LESSON, "run")
    run = group.classroom.view.run
    assert group.classroom.go("state", "read") and run.status == "stopped"
    group.classroom.go(LESSON, "guess")
    assert group.classroom.view.guesses == [{"loss": 1.0}]


def test_where_a_class_cannot_go(group):
    before = group.classroom.token
    assert not group.classroom.go("lab", "read") and not group.classroom.go(LESSON, "explain")
    assert not group.classroom.close("state")
    assert group.classroom.token == before


def test_the_token_changes_with_whatever_is_seen(group):
    seen = [group.classroom.token]

    def changed():
        seen.append(group.classroom.token)
        return seen[-1] not in seen[:-1]

    group.guess(1.0)
    assert changed()
    group.classroom.join()
    assert changed()
    group.classroom.close(LESSON)
    assert changed()
    group.classroom.go(LESSON, "run")
    until(lambda: group.classroom.view.run.progress.share == 0.5)
    assert changed()
    group.train()
    assert changed() and group.classroom.token == group.classroom.view.token


def test_who_is_away_is_not_counted(lessons, monkeypatch):
    now = [0.0]
    classroom = Classroom(lessons, clock=lambda: now[0])
    first, _second = classroom.join(), classroom.join()
    assert classroom.here == 2
    now[0] = 0.9 * module.HERE
    classroom.is_member(first)
    now[0] = 1.1 * module.HERE
    assert classroom.here == 1


def test_a_full_class_takes_nobody_but_those_who_come_back(lessons, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    classroom = Classroom(lessons)
    first, second = classroom.join(), classroom.join()
    assert classroom.join() is None and classroom.join(first) == first and second


def test_a_name_is_optional_and_plain_text(group):
    classroom = group.classroom
    assert classroom.view.names == []
    classroom.join(group.members[0], "Bo")
    classroom.join(group.members[1], " Ada\n<b>\u202e\x00 ")
    assert classroom.view.names == ["Ada <b>", "Bo"]
    classroom.join(group.members[2], "x" * 500)
    assert max(map(len, classroom.view.names)) == module.LONGEST_NAME


def test_an_ended_class_has_forgotten_everything(group):
    group.guess(1.0)
    group.classroom.go(LESSON, "run")
    run = group.classroom.view.run
    group.classroom.end()
    assert run.status == "stopped" and group.classroom.ended
    assert group.classroom.works == {} and group.classroom.tokens == [] and group.classroom.view.guesses == []
    assert not group.classroom.go(LESSON, "read") and not group.classroom.close(LESSON)


def test_many_who_guess_at_once_are_all_counted(lessons):
    classroom = Classroom(lessons)
    classroom.go(LESSON, "guess")

    def take_part(number):
        token = classroom.join()
        return [classroom.guess(token, LESSON, {"loss": number % 10}) for _change in range(3)]

    with ThreadPoolExecutor(16) as threads:
        done = list(threads.map(take_part, range(100)))
    assert done == [["taken"] * 3] * 100
    assert sorted(answers["loss"] for answers in classroom.view.guesses) == sorted(number % 10 for number in range(100))
