"""The file that is handed in: what it holds, that it is text alone, and what its verification sees."""

import json
import re

import pytest

from ui.course.lessons import lessons
from ui.course.progress.document import document
from ui.course.progress.hand_in import CHECKSUM, LARGEST, RECORD, canonical, checksum, record_of, verified
from ui.course.questions import IDEAS
from ui.course.record import LessonRecord
from ui.i18n import language

EVIL = '</script><img src=x onerror="alert(1)">'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text>3.41</text></svg>'
LOSS = LessonRecord({"loss": 3.5}, 0.95, {0}, {"loss": 3.4})
QUIZ = {"before": dict.fromkeys(IDEAS, 1), "after": dict.fromkeys(IDEAS, 0)}


def script(content: str) -> str:
    """The element that holds the record."""
    return f'<script type="application/json" id="hand-in">{content}</script>'


def made(records=None, quiz=None, name="Ada", charts=None, code="en") -> str:
    _ = language(code).gettext
    record = record_of(
        records or {"untrained": LOSS},
        quiz or {},
        lessons(),
        name=name,
        date="2026-11-28",
        address="https://example.org/app/course",
        language=code,
        translate=_,
    )
    return document(record, {"untrained": SVG} if charts is None else charts, _)


def test_it_holds_guess_measured_value_score_tasks_seed_links_and_versions():
    text = made(quiz=QUIZ)
    for part in ("Ada", "2026-11-28", "3.5 nats", "3.4 nats", "95%", "✓ Bring the first loss below 2", "○ Bring it",
                 "https://example.org/app/course?lesson=untrained",
                 "https://example.org/app/?cell=rnn_tanh&amp;hidden_size=32&amp;bias=false",
                 "numba", "100% right", "<dt>Seed</dt><dd>0</dd>"):  # fmt: skip
        assert part in text, part
    assert "data:image/svg+xml;base64," in text and "No picture" not in text
    assert "No picture: this lesson was run in another browser." in made(charts={})
    assert "has not run yet" in made({"untrained": LessonRecord({"loss": 3.5})})


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_it_loads_nothing_and_what_was_typed_is_text(code):
    text = made(name=EVIL, code=code, charts={"untrained": SVG.replace("3.41", EVIL)})
    assert "<img src=x" not in text
    assert "&lt;/script&gt;&lt;img src=x onerror=&quot;" in text
    assert text.count("<script") == text.count("</script>") == 1
    loaded = re.findall(r'(?:src|srcset|data|poster)="([^"]*)"', text) + re.findall(r"url\(|@import|<link", text)
    assert [one for one in loaded if not one.startswith("data:image/svg+xml;base64,")] == []
    assert "default-src 'none'" in text and "@page" in text
    found = verified(text.encode(), lessons())
    assert found.intact and found.record["name"] == EVIL


def test_where_nothing_was_to_gain_it_says_so():
    perfect = {"before": QUIZ["after"], "after": QUIZ["after"]}
    assert "<dd>none: there was nothing to gain, all ten answers were right before</dd>" in made(quiz=perfect)


def test_before_the_second_time_nothing_is_told_of_the_ten_questions():
    text = made(quiz={"before": QUIZ["before"]})
    assert json.loads(RECORD.search(text)[1])["questions"] == {"right": {}, "gain": None, "answers": {}}


def test_of_questions_that_were_answered_after_the_course_alone_no_gain_is_told():
    text = made(quiz={"after": QUIZ["after"]})
    assert "<dd>100% right</dd>" in text and "Hake" not in text
    assert verified(text.encode(), lessons()).intact


def test_whatever_is_changed_is_seen():
    text = made(quiz=QUIZ)
    assert verified(text.encode(), lessons()).intact
    assert verified(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), lessons()).intact  # a mail or an editor
    for old, new in (("Ada", "Bob"), ("<td>95%</td>", "<td>99%</td>"), ('"score":0.95', '"score":0.99'),
                     ("2026-11-28", "2026-11-27"), ("base64,PHN2", "base64,PHN3")):  # fmt: skip
        assert old in text
        assert not verified(text.replace(old, new, 1).encode(), lessons()).intact, old


def test_another_or_moved_record_or_checksum_is_seen():
    text = made(quiz=QUIZ)
    record, stated = RECORD.search(text)[0], CHECKSUM.search(text)[0]
    heading, foot = "<h1>What I did", "<footer>"
    for altered in (
        text.replace(heading, stated + heading),  # shown where the page has none
        text.replace(heading, '<code id="checksum"></code>' + heading),
        text.replace(heading, record + heading),
        text.replace(foot, script("100% right") + foot),
        text.replace(stated, "").replace(heading, stated + heading),
        text.replace(record, "").replace(foot, record + foot),
        text.replace("</html>", stated + "</html>"),
    ):
        assert altered != text
        found = verified(altered.encode(), lessons())
        assert found is None or not found.intact


