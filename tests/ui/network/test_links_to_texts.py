"""Links for the reader's own text: what trains until it is there; a text that cannot be fetched."""

import socket
import time

import pytest
from visits import PATIENCE, picture, session_of, until, view, visits

from rnn_core.tasks import TEXTS
from ui.network import text_files
from ui.network.notices import SENTENCES, notices
from ui.settings import keys


def test_a_text_of_ones_own(open_page):
    page = open_page()
    view(page)
    page.selectbox(key=keys.DATA).select("own").run()
    session = session_of(page)
    until(lambda: session.snapshot.notice)
    assert "at least 52 characters" in picture(page)["notices"][0]["sentence"]
    assert view(page, updates=session.snapshot.view.update + 10).run == 1  # nothing is lost
    page.text_area(key=keys.TEXT).set_value("<b>bold</b> & *stars* " * 20).run()
    assert view(page, run=2).vocabulary == tuple(sorted(set("<b>bold</b> & *stars* ")))
    page.run()
    assert picture(page)["notices"] == [] and not page.exception
    assert not any("<b>" in shown.value for shown in page.markdown)  # a text is never rendered


@pytest.fixture
def open_page():
    with visits("lab") as visit:
        yield visit


FOR_OWN_TEXT = "This link was made with a private text, which it does not contain."


def test_a_link_for_a_text_that_it_does_not_hold_opens_with_a_network_all_the_same(open_page):
    app = open_page(data="own", hidden_size="9")
    seen = view(app)
    assert dict(seen.setup.task_options)["text"] == TEXTS["river_en"].text and seen.setup.hidden_size == 9
    assert [info.value for info in app.info] == [
        f"{FOR_OWN_TEXT} Paste it in the side bar, under “Your own text”, or upload its file there. Until then the "
        f"network learns from “{TEXTS['river_en'].title}”."
    ]
    assert picture(app)["notices"] == [] and app.query_params["data"] == "own"
    app.slider(key=keys.HIDDEN_SIZE).set_value(10).run()  # the controls are those of the network that stands in
    assert view(app, run=2).setup.hidden_size == 10 and app.info
    app.text_area(key=keys.TEXT).set_value("a text of somebody's own. " * 20).run()
    assert dict(view(app, run=3).setup.task_options)["text"] == "a text of somebody's own. " * 20 and not app.info


def test_a_link_that_holds_a_text_to_learn_nothing_from_is_not_said_to_hold_none(open_page):
    app = open_page(data="own", text="a" * 2000)
    assert view(app).setup.task == "text"
    [info] = app.info
    assert info.value.startswith("Nothing can be learned from the text in this link.") and "private" not in info.value
    assert f"learns from “{TEXTS['river_en'].title}”" in info.value and picture(app)["notices"] == []


def test_a_link_that_holds_its_text_says_nothing(open_page):
    text = "a text of somebody's own. " * 20
    app = open_page(data="own", text=text)
    assert dict(view(app).setup.task_options)["text"] == text and not app.info


def test_where_there_is_no_network_none_is_said_to_go_on(open_page):
    app = open_page(data="tiny_shakespeare")
    app.session_state[keys.DATA], app.session_state[keys.TEXT] = "own", "far too short"
    app.run()
    until(lambda: session_of(app).snapshot.notice)
    assert session_of(app).snapshot.view is None
    [notice] = notices(session_of(app).snapshot, SENTENCES, "train", str)
    assert "Paste a longer text" in notice["sentence"] and "continues" not in notice["sentence"]


def test_a_text_that_cannot_be_fetched_is_named_and_the_network_goes_on(open_page, monkeypatch, tmp_path):
    page = open_page()
    view(page)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setattr(text_files, "URL", f"http://127.0.0.1:{unused.getsockname()[1]}/input.txt")
    monkeypatch.setattr(text_files, "CACHE", tmp_path)
    page.selectbox(key=keys.DATA).select("tiny_shakespeare").run()
    end = time.monotonic() + PATIENCE
    while not page.main.warning or not page.sidebar.warning:  # it may fail between the two
        assert time.monotonic() < end
        time.sleep(0.05)
        page.run()
    assert page.warning[0].value.startswith("127.0.0.1 cannot be reached.")
    assert [told.value for told in page.main.warning] == [  # where the side bar is closed it is said too
        page.sidebar.warning[0].value + " Until then, choose other data in the side bar."
    ]
    assert page.button(key=keys.RETRY).label == "Try again"
    update = session_of(page).snapshot.view.update
    assert view(page, updates=update + 10).run == 1 and not page.exception


def test_what_the_controls_have_to_say_stands_below_the_title(open_page):
    app = open_page(data="own")
    kinds = [element.type for element in app.main]
    assert kinds.index("title") < kinds.index("info")
