"""Codes of classes."""

import math

import pytest

from ui.course.classroom.codes import LENGTH, LETTERS, new_code, read_code, written_code

pytestmark = pytest.mark.small


def test_a_code_cannot_be_guessed_and_no_two_letters_look_alike():
    assert LENGTH * math.log2(len(LETTERS)) >= 40
    assert len(set(LETTERS)) == len(LETTERS) and not set(LETTERS) & set("ILO0123456789")
    codes = {new_code() for _again in range(200)}
    assert len(codes) == 200 and all(read_code(code) == code for code in codes)


def test_a_code_is_read_as_people_type_it():
    code = new_code()
    shown = written_code(code)
    for typed in (shown, shown.lower(), shown.replace("-", " "), f"  {code.lower()} ", shown.replace("-", "–")):
        assert read_code(typed) == code


@pytest.mark.parametrize(
    "typed", ["", "ABC", "ABC-DEF-GHI", "ABC-DEF-GH1", "A" * 10, "ABC/DEF/GHJ", "É" * 9, "A" * 10**6]
)
def test_what_can_be_no_code_is_none(typed):
    assert read_code(typed) is None
