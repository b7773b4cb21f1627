"""The page “Memory” without a browser: what its controls do, and what the browser would be sent."""

import base64
import re
import time

import numpy as np
import pytest
from visits import PATIENCE, frame_of, session_of, visits

from rnn_core.analysis.interventions import Change, read
from rnn_core.analysis.steps import Clamp
from ui.charts.formatting import typographic
from ui.settings import keys
from ui.training.run import new_trainer


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("memory", (keys.MEMORY_READ,)) as open_one:
        yield open_one


def picture(app, **query) -> dict:
    """Frame that the browser would be sent now."""
    session_of(app).seen()
    return frame_of(session_of(app), **query)


def until(app, condition, **query) -> dict:
    """The first picture of which the condition holds."""
    end = time.monotonic() + PATIENCE
    while not ("window" in (seen := picture(app, **query)) and condition(seen)):
        assert time.monotonic() < end, seen
        time.sleep(0.02)
    return seen


def paused(app, updates=1):
    """Let it train for so many updates, then pause and wait until the text was read by the network as it is."""
    until(app, lambda seen: seen["update"] >= updates)
    session = session_of(app)
    session.pause()
    end = time.monotonic() + PATIENCE
    while session.snapshot.status != "paused":
        assert time.monotonic() < end
        time.sleep(0.01)
    until(app, lambda seen: seen["update"] == session.snapshot.view.update)
    return session.ask(lambda run: run.trainer.model.copy()).result(PATIENCE), session.ask(lambda r: r.task).result()


def unpacked(packed) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])


def text_of(window) -> str:
    """The symbols of a window as they are shown."""
    return "".join(window["labels"][i] for i in unpacked(window["ids"]))


def test_the_text_is_coloured_by_the_network_itself(open_page):
    app = open_page(hidden_size="12", cell="gru", memory_length="1000")
    model, task = paused(app)
    seen = picture(app, unit=4, columns=30, row=2, rows=5)
    window = seen["window"]
    whole = np.concatenate([task.training_ids, task.held_out_ids])[:1000]
    begin, end = window["begin"], window["end"]
    assert len(window["starts"]) == 6 and 0 < begin < end
    shown = text_of(window).replace("␣", " ").replace("⏎", "\n")
    assert shown == task.decode(whole[begin:end])
    trace = model.forward(whole[:, None])
    values = trace.hidden[0, 1 + begin : 1 + end, 0, 4]
    assert np.abs(unpacked(window["values"]) / 254 * 2 - 1 - values).max() < 0.005
    surprise = -np.log(trace.probs[np.arange(begin - 1, end - 1), 0, whole[begin:end]])
    assert np.abs(unpacked(window["surprise"]) / 254 * 5 - np.minimum(surprise, 5)).max() < 0.02
    guesses = unpacked(window["guesses"]).reshape(-1, 5)
    best = [task.vocabulary.index({"␣": " ", "⏎": "\n"}.get(s := window["labels"][i], s)) for i in guesses[:, 0]]
    assert best == trace.probs[begin:end, 0].argmax(axis=-1).tolist()


def test_pointing_shows_all_units_and_what_was_guessed(open_page):
    app = open_page(hidden_size="12", memory_length="1000", memory_sort="index")
    model, task = paused(app)
    seen = picture(app, step=5, point=20, unit=3, open="units_table")
    trace = model.forward(task.training_ids[:40, None])
    bars = seen["figures"]["units"]["data"][0]["y"]
    assert np.frombuffer(base64.b64decode(bars["bdata"]), bars["dtype"]) == pytest.approx(
        trace.hidden[0, 21, 0], abs=1e-6
    )
    assert seen["order"] == list(range(12)) and seen["step"] == 5
    assert seen["details"]["rows"][0] == ["unit 3", typographic(f"{trace.hidden[0, 21, 0, 3]:+.6f}")]
    table = seen["parts"]["units_table"]
    assert table["unit"] == seen["order"]
    assert table["hidden state"] == [typographic(f"{value:+.4f}") for value in trace.hidden[0, 21, 0]]
    assert seen["details"]["outputs"][0][2] == pytest.approx(trace.probs[20, 0].max(), abs=1e-6)
    unpointed = picture(app, open="units_table,text_guide")
    assert "details" not in unpointed
    assert unpointed["parts"]["units_table"] == [
        "Point at a symbol of the text: the table then shows what each unit holds there."
    ]
    guide = " ".join(unpointed["parts"]["text_guide"])
    assert "so a hidden state can reach" in guide and "cell state" not in guide


