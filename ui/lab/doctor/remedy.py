"""Remedies: what can be tried against a diagnosis, as other settings from an update on, or as another network."""

from dataclasses import replace
from typing import Any

from rnn_core import CELLS
from ui.i18n import Translate
from ui.lab.doctor.diagnosis import DEAD, Diagnosis
from ui.live.change_names import change_name
from ui.settings.choices import CELL_NAMES, bolder, gentler
from ui.training.matched_sizes import matched_size
from ui.training.model_history import Change
from ui.training.snapshot import Remedy, Setup

LARGEST = 128  # units that the Lab's control can set
OPEN = 3.0  # bias of forget gates that start open


def remedy(diagnosis: Diagnosis, view: Any) -> Remedy | None:
    """What to try; None where nothing that can be set here is known to help."""
    setup, training = view.setup, view.training
    slower = replace(training, learning_rate=gentler(training.learning_rate))
    faster = replace(training, learning_rate=bolder(training.learning_rate))
    match diagnosis.kind:
        case "diverged":
            training = replace(slower, clip_norm=1.0, clip_value=None)
        case "truncated":
            training = replace(training, truncate=None, truncation="windowed")
        case "vanishing":
            setup, training = _with_open_gates(view), replace(training, vanishing_penalty=0.0)
        case "small":
            setup = replace(setup, hidden_size=min(2 * setup.hidden_size, max(LARGEST, setup.hidden_size)))
        case "dead" if diagnosis.values["before"] >= DEAD:
            setup = replace(setup, cell="rnn_tanh")
        case "slow":
            training = faster
        case "chance" if slower == training:
            training = faster
        case _:
            training = slower
    if (setup, training) == (view.setup, view.training):
        return None
    return Remedy(diagnosis.kind, diagnosis.begin if setup == view.setup else 0, setup, training)


def _with_open_gates(view: Any) -> Setup:
    """An LSTM with about as many parameters, whose forget gates start open."""
    setup, config = view.setup, view.trace.config
    lstm = replace(setup, cell="lstm", forget_bias=OPEN, init="uniform", spectral_radius=None)
    if CELLS[setup.cell].has_cell:
        return replace(lstm, cell=setup.cell)
    size = matched_size("lstm", config.input_size, config.output_size, view.parameters, setup.num_layers)
    return replace(lstm, hidden_size=min(size, LARGEST), bias=True)


def changed(before: tuple[Setup, Any], after: tuple[Setup, Any], _: Translate) -> str:
    """What differs from one network to the other, in a few words. before, after : (setup, training)."""
    found = []
    (old, training), (new, other) = before, after
    if CELLS[new.cell].has_cell and (new.cell, new.forget_bias) != (old.cell, old.forget_bias):
        sentence = _("LSTM with {units} units, forget gates open (bias {bias:g})")
        found.append(sentence.format(units=new.hidden_size, bias=new.forget_bias))
    else:
        found += [_(CELL_NAMES[new.cell])] if new.cell != old.cell else []
        sentence = _("{units} unit", "{units} units", new.hidden_size)
        found += [sentence.format(units=new.hidden_size)] if new.hidden_size != old.hidden_size else []
    if training != other:
        found.append(change_name(Change(0, training, other), _))
    return _(", ").join(found)
