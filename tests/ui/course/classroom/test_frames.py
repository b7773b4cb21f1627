"""What a class sees: the same for all, and nothing before its time."""

import asyncio
import gzip
import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from answers import finished
from visits import until

from ui.charts.spec import foreign
from ui.course.classroom import frames
from ui.course.classroom.classroom import Classroom
from ui.course.classroom.figures import drawn_curves, histogram
from ui.course.classroom.frames import Frames, Variant, content
from ui.course.guess import ChoiceGuess, ManyGuess, NumberGuess, OrderGuess
from ui.course.lesson import Progress
from ui.course.lessons import NAMES, lesson
from ui.course.own.build import built
from ui.theme import LIGHT

EN, ZH = Variant("en", "light"), Variant("zh_CN", "dark")


def answer_of(guess, draw):
    """Some answer to a guess."""
    match guess:
        case NumberGuess():
            return guess.low + draw.random() * (guess.high - guess.low)
        case ChoiceGuess():
            return draw.choice(guess.options)[0]
        case ManyGuess():
            return {key: draw.choice(guess.options)[0] for key, _label in guess.items}
        case OrderGuess():
            return draw.sample([key for key, _label in guess.items], len(guess.items))
    return [guess.y.high * draw.random() for _x in guess.at]


def test_a_histogram_is_hidden_until_the_guessing_is_closed(group):
    group.guess(1.0, 8.0)
    frame = content(group.classroom, EN)
    assert (frame["guessed"], frame["here"], frame["results"]) == (2, 3, [])
    assert frame["guesses"][0]["label"].startswith("What is its loss") and frame["guesses"][0]["high"] == 10
    text = json.dumps(frame)
    group.guess(2.0, 8.5)
    changed = json.dumps(content(group.classroom, EN))
    assert text.replace(frame["token"], "") == changed.replace(
        group.classroom.token, ""
    )  # not a word of what was guessed
    group.classroom.close("untrained")
    closed = content(group.classroom, EN)
    assert closed["guesses"] == [] and [result["name"] for result in closed["results"]] == ["loss"]


def test_the_measured_value_is_in_no_frame_before_it_is_compared(group):
    group.guess(1.0, 8.0)
    group.train(part="run")
    for part in ("run", "guess", "read"):
        group.classroom.go("untrained", part)
        assert "3.4 nats" not in json.dumps(content(group.classroom, EN))
    group.classroom.go("untrained", "compare")
    frame = content(group.classroom, EN)
    assert [result["name"] for result in frame["results"]] == ["loss", "measured"]
    layout = frame["results"][0]["figure"]["layout"]
    assert layout["annotations"][0]["text"] == "measured: 3.4 nats" and layout["shapes"][0]["x0"] == pytest.approx(3.4)


def test_a_run_is_seen_while_it_trains(group):
    group.classroom.go("untrained", "run")
    until(lambda: group.classroom.view.run.progress.share == 0.5)
    frame = content(group.classroom, EN)
    assert (frame["status"], frame["share"]) == ("running", 0.5)
    assert frame["numbers"] == [("loss (nats)", "3.4", "")] and frame["results"][0]["name"] == "training"


def test_names_are_told_and_never_beside_a_guess(group):
    group.classroom.join(group.members[0], "<b>Ada</b>")
    group.guess(1.0)
    group.train()
    frame = content(group.classroom, EN)
    assert frame["names"] == ["<b>Ada</b>"] and "Ada" not in json.dumps(frame["results"])
    assert not any(token in json.dumps(frame) for token in (*group.members, group.classroom.key))


@pytest.mark.parametrize("name", NAMES)
def test_every_lesson_shows_its_guesses_in_either_language(name):
    draw, classroom = Random(0), Classroom({name: lesson(name)})
    assert all(result is not None for result in content(classroom, EN)["results"])
    classroom.go(name, "guess")
    for _member in range(5):
        answers = {guess.name: answer_of(guess, draw) for guess in lesson(name).guesses}
        assert classroom.guess(classroom.join(), name, answers) == "taken"
    classroom.close(name)
    for variant in (EN, ZH):
        results = content(classroom, variant)["results"]
        assert [result["name"] for result in results] == [guess.name for guess in lesson(name).guesses]
        for result in results:
            assert foreign(result.get("figure", {})) == []
            axes = [axis for name, axis in result.get("figure", {}).get("layout", {}).items() if "axis" in name]
            assert all(axis["title"]["text"] for axis in axes)
            assert "rows" not in result or sum(count for _name, count, _right in result["rows"]) % 5 == 0