def test_a_score_that_does_not_follow_is_seen_even_where_the_checksum_fits():
    found = json.loads(RECORD.search(made())[1])
    assert verified(made().encode(), lessons()).wrong == ()
    for guess_score, score in ((1.0, 1.0), (0.95, 1.0)):
        found["lessons"][0]["guesses"][0]["score"], found["lessons"][0]["score"] = guess_score, score
        text = RECORD.sub(lambda _match: script(canonical(found)), made())
        text = re.sub(r'checksum">[0-9a-f]+<', f'checksum">{checksum(canonical(found))}<', text)
        verification = verified(text.encode(), lessons())
        assert verification.intact and verification.wrong == ("Before it has learned",)


def forged(change) -> str:
    """A file with fitting check sums. change : of its record."""
    text = made(quiz=QUIZ)
    record = json.loads(RECORD.search(text)[1])
    change(record)
    text = RECORD.sub(lambda _match: script(canonical(record)), text)
    return re.sub(r'checksum">[0-9a-f]+<', f'checksum">{checksum(canonical(record))}<', text)


@pytest.mark.parametrize("number", [10**400, 1.01, -0.01, float("nan"), True])
@pytest.mark.parametrize("place", ["guess", "lesson", "right", "gain"])
def test_a_number_out_of_its_range_is_no_record(place, number):
    def change(record):
        entry = record["lessons"][0]
        table = {"guess": entry["guesses"][0], "lesson": entry, "right": record["questions"]["right"],
                 "gain": record["questions"]}[place]  # fmt: skip
        table[{"right": "before", "gain": "gain"}.get(place, "score")] = -9.5 if number == -0.01 else number

    assert verified(forged(lambda _record: None).encode(), lessons()).intact
    assert verified(forged(change).encode(), lessons()) is None


def test_of_which_score_nothing_was_computed_is_told():
    def verification(**changed):
        return verified(forged(lambda record: record["lessons"][0].update(changed)).encode(), lessons())

    [title] = [lesson.title for lesson in (lessons()["untrained"],)]
    [guess] = json.loads(RECORD.search(made())[1])["lessons"][0]["guesses"]
    assert verification(score=None, guesses=[guess | {"score": 0.99}]).wrong == (title,)
    assert verification(guesses=[guess, guess]).wrong == (title,)
    assert verification(score=None).wrong == (title,)
    assert verification(name="unknown").unchecked == (title,)
    unmeasured = guess | {"measured": None, "score": None}
    assert verification(guesses=[unmeasured]).unchecked == (title,)
    assert verification(guesses=[unmeasured | {"score": 0.95}]).wrong == (title,)
    honest = verification(score=None, guesses=[unmeasured])
    assert (honest.wrong, honest.unchecked, honest.odd) == ((), (), ())


def test_another_seed_and_a_lesson_that_is_there_twice_are_told():
    seed = verified(forged(lambda record: record["lessons"][0].update(seed=7)).encode(), lessons())
    twice = verified(forged(lambda record: record["lessons"].append(record["lessons"][0])).encode(), lessons())
    assert seed.odd == twice.odd == ("Before it has learned",) and seed.intact


def test_the_name_has_no_marks_that_turn_the_text_round():
    assert json.loads(RECORD.search(made(name="Ada\u202e 99%"))[1])["name"] == "Ada 99%"


def test_what_is_no_such_file_is_none():
    text = made()
    without = RECORD.sub("", text)
    odd = [RECORD.sub(script(part), text) for part in (
        "", "null", "[]", "{}", "[" * 100_000, '{"format": 1}', '{"format": 1, "lessons": [3]}', "NaN")]  # fmt: skip
    record = json.loads(RECORD.search(text)[1])
    for key, value in (("lessons", [{}]), ("lessons", "x"), ("name", 3), ("versions", []), ("questions", {"right": 1})):
        odd.append(RECORD.sub(lambda _match, changed=record | {key: value}:
                              script(json.dumps(changed)), text))  # fmt: skip
    for data in (b"", b"\xff\xfe\x00", without.encode(), b" " * (LARGEST + 1), *(one.encode() for one in odd)):
        assert verified(data, lessons()) is None, data[:80]
