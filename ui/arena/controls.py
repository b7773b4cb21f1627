"""Controls of the page «Arena», and the records for its session."""

from typing import NamedTuple

import streamlit as st

from rnn_core import CELLS, OPTIMIZERS, ConfigError, InputError
from rnn_core.config import INITS
from rnn_core.tasks import TASKS, TEXTS
from ui.arena.presets import MATCHES
from ui.arena.records import MOST, Contender, Match, Plan
from ui.i18n import LANGUAGES, N_
from ui.network import settings
from ui.settings import keys
from ui.settings.choices import CELL_NAMES, INIT_NAMES, OPTIMIZER_NAMES, RATES, SETTING_NAMES, SPEEDS, TASK_NAMES
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
                table[key] = Setting(FIRST.get(key, known.default), low=known.low, high=known.high)
    return table


def _contender_settings(number: int) -> dict[str, Setting]:
    start = STARTS[number - 1]
    return {
        own(number, "cell"): Setting(start["cell"], tuple(CELLS)),
        own(number, "units"): Setting(0, low=0, high=128),  # 0: as many as make the parameters match
        own(number, "init"): Setting(start.get("init", "uniform"), INITS),
        own(number, "forget"): Setting(start.get("forget", 1.0), low=-5.0, high=10.0),
        own(number, "rate"): Setting(start["rate"], RATES),
    }