def test_gates_layers_and_order(open_page):
    app = open_page(cell="lstm", layers="2", hidden_size="10", layer="1", quantity="f", memory_length="1000")
    model, task = paused(app, updates=3)
    seen = picture(app, multiples=1, columns=40)
    small = seen["multiples"]
    trace = model.forward(np.concatenate([task.training_ids, task.held_out_ids])[:1000, None])
    gate = trace.gates["f"][1, :, 0]
    assert sorted(small["units"]) == list(range(10))  # in an order that is found anew only now and then
    assert small["units"].index(int(gate.std(axis=0).argmax())) < small["units"].index(int(gate.std(axis=0).argmin()))
    count = small["starts"][-1]
    levels = unpacked(small["values"]).reshape(10, count)
    assert np.abs(levels / 254 - gate[:count, small["units"]].T).max() < 0.005  # a share: from 0 to 1
    assert seen["legend"]["value"].startswith("forget gate f") and seen["legend"]["scale"][0][0] == 0
    assert "of this page's network" in seen["numbers"][0]


def test_a_moment_that_is_looked_at_stays_while_the_lab_goes_on(open_page):
    app = open_page(hidden_size="8", memory_length="1000")
    held = until(app, lambda seen: seen["update"] >= 2)["look"]["newest"]
    session, shown = session_of(app), []
    session.look(held)
    for _time in range(2):
        far, end = session.snapshot.view.update + 30, time.monotonic() + PATIENCE
        while session.snapshot.view.update < far:
            session.seen()
            assert time.monotonic() < end
            time.sleep(0.02)
        seen = until(app, lambda seen: seen["numbers"][0][2] == "the past")
        assert seen["look"]["past"] and f"update {held:,} of" in seen["look"]["sentence"]
        shown.append(seen["update"])
    assert shown == [held] * 2
    app.run()
    assert str(held) in app.query_params["update"]
    session.look(None)
    until(app, lambda seen: seen["update"] >= held + 30)
    app.run()
    assert "update" not in app.query_params


def test_the_network_before_training_reads_while_the_lab_goes_on(open_page):
    app = open_page(hidden_size="8", cell="gru", memory_length="1000", sort="index")
    until(app, lambda seen: seen["update"] >= 30)
    session_of(app).look(0)
    seen = until(app, lambda seen: seen["update"] == 0, unit=5, columns=40)
    values = session_of(app).ask(lambda run: (run.setup, run.training, run.task)).result(PATIENCE)
    untrained = new_trainer(*values[:2]).model
    window = seen["window"]
    trace = untrained.forward(np.concatenate([values[2].training_ids, values[2].held_out_ids])[:1000, None])
    expected = trace.hidden[0, 1 + window["begin"] : 1 + window["end"], 0, 5]
    low, high = (float(part.replace("−", "-")) for part in seen["legend"]["value"].split(": ")[1].split(" … "))
    assert np.abs(unpacked(window["values"]) / 254 * (high - low) + low - expected).max() < 0.005
    assert seen["look"]["wanted"] == 0 and seen["look"]["newest"] >= 30 and not seen["look"]["progress"]


def test_a_link_to_a_moment_replays_it(open_page):
    app = open_page(hidden_size="8", memory_length="1000", speed="1", update="150")
    seen = until(app, lambda seen: seen["update"] == 150)
    assert seen["look"]["newest"] < 150 and "ahead of the training" in seen["look"]["sentence"]


def test_a_link_to_a_moment_that_is_far_shows_the_newest_and_how_far_the_replay_is(open_page):
    app = open_page(hidden_size="8", memory_length="1000", update="77777777")
    seen = until(app, lambda seen: "Replaying to update 77,777,777: 0%" in seen["look"]["progress"])
    assert not seen["look"]["past"] and seen["look"]["wanted"] == 77777777
    session_of(app).look(None)
    until(app, lambda seen: seen["look"]["wanted"] is None and not seen["look"]["progress"])


