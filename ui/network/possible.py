"""Nearest network that can train to the one asked for by a link or the controls. The address says what trains."""

from typing import Any

import streamlit as st

from rnn_core.tasks import TASKS, TEXTS
from ui.network.nearest import Batching, nearest
from ui.network.settings import TRAINED, task_setting
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.settings.choices import OWN_TEXT
from ui.settings.setting import Remark, Settings
from ui.training.snapshot import Setup, Training

STEPS = task_setting("text", "sequence_length")


def begin_with_what_can_be(settings: Settings, stand_in: str) -> None:
    """Set the controls to the nearest possible values to those in the link, and remark on the differences.

    stand_in : what is read where the link is for a text that it does not hold.
    """
    values = {name: settings.first(name) for name in settings.table}
    if values[keys.DATA] in TASKS and not _can_be(*lab_setup(values)):
        settings.firsts[keys.TRUNCATION] = "chunked"
        settings.remark(Remark(f"{keys.TRUNCATION}={values[keys.TRUNCATION]}", "chunked"))
    if values[keys.DATA] != OWN_TEXT and values[keys.DATA] not in TEXTS:
        return
    setup, training = lab_setup(values, values[keys.TEXT] or stand_in)
    batching = _measured(setup, training)
    if batching is None:  # nothing can be learned from the text
        settings.remark(Remark(f"{keys.TEXT}={values[keys.TEXT]}"))
        settings.firsts[keys.TEXT] = values[keys.TEXT] = ""
        setup, training = lab_setup(values, stand_in)
        batching = _measured(setup, training)
        if batching is None:
            return
    nearer = {STEPS: batching.steps, keys.BATCH_SIZE: batching.sequences}
    for name, value in nearer.items():
        if value != values[name]:
            settings.firsts[name] = value
            spell = settings.table[name].spell
            settings.remark(Remark(f"{name}={spell(values[name])}", spell(value)))


def say_what_trains(settings: Settings, setup: Setup | None, training: Training) -> None:
    """Write the address of the network in training: the last settings that were possible."""
    if _can_be(setup, training):
        st.session_state[keys.POSSIBLE] = {name: settings.values[name] for name in TRAINED if name in settings.values}
    else:
        other = {name: settings.table[name].default for name in TRAINED if name in settings.values}
        settings.say_instead(other | st.session_state.get(keys.POSSIBLE, {}))


def _can_be(setup: Setup | None, training: Training) -> bool:
    if setup is None or setup.task == "text":
        return setup is None or _measured(setup, training) == _asked(setup, training)
    windowed = training.truncate is not None and training.truncation == "windowed"
    task: Any = TASKS[setup.task]
    return not (windowed and setup.bidirectional and task.output == "last")  # its two last states lie at opposite ends


def _asked(setup: Setup, training: Training) -> Batching:
    options = dict(setup.task_options)
    return Batching(options["sequence_length"], options["batch_size"], training.stateful)


def _measured(setup: Setup | None, training: Training) -> Batching | None:
    """Nearest possible batching to the one asked for; measured once, since it can take a tenth of a second."""
    if setup is None:
        return None
    options = dict(setup.task_options)
    cut = options["max_words"] > 0, _asked(setup, training), options["min_count"]
    subject = options["text"], options["fold_case"], *cut
    known = st.session_state.get(keys.MEASURED)
    if known is None or known[0] != subject:
        known = st.session_state[keys.MEASURED] = subject, nearest(_read(setup), *cut)
    return known[1]


def _read(setup: Setup) -> str:
    options = dict(setup.task_options)
    return options["text"].lower() if options["fold_case"] else options["text"]
