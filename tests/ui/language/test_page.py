"""The logic of the page “Language”, without a browser: what the controls do, and what the browser would be sent."""

import json

import pytest
from visits import frame_of, session_of, until, visits

from rnn_core import InputError
from ui.language.views import PICTURES
from ui.settings import keys

PARTS = (keys.MORE_TEXT, keys.MORE_NETWORK, keys.MORE_LEARNING, keys.SHOWN)
VIEWS = {"score": {"parting", "score"}, "write": {"choices"}, "rulers": {"rulers"}, "game": {"race"}}


@pytest.fixture
def open_page():
    """A function that opens the page with a query and all parts of the side bar unfolded."""
    with visits("language", PARTS) as open_one:
        yield open_one


def trained(app, updates=5, run=1):
    """Wait until that network has made some updates, and let it rest."""
    session = session_of(app)
    until(lambda: (seen := session.snapshot.view) and seen.run == run and seen.update >= updates)
    session.pause()
    until(lambda: session.snapshot.status == "paused")
    return app


def picture(app, **query) -> dict:
    """Frame that the browser would be sent now."""
    query = {"run": session_of(app).snapshot.view.run} | query
    return frame_of(session_of(app), **{k: v if isinstance(v, str) else json.dumps(v) for k, v in query.items()})


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_itself(open_page, view):
    app = trained(open_page(look_at=view))
    shown = picture(app, open=",".join(f"{view}_{kind}" for kind in ("guide", "table")))
    assert set(shown["figures"]) == VIEWS[view] and shown["notices"] == [] and shown["view"] == view
    assert shown["numbers"][0][0] == "Update" and len(shown["numbers"]) == 5
    assert len(shown["parts"][f"{view}_guide"]) >= 2 and shown["parts"][f"{view}_table"]
    assert picture(app)["parts"] == {}


def test_sentences_are_scored_and_the_better_one_wins(open_page):
    app = open_page(sentences="I ran by stone\nnots yb nar I\nω", information="nats")
    trained(app, updates=150)
    shown = picture(app, sentence=1)
    first, _second, third = shown["sentences"]
    assert shown["best"] == 0 and shown["chosen"] == 1 and "Sentence 1" in shown["verdict"]
    assert "".join(first["strip"]["symbols"]) == "I␣ran␣by␣stone"
    total = float(first["numbers"][1][1].removesuffix(" nats"))
    last = shown["figures"]["parting"]["data"][0]["y"]
    assert len(first["strip"]["heights"]) == 14 and total > 0 and last
    assert third["strip"] is None and "ω" in str(third["notes"])
    counted = until(lambda: (made := picture(app)["sentences"][0]["numbers"])[4:] and made[4])
    assert counted[0].startswith("surprise by counting, n = ") and float(counted[1].removesuffix(" nats")) > 0
    app.button_group(key=keys.INFORMATION).set_value("bits").run()
    bits = float(picture(app)["sentences"][0]["numbers"][1][1].removesuffix(" bits"))
    assert bits == pytest.approx(total / 0.6931, abs=0.02)
    assert app.query_params["sentences"] == "I ran by stone\nnots yb nar I\nω"


def test_examples_stand_where_nothing_was_typed(open_page):
    shown = picture(trained(open_page()))
    assert len(shown["sentences"]) == 3 and shown["before"][1:] == ["⏎"]


