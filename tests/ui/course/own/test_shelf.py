"""Lessons beside the thirteen: the server's folder, and a file that is chosen on the page."""

import os
from pathlib import Path

import pytest
from visits import until, visits

from ui import environment
from ui.course.classroom import registry
from ui.course.own import shelf, view
from ui.settings import keys

EXAMPLE = (Path(__file__).parents[4] / "docs" / "lesson.toml").read_bytes()
QUICK = EXAMPLE.replace(b"updates = 300", b"updates = 20").replace(b"Ten times", b"*Ten* times")


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("course", parts=(keys.COURSE_OWN,)) as open_one:
        yield open_one


def test_the_folder_holds_what_can_be_read_and_says_what_cannot(tmp_path, monkeypatch, caplog):
    (tmp_path / "a.toml").write_bytes(EXAMPLE)
    (tmp_path / "b.toml").write_bytes(EXAMPLE)  # of the same name
    (tmp_path / "c.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "d.txt").write_bytes(EXAMPLE)
    (tmp_path / "e.toml").write_text("name = 'x'")
    monkeypatch.setenv(environment.LESSONS, str(tmp_path))
    found = shelf.folder.__wrapped__()
    assert list(found.texts) == ["ten_times_as_far"] and list(found.problems) == ["b.toml", "c.toml", "e.toml"]
    assert "lesson b.toml: name is 'ten_times_as_far'. This name is taken." in caplog.text
    monkeypatch.setenv(environment.LESSONS, str(tmp_path / "gone"))
    assert shelf.folder.__wrapped__() == shelf.Shelf({}, {}) and "must be a folder" in caplog.text


@pytest.mark.parametrize(
    "odd",
    [lambda path: path.mkdir(), lambda path: path.symlink_to("gone"), os.mkfifo,
     lambda path: path.write_text(f"seed = 0x{'f' * 5000}"), lambda path: path.write_text(f"seed = {'9' * 5000}")],
    ids=["folder", "dangling", "pipe", "hex", "digits"],
)  # fmt: skip
def test_an_odd_entry_of_the_folder_is_told_and_keeps_nobody_from_the_other_lessons(
    odd, tmp_path, monkeypatch, open_page
):
    (tmp_path / "a.toml").write_bytes(EXAMPLE)
    odd(tmp_path / "b.toml")
    monkeypatch.setenv(environment.LESSONS, str(tmp_path))
    found = shelf.folder.__wrapped__()
    assert list(found.texts) == ["ten_times_as_far"] and list(found.problems) == ["b.toml"]
    monkeypatch.setattr(shelf, "folder", lambda: found)
    monkeypatch.setattr(view, "folder", lambda: found)
    app = open_page()
    assert not app.exception and any(text.value.startswith("b.toml, in the server’s folder: ") for text in app.text)


def test_a_lesson_of_the_folder_is_in_the_list(open_page, monkeypatch):
    found = shelf.read([("a.toml", EXAMPLE)])
    monkeypatch.setattr(shelf, "folder", lambda: found)
    app = open_page()
    assert "Ten times as far" in {button.label for button in app.button}


def choose(app, name, data):
    """Choose a file on the list of lessons."""
    app.file_uploader(key=keys.COURSE_OWN_FILE).set_value((name, data, "application/toml")).run()
    assert not app.exception
    return app


def test_a_file_is_chosen_and_its_lesson_goes_from_the_guess_to_a_task(open_page):
    app = choose(open_page(lang="en"), "mine.toml", QUICK)
    [button] = [button for button in app.button if button.key == "open_own"]
    assert button.label == r"\*Ten\* times as far"  # text, and no Markdown
    button.click().run()
    assert app.query_params["lesson"] in ("own", ["own"]) and app.header[0].value == r"\*Ten\* times as far"
    claims = [text.value for text in app.text if "must name the first of them" in text.value]
    assert len(claims) == 1 and not any("must name" in text.value for text in app.markdown)
    state = app.session_state[keys.COURSE]
    lesson = shelf.built(QUICK.decode(), "en")[0]
    state.load("", {})
    state.lock(lesson, {"near": 90.0, "far": 95.0})
    app.run().button(key=keys.COURSE_RUN).click().run()
    until(lambda: state.run_of(lesson).status != "running")
    app.run()
    assert not app.exception and [heading.value for heading in app.subheader][-3:] == ["Compare", "Explain", "Try"]
    assert "Each further step multiplies" in app.info[0].value
    assert state.records["ten_times_as_far"].truth.keys() == {"near", "far"}
    again = open_page(lesson="own")  # another tab, without the file
    assert "Choose the file again" in again.info[0].value


def test_what_is_wrong_with_a_file_is_told_and_the_last_lesson_stays(open_page):
    app = choose(open_page(), "mine.toml", QUICK)
    choose(app, "wrong.toml", QUICK.replace(b'kind = "number"', b'kind = "guess"', 1))
    assert any("guesses[1].kind is 'guess'. Possible: number" in text.value for text in app.text)
    assert "no lesson yet" in app.error[0].value and "open_own" in {button.key for button in app.button}
    choose(app, "odd.toml", b"\xff\x00")
    assert any("not in UTF-8" in text.value for text in app.text)
    for much in (b"# " + b"e" * 2**21, "河".encode() * 200_000):  # cut anywhere, the second would end in half a letter
        choose(app, "long.toml", much)
        assert [text.value for text in app.text if text.value.startswith("•")] == [
            "• The file is too long: at most 100,000 characters."
        ]


def test_a_class_that_is_started_from_the_tab_has_its_lesson(open_page, monkeypatch):
    asked = []
    monkeypatch.setattr(registry.CLASSES, "start", lambda lessons, *_more: asked.append(list(lessons)) or "full")
    app = choose(open_page(), "mine.toml", QUICK)
    app.button(key=keys.CLASS_START).click().run()
    assert asked[-1][-1] == "ten_times_as_far" and len(asked[-1]) == 14
