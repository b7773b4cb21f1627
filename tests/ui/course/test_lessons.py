"""Every lesson of the course, held to the contract of ui/course/lesson.py."""

import json
import re
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest
from course_runs import items_of
from other_cpu import printed_there

from ui.charts.spec import foreign
from ui.course import figures
from ui.course.compared import chart
from ui.course.guess import NEAR, misconceptions_of
from ui.course.lesson import Attempt, finish
from ui.course.lessons import NAMES, lesson
from ui.i18n import LANGUAGES, language
from ui.pages import PAGES
from ui.settings.setting import Setting
from ui.theme import THEMES

ENGLISH = language("en").gettext
LONGEST_CLAIM = 120  # words


def first_answers(one) -> dict:
    """Answers to all guesses: the first that there are."""
    answers = {}
    for guess in one.guesses:
        match guess.kind:
            case "number":
                answers[guess.name] = guess.high
            case "choice":
                answers[guess.name] = guess.options[0][0]
            case "many":
                answers[guess.name] = {key: guess.options[0][0] for key, _label in guess.items}
            case "order":
                answers[guess.name] = [key for key, _label in guess.items]
            case "curve":
                answers[guess.name] = [guess.y.high] * len(guess.at)
    return one.read(answers)


def test_there_are_as_many_as_the_first_page_says():
    assert len(NAMES) == 13


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_says_all_that_a_page_needs(name):
    one = lesson(name)
    assert one.name == name and one.title and one.question.endswith("?") and one.misconception and one.guesses
    assert 20 <= len(one.claim.split()) <= LONGEST_CLAIM
    assert 2 <= len(one.tasks) <= 3 and len({task.label for task in one.tasks}) == len(one.tasks)
    assert len({guess.name for guess in one.guesses}) == len(one.guesses)
    assert all(control.read(control.value) == control.value for control in one.controls)
    assert first_answers(one) is not None


@pytest.mark.parametrize("name", NAMES)
def test_its_door_opens_a_page_with_settings_that_there_are(name):
    from ui.pages import page

    for door in filter(None, (lesson(name).door, lesson(name).further)):
        assert door.page in PAGES
        table: dict[str, Setting] = page(door.page).settings
        for key, text in door.query.items():
            assert key in table and table[key].understands(text), (key, text)


@pytest.mark.parametrize("name", NAMES)
def test_the_chart_is_drawn_before_and_after_the_run_in_every_language_and_theme(name):
    one = lesson(name)
    items = items_of(name)
    measured, answers = items[-1].measured, first_answers(one)
    shares = [item.share for item in items]
    assert measured is not None and shares == sorted(shares) and shares[0] >= 0 and shares[-1] == 1
    assert {guess.name for guess in one.guesses} <= set(one.truth(measured))
    assert 0 <= one.score(answers, measured) <= 1
    for code in LANGUAGES:
        _ = language(code).gettext
        told = one.explain(measured, answers, _)
        assert all(told) and not re.search(r"\de[+-]\d", " ".join(told))  # 3×10⁻⁵, not 3e-05
        for theme in THEMES.values():
            drawn = [chart(one, *given, theme, _) for given in ((None, {}), (None, answers), (measured, answers))]
            for shown in filter(None, (*drawn, figures.training(items[0].shown, theme, _))):
                assert foreign(json.loads(shown.to_json())) == []
            axes = {trace.yaxis for trace in drawn[-1].data if trace.name == _("your guess") and len(trace.x)}
            below = [
                guess
                for guess in one.guesses
                if guess.kind in ("choice", "order") and not getattr(guess, "drawn", False)
            ]
            assert len(axes - {None, "y"}) == len(below)


def grid(guess) -> list:
    """Answers from one end of a guess to the other."""
    match guess.kind:
        case "number":
            scale = np.geomspace if guess.logarithmic else np.linspace
            return [guess.read(float(number)) for number in scale(guess.low, guess.high, 101)[1:-1]]
        case "choice":
            return [value for value, _label in guess.options]
        case "many":
            values, items = [value for value, _label in guess.options], [key for key, _label in guess.items]
            return [dict(zip(items, answer, strict=True)) for answer in product(values, repeat=len(items))]
        case "order":
            return list(permutations(key for key, _label in guess.items))
    ends = np.geomspace(guess.y.low, guess.y.high, 9)
    return [tuple(np.geomspace(first, last, len(guess.at))) for first, last in product(ends, repeat=2)]


