"""The reader's own text: what is uploaded never costs what was there, and nobody else sees it unasked."""

import pytest
from visits import visits

from ui.settings import keys

OWN = "It was a dark night on the river, and the boat went on. " * 20


@pytest.fixture
def visit():
    with visits("lab", parts=(keys.KEEP,)) as open_page:
        yield open_page


def own(app):
    setup, _training = app.session_state[keys.SESSION]._wanted
    return dict(setup.task_options)["text"]


@pytest.mark.parametrize("data", [b"", b" \n \n"])
def test_an_empty_file_is_refused_and_the_text_is_kept(visit, data):
    app = visit(data="own")
    app.text_area(key=keys.TEXT).set_value(OWN).run()
    app.file_uploader(key=f"{keys.UPLOAD}_0").set_value(("empty.txt", data, "text/plain")).run()
    assert [warning.value for warning in app.warning] == [
        "`empty.txt` is not used. The file has no text in it. The text you had is kept."
    ]
    assert app.text_area(key=keys.TEXT).value == OWN and own(app) == OWN


@pytest.mark.parametrize("data", [b"a", b"abc", b"aaaaaaaaaaaaaaaaaaaa"])
def test_a_file_to_learn_nothing_from_is_refused_and_the_text_is_kept(visit, data):
    app = visit(data="own")
    app.text_area(key=keys.TEXT).set_value(OWN).run()
    app.file_uploader(key=f"{keys.UPLOAD}_0").set_value(("a.txt", data, "text/plain")).run()
    assert [warning.value for warning in app.warning] == [
        "`a.txt` is not used. Nothing can be learned from this file: a text needs at least 6 symbols, two of them "
        "different. The text you had is kept."
    ]
    assert app.text_area(key=keys.TEXT).value == OWN and own(app) == OWN


def test_a_file_that_is_cut_in_the_middle_of_a_character_is_read_and_it_is_said(visit):
    app = visit(data="own")
    data = ("旧磨坊边有一条河。" * 40).encode()[:-1]
    app.file_uploader(key=f"{keys.UPLOAD}_0").set_value(("cut.txt", data, "text/plain")).run()
    assert own(app) == data[:-2].decode()
    assert any("cut in the middle of a character" in caption.value for caption in app.caption)


def test_a_text_of_ones_own_is_not_in_the_address_unless_that_is_wanted(visit):
    app = visit(data="own")
    app.text_area(key=keys.TEXT).set_value(OWN).run()
    assert own(app) == OWN and "text" not in app.query_params and not app.code
    app.checkbox(key=keys.WITH_TEXT).check().run()
    [link] = app.code
    assert "text=It+was+a+dark+night" in link.value and "text" not in app.query_params
    app.text_area(key=keys.TEXT).set_value(OWN * 2).run()
    assert not app.code and any("too many for a link" in caption.value for caption in app.caption)


def test_a_text_that_came_in_a_link_stays_in_the_address_until_it_is_changed(visit):
    app = visit(data="own", text=OWN)
    assert own(app) == OWN and app.query_params["text"] == OWN
    app.text_area(key=keys.TEXT).set_value(OWN + "Private.").run()
    assert "text" not in app.query_params


def test_what_is_hidden_and_what_is_private_fit_into_one_link(visit):
    app = visit(data="own")
    app.text_area(key=keys.TEXT).set_value(OWN).run()
    app.checkbox(key=keys.WITH_TEXT).check().run()
    app.multiselect(key=keys.HIDDEN).set_value([keys.CELL]).run()
    [link] = app.code
    assert "hide=cell" in link.value and "text=It+was" in link.value
