"""A shape's networks in lockstep: the same task, batches and seed, the same number of updates each."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from rnn_core import EncoderDecoder, EncoderDecoderConfig, EncoderDecoderTrainer, TrainConfig, Trainer
from rnn_core.ctc import label_error_rate, labels_of
from rnn_core.tasks.captions import CAPTIONS, CaptionTask
from rnn_core.tasks.pairs import PAIRS
from rnn_core.tasks.speech import SPEECH
from ui.shapes.records import Network, Progress, ShapeSetup, ShapeView
from ui.shapes.registry import SHAPES
from ui.training.lockstep import Competitor, LockstepRun, accuracy
from ui.training.run import new_trainer
from ui.training.snapshot import SampleChoice, Setup, Training


class ShapeCompetitor(Competitor[Network, Trainer | EncoderDecoderTrainer]):
    """One network: its trainer and its record."""

    def _right(self) -> float:
        trainer = self.trainer
        if isinstance(trainer, EncoderDecoderTrainer):
            return trainer.exact()
        return trainer.task.exact(trainer.model) if isinstance(trainer.task, CaptionTask) else accuracy(trainer)

    def run_progress(self) -> Progress:
        """Record of its progress."""
        trainer = self.trainer
        network = trainer.network if isinstance(trainer, EncoderDecoderTrainer) else trainer.model
        return Progress(network=self.subject, parameters=network.num_parameters, **self.progress())


class ShapesRun(LockstepRun[ShapeSetup, ShapeCompetitor]):
    """All networks of a shape. Raises ConfigError when they cannot be."""

    def __init__(self, number: int, setup: ShapeSetup, training: Training, sample_choice: SampleChoice) -> None:
        entries = [ShapeCompetitor(network, trainer_of(setup, network, training)) for network in setup.networks]
        super().__init__(number, setup, training, sample_choice, entries, measure_every(setup.task))
        self.task = self.entries[0].trainer.task
        self._analyzer = self._analyzer_of_now()
        self._guess = best_constant(self.task)

    def _analyzer_of_now(self) -> Any:
        return SHAPES[self.setup.shape].analyzer(self.task, [entry.trainer for entry in self.entries], self.setup)

    def take_up(self, update: int, trainers: Sequence[Any], facts: Sequence[dict[str, Any]]) -> None:
        """Go on with these trainers; see `LockstepRun`."""
        super().take_up(update, trainers, facts)
        self._analyzer = self._analyzer_of_now()

    def again(self, number: int) -> "ShapesRun":
        """The same from the beginning."""
        return ShapesRun(number, self.setup, self.training, self.sample_choice)

    def view(self, complete: bool = False) -> ShapeView:
        """View of the present state."""
        self._measure_first()
        analysis = self._analyzer.read(self.sample_choice, complete)
        return ShapeView(
            run=self.number,
            setup=self.setup,
            training=self.training,
            update=self.update,
            sample_choice=self.sample_choice,
            competitors=tuple(entry.run_progress() for entry in self.entries),
            diagram=analysis.diagram,
            finding=analysis.finding,
            refused=analysis.refused,
            unread=tuple(analysis.unread),
            squared=getattr(self.task, "loss", "") == "mse",
            chance=self.task.chance,
            best=getattr(self.task, "best", None),
            guess=self._guess,
            measure=getattr(self.task, "measure", "whole_outputs"),
            updates_per_second=self._pace.per_second(),
        )


def trainer_of(setup: ShapeSetup, network: Network, training: Training) -> Trainer | EncoderDecoderTrainer:
    """A new network of a shape and its trainer; ConfigError if they cannot be."""
    if setup.task not in PAIRS:
        options = {name: value for name, value in network._asdict().items() if name != "attention"}
        return new_trainer(Setup(setup.task, setup.task_options, seed=setup.seed, **options), training)
    task = PAIRS[setup.task](**dict(setup.task_options))
    config = EncoderDecoderConfig(
        network.cell, task.input_size, network.hidden_size, task.output_size, network.num_layers, seed=setup.seed,
        attention=network.attention,
    )  # fmt: skip
    return EncoderDecoderTrainer(
        EncoderDecoder(config), task, TrainConfig(seed=setup.seed, **asdict(training)), setup.forcing
    )


def best_constant(task: Any) -> float:
    """Accuracy on the held-out data of always giving the answer that is right most often there."""
    batch = task.held_out()
    if task.name in SPEECH:
        said = [labels_of(path) for path in batch.targets.T]
        answers = {answer for labels in said for answer in (labels, *zip(labels))}
        return 1 - min(label_error_rate([answer] * len(said), said) for answer in answers)
    if task.name in CAPTIONS:
        return task.guess
    if task.name in PAIRS:
        outputs = [task.decode(column) for column in batch.targets.T]
        return max(map(outputs.count, set(outputs))) / len(outputs)
    if task.loss == "mse":
        answer = np.broadcast_to(batch.targets.mean(axis=(0, 1)), batch.targets.shape)
        return task.accuracy(answer, batch)
    counted = batch.targets if batch.mask is None else batch.targets[batch.mask > 0]
    return float(np.bincount(counted.ravel()).max() / counted.size)


def measure_every(task: str) -> int:
    """After how many updates a task's networks are measured: those that write word by word take longer."""
    if task in CAPTIONS:
        return 200
    return 100 if task in PAIRS else 50
