"""Training: many updates per compiled call, the same to the last bit however they are grouped into calls."""

import math
import time
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rnn_core.buffers import Buffers, allocate
from rnn_core.config import TrainConfig
from rnn_core.engine import CLIP_FACTOR, GRAD_NORM, LOSS, NO_WINDOW, Stage, passes
from rnn_core.errors import ConfigError
from rnn_core.inputs import check_number, check_whole
from rnn_core.model import Model, bounds
from rnn_core.optimizers import OPTIMIZERS, Setting
from rnn_core.tasks import Task
from rnn_core.vectors import LANES, aligned

MOST = 10**9  # updates of one request
CALL_SECONDS = 0.05  # a compiled call lasts about this long at most, so that stop and sliders answer at once


class History(NamedTuple):
    """What each update of a call measured, in order; shorter than asked for where training diverged."""

    update: np.ndarray  # (n,) int64, the number of the update, from 1
    loss: np.ndarray  # (n,) mean over the predicted steps of its batch, before the update
    grad_norm: np.ndarray  # (n,) global norm before clipping
    clip_factor: np.ndarray  # (n,) norm after clipping / norm before
    diverged: bool  # the next update would have had a loss or a gradient that is not finite; it was not made


class Trainer:
    """Trains `model` on `task`. Learning rate, clipping, truncation and optimiser change with `configure`.

    The batches of update u are a function of the task, the seed and u alone, and the compiled step allocates
    nothing. After `diverged` the parameters are the last finite ones; `configure` or `load_state_dict`, then go on.

    >>> from rnn_core import Model, ModelConfig, TrainConfig, Trainer, tasks
    >>> task = tasks.TextTask(text="hello world, " * 20)
    >>> model = Model(ModelConfig("gru", task.input_size, 16, task.output_size))
    >>> trainer = Trainer(model, task, TrainConfig(learning_rate=0.02))
    >>> bool(trainer.step(200).loss[-1] < 0.5)
    True
    """

    def __init__(self, model: Model, task, config: TrainConfig):
        if not isinstance(config, TrainConfig):
            raise ConfigError(f"config is a {type(config).__name__}; expected a TrainConfig")
        if not isinstance(model, Model) or not isinstance(task, Task):
            raise ConfigError(
                f"model and task are {type(model).__name__} and {type(task).__name__}; expected a Model, a Task"
            )
        _check_fit(model.config, task)
        self.model, self.task = model, task
        self.update = 0
        self.diverged = False
        self.slots = np.zeros((2, 0), model.config.dtype)  # the optimiser's memory
        self.optimizer_updates = 0  # made with this memory: Adam's bias correction counts from here
        self.config: TrainConfig | None = None
        self._buffers: Buffers | None = None
        self._grads = aligned((model.num_parameters,), model.config.dtype)
        self._seconds_per_update = 0.0  # unknown yet
        self._configure(config)

    @property
    def state(self):
        """The carried state (hidden, cell or None), each (L * directions, B, H), that a stateful update starts from."""
        hidden, cell = self._buffers.hidden[:, -1], self._buffers.cell
        return hidden.copy(), cell[:, -1].copy() if cell.size else None

    def configure(self, **changes) -> None:
        """Change settings of TrainConfig and keep the model. A new optimiser starts with an empty memory."""
        try:
            config = replace(self.config, **changes)
        except TypeError:
            raise ConfigError(f"settings {sorted(changes)}; expected names of TrainConfig") from None
        self._configure(config)

    def _configure(self, config):
        if config.stateful and (self.model.config.bidirectional or not self.task.supports_stateful):
            raise ConfigError(
                f"stateful is True for task {self.task.name!r} and bidirectional={self.model.config.bidirectional}; "
                "expected a stream (text, grammar) read in one direction"
            )
        window, chunk = bounds(self.model.config, config.truncate, config.truncation)
        before, buffers = self.config, self._buffers
        other_data = before is None or (before.seed, before.stateful) != (config.seed, config.stateful)
        if other_data:
            index = self.update // self.task.block_size
            block = self.task.block(index, config.seed, config.stateful)
        windowed = window != NO_WINDOW
        if buffers is None or windowed != (buffers.sum_hidden.size > 0):
            network, model = self.model.layout, self.model.config
            buffers = allocate(network, model, self.task.sequence_length, self.task.batch_size, windowed=windowed)
        # nothing below can fail
        if other_data:
            self._block_index, self._arrays = index, self._arrays_of(block)
        if before is None or before.optimizer != config.optimizer:
            size = self.model.num_parameters if OPTIMIZERS[config.optimizer].slots else 0
            self.slots = aligned((2, -(-size // LANES) * LANES), self.model.config.dtype)  # both rows start aligned
            self.optimizer_updates = 0
        old, self._buffers = self._buffers, buffers
        if old is not None and old is not buffers:
            self.set_state(old.hidden[:, -1], old.cell[:, -1] if old.cell.size else None)
        self.config, self._window, self._chunk = config, window, chunk
        self._settings = settings_of(config)
        self._passes = None  # compiled when first needed
        self.diverged = False

    def set_state(self, hidden, cell=None) -> None:
        """Let the next stateful update start from this state, shaped as `state` gives it."""
        self._buffers.hidden[:, -1] = hidden
        if cell is not None:
            self._buffers.cell[:, -1] = cell

    def restore(self, update, optimizer_updates, slots, hidden, cell=None) -> None:
        """Take over the progress of another run with the same settings, as `load_checkpoint` reads it."""
        self.update, self.optimizer_updates = update, optimizer_updates
        for mine, value in zip(self.slots, slots, strict=False):
            mine[: value.size] = value
        self.set_state(hidden, cell)

    def compile(self) -> None:
        """Compile, or load from the cache on disk, what the next step needs; takes seconds the first time."""
        self._passes = passes(self.model.config.cell, self.config.optimizer, self.model.config.dtype)

    def step(self, n: int = 1) -> History:
        """Make n updates, in compiled calls of at most about 50 ms; returns what each of them measured."""
        n = check_whole("n", n, 1, MOST)
        parts = []
        done = 0
        while done < n and not (parts and parts[-1].diverged):
            parts.append(self._call(n - done))
            done += len(parts[-1].loss)
        return joined(parts)

    def run(self, seconds: float = CALL_SECONDS, at_most: int | None = None) -> History:
        """Make as many updates as fit into this time, at least one; returns what each of them measured.

        at_most : not more updates than these; None: no bound.
        """
        end = time.perf_counter() + check_number("seconds", seconds, 0, 1e6)
        left = MOST if at_most is None else check_whole("at_most", at_most, 1, MOST)
        parts = [self._call(min(left, 1 if self._seconds_per_update == 0.0 else self._fitting(seconds)))]
        left -= len(parts[-1].loss)
        while left and time.perf_counter() + self._seconds_per_update < end and not parts[-1].diverged:
            parts.append(self._call(min(left, self._fitting(end - time.perf_counter()))))
            left -= len(parts[-1].loss)
        return joined(parts)

    def evaluate(self) -> float:
        """The loss on the task's held-out batch, mean over its predicted steps."""
        x, targets, mask = self.task.held_out()
        return self.model.loss(x, targets, mask=mask)

    def _fitting(self, seconds):
        return max(1, int(min(seconds, CALL_SECONDS) / max(self._seconds_per_update, 1e-9)))

    def _call(self, at_most) -> History:
        """One compiled call: at most so many updates, within one block of the task's data, in about CALL_SECONDS."""
        if self._passes is None:
            self.compile()
        index, first = divmod(self.update, self.task.block_size)
        ids, values, target_ids, target_values, weights, reset = self._load_arrays(index)
        allowed = self._fitting(CALL_SECONDS) if self._seconds_per_update else 1
        last = min(first + min(at_most, allowed), len(reset))
        history = np.empty((last - first, 3))
        begin = time.perf_counter()
        done = self._passes(
            self.model.layout.shape, self.model.layout.offsets, self.model.parameters, self._grads, self.slots,
            self._settings, ids, values, target_ids, target_values, weights, reset, first, last, self.optimizer_updates,
            int(Stage.UPDATE), self._window, self._chunk, self._buffers, history,
        )  # fmt: skip
        self._seconds_per_update = (time.perf_counter() - begin) / max(done, 1)
        updates = np.arange(self.update + 1, self.update + done + 1)
        self.update += done
        self.optimizer_updates += done
        self.diverged = done < last - first
        if self.diverged:
            self._buffers.hidden[:] = 0
            self._buffers.cell[:] = 0
        history = history[:done]
        return History(updates, history[:, LOSS], history[:, GRAD_NORM], history[:, CLIP_FACTOR], self.diverged)

    def _load_arrays(self, index):
        if index != self._block_index:
            block = self.task.block(index, self.config.seed, self.config.stateful)
            self._block_index, self._arrays = index, self._arrays_of(block)
        return self._arrays

    def _arrays_of(self, block):
        """The block's arrays as the kernel takes them, in the model's float type; what it does not have is empty."""
        dtype = self.model.config.dtype
        n = len(block.reset)
        no_ids, no_values = np.zeros((n, 0, 0), np.int32), np.zeros((n, 0, 0, 0), dtype)
        ids, values = (block.x, no_values) if block.x.ndim == 3 else (no_ids, block.x)
        squared = self.model.config.loss == "mse"
        target_ids, target_values = (no_ids, block.targets) if squared else (block.targets, no_values)
        weights = np.zeros((n, 0, 0)) if block.mask is None else block.mask
        arrays = (ids, values, target_ids, target_values, weights, block.reset)
        types = (np.int32, dtype, np.int32, dtype, dtype, bool)
        return tuple(np.ascontiguousarray(array, kind) for array, kind in zip(arrays, types, strict=True))


def settings_of(config: TrainConfig) -> np.ndarray:
    """The optimiser's and clipping's numbers as the kernels take them, indexed by `Setting`."""
    eps = OPTIMIZERS[config.optimizer].eps if config.eps is None else config.eps
    settings = np.zeros(len(Setting))
    settings[Setting.LEARNING_RATE] = config.learning_rate
    settings[Setting.MOMENTUM] = config.momentum
    settings[Setting.BETA1] = config.beta1
    settings[Setting.BETA2] = config.beta2
    settings[Setting.ALPHA] = config.alpha
    settings[Setting.EPS] = eps
    settings[Setting.CLIP_NORM] = math.inf if config.clip_norm is None else config.clip_norm
    settings[Setting.CLIP_VALUE] = math.inf if config.clip_value is None else config.clip_value
    return settings


def joined(parts) -> History:
    columns = (np.concatenate(column) for column in zip(*(part[:-1] for part in parts), strict=True))
    return History(*columns, parts[-1].diverged)


def _check_fit(config, task):
    wanted = {"input_size": task.input_size, "output_size": task.output_size, "output": task.output, "loss": task.loss}
    for name, value in wanted.items():
        if getattr(config, name) != value:
            raise ConfigError(
                f"the model has {name} {getattr(config, name)!r} but task {task.name!r} needs {value!r}: "
                f"make the ModelConfig with {name}={value!r}"
            )
