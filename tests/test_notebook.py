"""The notebook of docs/ runs, and shows what its cells put out."""

import json
import re

import pytest
from plotly.graph_objects import Figure

from benchmarks.notebook import FILE, PLOTLY, PNG, codes, execute, read

CELLS = codes(read())


@pytest.fixture(scope="module")
def found():
    """What the cells put out now."""
    return execute(CELLS)


def words(text: str) -> str:
    """A text without its numbers, which another processor rounds otherwise."""
    return re.sub(r"[\d.]+", "#", text)


def shape(figure: dict) -> list:
    """What of a figure no number of the network decides."""
    layout = figure["layout"]
    axes = [(name, axis.get("title")) for name, axis in sorted(layout.items()) if "axis" in name]
    pieces = [(piece["type"], piece.get("colorscale"), piece.get("hovertemplate")) for piece in figure["data"]]
    headings = [words(note["text"]) for note in layout.get("annotations", [])]
    return [pieces, axes, headings, layout["height"], layout["paper_bgcolor"]]


def test_it_has_about_ten_cells_that_were_run_in_their_order():
    assert 8 <= len(CELLS) <= 12 and [cell["execution_count"] for cell in CELLS] == list(range(1, len(CELLS) + 1))
    assert FILE.stat().st_size < 300_000


@pytest.mark.parametrize("number", range(len(CELLS)))
def test_a_cell_shows_what_it_puts_out(number, found):
    printed, value = found[number]
    kept = {output["output_type"]: output for output in CELLS[number]["outputs"]}
    assert words(printed) == words("".join(kept["stream"]["text"]) if "stream" in kept else "")
    assert isinstance(value, Figure) == ("execute_result" in kept)
    if isinstance(value, Figure):
        data = kept["execute_result"]["data"]
        assert shape(data[PLOTLY]) == shape(json.loads(value.to_json())) and data[PNG].startswith("iVBOR")
    assert printed or value is not None
