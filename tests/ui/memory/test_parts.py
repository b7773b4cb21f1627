"""Parts of the page “Memory”: rows of a text, packed windows, the order of units, figures."""

import base64
import json

import numpy as np
import pytest

from rnn_core import Model, ModelConfig
from rnn_core.analysis.memory import MemoryCurve, memory_curve
from rnn_core.analysis.properties import Property, properties
from rnn_core.analysis.recording import record
from rnn_core.analysis.unit_search import Finding
from rnn_core.tasks import TASKS, TextTask
from ui.charts.unit_order import by_similarity
from ui.i18n import language
from ui.memory import effects, figures, interventions, search
from ui.memory.controls import ChangeChoices
from ui.memory.curves_by_cell import MemoryCurves
from ui.memory.excerpt import excerpt, row_starts
from ui.memory.recorder import RecordedText
from ui.memory.window import levels, multiples_of, window_of
from ui.theme import DARK, LIGHT

_ = language("en").gettext


def slow_rows(ends, steps, columns) -> list[int]:
    starts = []
    for at in range(len(ends)):
        if at == 0 or ends[at - 1] or at % steps == 0 or at - starts[-1] == columns:
            starts.append(at)
    return [*starts, len(ends)]


@pytest.mark.parametrize("seed", range(5))
def test_rows_begin_where_a_walk_through_the_text_says(seed):
    rng = np.random.default_rng(seed)
    ends, steps, columns = rng.random(200) < 0.1, int(rng.integers(20, 300)), int(rng.integers(1, 30))
    assert row_starts(ends, steps, columns).tolist() == slow_rows(ends, steps, columns)


def test_a_hundred_thousand_symbols_fall_into_rows():
    ends = np.zeros(100_000, bool)
    ends[40::41] = True
    starts = row_starts(ends, 100_000, 60)
    assert len(starts) == 100_000 // 41 + 2 and starts[-1] == 100_000


def unpacked(packed):
    return np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])


@pytest.fixture(scope="module")
def read():
    """(recording, passage, task) of an untrained network."""
    task = TextTask(text="the cat sat on the mat.\n" * 40)
    model = Model(ModelConfig("gru", task.input_size, 9, task.output_size, seed=2))
    text = excerpt(("key",), task, "text", 300, "", False)
    return record(model, text.x, text.targets), text, task


def test_a_window_holds_what_is_seen_and_no_more(read):
    recording, text, task = read
    starts = row_starts(text.line_ends, recording.steps, 10)[3:7]
    window = window_of(recording, text, starts, 4, (-1.0, 1.0), True)
    begin, end = starts[0], starts[-1]
    shown = "".join(window["labels"][i] for i in unpacked(window["ids"]))
    assert shown.replace("␣", " ").replace("⏎", "\n") == task.decode(recording.ids[begin:end])
    assert len(unpacked(window["guesses"])) == 5 * (end - begin) and len(json.dumps(window)) < 2000
    assert "guesses" not in window_of(recording, text, starts, 4, (-1.0, 1.0), False)
    first = window_of(recording, text, row_starts(text.line_ends, 300, 10)[:2], 4, (-1.0, 1.0), False)
    assert unpacked(first["surprise"])[0] == 255  # nothing was asked before the first symbol
    small = multiples_of(
        recording, row_starts(text.line_ends, 300, 10), np.arange(9)[::-1], np.tile((-1, 1), (9, 1)), []
    )
    assert np.array_equal(
        unpacked(small["values"]).reshape(9, -1)[4], levels_of(recording.values[: small["starts"][-1], 4])
    )


def levels_of(values):
    return unpacked(levels(values, -1.0, 1.0))


def test_levels():
    assert unpacked(levels(np.array([-2.0, -1.0, 0.0, 1.0, 2.0, np.nan]), -1, 1)).tolist() == [0, 0, 127, 254, 254, 255]


