"""Controls of the page “Arena”, and the records for its session."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st

from rnn_core import CELLS, OPTIMIZERS, ConfigError, InputError
from rnn_core.config import INITS
from rnn_core.tasks import TASKS, TEXTS
from ui.arena.presets import MATCHES
from ui.arena.records import MOST, Contender, Match, Plan
from ui.i18n import N_, Language, Translate
from ui.network import settings
from ui.settings import keys
from ui.settings.choices import CELL_NAMES, INIT_NAMES, OPTIMIZER_NAMES, RATES, SPEEDS, TASK_NAMES, text_names
from ui.settings.help import (
    BATCH_SIZE,
    CELL,
    CLIP,
    EXAMPLE,
    EXPERIMENT,
    FORGET_BIAS,
    INIT,
    LEARNING_RATE,
    OPTIMIZER,
    SEED,
    SPEED,
    Help,
)
from ui.settings.preset import set_controls
from ui.settings.setting import Setting, Settings, asked_of, leave_if_changed
from ui.settings.widgets import Widgets
from ui.training.matched_sizes import matched_size
from ui.training.snapshot import SampleChoice, Training

FIRST = {
    "arena_order_sequence_length": 100,
    "arena_recall_delay": 20,
    "arena_count_longest": 15,
    "arena_grammar_sequence_length": 10,
}
LAGS = (2, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100)
CLIPS = (None, 0.1, 0.3, 1.0, 3.0, 10.0)
CLOCKS = {"updates": N_("per update"), "seconds": N_("per second")}
SWEPT = ("recall", "adding", "copy", "order", "count")  # tasks with a lag that can be made longer
CONTENDER_NAMES = (N_("Contender 1"), N_("Contender 2"), N_("Contender 3"), N_("Contender 4"))
STARTS = (  # of the contenders, where nothing else is said
    {"cell": "rnn_tanh", "rate": 0.0003},
    {"cell": "rnn_relu", "rate": 0.001, "init": "identity"},
    {"cell": "gru", "rate": 0.003},
    {"cell": "lstm", "rate": 0.0003, "forget": 3.0},
)


def own(number: int, name: str) -> str:
    """The key of a contender's setting.

    >>> own(1, "cell")
    'c1_cell'
    """
    return f"c{number}_{name}"


def task_key(task: str, name: str) -> str:
    """The key of a task's setting."""
    return f"arena_{settings.task_setting(task, name)}"


def difficulties(task: str) -> list[str]:
    """The names of the task's settings that have a control."""
    return [name for name in ("sequence_length", *TASKS[task].difficulty) if task_key(task, name) in TABLE]


def _task_settings() -> dict[str, Setting]:
    """The Lab's settings of the tasks, under keys of this page."""
    table = {}
    for task, kind in TASKS.items():
        for name in dict.fromkeys(("sequence_length", *kind.difficulty)):
            known = settings.SETTINGS.get(settings.task_setting(task, name))
            if known is not None:
                key = task_key(task, name)
                table[key] = replace(known, default=FIRST.get(key, known.default))
    return table


def _contender_settings(number: int) -> dict[str, Setting]:
    start = STARTS[number - 1]
    return {
        own(number, "cell"): Setting(start["cell"], tuple(CELLS), label=CONTENDER_NAMES[number - 1], help=CELL),
        own(number, "units"): Setting(
            0,
            low=0,
            high=128,
            label=N_("Hidden units (0: to match the parameters)"),
            help=Help(N_("0 takes as many units as make its parameters match the others'.")),
        ),  # 0: as many as make the parameters match
        own(number, "init"): Setting(start.get("init", "uniform"), INITS, label=N_("Initialisation of W"), help=INIT),
        own(number, "forget"): Setting(
            start.get("forget", 1.0), low=-5.0, high=10.0, label=N_("Initial forget-gate bias"), help=FORGET_BIAS
        ),
        own(number, "rate"): Setting(start["rate"], RATES, label=N_("Learning rate"), help=LEARNING_RATE),
    }


