"""Controls of the page “Sweeps”: which two settings, which values, how often, for how long."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from rnn_core.tasks import TASKS
from ui.i18n import N_, Translate
from ui.live.page import Visit
from ui.network.controls import choose_settings
from ui.network.settings import CLIPPINGS, SETTINGS, TRAINED, TRUNCATIONS
from ui.settings import keys
from ui.settings.help import Help
from ui.settings.setting import Setting
from ui.settings.widgets import Widgets
from ui.sweeps.axes import AXES, Swept, implied, offered, written
from ui.sweeps.records import Measure, Plan

DRAWN = {"grid": N_("all (grid)"), "random": N_("random ones")}
MEASURED = {"loss": N_("held-out loss"), "right": N_("share right")}
VALUES = Help(N_("Each value is tried together with each value of the other setting."))


def values_key(name: str) -> str:
    """The key of the values that a setting takes.

    >>> values_key("learning_rate")
    'sweep_of_learning_rate'
    """
    return f"{keys.SWEEP_OF}_{name}"


def _of_axes() -> dict[str, Setting]:
    """For each axis the values that it takes, in the words of the address."""
    table = {}
    for name, axis in AXES.items():
        spell, label = SETTINGS[name].spell, SETTINGS[name].label
        choices, first = (tuple(map(spell, values)) for values in (axis.values, axis.first))
        table[values_key(name)] = Setting(first, choices, several=True, label=label, help=VALUES)
    return table


TABLE = {
    keys.SWEEP_ACROSS: Setting(
        keys.RADIUS, tuple(AXES), label=N_("Across"), help=Help(N_("The setting of the map's columns."))
    ),
    keys.SWEEP_DOWN: Setting(
        keys.LEARNING_RATE, tuple(AXES), label=N_("Upwards"), help=Help(N_("The setting of the map's rows."))
    ),
    **_of_axes(),
    keys.SWEEP_DRAWN: Setting(
        "grid",
        tuple(DRAWN),
        label=N_("Combinations"),
        help=Help(
            N_(
                "A grid trains every combination. Drawn at random, a few of many show as well which setting matters "
                "(Bergstra and Bengio 2012)."
            )
        ),
    ),
    keys.SWEEP_DRAWS: Setting(
        12, low=2, high=100, label=N_("How many"), help=Help(N_("The Lab's seed decides which ones are drawn."))
    ),
    keys.SWEEP_REPEATS: Setting(
        1,
        low=1,
        high=5,
        label=N_("Seeds"),
        help=Help(N_("How often each combination is trained, each time with other first weights."), ("seed",)),
    ),
    keys.SWEEP_UPDATES: Setting(
        300, low=20, high=5000, label=N_("Updates each"), help=Help(N_("How long each network is trained."))
    ),
    keys.SWEEP_MEASURE: Setting(
        "loss",
        tuple(MEASURED),
        label=N_("Colour"),
        help=Help(
            N_("What the map shows of each combination: both are measured when its training ends."), ("held_out",)
        ),
    ),
    keys.SWEEP_COLUMN: Setting(-1, low=-1, high=99),  # -1: none
    keys.SWEEP_ROW: Setting(-1, low=-1, high=99),
}


class Choices(NamedTuple):
    """Everything the reader has set."""

    plan: Plan | None  # None: an axis has no value, or the text is not there yet
    measure: Measure


def choose(visit: Visit) -> Choices:
    """Draw the Lab's side bar and the controls of the sweep, and read them."""
    widgets, _ = visit.widgets, visit.gettext
    setup = choose_settings(widgets, visit.language)
    values = widgets.settings.values
    task = values[keys.DATA] if values[keys.DATA] in TASKS else "text"
    names = offered(task)
    left, right = st.columns(2, gap="medium")
    with left:
        across = _choose_axis(widgets, keys.SWEEP_ACROSS, names, _)
    wanted = widgets.settings.now(keys.SWEEP_DOWN)
    with right:
        down = _choose_axis(widgets, keys.SWEEP_DOWN, [name for name in names if name != across.name], _)
    if wanted == across.name:
        told = _("{setting} is across already: upwards is now {other}.")
        st.caption(told.format(setting=_(SETTINGS[wanted].label), other=_(SETTINGS[down.name].label)))
    places = st.columns([2, 1, 1, 2], gap="medium")
    with places[0]:
        drawn = widgets.segments(keys.SWEEP_DRAWN, DRAWN)
        draws = widgets.number(keys.SWEEP_DRAWS, drawn == "random")
    with places[1]:
        seeds = widgets.number(keys.SWEEP_REPEATS)
    with places[2]:
        budget = widgets.number(keys.SWEEP_UPDATES, step=100)
    with places[3]:
        measure = widgets.segments(keys.SWEEP_MEASURE, MEASURED)
    cells = [(column, row) for row in range(len(down.values)) for column in range(len(across.values))]
    if drawn == "random":
        order = np.random.default_rng(values[keys.SEED]).permutation(len(cells))[:draws]
        cells = [cells[number] for number in order]
    if not cells:
        st.warning(_("Choose at least one value of each setting."))
    if setup is None or not cells:
        return Choices(None, measure)
    base = {name: widgets.settings.now(name) for name in TRAINED}
    beside = {name: value for name, value in implied(base, (across, down)).items() if value != base[name]}
    if beside:
        st.caption(_("So that they have an effect, this is set, too: {settings}.").format(settings=_told(beside, _)))
    base |= beside
    fixed = tuple(sorted((name, value) for name, value in base.items() if name not in (across.name, down.name)))
    text = dict(setup.task_options).get("text")
    return Choices(Plan(fixed, text, across, down, tuple(cells), seeds, budget), measure)


def _told(values: Mapping[str, Any], _: Translate) -> str:
    """Settings with their values."""
    named = {keys.CLIPPING: CLIPPINGS, keys.TRUNCATION: TRUNCATIONS}
    parts = []
    for name, value in values.items():
        label, written_value = _(SETTINGS[name].label), _(named[name][value]) if name in named else str(value)
        parts.append(f"{label} {written_value}")
    return _("; ").join(parts)


def _choose_axis(widgets: Widgets, key: str, names: list[str], _: Translate) -> Swept:
    """Choose a setting and its values."""
    name = widgets.select(key, {name: SETTINGS[name].label for name in names}, names)
    setting = SETTINGS[name]
    values = {setting.spell(value): value for value in AXES[name].values}
    chosen = widgets.pills(
        values_key(name), {text: written(name, value, _) for text, value in values.items()}, wrap=True
    )
    return Swept(name, tuple(values[text] for text in chosen))
