"""A lesson from a teacher's file, in one of the file's languages; or what is wrong with the file."""

import math
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from rnn_core.errors import ConfigError
from ui.course.lesson import Control, Door, Lesson, Task
from ui.course.lessons import NAMES
from ui.course.own import networks
from ui.course.own.chart import figure
from ui.course.own.guesses import GuessPart, guess_of
from ui.course.own.networks import ALLOWED, Network
from ui.course.own.reading import Problem, Reader, line_of, parsed, text_in
from ui.course.own.sentences import condition, explain, part_of
from ui.i18n import N_
from ui.network.settings import SETTINGS
from ui.pages import PAGES

LONGEST = 100_000  # characters of a file
SHORT, LONG = 200, 1500  # characters of a label, of a paragraph
UPDATES = "updates"  # the control that is no setting of the Lab
TOO_LONG = Problem("", "", N_("The file is too long: at most {longest:,} characters."), {"longest": LONGEST})
TAKEN = ("before", "after", "own", *NAMES)


@lru_cache(maxsize=64)
def built(text: str, code: str) -> tuple[Lesson | None, tuple[Problem, ...]]:
    """(the lesson in the language of that code, nothing) or (None, what is wrong)."""
    if len(text) > LONGEST:
        return None, (TOO_LONG,)
    table, problems = parsed(text)
    if not problems and not table:
        return None, (Problem("", "", N_("The file is empty: no key stands in it. Start from the example."), {}),)
    lesson = None
    if not problems:
        reader = Reader(table)
        lesson = _lesson(reader, code)
        lines = text.splitlines()
        problems = [problem._replace(line=line_of(lines, problem.place)) for problem in reader.problems]
        problems.sort(key=lambda problem: problem.line or 0)  # as one goes through the file
    if problems or lesson is None:
        return None, tuple(problems)
    return replace(lesson, in_language=lambda code: built(text, code)[0]), ()


def _lesson(reader: Reader, code: str) -> Lesson | None:
    name = reader.name("name", TAKEN)
    seed = reader.number("seed", 0, 2**31, 0, whole=True)
    updates = reader.number(UPDATES, 0, 2000, 300, whole=True)
    title, claim = (text_in(reader.text(key, size), code) for key, size in (("title", SHORT), ("claim", LONG)))
    misconception = text_in(reader.text("misconception", SHORT, default="–"), code)
    nets = _networks(reader, code, seed)
    asked: list[str] = []
    parts = [guess_of(one, nets, code, seed, updates, asked) for one in reader.tables("guesses", 1, 6)]
    explanation = [part_of(one, nets, code) for one in reader.tables("explanation", 1, 8)]
    tasks = [_task(one, nets, code) for one in reader.tables("tasks", 0, 3)]
    controls: list[Control] = []
    for one in reader.tables("controls", 0, 3):
        controls.append(_control(one, nets, updates, code, [control.name for control in controls]))
    door = _door(reader.table("door"), nets)
    reader.done()
    if reader.problems:
        return None
    whole = [part for part in parts if part is not None]
    return Lesson(
        name=name,
        title=title,
        claim=claim,
        misconception=misconception,
        guesses=tuple(part.guess for part in whole),
        run=partial(_run, nets, int(updates)),
        truth=partial(_truth, whole),
        figure=partial(figure, whole, nets),
        explain=partial(explain, explanation),
        tasks=tuple(tasks),
        door=door,
        controls=tuple(controls),
        seed=int(seed),
        plain=True,
        labels={network.name: network.label for network in nets},
    )


def _run(nets: tuple[Network, ...], own: int, seed: int, updates: int | None = None, **changed: Any) -> Any:
    return networks.run(nets, seed, own if updates is None else updates, changed)


def _truth(parts: list[GuessPart], measured: Any) -> dict[str, Any]:
    return {part.guess.name: part.truth(measured) for part in parts}


def _networks(reader: Reader, code: str, seed: float) -> tuple[Network, ...]:
    found: list[Network] = []
    for one in reader.tables("networks", 1, 4):
        name = one.name("name", [network.name for network in found])
        label = text_in(one.text("label", SHORT), code)
        table = one.table("settings")
        settings = table.items()
        sound = _settings(table, settings)
        one.done()
        if sound:
            try:
                networks.trainer_of(settings, 0 if math.isnan(seed) else int(seed))
            except ConfigError as problem:
                one.problem("settings", settings, N_("These settings do not fit together: {told}"), told=str(problem))
                sound = False
        found.append(Network(name, label, settings, sound))
    return tuple(found)


def _settings(table: Reader, settings: dict[str, Any]) -> bool:
    """Whether each is one of the Lab's, with a value that it can have."""
    sound = True
    for key, value in settings.items():
        if key not in ALLOWED:
            sound = False
            table.problem(key, value, N_("There is no such setting. Possible: {keys}."), keys=", ".join(ALLOWED))
        elif not networks.allows(key, value):
            sound = False
            table.problem(key, value, N_("Possible: {choices}."), choices=networks.possible(key))
    return sound


def _task(reader: Reader, nets: tuple[Network, ...], code: str) -> Task:
    label = text_in(reader.text("label", SHORT), code)
    holds = condition(reader, nets)
    reader.done()
    return Task(label, lambda attempt: holds(attempt.measured))


def _control(reader: Reader, nets: tuple[Network, ...], updates: float, code: str, taken: list[str]) -> Control:
    name = reader.choice("setting", (UPDATES, *ALLOWED))
    if name in taken:
        reader.problem("setting", name, N_("There is a control for this setting already."))
    label = text_in(reader.text("label", SHORT), code)
    if not name:
        reader.done(sure=False)
        return Control(name, label, None)
    if name == UPDATES:
        low, high = reader.number("low", 0, 1999, whole=True), reader.number("high", 1, 2000, whole=True)
        step = reader.number("step", 1, 1000, 10, whole=True)
        if high <= low:
            reader.problem("high", high, N_("Needed: a number above {low:g}."), low=low)
        elif updates < low or updates > high:
            needed = N_("The lesson’s own value must lie between low and high: {value}.")
            reader.problem("low" if updates < low else "high", low if updates < low else high, needed, value=updates)
        control = Control(name, label, updates, low, high, step)
    else:
        first = next((net.settings[name] for net in nets if name in net.settings), SETTINGS[name].default)
        options = reader.values("options")
        if len(set(options)) < len(options):
            reader.problem("options", options, N_("Each value may stand there only once."))
        impossible = [value for value in options if not networks.allows(name, value)]
        for value in impossible:
            reader.problem("options", value, N_("Possible: {choices}."), choices=networks.possible(name))
        if options and first not in options and not impossible and all(network.sound for network in nets):
            needed = N_("The lesson’s own value must be among them: {value}.")
            reader.problem("options", options, needed, value=str(first))
        control = Control(name, label, first, options=tuple((value, str(value)) for value in options))
    reader.done()
    return control


def _door(reader: Reader, nets: tuple[Network, ...]) -> Door:
    """The page that shows the network; the Lab and the first network where the file says nothing."""
    pages = [page for page in ("lab", "gradients", "memory", "language") if page in PAGES]
    page = reader.choice("page", pages, "lab")
    network = networks.network_of(reader, nets)
    reader.done()
    settings = network.settings if network else {}
    query = {key: SETTINGS[key].spell(value) for key, value in settings.items() if key in SETTINGS}
    return Door(page, query)
