"""The ten questions: two parallel forms, and what is gained between them."""

import pytest

from ui.course.questions import IDEAS, TIMES, gain, read, share_right
from ui.i18n import LANGUAGES, language


def test_ten_ideas_in_two_forms_that_share_no_question():
    assert len(IDEAS) == 10
    texts = [entry.question(time).text for entry in IDEAS.values() for time in TIMES]
    assert len(set(texts)) == 20


@pytest.mark.parametrize("code", LANGUAGES)
def test_four_different_answers_and_the_right_one_at_no_fixed_place(code):
    _ = language(code).gettext
    places = []
    for idea, entry in IDEAS.items():
        for time in TIMES:
            question = entry.question(time)
            assert len({_(answer) for answer in question.answers}) == 4
            assert sorted(question.order(idea)) == [0, 1, 2, 3] and question.order(idea) == question.order(idea)
            places.append(question.order(idea).index(0))
    assert {places.count(place) >= 2 for place in range(4)} == {True}


def test_answers_are_read_whole_or_not_at_all():
    whole = dict.fromkeys(IDEAS, 2)
    assert read(whole) == whole
    for odd in (None, [], {}, whole | {"state": 4}, whole | {"state": True}, whole | {"state": None}):
        assert read(odd) is None


def test_the_gain_is_of_what_there_was_to_gain():
    some = dict.fromkeys(IDEAS, 1) | {"state": 0, "gates": 0}
    assert share_right(some) == 0.2
    assert gain(0.2, 0.6) == pytest.approx(0.5) and gain(0.5, 0.25) == -0.5 and gain(1.0, 0.9) is None
