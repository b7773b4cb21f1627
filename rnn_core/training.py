"""Training a model on a task: as `rnn_core.training_loop`, on batches that every step of the model reads."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells import CELLS
from rnn_core.config import MAX_THREADS, ModelConfig, TrainConfig
from rnn_core.errors import ConfigError
from rnn_core.kernels.arguments import NO_WINDOW, Batches, Parameters, Span
from rnn_core.kernels.buffers import Buffers, allocate, nbytes
from rnn_core.kernels.engine import Until, passes
from rnn_core.kernels.parallel import passes_in_parts
from rnn_core.kernels.threads import parts_of, run_together, threads_that_pay
from rnn_core.model import Model, bounds
from rnn_core.tasks import Task
from rnn_core.training_loop import TrainingLoop, check_vocabulary


class Trainer(TrainingLoop):
    """Trains `model` on `task`. Learning rate, clipping, truncation and optimiser change with `configure`.

    The batches of update u are a function of the task, the seed and u alone, and the compiled step allocates
    nothing. After `diverged` the parameters are the last finite ones; `configure` or `load_state_dict`, then go on.
    Raises ConfigError where model, task and config do not fit one another.

    >>> from rnn_core import Model, ModelConfig, TrainConfig, Trainer, tasks
    >>> task = tasks.TextTask(text="hello world, " * 20)
    >>> model = Model(ModelConfig("gru", task.input_size, 16, task.output_size))
    >>> trainer = Trainer(model, task, TrainConfig(learning_rate=0.02))
    >>> bool(trainer.step(200).loss[-1] < 0.5)
    True
    """

    task: Task

    def __init__(self, model: Model, task: Task, config: TrainConfig) -> None:
        if not isinstance(config, TrainConfig):
            raise ConfigError(f"config is a {type(config).__name__}; expected a TrainConfig")
        if not isinstance(model, Model) or not isinstance(task, Task):
            raise ConfigError(
                f"model and task are {type(model).__name__} and {type(task).__name__}; expected a Model, a Task"
            )
        _check_fit(model.config, task)
        check_vocabulary(model.vocabulary, task.vocabulary, "model", task.name)
        super().__init__(task, model.num_parameters, model.config.dtype)
        self.model = model
        self._buffers: Buffers  # created by `_configure`
        self._configure(config, None)
        model.vocabulary = model.vocabulary if task.vocabulary is None else task.vocabulary

    @property
    def state(self) -> tuple[np.ndarray, np.ndarray | None]:
        """The carried state (hidden, cell or None), each (L * directions, B, H), that a stateful update starts from."""
        hidden, cell = self._buffers.hidden[:, -1], self._buffers.cell
        return hidden.copy(), cell[:, -1].copy() if cell.size else None

    def _configure(self, config: TrainConfig, before: TrainConfig | None) -> None:
        if config.stateful and (self.model.config.bidirectional or not self.task.supports_stateful):
            raise ConfigError(
                f"stateful is True for task {self.task.name!r} and bidirectional={self.model.config.bidirectional}; "
                "expected a stream (text, grammar) read in one direction"
            )
        dropout = config.dropout > 0
        if dropout and self.model.config.num_layers == 1:
            raise ConfigError(
                f"dropout is {config.dropout:g} for a network of one layer; expected 0, or num_layers above 1: it lies "
                "between layers"
            )
        penalty = config.vanishing_penalty > 0
        if penalty and (CELLS[self.model.config.cell].slope is None or config.truncate is not None):
            raise ConfigError(
                f"vanishing_penalty is {config.vanishing_penalty:g} with cell {self.model.config.cell!r} and truncate="
                f"{config.truncate}; expected 0, or a cell without gates, such as 'rnn_tanh', and truncate=None"
            )
        if config.scheduled_sampling is not None and (
            self.model.config.bidirectional or not self.task.supports_stateful
        ):
            raise ConfigError(
                f"scheduled_sampling is {config.scheduled_sampling:g} for task {self.task.name!r} and bidirectional="
                f"{self.model.config.bidirectional}; expected None, or a stream (text, grammar) read in one direction"
            )
        reach = bounds(self.model.config, config.truncate, config.truncation)
        old = buffers = None if before is None else self._buffers
        # with scheduled sampling the kernels write into the ids
        other_data = before is None or _data_of(before) != _data_of(config)
        if other_data:
            index = self.update // self.task.block_size
            arrays = self._arrays_of(index, config)
        windowed = reach.window != NO_WINDOW
        steps, batch = self.task.sequence_length, self.task.batch_size
        threads = self.threads_that_pay(config.threads)
        edges = parts_of(batch, threads)
        parts = len(edges) - 1
        sampling = config.scheduled_sampling is not None
        wanted = (windowed, dropout, penalty, sampling)
        if buffers is None or _room(buffers) != wanted or parts > len(buffers.bias):
            buffers = allocate(
                self.model.layout, self.model.config, steps, batch, windowed=windowed, dropout=dropout,
                penalty=penalty, sampling=sampling, parts=parts,
            )  # fmt: skip
        # nothing below can fail
        if other_data:
            self._block_index, self._arrays = index, arrays
        self._buffers = buffers
        if sampling:
            buffers.sampling[:2] = config.scheduled_sampling, config.seed
        if old is not None and old is not buffers:
            self.set_state(old.hidden[:, -1], old.cell[:, -1] if old.cell.size else None)
        self._reach, self._threads, self._edges = reach, threads, edges
        self._adopt(config, before)

    def threads_that_pay(self, most: int) -> int:
        """Threads on which an update of this network is computed where `TrainConfig.threads` is `most`."""
        shape, task = self.model.layout.shape, self.task
        return threads_that_pay(shape, task.sequence_length, task.batch_size, min(most, MAX_THREADS))

    def _work_bytes(self) -> int:
        return nbytes(self._buffers)

    def set_state(self, hidden: ArrayLike, cell: ArrayLike | None = None) -> None:
        """Let the next stateful update start from this state.

        hidden, cell : shaped as `state` gives them; without a cell the present one stays.
        """
        self._buffers.hidden[:, -1] = hidden
        if cell is not None:
            self._buffers.cell[:, -1] = cell

    def _made_of(self) -> tuple[Any, ...]:
        return self.model, self.task, self.config

    def _progress(self) -> tuple[Any, ...]:
        return *super()._progress(), *self.state

    def restore(
        self,
        update: int,
        optimizer_updates: int,
        slots: Iterable[np.ndarray],
        hidden: ArrayLike | None = None,
        cell: ArrayLike | None = None,
    ) -> None:
        """Take over the progress of another run with the same settings, as `load_checkpoint` reads it.

        update, optimizer_updates, slots : as for `TrainingLoop.restore`.
        hidden, cell : the carried state, as for `set_state`; None leaves the present one.
        """
        super().restore(update, optimizer_updates, slots)
        if hidden is not None:
            self.set_state(hidden, cell)

    def _kernel(self) -> Callable[..., Any]:
        make = passes if self._threads == 1 else passes_in_parts
        config = self.config
        options = config.dropout > 0, config.vanishing_penalty > 0, config.scheduled_sampling is not None
        network = self.model.config
        return make(network.cell, config.optimizer, network.dtype, *options, ctc=network.loss == "ctc")

    def evaluate(self) -> float:
        """The loss on the task's held-out batch, mean over its predicted steps."""
        x, targets, mask = self.task.held_out()
        return self.model.loss(x, targets, mask=mask)

    def _make(
        self, compiled: Callable[..., int], arrays: tuple[np.ndarray, ...], first: int, last: int, history: np.ndarray
    ) -> int:
        parameters = Parameters(self.model.parameters, self._grads, self.slots, self._settings)
        block = self._block_index * self.task.block_size
        network, span = self.model.layout, Span(first, last, self.optimizer_updates, block)
        before = network.shape, network.offsets, parameters, arrays, span
        after = self._reach, self._buffers, history
        if self._threads == 1:
            done = compiled(*before, int(Until.UPDATE), *after)
        else:
            done = run_together(compiled, (*before, *after), self._edges, self._threads)
        if done < last - first:
            self._buffers.hidden[:] = 0
            self._buffers.cell[:] = 0
        return done

    def _arrays_of(self, index: int, config: TrainConfig) -> tuple[np.ndarray, ...]:
        """In the model's float type; what the block does not have is empty."""
        block = self.task.block(index, config.seed, config.stateful)
        dtype = self.model.config.dtype
        n = len(block.reset)
        no_ids, no_values = np.zeros((n, 0, 0), np.int32), np.zeros((n, 0, 0, 0), dtype)
        x = block.x if config.scheduled_sampling is None else block.x.copy()
        ids, values = (x, no_values) if x.ndim == 3 else (no_ids, x)
        squared = self.model.config.loss == "mse"
        target_ids, target_values = (no_ids, block.targets) if squared else (block.targets, no_values)
        weights = np.zeros((n, 0, 0)) if block.mask is None else block.mask
        arrays = (ids, values, target_ids, target_values, weights, block.reset)
        types = ("int32", dtype, "int32", dtype, dtype, "bool")
        return Batches(*(np.ascontiguousarray(array, kind) for array, kind in zip(arrays, types, strict=True)))


def _data_of(config: TrainConfig) -> tuple[int, bool, bool]:
    """On what a block of batches depends."""
    return config.seed, config.stateful, config.scheduled_sampling is not None


def _room(buffers: Buffers) -> tuple[bool, ...]:
    """For which of windowed truncation, dropout, the penalty and scheduled sampling there is room."""
    return tuple(array.size > 0 for array in (buffers.sum_hidden, buffers.masks, buffers.penalty, buffers.sampling))


def _check_fit(config: ModelConfig, task: Task) -> None:
    wanted = {"input_size": task.input_size, "output_size": task.output_size, "output": task.output, "loss": task.loss}
    for name, value in wanted.items():
        if getattr(config, name) != value:
            raise ConfigError(
                f"the model has {name} {getattr(config, name)!r} but task {task.name!r} needs {value!r}: "
                f"make the ModelConfig with {name}={value!r}"
            )
