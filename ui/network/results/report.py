"""docs/results.md, drawn from the stored measurements."""

from collections.abc import Mapping
from pathlib import Path

from ui.i18n import language
from ui.network.published_results import paper_of
from ui.network.results import RESULTS
from ui.network.results.record import Result, Trials
from ui.network.results.sentences import measured_where, rows_of_checks, rows_of_networks, verdict, verdict_word
from ui.network.results.stored import Stored, stored

FILE = Path(__file__).parents[3] / "docs" / "results.md"
HEAD = """# Published results, reproduced

What papers found, trained again here. `make reproduce` measures everything below and writes
[measured.json](../ui/network/results/measured.json), from which this page and the page Results of the app are drawn.
Each result is a record in [ui/network/results](../ui/network/results/__init__.py): networks, seeds, what is measured,
and where we expect it. A number that no longer lies there fails `make reproduce`.

Numbers over several seeds are a mean, the lowest and the highest in brackets.
"""


def write(file: Path = FILE) -> None:
    """Write the page anew."""
    file.write_text(document(stored()), encoding="utf-8")


def document(entries: Mapping[str, Stored]) -> str:
    """The page, in Markdown."""
    _ = language("en").gettext
    overview = {
        "result": [f"[{result.title}](#{_anchor(result.title)})" for result in RESULTS.values()],
        "paper": [result.by for result in RESULTS.values()],
        "the paper's number": [result.published for result in RESULTS.values()],
        "verdict": [verdict_word(result, _trials(entries.get(name))) for name, result in RESULTS.items()],
    }
    parts = [HEAD, _table(overview)]
    parts += [_section(result, entries.get(name)) for name, result in RESULTS.items()]
    return "\n".join(parts)


def _section(result: Result, entry: Stored | None) -> str:
    _ = language("en").gettext
    card = paper_of(result)
    parts = [
        f"## {result.title}\n",
        f"{result.claim}\n",
        f"- The paper: {card.paper}\n- Different here: {result.here}\n- Found there: {card.found}\n"
        f"- The paper's number: {result.published}\n- Expected here: {result.expected}\n"
        f"- What the paper's part rests on: {card.source}\n",
        _table(rows_of_checks(result, _trials(entry), _)),
    ]
    if entry is not None:
        parts += [_table(rows_of_networks(result, entry.trials, _)), f"{verdict(result, entry.trials, _)}\n"]
        parts += [f"{measured_where(entry, _)}\n"]
    return "\n".join(parts)


def _trials(entry: Stored | None) -> Trials | None:
    return None if entry is None else entry.trials


def _anchor(title: str) -> str:
    """Anchor that a heading has on GitHub."""
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


def _table(columns: Mapping[str, list[str]]) -> str:
    heads = list(columns)
    rows = zip(*(columns[head] for head in heads), strict=True)
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in (heads, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(heads), *lines[1:]]) + "\n"


if __name__ == "__main__":
    write()
