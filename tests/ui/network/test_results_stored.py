"""Stored measurements of published results: complete, of today's settings, of a commit, and in agreement."""

import pytest

from ui.i18n import language
from ui.network.results import RESULTS, report
from ui.network.results.record import agrees
from ui.network.results.sentences import verdict
from ui.network.results.stored import settings_of, stored

NAMES = tuple(RESULTS)
GETTEXT = language("en").gettext


def test_every_result_was_measured_and_nothing_else():
    assert set(stored()) == set(NAMES), "make reproduce"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_stored_was_measured_with_these_settings(name):
    result, entry = RESULTS[name], stored()[name]
    assert entry.settings == settings_of(result), "the record has changed since: make reproduce"
    for key, network in result.networks.items():
        assert tuple(trial.seed for trial in entry.trials[key]) == network.seeds
        assert all(trial.numbers.keys() == result.quantities.keys() for trial in entry.trials[key])
        assert all(bool(trial.curve[0]) == (result.chart is not None) for trial in entry.trials[key])
        assert all(bool(trial.parts) == (result.picture is not None) for trial in entry.trials[key])
        assert all(len(trial.curve[0]) == len(trial.curve[1]) for trial in entry.trials[key])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_stored_says_when_where_and_with_what(name):
    entry = stored()[name]
    assert len(entry.when) == len("2026-11-29 08:00") and entry.seconds > 0 and entry.processor and entry.system
    assert {"python", "numpy", "numba"} <= entry.versions.keys()
    assert entry.commit and not entry.commit.endswith("+"), "measured with code that is in no commit"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_stored_agrees(name):
    assert agrees(RESULTS[name], stored()[name].trials), verdict(RESULTS[name], stored()[name].trials, GETTEXT)


def test_the_page_of_the_docs_is_drawn_from_what_is_stored():
    assert report.FILE.read_text(encoding="utf-8") == report.document(stored()), "python -m ui.network.results.report"