@pytest.mark.parametrize("name", NAMES)
def test_every_guess_that_is_not_near_is_answered(name):
    one = lesson(name)
    truth = one.truth(items_of(name)[-1].measured)
    silent = []
    for guess in one.guesses:
        for answer in grid(guess):
            near = 1.0 if guess.kind == "many" else NEAR
            if guess.score(answer, truth[guess.name]) < near:
                silent += [] if misconceptions_of(guess, answer, truth[guess.name]) else [(guess.name, answer)]
    assert silent == []


def test_what_answers_two_guesses_alike_is_told_once():
    measured = items_of("unrolled")[-1].measured
    told = lesson("unrolled").corrections({"short": 20_000, "long": 30_000, "step": "3"}, measured)
    assert len(told) == 1 and "fewer parameters" in told[0]


@pytest.mark.parametrize("name", NAMES)
def test_no_task_is_done_by_the_settings_of_the_lesson_itself(name):
    one = lesson(name)
    attempt = Attempt({control.name: control.value for control in one.controls}, items_of(name)[-1].measured)
    assert [task.label for task in one.tasks if task.done(attempt)] == []


@pytest.mark.parametrize("name", NAMES)
def test_its_claims_are_tested_with_its_own_seed_and_three_others(name):
    source = (Path(__file__).parent / "lessons" / f"test_{name}.py").read_text(encoding="utf-8")
    [seeds] = [line for line in source.splitlines() if line.startswith('@pytest.mark.parametrize("seed", ')]
    assert any(four in seeds for four in ("range(4)", "[0, 1, 2, 3]", "(1, 2, 3)")) and lesson(name).seed in range(4)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_measures_the_same(name):
    one = lesson(name)
    assert repr(finish(one.run(one.seed))) == repr(items_of(name)[-1].measured)


def truths() -> list[str]:
    """Lines that say what a lesson of each cell measures, as its guesses are judged by it."""
    names = ("state", "way_back", "language_model")  # ReLU, tanh, GRU
    measured = [f"{name} {lesson(name).truth(items_of(name)[-1].measured)!r}" for name in names]
    return "\n".join(measured).splitlines()


@pytest.mark.slow
def test_another_cpu_model_measures_the_same():
    code = "import test_lessons; print(*test_lessons.truths(), sep='\\n')"
    assert printed_there(code, Path(__file__).parent) == truths()


def ends(control) -> list:
    """The values at which a control is farthest from the lesson's own."""
    if control.options:
        return [value for value, _label in control.options]
    if control.longest:
        return ["", "e" * control.longest, "☃"]
    return [type(control.value)(control.low), type(control.value)(control.high)]


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_while_it_trains_is_drawn_at_the_ends_of_every_control(name):
    one = lesson(name)
    for control in one.controls:
        for value in ends(control):
            begun = next(iter(one.run(one.seed, **{control.name: value})))
            drawn = figures.training(begun.shown, THEMES["light"], str)
            assert drawn is None or foreign(json.loads(drawn.to_json())) == [], (control.name, value)


@pytest.mark.claims
@pytest.mark.parametrize("name", NAMES)
def test_every_control_at_its_ends_is_measured_explained_and_drawn(name):
    one = lesson(name)
    for control in one.controls:
        for value in ends(control):
            items = list(one.run(one.seed, **{control.name: value}))
            for shown in (items[0].shown, items[len(items) // 2].shown, items[-1].shown):
                figures.training(shown, THEMES["light"], ENGLISH)
            measured = items[-1].measured
            told = " ".join(one.explain(measured, {}, ENGLISH))
            assert "nan" not in told.split() and "inf" not in told.split(), (control.name, value)
            assert foreign(json.loads(one.figure(measured, {}, THEMES["light"], ENGLISH).to_json())) == []
            assert all(task.done(Attempt({}, measured)) in (True, False) for task in one.tasks)