def test_a_branch_goes_on_from_what_was_chosen(open_page):
    app = trained(open_page(look_at="write", prompt="the ", draw_temperature="0.7", draw_length="20"), updates=60)
    shown = picture(app, step=3)
    whole, options = shown["branches"][0], shown["candidates"]["rows"]
    assert whole["parent"] is None and len(whole["ids"]) == 20 and shown["prompt"] == [*list("the"), "␣"]
    assert whole["ids"][3] in [row["id"] for row in options] and sum(row["drawn"] for row in options) == 1
    other = next(row["id"] for row in options if not row["drawn"])
    prefix = [*whole["ids"][:3], other]
    shown = picture(app, step=3, branch=1, branches=[[0, prefix]])
    fork = shown["branches"][1]
    assert fork["ids"][:4] == prefix and fork["given"] == 4 and fork["parent"] == 0 and shown["branch"] == 1
    assert shown["branches"][0]["ids"] == whole["ids"]
    names = next(iter(shown["compared"].values()))
    assert {"greedy", "branch 1", "branch 2", "beam 1", "beam 2", "beam 3"} == set(names)
    totals = [float(text.replace("−", "-")) for text in shown["compared"]["ln p"]]
    assert totals == sorted(totals, reverse=True)
    assert {len(text) for text in shown["compared"]["text"]} == {20}  # one line each, its line ends as signs
    assert not any(text.isspace() or "\n" in text for text in shown["compared"]["text"])
    assert len(picture(app, branches=[[0, prefix]], run=7)["branches"]) == 1  # of another network
    app.slider(key=keys.DRAW_LENGTH).set_value(8).run()
    assert len(picture(app)["branches"][0]["ids"]) == 8 and app.query_params["draw_length"] == "8"


def test_truncation_leaves_the_cut_symbols_without_a_share(open_page):
    app = trained(open_page(look_at="write", top_k="2"), updates=30)
    rows = picture(app, step=0)["candidates"]["rows"]
    assert [row["after"] > 0 for row in rows] == [True, True] + [False] * 10
    assert rows[0]["after"] + rows[1]["after"] == pytest.approx(1) and rows[5]["texts"][1] == "–"
    app.select_slider(key=keys.TOP_K).set_value(None).run()
    app.slider(key=keys.DRAW_TEMPERATURE).set_value(0.0).run()
    shown = picture(app, step=0)
    assert shown["candidates"]["rows"][0]["after"] == 1 and shown["candidates"]["rows"][0]["drawn"]


def test_the_text_changes_while_the_network_learns(open_page):
    app = trained(open_page(look_at="write", draw_temperature="0"), updates=20)
    before = picture(app)
    session_of(app).step(1)
    until(lambda: session_of(app).snapshot.view.update == before["update"] + 1)
    after = picture(app)
    assert after["update"] == before["update"] + 1 and after["token"] != before["token"]
    assert after["branches"][0]["total"] != before["branches"][0]["total"]


def test_the_rulers_arrive_and_say_where_the_network_stands(open_page):
    app = trained(open_page(look_at="rulers"), updates=30)
    shown = until(lambda: (made := picture(app, open="rulers_table"))["share"] == 1 and made)
    assert "per symbol on the held-out text" in shown["summary"]
    table = shown["parts"]["rulers_table"]
    assert len(table["model"]) == 10
    held_out = float(shown["numbers"][2][1].removesuffix(" bits"))
    row = table["model"].index("network, held-out")
    assert float(table["bits per symbol"][row]) == pytest.approx(held_out, abs=0.006)
    assert len(shown["figures"]["rulers"]["layout"]["shapes"]) == 9


def test_the_game_reveals_no_more_than_was_guessed(open_page):
    app = trained(open_page(look_at="game", passage="3"))
    until(lambda: picture(app)["share"] == 1 if "share" in picture(app) else len(picture(app)["sums"]["player"]) > 2)
    shown = picture(app)
    assert shown["done"] == 0 and not shown["over"] and len(shown["seen"]) == 51
    guessed = picture(app, guesses=[["e", 50], [" ", 95]])
    assert guessed["done"] == 2 and guessed["seen"][:51] == shown["seen"] and len(guessed["seen"]) == 53
    assert guessed["sums"]["player"][:2] == ["you", "network"]
    again = picture(app, guesses=[[guessed["seen"][51], 95], [guessed["seen"][52], 95]])
    assert again["summary"][0].startswith("Right. It cost you 0.07 bits") and again["sums"]["paid"][0] == "0.1 bits"
    unread = picture(app, guesses=[["ω", 50]])
    assert unread["done"] == 0 and unread["summary"][1] == "ω"
    over = picture(app, guesses=[["e", 25]] * 40)
    assert over["done"] == over["rounds"] == 30 and over["over"]
    app.number_input(key=keys.PASSAGE).set_value(12).run()
    assert picture(app)["seen"] != shown["seen"]


