"""Guesses put together."""

import math
from random import Random

import pytest

from ui.course.classroom.tally import BINS, ORDERS, Counts, Curves, Histogram, bins, tally
from ui.course.guess import Axis, ChoiceGuess, CurveGuess, ManyGuess, NumberGuess, OrderGuess

LOSS = NumberGuess("loss", "Loss", 0.0, 10.0, "nats", False, 2.0)
FACTOR = NumberGuess("factor", "Factor", 1e-6, 1e6, "", True, 4.0)


def test_every_number_falls_into_the_bin_that_holds_it():
    found = tally(LOSS, [0.0, 0.2, 3.4, 10.0], None, str)
    assert isinstance(found, Histogram) and found.measured is None and len(found.counts) == BINS
    assert sum(found.counts) == 4 and found.counts[0] == 2 and found.counts[-1] == 1
    assert found.counts[6] == 1 and found.edges[6] <= 3.4 < found.edges[7]


def test_bins_are_equally_wide_on_the_slider():
    edges = bins(FACTOR)
    assert edges[1:] / edges[:-1] == pytest.approx(10 ** (12 / BINS))
    assert tally(FACTOR, [1e-6, 1e6, 1.0], None, str).counts[:: BINS - 1] == [1, 1]


def test_a_measured_number_beyond_the_slider_is_drawn_at_its_end_and_written_as_it_is():
    found = tally(LOSS, [1.0], 42.0, str)
    assert found.measured == 10.0 and found.written == "42 nats"
    nothing = tally(LOSS, [1.0], math.nan, str)
    assert nothing.measured is None


def test_choices_are_counted_and_the_measured_one_is_marked():
    guess = ChoiceGuess("best", "Which?", (("a", "A"), ("b", "B"), ("c", "C")))
    assert tally(guess, ["a", "b", "a"], None, str) == Counts(
        "Which?", [("A", 2, None), ("B", 1, None), ("C", 0, None)]
    )
    assert tally(guess, [], "b", str).rows == [("A", 0, False), ("B", 0, True), ("C", 0, False)]


def test_each_thing_of_several_is_counted_by_itself():
    guess = ManyGuess("who", "Who?", (("rnn", "RNN"), ("lstm", "LSTM")), (("yes", "Yes"), ("no", "No")))
    answers = [{"rnn": "no", "lstm": "yes"}, {"rnn": "no", "lstm": "no"}]
    found = tally(guess, answers, {"rnn": "no", "lstm": "yes"}, str)
    assert found.rows == [("RNN: Yes", 0, False), ("RNN: No", 2, True), ("LSTM: Yes", 1, True), ("LSTM: No", 1, False)]


def test_orders_are_listed_by_how_common_they_are_with_the_measured_one():
    guess = OrderGuess("order", "Order", tuple((key, key.upper()) for key in "abcd"))
    draw, measured = Random(0), ("d", "c", "b", "a")
    orders = [order for order in (tuple(draw.sample("abcd", 4)) for _again in range(60)) if order != measured]
    found = tally(guess, [*orders, ("a", "b", "c", "d")] * 2, measured, str)
    *listed, others = found.rows
    assert len(listed) == ORDERS and sum(count for _name, count, _right in found.rows) == 2 * (len(orders) + 1)
    assert [row for row in listed if row[2]] == [("D > C > B > A", 0, True)] and others[0] == "other orders"
    counts = [count for _name, count, right in listed if not right]
    assert counts == sorted(counts, reverse=True)


def test_curves_stay_curves():
    guess = CurveGuess("g", "Draw", Axis("t", 0, 2), Axis("norm", 1e-4, 1, True), (0, 1, 2))
    found = tally(guess, [(1.0, 0.5, 0.1)], (1.0, 1.0, 1.0), str)
    assert found == Curves(
        "Draw", [("t", 0, 2, False), ("norm", 1e-4, 1, True)], (0, 1, 2), [(1.0, 0.5, 0.1)], (1.0, 1.0, 1.0)
    )
