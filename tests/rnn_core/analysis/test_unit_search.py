"""The search finds units that were planted, and nothing in noise; areas and ranks by counting pairs."""

import numpy as np
import pytest

from rnn_core import InputError, Model, ModelConfig
from rnn_core.analysis import unit_search
from rnn_core.analysis.properties import Property, properties
from rnn_core.analysis.recording import record
from rnn_core.analysis.unit_search import areas, best_per_unit, correlations, ranks, search

SATURATED = 20.0  # a gate's input that opens it all the way


def area_by_pairs(values, yes) -> float:
    """Every pair of a yes and a no, one by one."""
    pairs = [(a > b) + 0.5 * (a == b) for a, y in zip(values, yes, strict=True) if y
             for b, n in zip(values, yes, strict=True) if not n]  # fmt: skip
    return float(np.mean(pairs))


@pytest.mark.small
def test_areas_count_pairs_with_ties():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 6, (60, 4)).astype(float)  # many ties
    yes = rng.integers(0, 2, (3, 60))
    found = areas(ranks(values), yes)
    for p, h in np.ndindex(found.shape):
        assert found[p, h] == pytest.approx(area_by_pairs(values[:, h], yes[p]), abs=1e-12)


@pytest.mark.small
def test_correlations():
    rng = np.random.default_rng(1)
    values, numbers = rng.normal(size=(50, 3)), rng.normal(size=(2, 50))
    values[:, 2] = 0.7  # does not vary
    found = correlations(values, numbers)
    assert found[:, :2] == pytest.approx(np.corrcoef(numbers, values[:, :2].T)[:2, 2:], abs=1e-12)
    assert (found[:, 2] == 0).all()


def planted() -> tuple[Model, str]:
    """An LSTM by hand over the symbols of `VOCABULARY`: unit 2 is on inside “ ”, unit 5 counts since the line's end;
    the others hold noise. The cell is c = f·c + i·g, so a closed f and an open i write g, two open ones add it."""
    vocabulary = "ab“”\n"
    model = Model(ModelConfig("lstm", 5, 8, 5, seed=4, bias=False))
    weights = model.state_dict()
    w_ih = weights["weight_ih_l0"].reshape(4, 8, 5)  # i f g o
    weights["weight_hh_l0"][:] = np.random.default_rng(0).uniform(-0.3, 0.3, (32, 8))
    w_hh = weights["weight_hh_l0"].reshape(4, 8, 8)
    for unit in (2, 5):
        w_ih[:, unit] = 0
        w_hh[:, unit] = 0
        w_ih[3, unit] = SATURATED  # the output gate is open
    place = {symbol: number for number, symbol in enumerate(vocabulary)}
    # unit 2: keeps what it has (f 1, i 0), but for the marks: f 0, i 1, g ±1
    w_ih[0, 2], w_ih[1, 2] = -SATURATED, SATURATED
    for symbol, sign in (("“", 1), ("”", -1)):
        w_ih[:3, 2, place[symbol]] = SATURATED, -SATURATED, sign * SATURATED
    # unit 5: adds a little at each symbol (f 1, i 1, g 0.02), and forgets at a line's end (f 0, i 0)
    w_ih[0, 5], w_ih[1, 5], w_ih[2, 5] = SATURATED, SATURATED, np.arctanh(0.02)
    w_ih[:2, 5, place["\n"]] = -SATURATED
    model.load_state_dict(weights)
    return model, vocabulary


def quoted_text(symbols: int, seed: int) -> str:
    """Noise with quotes, in lines of many lengths."""
    rng, text, inside = np.random.default_rng(seed), "", False
    while len(text) < symbols:
        text += "".join(rng.choice(["a", "b"], rng.integers(3, 15)))
        if rng.random() < 0.6:
            text, inside = text + ("”" if inside else "“"), not inside
        elif rng.random() < 0.7:
            text += "\n"
    return text[:symbols]


@pytest.fixture(scope="module")
def read():
    """(values, properties) of the planted network's cells over a text."""
    model, vocabulary = planted()
    text = quoted_text(3000, seed=5)
    ids = np.array([[vocabulary.index(symbol)] for symbol in text])
    return record(model, ids, quantity="cell").values, properties(list(text))


def test_planted_units_are_found(read):
    found = {each.property.key: each for each in search(*read)}
    quotes, column = found["quotes"], found["column"]
    assert (quotes.unit, quotes.sign, quotes.found) == (2, 1, True) and quotes.unseen > 0.999
    assert (column.unit, column.sign, column.found) == (5, 1, True) and column.unseen > 0.999
    assert quotes.chance < 0.8 and column.chance < 0.6
    best = best_per_unit(read[0], list(found.values()), read[1])
    assert read[1][best[2][0]].key == "quotes"
    assert read[1][best[5][0]].key in ("column", "space")  # at a line's end it is lowest of all
    assert best[2][1] == pytest.approx(1) and best[5][1] == pytest.approx(1)