@pytest.mark.parametrize(
    ("query", "button"), [({"data": "adding"}, keys.TAKE_TEXT), ({"bidirectional": "true"}, keys.ONE_WAY)]
)
def test_without_a_text_a_button_brings_one(open_page, query, button):
    app = open_page(**query)
    assert len(app.info) == 1
    app.button(key=button).click().run()
    assert not app.exception and not app.info
    shown = until(lambda: (v := session_of(app).snapshot.view) and v.setup.task == "text" and not v.setup.bidirectional)
    assert shown
    until(lambda: "figures" in picture(app))


def test_by_word(open_page):
    app = trained(open_page(by="words", vocabulary="500", sentences="I saw a zeppelin", look_at="score"), updates=20)
    setup = session_of(app).snapshot.view.setup
    assert dict(setup.task_options)["max_words"] == 500 and dict(setup.task_options)["min_count"] == 2
    shown = picture(app)
    assert shown["sentences"][0]["strip"]["marks"][-1] and "zeppelin" in str(shown["sentences"][0]["notes"])
    app.button_group(key=keys.WRITING_VIEW).set_value("rulers").run()
    assert "per character" in picture(app, open="rulers_guide")["parts"]["rulers_guide"][-1]
    assert shown["numbers"][4][1] == "58" and "unknown" in shown["numbers"][4][2]
    app.checkbox(key=keys.FOLD_CASE).set_value(True).run()
    app.select_slider(key=keys.RARE_WORDS).set_value(3).run()
    view = until(lambda: (v := session_of(app).snapshot.view) and dict(v.setup.task_options)["min_count"] == 3 and v)
    assert dict(view.setup.task_options)["fold_case"] == 1
    assert app.query_params["by"] == "words" and app.query_params["rare_words"] == "3"
    assert app.query_params["fold_case"] == "true" and "rare_characters" not in app.query_params


def test_a_text_of_few_words_is_refused_in_words(open_page):
    app = open_page(data="own", by="words")
    app.text_area(key=keys.TEXT).set_value("only nine words stand here, and that is few").run()
    session = session_of(app)
    notice = until(lambda: (told := session.snapshot.notice) and told.kind != "compiling" and told)
    assert notice.kind == "words_few" and notice.values["length"] == 10


def test_a_long_text_that_was_pasted_is_kept_beside_the_field(open_page):
    app = open_page(data="own")
    text = "It was a dark night on the river, and the boat went on. " * 4000
    app.text_area(key=keys.TEXT).set_value(text).run()
    assert app.session_state[keys.KEPT_TEXT] == text and app.session_state[keys.TEXT] == ""
    until(lambda: (v := session_of(app).snapshot.view) and dict(v.setup.task_options).get("text") == text)
    app.text_area(key=keys.TEXT).set_value("a short one instead, " * 20).run()
    assert app.session_state[keys.KEPT_TEXT] == ""


@pytest.mark.parametrize(
    "query",
    [
        {"branches": "[" * 5000, "guesses": "[[1,2]]"},
        {"branches": '{"a": 1}', "step": "9999999", "branch": "77", "sentence": "88"},
        {"branches": "[[0, [99999999999999999999]]]", "guesses": "nan", "open": "x,write_table"},
        {"branches": "1" * 30_000},
    ],
)
@pytest.mark.parametrize("view", ["score", "write", "game"])
def test_nonsense_from_a_browser_is_answered(open_page, view, query):
    app = trained(open_page(look_at=view))
    assert set(picture(app, **query)["figures"]) == VIEWS[view]


def test_numbers_too_large_to_score_with_are_told_in_the_readers_language_alone(open_page, monkeypatch):
    def too_large(_context):
        raise InputError("the network's outputs are not finite")

    app = trained(open_page(lang="zh_CN"))
    monkeypatch.setitem(PICTURES, "score", too_large)
    [told] = picture(app)["notices"]
    assert told["sentence"].startswith("网络的数值太大") and told["detail"] == ""
