"""Texts of a lesson on the page."""

from types import SimpleNamespace

import pytest

from ui.course import texts
from ui.course.guess import ChoiceGuess, ManyGuess, NumberGuess, OrderGuess
from ui.course.lesson import Verdict

CHOICE = ChoiceGuess("tanh", "And with tanh?", (("same", "It grows as much"), ("less", "It grows less")))
MANY = ManyGuess("who", "Who?", (("rnn", "RNN"), ("lstm", "LSTM")), (("yes", "Yes"), ("no", "No")))
ORDER = OrderGuess("order", "Order", (("a", "A"), ("b", "B")))
NUMBER = NumberGuess("loss", "Loss", 0, 10, "nats", False, 2.0)


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict(CHOICE, "same", "less", 0.0), "You guessed “It grows as much”; measured: “It grows less”. Score: 0%."),
        (
            Verdict(MANY, {"rnn": "yes", "lstm": "no"}, {"rnn": "no", "lstm": "no"}, 0.5),
            "RNN: you guessed “Yes”; measured: “No”.\nLSTM: you guessed “No”; measured: “No”.\nScore: 50%.",
        ),
        (Verdict(ORDER, ("b", "a"), ("a", "b"), 0.0), "You guessed: B > A\nMeasured: A > B\nScore: 0%."),
        (Verdict(NUMBER, 3.0, 3.5, 0.75), "You guessed 3 nats; measured: 3.5 nats. Score: 75%."),
    ],
)
def test_an_answer_in_words_is_quoted_and_long_ones_have_a_line_each(verdict, told, monkeypatch):
    shown = []
    monkeypatch.setattr(texts.st, "text", shown.append)
    texts.verdicts(SimpleNamespace(guesses=(verdict.guess,)), [verdict], str)
    assert shown == [*told.splitlines(), verdict.guess.judged(str)]
