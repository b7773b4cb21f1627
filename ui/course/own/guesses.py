"""The guesses of a teacher's file: each kind, and how what was measured answers it."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from ui.course.guess import Axis, ChoiceGuess, CurveGuess, Guess, ManyGuess, Misconception, NumberGuess, OrderGuess
from ui.course.own.measures import CURVES, MEASURES
from ui.course.own.networks import PARTS, Measured, Network, check_plain, network_of, trainer_of
from ui.course.own.reading import Reader, text_in
from ui.i18n import N_

KINDS = ("number", "choice", "many", "order", "curve")
SHORT, LONG = 200, 600  # characters of a label, of a sentence


class GuessPart(NamedTuple):
    """A guess, what answers it, and what its chart shows: the measure (or curve) and the network, "" for all."""

    guess: Guess
    truth: Callable[[Measured], Any]
    measure: str
    network: str = ""


class Range(NamedTuple):
    """An option of a choice: values from `low` on, below `high`."""

    value: str
    low: float
    high: float


def guess_of(
    reader: Reader, nets: tuple[Network, ...], code: str, seed: float, updates: float, taken: list[str]
) -> GuessPart | None:
    """One guess; None where its kind or its curve is wrong. taken : names of those before it, to which its own is
    added."""
    name, label = reader.name("name", taken), text_in(reader.text("label", SHORT), code)
    taken += [name] if name else []
    kind = reader.choice("kind", KINDS)
    part = None
    match kind:
        case "number":
            part = _number(reader, name, label, nets, code)
        case "choice":
            part = _choice(reader, name, label, nets, code)
        case "many":
            part = _many(reader, name, label, nets, code)
        case "order":
            measure = _measure(reader, nets)
            guess = OrderGuess(name, label, tuple((network.name, network.label) for network in nets))
            if len(nets) == 1:
                reader.problem("kind", kind, N_("An order needs two networks or more."))
            part = GuessPart(guess, partial(_ordered, measure, [network.name for network in nets]), measure)
        case "curve":
            part = _curve(reader, name, label, nets, seed, updates)
    reader.done(sure=kind != "")
    return part


def _about(reader: Reader, nets: Sequence[Network]) -> tuple[str, str]:
    """The network and the measure that a guess is about."""
    network = network_of(reader, nets)
    return network.name if network else "", _measure(reader, [network] if network else [])


def _measure(reader: Reader, nets: Sequence[Network]) -> str:
    """The measure of a guess that is about these networks; all of them must have it."""
    measure = reader.choice("measure", tuple(MEASURES))
    check_plain(reader, "measure", measure, measure, nets)
    return measure


def _misconceptions(reader: Reader, code: str, ranges: bool) -> tuple[Misconception, ...]:
    found = []
    for one in reader.tables("misconceptions", 0, 4):
        sentence = text_in(one.text("sentence", LONG), code)
        if ranges:
            low, high = (one.number(key, -1e12, 1e12) for key in ("low", "high"))
            found.append(Misconception(sentence, low=low, high=high))
        else:
            found.append(Misconception(sentence, value=one.name("value")))
        one.done()
    return tuple(found)


def _number(reader: Reader, name: str, label: str, nets: tuple[Network, ...], code: str) -> GuessPart:
    network, measure = _about(reader, nets)
    low, high = (reader.number(key, -1e9, 1e9) for key in ("low", "high"))
    logarithmic, whole = reader.flag("logarithmic"), reader.flag("whole")
    if high <= low:
        reader.problem("high", high, N_("Needed: a number above {low:g}."), low=low)
    elif logarithmic and low <= 0:
        reader.problem("low", low, N_("Needed: a number above 0, since the slider is logarithmic."))
    width = reader.number("width", 1e-9, 1e9, 1.0 if logarithmic else (high - low) / 2 or 1.0)
    unit, one = (text_in(reader.text(key, 20, default=" "), code).strip() for key in ("unit", "unit_one"))
    ideas = _misconceptions(reader, code, True)
    guess = NumberGuess(name, label, low, high, unit, logarithmic, width, ideas, whole, unit_one=one)
    return GuessPart(guess, lambda measured: measured.networks[network].numbers[measure], measure, network)


def _ranges(reader: Reader, code: str) -> tuple[list[Range], tuple[tuple[str, str], ...]]:
    """The options of a choice, in their order: the first whose range holds the number is right, else the last."""
    ranges: list[Range] = []
    options: list[tuple[str, str]] = []
    for one in reader.tables("options", 2, 6):
        value = one.name("value", [known.value for known in ranges if known.value])
        options.append((value, text_in(one.text("label", SHORT), code)))
        low, high = one.optional("from"), one.optional("below")
        ranges.append(Range(value, -math.inf if low is None else low, math.inf if high is None else high))
        one.done()
    return ranges, tuple(options)


def _within(ranges: list[Range], number: float) -> str:
    return next((one.value for one in ranges if one.low <= number < one.high), ranges[-1].value)


def _choice(reader: Reader, name: str, label: str, nets: tuple[Network, ...], code: str) -> GuessPart:
    network, measure = _about(reader, nets)
    ranges, options = _ranges(reader, code)
    guess = ChoiceGuess(name, label, options, _misconceptions(reader, code, False))
    return GuessPart(guess, lambda measured: _within(ranges, measured.networks[network].numbers[measure]), measure)


def _many(reader: Reader, name: str, label: str, nets: tuple[Network, ...], code: str) -> GuessPart:
    measure = _measure(reader, nets)
    ranges, options = _ranges(reader, code)
    guess = ManyGuess(name, label, tuple((network.name, network.label) for network in nets), options)

    def truth(measured: Measured) -> dict[str, str]:
        return {network.name: _within(ranges, measured.networks[network.name].numbers[measure]) for network in nets}

    return GuessPart(guess, truth, measure)


def _ordered(measure: str, names: list[str], measured: Measured) -> tuple[str, ...]:
    """The networks, the largest number first; what has none comes last."""
    numbers = {name: measured.networks[name].numbers[measure] for name in names}
    return tuple(sorted(names, key=lambda name: math.inf if math.isnan(numbers[name]) else -numbers[name]))


def _curve(
    reader: Reader, name: str, label: str, nets: tuple[Network, ...], seed: float, updates: float
) -> GuessPart | None:
    curve, about = reader.choice("curve", tuple(CURVES)), network_of(reader, nets)
    low, high = (reader.number(key, -1e9, 1e9) for key in ("low", "high"))
    logarithmic, width = reader.flag("logarithmic"), reader.number("width", 0.01, 1, 0.4)
    if high <= low or (logarithmic and low <= 0):
        reader.problem("high", high, N_("Needed: a number above {low:g}."), low=max(low, 0) if logarithmic else low)
    if reader.problems or about is None:  # the network may be what is wrong
        return None
    if curve == "gradient":
        steps = len(trainer_of(about.settings, int(seed)).task.held_out().x)
        at = tuple(float(step) for step in range(steps))
    else:
        at = tuple(dict.fromkeys(float(updates * part // PARTS) for part in range(PARTS + 1)))
    titles = CURVES[curve]
    axes = Axis(titles.x, at[0], max(at[-1], 1.0)), Axis(titles.y, low, high, logarithmic)
    guess = CurveGuess(name, label, *axes, at, width)

    def truth(measured: Measured) -> tuple[float, ...]:
        x, y = measured.networks[about.name].curves[curve]
        known = dict(zip(x, y, strict=True))
        return tuple(known.get(place, math.nan) for place in at)

    return GuessPart(guess, truth, curve, about.name)
