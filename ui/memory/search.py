"""Units that follow a property, and positions with the same activation pattern, as texts and tables of the page."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from rnn_core.analysis.patterns import matches, nearest, pattern, statistics
from rnn_core.analysis.properties import Property, properties
from rnn_core.analysis.recording import Recording
from rnn_core.analysis.unit_search import Finding, areas, best_per_unit, correlations, ranks, search
from rnn_core.cells import CELLS
from ui.charts.symbols import visible
from ui.i18n import N_, Translate
from ui.memory.excerpt import Excerpt

SAMPLED = 10_000  # of a long text, for what needs no more
SENTENCES = 6  # findings that get a sentence
OF_THE_SYMBOL = ("is", "vowel", "capital", "digit", "space", "punctuation")  # determined by the symbol just read
AROUND, WORDS_AROUND = 24, 4  # symbols of context on either side of a place; where symbols are words
PLACES = 12

NAMES = {
    "quotes": N_("inside quotes"),
    "brackets": N_("inside brackets"),
    "depth": N_("depth of brackets"),
    "place": N_("position in the sequence"),
    "column": N_("position in the line"),
    "sentence": N_("position in the sentence"),
    "word_start": N_("first letter of a word"),
    "in_word": N_("position in the word"),
    "vowel": N_("vowels"),
    "capital": N_("capital letters"),
    "digit": N_("digits"),
    "space": N_("blanks and line ends"),
    "punctuation": N_("punctuation"),
    "is": N_("the symbol “{symbol}”"),
    "was": N_("“{symbol}” {lag} steps back"),
    "was_one": N_("“{symbol}” one step back"),
    "count": N_("number of “{symbol}” so far"),
}
WHERE = {  # those that are there or not, in a sentence
    "quotes": N_("inside quotes"),
    "brackets": N_("inside brackets"),
    "depth": N_("inside brackets"),  # where none stands in another
    "word_start": N_("at the first letter of a word"),
    "vowel": N_("at vowels"),
    "capital": N_("at capital letters"),
    "digit": N_("at digits"),
    "space": N_("at blanks and line ends"),
    "punctuation": N_("at punctuation"),
    "is": N_("at the symbol “{symbol}”"),
    "was": N_("{lag} steps after “{symbol}”"),
    "was_one": N_("one step after “{symbol}”"),
}


class UnitSearchResult(NamedTuple):
    """Findings in a recording."""

    findings: list[Finding]
    best: list[tuple[str, float]]  # for each unit the property that it follows best, "" for none, and how well
    symbols: int  # on which it was searched: all that were read


def find(
    recording: Recording, excerpt: Excerpt, progress: Callable[[float], bool], _: Translate
) -> UnitSearchResult | None:
    """The UnitSearchResult of a recording; None where it is no longer wanted, as `progress` says."""
    known = properties(excerpt.names, recording.steps)
    if not progress(0.1):
        return None
    findings = search(recording.values, known, progress=lambda share: progress(0.1 + 0.6 * share))
    if findings is None:
        return None
    best = best_per_unit(recording.values, findings, known, lambda share: progress(0.7 + 0.3 * share))
    if best is None:
        return None
    named = [(name_of(known[place], _) if place >= 0 else "", share) for place, share in best]
    return UnitSearchResult(findings, named, len(recording.ids))


def name_of(each: Property, _: Translate) -> str:
    """A property in words."""
    return _in_words(each, NAMES, _)


def _in_words(each: Property, names: dict[str, str], _: Translate) -> str:
    kind = "was_one" if each.kind == "was" and each.lag == 1 else each.kind
    return _(names[kind]).format(symbol=visible(each.symbol), lag=each.lag)


def sentences(result: UnitSearchResult, _: Translate) -> list[str]:
    """Findings in sentences, or that there are none."""
    found = [finding for finding in result.findings if finding.found]
    found.sort(key=lambda finding: finding.property.kind in OF_THE_SYMBOL)  # what needs a memory first
    if not found:
        return [
            _(
                "No unit follows a property of this text by itself (AUC of at least 0.9, or |r| of at least 0.8, on "
                "unseen text). What the network knows may be spread over many units, or come with more training."
            )
        ]
    messages = []
    for finding in found[:SENTENCES]:
        binary = finding.property.binary
        name = _in_words(finding.property, WHERE if binary else NAMES, _)
        if binary and finding.sign > 0:
            sentence = _("Unit {unit} is active {where} (AUC {number:.2f} on unseen text).")
        elif binary:
            sentence = _("Unit {unit} is inactive {where} (AUC {number:.2f} on unseen text).")
        elif finding.sign > 0:
            sentence = _("Unit {unit} rises with: {name} (r = {number:.2f} on unseen text).")
        else:
            sentence = _("Unit {unit} falls with: {name} (r = −{number:.2f} on unseen text).")
        messages.append(sentence.format(unit=finding.unit, name=name, where=name, number=finding.unseen))
    return messages


def elsewhere(recording: Recording, _: Translate) -> list[str]:
    """Where else to search: an LSTM's long memory is its cell state, which is searched only where it is chosen."""
    if not CELLS[recording.model.config.cell].has_cell or recording.quantity == "cell":
        return []
    return [
        _(
            "Only the quantity that colours the text is searched. An LSTM keeps in its cell state what lasts long: "
            "choose “{cell}” under “{control}” to search there too."
        ).format(cell=_("cell state c"), control=_("Colour by"))
    ]


