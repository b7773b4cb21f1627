"""A text that the server was started with is each visitor's own text, until they take another."""

import logging

import pytest
from visits import view, visits

from ui import environment
from ui.network import given_text
from ui.settings import keys
from ui.settings.kept_text import LONGEST_SHOWN

TEXT = "the rain in Spain stays mainly in the plain. " * 12


@pytest.fixture
def given(tmp_path, monkeypatch):
    """Start the server with a text."""

    def start(text: str) -> None:
        file = tmp_path / f"{len(text)}.txt"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setenv(environment.TEXT, str(file))

    return start


@pytest.fixture
def open_page():
    with visits("lab") as visit:
        yield visit


def text_of(page):
    return dict(view(page).setup.task_options)["text"]


def test_the_lab_begins_with_it(given, open_page):
    given(TEXT)
    page = open_page()
    assert text_of(page) == TEXT and page.selectbox(key=keys.DATA).value == "own"
    assert page.text_area(key=keys.TEXT).value == TEXT and not page.info and not page.exception
    assert page.query_params["data"] == "own" and keys.TEXT not in page.query_params
    page.text_area(key=keys.TEXT).set_value("a text of somebody's own. " * 20).run()
    assert dict(view(page, run=2).setup.task_options)["text"].startswith("a text of somebody's own.")
    page.run()
    assert page.text_area(key=keys.TEXT).value.startswith("a text of somebody's own.")


def test_a_long_one_is_kept_beside_the_field(given, open_page):
    text = "the rain in Spain. " * (LONGEST_SHOWN // 19 + 1)
    given(text)
    page = open_page()
    assert text_of(page) == text and page.text_area(key=keys.TEXT).value == ""


def test_a_short_one_is_read_in_shorter_sequences(given, open_page):
    given("so many, so few. ")
    page = open_page()
    assert text_of(page) == "so many, so few. " and not page.exception


@pytest.mark.parametrize("query", [{"data": "river_en"}, {"data": "recall"}])
def test_a_link_says_what_is_read(given, open_page, query):
    given(TEXT)
    page = open_page(**query)
    assert page.selectbox(key=keys.DATA).value == query["data"] and not page.exception
    page.selectbox(key=keys.DATA).select("own").run()
    assert dict(view(page, run=2).setup.task_options)["text"] == TEXT


def test_a_link_with_a_text_has_its_own(given, open_page):
    given(TEXT)
    page = open_page(data="own", text="another text of somebody else. " * 5)
    assert text_of(page).startswith("another text")


def test_a_file_that_is_none_is_told_once_and_left_out(monkeypatch, tmp_path, caplog):
    monkeypatch.setenv(environment.TEXT, str(tmp_path / "missing.txt"))
    with caplog.at_level(logging.WARNING):
        assert given_text.given_text() == given_text.given_text() == ""
    assert [record.message.split()[0] for record in caplog.records] == ["RNN_LAB_TEXT"]
