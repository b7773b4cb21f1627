"""Pictures in the papers' form: what was measured is what is drawn, in what the canvas knows."""

import dataclasses
import json
import math
from functools import cache

import numpy as np
import pytest

from ui.charts.spec import foreign
from ui.i18n import LANGUAGES, language
from ui.network.results import RESULTS
from ui.network.results.meanings import KINDS
from ui.network.results.measuring import measure
from ui.network.results.stored import Stored, store, stored
from ui.results.figures_pictures import picture
from ui.results.guides import picture_guide, picture_table
from ui.theme import THEMES

DRAWN = [name for name, result in RESULTS.items() if result.picture is not None]


@cache
def measured(name):
    """The first seed of the network that is drawn."""
    result = RESULTS[name]
    network = result.picture.network
    one = dataclasses.replace(result, networks={network: result.networks[network]._replace(seeds=(0,))})
    return measure(one)[network][0]


def titles(name):
    result = RESULTS[name]
    return result.picture.titles or {key: quantity.label for key, quantity in result.quantities.items()}


def test_the_three_results_without_curves_have_pictures():
    assert DRAWN == ["flipflop", "word_classes", "meanings"] and all(RESULTS[name].chart is None for name in DRAWN)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", DRAWN)
def test_the_canvas_knows_all_of_it_and_its_axes_hold_all_of_it(name, theme):
    figure = picture(RESULTS[name].picture, measured(name), titles(name), theme=THEMES[theme], translate=str)
    assert foreign(json.loads(figure.to_json(validate=False))) == []
    for axis in "xy":
        low, high = sorted(figure.layout[f"{axis}axis"]["range"])
        for trace in figure.data:
            if trace["type"] == "scatter":
                values = np.asarray(trace[axis], float)
                assert low <= np.nanmin(values) and np.nanmax(values) <= high


def test_each_fixed_point_is_drawn_as_its_kind_and_each_saddle_with_its_direction():
    trial = measured("flipflop")
    figure = picture(RESULTS["flipflop"].picture, trial, titles("flipflop"), theme=THEMES["light"], translate=str)
    dots = {trace["name"]: len(trace["x"]) for trace in figure.data if trace["mode"] == "markers"}
    assert list(dots.values()) == [trial.numbers[f"unstable_{kind}"] for kind in range(4)] == [8, 12, 6, 1]
    x, y, z, number = map(np.array, trial.parts["leaving"].columns)
    assert len(number) == 2 * 12
    points = np.array(trial.parts["points"].columns)
    for saddle, middle in enumerate(points[:3, points[3] == 1].T):
        ends = np.array([x, y, z])[:, number == saddle]
        assert np.allclose(ends.mean(axis=1), middle)
        corners = points[:3, points[3] == 0].T  # the line points along an edge of the cube, to a corner on each side
        along = (ends[:, 1] - ends[:, 0]) / np.linalg.norm(ends[:, 1] - ends[:, 0])
        towards = (corners - middle) / np.linalg.norm(corners - middle, axis=1)[:, None] @ along
        assert towards.max() > 0.9 and towards.min() < -0.9


def test_the_tree_has_its_words_at_the_right_and_grows_to_the_left():
    trial = measured("word_classes")
    figure = picture(
        RESULTS["word_classes"].picture, trial, titles("word_classes"), theme=THEMES["light"], translate=str
    )
    left, right = figure.layout["xaxis"]["range"]
    assert left > 0 > right
    words = {
        word.strip(): place for trace in figure.data[1:] for word, place in zip(trace["text"], trace["y"], strict=True)
    }
    assert [words[word] for word in trial.parts["leaves"].texts] == list(range(len(words)))
    joins = np.array(trial.parts["joins"].columns)
    assert len(joins) == 8 and joins.shape[1] == len(words) - 1 and (joins[4:] >= 0).all()
    classes = dict(zip(trial.parts["leaves"].texts, trial.parts["leaves"].columns[0], strict=True))
    assert classes["cat"] == classes["dog"] != classes["glass"] and classes["."] == -1


def test_each_symbol_stands_on_the_value_of_its_unit():
    trial = measured("meanings")
    figure = picture(RESULTS["meanings"].picture, trial, titles("meanings"), theme=THEMES["light"], translate=str)
    table, text = np.array(figure.data[0]["z"]), figure.data[1]
    for kind in KINDS:
        assert "".join(trial.parts[kind].texts) == "".join(trial.parts["quotes"].texts)
        assert max(map(abs, trial.parts[kind].columns[0])) <= 1
    drawn = [table[y, x] for x, y in zip(text["x"], text["y"], strict=True)]
    parts = [trial.parts[kind] for kind in KINDS]
    pairs = [pair for part in parts for pair in zip(part.columns[0], part.texts, strict=True)]
    expected = [value for value, symbol in pairs if symbol not in "\n "]
    assert drawn == expected
    inside, values = False, {True: [], False: []}
    for symbol, value in zip(trial.parts["quotes"].texts, trial.parts["quotes"].columns[0], strict=True):
        values[inside].append(value)
        inside ^= symbol == '"'
    assert np.mean(values[True]) > np.mean(values[False]) + 0.3  # high within quotes


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", DRAWN)
def test_guide_and_table_say_what_is_drawn(name, code):
    _ = language(code).gettext
    result, trial = RESULTS[name], measured(name)
    told = picture_guide(result, result.picture, trial, _)
    assert len(told) >= 3 and "{" not in "".join(told)
    columns = picture_table(result.picture, trial, titles(name), _)
    assert len({len(cells) for cells in columns.values()}) == 1 and len(columns) >= 2
    assert not any(isinstance(one, float) and math.isnan(one) for cells in columns.values() for one in cells)


def test_what_is_stored_is_read_as_it_was(tmp_path):
    trial = measured("word_classes")
    entry = Stored({"tanh": (trial,)}, "", "2026-11-30 08:00", 1.0, "a processor", "Linux", {}, "1234")
    store("word_classes", entry, tmp_path / "measured.json")
    [again] = stored(tmp_path / "measured.json")["word_classes"].trials["tanh"]
    assert again.parts.keys() == trial.parts.keys() and again.parts["leaves"] == trial.parts["leaves"]
    assert np.allclose(again.parts["joins"].columns, trial.parts["joins"].columns, rtol=1e-5)
