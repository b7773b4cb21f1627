"""Guesses: what the browser may send, how near misses are judged, which misconception an answer shows."""

import math

import numpy as np
import pytest

from ui.course.guess import (
    Axis,
    ChoiceGuess,
    CurveGuess,
    ManyGuess,
    Misconception,
    NumberGuess,
    OrderGuess,
    misconceptions_of,
)

YES_NO = (("yes", "Yes"), ("no", "No"))
LINEAR = NumberGuess("loss", "Loss", 0, 10, "nats", False, 2.0, (Misconception("not 1", low=0.5, high=1.5),))
LOG = NumberGuess("factor", "Factor", 1e-8, 1e8, "", True, 4.0)
CHOICE = ChoiceGuess("best", "Best", (("a", "A"), ("b", "B"), ("c", "C")), (Misconception("not c", value="c"),))
NEAR = ChoiceGuess("word", "Word", tuple((str(n), str(n)) for n in range(5)), width=2)
MANY = ManyGuess("who", "Who", (("rnn", "RNN"), ("lstm", "LSTM")), YES_NO, (("lstm", Misconception("it can", "no")),))
ORDER = OrderGuess("order", "Order", (("a", "A"), ("b", "B"), ("c", "C")), (Misconception("turned", value="c,b,a"),))
CURVE = CurveGuess(
    "curve",
    "Draw",
    Axis("t", 0, 3),
    Axis("norm", 1e-4, 1, True),
    (0, 1, 2, 3),
    0.5,
    ((lambda y: y[0] == y[-1], "flat"),),
)
ANSWERS = [(LINEAR, 3.0), (LOG, 0.1), (CHOICE, "a"), (NEAR, "2"), (MANY, {"rnn": "no", "lstm": "yes"}),
           (ORDER, ("b", "a", "c")), (CURVE, (1.0, 0.1, 0.01, 0.001))]  # fmt: skip
KINDS = [type(guess).__name__ + guess.name for guess, _answer in ANSWERS]


@pytest.mark.parametrize(("guess", "answer"), ANSWERS, ids=KINDS)
def test_the_measured_value_itself_scores_one(guess, answer):
    assert guess.score(answer, answer) == pytest.approx(1)
    assert misconceptions_of(guess, answer, answer) == []
    assert guess.written(answer, str) and guess.judged(str) and isinstance(guess.spec(str), dict)


@pytest.mark.parametrize(("guess", "answer"), ANSWERS, ids=KINDS)
def test_an_answer_is_read_as_it_was_sent_and_nonsense_is_none(guess, answer):
    sent = list(answer) if isinstance(answer, tuple) else answer
    assert guess.read(sent) == answer
    for nonsense in (
        None,
        True,
        "",
        "x",
        math.nan,
        math.inf,
        -1e99,
        [],
        [[]],
        ["a"],
        {},
        {"rnn": "yes"},
        [None] * 4,
        [10**400] * 4,
    ):
        assert guess.read(nonsense) is None, nonsense


def test_a_number_is_judged_by_its_distance_and_a_factor_by_its_ratio():
    assert LINEAR.score(4.0, 3.0) == 0.5 and LINEAR.score(3.0, 5.0) == 0 == LINEAR.score(0, 10)
    assert LOG.score(1e-3, 1e-5) == pytest.approx(0.5) == LOG.score(1e-5, 1e-3)
    assert LOG.score(1.0, 1e-5) == 0


def test_what_lies_beyond_the_slider_is_its_end():
    assert LINEAR.score(10, 400.0) == 1 == LOG.score(1e8, math.inf)
    assert LINEAR.score(3.0, math.nan) == 0


def test_percent_are_apart_by_points():
    percent = NumberGuess("right", "Right", 0, 100, "%", False, 60)
    assert percent.judged(str) == "Full marks for the measured value, none from 60 percentage points away."


def test_a_percent_sign_stands_without_a_blank():
    assert NumberGuess("share", "Share", 0, 100, "%", False, 50).written(80.0, str) == "80%"
    assert NumberGuess("lag", "Lag", 0, 100, "steps", False, 50).written(8.0, str) == "8 steps"


def test_whole_numbers_are_whole():
    guess = NumberGuess("count", "Count", 1, 100_000, "", True, 1.0, whole=True)
    assert guess.read(1609.7) == 1610 and guess.written(1610, str) == "1,610"


