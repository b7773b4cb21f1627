"""Training an encoder-decoder: as `rnn_core.training_loop`, on pairs of sequences."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnn_core.config import TrainConfig
from rnn_core.encoder_decoder.engine import updates
from rnn_core.encoder_decoder.network import EncoderDecoder, half, pair_room
from rnn_core.errors import ConfigError
from rnn_core.inputs import check_number
from rnn_core.kernels.arguments import PairBatches, Parameters, Span
from rnn_core.kernels.buffers import nbytes
from rnn_core.kernels.engine import Until
from rnn_core.tasks.pairs.base import PairTask
from rnn_core.training_loop import TrainingLoop, check_vocabulary

FORCING_STREAM = 7  # a word in the seed of which updates are forced


class EncoderDecoderTrainer(TrainingLoop):
    """Trains `network` on `task`; what it makes is a function of both, the config and `forcing` alone.

    forcing : share of the updates in which the decoder reads the right symbols; in the others it reads its own.
    Raises ConfigError where network, task and config do not fit one another, InputError for another `forcing`.

    >>> from rnn_core.encoder_decoder import EncoderDecoder, EncoderDecoderConfig, EncoderDecoderTrainer
    >>> from rnn_core.tasks.pairs import ReverseTask
    >>> task = ReverseTask(longest=3, kinds=3)
    >>> network = EncoderDecoder(EncoderDecoderConfig("gru", task.input_size, 24, task.output_size))
    >>> trainer = EncoderDecoderTrainer(network, task, TrainConfig(learning_rate=0.01))
    >>> bool(trainer.step(400).loss[-1] < 0.1)
    True
    """

    task: PairTask

    def __init__(self, network: EncoderDecoder, task: PairTask, config: TrainConfig, forcing: float = 1.0) -> None:
        if not isinstance(network, EncoderDecoder) or not isinstance(task, PairTask):
            given = f"{type(network).__name__} and {type(task).__name__}"
            raise ConfigError(f"network and task are {given}; expected an EncoderDecoder, a PairTask")
        sizes = (network.config.input_size, network.config.output_size)
        if sizes != (task.input_size, task.output_size):
            raise ConfigError(
                f"the network has input_size, output_size {sizes}; task {task.name!r} needs "
                f"{(task.input_size, task.output_size)}"
            )
        for known, needed in zip(network.vocabulary or (None, None), (task.symbols, task.letters), strict=True):
            check_vocabulary(known, needed, "network", task.name)
        super().__init__(task, network.parameters.size, network.config.dtype)
        self.network = network
        self.forcing = check_number("forcing", forcing, 0, 1)
        self._room = pair_room(network, (task.input_length, task.output_length), task.batch_size, self._grads)
        self._configure(config, None)
        network.vocabulary = task.symbols, task.letters

    def _made_of(self) -> tuple[Any, ...]:
        return self.network, self.task, self.config, self.forcing

    def _work_bytes(self) -> int:
        room = self._room
        attention = sum(part.nbytes for part in room.attention if isinstance(part, np.ndarray))
        return attention + sum(map(nbytes, (room.encoder, room.decoder, room.single)))

    def _configure(self, config: TrainConfig, before: TrainConfig | None) -> None:
        if config.truncate is not None or config.stateful:
            raise ConfigError(
                f"truncate is {config.truncate}, stateful {config.stateful}; expected None and False: an "
                "encoder-decoder is trained with full backpropagation, each pair on its own"
            )
        for name in ("dropout", "vanishing_penalty", "scheduled_sampling"):
            if getattr(config, name):
                given, none = getattr(config, name), None if name == "scheduled_sampling" else 0
                raise ConfigError(f"{name} is {given:g}; expected {none}: an encoder-decoder is trained without")
        if before is None or before.seed != config.seed:
            self._block_index = -1
        self._adopt(config, before)

    def _kernel(self) -> Callable[..., int]:
        config = self.network.config
        return updates(config.cell, self.config.optimizer, config.dtype)

    def evaluate(self) -> float:
        """The loss on the held-out pairs, the decoder reading the right symbols."""
        pairs = self.task.held_out()
        return self.network.loss(pairs.x, pairs.targets, pairs.mask)

    def exact(self) -> float:
        """Share of the held-out pairs whose whole output is right, the decoder reading its own symbols."""
        pairs = self.task.held_out()
        return float(self.task.matches(self.network.translate(pairs.x, len(pairs.targets)), pairs).mean())

    def _make(
        self, compiled: Callable[..., int], arrays: tuple[np.ndarray, ...], first: int, last: int, history: np.ndarray
    ) -> int:
        network = self.network
        encoder, decoder = (
            half(model, grads)
            for model, grads in zip((network.encoder, network.decoder), network.parts(self._grads), strict=False)
        )
        parameters = Parameters(network.parameters, self._grads, self.slots, self._settings)
        span = Span(first, last, self.optimizer_updates, 0)
        return compiled(encoder, decoder, parameters, arrays, span, int(Until.UPDATE), self._room, history)

    def _arrays_of(self, index: int, config: TrainConfig) -> tuple[np.ndarray, ...]:
        x, targets, mask = self.task.block(index, config.seed)
        reads = np.concatenate([np.full_like(targets[:, :1], self.network.start), targets[:, :-1]], axis=1)
        rng = np.random.default_rng([config.seed, FORCING_STREAM, index])
        forced = rng.random(len(x)) < self.forcing
        return PairBatches(x, reads, targets, np.ascontiguousarray(mask, self.network.config.dtype), forced)