TABLE = {
    keys.MATCH: Setting("", ("", *MATCHES), label=N_("Experiment"), help=EXPERIMENT),
    keys.TASK: Setting(
        "order",
        (*TASK_NAMES, *TEXTS),
        label=N_("Task"),
        help=Help(N_("What all contenders learn, from the same batches in the same order.")),
    ),
    **_task_settings(),
    keys.CONTENDERS: Setting(
        MOST,
        tuple(range(2, MOST + 1)),
        label=N_("Number of contenders"),
        help=Help(N_("How many networks learn side by side.")),
    ),
    keys.SIZE: Setting(
        4000,
        low=100,
        high=20_000,
        label=N_("Parameters each"),
        help=Help(N_("Each gets the number of hidden units that comes nearest, unless you set its units yourself.")),
    ),
    **{key: setting for number in range(1, MOST + 1) for key, setting in _contender_settings(number).items()},
    keys.ARENA_BATCH: Setting(32, low=1, high=64, label=N_("Batch size (sequences)"), help=BATCH_SIZE),
    keys.ARENA_OPTIMIZER: Setting("adam", tuple(OPTIMIZERS), label=N_("Optimiser"), help=OPTIMIZER),
    keys.ARENA_CLIP: Setting(1.0, CLIPS, label=N_("Clip the gradient norm at"), help=CLIP),
    keys.ARENA_SEED: Setting(0, low=0, high=2**31, label=N_("Seed"), help=SEED),
    keys.ARENA_SPEED: Setting(None, SPEEDS, label=N_("Updates per second"), help=SPEED),
    keys.ARENA_EXAMPLE: Setting(0, low=0, high=9999, label=N_("Number of the sequence"), help=EXAMPLE),
    keys.CLOCK: Setting(
        "updates",
        tuple(CLOCKS),
        label=N_("Curves"),
        help=Help(N_("By updates each step counts the same; by time a slow cell falls behind.")),
    ),
    keys.SWEEP_LAGS: Setting(
        tuple(map(str, LAGS[2:])),
        tuple(map(str, LAGS)),
        several=True,
        label=N_("Lags"),
        help=Help(N_("Each lag is a task of its own: every contender tries it with every seed."), ("lag",)),
    ),
    keys.SWEEP_SEEDS: Setting(
        3,
        low=1,
        high=5,
        label=N_("Seeds per lag"),
        help=Help(N_("How often each contender tries, each time with other first weights."), ("seed",)),
    ),
    keys.SWEEP_BUDGET: Setting(
        600,
        low=100,
        high=5000,
        label=N_("Maximum updates"),
        help=Help(N_("A try that has not solved the task by then counts as not solved.")),
    ),
}
# Settings that a match leaves alone: they are about the reader, or about the sweep.
READERS = (keys.MATCH, keys.CLOCK, keys.ARENA_SPEED, keys.SWEEP_LAGS, keys.SWEEP_SEEDS, keys.SWEEP_BUDGET)


class Choices(NamedTuple):
    """Everything the reader has set."""

    preset: str
    match: Match
    training: Training
    plan: Plan | None  # None: the task has no lag
    speed: float | None  # updates per second at most
    sample_choice: SampleChoice
    clock: str


def widgets_of(language: Language) -> Widgets:
    """The page's controls in this run of its script. A link that names a match alone means all of it."""
    preset = MATCHES.get(asked_of("arena").get(keys.MATCH, ""))
    settings = Settings("arena", TABLE, preset.values if preset else {})
    whole = {name: setting.default for name, setting in TABLE.items() if name not in READERS}
    leave_if_changed(settings, keys.MATCH, MATCHES, whole, lambda values: arranged(values)[:2])
    return Widgets(settings, language.gettext)


def choose(widgets: Widgets, language: Language) -> Choices:
    """Draw the side bar and read it."""
    _ = language.gettext
    with st.sidebar:
        names = {"": N_("your own settings")} | {name: preset.title for name, preset in MATCHES.items()}
        preset = widgets.select(keys.MATCH, names, on_change=_apply)
        st.subheader(_("Task"))
        st.caption(_("A change here restarts the match."))
        _choose_task(widgets, _)
        st.subheader(_("Contenders"))
        count = widgets.segments(keys.CONTENDERS, {n: str(n) for n in range(2, MOST + 1)})
        widgets.number(
            keys.SIZE,
            step=500,
        )
        for number in range(1, count + 1):
            _choose_contender(widgets, number, _)
        with widgets.part(keys.MORE_MATCH, _("Learning, order, speed")):
            clock, speed, sample_choice = _choose_rest(widgets, _)
        with widgets.part(keys.PLANNED, _("The sweep")):
            widgets.pills(keys.SWEEP_LAGS, {})
            widgets.slider(keys.SWEEP_SEEDS)
            widgets.slider(keys.SWEEP_BUDGET, step=100)
    match, training, plan = arranged(widgets.settings.values)
    return Choices(preset, match, training, plan, speed, sample_choice, clock)


