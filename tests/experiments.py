"""The Lab's experiments, trained and looked at as the page does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ui.lab.doctor.diagnosis import diagnose
from ui.network.presets import PRESETS
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, View

SEEDS = (0, 1, 2)  # added to the experiment's own
LATER = 1.05  # of the updates at one view: those at the next

# What the doctor may say of an experiment, whenever a learner looks; nothing where it is not named.
MAY = {
    name: {"overfits"} for name in ("article", "slow", "write", "by_heart", "chinese", "marked", "memory_text", "reber")
}
MAY |= {"explodes": {"diverged"}, "forgets": {"vanishing"}, "truncated": {"truncated", "noisy"}}
# It learns by jumps and may be back at chance for good: its gradient vanishes then, later its states are at their ends.
MAY |= {"orthogonal": {"clipped", "noisy", "vanishing", "saturated"}}
MUST = {"explodes": 300, "forgets": 1000, "by_heart": 1000}  # after so many updates it speaks


def run_of(values: Mapping[str, Any], seed: int = 0) -> Run:
    """The Lab's network with these settings, its seed so much higher."""
    values = {name: setting.default for name, setting in SETTINGS.items()} | {keys.DATA: "river_en"} | values
    return Run(1, *lab_setup(values | {keys.SEED: values[keys.SEED] + seed}), SampleChoice())


def experiment(name: str, seed: int = 0) -> Run:
    return run_of(PRESETS[name].values, seed)


def train_to(run: Run, update: int) -> None:
    """Or until it diverges."""
    while run.update < update and not run.diverged:
        run.train(update - run.update)


def views_of(run: Run, marks: Sequence[int]) -> Iterator[View]:
    """Views at these updates, looked at often on the way; ends where the run diverges."""
    run.view(complete=True)
    for mark in marks:
        while run.update < mark and not run.diverged:
            train_to(run, min(mark, next_look(run.update)))
            view = run.view(complete=True)
        yield view


def next_look(update: int) -> int:
    return max(update + 5, int(LATER * update))


def kind_of(view: View) -> str | None:
    """What the doctor finds; None: it is silent."""
    found = diagnose(view)
    return None if found is None else found.kind


def no_false_alarm(name: str, view: View) -> None:
    kind = kind_of(view)
    assert kind is None or kind in MAY.get(name, ()), (name, view.update, kind)
    assert kind is not None or view.update < MUST.get(name, 10**9), (name, view.update, kind)