TABLE = {
    keys.MATCH: Setting("", ("", *MATCHES)),
    keys.TASK: Setting("order", (*TASK_NAMES, *TEXTS)),
    **_task_settings(),
    keys.CONTENDERS: Setting(MOST, tuple(range(2, MOST + 1))),
    keys.SIZE: Setting(4000, low=100, high=20_000),
    **{key: setting for number in range(1, MOST + 1) for key, setting in _contender_settings(number).items()},
    keys.ARENA_BATCH: Setting(32, low=1, high=64),
    keys.ARENA_OPTIMIZER: Setting("adam", tuple(OPTIMIZERS)),
    keys.ARENA_CLIP: Setting(1.0, CLIPS),
    keys.ARENA_SEED: Setting(0, low=0, high=2**31),
    keys.ARENA_SPEED: Setting(None, SPEEDS),
    keys.ARENA_EXAMPLE: Setting(0, low=0, high=9999),
    keys.CLOCK: Setting("updates", tuple(CLOCKS)),
    keys.SWEEP_LAGS: Setting(tuple(map(str, LAGS[2:])), tuple(map(str, LAGS)), several=True),
    keys.SWEEP_SEEDS: Setting(3, low=1, high=5),
    keys.SWEEP_BUDGET: Setting(600, low=100, high=5000),
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


def widgets_of(language) -> Widgets:
    """The page's controls in this run of its script. A link that names a match alone means all of it."""
    preset = MATCHES.get(asked_of("arena").get(keys.MATCH, ""))
    settings = Settings("arena", TABLE, preset.values if preset else {})
    whole = {name: setting.default for name, setting in TABLE.items() if name not in READERS}
    leave_if_changed(settings, keys.MATCH, MATCHES, whole, lambda values: arranged(values)[:2])
    return Widgets(settings, language.gettext)


def choose(widgets: Widgets, language) -> Choices:
    """Draw the side bar and read it."""
    _ = language.gettext
    with st.sidebar:
        names = {"": N_("your own settings")} | {name: preset.title for name, preset in MATCHES.items()}
        preset = widgets.select(keys.MATCH, _("Experiment"), names, on_change=_apply)
        st.subheader(_("Task"))
        st.caption(_("A change here restarts the match."))
        _choose_task(widgets, _)
        st.subheader(_("Contenders"))
        count = widgets.segments(keys.CONTENDERS, _("Number of contenders"), {n: str(n) for n in range(2, MOST + 1)})
        widgets.number(
            keys.SIZE,
            _("Parameters each"),
            step=500,
        )
        for number in range(1, count + 1):
            _choose_contender(widgets, number, _)
        with widgets.part(keys.MORE_MATCH, _("Learning, order, speed")):
            clock, speed, sample_choice = _choose_rest(widgets, _)
        with widgets.part(keys.PLANNED, _("The sweep")):
            widgets.pills(keys.SWEEP_LAGS, _("Lags"), {})
            widgets.slider(keys.SWEEP_SEEDS, _("Seeds per lag"))
            widgets.slider(keys.SWEEP_BUDGET, _("Maximum updates"), step=100)
    match, training, plan = arranged(widgets.settings.values)
    return Choices(preset, match, training, plan, speed, sample_choice, clock)


def _choose_task(widgets, _) -> None:
    names = TASK_NAMES | {
        key: _("{title} ({language})").format(title=text.title, language=LANGUAGES[text.language])
        for key, text in TEXTS.items()
    }
    task = task_of(widgets.select(keys.TASK, _("Task"), names))
    for name in dict.fromkeys(difficulties(task)):
        widgets.slider(task_key(task, name), _(SETTING_NAMES.get(name, name)))


def _choose_contender(widgets, number, _) -> None:
    label = _("Contender {number}").format(number=number)
    cell = widgets.select(own(number, "cell"), label, CELL_NAMES)
    with widgets.part(own(number, "more"), _("More about contender {number}").format(number=number)):
        widgets.slider(own(number, "units"), _("Hidden units (0: to match the parameters)"))
        widgets.select(own(number, "init"), _("Initialisation of W"), INIT_NAMES)
        widgets.number(own(number, "forget"), _("Initial forget-gate bias"), cell == "lstm", step=1.0)
        widgets.steps(own(number, "rate"), _("Learning rate"), lambda rate: f"{rate:g}")


def _choose_rest(widgets, _) -> tuple:
    clock = widgets.segments(keys.CLOCK, _("Curves"), CLOCKS)
    speed = widgets.steps(
        keys.ARENA_SPEED, _("Updates per second"), lambda speed: _("full speed") if speed is None else f"{speed:,}"
    )
    widgets.slider(keys.ARENA_BATCH, _("Batch size (sequences)"))
    widgets.select(keys.ARENA_OPTIMIZER, _("Optimiser"), OPTIMIZER_NAMES)
    widgets.steps(
        keys.ARENA_CLIP, _("Clip the gradient norm at"), lambda clip: _("off") if clip is None else f"{clip:g}"
    )
    widgets.number(keys.ARENA_SEED, _("Seed"))
    sample_choice = SampleChoice("held_out", widgets.number(keys.ARENA_EXAMPLE, _("Number of the sequence")))
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


def arranged(values: dict) -> tuple[Match, Training, Plan | None]:
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
                values[own(number, "forget")] if cell == "lstm" else 1.0,
                values[own(number, "rate")],
            )
        )
    match = Match(match.task, match.task_options, tuple(contenders), match.seed)
    clip = values[keys.ARENA_CLIP]
    training = Training(values[keys.ARENA_OPTIMIZER], contenders[0].learning_rate, clip_norm=clip)
    return match, training, _plan(match, training, values)


def _sizes(match) -> tuple[int, int]:
    """Input and output size of the task; any, where the task cannot be: the session will say so."""
    try:
        task = TASKS[match.task](**dict(match.task_options))
        return task.input_size, task.output_size
    except (ConfigError, InputError):
        return 1, 1


def _plan(match, training, values) -> Plan | None:
    if match.task not in SWEPT:
        return None
    name = TASKS[match.task].difficulty[0]
    bounds = TABLE[task_key(match.task, name)]
    lags = tuple(int(lag) for lag in values[keys.SWEEP_LAGS] if bounds.low <= int(lag) <= bounds.high)
    if not lags:
        return None
    return Plan(match, training, name, lags, values[keys.SWEEP_SEEDS], values[keys.SWEEP_BUDGET])


def new_seed() -> None:
    """The next seed, in its control as well; called before it is drawn."""
    seed = st.session_state.get(keys.ARENA_SEED, st.session_state[keys.CHOSEN].get(keys.ARENA_SEED, 0))
    set_controls({keys.ARENA_SEED: (seed + 1) % (TABLE[keys.ARENA_SEED].high + 1)})
