"""Progress in an address: as it was, short enough, and nothing of what is damaged."""

import base64
import zlib

import pytest

from ui.course.lessons import NAMES, lessons
from ui.course.progress.link import packed, unpacked
from ui.course.questions import IDEAS, TIMES
from ui.course.record import LessonRecord, written
from ui.course.state import CourseState


def everything() -> dict[str, LessonRecord]:
    """A record of every lesson, with long numbers."""
    records = {}
    for name, one in lessons().items():
        answers = {}
        for guess in one.guesses:
            match guess.kind:
                case "number":
                    answers[guess.name] = round(guess.high) if guess.whole else guess.low + (guess.high - guess.low) / 3
                case "choice":
                    answers[guess.name] = guess.options[0][0]
                case "many":
                    answers[guess.name] = {key: guess.options[0][0] for key, _label in guess.items}
                case "order":
                    answers[guess.name] = tuple(key for key, _label in guess.items)
                case "curve":
                    answers[guess.name] = tuple(guess.y.low * 1.37**step for step in range(len(guess.at)))
        records[name] = LessonRecord(one.read(answers), 2 / 3, {0, 1}, dict(answers))
    return records


def test_all_of_the_course_comes_back_and_fits_an_address():
    records, quiz = everything(), {time: dict.fromkeys(IDEAS, 2) for time in TIMES}
    text = packed(records, quiz)
    assert len(text) < 4000 and text.replace("-", "").replace("_", "").replace(".", "").isalnum()
    found, answered = unpacked(text, lessons())
    assert list(found) == list(NAMES) and answered == quiz
    for name, record in records.items():
        assert found[name].tasks == record.tasks and found[name].score == pytest.approx(record.score, abs=1e-3)
        for guess in lessons()[name].guesses:
            near = guess.score(found[name].answers[guess.name], record.answers[guess.name])
            assert near == pytest.approx(1, abs=0.01)
            assert guess.score(found[name].truth[guess.name], record.answers[guess.name]) == near


def test_a_link_that_was_cut_or_changed_is_refused():
    text = packed({"untrained": LessonRecord({"loss": 3.5}, 0.5)}, {})
    assert unpacked(text, lessons())[0]["untrained"].answers == {"loss": 3.5}
    changed = [text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :] for at in range(0, len(text), 7)]
    bomb = zlib.compress(b" " * 50_000_000)
    huge = f"1.{base64.urlsafe_b64encode(bomb).decode()}.{zlib.crc32(bomb):08x}"
    for damaged in (*changed, text[:-1], text[3:], "", "1", "1..", "1.é.00000000", text + ".", "2" + text[1:]):
        assert unpacked(damaged, lessons()) is None, damaged
    assert unpacked(huge, lessons()) is None  # no more of it is unpacked than a record may have


@pytest.mark.parametrize("content", ["null", "[]", '{"version": 2}', '{"version": 1, "lessons": {"not_here": {}}}'])
def test_a_link_that_has_nothing_for_here_replaces_nothing(content):
    raw = zlib.compress(content.encode())
    text = f"1.{base64.urlsafe_b64encode(raw).decode().rstrip('=')}.{zlib.crc32(raw):08x}"
    state = CourseState()
    state.load(written({"untrained": LessonRecord({"loss": 3.5}, 0.5)}, {}), lessons())
    state.arrive(text, "now", lessons())
    assert state.arrival.content is None and not state.arrival.open  # nobody is asked
    state.decide(True)
    assert list(state.records) == ["untrained"]
