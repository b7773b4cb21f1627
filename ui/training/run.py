"""One network in training, with its record: what the worker thread owns and nobody else touches."""

import time
from dataclasses import asdict, fields, is_dataclass

import numpy as np

from rnn_core import CheckpointError, InputError, Model, ModelConfig, TrainConfig, Trainer, generate
from rnn_core.tasks import TASKS
from ui.training.fallback import Kept, go_back, keep, last_finite
from ui.training.history import Points, Record, Sample, Samples
from ui.training.model_history import ModelHistory
from ui.training.snapshot import SampleChoice, Setup, Training, View

MOST_UPDATES = 10**12  # of a run that is taken up
SLICE = 0.03  # seconds of training between two looks at the commands
SAMPLE_PAUSE = 0.4  # seconds between two samples, at least: writing one is not training
REST = 9  # so many times as long as the last one took, at least: most of the time it trains
LONGEST_REST = 2.0  # seconds: the first may have had to be compiled
SAMPLE_LENGTH = 240  # symbols
HELD_OUT_PAUSE = 0.4  # seconds, the same for the held-out loss
LONGEST_TYPED = 100  # symbols of a typed text that are shown


class Run:
    """A task, a model, a trainer, and what they did so far.

    Raises ConfigError when the setup cannot be: nothing else is touched then.
    """

    def __init__(
        self, number: int, setup: Setup, training: Training, sample_choice: SampleChoice, trainer: Trainer | None = None
    ):
        self.number, self.setup, self.training, self.sample_choice = number, setup, training, sample_choice
        self.trainer = trainer or new_trainer(setup, training)
        self.task = self.trainer.task
        self._record, self._held_out, self._samples = Record(start=self.update), Points(), Samples()
        self._sample_from = self._measure_from = -float("inf")  # time.monotonic() of the next, at the earliest
        self._bigram = self.task.bigram_loss() if hasattr(self.task, "bigram_loss") else None
        self._pace = Pace()
        self.model_history = ModelHistory()
        self.model_history.note(self.update, self.trainer.model)
        self._shown = self._shown_before = None  # (update, hidden states) of the sequence that is shown
        self._finite: Kept | None = None  # the moment of the last view, all of whose numbers were finite
        self._fell_back = False

    @classmethod
    def resumed(cls, number: int, trainer: Trainer, sample_choice: SampleChoice) -> "Run":
        """The run that a checkpoint holds; CheckpointError where the Lab could not go on with it."""
        if not is_dataclass(trainer.task):
            raise CheckpointError(f"the task is {trainer.task.name!r}; expected one of {', '.join(TASKS)}")
        if trainer.update > MOST_UPDATES:
            raise CheckpointError(f"update is {trainer.update:,}; expected at most {MOST_UPDATES:,}")
        config, settings = trainer.model.config, trainer.config
        names = {field.name for field in fields(Setup)} & set(asdict(config))
        options = {field.name: getattr(trainer.task, field.name) for field in fields(trainer.task)}
        setup = Setup(
            task=trainer.task.name,
            task_options=tuple(sorted(options.items())),
            **{name: getattr(config, name) for name in names},
        )
        training = Training(**{field.name: getattr(settings, field.name) for field in fields(Training)})
        return cls(number, setup, training, sample_choice, trainer)

    @property
    def update(self) -> int:
        """Updates done."""
        return self.trainer.update

    @property
    def diverged(self) -> bool:
        """Whether its numbers left the finite ones; `view` then goes back to the last update after which they had
        not. It goes on when it is configured."""
        return self._fell_back or self.trainer.diverged

    def configure(self, training: Training) -> None:
        """Go on with other settings; ConfigError leaves the old ones."""
        self.trainer.configure(**asdict(training))
        self.training, self._fell_back = training, False

    def train(self, updates: int | None = None) -> None:
        """Train for one slice of time, or for a number of updates if they are done sooner; not at all once it has
        diverged."""
        if self.diverged:
            return
        if updates is None:
            self._note(self.trainer.run(SLICE, self.model_history.to_go(self.update)))
        else:
            end, done = time.monotonic() + SLICE, 0
            while done < updates and not self.diverged and time.monotonic() < end:
                done += self._note(self.trainer.step(1))
        self._pace.note(self.update)

    def _note(self, history) -> int:
        """Enter what some updates measured into the record."""
        self._record.append(history.loss, history.grad_norm, history.clip_factor)
        self.model_history.note(self.update, self.trainer.model)
        return len(history.loss)

    def rest(self) -> None:
        """Training pauses: its pace is measured anew afterwards."""
        self._pace = Pace()

    def view(self, complete: bool = False) -> View:
        """View of the present state. The held-out loss and the samples follow at their own pace, or if
        `complete`."""
        trace, sample_choice, unread, beyond = self._trace()
        now = time.monotonic()
        measured = self.trainer.evaluate() if complete or now >= self._measure_from else None
        if self._has_left_the_finite(trace, measured):
            self._fall_back()
            trace, sample_choice, unread, beyond = self._trace()
            measured = self.trainer.evaluate()
        if measured is not None:
            self._held_out.add(self.update, measured)
            self._measure_from = _not_before(now, HELD_OUT_PAUSE)
        begin = time.monotonic()
        if self._sample_is_due(complete, begin):
            self._write()
            self._sample_from = _not_before(begin, SAMPLE_PAUSE)
        self._remember(trace)
        task, pace = self.task, self._pace.per_second()
        before_update, before = self._shown_before or (self.update, None)
        return View(
            run=self.number,
            setup=self.setup,
            training=self.training,
            update=self.update,
            trace=trace,
            before=before,
            before_update=before_update,
            sample_choice=sample_choice,
            unread=unread,
            beyond=beyond,
            curve=self._record.curve(),
            held_out=self._held_out.points(),
            vocabulary=task.vocabulary,
            chance=task.chance,
            best=task.best,
            bigram=self._bigram,
            parameters=self.trainer.model.num_parameters,
            unshared=unshared_parameters(self.trainer.model, task.sequence_length),
            updates_per_second=pace,
            steps_per_second=pace * task.sequence_length * task.batch_size,
            samples=self._samples.all(),
        )

    def _trace(self):
        """Present network's trace of the sequence that is shown: (trace, sample choice, unread, beyond)."""
        sample_choice, (unread, beyond), (x, targets, mask) = self.sequence()
        settings = self.trainer.config
        trace = self.trainer.model.backward(
            x, targets, mask=mask, truncate=settings.truncate, truncation=settings.truncation
        )
        return trace, sample_choice, unread, beyond

    def _has_left_the_finite(self, trace, measured: float | None) -> bool:
        """Whether there is an earlier moment to go back to; where all is well, this one is kept."""
        if not self.trainer.diverged and _finite(trace, measured):
            self._finite = keep(self.trainer, self._record)
            return False
        if self._fell_back or self._finite is None:
            return False
        return self.trainer.diverged or self._finite.update < self.update

    def _fall_back(self) -> None:
        """To the last update after which the numbers are finite; the optimiser's memory led astray and is emptied."""
        trainer = self.trainer
        end = self.update + trainer.diverged  # the update after this one could not be made
        self._finite = last_finite(trainer, self._finite, end, lambda: _finite(self._trace()[0], trainer.evaluate()))
        self._record = go_back(trainer, self._finite)
        trainer.slots[:], trainer.optimizer_updates = 0, 0
        for measured in (self.model_history, self._held_out, self._samples):
            measured.forget_after(self.update)
        self._shown = self._shown_before = None
        self._fell_back = True

    def sequence(self):
        """(look, (symbols left out, how many too many), batch) of the sequence to show; a typed text that is too short
        shows another."""
        sample_choice = self.sample_choice
        if sample_choice.split != "typed" or not self.task.supports_stateful:
            sample_choice = sample_choice if sample_choice.split != "typed" else sample_choice._replace(split="train")
            return sample_choice, ("", 0), self.task.example(sample_choice.number, sample_choice.split)
        symbols = self.task.read(sample_choice.typed)
        known = symbols.ids
        unread = self.task.separator.join(symbols.unknown) if self.task.unknown is None else ""
        if len(known) < 2:
            sample_choice = sample_choice._replace(split="train")
            return sample_choice, (unread, 0), self.task.example(sample_choice.number, "train")
        ids = known[: LONGEST_TYPED + 1, None]  # the last is only a target
        return sample_choice, (unread, len(known) - len(ids)), (ids[:-1], ids[1:], None)

    def _remember(self, trace) -> None:
        """Keep the states as they were after the last other number of updates, to show what training changed."""
        states = trace.hidden[:, :, 0]
        if self._shown and (self._shown[1].shape != states.shape or not np.array_equal(self._shown[2], trace.x)):
            self._shown = self._shown_before = None  # another sequence
        if self._shown and self._shown[0] != self.update:
            self._shown_before = self._shown[:2]
        self._shown = (self.update, states, trace.x)

    def _sample_is_due(self, complete, now) -> bool:
        if not self.task.supports_stateful or self.setup.bidirectional:
            return False
        last = self._samples.all()[-1:]
        if not last or complete:
            return not last or last[0].update != self.update
        return self.update >= last[0].update + self.sample_choice.sample_every and now >= self._sample_from

    def _write(self) -> None:
        """A text by the network; the same update writes the same text. A network that is about to diverge, with
        outputs too large for numbers, writes nothing new."""
        prompt = self.task.held_out().x[:1, 0]
        try:
            ids = generate(
                self.trainer.model, prompt, SAMPLE_LENGTH, temperature=self.sample_choice.temperature, seed=self.update
            )
        except InputError:
            return
        self._samples.add(Sample(self.update, self.task.decode([*prompt, *ids])))

    def again(self, number: int) -> "Run":
        """The same from the beginning: the same initial weights, the same data in the same order."""
        return Run(number, self.setup, self.training, self.sample_choice)

    def choose_sample(self, sample_choice: SampleChoice) -> None:
        """Show another sequence, or write at another temperature from the next sample on."""
        self.sample_choice = sample_choice


