"""Published results that are trained again: records, stored measurements, verdicts. `make reproduce` measures anew."""

import dataclasses
import json
import math
import re

import numpy as np
import pytest

from rnn_core.tasks import TASKS
from ui.charts.race import colours
from ui.i18n import LANGUAGES, language
from ui.network.published_results import CARDS, paper_of
from ui.network.results import RESULTS, adding, reber, reber_stream, report, unspaced
from ui.network.results.measuring import Measurement, read_held_out, setup_of
from ui.network.results.record import Check, Network, Paper, Trial, agrees, findings, values
from ui.network.results.sentences import range_of, rows_of_checks, rows_of_seeds, spread, verdict, verdict_word
from ui.network.results.stored import Stored, measured_now, store, stored
from ui.network.settings import SETTINGS
from ui.network.setup import values_of
from ui.theme import LIGHT
from ui.training.run import new_trainer

NAMES = tuple(RESULTS)
GETTEXT = language("en").gettext


@pytest.mark.reproduction
@pytest.mark.parametrize("name", NAMES)
def test_reproduction(name, record_property):
    """What was measured is kept, whatever it is; where it no longer lies where we expect it, this fails."""
    result, entry = RESULTS[name], measured_now(RESULTS[name])
    store(name, entry)
    report.write()
    rows = rows_of_checks(result, entry.trials, GETTEXT)
    record_property("table", [("result", *rows), *((name, *row) for row in zip(*rows.values(), strict=True))])
    assert agrees(result, entry.trials), verdict(result, entry.trials, GETTEXT)


@pytest.mark.parametrize("name", NAMES)
def test_a_record_is_complete(name):
    result = RESULTS[name]
    assert result.name == name and result.checks and result.networks and len(result.networks) <= len(colours(LIGHT))
    assert isinstance(result.card, Paper) or result.card in CARDS
    assert all(paper_of(result))
    assert all(re.fullmatch(r"\S.* (19|20)\d\d", one) for one in result.by.split("; "))
    assert all((result.title, result.claim, result.published, result.expected))
    assert {check.network for check in result.checks} <= {"", *result.networks}
    for check in result.checks:
        assert ("{network}" in check.label) == bool(check.network)
        assert check.low <= check.high and not (math.isinf(check.low) and math.isinf(check.high))
    assert all(len(network.seeds) >= 3 and network.every <= network.updates for network in result.networks.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_lab_can_be_set_to_every_network(name):
    """So that a link opens the network that was measured, with its first seed."""
    for network in RESULTS[name].networks.values():
        assert all(SETTINGS[key].allows(value) for key, value in network.values.items())
        setup, training = setup_of(network, network.seeds[0])
        assert setup.task in TASKS
        said = values_of(setup, training)
        assert {key: said[key] for key in network.values} == dict(network.values)


def test_each_seed_of_the_reber_grammar_has_strings_of_its_own():
    network = reber.RESULT.networks["lstm"]
    drawn = [TASKS["reber"](**dict(setup_of(network, seed, drawn=True)[0].task_options)) for seed in (0, 1)]
    assert drawn[0].strings("train") != drawn[1].strings("train")
    shown = TASKS["reber"](**dict(setup_of(network, 0)[0].task_options))  # what the Lab opens
    assert shown.strings("train") == drawn[0].strings("train")


def test_a_stream_is_read_in_one_go_and_each_symbol_has_its_cost():
    network = reber_stream.RESULT.networks["with"]
    run = new_trainer(*setup_of(network._replace(values=network.values | {"hidden_size": 3}), 0))
    read = read_held_out(run)
    assert read.text == run.task.text[read.begin :] and len(read.text) == 6000 == len(read.nats) + 1
    place = 4321
    assert read.nats[place - 1] == pytest.approx(
        -np.log(read.probs[place - 1, read.vocabulary.index(read.text[place])])
    )
    trace = run.model.forward(run.task.held_out_ids[:place, None])
    assert read.probs[place - 1] == pytest.approx(trace.probs[-1, 0], abs=1e-6)
    assert read.states[place - 1] == pytest.approx(trace.cell[0, -1, 0], abs=1e-5)
    with pytest.raises(TypeError, match="expected 'text'"):
        read_held_out(new_trainer(*setup_of(adding.RESULT.networks["gru"], 0)))


def test_the_outer_letters_of_a_stream_are_found_from_its_first_whole_string_on():
    assert reber_stream.closings("XSEPEBTBTXSETEBPBPVVEPEBTBT") == [12, 21]


def test_an_area_under_the_curve():
    assert unspaced.area(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, False, True, True])) == 1
    assert unspaced.area(np.array([1.0, 2.0, 2.0, 1.0]), np.array([False, False, True, True])) == 0.5


# The file


