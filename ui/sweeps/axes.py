"""Axes of a sweep: the Lab's settings that can be swept, and the values that each may take."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from rnn_core import CELLS, OPTIMIZERS
from rnn_core.config import INITS
from rnn_core.tasks import TASKS
from ui.charts.formatting import typographic
from ui.i18n import N_, Translate
from ui.network.settings import DROPOUTS, PENALTIES, RADII, SETTINGS, SPANS, difficulties, task_setting
from ui.settings import keys
from ui.settings.choices import CELL_NAMES, INIT_NAMES, OPTIMIZER_NAMES, RATES

LENGTHS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50, 60, 80, 100)  # of what a task counts
NOISES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)


class Axis(NamedTuple):
    """A setting that can be swept. first : of its values, those that are swept at first. implied : settings without
    which it has no effect. costs : whether the time of an update depends on it."""

    values: tuple[Any, ...]
    first: tuple[Any, ...]
    implied: Mapping[str, Any] = {}
    costs: bool = False


class Swept(NamedTuple):
    """An axis of one sweep: the setting, and the values that it takes, in their order."""

    name: str
    values: tuple[Any, ...]


def _of_tasks() -> dict[str, Axis]:
    """An axis for the length and each difficulty of every task."""
    found = {}
    for task in TASKS:
        for name in dict.fromkeys(difficulties(task)):
            setting = SETTINGS[task_setting(task, name)]
            known = LENGTHS if setting.high > 1 else NOISES
            values = tuple(type(setting.default)(one) for one in known if setting.low <= one <= setting.high)
            near = sorted(values, key=lambda value: abs(value - setting.default))[:4]
            found[task_setting(task, name)] = Axis(values, tuple(sorted(near)), costs=True)
    return found


AXES: dict[str, Axis] = {
    keys.LEARNING_RATE: Axis(RATES, (0.001, 0.003, 0.01, 0.03, 0.1)),
    keys.RADIUS: Axis(RADII, (0.5, 0.9, 1.0, 1.1, 1.5)),
    keys.HIDDEN_SIZE: Axis((1, 2, 4, 8, 16, 32, 48, 64, 96, 128), (4, 8, 16, 32), costs=True),
    keys.LAYERS: Axis((1, 2, 3, 4), (1, 2, 3), costs=True),
    keys.CELL: Axis(tuple(CELLS), ("rnn_tanh", "gru", "lstm"), costs=True),
    keys.CLIP_NORM: Axis(
        (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0), (0.1, 1.0, 10.0, 100.0), {keys.CLIPPING: "norm"}
    ),
    keys.CLIP_VALUE: Axis((0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0), (0.01, 0.1, 1.0), {keys.CLIPPING: "value"}),
    keys.OPTIMIZER: Axis(tuple(OPTIMIZERS), ("sgd", "momentum", "rmsprop", "adam")),
    keys.INIT: Axis(INITS, INITS),
    keys.FORGET_BIAS: Axis((-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 5.0, 10.0), (-1.0, 0.0, 1.0, 3.0)),
    keys.CHRONO: Axis(SPANS, (None, 10, 30, 100)),
    keys.BATCH_SIZE: Axis((1, 2, 4, 8, 16, 32, 64), (4, 16, 64), costs=True),
    keys.TRUNCATE: Axis((1, 2, 3, 5, 10, 20, 30, 50), (1, 2, 5, 10), {keys.TRUNCATION: "windowed"}, costs=True),
    keys.DROPOUT: Axis(DROPOUTS, (0.0, 0.2, 0.5), {keys.LAYERS: 2}),
    keys.VANISHING_PENALTY: Axis(PENALTIES, (0.0, 0.1, 1.0, 10.0), costs=True),
    keys.BIAS: Axis((False, True), (False, True)),
    keys.BIDIRECTIONAL: Axis((False, True), (False, True), costs=True),
    **_of_tasks(),
}
NOTHING = {keys.RADIUS: N_("unscaled"), keys.CHRONO: N_("off")}  # what None is called


def offered(task: str) -> list[str]:
    """The names of the axes that a network of this task has."""
    own = {task_setting(task, name) for name in difficulties(task)}
    return [name for name in AXES if name not in OF_TASKS or name in own]


OF_TASKS = frozenset(_of_tasks())


def written(name: str, value: Any, _: Translate) -> str:
    """A value of an axis as the reader sees it."""
    if value is None:
        return _(NOTHING[name])
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, str):
        return _((CELL_NAMES | INIT_NAMES | OPTIMIZER_NAMES)[value])
    return typographic(f"{value:g}")


def implied(values: Mapping[str, Any], axes: tuple[Swept, ...]) -> dict[str, Any]:
    """What has to be set beside the axes for them to have an effect, where it is not set or swept.

    >>> implied({"truncation": "chunked"}, (Swept("truncate", (1, 2)), Swept("clip_norm", (1.0,))))
    {'truncation': 'chunked', 'clipping': 'norm'}
    """
    found = {}
    for axis in axes:
        for name, value in AXES[axis.name].implied.items():
            if any(other.name == name for other in axes):
                continue
            now = values.get(name)
            keeps = (name == keys.TRUNCATION and now not in (None, "off")) or (name == keys.LAYERS and (now or 1) > 1)
            found[name] = now if keeps else value
    return found