def _finite(trace, measured: float | None) -> bool:
    """Whether every number of a view is: of the sequence that is shown, and the held-out loss."""
    arrays = trace.loss, trace.hidden, trace.logits, trace.d_hidden
    return all(np.isfinite(array).all() for array in arrays) and (measured is None or bool(np.isfinite(measured)))


def _not_before(begin: float, pause: float) -> float:
    """When something that began then and ends now may be done again."""
    now = time.monotonic()
    return now + max(pause, min(REST * (now - begin), LONGEST_REST))


def new_trainer(setup: Setup, training: Training) -> Trainer:
    """A new network and its trainer; ConfigError if they cannot be."""
    task = TASKS[setup.task](**dict(setup.task_options))
    config = ModelConfig(
        input_size=task.input_size,
        output_size=task.output_size,
        output=task.output,
        loss=task.loss,
        **setup.model_options,
    )
    return Trainer(Model(config), task, TrainConfig(seed=setup.seed, **asdict(training)))


def unshared_parameters(model: Model, steps: int) -> int:
    """Parameters of the same unrolled network if no step shared U, V, W and the biases with another.

    >>> config = ModelConfig("rnn_tanh", input_size=8000, hidden_size=100, output_size=8000, bias=False)
    >>> Model(config).num_parameters, unshared_parameters(Model(config), 5)
    (1610000, 8050000)
    """
    read_out = sum(value.size for name, value in model.state_dict().items() if name in ("weight_ho", "bias_o"))
    outputs = steps if model.config.output == "every" else 1
    return (model.num_parameters - read_out) * steps + read_out * outputs


class Pace:
    """Updates per second of the clock on the wall, over the last seconds.

    It is measured from the end of one slice of training to the end of another, so that the pause between two slices
    counts as often as the slices do.
    """

    def __init__(self, window: float = 2.0):
        self._window = window
        self._marks: list[tuple[float, int]] = []  # time, updates done by then

    def note(self, update: int) -> None:
        """A slice of training has just ended, after so many updates in all."""
        now = time.monotonic()
        recent = [mark for mark in self._marks if now - mark[0] <= self._window]
        self._marks = [*(recent or self._marks[-1:]), (now, update)]

    def per_second(self) -> float:
        """The pace, everything else that the thread did between the updates included; 0 before there are two ends."""
        if len(self._marks) < 2:
            return 0.0
        (start, first), (end, last) = self._marks[0], self._marks[-1]
        return (last - first) / (end - start) if end > start else 0.0
