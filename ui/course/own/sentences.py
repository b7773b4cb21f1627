"""Sentences of a teacher's file with measured numbers in them, and the conditions under which they are said."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ui.charts.formatting import short, typographic
from ui.course.own.measures import MEASURES
from ui.course.own.networks import Measured, Network, check_plain, network_of
from ui.course.own.reading import Reader, text_in
from ui.i18n import N_

PLACE = re.compile(r"\{([^{}]*)\}")
NUMBER = re.compile(r"([a-z][a-z0-9_]*)\.([a-z_]+)(?::(,?(?:\.\d)?[fge%]?))?")
LONGEST = 600  # characters of a sentence
NO_WORDS = {"updates"}  # fields beside those of networks


class Part(NamedTuple):
    """One paragraph of the explanation. holds : whether it is said of what was measured."""

    text: str
    holds: Callable[[Measured], bool]


def part_of(reader: Reader, nets: Sequence[Network], code: str) -> Part:
    """One paragraph of the file."""
    texts, names = reader.text("text", LONGEST), [network.name for network in nets if network.name]
    known = 0 < len(names) == len(nets)  # else any name may be that of a network
    for text in texts.values():
        for field in PLACE.findall(text):
            found = NUMBER.fullmatch(field)
            if field in NO_WORDS:
                continue
            if found and found[1] in names and found[2] in MEASURES:
                check_plain(reader, "text", f"{{{field}}}", found[2], [nets[names.index(found[1])]])
            elif known or not (found and found[2] in MEASURES):
                needed = N_("Possible: {{network.measure}} with a network of {networks} and a measure of {measures}; "
                            "a format such as .2f or .0% may follow after a colon.")  # fmt: skip
                reader.problem("text", f"{{{field}}}", needed, networks=", ".join(names), measures=", ".join(MEASURES))
        if alone := re.search(r"[{}].*", PLACE.sub("", text)):
            needed = N_("A brace stands alone, or within another pair. Needed: {{network.measure}}, opened and closed.")
            reader.problem("text", alone[0], needed)
    holds = condition(reader.table("when"), nets, optional=True)
    reader.done()
    return Part(text_in(texts, code), holds)


def condition(reader: Reader, nets: Sequence[Network], optional: bool = False) -> Callable[[Measured], bool]:
    """Whether a measure of a network lies above, or below, a number."""
    if optional and not reader.items():
        return lambda measured: True
    network, measure = network_of(reader, nets), reader.choice("measure", tuple(MEASURES))
    check_plain(reader, "measure", measure, measure, [network] if network else [])
    above, below = reader.optional("above"), reader.optional("below")
    if above is None and below is None:
        reader.problem("above", "–", N_("Needed: a number under “above”, or one under “below”."))
    _check_possible(reader, measure, above, below)
    name = network.name if network else ""
    if optional:
        reader.done()

    def holds(measured: Measured) -> bool:
        number = measured.networks[name].numbers[measure]
        return (above is None or number > above) and (below is None or number < below)

    return holds


def _check_possible(reader: Reader, measure: str, above: float | None, below: float | None) -> None:
    """Note a condition that nothing measured fulfils."""
    most = MEASURES[measure].most if measure else math.inf
    if above is not None and above >= most:
        needed = N_("This never holds: {measure} is never above {most:g}.")
        reader.problem("above", above, needed, measure=measure, most=most)
    elif measure and below is not None and below <= 0:
        reader.problem("below", below, N_("This never holds: {measure} is never below 0."), measure=measure)
    elif above is not None and below is not None and below <= above:
        reader.problem("below", below, N_("Needed: a number above {low:g}."), low=above)


def explain(parts: Sequence[Part], measured: Measured, _answers: Any, _: Any) -> list[str]:
    """The paragraphs that hold of what was measured, with its numbers."""
    return [PLACE.sub(lambda field: _number(field, measured), part.text) for part in parts if part.holds(measured)]


def _number(field: re.Match[str], measured: Measured) -> str:
    if field[1] in NO_WORDS:
        return f"{measured.updates:,}"
    found = NUMBER.fullmatch(field[1])
    if found is None:
        return field[0]
    number = measured.networks[found[1]].numbers[found[2]]
    if not found[3] and not number.is_integer():
        return short(number)
    return typographic(format(int(number) if number.is_integer() else number, found[3] or ""))
