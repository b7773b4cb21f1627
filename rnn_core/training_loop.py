"""The loop that every trainer runs: many updates a compiled call, the same to the last bit however they are grouped."""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from rnn_core.config import TrainConfig
from rnn_core.errors import ConfigError
from rnn_core.inputs import check_number, check_whole
from rnn_core.kernels.engine import CLIP_FACTOR, GRAD_NORM, LOSS
from rnn_core.kernels.subnormals import flushing
from rnn_core.kernels.vectors import LANES, aligned
from rnn_core.optimizers import OPTIMIZERS, Setting
from rnn_core.tasks.base import Task
from rnn_core.tasks.pairs.base import PairTask

MOST = 10**9  # updates of one request
CALL_SECONDS = 0.05  # a compiled call lasts about this long at most, so that stop and sliders answer at once


class History(NamedTuple):
    """Measurements of each update of a call, in order; shorter than requested where training diverged."""

    update: np.ndarray  # (n,) int64, the number of the update, from 1
    loss: np.ndarray  # (n,) mean over the predicted steps of its batch, before the update
    grad_norm: np.ndarray  # (n,) global norm before clipping
    clip_factor: np.ndarray  # (n,) norm after clipping / norm before
    diverged: bool  # the next update would have had a loss or a gradient that is not finite; it was not made


class TrainingLoop(ABC):
    """Loop of updates over a task's blocks of batches. Subclasses define an update.

    They call `_configure` last in their constructor; it checks the config, then calls `_adopt`.
    """

    def __init__(self, task: Task | PairTask, num_parameters: int, dtype: str) -> None:
        self.task = task
        self.config: TrainConfig  # set by `_adopt`
        self.update = 0
        self.diverged = False
        self.slots = np.zeros((2, 0), dtype)  # the optimiser's memory
        self.optimizer_updates = 0  # made with this memory: Adam's bias correction counts from here
        self._grads = aligned((num_parameters,), dtype)
        self._block_index = -1
        self._arrays: tuple[np.ndarray, ...] = ()
        self._compiled: Callable[..., int] | None = None  # when first needed
        self._seconds_per_update = 0.0  # unknown yet

    @abstractmethod
    def _made_of(self) -> tuple[Any, ...]:
        """The arguments that make a trainer like this one."""

    def _progress(self) -> tuple[Any, ...]:
        """Arguments for `restore`."""
        return self.update, self.optimizer_updates, self.slots

    def __reduce__(self) -> tuple[Any, ...]:
        """Support copying and pickling: its arguments and its progress. Work arrays are allocated anew, for
        arrays in it that share memory would come apart. A shallow copy trains the same model."""
        return type(self), self._made_of(), {"progress": self._progress(), "diverged": self.diverged}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.restore(*state["progress"])
        self.diverged = state["diverged"]

    @abstractmethod
    def _configure(self, config: TrainConfig, before: TrainConfig | None) -> None:
        """Check config, or raise ConfigError and change nothing; then `_adopt` it. before : what it follows, if any."""

    def compile(self) -> None:
        """Compile, or load from the cache on disk, what the next step needs; takes seconds the first time."""
        self._compiled = flushing(self._kernel())

    @abstractmethod
    def _kernel(self) -> Callable[..., int]:
        """Kernel that `_make` calls, compiled for the settings."""

    @abstractmethod
    def _arrays_of(self, index: int, config: TrainConfig) -> tuple[np.ndarray, ...]:
        """The arrays of the task's block of this index, as the kernel takes them."""

    @abstractmethod
    def _make(
        self, compiled: Callable[..., int], arrays: tuple[np.ndarray, ...], first: int, last: int, history: np.ndarray
    ) -> int:
        """Make updates first .. last − 1 of the block in one compiled call; how many there were before divergence.

        compiled : from `_kernel`. arrays : from `_arrays_of`.
        history : (last - first, 3) to be filled with loss, norm of the gradient and clip factor of each.
        """

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes: parameters, gradients, the optimiser's memory, work arrays, a block of batches
        and what the task holds. What a single pass needs beside, and gives back, does not count."""
        batches = sum(array.nbytes for array in self._arrays if array is not None)
        held = sum(getattr(value, "nbytes", 0) for value in vars(self.task).values())
        texts = sum(len(value) for value in vars(self.task).values() if isinstance(value, str))
        return 2 * self._grads.nbytes + self.slots.nbytes + self._work_bytes() + batches + held + texts

    @abstractmethod
    def _work_bytes(self) -> int:
        """Bytes of the work arrays."""

    def configure(self, **changes: Any) -> None:
        """Change settings of TrainConfig and keep the model. A new optimiser starts with an empty memory;
        Rprop with a new learning rate too, which is the size of its first steps.

        Raises ConfigError for a name or a value that cannot be; nothing changes then.
        """
        try:
            config = replace(self.config, **changes)
        except TypeError:
            raise ConfigError(f"settings {sorted(changes)}; expected names of TrainConfig") from None
        self._configure(config, self.config)

    def _adopt(self, config: TrainConfig, before: TrainConfig | None) -> None:
        optimizer = OPTIMIZERS[config.optimizer]
        if (
            before is None
            or before.optimizer != config.optimizer
            or (optimizer.rate_at_first and before.learning_rate != config.learning_rate)
        ):
            size = self._grads.size if optimizer.slots else 0
            self.slots = aligned((2, -(-size // LANES) * LANES), self._grads.dtype)  # both rows start aligned
            self.optimizer_updates = 0
        self.config, self._settings = config, _settings_of(config)
        self._compiled = None  # when first needed
        self.diverged = False

    def restore(self, update: int, optimizer_updates: int, slots: Iterable[np.ndarray]) -> None:
        """Take over the progress of another run with the same settings.

        update : how many it has made. optimizer_updates : how many of them with this memory of the optimiser.
        slots : that memory, an array (P,) for each.
        """
        self.update, self.optimizer_updates = update, optimizer_updates
        for mine, value in zip(self.slots, slots, strict=False):
            mine[: value.size] = value

    def step(self, n: int = 1) -> History:
        """Make n updates, in compiled calls of at most about 50 ms; returns what each of them measured.

        Raises InputError for an n out of range.
        """
        n = check_whole("n", n, 1, MOST)
        parts: list[History] = []
        done = 0
        while done < n and not (parts and parts[-1].diverged):
            parts.append(self._call(n - done))
            done += len(parts[-1].loss)
        return _joined(parts)

    def run(self, seconds: float = CALL_SECONDS, at_most: int | None = None) -> History:
        """Make as many updates as fit into this time, at least one; returns what each of them measured.

        seconds : the time. at_most : not more updates than these; None: no bound.
        Raises InputError for arguments out of range.
        """
        end = time.perf_counter() + check_number("seconds", seconds, 0, 1e6)
        left = MOST if at_most is None else check_whole("at_most", at_most, 1, MOST)
        parts = [self._call(min(left, 1 if self._seconds_per_update == 0.0 else self._fitting(seconds)))]
        left -= len(parts[-1].loss)
        while left and time.perf_counter() + self._seconds_per_update < end and not parts[-1].diverged:
            parts.append(self._call(min(left, self._fitting(end - time.perf_counter()))))
            left -= len(parts[-1].loss)
        return _joined(parts)

    def _fitting(self, seconds: float) -> int:
        return max(1, int(min(seconds, CALL_SECONDS) / max(self._seconds_per_update, 1e-9)))

    def _call(self, at_most: int) -> History:
        """One compiled call: up to `at_most` updates within one block of the task's data, in about CALL_SECONDS."""
        if self._compiled is None:
            self.compile()
        assert self._compiled is not None
        index, first = divmod(self.update, self.task.block_size)
        if index != self._block_index:
            self._block_index, self._arrays = index, self._arrays_of(index, self.config)
        allowed = self._fitting(CALL_SECONDS) if self._seconds_per_update else 1
        last = min(first + min(at_most, allowed), self.task.block_size)
        history = np.empty((last - first, 3))
        begin = time.perf_counter()
        done = self._make(self._compiled, self._arrays, first, last, history)
        self._seconds_per_update = (time.perf_counter() - begin) / max(done, 1)
        updates = np.arange(self.update + 1, self.update + done + 1)
        self.update += done
        self.optimizer_updates += done
        self.diverged = done < last - first
        history = history[:done]
        return History(updates, history[:, LOSS], history[:, GRAD_NORM], history[:, CLIP_FACTOR], self.diverged)


