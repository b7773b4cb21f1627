"""Patterns of units that are on, and nearest states, against a search that looks at every place."""

import numpy as np
import pytest

from rnn_core import InputError
from rnn_core.analysis.patterns import Match, matches, nearest, pattern, statistics

pytestmark = pytest.mark.small


def test_a_repeated_pattern_is_found_again():
    rng = np.random.default_rng(0)
    values = rng.normal(0, 0.1, (200, 6))
    values[:, 4] = 0.5  # does not vary: is never on
    for begin in (20, 90, 150):
        values[begin : begin + 5, 1] += 3
        values[begin : begin + 5, 3] -= 3
    values[60:65, 1] += 3  # half of it
    known = statistics(values)
    sought = pattern(values, 20, 25, known)
    assert sorted(sought.units.tolist()) == [1, 3]
    assert dict(zip(sought.units.tolist(), sought.signs.tolist(), strict=True)) == {1: 1, 3: -1}
    found = matches(values, sought, 20, 25, known, count=3)
    assert set(found[:2]) == {Match(90, 95, 1.0), Match(150, 155, 1.0)}
    assert found[2] == Match(60, 65, 0.5)


def test_matches_are_the_best_of_all_places():
    rng = np.random.default_rng(1)
    values = np.cumsum(rng.normal(size=(120, 8)), axis=0)
    known = statistics(values)
    sought = pattern(values, 50, 54, known, on=0.2)
    assert len(sought.units) >= 2
    found = matches(values, sought, 50, 54, known, count=50, on=0.2)
    z = (values - values.mean(axis=0)) / values.std(axis=0)

    def share(begin):
        on = [z[t, u] * s >= 0.2 for t in range(begin, begin + 4)
              for u, s in zip(sought.units, sought.signs, strict=True)]  # fmt: skip
        return np.mean(on)

    assert all(match.share == pytest.approx(share(match.begin)) for match in found)
    free = [begin for begin in range(117) if abs(begin - 50) >= 4]
    assert found[0].share == pytest.approx(max(map(share, free)))
    places = sorted([match.begin for match in found] + [50])
    assert min(np.diff(places)) >= 4  # apart from the range and from one another


def test_nearest_states():
    rng = np.random.default_rng(2)
    values = rng.normal(size=(80, 5))
    values[70] = values[10] + 0.01
    values[72] = values[10] + 0.005
    found = nearest(values, 10, count=10)
    assert found[0][0] == 72 and found[0][1] == pytest.approx(0.005 * np.sqrt(5))
    assert 70 not in [place for place, _distance in found]  # too close to the one before
    assert [distance for _place, distance in found] == sorted(distance for _place, distance in found)
    with pytest.raises(InputError, match="0 to 79"):
        nearest(values, 80)


def test_a_range_must_be_one():
    known = statistics(np.zeros((5, 2)))
    with pytest.raises(InputError, match=r"3\.\.3"):
        pattern(np.zeros((5, 2)), 3, 3, known)
    assert matches(np.zeros((5, 2)), pattern(np.zeros((5, 2)), 1, 3, known), 1, 3, known) == []
