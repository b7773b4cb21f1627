"""One network in training, with its record: what the worker thread owns and nobody else touches."""

import time
from dataclasses import asdict

from rnn_core import InputError, Model, ModelConfig, TrainConfig, Trainer, generate
from rnn_core.tasks import TASKS
from ui.history import Points, Record
from ui.snapshot import Setup, Training, View

SLICE = 0.05  # seconds of training between two looks at the commands
SAMPLE_EVERY = 1.0  # seconds
SAMPLE_LENGTH = 240  # symbols
HELD_OUT_EVERY = 0.5  # seconds, at least: measuring it is not training


class Run:
    """A task, a model, a trainer, and what they did so far.

    Raises ConfigError when the setup cannot be: nothing else is touched then.
    """

    def __init__(self, number: int, setup: Setup, training: Training, example: tuple[int, str]):
        self.number, self.setup, self.training, self.example = number, setup, training, example
        self.task = TASKS[setup.task](**dict(setup.task_options))
        config = ModelConfig(
            input_size=self.task.input_size,
            output_size=self.task.output_size,
            output=self.task.output,
            loss=self.task.loss,
            **setup.model_options,
        )
        self._trainer = Trainer(Model(config), self.task, TrainConfig(seed=setup.seed, **asdict(training)))
        self._record, self._held_out = Record(), Points()
        self._sample, self._sample_update = None, 0
        self._sampled_at = self._measured_at = -float("inf")
        self._bigram = self.task.bigram_loss() if hasattr(self.task, "bigram_loss") else None
        self._pace = Pace()

    @property
    def update(self) -> int:
        """Updates done."""
        return self._trainer.update

    @property
    def diverged(self) -> bool:
        """Whether the last update left the finite numbers; the model is the last finite one."""
        return self._trainer.diverged

    def configure(self, training: Training) -> None:
        """Go on with other settings; ConfigError leaves the old ones."""
        self._trainer.configure(**asdict(training))
        self.training = training

    def train(self, updates: int | None = None) -> None:
        """Train for one slice of time, or for a number of updates if they are done sooner."""
        self._pace.note(self.update)
        if updates is None:
            self._note(self._trainer.run(SLICE))
        else:
            end, done = time.monotonic() + SLICE, 0
            while done < updates and not self.diverged and time.monotonic() < end:
                done += self._note(self._trainer.step(1))
        self._pace.note(self.update)

    def _note(self, history) -> int:
        """Enter what some updates measured into the record."""
        self._record.append(history.loss, history.grad_norm)
        return len(history.loss)

    def rest(self) -> None:
        """Training pauses: its pace is measured anew afterwards."""
        self._pace = Pace()

    def view(self, complete: bool = False) -> View:
        """What there is to see now. The held-out loss and the sample follow at their own pace, or if
        `complete`."""
        now = time.monotonic()
        if complete or now - self._measured_at >= HELD_OUT_EVERY:
            self._held_out.add(self.update, self._trainer.evaluate())
            self._measured_at = time.monotonic()
        if complete or now - self._sampled_at >= SAMPLE_EVERY:
            self._sample, self._sample_update = self._write(), self.update
            self._sampled_at = time.monotonic()
        task, pace = self.task, self._pace.per_second()
        return View(
            run=self.number,
            setup=self.setup,
            training=self.training,
            update=self.update,
            trace=self._trace(),
            example=self.example,
            curve=self._record.curve(),
            held_out=self._held_out.points(),
            vocabulary=task.vocabulary,
            chance=task.chance,
            best=task.best,
            bigram=self._bigram,
            parameters=self._trainer.model.num_parameters,
            updates_per_second=pace,
            steps_per_second=pace * task.sequence_length * task.batch_size,
            sample=self._sample,
            sample_update=self._sample_update,
        )

    def _trace(self):
        """The network as it is now reads the sequence that is shown, forwards and backwards."""
        number, split = self.example
        x, targets, mask = self.task.example(number, split)
        settings = self._trainer.config
        return self._trainer.model.backward(
            x, targets, mask=mask, truncate=settings.truncate, truncation=settings.truncation
        )

    def _write(self) -> str | None:
        """A text by the network, if it reads a stream; the same update writes the same text. A network that is about
        to diverge, with outputs too large for numbers, writes nothing new."""
        if not self.task.supports_stateful or self.setup.bidirectional:
            return None
        prompt = self.task.held_out().x[:1, 0]
        try:
            ids = generate(self._trainer.model, prompt, SAMPLE_LENGTH, seed=self.update)
            return self.task.decode([*prompt, *ids])
        except InputError:
            return self._sample

    def again(self, number: int) -> "Run":
        """The same from the beginning: the same initial weights, the same data in the same order."""
        return Run(number, self.setup, self.training, self.example)

    def look_at(self, example: tuple[int, str]) -> None:
        """Show another sequence."""
        self.example = example


class Pace:
    """Updates per second of the clock on the wall, over the last seconds."""

    def __init__(self, window: float = 2.0):
        self._window = window
        self._marks: list[tuple[float, int]] = []  # time, updates done by then

    def note(self, update: int) -> None:
        """So many updates are done by now."""
        now = time.monotonic()
        self._marks = [mark for mark in self._marks if now - mark[0] <= self._window]
        self._marks.append((now, update))

    def per_second(self) -> float:
        """The pace, everything else that the thread did between the updates included."""
        if len(self._marks) < 2:
            return 0.0
        (start, first), (end, last) = self._marks[0], self._marks[-1]
        return (last - first) / (end - start) if end > start else 0.0
