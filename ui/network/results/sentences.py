"""What is said of a result: numbers, ranges, the verdict. The page and the report say the same."""

import math

from ui.charts.formatting import typographic
from ui.i18n import N_, Translate, join_sentences
from ui.network.results.record import Check, Finding, Quantity, Result, Trials, agrees, findings, values
from ui.network.results.stored import Stored

AGREES, DIFFERS, NOT_MEASURED = N_("agrees"), N_("differs"), N_("not measured")

SMALL = 100  # below, a mean of whole numbers has a decimal


def shown(number: float | None, form: str) -> str:
    """A number as it is printed; a dash where there is none.

    >>> shown(4600.0, ",.0f"), shown(2e-7, ".1e"), shown(None, ".3g"), shown(3, ".3g")
    ('4,600', '2.0×10⁻⁷', '–', '3')
    """
    return "–" if number is None or not math.isfinite(number) else typographic(format(number, form))


def spread(quantity: Quantity, trials: Trials, network: str, name: str, _: Translate) -> str:
    """Mean of a quantity over the seeds, lowest and highest; of how many seeds, where not all have it."""
    found, count = values(trials, network, name), len(trials[network])
    if not found:
        return _("in none of {count}", "in none of {count}", count).format(count=count)
    average = sum(found) / len(found)
    finer = abs(average) < SMALL and average != round(average)  # a mean of small whole numbers is none itself
    mean = shown(average, quantity.form.replace(".0f", ".1f") if finer else quantity.form)
    low, high = (shown(number, quantity.form) for number in (min(found), max(found)))
    text = low if low == high else _("{mean} ({low} to {high})").format(mean=mean, low=low, high=high)
    if len(found) < count:
        return _("{text}, in {some} of {count}").format(text=text, some=len(found), count=count)
    return text


def label_of(check: Check, result: Result, _: Translate) -> str:
    """What a check is about."""
    label = _(check.label)
    return label.format(network=_(result.networks[check.network].label)) if check.network else label


def range_of(check: Check, _: Translate) -> str:
    """The range in which we expect the number of a check."""
    low, high = shown(check.low, check.form), shown(check.high, check.form)
    if check.low == check.high:
        return low
    if math.isinf(check.high):
        return _("at least {number}").format(number=low)
    if math.isinf(check.low):
        return _("at most {number}").format(number=high)
    return _("{low} to {high}").format(low=low, high=high)


def verdict_word(result: Result, trials: Trials | None) -> str:
    """The verdict in a word, in English."""
    return NOT_MEASURED if trials is None else AGREES if agrees(result, trials) else DIFFERS


def verdict(result: Result, trials: Trials, _: Translate) -> str:
    """The verdict in a sentence, computed from what was measured; where it differs, why."""
    every = findings(result, trials)
    wrong = [finding for finding in every if not finding.holds]
    if not wrong:
        count = len(every)
        return _(
            "Agrees: the one number that decides lies where we expect it.",
            "Agrees: all {count} numbers that decide lie where we expect them.",
            count,
        ).format(count=count)
    return join_sentences(_("Differs."), *(_why(finding, result, _) for finding in wrong))


def _why(finding: Finding, result: Result, _: Translate) -> str:
    check = finding.check
    return _("Expected for “{what}”: {range}; measured: {value}.").format(
        what=label_of(check, result, _), range=range_of(check, _), value=shown(finding.value, check.form)
    )


def rows_of_checks(result: Result, trials: Trials | None, _: Translate) -> dict[str, list[str]]:
    """Table of the numbers that decide: what, where we expect it, what was measured, whether that lies there."""
    checks = result.checks
    columns = {
        _("number that decides"): [label_of(check, result, _) for check in checks],
        _("expected"): [range_of(check, _) for check in checks],
    }
    if trials is not None:
        every = findings(result, trials)
        columns[_("measured")] = [shown(finding.value, finding.check.form) for finding in every]
        columns[_("verdict")] = [_(AGREES) if finding.holds else _(DIFFERS) for finding in every]
    return columns


def rows_of_networks(result: Result, trials: Trials, _: Translate) -> dict[str, list[str]]:
    """Table of everything measured: a row for each network, a column for each quantity."""
    networks = {name: network for name, network in result.networks.items() if trials.get(name)}
    columns = {
        _("network"): [_(network.label) for network in networks.values()],
        _("seeds"): [str(len(trials[name])) for name in networks],
    }
    for key, quantity in result.quantities.items():
        columns[_(quantity.label)] = [spread(quantity, trials, name, key, _) for name in networks]
    return columns


def rows_of_seeds(result: Result, trials: Trials, _: Translate) -> dict[str, list[str]]:
    """Table of every trial."""
    rows = [(name, trial) for name in result.networks for trial in trials.get(name, ())]
    columns = {
        _("network"): [_(result.networks[name].label) for name, _trial in rows],
        _("seed"): [str(trial.seed) for _name, trial in rows],
    }
    for key, quantity in result.quantities.items():
        columns[_(quantity.label)] = [shown(trial.numbers[key], quantity.form) for _name, trial in rows]
    return columns


def seconds_of(entry: Stored) -> str:
    """Seconds that it took, in tenths where they are less than one."""
    return f"{entry.seconds:.0f}" if entry.seconds >= 1 else f"{entry.seconds:.1f}"


def measured_where(entry: Stored, _: Translate) -> str:
    """When, where and with what it was measured."""
    return _(
        "Measured on {when} (UTC) in {seconds} s of processor time: {processor}, {system}; {versions}; commit {commit}."
    ).format(
        when=entry.when,
        seconds=seconds_of(entry),
        processor=entry.processor,
        system=entry.system,
        versions=", ".join(f"{name} {version}" for name, version in entry.versions.items()),
        commit=entry.commit or "–",
    )