def test_an_entry_is_kept_and_read_again_and_the_others_stay(tmp_path):
    file = tmp_path / "measured.json"
    trials = {"gru": (Trial(0, {"solved": None, "error": 1 / 3}, ((1.0, 2.0), (0.5, 0.25))),)}
    entry = Stored(trials, "abc", "2026-11-29 08:00", 1.5, "a processor", "Linux", {"python": "3.11"}, "1234")
    store("b", entry, file)
    store("a", entry._replace(seconds=2.5), file)
    again = stored(file)
    assert list(json.loads(file.read_text(encoding="utf-8"))) == ["a", "b"]
    assert again["b"].trials["gru"][0].numbers == {"solved": None, "error": 0.333333}
    assert again["b"]._replace(trials={}) == entry._replace(trials={}) and again["a"].seconds == 2.5
    assert again["a"].trials["gru"][0].curve == ((1.0, 2.0), (0.5, 0.25))
    assert list(tmp_path.iterdir()) == [file] and stored(tmp_path / "none") == {}


# Verdicts


def fake(solved, error=0.15):
    """Trials of the adding problem in which each network but tanh solves so many seeds."""
    trial = lambda seed, yes: Trial(seed, {"solved": 500 if yes else None, "error": error})  # noqa: E731
    return {
        name: tuple(trial(seed, seed < solved and name != "tanh") for seed in range(3))
        for name in adding.RESULT.networks
    }


def test_a_verdict_is_computed_from_the_numbers():
    assert agrees(adding.RESULT, fake(solved=2)) and not agrees(adding.RESULT, fake(solved=1))
    said = verdict(adding.RESULT, fake(solved=2), GETTEXT)
    assert said == "Agrees: all 5 numbers that decide lie where we expect them."
    said = verdict(adding.RESULT, fake(solved=3, error=0.3), GETTEXT)
    assert said.startswith("Differs.") and "at most 0.210; measured: 0.300" in said and "at least 0.12" not in said
    words = [verdict_word(adding.RESULT, trials) for trials in (None, fake(0), fake(3))]
    assert words == ["not measured", "differs", "agrees"]


def test_a_number_that_is_none_differs():
    result = reber.RESULT
    none = {"lstm": tuple(Trial(seed, {"strings": None}) for seed in range(8))}
    solved, median = findings(result, none)
    assert (solved.value, solved.holds, median.holds) == (0, False, False) and math.isnan(median.value)
    assert "measured: –" in verdict(result, none, GETTEXT)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_verdict_that_differs_says_why_in_every_language(name, code):
    _ = language(code).gettext
    result = RESULTS[name]
    empty = tuple(Trial(0, dict.fromkeys(result.quantities, 1.0)) for _seed in range(3))
    never = tuple(check._replace(low=1e9, high=2e9) for check in result.checks)
    said = verdict(dataclasses.replace(result, checks=never), dict.fromkeys(result.networks, empty), _)
    assert said.startswith(_("Differs.")) and said.count("“") == len(never) and "{" not in said


def test_ranges_and_spreads():
    number = lambda trials: 0.0  # noqa: E731
    assert range_of(Check("", number, 3, 3), GETTEXT) == "3"
    assert range_of(Check("", number, 0.99, form=".4f"), GETTEXT) == "at least 0.9900"
    assert range_of(Check("", number, high=8440, form=",.0f"), GETTEXT) == "at most 8,440"
    assert range_of(Check("", number, 0, 2), GETTEXT) == "0 to 2"
    quantity, trials = adding.RESULT.quantities["solved"], fake(solved=2)
    assert spread(quantity, trials, "gru", "solved", GETTEXT) == "500, in 2 of 3"
    assert spread(quantity, trials, "tanh", "solved", GETTEXT) == "in none of 3"
    assert values(trials, "gru", "solved") == [500, 500]
    two = {"gru": (Trial(0, {"solved": 100}), Trial(1, {"solved": 300}))}
    assert spread(quantity, two, "gru", "solved", GETTEXT) == "200 (100 to 300)"
    few = {"gru": tuple(Trial(seed, {"solved": float(seed == 1)}) for seed in range(3))}
    assert spread(quantity, few, "gru", "solved", GETTEXT) == "0.3 (0 to 1)"
    seeds = rows_of_seeds(adding.RESULT, trials, GETTEXT)
    assert len(seeds["seed"]) == 12 and seeds["updates until the squared error is below 0.01"][2] == "–"


# Measuring


def small():
    """The adding problem in few updates."""
    tanh = adding.RESULT.networks["tanh"]
    values = dict(tanh.values) | {"adding_sequence_length": 5, "hidden_size": 4, "batch_size": 4}
    two, one = Network("tanh", values, 40, every=10, seeds=(0, 1)), Network("gru", values, 20, every=10, seeds=(0,))
    return dataclasses.replace(adding.RESULT, networks={"tanh": two, "gru": one}, checks=())


def test_a_measurement_rests_between_two_looks_and_gives_the_same_when_continued():
    measurement, shares = Measurement(small()), []
    while measurement.work(0):
        shares.append(measurement.step.share)
    step, trials = measurement.step, measurement.trials
    assert shares == sorted(shares) and shares[0] == 0.1 and step.share == 1.0
    assert {name: [trial.seed for trial in rows] for name, rows in trials.items()} == {"tanh": [0, 1], "gru": [0]}
    assert trials["tanh"][0].curve[0] == (10, 20, 30, 40) and step.trials == trials
    assert measured_now(small()).trials == trials
