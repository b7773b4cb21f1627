"""The guide to the decay follows the recorded losses."""

from types import SimpleNamespace

import pytest

from ui.gradients.guides import asked_of_memory


@pytest.mark.parametrize(
    ("loss", "bigram", "update", "words"),
    [
        (1.2, 1.5, 100, "the page “Language” shows"),
        (1.7, 1.5, 100, "nothing shows that this text asks for a long memory"),
        (3.5, 1.5, 0, None),  # before training it says nothing
        (0.5, None, 100, None),  # no text
    ],
)
def test_what_is_said_of_the_memory_that_a_text_asks_for(loss, bigram, update, words):
    told = asked_of_memory(SimpleNamespace(bigram=bigram, held_out=((update, loss),)), str)
    assert (told == []) if words is None else (words in told[0] and f"{loss:.3g}" in told[0])
