"""One network in training, with its record: what the worker thread owns and nobody else touches."""

import math
import secrets
import time
from collections.abc import Callable
from copy import copy
from dataclasses import asdict, fields, is_dataclass

import numpy as np

from rnn_core import CheckpointError, InputError, Model, ModelConfig, TrainConfig, Trainer, generate
from rnn_core.pytorch import PyTorchNetwork
from rnn_core.tasks import TASKS
from rnn_core.tasks.captions import CAPTIONS
from rnn_core.tasks.speech import SPEECH
from rnn_core.tasks.stream import StreamTask
from rnn_core.trace import BackwardTrace
from rnn_core.training_loop import History
from ui.training.background import Progress
from ui.training.condition import Conditions
from ui.training.fallback import Divergence, Kept, divergence_of, finite, go_back, keep, last_finite
from ui.training.history import Points, Record, Sample, Samples
from ui.training.model_history import Change, ModelHistory, Replay
from ui.training.nearby import Nearby
from ui.training.pace import Pace, not_before
from ui.training.sequence import Shown, sequence
from ui.training.snapshot import Parent, SampleChoice, Setup, Training, Trial, View
from ui.training.threads import use_cores
from ui.training.training_state import capture, forget_memory, restore
from ui.training.unshared import unshared_parameters
from ui.training.weights import NewWeights

MOST_UPDATES = 10**12  # of a run that is taken up
SLICE = 0.03  # seconds of training between two looks at the commands
SAMPLE_PAUSE = 0.4  # seconds between two samples, at least: writing one is not training
SAMPLE_LENGTH = 240  # symbols
HELD_OUT_PAUSE = 0.4  # seconds, the same for the held-out loss


