"""Lessons from a teacher's file: the example runs, and what is wrong in a file is told with its place."""

import json
import time
from pathlib import Path

import pytest

from rnn_core.errors import ConfigError
from ui.charts.spec import foreign
from ui.course.lesson import Attempt, finish
from ui.course.own import networks
from ui.course.own.build import LONGEST, built
from ui.course.own.networks import Found, Measured
from ui.i18n import language
from ui.theme import THEMES

EXAMPLE = (Path(__file__).parents[4] / "docs" / "lesson.toml").read_text(encoding="utf-8")
SMALL = """
name = "small"
updates = 40
title = "A <b>small</b> one"
claim = "It is *said* that $x$."
[[networks]]
name = "plain"
label = "plain & <simple>"
settings = { data = "recall", recall_delay = 2, hidden_size = 4 }
[[networks]]
name = "gated"
label = "gated"
settings = { data = "recall", recall_delay = 2, hidden_size = 4, cell = "gru" }
[[guesses]]
name = "order"
kind = "order"
label = "Which has more parameters?"
measure = "parameters"
[[guesses]]
name = "learned"
kind = "many"
label = "Which learn it?"
measure = "accuracy"
options = [{ value = "yes", label = "Yes", from = 90 }, { value = "no", label = "No" }]
[[guesses]]
name = "size"
kind = "choice"
label = "How large?"
measure = "parameters"
options = [{ value = "small", label = "below 1,000", below = 1000 }, { value = "large", label = "more" }]
misconceptions = [{ value = "large", sentence = "It has only 4 units." }]
[[guesses]]
name = "curve"
kind = "curve"
label = "Draw the loss."
curve = "losses"
low = 0
high = 3
[[guesses]]
name = "gradient"
kind = "curve"
label = "Draw the gradient."
curve = "gradient"
network = "gated"
low = 0.0001
high = 10
logarithmic = true
[[explanation]]
text = "{plain.parameters:,} and {gated.parameters}, {updates} updates."
[[explanation]]
text = "Never said."
when = { network = "plain", measure = "parameters", above = 1e6 }
[[tasks]]
label = "Make it large"
network = "plain"
measure = "parameters"
above = 500
[[controls]]
setting = "hidden_size"
label = "Units"
options = [4, 16]
"""


def told(text: str, code: str = "en") -> list[str]:
    """What is wrong with a file, in words."""
    lesson, problems = built(text, code)
    assert (lesson is None) == bool(problems)
    return [problem.message(language(code).gettext) for problem in problems]


def answers_of(lesson, measured) -> dict:
    """The measured values as answers."""
    truth = lesson.truth(measured)
    answers = {guess.name: guess.read(json.loads(json.dumps(truth[guess.name]))) for guess in lesson.guesses}
    assert all(answer is not None for answer in answers.values())
    return answers


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_the_example_of_the_docs_is_a_lesson_that_runs(code):
    lesson, problems = built(EXAMPLE, code)
    _ = language(code).gettext
    assert problems == () and lesson.plain and lesson.title == {"en": "Ten times as far", "zh_CN": "间隔十倍"}[code]
    items = list(lesson.run(lesson.seed, updates=20))
    measured = items[-1].measured
    assert [item.share for item in items] == sorted(item.share for item in items) and items[-1].share == 1
    assert len(lesson.explain(measured, {}, _)) == 3 and "20" in lesson.explain(measured, {}, _)[0]
    assert 0 <= lesson.score({"near": 50.0, "far": 50.0}, measured) <= 1
    for shown in (None, measured):
        assert foreign(json.loads(lesson.figure(shown, {"near": 50.0}, THEMES["dark"], _).to_json())) == []