def test_the_unit_that_nobody_chose_stays_while_the_network_trains(open_page):
    app = open_page(hidden_size="16")
    first = until(app, lambda seen: seen["update"] >= 1)["unit"]
    orders = set()
    seen = until(app, lambda seen: orders.add(seen["order"][0]) or seen["update"] > 300)
    assert seen["unit"] == first and len(orders) > 1  # the order has changed, the unit has not


def test_the_search_names_the_cell_state_where_it_was_not_searched(open_page):
    app = open_page(data="marked_en", cell="lstm", hidden_size="4", memory_view="search", memory_length="1000")
    session_of(app).pause()
    told = until(app, lambda seen: "table" in seen["search"])["search"]["sentences"]
    assert "choose “cell state c” under “Colour by”" in told[-1]
    app.selectbox(key=keys.MEMORY_QUANTITY).select("cell").run()
    told = until(app, lambda seen: "table" in seen["search"] and "cell state c" in seen["legend"]["value"])
    assert not any("Colour by" in sentence for sentence in told["search"]["sentences"])


def test_the_search_tells_what_was_found(open_page):
    app = open_page(data="marked_en", cell="lstm", hidden_size="16", memory_view="search", memory_length="3000")
    paused(app)
    seen = until(app, lambda seen: "table" in seen["search"], begin=100, end=106, step=300)
    end = time.monotonic() + PATIENCE
    table, sentences = seen["search"]["table"], seen["search"]["sentences"]
    assert len(table["rows"]) == len(table["units"]) > 20
    assert any(row[0] == "inside quotes" for row in table["rows"])
    if any(table["found"]):
        assert "on unseen text" in sentences[0]
    else:
        assert sentences[0].startswith("No unit follows")

    def agrees(seen):
        """Whether what is said of the unit is what the table says: once the search is that of the paused network."""
        table, beside = seen["search"]["table"], seen["search"]["beside"]
        row = table["rows"][table["keys"].index("quotes")]
        said = f"unit {row[1]} is {'higher' if row[2] == 'active' else 'lower'} than elsewhere at: inside quotes."
        return said in beside and beside.endswith(f"AUC {row[4]}.")

    while True:
        table = picture(app)["search"]["table"]
        unit = table["units"][table["keys"].index("quotes")]
        seen = picture(app, property="quotes", unit=unit, columns=41, rows=9)
        if seen["search"]["key"] == "quotes" and agrees(seen):
            break
        assert time.monotonic() < end
    assert [trace["name"] for trace in seen["figures"]["beside"]["data"]] == ["inside quotes", "elsewhere"]
    text, held = text_of(seen["window"]), unpacked(seen["window"]["held"])
    assert held.sum() > 0 and [i for i in range(1, len(text)) if (held[i] > 0) != (held[i - 1] > 0)] == [
        i for i, symbol in enumerate(text) if symbol == '"'
    ]
    seen = until(app, lambda seen: "pattern" in seen["search"], begin=100, end=106, step=300)
    assert {"sentence", "units", "places"} <= set(seen["search"]["pattern"])
    near = seen["search"]["nearest"]["places"]
    assert len(near) == 12 and all(abs(place["at"] - 300) >= 5 for place in near)
    assert [float(p["score"]) for p in near] == sorted(float(p["score"]) for p in near)


def test_holding_a_unit_shows_what_the_core_computes(open_page):
    app = open_page(hidden_size="10", cell="gru", memory_view="change", change_value="0.5", memory_length="1000")
    model, task = paused(app)
    seen = until(app, lambda seen: "change" in seen["figures"], step=30, unit=6)
    ids = task.training_ids[:94]
    held = Change(clamps=(Clamp("hidden", 6, 0.5, begin=30),))
    plain, other = read(model, ids), read(model, ids, change=held)
    heats = [trace for trace in seen["figures"]["change"]["data"] if trace["type"] == "heatmap"]
    assert len(heats) == 3
    difference = np.frombuffer(base64.b64decode(heats[2]["z"]["bdata"]), heats[2]["z"]["dtype"]).reshape(10, -1)
    assert difference == pytest.approx((other.hidden - plain.hidden)[0, 22:].T, abs=1e-5)
    assert seen["change"]["problem"] == "" and seen["change"]["written"] != seen["change"]["writtenAfter"]
    seen = until(app, lambda seen: "lasts" in seen["change"], step=30, unit=6, open="curve_table,change_table")
    assert len(seen["change"]["lasts"]) == 2 and "curve" in seen["figures"]
    assert len(seen["parts"]["change_table"]["read"]) == 72


