"""Parts of the page “Unroll” without a page: sentences, names, changes, the browser's data, the figures."""

import doctest
import importlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnn_core import CELLS
from rnn_core.tasks.words import words_of
from tests.ui.unroll.tape.test_tape import CUTS, computation
from ui.theme import DARK, LIGHT
from ui.unroll import figures_shares as shares_figure
from ui.unroll import figures_sharing as sharing_figure
from ui.unroll.changes import MOST, Edit, Step, change_weights, parse, spell
from ui.unroll.notation import axes, label
from ui.unroll.payload import payload
from ui.unroll.sentence import END, LONGEST, sentence
from ui.unroll.tape import open_up
from ui.unroll.tape.shares import shares
from ui.unroll.tape.sharing import Outcome
from ui.unroll.texts import OPERATIONS
from ui.unroll.workspace import own_workspace

ROOT = Path(__file__).parents[3]
OURS = [path for folder in ("ui/unroll/tape", "ui/unroll") for path in sorted((ROOT / folder).glob("*.py"))]


@pytest.mark.parametrize("source", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_examples(source):
    name = ".".join(source.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def plain(message: str) -> str:
    return message


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "a", "a a a a", "<b>x</b> & $y$ `z`", "שלום עולם", "w " * 200, "𝟙\u202e\u200b é"]
)
@pytest.mark.parametrize("by", ["words", "characters"])
def test_any_text_becomes_a_short_sequence(text, by):
    one = sentence(text, by)
    assert len(one.symbols) <= LONGEST and len(one.vocabulary) <= 12
    assert one.vocabulary[-1] == END and len(one.ids) == len(one.targets) == len(one.symbols)
    assert [one.vocabulary[i] for i in one.ids] == list(one.symbols)
    if one.symbols:
        assert [one.vocabulary[i] for i in one.targets] == [*one.symbols[1:], END]
    words = [word for word in words_of(text) if word != "\n"]
    total = len(words) if by == "words" else len(" ".join(text.split()))
    assert len(one.symbols) + one.beyond == total
    if one.symbols:
        assert np.isfinite(open_up(own_workspace(one, "gru", 2, True, 0).computation).loss)


def test_a_chinese_sentence_is_one_column_a_character():
    assert sentence("小河流向大海。", "words").symbols == tuple("小河流向大海。")


@pytest.mark.parametrize("notation", ["article", "pytorch"])
@pytest.mark.parametrize("cut", [(None, "windowed"), (2, "windowed"), (2, "chunked")], ids=str)
@pytest.mark.parametrize("cell", CELLS)
def test_the_browsers_data_are_the_tapes(cell, cut, notation):
    tape = open_up(computation(cell, cut, bias=True)[0])
    data = payload(tape, "abcdef", notation=notation, theme=LIGHT, translate=plain)
    for name, entry in data["arrays"].items():
        assert np.array_equal(np.reshape(entry["v"], entry["s"]), tape[name])
        assert "{}" not in entry["n"] and entry["n"].count("{") == entry["n"].count("}")
    used = {name for one in tape.operations for name in (one.result, *one.operands)}
    assert used <= set(data["arrays"])
    assert {one.what for one in tape.operations} <= set(OPERATIONS)
    # Every name stands for one thing; where two are written alike they are the same numbers.
    for phase in ("forward", "backward"):
        written: dict[str, str] = {}
        for one in tape.operations:
            if one.phase == phase and "*" not in one.result:
                other = written.setdefault(label(one.result, cell, notation), one.result)
                assert other == one.result or np.array_equal(tape[other], tape[one.result]), (other, one.result)
    for name in used:
        rows, _columns = axes(name)
        assert rows or tape[name].shape[0] == 1, name


def test_what_truncation_leaves_out_is_marked():
    windowed = payload(
        open_up(computation("rnn_tanh", (2, "windowed"))[0]), "abcdef", notation="article", theme=LIGHT, translate=plain
    )
    assert windowed["arrays"]["ds*.1"]["losses"] == [1, 2, 3, 4, 5, 6]
    assert windowed["arrays"]["ds*.1"]["out"] == [3, 4, 5]
    assert windowed["arrays"]["wd.1"]["losses"] == [2, 3, 4, 5, 6] and windowed["arrays"]["wd.1"]["out"] == [2, 3, 4]
    chunked = payload(
        open_up(computation("lstm", (3, "chunked"))[0]), "abcdef", notation="article", theme=LIGHT, translate=plain
    )
    assert [t for t in range(6) if chunked["arrays"][f"wd_f.{t}"].get("cut")] == [2, 5]