@pytest.mark.parametrize(
    "field", ["{plain.parameters", "{plain.parameters:{updates}}", "plain.parameters}", "{", "a } b"]
)
def test_a_brace_that_is_not_closed_is_told(field):
    [message] = told(SMALL.replace("{plain.parameters:,}", field))
    assert message.startswith("Line ") and "A brace stands alone" in message and "{network.measure}" in message


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ('measure = "accuracy"\nabove = 900', ("tasks[1].above is 900", "accuracy is never above 100")),
        ('measure = "accuracy"\nabove = 100', ("tasks[1].above is 100", "never")),
        ('measure = "loss"\nbelow = 0', ("tasks[1].below is 0", "never below 0")),
        ('measure = "accuracy"\nabove = 90\nbelow = 10', ("tasks[1].below is 10", "above 90")),
    ],
)
def test_a_task_that_nothing_measured_fulfils_is_told(condition, words):
    [message] = told(SMALL.replace('measure = "parameters"\nabove = 500', condition))
    assert all(word in message for word in words)


@pytest.mark.slow
def test_what_the_example_says_holds():
    lesson, _problems = built(EXAMPLE, "en")
    measured = finish(lesson.run(lesson.seed))
    near, far = (measured.networks[name].numbers for name in ("near", "far"))
    assert near["accuracy"] > 90 > far["accuracy"]
    assert not any(task.done(Attempt({}, measured)) for task in lesson.tasks)
    assert lesson.tasks[0].done(Attempt({}, finish(lesson.run(lesson.seed, init="identity", updates=600))))
    assert lesson.tasks[1].done(Attempt({}, finish(lesson.run(lesson.seed, updates=10))))


def test_every_kind_of_guess_is_answered_by_what_was_measured():
    lesson, problems = built(SMALL, "en")
    assert problems == ()
    measured = finish(lesson.run(1))
    assert repr(measured) == repr(finish(lesson.run(1)))
    assert lesson.truth(measured)["order"] == ("gated", "plain") and lesson.truth(measured)["size"] == "small"
    assert lesson.score(answers_of(lesson, measured), measured) == pytest.approx(1)
    count = measured.networks["plain"].numbers["parameters"]
    assert lesson.explain(measured, {}, str) == [
        f"{count:,.0f} and {measured.networks['gated'].numbers['parameters']:.0f}, 40 updates."
    ]
    assert lesson.corrections(answers_of(lesson, measured) | {"size": "large"}, measured) == ["It has only 4 units."]
    for shown, answers in ((None, {}), (measured, answers_of(lesson, measured))):
        drawn = lesson.figure(shown, answers, THEMES["light"], str).to_json()
        assert foreign(json.loads(drawn)) == [] and "<simple>" not in str(json.loads(drawn))
    rows, _problems = built(
        SMALL[: SMALL.index('[[guesses]]\nname = "curve"')] + SMALL[SMALL.index("[[explanation]]") :], "en"
    )
    assert "<simple>" not in str(json.loads(rows.figure(measured, {}, THEMES["light"], str).to_json()))
    larger = finish(lesson.run(1, hidden_size=16))
    assert lesson.tasks[0].done(Attempt({}, larger)) and not lesson.tasks[0].done(Attempt({}, measured))
    assert isinstance(larger, Measured) and isinstance(larger.networks["plain"], Found)


def test_a_lesson_that_computes_too_long_ends(monkeypatch):
    lesson, _problems = built(SMALL, "en")
    monkeypatch.setattr(networks, "SECONDS", 0.0)
    with pytest.raises(ConfigError, match="fewer updates, or smaller networks"):
        list(lesson.run(0))