def test_passages():
    task = TextTask(text="ab" * 100)
    own = excerpt((), task, "own", 1000, "abxba", False)
    assert own.x[:, 0].tolist() == [0, 1, 1, 0] and own.unread == "x" and own.targets[:, 0].tolist() == [1, 1, 0, -1]
    assert excerpt((), task, "own", 1000, "a", False) is None
    assert excerpt((), TASKS["adding"](), "text", 1000, "", False) is None
    held = excerpt((), task, "held_out", 7, "", False)
    assert held.x[:, 0].tolist() == task.held_out_ids[:7].tolist()
    recall = TASKS["recall"](delay=5)
    batch, several = recall.held_out(), excerpt((), recall, "text", 20, "", False)
    assert several.x.shape == (6, 3) and (several.targets[:-1] == -1).all()
    assert several.targets[-1].tolist() == batch.targets[-1, :3].tolist()
    order = TASKS["order"]()
    assert excerpt((), order, "text", 10, "", False).targets[-1, 0] == order.held_out().targets[0, 0]


def test_orders_of_units(read):
    values = np.zeros((40, 4))
    values[:, 1], values[:, 2], values[:, 3] = np.arange(40), -np.arange(40), np.arange(40) % 3
    assert search.order_of(values, "index", None, by_similarity).tolist() == [0, 1, 2, 3]
    assert search.order_of(values, "variance", None, by_similarity).tolist()[:2] == [1, 2]
    result = search.UnitSearchResult([], [("", 0.0), ("vowels", 0.3), ("digits", 0.5), ("vowels", 0.9)], 40)
    assert search.order_of(values, "tracks", result, by_similarity).tolist() == [3, 1, 2, 0]
    recording, text, _task = read
    found = search.find(recording, text, lambda share: True, _)
    assert len(found.best) == 9 and found.symbols == 300
    assert len(search.table(found, _)["rows"]) == len(found.findings)


def test_what_a_unit_follows_is_a_sentence():
    def told(kind, symbol="", lag=0, sign=1):
        each = Property(kind, np.zeros(4, bool), True, symbol, lag)
        found = Finding(each, 7, sign, 0.95, 0.96, 0.6, True)
        return search.sentences(search.UnitSearchResult([found], [], 10), _)[0].partition(" (")[0], search.name_of(
            each, _
        )

    assert told("quotes") == ("Unit 7 is active inside quotes", "inside quotes")
    assert told("is", "l", sign=-1) == ("Unit 7 is inactive at the symbol “l”", "the symbol “l”")
    assert told("was", "a", 1) == ("Unit 7 is active one step after “a”", "“a” one step back")
    assert told("was", "a", 2) == ("Unit 7 is active 2 steps after “a”", "“a” 2 steps back")
    binary = {each.kind for each in properties(list('A b, "c" (d 1)\nE') * 3) if each.binary}
    assert binary <= {*search.WHERE} and len(binary) > 8


def test_nothing_found_is_said():
    assert search.sentences(search.UnitSearchResult([], [], 10), _)[0].startswith("No unit follows")


def test_a_change_of_a_symbol_counts_no_loss_where_it_was_asked_for(read):
    recording, text, task = read
    shown = interventions.compare(
        RecordedText((), 0, recording, text, task), ChangeChoices("symbol", symbol="m"), 50, 0, 1.0, {}
    )
    at = shown.at - shown.begin
    assert task.vocabulary[shown.changed_ids[at]] == "m" and np.isnan(shown.loss[at - 1])
    assert (shown.divergence[:at] == 0).all() and shown.divergence[at] > 0
    assert np.array_equal(shown.before[:at], shown.after[:at])
    told = effects.change_messages(shown, _)
    assert "right at symbol 50" in told["sentences"][0] or "after symbol 50" in told["sentences"][0]


def test_the_reading_without_a_change_is_kept_for_the_next(read, monkeypatch):
    recording, text, task = read
    kept, alone, subject = {}, {}, RecordedText((), 0, recording, text, task)
    wanted = ChangeChoices(value=1.0)
    interventions.compare(subject, ChangeChoices("state"), 60, 3, 1.0, kept)
    (plain,) = kept.values()
    again = interventions.compare(subject, wanted, 60, 3, 1.0, kept)
    assert next(iter(kept.values())) is plain
    fresh = interventions.compare(subject, wanted, 60, 3, 1.0, alone)
    assert np.array_equal(again.after, fresh.after) and np.array_equal(again.divergence, fresh.divergence)
    interventions.compare(RecordedText((), 1, recording, text, task), wanted, 60, 3, 1.0, kept)  # of another update
    assert list(kept) != list(alone) and len(kept) == 1
    monkeypatch.setattr(interventions, "ROOM", 100)
    interventions.compare(subject, wanted, 61, 3, 1.0, kept)
    assert kept == {}