class Run:
    """A task, a model, a trainer, and what they did so far.

    Raises ConfigError when the setup cannot be: nothing else is touched then.
    """

    def __init__(
        self, number: int, setup: Setup, training: Training, sample_choice: SampleChoice, trainer: Trainer | None = None
    ):
        self.number, self.setup, self.training, self.sample_choice = number, setup, training, sample_choice
        self.identity, self.ordinal, self.name = secrets.token_hex(8), number, ""  # in whichever session it is
        self.trainer = trainer or new_trainer(setup, training)
        self.task = self.trainer.task
        self._record, self._held_out, self._samples = Record(start=self.update), Points(), Samples()
        self._sample_from = self._measure_from = -float("inf")  # time.monotonic() of the next, at the earliest
        stream = self.task if isinstance(self.task, StreamTask) else None
        self._bigram = None if stream is None else stream.bigram_loss()
        self._one_symbol = None if stream is None else stream.one_symbol_bound()
        self._pace = Pace()
        self.model_history = ModelHistory(self.trainer)
        self.parent: Parent | None = None  # the run that it is a fork of
        self.trial: Trial | None = None  # why it was forked, if to try a remedy
        self._conditions = Conditions()
        self._divergence: Divergence | None = None  # of this run at its present update
        self.past, self.settings = False, ""  # whether it is a run as it was, which nobody trains; those of its page
        self._shown: tuple[int, np.ndarray, np.ndarray] | None = None  # update, hidden states, sequence on screen
        self._shown_before: tuple[int, np.ndarray] | None = None  # the same of the update that was shown before
        self._finite: Kept | None = None  # the moment of the last view, all of whose numbers were finite
        self._fell_back = False

    @classmethod
    def resumed(
        cls, number: int, trainer: Trainer, sample_choice: SampleChoice, source: PyTorchNetwork | None = None
    ) -> "Run":
        """The run of a checkpoint, or of a file of PyTorch's, `source`; CheckpointError where it cannot go on here."""
        if not is_dataclass(trainer.task) or trainer.task.name not in TASKS:
            raise CheckpointError(f"the task is {trainer.task.name!r}; expected one of {', '.join(TASKS)}", "elsewhere")
        if trainer.update > MOST_UPDATES:
            raise CheckpointError(f"update is {trainer.update:,}; expected at most {MOST_UPDATES:,}", "elsewhere")
        config, settings = trainer.model.config, trainer.config
        names = {field.name for field in fields(Setup)} & set(asdict(config))
        options = {field.name: getattr(trainer.task, field.name) for field in fields(trainer.task)}
        setup = Setup(
            task=trainer.task.name,
            task_options=tuple(sorted(options.items())),
            source=source,
            **{name: getattr(config, name) for name in names},
        )
        return cls(number, setup, training_of(settings), sample_choice, trainer)

    @property
    def update(self) -> int:
        """Updates done."""
        return self.trainer.update

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes, with the room for copies of what it was."""
        return self.trainer.nbytes + self._source_bytes + self.model_history.most_bytes

    @property
    def size(self) -> int:
        """Bytes that it takes now."""
        return self.trainer.nbytes + self._source_bytes + self.model_history.nbytes

    @property
    def _source_bytes(self) -> int:
        return 0 if self.setup.source is None else self.setup.source.nbytes

    @property
    def diverged(self) -> bool:
        """Whether its numbers left the finite ones; `view` then goes back to the last update after which they had
        not. It goes on when it is configured."""
        return self._fell_back or self.trainer.diverged

    def configure(self, training: Training) -> None:
        """Go on with other settings; ConfigError leaves the old ones."""
        before, diverged = self.trainer.config, self.trainer.diverged
        self.trainer.configure(**asdict(training))
        if diverged or before != self.trainer.config:
            self.model_history.note_change(Change(self.update, before, self.trainer.config, diverged))
        self.training, self._fell_back = training, False

    def set_weights(self, new: NewWeights) -> None:
        """Go on with other weights."""
        config = self.trainer.config
        self._held_out.add(self.update, self.trainer.evaluate())
        new.apply(self.trainer.model)
        self._record.forget_last()
        self._held_out.add(self.update, self.trainer.evaluate(), jump=True)
        self.model_history.note_change(Change(self.update, config, config, weights=new))

    def use_cores(self, cores: int) -> None:
        """Train on so many cores from now on where that is faster."""
        use_cores(self.trainer, cores)

    def train(self, updates: int | None = None) -> None:
        """Train for one slice of time, or for a number of updates if they are done sooner; not at all once it has
        diverged."""
        if self.diverged:
            return
        begin = time.perf_counter()
        self._note(self.trainer.run(SLICE, updates), time.perf_counter() - begin)
        self._pace.note(self.update)

    def _note(self, history: History, seconds: float = 0.0) -> None:
        """Enter what some updates measured into the record. seconds : that they took."""
        self._record.append(history.loss, history.grad_norm, history.clip_factor)
        self.model_history.note(self.trainer, self._record.begun, seconds)

    def rest(self) -> None:
        """Training pauses: its pace is measured anew afterwards."""
        self._pace = Pace()

    def view(self, complete: bool = False) -> View:
        """View of the present state. The held-out loss and the samples follow at their own pace, or if
        `complete`."""
        shown, trace = self._trace()
        now = time.monotonic()
        measured = self.trainer.evaluate() if complete or now >= self._measure_from else None
        if kept := self._moment_to_go_back_to(trace, measured):
            self._fall_back(kept)
            shown, trace = self._trace()
            measured = self.trainer.evaluate()
        if measured is not None:
            self._held_out.add(self.update, measured)
            self._measure_from = not_before(now, HELD_OUT_PAUSE)
        begin = time.monotonic()
        if isinstance(self.task, StreamTask) and self._sample_is_due(complete, begin):
            self._write(self.task)
            self._sample_from = not_before(begin, SAMPLE_PAUSE)
        self._remember(trace)
        task, pace = self.task, math.nan if self.past else self._pace.per_second()
        before_update, before = self._shown_before or (self.update, None)
        return View(
            run=self.number,
            setup=self.setup,
            training=self.training,
            update=self.update,
            trace=trace,
            before=before,
            before_update=before_update,
            sample_choice=shown.choice,
            unread=shown.unread,
            beyond=shown.beyond,
            curve=self._record.curve(),
            held_out=self._held_out.points(),
            training_loss=self._record.last_loss,
            vocabulary=task.vocabulary,
            chance=task.chance,
            best=task.best,
            bigram=self._bigram,
            one_symbol=self._one_symbol,
            parameters=self.trainer.model.num_parameters,
            unshared=unshared_parameters(self.trainer.model, task.sequence_length),
            updates_per_second=pace,
            steps_per_second=pace * task.sequence_length * task.batch_size,
            samples=self._samples.all(),
            first=self.model_history.first,
            changes=self.model_history.changes,
            parent=self.parent,
            trial=self.trial,
            condition=self._conditions.note(self.trainer, self.model_history, complete),
            divergence=self._divergence if self.diverged else None,
        )

    def _trace(self) -> tuple[Shown, BackwardTrace]:
        """The sequence on screen, and the present network's trace of it."""
        shown = self.sequence()
        (x, targets, mask), settings = shown.batch, self.trainer.config
        trace = self.trainer.model.backward(
            x, targets, mask=mask, truncate=settings.truncate, truncation=settings.truncation
        )
        return shown, trace

    def _moment_to_go_back_to(self, trace: BackwardTrace, measured: float | None) -> Kept | None:
        """The earlier moment to go back to, if there must be one; where all is well, this one is kept."""
        if not self.trainer.diverged and finite(trace, measured):
            self._finite = keep(self.trainer, self._record)
            return None
        if self._fell_back or self._finite is None:
            return None
        return self._finite if self.trainer.diverged or self._finite.update < self.update else None

    def _fall_back(self, kept: Kept) -> None:
        """Go back to the last update after which the numbers are finite; the optimiser's memory led astray and is
        emptied.

        kept : an earlier moment that was finite.
        """
        trainer = self.trainer
        end = self.update + trainer.diverged  # the update after this one could not be made
        self._finite = last_finite(trainer, kept, end, lambda: finite(self._trace()[1], trainer.evaluate()))
        record = self._record
        self._record = go_back(trainer, self._finite)
        self._divergence = divergence_of(trainer, record.curve(), lambda: self._trace()[1])
        forget_memory(trainer)
        self._conditions = self._conditions.until(self.update)
        for measured in (self._held_out, self._samples):
            measured.forget_after(self.update)
        # what was set since the view before holds from then on: the way to this update was made with it
        self.model_history.forget_after(kept.update)
        before, config = kept.state.config, trainer.config
        if training_of(before) != training_of(config):
            self.model_history.note_change(Change(kept.update, before, config))
        self.model_history.note_change(Change(self.update, config, config, emptied=True))
        self._shown = self._shown_before = None
        self._fell_back = True

    def sequence(self) -> Shown:
        """The sequence on screen."""
        return sequence(self.task, self.sample_choice)

    def _remember(self, trace: BackwardTrace) -> None:
        """Keep the states as they were after the last other number of updates, to show what training changed."""
        states = trace.hidden[:, :, 0]
        if self._shown and (self._shown[1].shape != states.shape or not np.array_equal(self._shown[2], trace.x)):
            self._shown = self._shown_before = None  # another sequence
        if self._shown and self._shown[0] != self.update:
            self._shown_before = self._shown[:2]
        self._shown = (self.update, states, trace.x)

    def _sample_is_due(self, complete: bool, now: float) -> bool:
        if self.setup.bidirectional:
            return False
        last = self._samples.all()[-1:]
        if not last or complete:
            return not last or last[0].update != self.update
        return self.update >= last[0].update + self.sample_choice.sample_every and now >= self._sample_from

    def _write(self, task: StreamTask) -> None:
        """A text by the network; the same update writes the same text. A network that is about to diverge, with
        outputs too large for numbers, writes nothing new."""
        prompt = task.held_out().x[:1, 0]
        try:
            ids = generate(
                self.trainer.model, prompt, SAMPLE_LENGTH, temperature=self.sample_choice.temperature, seed=self.update
            )
        except InputError:
            return
        self._samples.add(Sample(self.update, task.decode([*prompt, *ids])))

    def again(self, number: int) -> "Run":
        """The same from the beginning: the same initial weights, the same data in the same order."""
        return Run(number, self.setup, self.training, self.sample_choice)

    def rewind(self, update: int, nearby: Nearby | None = None) -> Callable[[Progress], "Run | None"]:
        """What makes this run as it was after an update, or as it will be: a function of `progress`, for another
        thread, whose result is None where it is no longer wanted. It ends early where the run diverges before.

        nearby : copies that are used beside its own; those that are made on the way are noted.
        """
        update, near = max(update, self.model_history.first), nearby or Nearby(self.number, self.model_history)
        before, replay = self.moment(update), self.model_history.replay(update, near.copies)
        record = before.record_from(replay)

        def observe(trainer: Trainer, history: History) -> None:
            record.append(history.loss, history.grad_norm, history.clip_factor)
            near.note(trainer, record)

        def make(progress: Progress) -> "Run | None":
            trainer = replay.run(progress, observe)
            if trainer is None:
                return None
            near.end(trainer, record)
            return before.at(trainer)

        return make

    def moment(self, update: int) -> "Run":
        """What was recorded up to an update, as a run of its own, whose trainer `at` puts in."""
        before = copy(self)
        before.model_history, before.past = self.model_history.at(update), True
        before._record, before._held_out = self._record.until(update), self._held_out.until(update - 1)
        before._samples, before._conditions = self._samples.until(update), self._conditions.until(update)
        before._shown = before._shown_before = before._finite = before._divergence = None
        before._fell_back, before._pace = False, Pace()
        return before

    def record_from(self, replay: Replay) -> Record:
        """The record of this moment where its replay starts, to be filled by that."""
        self._record = self._record.at(replay.start.update, replay.begun)
        return self._record

    def at(self, trainer: Trainer) -> "Run":
        """This moment, with the trainer that was replayed to it."""
        self.trainer, self.training = trainer, training_of(trainer.config)
        self._held_out.spacing = 1  # it is measured at this very update
        return self

    def with_sample(self, sample_choice: SampleChoice) -> "Run":
        """The same run, showing that sequence; for one that nobody trains."""
        other = copy(self)
        other.sample_choice, other._shown, other._shown_before = sample_choice, None, None
        return other

    def fork(self, number: int, parent: "Run", training: Training | None = None) -> "Run":
        """A run that goes its own way from here, with these settings, or those of `parent`, whose past this is."""
        trainer = Trainer(self.trainer.model.copy(), self.task, self.trainer.config)
        restore(trainer, capture(self.trainer))
        fork = copy(self)
        fork.number, fork.trainer, fork.past, fork._pace = number, trainer, False, Pace()
        fork.identity, fork.ordinal, fork.name = secrets.token_hex(8), number, ""
        fork._record, fork._held_out = self._record.until(self.update), self._held_out.until(self.update)
        fork._samples = self._samples.until(self.update)
        fork.model_history = parent.model_history.until(self.update, self.model_history.changes)
        fork._conditions, fork._divergence, fork.trial = self._conditions.until(self.update), None, None
        fork.configure(training or parent.training)
        fork.parent = parent.as_parent(self.update)
        return fork

    def as_parent(self, update: int) -> Parent:
        """What stays of this run beside one that goes another way from an update on."""
        later = tuple(point for point in self._held_out.points() if point[0] >= update)
        return Parent(self.ordinal, update, self._record.curve().since(update), later)

    @property
    def memories(self) -> tuple[Record, Points, Samples]:
        """What was measured and written in the course of training."""
        return self._record, self._held_out, self._samples

    @memories.setter
    def memories(self, memories: tuple[Record, Points, Samples]) -> None:
        self._record, self._held_out, self._samples = memories

    def choose_sample(self, sample_choice: SampleChoice) -> None:
        """Show another sequence, or write at another temperature from the next sample on."""
        self.sample_choice = sample_choice


def training_of(config: TrainConfig) -> Training:
    """The part of a trainer's settings that the Lab can change."""
    return Training(**{field.name: getattr(config, field.name) for field in fields(Training)})


def new_trainer(setup: Setup, training: Training) -> Trainer:
    """A new network and its trainer; ConfigError if they cannot be."""
    task = (TASKS | SPEECH | CAPTIONS)[setup.task](**dict(setup.task_options))
    config = ModelConfig(
        input_size=task.input_size,
        output_size=task.output_size,
        output=task.output,
        loss=task.loss,
        **setup.model_options,
    )
    model = Model(config)
    if setup.source is not None:
        model.load_state_dict(setup.source.given)
    return Trainer(model, task, TrainConfig(seed=setup.seed, **asdict(training)))