def test_another_cell_is_compared_on_the_same_text(open_page):
    app = open_page(hidden_size="8", memory_view="change", memory_length="1000", cell="gru")
    paused(app, updates=2)
    measured = session_of(app).renderer._curves  # of a former update until it is done
    until(app, lambda seen: "lasts" in seen["change"] and measured.done.version == seen["update"], step=30)
    curve = picture(app, step=30)["figures"]["curve"]["data"][0]
    app.selectbox(key=keys.CELL).select("lstm").run()
    session_of(app).play()
    paused(app)
    seen = until(app, lambda seen: len(seen["change"].get("lasts", ())) == 3, step=30, open="curve_table,curve_guide")
    assert re.match(r"For comparison, on the same text: GRU, 8 units, update \d", seen["change"]["lasts"][2])
    dashed = [trace for trace in seen["figures"]["curve"]["data"] if trace["line"].get("dash")]
    assert [trace["name"].split(",")[0] for trace in dashed] == ["GRU", "GRU"]  # divergence, and change of the loss
    assert dashed[0]["y"] == curve["y"] != seen["figures"]["curve"]["data"][0]["y"]
    assert len([name for name in seen["parts"]["curve_table"] if name.startswith("GRU, 8 units")]) == 2
    app.select_slider(key=keys.MEMORY_LENGTH).set_value(3000).run()
    seen = until(app, lambda seen: seen["symbols"] > 1000 and "lasts" in seen["change"], step=30)
    assert len(seen["change"]["lasts"]) == 2  # another text


def test_what_cannot_be_changed_is_said(open_page):
    app = open_page(hidden_size="8", memory_view="change", change="symbol", memory_length="1000")
    paused(app)

    def problem():
        return until(app, lambda seen: seen["change"].get("problem"), step=30)["change"]["problem"]

    assert problem().startswith("Type the symbol")
    for text, said in (("§", "§"), ("ab", "one symbol")):
        app.text_input(key=keys.CHANGE_SYMBOL).set_value(text).run()
        assert said in problem()
    app.text_input(key=keys.CHANGE_SYMBOL).set_value("⏎").run()  # as it is shown
    until(app, lambda seen: "change" in seen["figures"], step=30)
    there = until(app, lambda seen: "details" in seen, step=30)["details"]["title"][-1]
    app.text_input(key=keys.CHANGE_SYMBOL).set_value(there.replace("␣", " ")).run()
    assert problem().startswith("This is the symbol that stands there")
    app.selectbox(key=keys.CHANGE_KIND).select("swap").run()
    assert problem().startswith("Type the other text")
    app.text_input(key=keys.CHANGE_OTHER).set_value("the river").run()
    until(app, lambda seen: "change" in seen["figures"], step=30)


def test_networks_of_other_kinds(open_page):
    app = open_page(data="adding", memory_view="change")
    end = time.monotonic() + PATIENCE
    while "reads numbers" not in picture(app).get("progress", ""):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert not app.exception


