"""The networks of a lesson of one's own: settings in the words of the Lab's address, training, and what is measured."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rnn_core import Trainer
from rnn_core.errors import ConfigError, InputError
from ui.course.lesson import Progress
from ui.course.own.measures import CURVES, MEASURES
from ui.course.own.reading import Reader
from ui.i18n import N_
from ui.network.settings import SETTINGS, TRAINED
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.settings.choices import DOWNLOADED, OWN_TEXT
from ui.training.run import new_trainer

ALLOWED = tuple(sorted(set(TRAINED) - {keys.SEED}))  # keys of `settings` in the file
PARTS = 20  # points of a loss curve
SECONDS = 60.0  # of computing, at most
PIECE = 0.1  # seconds between two looks at whether it goes on
FIRST = {keys.DATA: "river_en"}  # where the file says nothing


class Network(NamedTuple):
    """One network of the file. name : "" where it has none. label : in one language. settings : as the file has them.
    sound : whether they can be."""

    name: str
    label: str
    settings: Mapping[str, Any]
    sound: bool = True


class Found(NamedTuple):
    """Measured values of one network: numbers by MEASURES, (x, y) by CURVES."""

    numbers: dict[str, float]
    curves: dict[str, tuple[list[float], list[float]]]


class Measured(NamedTuple):
    """All networks, by name."""

    networks: dict[str, Found]
    updates: int


def allows(name: str, value: Any) -> bool:
    """Whether the Lab's setting can be this."""
    setting = SETTINGS[name]
    if name == keys.DATA and value in (OWN_TEXT, DOWNLOADED, ""):
        return False
    whole = isinstance(setting.default, int) and not isinstance(setting.default, bool)
    if whole and not setting.choices and not (isinstance(value, int) and not isinstance(value, bool)):
        return False
    return setting.allows(value)


def network_of(reader: Reader, networks: Sequence[Network]) -> Network | None:
    """The network that a table of the file is about, the first where it names none. None where there is no such one:
    that is told where the names of all are known."""
    names = [one.name for one in networks]
    sure = bool(names) and "" not in names
    name = reader.choice("network", names, names[0] if names else "", sure)
    return next((one for one in networks if name and one.name == name), None)


def check_plain(reader: Reader, key: str, given: str, measure: str, networks: Sequence[Network]) -> None:
    """Note a problem where a measure of plain networks is asked of gated ones. given : what stands under the key."""
    plain = [not one.sound or one.settings.get("cell", "rnn").startswith("rnn") for one in networks]
    gated = [one.name for one, is_plain in zip(networks, plain, strict=True) if not is_plain]
    if measure == "radius" and gated:
        needed = N_("It is measured for plain networks only; these are gated: {networks}.")
        reader.problem(key, given, needed, networks=", ".join(gated))


def possible(name: str) -> str:
    """The values that the Lab's setting can have."""
    setting = SETTINGS[name]
    if setting.choices:
        choices = [choice for choice in setting.choices if choice is not None and allows(name, choice)]
        return ", ".join(map(str, choices))
    return "true, false" if isinstance(setting.default, bool) else f"{setting.low:g} – {setting.high:g}"


def trainer_of(settings: Mapping[str, Any], seed: int) -> Trainer:
    """A new network with these settings; ConfigError if they cannot be."""
    values = {name: setting.default for name, setting in SETTINGS.items()} | FIRST | dict(settings) | {keys.SEED: seed}
    setup, training = lab_setup(values)
    if setup is None:
        raise ConfigError("there is no text to learn from")
    return new_trainer(setup, training)


def run(networks: tuple[Network, ...], seed: int, updates: int, changed: Mapping[str, Any]) -> Iterator[Progress]:
    """Train one network after the other and measure each. changed : settings that the learner has set."""
    found, spent, size = {}, 0.0, 8
    for number, network in enumerate(networks):
        trainer = trainer_of({**network.settings, **changed}, seed)
        points = [(0, trainer.evaluate())]
        for part in range(1, PARTS + 1):
            until = updates * part // PARTS
            while trainer.update < until and not trainer.diverged:
                begin = time.thread_time()
                trainer.step(min(size, until - trainer.update))
                seconds = time.thread_time() - begin
                size = 2 * size if seconds < PIECE / 2 else max(1, size // 2) if seconds > 2 * PIECE else size
                spent += seconds
                if spent > SECONDS:
                    raise ConfigError(f"more than {SECONDS:.0f} s of computing: fewer updates, or smaller networks")
                share = (number + trainer.update / updates) / (len(networks) + 0.01)
                shown: dict[str, Any] = {"losses": tuple(zip(*points, strict=True))}
                shown |= {"squared": trainer.model.config.loss == "mse", "numbers": {network.name: points[-1][1]}}
                yield Progress(share, shown)
            if trainer.update > points[-1][0]:
                points.append((trainer.update, trainer.evaluate()))
        found[network.name] = _found(trainer, points)
    yield Progress(1.0, {"losses": tuple(zip(*points, strict=True))}, Measured(found, updates))


def _found(trainer: Trainer, points: list[tuple[int, float]]) -> Found:
    """Everything that can be measured of it; NaN for what cannot."""
    numbers, curves = {}, {}
    for name, measure in MEASURES.items():
        try:
            numbers[name] = float(measure.of(trainer, points))
        except (ConfigError, InputError, ValueError, ArithmeticError):
            numbers[name] = math.nan
    for name, curve in CURVES.items():
        try:
            curves[name] = curve.of(trainer, points)
        except (ConfigError, InputError, ValueError, ArithmeticError):
            curves[name] = ([], [])
    return Found(numbers, curves)