def test_a_number_that_cannot_be_measured_does_not_stop_the_lesson():
    lesson, _problems = built(SMALL.replace("{plain.parameters:,}", "{plain.radius:.2f}"), "en")
    assert lesson.explain(finish(lesson.run(0, cell="gru")), {}, str)[0].startswith("nan")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('name = "small"', 'name = "Small One"', 2, ("name is 'Small One'", "a name of small letters")),
        ('name = "small"', 'name = "state"', 2, ("name is 'state'", "taken")),
        ("updates = 40", "updates = 99999", 3, ("updates is 99999", "a whole number from 0 to 2000")),
        ("updates = 40", "update = 40", 3, ("update is 40", "no such key", "updates")),
        ("updates = 40", "updates = = 40", 3, ("no TOML",)),
        ('title = "A <b>small</b> one"', "title = { fr = 'Un' }", 4, ("title is", "en, zh_CN")),
        ('claim = "It is *said* that $x$."', "", None, ("claim is missing", "a text of 1 to 1500 characters")),
        ('data = "recall", recall_delay = 2, hidden_size = 4 }', "hidden = 4 }", 9,
         ("networks[1].settings.hidden is 4", "no such setting", "hidden_size")),
        ("recall_delay = 2, hidden_size = 4 }", "hidden_size = 4000 }", 9, ("hidden_size is 4000", "1 – 128")),
        ("recall_delay = 2, hidden_size = 4 }", 'cell = "gnu" }', 9,
         ("cell is 'gnu'", "rnn_relu", "gru, gru_reset_before, lstm")),
        ('kind = "order"', 'kind = "oder"', 16, ("guesses[1].kind is 'oder'", "number, choice, many, order, curve")),
        ('measure = "accuracy"', 'measure = "radius"', 23, ("measure is 'radius'", "plain networks only", "gated")),
        ('measure = "parameters"\n[[guesses]]', 'measure = "radius"\n[[guesses]]', 18,
         ("plain networks only", "gated")),
        ('measure = "parameters"\noptions', 'measure = "radius"\nnetwork = "gated"\noptions', 29,
         ("plain networks only", "gated")),
        (SMALL[SMALL.index('kind = "choice"') : SMALL.index('[[guesses]]\nname = "curve"')],
         'kind = "number"\nlow = 0\nhigh = 2\nlabel = "?"\nnetwork = "gated"\nmeasure = "radius"\n', None,
         ("plain networks only", "gated")),
        ('measure = "accuracy"', 'measure = "luck"', 23, ("guesses[2].measure is 'luck'", "reach_half")),
        ("low = 0\n", "low = 5\n", None, ("guesses[4].high is 3", "above 5")),
        ("{plain.parameters:,}", "{gated.radius:.2f}", None, ("text is '{gated.radius:.2f}'", "plain networks only")),
        ('network = "plain", measure = "parameters", above = 1e6', 'network = "gated", measure = "radius", above = 1',
         None, ("explanation[2].when.measure is 'radius'", "plain networks only", "gated")),
        ("{plain.parameters:,}", "{plane.parameters}", None, ("text is '{plane.parameters}'", "plain, gated")),
        ("{plain.parameters:,}", "{plain.__class__}", None, ("{plain.__class__}", "Possible")),
        ("{plain.parameters:,}", "{plain.loss:>999999999}", None, ("{plain.loss:>999999999}", "a format")),
        ("above = 500", "", None, ("tasks[1].above", "below")),
        ("options = [4, 16]", "options = [8, 16]", None, ("controls[1].options", "must be among them: 4")),
        ("options = [4, 16]", "options = [4, 1600]", None, ("controls[1].options is 1600", "1 – 128")),
        ("options = [4, 16]", "options = [4, 16, 4]", None, ("controls[1].options", "only once")),
        ("options = [4, 16]", 'options = [4, 16]\n[[controls]]\nsetting = "hidden_size"\nlabel = "x"\noptions = [4, 8]',
         None, ("controls[2].setting is 'hidden_size'", "already")),
        ('setting = "hidden_size"\nlabel = "Units"\noptions = [4, 16]',
         'setting = "updates"\nlabel = "Updates"\nlow = 50\nhigh = 90', None,
          ("controls[1].low is 50", "between", "40")),
        ('setting = "hidden_size"\nlabel = "Units"\noptions = [4, 16]',
         'setting = "updates"\nlabel = "Updates"\nlow = 10\nhigh = 30', None,
          ("controls[1].high is 30", "between", "40")),
        ('setting = "hidden_size"\nlabel = "Units"\noptions = [4, 16]',
         'setting = "updates"\nlabel = "Updates"\nlow = 40\nhigh = 40', None,
          ("controls[1].high is 40", "above 40")),
        ('name = "learned"', 'name = "order"', 20, ("guesses[2].name is 'order'", "taken")),
        ('name = "small"', f'name = {"9" * 5000}', 2, ("too large",)),
        ('name = "small"', f'name = 0x{"f" * 5000}', 2, ("too large",)),
        ("options = [4, 16]", f"options = [4, 0x{'f' * 5000}]", 61, ("too large",)),
        ("hidden_size = 4 }", f"hidden_size = 0b{'1' * 5000} }}", 9, ("too large",)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_what_was_given_and_what_is_possible(old, new, line, words):
    assert old in SMALL
    [sentence] = told(SMALL.replace(old, new, 1))
    assert all(word in sentence for word in words) and sentence.startswith(f"Line {line}:" if line else "")
    assert "set_int_max_str_digits" not in sentence
    [sentence] = told(SMALL.replace(old, new, 1), "zh_CN")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in sentence)


