"""Training an encoder-decoder: as `rnn_core.training`, on pairs of sequences."""

import time
from dataclasses import replace

import numpy as np

from rnn_core.buffers import allocate
from rnn_core.config import TrainConfig
from rnn_core.encoder_decoder.engine import updates
from rnn_core.encoder_decoder.network import EncoderDecoder
from rnn_core.engine import CLIP_FACTOR, GRAD_NORM, LOSS
from rnn_core.errors import ConfigError
from rnn_core.inputs import check_number, check_whole
from rnn_core.optimizers import OPTIMIZERS
from rnn_core.tasks.pairs.base import PairTask
from rnn_core.training import CALL_SECONDS, History, joined, settings_of
from rnn_core.vectors import LANES, aligned

FORCING_STREAM = 7  # a word in the seed of which updates are forced


class EncoderDecoderTrainer:
    """Trains `network` on `task`; what it makes is a function of both, the config and `forcing` alone.

    forcing : share of the updates in which the decoder reads the right symbols; in the others it reads its own.

    >>> from rnn_core.encoder_decoder import EncoderDecoder, EncoderDecoderConfig, EncoderDecoderTrainer
    >>> from rnn_core.tasks.pairs import ReverseTask
    >>> task = ReverseTask(longest=3, kinds=3)
    >>> network = EncoderDecoder(EncoderDecoderConfig("gru", task.input_size, 24, task.output_size))
    >>> trainer = EncoderDecoderTrainer(network, task, TrainConfig(learning_rate=0.01))
    >>> bool(trainer.step(400).loss[-1] < 0.1)
    True
    """

    def __init__(self, network: EncoderDecoder, task: PairTask, config: TrainConfig, forcing: float = 1.0):
        if not isinstance(network, EncoderDecoder) or not isinstance(task, PairTask):
            given = f"{type(network).__name__} and {type(task).__name__}"
            raise ConfigError(f"network and task are {given}; expected an EncoderDecoder, a PairTask")
        sizes = (network.config.input_size, network.config.output_size)
        if sizes != (task.input_size, task.output_size):
            raise ConfigError(
                f"the network has input_size, output_size {sizes}; task {task.name!r} needs "
                f"{(task.input_size, task.output_size)}"
            )
        self.network, self.task = network, task
        self.forcing = check_number("forcing", forcing, 0, 1)
        self.update, self.optimizer_updates, self.diverged = 0, 0, False
        self.config: TrainConfig | None = None
        self._grads = aligned(network.parameters.shape, network.config.dtype)
        steps, batch = (task.input_length, task.output_length), task.batch_size
        self._encoder = allocate(network.encoder.layout, network.encoder.config, steps[0], batch, d_last=True)
        self._decoder = allocate(network.decoder.layout, network.decoder.config, steps[1], batch)
        self._single = allocate(network.decoder.layout, network.decoder.config, 1, batch)
        self._symbols, self._guesses = np.zeros((1, batch), np.int32), np.zeros((steps[1], batch), np.int32)
        self._no_values = np.zeros((0, 0, 0), network.config.dtype)
        self._block_index, self._arrays = -1, ()
        self._seconds_per_update = 0.0  # unknown yet
        self._configure(config)

    def configure(self, **changes) -> None:
        """Change settings of TrainConfig and keep the network. A new optimiser starts with an empty memory."""
        try:
            config = replace(self.config, **changes)
        except TypeError:
            raise ConfigError(f"settings {sorted(changes)}; expected names of TrainConfig") from None
        self._configure(config)

    def _configure(self, config: TrainConfig) -> None:
        if config.truncate is not None or config.stateful:
            raise ConfigError(
                f"truncate is {config.truncate}, stateful {config.stateful}; expected None and False: an "
                "encoder-decoder is trained with full backpropagation, each pair on its own"
            )
        before = self.config
        if before is None or before.seed != config.seed:
            self._block_index = -1
        if before is None or before.optimizer != config.optimizer:
            size = self.network.parameters.size if OPTIMIZERS[config.optimizer].slots else 0
            self.slots = aligned((2, -(-size // LANES) * LANES), self.network.config.dtype)
            self.optimizer_updates = 0
        self.config, self._settings, self._updates, self.diverged = config, settings_of(config), None, False

    def restore(self, update: int, optimizer_updates: int, slots) -> None:
        """Take over the progress of another run with the same settings."""
        self.update, self.optimizer_updates = update, optimizer_updates
        for mine, value in zip(self.slots, slots, strict=False):
            mine[: value.size] = value

    def compile(self) -> None:
        """Compile, or load from the cache on disk, what the next step needs; takes seconds the first time."""
        config = self.network.config
        self._updates = updates(config.cell, self.config.optimizer, config.dtype)

    def step(self, n: int = 1) -> History:
        """Make n updates, in compiled calls of at most about 50 ms; returns what each of them measured."""
        n, parts, done = check_whole("n", n, 1, 10**9), [], 0
        while done < n and not (parts and parts[-1].diverged):
            parts.append(self._call(n - done))
            done += len(parts[-1].loss)
        return joined(parts)

    def run(self, seconds: float = CALL_SECONDS) -> History:
        """Make as many updates as fit into this time, at least one; returns what each of them measured."""
        end = time.perf_counter() + check_number("seconds", seconds, 0, 1e6)
        parts = [self._call(1 if self._seconds_per_update == 0.0 else self._fitting(seconds))]
        while time.perf_counter() + self._seconds_per_update < end and not parts[-1].diverged:
            parts.append(self._call(self._fitting(end - time.perf_counter())))
        return joined(parts)

    def evaluate(self) -> float:
        """The loss on the held-out pairs, the decoder reading the right symbols."""
        pairs = self.task.held_out()
        return self.network.loss(pairs.x, pairs.targets, pairs.mask)

    def exact(self) -> float:
        """Share of the held-out pairs whose whole output is right, the decoder reading its own symbols."""
        pairs = self.task.held_out()
        return float(self.task.matches(self.network.translate(pairs.x, len(pairs.targets)), pairs).mean())

    def _fitting(self, seconds):
        return max(1, int(min(seconds, CALL_SECONDS) / max(self._seconds_per_update, 1e-9)))

    def _call(self, at_most) -> History:
        if self._updates is None:
            self.compile()
        index, first = divmod(self.update, self.task.block_size)
        arrays = self._load(index)
        allowed = self._fitting(CALL_SECONDS) if self._seconds_per_update else 1
        last = min(first + min(at_most, allowed), self.task.block_size)
        history, network = np.empty((last - first, 3)), self.network
        halves = []
        for model, grads in zip((network.encoder, network.decoder), network.halves(self._grads), strict=True):
            halves += [model.layout.shape, model.layout.offsets, model.parameters, grads]
        begin = time.perf_counter()
        done = self._updates(
            *halves, network.parameters, self._grads, self.slots, self._settings, *arrays, first, last,
            self.optimizer_updates, self._encoder, self._decoder, self._single, self._symbols, self._guesses,
            self._no_values, history,
        )  # fmt: skip
        self._seconds_per_update = (time.perf_counter() - begin) / max(done, 1)
        numbers = np.arange(self.update + 1, self.update + done + 1)
        self.update += done
        self.optimizer_updates += done
        self.diverged = done < last - first
        history = history[:done]
        return History(numbers, history[:, LOSS], history[:, GRAD_NORM], history[:, CLIP_FACTOR], self.diverged)

    def _load(self, index):
        if index != self._block_index:
            x, targets, mask = self.task.block(index, self.config.seed)
            reads = np.concatenate([np.full_like(targets[:, :1], self.network.start), targets[:, :-1]], axis=1)
            rng = np.random.default_rng([self.config.seed, FORCING_STREAM, index])
            forced = rng.random(len(x)) < self.forcing
            weights = np.ascontiguousarray(mask, self.network.config.dtype)
            self._block_index, self._arrays = index, (x, reads, targets, weights, forced)
        return self._arrays