def test_a_choice_beside_the_right_one_counts_where_they_have_an_order():
    assert [NEAR.score(str(n), "1") for n in range(5)] == [0.5, 1, 0.5, 0, 0]
    assert CHOICE.score("b", "a") == 0


def test_an_order_is_judged_by_its_pairs():
    assert ORDER.score(("a", "c", "b"), ("a", "b", "c")) == pytest.approx(2 / 3)
    assert ORDER.score(("c", "b", "a"), ("a", "b", "c")) == 0


def test_a_curve_is_judged_by_its_mean_distance_on_the_axis():
    assert CURVE.score((1.0,) * 4, (1.0, 1.0, 1.0, 0.1)) == pytest.approx(1 - 0.25 / 4 / 0.5)
    assert CURVE.score((1.0,) * 4, np.full(4, 1e-30)) == 0  # beyond the chart: its edge
    assert CURVE.score((1.0,) * 4, (1.0, 1.0, 1.0, math.nan)) == 0
    assert CURVE.read([2.0, 1e-9, 1, 1]) == (1.0, 1e-4, 1.0, 1.0)


@pytest.mark.parametrize("guess", [guess for guess, _answer in ANSWERS], ids=KINDS)
def test_every_score_is_between_none_and_full(guess):
    draw = np.random.default_rng(0)
    for _again in range(200):
        pair = [sample(guess, draw) for _side in range(2)]
        assert 0 <= guess.score(*pair) <= 1


def sample(guess, draw):
    """An answer at random."""
    match guess.kind:
        case "number":
            return float(draw.uniform(guess.low, guess.high)) or 1.0
        case "choice":
            return str(draw.choice([value for value, _label in guess.options]))
        case "many":
            return {key: str(draw.choice(["yes", "no"])) for key, _label in guess.items}
        case "order":
            return tuple(str(key) for key in draw.permutation([key for key, _label in guess.items]))
    return tuple(float(10**y) for y in draw.uniform(-4, 0, len(guess.at)))


def test_a_wrong_answer_meets_its_own_misconception():
    assert misconceptions_of(LINEAR, 1.0, 3.4) == ["not 1"] and misconceptions_of(LINEAR, 8.0, 3.4) == []
    assert misconceptions_of(CHOICE, "c", "a") == ["not c"] and misconceptions_of(CHOICE, "b", "a") == []
    assert misconceptions_of(MANY, {"rnn": "no", "lstm": "no"}, {"rnn": "no", "lstm": "yes"}) == ["it can"]
    assert misconceptions_of(MANY, {"rnn": "no", "lstm": "no"}, {"rnn": "yes", "lstm": "no"}) == []
    assert misconceptions_of(ORDER, ("c", "b", "a"), ("a", "b", "c")) == ["turned"]
    assert misconceptions_of(CURVE, (1.0,) * 4, (1e-4,) * 4) == ["flat"]
    assert misconceptions_of(LINEAR, 1.4, 1.5) == []  # nearly right


def test_a_unit_is_singular_for_one_alone():
    guess = NumberGuess("loss", "Loss", -10, 10, "nats", False, 1.0, unit_one="nat")
    assert [guess.written(value, str) for value in (1.0, -1.0, 1.5, 0.0)] == ["1 nat", "−1 nat", "1.5 nats", "0 nats"]
    assert guess.judged(str).endswith("none from 1 nat away.") and guess.spec(str)["unitOne"] == "nat"
    assert LINEAR.written(1.0, str) == "1 nats"  # where a file names no other


@pytest.mark.parametrize(
    ("curve", "written"),
    [
        ((0.03, 0.5, 1.0), "from 0.03 to 1"),
        ((0.03, 1.33, 1.0), "from 0.03 to 1, up to 1.33 in between"),
        ((0.5, 0.01, 2.0, 1.0), "from 0.5 to 1, up to 2 in between, down to 0.01 in between"),
    ],
)
def test_a_curve_is_written_with_what_it_reaches_between_its_ends(curve, written):
    guess = CurveGuess("g", "Draw", Axis("t", 0, 3), Axis("norm", 1e-4, 10, True), tuple(range(len(curve))))
    assert guess.written(curve, str) == written