def test_of_a_large_network_one_row_is_sent():
    one, _model = computation("lstm", hidden=64, symbols=40)
    tape = open_up(one)
    data = payload(tape, [str(i) for i in range(40)], notation="article", theme=DARK, translate=plain, unit=9, output=3)
    assert data["large"]
    weight = data["arrays"]["W_f"]
    assert (
        "v" not in weight
        and weight["row"][1] == tape["W_f"][9].tolist()
        and weight["col"][1] == tape["W_f"][:, 9].tolist()
    )
    assert data["arrays"]["V"]["row"] == [3, tape["V"][3].tolist()]
    assert data["arrays"]["s.2"]["v"] == tape["s.2"][:, 0].tolist()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("cut", CUTS[:3], ids=str)
def test_the_shares_sum_to_one(cell, cut):
    tape = open_up(computation(cell, cut)[0])
    for one in shares(tape).values():
        assert abs(one.part.sum() - 1) < 1e-12
    assert shares(tape)["W"].part[0] == 0 == shares(tape)["W"].norm[0]


def test_changes_survive_the_url():
    changes = [
        Edit("W_f", 1, 2, -0.5),
        Step(0.1),
        Step(0.25, 3, "windowed"),
        Step(1.0, 2, "chunked"),
        Edit("bo", 0, 0, 1e-07),
    ]
    assert parse(spell(changes)) == changes
    for text in ("x", "W.1.2=nan", "W.1.2=", "g", "g-1", "W.1.2=1~~", "W.-1.2=1", "g0.1x3", "W.1.2=1e999", "<b>"):
        assert parse(text) == []


@pytest.mark.parametrize("cell", CELLS)
def test_an_edit_changes_one_entry(cell):
    one, _model = computation(cell, bias=True)
    blocks = "U" if not CELLS[cell].gates else "U_f" if CELLS[cell].has_cell else "U_z"
    after = change_weights(one, Edit(blocks, 2, 3, 7.5))
    differences = {name: np.argwhere(after[name] != one.weights[name]).tolist() for name in after}
    assert differences["weight_ih_l0"] == [[6 if CELLS[cell].gates else 2, 3]]
    assert sum(map(len, differences.values())) == 1
    assert open_up(replace(one, weights=after))[blocks][2, 3] == 7.5
    for edit in (Edit(blocks, 9, 0, 1.0), Edit(blocks, 0, 99, 1.0), Edit(blocks, 0, 0, 51.0), Edit("Z", 0, 0, 1.0),
                 Edit(blocks, 0, 0, float("nan")), Edit("s.1", 0, 0, 1.0)):  # fmt: skip
        assert change_weights(one, edit) is None


def test_a_desk_goes_forth_and_back():
    workspace = own_workspace(sentence("the cat sat", "words"), "rnn_relu", 3, False, 1)
    first = workspace.read(None, "windowed", 0.1)
    assert (
        workspace.change(Step(0.1))
        and workspace.change(Edit("V", 0, 0, 2.0))
        and not workspace.change(Edit("V", 0, 99, 2.0))
    )
    assert workspace.losses[0] == first.loss and len(workspace.losses) == 2
    workspace.undo()
    stepped = workspace.read(None, "windowed", 0.1)
    assert stepped.loss < first.loss and np.array_equal(stepped["V"], first["newV"])
    workspace.start_over()
    assert workspace.read(None, "windowed", 0.1).loss == first.loss and not workspace.changes
    for _change in range(MOST + 5):
        workspace.change(Step(0.01))
    assert len(workspace.changes) == MOST


def test_a_step_that_would_explode_is_not_made():
    one, _model = computation("rnn_relu")
    wild = {name: 50 * np.ones_like(value) for name, value in one.weights.items()}
    assert change_weights(replace(one, weights=wild), Step(10.0)) is None


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_figures_hold_their_numbers(theme):
    found = shares(open_up(computation("lstm")[0]))
    figure = shares_figure.shares(
        {name: one.part for name, one in found.items()}, list("abcdefg"), {name: name for name in found}, theme=theme
    )
    assert [bar.name for bar in figure.data] == ["U", "W", "V"]
    assert np.allclose(figure.data[1].y, found["W"].part) and list(figure.layout.xaxis.ticktext) == list("abcdefg")
    assert figure.layout.xaxis.title.text == "step t and its symbol"
    curves = [np.linspace(2, 0, 6), np.linspace(2, 1, 6), np.linspace(2, 3, 6)]
    figure = sharing_figure.sharing(Outcome(2, *curves, (10, 20), 1.5, 300), theme=theme)
    assert [list(line.y) for line in figure.data] == [np.maximum(curve, 1e-4).tolist() for curve in curves]
    assert figure.layout.shapes[0].x1 == 1.5 and figure.layout.shapes[1].y0 == 1.5