def test_a_frame_is_made_once_for_all_of_one_language_and_theme(group, monkeypatch):
    made, packed = [], frames.packed
    monkeypatch.setattr(frames, "packed", lambda *about: made.append(about) or packed(*about))

    async def forty():
        kept = Frames(group.classroom)
        first = await asyncio.gather(
            *(kept.frame(EN) for _member in range(40)), *(kept.frame(ZH) for _member in range(2))
        )
        group.guess(1.0)
        return first, [await kept.frame(EN) for _member in range(3)]

    first, later = finished(forty())
    assert len(made) == 3
    assert all(frame is first[0] for frame in first[:40]) and first[40] is first[41] is not first[0]
    assert later[0] is later[2] and later[0] is not first[0]
    assert json.loads(gzip.decompress(later[0]))["guessed"] == 1


def test_a_frame_that_failed_is_tried_again(group, monkeypatch):
    async def twice():
        kept = Frames(group.classroom)
        with monkeypatch.context() as patch:
            patch.setattr(frames, "packed", lambda *_about: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                await kept.frame(EN)
        return await kept.frame(EN)

    assert json.loads(gzip.decompress(finished(twice())))["lesson"] == "untrained"


def test_the_histogram_has_a_bar_for_each_bin_and_the_measured_value_in_its_place():
    drawn = histogram(
        [1e-2, 1.0, 1e2], [3, 1], 10.0, logarithmic=True, title="factor", written="10 <", theme=LIGHT, translate=str
    )
    [bars], layout = drawn.data, drawn.layout
    assert list(bars.x) == [-1, 1] and list(bars.y) == [3, 1] and bars.width == pytest.approx(1.84)
    assert layout.shapes[0].x0 == layout.shapes[0].x1 == 1.0 and list(layout.xaxis.range) == [-2, 2]
    assert layout.annotations[0].text == "measured: 10 &lt;" and "10⁰" in layout.xaxis.ticktext
    assert not histogram(
        [0, 1], [0], None, logarithmic=False, title="", written="", theme=LIGHT, translate=str
    ).layout.shapes


def test_curves_are_drawn_with_their_median():
    axes = [("t", 0, 2, False), ("norm", 1e-4, 1, True)]
    drawn = drawn_curves(
        (0, 1), [(1.0, 0.1), (0.5, 0.2), (0.1, 0.9)], (1.0, 0.0), axes=axes, theme=LIGHT, translate=str
    )
    pale, median, measured = drawn.data
    assert [pale.name, median.name] == ["each guess", "median of the guesses"]  # not their number, as of a histogram
    assert np.isnan(pale.y).sum() == 3 and list(median.y) == [0.5, 0.2] and measured.y[1] > 0
    assert len(drawn_curves((0, 1), [], None, axes=axes, theme=LIGHT, translate=str).data) == 1


def test_a_lesson_from_a_teachers_file_has_no_number_and_is_led_like_the_others():
    text = (Path(__file__).parents[4] / "docs" / "lesson.toml").read_text(encoding="utf-8")
    own, _problems = built(text, "en")
    draw, classroom = Random(0), Classroom({own.name: own})
    classroom.go(own.name, "guess")
    answers = {guess.name: answer_of(guess, draw) for guess in own.guesses}
    assert classroom.guess(classroom.join(), own.name, answers) == "taken"
    classroom.close(own.name)
    frame = content(classroom, EN)
    assert frame["title"] == own.title and len(frame["results"]) == len(own.guesses)
    chinese = content(classroom, ZH)  # a file holds both languages: each member reads their own
    assert (frame["title"], chinese["title"]) == ("Ten times as far", "间隔十倍")
    labels = [result["label"] for result in chinese["results"]]
    assert labels == ["间隔 4 步时的正确率", "间隔 40 步时的正确率"]
    training = Progress(0.5, {"numbers": {"near": 0.5}})
    assert [row[0] for row in frames._numbers(own.told_in("zh_CN"), training.shown, str)] == ["4 步"]
