"""The encoder-decoder of Cho et al. (2014) and Sutskever, Vinyals & Le (2014).

    encoder   h_t = cell(x_t, h_{t-1}),  h_{-1} = 0                      for the whole input, no output
    decoder   s_t = cell(y_{t-1}, s_{t-1}),  s_{-1} = h_{T-1}            p(y_t) = softmax(V s_t + b)

The decoder has weights of its own and sees of the input only the encoder's last state (every layer's; the LSTM's cell
too), as in Sutskever et al.; Cho et al. also give it to every step. y_{-1} is a start symbol. While it is trained, the
decoder reads the right symbols (teacher forcing, Williams & Zipser 1989); used, it reads its own.
Backwards, dL/dh_{T-1} = dL/ds_{-1}: the decoder's gradient by its initial state enters the encoder's last one.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.config import MAX_SEED, ModelConfig
from rnn_core.encoder_decoder.engine import followed
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import array_of, check, check_whole
from rnn_core.kernels.buffers import allocate
from rnn_core.kernels.vectors import LANES, aligned
from rnn_core.model import Model
from rnn_core.parameters import Entry, layout, to_flat, to_mapping
from rnn_core.trace import Trace

READ_OUT = ("weight_ho", "bias_o")  # which an encoder does not use


@dataclass(frozen=True)
class EncoderDecoderConfig:
    """Architecture of an encoder-decoder; both halves have the same cell, units and layers.

    input_size : D, symbols of the input. output_size : K, symbols of the output, its end among them. The decoder reads
    one more, the start symbol, whose id is K.
    cell, hidden_size, num_layers, bias, init, dtype, forget_bias : as for `ModelConfig`.
    seed : of the encoder's initial weights; the decoder's is made of it.
    Raises ConfigError as `ModelConfig` does.
    """

    cell: str
    input_size: int
    hidden_size: int
    output_size: int
    num_layers: int = 1
    bias: bool = True
    init: str = "uniform"
    dtype: str = "float32"
    seed: int = 0
    forget_bias: float = 1.0

    def __post_init__(self) -> None:
        ModelConfig(**asdict(self))
        for half in ("encoder", "decoder"):
            getattr(self, half)  # raises where there can be no such half

    @property
    def encoder(self) -> ModelConfig:
        """The half that reads; its read-out of one number stays zero and is not counted."""
        return ModelConfig(**asdict(self) | {"output_size": 1, "output": "last", "loss": "mse"})

    @property
    def decoder(self) -> ModelConfig:
        """The half that writes."""
        seed = (self.seed + 2**31) % (MAX_SEED + 1)
        return ModelConfig(**asdict(self) | {"input_size": self.output_size + 1, "seed": seed})


def entries_of(config: EncoderDecoderConfig) -> tuple[Entry, ...]:
    """Layout of the flat array of parameters: first the encoder's, with a gap where its read-out stays zero.

    Raises ConfigError where there would be too many parameters.
    """
    encoder, decoder = layout(config.encoder), layout(config.decoder)
    middle = -(-encoder.size // LANES) * LANES  # the decoder's begin at a line of the cache too
    read = [Entry(f"encoder.{name}", shape, start) for name, shape, start in encoder.entries if name not in READ_OUT]
    return (*read, *(Entry(f"decoder.{name}", shape, middle + start) for name, shape, start in decoder.entries))


class Passes(NamedTuple):
    """Activations of one pass through both halves."""

    encoder: Trace
    decoder: Trace

    @property
    def loss(self) -> float | None:
        """The mean over the predicted symbols, nats."""
        return self.decoder.loss

    @property
    def grads(self) -> dict[str, np.ndarray] | None:
        """Names and shapes of `EncoderDecoder.state_dict`."""
        encoder, decoder = self.encoder.grads, self.decoder.grads
        return None if encoder is None or decoder is None else _joined(encoder, decoder)


class EncoderDecoder:
    """An encoder and a decoder; their parameters share one flat array, so that they are clipped and updated as one.

    config : says which.
    Raises ConfigError for what is no EncoderDecoderConfig, or would have too many parameters.

    >>> network = EncoderDecoder(EncoderDecoderConfig("gru", input_size=5, hidden_size=3, output_size=4))
    >>> passes = network.backward([[0], [4]], targets=[[1], [2], [3]])
    >>> passes.encoder.hidden.shape, passes.decoder.probs.shape, network.translate([[0], [4]], length=6).shape
    ((1, 3, 1, 3), (3, 1, 4), (6, 1))
    """

    def __init__(self, config: EncoderDecoderConfig) -> None:
        if not isinstance(config, EncoderDecoderConfig):
            raise ConfigError(f"config is a {type(config).__name__}; expected an EncoderDecoderConfig")
        self.config = config
        self.encoder, self.decoder = Model(config.encoder), Model(config.decoder)
        self.entries = entries_of(config)
        self.parameters = aligned((self.entries[-1].start + self.entries[-1].size,), config.dtype)
        self.load_state_dict(_joined(self.encoder.state_dict(), self.decoder.state_dict()))
        self.encoder.parameters, self.decoder.parameters = self.halves(self.parameters)
        # what the ids of input and output stand for: those of the task of its first trainer
        self.vocabulary: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Support copying and pickling: copied one by one, the halves would no longer be the one array's."""
        return type(self), (self.config,), {"parameters": self.parameters, "vocabulary": self.vocabulary}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.parameters[:] = state["parameters"]
        self.vocabulary = state["vocabulary"]

    def halves(self, flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The encoder's and the decoder's part of flat (P,), an array that is laid out like `parameters`."""
        return flat[: self.encoder.layout.size], flat[flat.size - self.decoder.layout.size :]

    @property
    def start(self) -> int:
        """The id that the decoder reads first."""
        return self.config.output_size

    @property
    def num_parameters(self) -> int:
        """Number of learned parameters."""
        return sum(entry.size for entry in self.entries)

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of the parameters: PyTorch's names after "encoder." and "decoder."."""
        return to_mapping(self.entries, self.parameters)

    def load_state_dict(self, mapping: Mapping[str, ArrayLike]) -> None:
        """Take over parameters; InputError names what is wrong with them, and nothing changes.

        mapping : names and shapes as `state_dict` gives them.
        """
        self.parameters[:] = to_flat(self.entries, mapping, self.config.dtype)

    def copy(self) -> "EncoderDecoder":
        """An independent network with the same parameters."""
        return self.astype(self.config.dtype)

    def astype(self, dtype: str) -> "EncoderDecoder":
        """An independent network with the same parameters in another dtype, "float32" or "float64"."""
        other = EncoderDecoder(EncoderDecoderConfig(**asdict(self.config) | {"dtype": dtype}))
        other.load_state_dict(self.state_dict())
        other.vocabulary = self.vocabulary
        return other

    def shifted(self, targets: ArrayLike) -> np.ndarray:
        """Inputs of the decoder under teacher forcing: the start symbol, then targets (S, B) without the last.

        Raises InputError for targets of another shape or type.
        """
        targets = array_of("targets", targets)
        if targets.ndim != 2 or targets.dtype.kind not in "iu" or not targets.size:
            raise InputError(f"targets have shape {targets.shape}, type {targets.dtype}; expected (S, B) integer ids")
        return np.concatenate([np.full_like(targets[:1], self.start), targets[:-1]])

    def forward(self, x: ArrayLike, reads: ArrayLike) -> Passes:
        """Read x (T, B), then let the decoder read `reads` (S, B): right symbols (`shifted`), or any others.

        Raises InputError and ConfigError as `Model.forward` does.
        """
        encoder = self.encoder.forward(x)
        return Passes(encoder, self.decoder.forward(reads, encoder.state))

    def loss(
        self, x: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, reads: ArrayLike | None = None
    ) -> float:
        """The mean loss of the predicted symbols in nats, as `backward` reports it, without going backwards.

        x, targets, mask, reads : as for `backward`.

        Raises InputError and ConfigError as `backward` does.
        """
        reads = self.shifted(targets) if reads is None else reads
        return self.decoder.loss(reads, targets, self.encoder.forward(x).state, mask)

    def backward(
        self, x: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, reads: ArrayLike | None = None
    ) -> Passes:
        """Both Traces of reading x and of backpropagation from the losses of targets back to the input's first symbol.

        x : (T, B) ids, or (T, B, D) floats. targets : (S, B) ids. mask : (S, B) weights of the predicted symbols, or
        None. reads : (S, B) what the decoder reads; None: the targets before (teacher forcing).
        Raises InputError that says what was given and what is needed.
        """
        reads = self.shifted(targets) if reads is None else reads
        encoder = self.encoder.forward(x)
        decoder = self.decoder.backward(reads, targets, encoder.state, mask)
        d_hidden = decoder.d_hidden[:, 0]
        d_state = d_hidden if decoder.d_cell is None else (d_hidden, decoder.d_cell[:, 0])
        # the encoder's own loss is that of its silent read-out: zero, as is its gradient
        return Passes(self.encoder.backward(x, encoder.logits, d_state=d_state), decoder)

    def translate(self, x: ArrayLike, length: int) -> np.ndarray:
        """(length, B) ids: each step's likeliest symbol, read again at the next; what follows the end means nothing.

        x : (T, B) ids or (T, B, D) floats. Raises InputError where outputs are not finite.
        Raises InputError for x or a length that does not fit, ConfigError where they would take more than a gigabyte.
        """
        length = check_whole("length", length, 1, 100_000)
        state = self.encoder.forward(x).state
        batch = check(self.encoder.config, x).batch
        buffers = allocate(self.decoder.layout, self.decoder.config, 1, batch)
        hidden, cell = state if isinstance(state, tuple) else (state, None)
        buffers.hidden[:, 0] = hidden
        if cell is not None:
            buffers.cell[:, 0] = cell
        out = np.zeros((length, batch), np.int32)
        symbols = np.full((1, batch), self.start, np.int32)
        decoder = self.decoder
        finite = followed(decoder.config.cell, decoder.config.dtype)(
            decoder.layout.shape, decoder.layout.offsets, decoder.parameters, buffers, symbols,
            np.zeros((0, 0, 0), decoder.config.dtype), out,
        )  # fmt: skip
        if not finite:
            raise InputError("the network's outputs are not finite: its weights are too large")
        return out


def _joined(encoder: Mapping[str, np.ndarray], decoder: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """One mapping of both halves, without the encoder's read-out."""
    read = {f"encoder.{name}": value for name, value in encoder.items() if name not in READ_OUT}
    return read | {f"decoder.{name}": value for name, value in decoder.items()}
