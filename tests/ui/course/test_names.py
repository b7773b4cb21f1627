"""Names: whole characters, whatever they are made of."""

import pytest

from ui.course.names import MOST_CODES, characters, plain_name, shortened

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"  # five code points, one picture
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
ZOE = "Zoe\u0308"  # the accent is a code point of its own
HINDI = "\u0915\u094d\u200d\u0937"  # a joiner within a word


@pytest.mark.parametrize("name", [FAMILY, ENGLAND, ZOE, HINDI, f"Ada {FAMILY}", "李雷"])
def test_a_name_is_kept_whole(name):
    assert plain_name(f" {name} ", 40) == name == shortened(name, 40)


@pytest.mark.parametrize(("one", "count"), [(FAMILY, 40), ("e\u0301", 40), ("x", 40), (ENGLAND, 40)])
def test_its_length_is_that_of_what_is_seen(one, count):
    assert plain_name(one * 500, count) == one * count
    assert len(characters(shortened(one * 500, count))) == count


def test_piled_up_accents_end_and_what_cannot_be_seen_is_no_name():
    assert len(plain_name("x" + "\u0301" * 1000, 40)) == MOST_CODES
    for hidden in ("\u200d", "\u200b \u2060", "\u202e", "\u0301"):
        assert plain_name(hidden, 40) == ""