def table(result: UnitSearchResult, _: Translate) -> dict[str, Any]:
    """Every finding as a row, with the unit that a click chooses."""
    rows = []
    for finding in result.findings:
        measure = "AUC" if finding.property.binary else "|r|"
        numbers = [f"{number:.3f}" for number in (finding.unseen, finding.chance, finding.chosen)]
        direction = _("active") if finding.sign > 0 else _("inactive")
        if not finding.property.binary:
            direction = _("rises") if finding.sign > 0 else _("falls")
        verdict = _("yes") if finding.found else _("no")
        rows.append([name_of(finding.property, _), str(finding.unit), direction, measure, *numbers, verdict])
    head = [
        _("property"), _("unit"), _("direction"), _("measure"), _("on unseen text"), _("by chance"),
        _("where chosen"), _("found"),
    ]  # fmt: skip
    return {
        "head": head,
        "rows": rows,
        "units": [finding.unit for finding in result.findings],
        "found": [finding.found for finding in result.findings],
        "keys": [finding.property.key for finding in result.findings],
    }


def followed(result: UnitSearchResult, key: str, unit: int) -> Property | None:
    """The property that the reader has chosen by its key; else the one that this unit was chosen for."""
    named = [finding.property for finding in result.findings if finding.property.key == key]
    own = [finding.property for finding in result.findings if finding.unit == unit]
    return next(iter(named + own), None)


def agreement(
    recording: Recording, result: UnitSearchResult, each: Property, unit: int, _: Translate
) -> tuple[str, np.ndarray, np.ndarray]:
    """(a sentence, the unit's values, the property's numbers) on the half that no unit was chosen on."""
    unseen = slice(result.symbols // 2, result.symbols)
    values, numbers = recording.values[unseen, unit], each.values[unseen]
    if each.binary:
        area = float(areas(ranks(values[:, None]), numbers[None])[0, 0])
        higher, area = area >= 0.5, max(area, 1 - area)
        sentence = (
            _("On the unseen half, unit {unit} is higher than elsewhere at: {name}. AUC {number:.3f}.")
            if higher
            else _("On the unseen half, unit {unit} is lower than elsewhere at: {name}. AUC {number:.3f}.")
        )
    else:
        area = float(correlations(values[:, None], numbers[None])[0, 0])
        sentence = _("On the unseen half, unit {unit} against: {name}. r = {number:.3f}.")
    return sentence.format(unit=unit, name=name_of(each, _), number=area), values, numbers


def same_pattern(recording: Recording, excerpt: Excerpt, begin: int, end: int, _: Translate) -> dict[str, Any]:
    """The units that are on over a range, and where else they are."""
    known = statistics(sample_of(recording.values))
    sought = pattern(recording.values, begin, end, known)
    if len(sought.units) == 0:
        sentence = _(
            "No unit stays one standard deviation from its mean over the whole range. Mark a shorter one: what "
            "changes within the range is no pattern."
        )
        return {"sentence": sentence, "units": [], "places": []}
    pairs = zip(sought.units, sought.signs, strict=True)
    named = ", ".join(f"{unit}{'+' if sign > 0 else '−'}" for unit, sign in pairs)
    sentence = _("Units active over the marked range: {units} (+ above their mean, − below).").format(units=named)
    found = matches(recording.values, sought, begin, end, known, PLACES)
    places = [_position(recording, excerpt, match.begin, match.end, f"{match.share:.0%}") for match in found]
    return {"sentence": sentence, "units": sought.units.tolist(), "places": places}


def nearest_states(recording: Recording, excerpt: Excerpt, at: int, _: Translate) -> dict[str, Any]:
    """Positions at which the network's numbers are most like those at one symbol."""
    found = nearest(recording.values, at, PLACES)
    sentence = _("The states most like that at symbol {at}, by their distance over all units:").format(at=at)
    return {
        "sentence": sentence,
        "places": [_position(recording, excerpt, place, place + 1, f"{distance:.3f}") for place, distance in found],
    }


def _position(recording: Recording, excerpt: Excerpt, begin: int, end: int, score: str) -> dict[str, Any]:
    """A place in its context: what stands before, in and after it, within its sequence."""
    first = begin - begin % recording.steps
    last = min(first + recording.steps, len(recording.ids))
    end = min(end, last)

    def text(start: int, stop: int) -> list[str]:
        return [visible(excerpt.vocabulary[i]) for i in recording.ids[max(first, start) : min(last, stop)]]

    wordy = excerpt.cell > 2
    around = WORDS_AROUND if wordy else AROUND
    parts = (text(begin - around, begin), text(begin, end), text(end, end + around))
    return {
        "at": begin,
        "score": score,
        "parts": [_joined(part, wordy, edge) for part, edge in zip(parts, (" ", "", " "), strict=True)],
    }


def _joined(symbols: list[str], wordy: bool, edge: str) -> str:
    """Symbols as one string: words with blanks between and around, characters as they are."""
    if wordy:
        return edge + " ".join(symbols) + edge
    return "".join(" " if symbol == "␣" else symbol for symbol in symbols)


def sample_of(values: np.ndarray) -> np.ndarray:
    """Rows spread evenly over a long text: enough for a mean, a spread, a correlation."""
    return values[:: max(1, len(values) // SAMPLED)]


def order_of(
    values: np.ndarray, sort: str, result: UnitSearchResult | None, by_similarity: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """The units as a permutation (H,), in the order that the reader wants."""
    values, count = sample_of(values), values.shape[1]
    if sort == "variance":
        return np.argsort(-values.std(axis=0, dtype=np.float64), kind="stable")
    if sort == "similarity":
        return by_similarity(values)
    if sort == "tracks" and result is not None and len(result.best) == count:
        best: dict[str, float] = {}  # of each property the strongest unit decides where its units stand
        for name, share in result.best:
            best[name] = max(best.get(name, -1.0), share)
        keys = [(-best[name], name, -share) for name, share in result.best]
        return np.array(sorted(range(count), key=lambda unit: keys[unit]))
    return np.arange(count)