@pytest.mark.parametrize("value", [None, "[]", '"X y"', "-5"])
def test_one_mistake_is_one_problem(value):
    lines, several = SMALL.splitlines(), []
    for number, line in enumerate(lines):
        key, is_key, _given = line.partition(" = ")
        if is_key and key:
            changed = [] if value is None else [f"{key} = {value}"]
            sentences = told("\n".join([*lines[:number], *changed, *lines[number + 1 :]])) if changed != [line] else []
            several += [(line, sentences)] if len(sentences) > 1 else []
    assert several == []


def test_mistakes_of_their_own_are_all_told():
    text = SMALL.replace('kind = "order"', 'knd = "order"').replace("hidden_size = 4 }", 'cell = "gnu" }', 1)
    first, second, third = told(text.replace("high = 3", "high = -1"))
    assert first.startswith("Line 9:") and "cell is 'gnu'" in first
    assert second.startswith("Line 16:") and "Perhaps it should be kind" in second
    assert third.startswith("Line 38:") and "above 0" in third


def test_a_key_in_a_table_on_one_line_is_found_there():
    text = SMALL.replace('when = { network = "plain"', 'when = { network = "plane"')
    [sentence] = told(text)
    assert sentence.startswith("Line 52: explanation[2].when.network is 'plane'.")


def test_a_file_that_is_nothing_or_too_much_is_told():
    for empty in ("", " \n", "# a comment alone"):
        assert told(empty) == ["The file is empty: no key stands in it. Start from the example."]
    assert any("networks is missing" in sentence for sentence in told("seed = 1"))
    assert told(" " * (LONGEST + 1)) == ["The file is too long: at most 100,000 characters."]
    for odd in ('networks = 3\nguesses = "x"\ntitle = []\nclaim = 1\ndoor = 4', "name = 1\x00"):
        assert told(odd)


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 5000, "a = " + "{a = " * 5000, "a" + ".a" * 20_000 + " = 1", "[" + "a." * 20_000 + "a]",
     "title" + ".en" * 30 + " = 1", "a = " + "[" * 30 + "]" * 30],
)  # fmt: skip
def test_what_is_nested_too_deeply_is_told_in_words_of_a_lesson(text):
    assert told(text) == ["Tables or lists are nested too deeply: at most 20 within one another."]


@pytest.mark.parametrize(
    "begin", ["", SMALL[: SMALL.index("[[networks]]")], '[[networks]]\nname = "a"\nlabel = "a"\n[networks.settings]\n']
)
def test_a_file_of_many_unknown_keys_is_told_at_once(begin):
    text = begin + "".join(f"k{number}=1\n" for number in range(8000))
    start = time.process_time()
    assert len(told(text)) == 12 and time.process_time() - start < 2


def test_settings_that_do_not_fit_together_are_told(monkeypatch):
    def refuse(settings, _seed):
        raise ConfigError(f"{settings['recall_delay']} steps are too few")

    monkeypatch.setattr(networks, "trainer_of", refuse)
    text = SMALL + "# another file than the one that was built before"
    for network in (1, 2):
        sentence = f"networks[{network}].settings"
        assert any(sentence in one and "do not fit together: 2 steps are too few" in one for one in told(text))