def test_a_network_of_two_directions_is_changed_at_places_of_the_text(open_page):
    app = open_page(data="count", bidirectional="true", cell="gru", hidden_size="6", layer="1", memory_view="change",
                    change_value="0.5", change_steps="3")  # fmt: skip
    model, _task = paused(app, updates=3)
    seen = until(app, lambda seen: "change" in seen["figures"], step=50, unit=2, open="change_guide")
    assert seen["steps"] == 30 and seen["change"]["problem"] == ""
    recording_of = seen["change"]["sentences"]
    assert recording_of[0].startswith("The prediction changes most at symbol")
    batch = session_of(app).ask(lambda run: run.task.held_out()).result(PATIENCE)
    ids = batch.x[:, 1]  # symbol 50 stands in the second sequence
    held = Change(clamps=(Clamp("hidden", 2, 0.5, layer=1, begin=20, end=23),))
    difference = (read(model, ids, change=held).hidden - read(model, ids).hidden)[1]
    heats = [trace for trace in seen["figures"]["change"]["data"] if trace["type"] == "heatmap"]
    shown = np.frombuffer(base64.b64decode(heats[2]["z"]["bdata"]), heats[2]["z"]["dtype"]).reshape(6, -1)
    assert shown == pytest.approx(difference.T, abs=1e-5)
    assert np.abs(difference[19]).max() > 0 and (difference[23:] == 0).all()  # it is read from the end
    assert any("both directions" in sentence for sentence in seen["parts"]["change_guide"])
    assert seen["change"]["lasts"][0].startswith("Memory curves") and "written" not in seen["change"]
    app.selectbox(key=keys.CHANGE_KIND).select("state").run()
    problem = until(app, lambda seen: seen["change"].get("problem"), step=50, unit=2)["change"]["problem"]
    assert problem.startswith("The memory that is emptied or exchanged here is that of the forward direction")
    session_of(app).renderer._comparisons.share = 0.25  # of a longer text
    assert picture(app, step=50, unit=2)["progress"] == "Computing: 25%"


@pytest.mark.parametrize("kind", ["unit", "state", "symbol"])
def test_a_network_that_is_read_at_the_end_is_changed_on_the_way(open_page, kind):
    app = open_page(data="sentiment", hidden_size="6", memory_view="change", change=kind, change_value="1")
    model, task = paused(app, updates=3)
    batch = session_of(app).ask(lambda run: run.task.held_out()).result(PATIENCE)
    steps, at = len(batch.x), 4
    other_word = (int(batch.x[at, 0]) + 1) % len(task.vocabulary)
    if kind == "symbol":
        app.text_input(key=keys.CHANGE_SYMBOL).set_value(task.vocabulary[other_word]).run()
    made = {
        "unit": Change(clamps=(Clamp("hidden", 1, 1.0, begin=at),)),
        "state": Change(state="zero", at=at),
        "symbol": Change(symbols=((at, other_word),)),
    }[kind]
    asked, comparisons = {"step": at, "unit": 1, "open": "change_table"}, session_of(app).renderer._comparisons
    # this may be the place where the page began, with a comparison from before the pause
    until(app, lambda seen: "change" in seen["figures"] and comparisons.done.version == seen["update"], **asked)
    seen = picture(app, **asked)
    plain, other = read(model, batch.x[:, 0]), read(model, batch.x[:, 0], change=made)
    moved = float((np.exp(plain.log_probs) * (plain.log_probs - other.log_probs)).sum())
    told = seen["change"]["sentences"]
    if moved > 1e-4:
        assert float(re.search(r"changes by (\S+) nats", told[0]).group(1)) == pytest.approx(moved, rel=0.05)
    assert seen["parts"]["change_table"]["change of the prediction (nats)"][:-1] == [""] * (steps - 1)
    heats = [trace for trace in seen["figures"]["change"]["data"] if trace["type"] == "heatmap"]
    shown = np.frombuffer(base64.b64decode(heats[2]["z"]["bdata"]), heats[2]["z"]["dtype"]).reshape(6, -1)
    assert shown == pytest.approx((other.hidden - plain.hidden)[0].T, abs=1e-5)


def test_ones_own_text(open_page):
    app = open_page(hidden_size="8", memory_text="own", memory_own="the river & the sea §")
    assert app.text_area(key=keys.MEMORY_OWN).value == "the river & the sea §"
    seen = until(app, lambda seen: True)
    assert text_of(seen["window"]) == "the␣river␣␣the␣sea␣" and seen["unread"].endswith("& §")
    app.text_area(key=keys.MEMORY_OWN).set_value("").run()
    end = time.monotonic() + PATIENCE
    while "no text yet" not in picture(app).get("progress", ""):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_url_holds_what_is_set(open_page):
    app = open_page(memory_view="change", change="swap", change_other="so", symbol="12", chosen_unit="3")
    said = {"memory_view": "change", "change": "swap", "change_other": "so", "symbol": "12", "chosen_unit": "3"}
    assert said.items() <= {name: str(app.query_params[name]) for name in said}.items()
    app.select_slider(key=keys.MEMORY_LENGTH).set_value(1000).run()
    assert app.query_params["memory_length"] == "1000"