def test_an_inverted_unit_is_found_as_such(read):
    values = read[0].copy()
    values[:, [2, 5]] *= -1
    found = {each.property.key: each for each in search(values, read[1])}
    for key in ("quotes", "column"):
        assert (found[key].sign, found[key].found) == (-1, True) and found[key].unseen > 0.999


def test_nothing_is_found_in_noise():
    """Of 128 units that are noise and 46 properties the best pair looks like something where it was chosen only."""
    rng = np.random.default_rng(6)
    known = properties(list(quoted_text(600, seed=7)))
    findings = search(rng.normal(size=(600, 128)), known)
    assert findings and not any(finding.found for finding in findings)
    chosen = np.mean([f.chosen - f.unseen for f in findings if f.property.binary])
    assert chosen > 0.05  # what the held-out part takes away


def test_two_slow_waves_are_no_finding():
    """They rise once in either part, so they agree; pieces in another order agree nearly as well now and then."""
    time = np.arange(2000.0)
    numbers = Property("column", time % 1000, False)
    slow = search(np.sqrt(time % 1000)[:, None], [numbers])[0]
    fast = search(np.sqrt(time % 40)[:, None], [Property("column", time % 40, False)])[0]
    assert slow.unseen > 0.95 and fast.unseen > 0.95 and fast.found
    assert slow.chance > fast.chance + 0.2


def test_units_and_symbols_are_taken_a_few_at_a_time_with_the_same_result(monkeypatch):
    """Blocks that do not fit evenly, against every pair one by one."""
    monkeypatch.setattr(unit_search, "TOGETHER", 3)
    monkeypatch.setattr(unit_search, "BLOCK", 37)
    rng = np.random.default_rng(9)
    values = rng.integers(0, 9, (240, 10)).astype(np.float32)
    known = properties(list(quoted_text(240, seed=3)))
    findings = search(values, known)
    assert len(findings) > 5
    for each in findings:
        column, answers = each.sign * values[:, each.unit], each.property.values
        for part, number in ((slice(0, 120), each.chosen), (slice(120, 240), each.unseen)):
            if each.property.binary:
                expected = area_by_pairs(column[part], answers[part])
                others = [area_by_pairs(values[part, unit], answers[part]) for unit in range(10)]
                strongest = max(max(area, 1 - area) for area in others)
            else:
                expected = np.corrcoef(column[part], answers[part])[0, 1]
                others = [np.corrcoef(values[part, unit], answers[part])[0, 1] for unit in range(10)]
                strongest = np.abs(others).max()
            assert number == pytest.approx(expected, abs=1e-9)
            assert part.start or number == pytest.approx(strongest, abs=1e-9)


def test_it_tells_how_far_it_is_and_stops_when_told_to(read, monkeypatch):
    monkeypatch.setattr(unit_search, "TOGETHER", 2)
    values, known = read
    for function in (lambda told: search(*read, progress=told),
                     lambda told: best_per_unit(values, search(*read), known, told)):  # fmt: skip
        shares = []
        assert function(lambda share, shares=shares: shares.append(share) or True)
        assert len(shares) >= values.shape[1] // unit_search.TOGETHER and shares == sorted(shares)
        assert 0 < shares[0] < shares[-1] == pytest.approx(1)
        for most in (0, len(shares) // 2, len(shares) - 1):
            left = [True] * most
            assert function(lambda share, left=left: bool(left and left.pop())) is None


def test_the_depth_of_brackets_is_searched_too():
    text = list("(a(b)a)ab" * 60)
    for symbols, binary in ((text, False), (list("(ab)abab" * 60), True)):
        known = properties(symbols)
        depth = next(each for each in known if each.key == "depth")
        noise = np.random.default_rng(2).normal(size=(len(symbols), 3))
        noise[:, 1] = depth.values
        found = {each.property.key: each for each in search(noise, known)}["depth"]
        assert depth.binary is binary and found.unit == 1 and found.chosen == pytest.approx(1)


@pytest.mark.small
def test_a_rare_property_is_left_out():
    yes = np.zeros(400)
    yes[[10, 390]] = 1
    assert search(np.random.default_rng(8).normal(size=(400, 3)), [Property("quotes", yes, True)]) == []
    assert best_per_unit(np.zeros((4, 2)), [], []) == [(-1, 0.0)] * 2
    with pytest.raises(InputError, match="rows"):
        search(np.zeros((4, 2)), [Property("quotes", np.zeros(5), True)])