def check_vocabulary(known: tuple[str, ...] | None, needed: tuple[str, ...] | None, what: str, task: str) -> None:
    """Refuse a network that was trained on other symbols than it would be now, though they are equally many.

    known, needed : what its ids stand for, before and now; None: no matter what. what : its name in the code.
    task : the name of the new one. Raises ConfigError.
    """
    if known is not None and needed is not None and known != needed:
        differing = next(i for i in range(max(len(known), len(needed))) if known[i : i + 1] != needed[i : i + 1])
        raise ConfigError(
            f"the {what} was trained on a vocabulary in which id {differing} is {known[differing]!r}; in that of task "
            f"{task!r} it is {needed[differing]!r}, though they have equally many symbols: make a new one, or "
            f"set {what}.vocabulary = None first if its ids shall mean something else"
        )


def _settings_of(config: TrainConfig) -> np.ndarray:
    """The optimiser's and clipping's numbers as the kernels take them, indexed by `Setting`."""
    eps = OPTIMIZERS[config.optimizer].eps if config.eps is None else config.eps
    settings = np.zeros(len(Setting))
    settings[Setting.LEARNING_RATE] = config.learning_rate
    settings[Setting.MOMENTUM] = config.momentum
    settings[Setting.BETA1] = config.beta1
    settings[Setting.BETA2] = config.beta2
    settings[Setting.ALPHA] = config.alpha
    settings[Setting.EPS] = eps
    settings[Setting.DROPOUT], settings[Setting.SEED] = config.dropout, config.seed
    settings[Setting.VANISHING_PENALTY] = config.vanishing_penalty
    settings[Setting.CLIP_NORM] = math.inf if config.clip_norm is None else config.clip_norm
    settings[Setting.CLIP_VALUE] = math.inf if config.clip_value is None else config.clip_value
    return settings


def _joined(parts: Sequence[History]) -> History:
    return History(
        np.concatenate([part.update for part in parts]),
        np.concatenate([part.loss for part in parts]),
        np.concatenate([part.grad_norm for part in parts]),
        np.concatenate([part.clip_factor for part in parts]),
        parts[-1].diverged,
    )