def test_a_comparison_tells_how_far_it_is_and_ends(read):
    recording, text, task = read
    shares, subject = [], RecordedText((), 0, recording, text, task)

    def compared(least, kept):
        shares.clear()
        return interventions.compare(
            subject, ChangeChoices("state"), 60, 3, 1.0, kept, lambda share: not shares.append(share) and share < least
        )

    assert compared(2, {}) is not None and shares == [0.0, 0.5]  # each of the two readings is a short one
    assert compared(0.4, {}) is None and shares == [0.0, 0.5]
    assert compared(0, kept := {}) is None and shares == [0.0] and kept == {}


def test_emptying_an_empty_memory_changes_nothing(read):
    recording, text, task = read
    shown = interventions.compare(RecordedText((), 0, recording, text, task), ChangeChoices("state"), 0, 0, 1.0, {})
    assert (shown.divergence == 0).all() and shown.written == shown.written_after
    assert effects.change_messages(shown, _)["sentences"][0].startswith("Nothing changes")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_figures_show_the_numbers(read, theme):
    recording, text, task = read
    order = np.arange(9)[::-1]
    bars = figures.units(recording.values[7], order, -1.0, 1.0, "h", theme=theme, translate=_)
    assert bars.data[0].y.tolist() == recording.values[7][::-1].tolist()
    assert list(bars.layout.xaxis.ticktext) == [str(unit) for unit in order]
    shown = interventions.compare(RecordedText((), 0, recording, text, task), ChangeChoices(value=1.0), 60, 3, 1.0, {})
    figure = figures.changed(shown, "h", theme=theme, translate=_)
    assert [trace.type for trace in figure.data] == [*3 * ["scatter"], *3 * ["heatmap"]]  # what it does comes first
    assert figure.data[0].mode == "text" and "zoom in" in figure.data[0].meta["note"]  # where only some are written
    before, after, difference = [trace for trace in figure.data if trace.type == "heatmap"]
    assert np.array_equal(np.array(before.z), shown.before.T) and np.array_equal(np.array(after.z), shown.after.T)
    assert (np.array(after.z)[3, 8:] == 1).all() and difference.zmin == -difference.zmax
    assert [stop[1] for stop in difference.colorscale] == [colour for _at, colour in theme.diverging]
    values, place = np.sin(np.arange(400.0)), np.arange(400) % 20
    mean = figures.agreement(values, place, False, "h", "place", theme=theme, translate=_).data[0]
    assert list(mean.x) == list(range(20)) and mean.y[3] == pytest.approx(values[3::20].mean())
    yes, no = figures.agreement(values, place == 3, True, "h", "three", theme=theme, translate=_).data
    assert sum(yes.y) == pytest.approx(1) == sum(no.y) and yes.name == "three"
    curve = memory_curve(recording.model, text.x, reach=12, places=10)
    drawn, loss = figures.curves({"symbol": curve}, [], theme=theme, translate=_).data
    assert np.array_equal(np.array(loss.y), curve.loss)
    assert np.array(drawn.y)[curve.mean > 0] == pytest.approx(curve.mean[curve.mean > 0])
    other = curve._replace(mean=curve.mean + 1)
    both = figures.curves(
        {"symbol": curve}, [("GRU", {"symbol": other, "state": curve})], theme=theme, translate=_
    ).data
    assert [trace.name for trace in both if trace.line.dash == "dash"] == ["GRU", "GRU"]
    assert np.array(both[2].y) == pytest.approx(other.mean) and both[2].line.color == both[0].line.color
    assert figures.scale_of(0.0, theme) == [list(stop) for stop in theme.sequential]


def test_how_long_it_lasts_in_words():
    flat = np.ones(5)
    curve = MemoryCurve(flat, flat, flat, flat, 7, 2, None)
    told = effects.lasting(
        {"state": curve},
        [MemoryCurves("lstm", 9, 1200, {"symbol": curve, "state": curve._replace(half=1, hundredth=3)})],
        _,
    )
    assert told == [
        "The memory is emptied: symbols until the effect has fallen to a half: 2, to 1%: more than 4 (mean of 7 "
        "places).",
        "For comparison, on the same text: LSTM, 9 units, update 1,200. Another symbol read: half 2, 1% more than 4; "
        "memory emptied: half 1, 1% 3.",
    ]