def _choose_task(widgets: Widgets, _: Translate) -> None:
    task = task_of(widgets.select(keys.TASK, TASK_NAMES | text_names(_)))
    for name in dict.fromkeys(difficulties(task)):
        widgets.slider(task_key(task, name))


def _choose_contender(widgets: Widgets, number: int, _: Translate) -> None:
    cell = widgets.select(own(number, "cell"), CELL_NAMES)
    with widgets.part(own(number, "more"), _("More about contender {number}").format(number=number)):
        widgets.slider(own(number, "units"))
        widgets.select(own(number, "init"), INIT_NAMES)
        widgets.number(own(number, "forget"), CELLS[cell].has_cell, step=1.0)
        widgets.steps(own(number, "rate"), lambda rate: f"{rate:g}")


def _choose_rest(widgets: Widgets, _: Translate) -> tuple[Any, ...]:
    clock = widgets.segments(keys.CLOCK, CLOCKS)
    speed = widgets.steps(keys.ARENA_SPEED, lambda speed: _("full speed") if speed is None else f"{speed:,}")
    widgets.slider(keys.ARENA_BATCH)
    widgets.select(keys.ARENA_OPTIMIZER, OPTIMIZER_NAMES)
    widgets.steps(keys.ARENA_CLIP, lambda clip: _("off") if clip is None else f"{clip:g}")
    widgets.number(keys.ARENA_SEED)
    sample_choice = SampleChoice("held_out", widgets.number(keys.ARENA_EXAMPLE))
    return clock, speed, sample_choice


def _apply() -> None:
    """Set everything to what the chosen match says, the rest to its default."""
    preset = MATCHES.get(st.session_state[keys.MATCH])
    if preset is not None:
        defaults = {name: setting.default for name, setting in TABLE.items() if name not in READERS}
        set_controls(defaults | preset.values)


def task_of(chosen: str) -> str:
    """The key in TASKS of what is chosen: a text is a task of its own kind."""
    return chosen if chosen in TASKS else "text"


def arranged(values: dict[str, Any]) -> tuple[Match, Training, Plan | None]:
    """Records for these settings."""
    task = task_of(values[keys.TASK])
    options = {"batch_size": values[keys.ARENA_BATCH]}
    if task == "text":
        options["text"] = TEXTS[values[keys.TASK]].text
    options |= {name: values[task_key(task, name)] for name in difficulties(task)}
    match = Match(task, tuple(sorted(options.items())), (), values[keys.ARENA_SEED])
    sizes = _sizes(match)
    contenders = []
    for number in range(1, values[keys.CONTENDERS] + 1):
        cell, units = values[own(number, "cell")], values[own(number, "units")]
        contenders.append(
            Contender(
                cell,
                units or matched_size(cell, *sizes, values[keys.SIZE]),
                values[own(number, "init")],
                values[own(number, "forget")] if CELLS[cell].has_cell else 1.0,
                values[own(number, "rate")],
            )
        )
    match = Match(match.task, match.task_options, tuple(contenders), match.seed)
    clip = values[keys.ARENA_CLIP]
    training = Training(values[keys.ARENA_OPTIMIZER], contenders[0].learning_rate, clip_norm=clip)
    return match, training, _plan(match, training, values)


def _sizes(match: Match) -> tuple[int, int]:
    """Input and output size of the task; any, where the task cannot be: the session will say so."""
    try:
        task = TASKS[match.task](**dict(match.task_options))
        return task.input_size, task.output_size
    except (ConfigError, InputError):
        return 1, 1


def _plan(match: Match, training: Training, values: Mapping[str, Any]) -> Plan | None:
    if match.task not in SWEPT:
        return None
    name = TASKS[match.task].difficulty[0]
    bounds = TABLE[task_key(match.task, name)]
    lags = tuple(int(lag) for lag in values[keys.SWEEP_LAGS] if bounds.low <= int(lag) <= bounds.high)
    if not lags:
        return None
    return Plan(match, training, name, lags, values[keys.SWEEP_SEEDS], values[keys.SWEEP_BUDGET])
