"""The guesses of a class as a file."""

import csv
import io
import json

from ui.course.classroom.export import COLUMNS, guesses_csv


def rows_of(classroom) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(guesses_csv(classroom))))


def test_a_row_for_each_guess_with_what_was_measured(group):
    group.guess(2.4, 3.4)
    group.train()
    rows = rows_of(group.classroom)
    assert tuple(rows[0]) == COLUMNS and {row["lesson"] for row in rows} == {"untrained"}
    assert sorted((row["answer"], row["measured"], row["score"]) for row in rows) == [
        ("2.4", "3.4", "0.500"),
        ("3.4", "3.4", "1.000"),
    ]


def test_nothing_says_whose_a_guess_is(group):
    group.classroom.join(group.members[0], "Ada")
    group.guess(1.0, 2.0, 3.0)
    text = guesses_csv(group.classroom)
    assert "Ada" not in text and not any(token in text for token in group.members)
    numbers = {tuple(row["member"] for row in rows_of(group.classroom)) for _again in range(200)}
    orders = {
        tuple(row["answer"] for row in sorted(rows_of(group.classroom), key=lambda row: row["member"]))
        for _again in range(200)
    }
    assert numbers == {("1", "2", "3")} and len(orders) == 6  # not in the order in which they came


def test_one_member_has_one_number_in_every_lesson(group):
    group.guess(1.0)
    group.classroom.go("way_back", "guess")
    [guess] = group.classroom.lessons["way_back"].guesses
    curve = [1.0] * len(guess.at)
    assert group.classroom.guess(group.members[0], "way_back", {guess.name: curve}) == "taken"
    rows = rows_of(group.classroom)
    assert [row["lesson"] for row in rows] == ["untrained", "way_back"] and rows[0]["member"] == rows[1]["member"]
    assert json.loads(rows[1]["answer"]) == curve and rows[1]["measured"] == rows[1]["score"] == ""


def test_an_ended_class_has_no_rows(group):
    group.guess(1.0)
    group.classroom.end()
    assert rows_of(group.classroom) == []
