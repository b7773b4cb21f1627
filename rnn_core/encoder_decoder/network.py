"""The encoder-decoder of Cho et al. (2014) and Sutskever, Vinyals & Le (2014).

    encoder   h_t = cell(x_t, h_{t-1}),  h_{-1} = 0                      for the whole input, no output
    decoder   s_t = cell(y_{t-1}, s_{t-1}),  s_{-1} = h_{T-1}            p(y_t) = softmax(V s_t + b)

The decoder has weights of its own and sees of the input only the encoder's last state (every layer's; the LSTM's cell
too), as in Sutskever et al.; Cho et al. also give it to every step. y_{-1} is a start symbol. While it is trained, the
decoder reads the right symbols (teacher forcing, Williams & Zipser 1989); used, it reads its own.
Backwards, dL/dh_{T-1} = dL/ds_{-1}: the decoder's gradient by its initial state enters the encoder's last one.
With attention (Bahdanau, Cho & Bengio 2015) every step of the decoder also reads all the encoder's states, weighted:
`rnn_core.encoder_decoder.attention`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.config import MAX_SEED, ModelConfig
from rnn_core.encoder_decoder import attention
from rnn_core.encoder_decoder.engine import followed, updates
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import Inputs, array_of, check, check_whole
from rnn_core.kernels.arguments import Half, PairBatches, PairRoom, Parameters, Span
from rnn_core.kernels.buffers import allocate
from rnn_core.kernels.engine import LOSS, Until
from rnn_core.kernels.vectors import LANES, aligned
from rnn_core.model import Model
from rnn_core.parameters import Entry, Layout, layout, to_flat, to_mapping, views
from rnn_core.trace import Trace, backward_trace_of, trace_of

READ_OUT = ("weight_ho", "bias_o")  # which an encoder does not use
BLANK_ID = 0  # of the input, with attention
ATTENTION_STREAM = 2  # a word in the seed of attention's weights


@dataclass(frozen=True)
class EncoderDecoderConfig:
    """Architecture of an encoder-decoder; both halves have the same cell, units and layers.

    input_size : D, symbols of the input. output_size : K, symbols of the output, its end among them. The decoder reads
    one more, the start symbol, whose id is K.
    cell, hidden_size, num_layers, bias, init, dtype, forget_bias : as for `ModelConfig`.
    seed : of the encoder's initial weights; the decoder's and attention's are made of it.
    attention : whether each step of the decoder attends to all of the input but its blanks, the steps whose id is 0
    (`PairTask` puts them before an input that is shorter than others). For one layer only.
    Raises ConfigError as `ModelConfig` does, and for attention with more layers.
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
    attention: bool = False

    def __post_init__(self) -> None:
        ModelConfig(**self._of_both)
        if not isinstance(self.attention, bool | np.bool_):
            raise ConfigError(f"attention is {self.attention!r}; expected True or False")
        if self.attention and self.num_layers > 1:
            raise ConfigError(f"attention needs num_layers=1: with {self.num_layers} layers it is not built")
        for half in ("encoder", "decoder"):
            getattr(self, half)  # raises where there can be no such half

    @property
    def _of_both(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "attention"}

    @property
    def encoder(self) -> ModelConfig:
        """The half that reads; its read-out of one number stays zero and is not counted."""
        return ModelConfig(**self._of_both | {"output_size": 1, "output": "last", "loss": "mse"})

    @property
    def decoder(self) -> ModelConfig:
        """The half that writes."""
        seed = (self.seed + 2**31) % (MAX_SEED + 1)
        return ModelConfig(**self._of_both | {"input_size": self.output_size + 1, "seed": seed})


def entries_of(config: EncoderDecoderConfig) -> tuple[Entry, ...]:
    """Layout of the flat array of parameters: first the encoder's, with a gap where its read-out stays zero.

    Raises ConfigError where there would be too many parameters.
    """
    encoder, decoder = layout(config.encoder), layout(config.decoder)
    middle, end = _starts(encoder, decoder)
    read = [Entry(f"encoder.{name}", shape, start) for name, shape, start in encoder.entries if name not in READ_OUT]
    write = [Entry(f"decoder.{name}", shape, middle + start) for name, shape, start in decoder.entries]
    attend = attention.entries_of(config.hidden_size, decoder.shape.rows, end) if config.attention else ()
    return (*read, *write, *attend)


def _starts(encoder: Layout, decoder: Layout) -> tuple[int, int]:
    """Where the decoder's and attention's parameters begin: at a line of the cache."""
    middle = -(-encoder.size // LANES) * LANES
    return middle, -(-(middle + decoder.size) // LANES) * LANES


def _attention_weights(config: EncoderDecoderConfig, entries: tuple[Entry, ...]) -> dict[str, np.ndarray]:
    """Uniform, as the other weights: within 1 / sqrt(H)."""
    rng, bound = np.random.default_rng([config.seed, ATTENTION_STREAM]), 1 / np.sqrt(config.hidden_size)
    return {name: rng.uniform(-bound, bound, shape) for name, shape, _ in entries if name.startswith("attention.")}


class Passes(NamedTuple):
    """Activations of one pass through both halves."""

    encoder: Trace
    decoder: Trace
    alignment: np.ndarray | None = None  # (S, B, T) how much of each step of the input each output read: alpha
    attention_grads: Mapping[str, np.ndarray] = MappingProxyType({})  # names and shapes of `state_dict`

    @property
    def loss(self) -> float | None:
        """The mean over the predicted symbols, nats."""
        return self.decoder.loss

    @property
    def grads(self) -> dict[str, np.ndarray] | None:
        """Names and shapes of `EncoderDecoder.state_dict`."""
        encoder, decoder = self.encoder.grads, self.decoder.grads
        return None if encoder is None or decoder is None else _joined(encoder, decoder, self.attention_grads)


class Writing(NamedTuple):
    """A decoder between two steps: its states and what it reads next are in the room's `single` and `symbols`."""

    room: PairRoom
    ids: np.ndarray  # (T, B) of the input; empty where it is no ids
    states: np.ndarray  # (T+1, B, H) of the encoder's last layer


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
        self.load_state_dict(
            _joined(self.encoder.state_dict(), self.decoder.state_dict(), _attention_weights(config, self.entries))
        )
        self.encoder.parameters, self.decoder.parameters, _attention = self.parts(self.parameters)
        # what the ids of input and output stand for: those of the task of its first trainer
        self.vocabulary: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Support copying and pickling: copied one by one, the halves would no longer be the one array's."""
        return type(self), (self.config,), {"parameters": self.parameters, "vocabulary": self.vocabulary}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.parameters[:] = state["parameters"]
        self.vocabulary = state["vocabulary"]

    def parts(self, flat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The encoder's, the decoder's and attention's part of flat (P,), which is laid out like `parameters`.

        Without attention the last one is empty.
        """
        encoder, decoder = self.encoder.layout, self.decoder.layout
        middle, end = _starts(encoder, decoder)
        return flat[: encoder.size], flat[middle : middle + decoder.size], flat[end:]

    @property
    def start(self) -> int:
        """The id that the decoder reads first."""
        return self.config.output_size

    @property
    def num_parameters(self) -> int:
        """Number of learned parameters."""
        return sum(entry.size for entry in self.entries)

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of the parameters: PyTorch's names after "encoder." and "decoder."; those of "attention."."""
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
        if self.config.attention:
            return self._pass(x, reads, None, None, Until.FORWARD)
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
        if self.config.attention:
            return float(self._pass(x, reads, targets, mask, Until.LOSS).loss or 0.0)
        return self.decoder.loss(reads, targets, self.encoder.forward(x).state, mask)

    def backward(
        self, x: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, reads: ArrayLike | None = None
    ) -> Passes:
        """Both Traces of reading x and of backpropagation from the losses of targets back to the input's first symbol.

        x : (T, B) ids; without attention, (T, B, D) floats too. targets : (S, B) ids. mask : (S, B) weights of the
        predicted symbols, or None. reads : (S, B) what the decoder reads; None: the targets before (teacher forcing).
        Raises InputError that says what was given and what is needed.
        """
        reads = self.shifted(targets) if reads is None else reads
        if self.config.attention:
            return self._pass(x, reads, targets, mask, Until.BACKWARD)
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
        return self.write(self.begin(x), check_whole("length", length, 1, 100_000))

    def begin(self, x: ArrayLike, copies: int = 1) -> "Writing":
        """What `write` needs to go on from the last state of reading x.

        x : (T, B) ids or (T, B, D) floats. copies : how often each of its sequences stands there, side by side.
        Raises InputError and ConfigError as `translate` does.
        """
        inputs = self._read(x)
        encoder = self.encoder.forward(x)
        room = pair_room(self, (inputs.steps, 1), inputs.batch * copies)
        hidden, cell = encoder.state if isinstance(encoder.state, tuple) else (encoder.state, None)
        room.single.hidden[:, 0] = hidden.repeat(copies, axis=1)
        if cell is not None:
            room.single.cell[:, 0] = cell.repeat(copies, axis=1)
        states = encoder.hidden[-1].repeat(copies, axis=1)
        if self.config.attention:
            attention.prepare(room.attention, states)
        room.symbols[:] = self.start
        return Writing(room, inputs.ids.repeat(copies, axis=1), states)

    def write(self, writing: "Writing", length: int) -> np.ndarray:
        """(length, B) ids: the likeliest symbol of each further step, read again at the next.

        writing : goes on as far. length : of what is written, in symbols. Raises InputError where outputs are not
        finite.
        """
        decoder, out = self.decoder, np.zeros((length, writing.room.symbols.shape[1]), np.int32)
        finite = followed(decoder.config.cell, decoder.config.dtype)(
            decoder.layout.shape, decoder.layout.offsets, decoder.parameters, writing.room.single,
            (writing.room.attention, writing.ids, writing.states), writing.room.symbols, writing.room.no_values, out,
        )  # fmt: skip
        if not finite:
            raise InputError("the network's outputs are not finite: its weights are too large")
        return out

    def _read(self, x: ArrayLike) -> Inputs:
        """x, checked. Raises InputError for what is no ids where attention has to know the blanks."""
        inputs = check(self.encoder.config, x)
        if self.config.attention and not inputs.ids.size:
            raise InputError(f"x has shape {np.shape(x)}; expected (T, B) integer ids: with attention it is no floats")
        return inputs

    def _pass(
        self, x: ArrayLike, reads: ArrayLike, targets: ArrayLike | None, mask: ArrayLike | None, until: Until
    ) -> Passes:
        """One pass of a network with attention."""
        read, written = self._read(x), check(self.decoder.config, reads, targets, mask)
        if not written.ids.size or written.batch != read.batch:
            raise InputError(
                f"reads have shape {np.shape(reads)}; expected (S, {read.batch}) integer ids, for each sequence of x"
            )
        config, shape, (encoder, decoder) = self.config, written.ids.shape, (self.encoder, self.decoder)
        goes_back = until >= Until.BACKWARD
        grads = aligned(self.parameters.shape if goes_back else (0,), config.dtype)
        parts, history = self.parts(grads), np.zeros((1, 3))
        room = pair_room(self, (read.steps, written.steps), read.batch, grads, d_input=goes_back)
        batch = PairBatches(
            x=read.ids[None],
            reads=written.ids[None],
            targets=written.target_ids[None] if written.target_ids.size else np.zeros((1, *shape), np.int32),
            weights=written.weights[None] if written.weights.size else np.ones((1, *shape), config.dtype),
            forced=np.ones(1, bool),
        )
        updates(config.cell, None, config.dtype)(
            half(encoder, parts[0]), half(decoder, parts[1]),
            Parameters(self.parameters, grads, np.zeros((2, 0), config.dtype), np.zeros(8)), batch, Span(0, 1, 0, 0),
            int(until), room, history,
        )  # fmt: skip
        alignment, loss = room.attention.weights, float(history[0, LOSS])
        if not goes_back:
            writing = trace_of(decoder.config, written, room.decoder)
            return Passes(trace_of(encoder.config, read, room.encoder), replace(writing, loss=loss), alignment)
        silent = read._replace(target_values=np.zeros_like(room.encoder.logits))  # its own loss is zero
        traces = [
            backward_trace_of(
                model.config, inputs, buffers, lost, views(model.layout.entries, part), float(np.linalg.norm(part))
            )
            for model, inputs, buffers, lost, part in (
                (encoder, silent, room.encoder, 0.0, parts[0]),
                (decoder, written, room.decoder, loss, parts[1]),
            )
        ]
        attended = [entry for entry in self.entries if entry.name.startswith("attention.")]
        return Passes(traces[0], traces[1], alignment, to_mapping(attended, grads))


def pair_room(
    network: EncoderDecoder, steps: tuple[int, int], batch: int, grads: np.ndarray | None = None, d_input: bool = False
) -> PairRoom:
    """Buffers for B = `batch` inputs and outputs of T, S = `steps`.

    grads : flat, where the passes go backwards, else None. d_input : whether they need the gradient by x too.
    Raises ConfigError where they would take more than a gigabyte.
    """
    config, encoder, decoder = network.config, network.encoder, network.decoder
    options = {"d_input": d_input, "d_last": True, "d_states": config.attention}
    attended = network.parts(network.parameters)[2]
    its_grads = np.zeros(0, config.dtype) if grads is None else network.parts(grads)[2]
    return PairRoom(
        encoder=allocate(encoder.layout, encoder.config, steps[0], batch, **options),
        decoder=allocate(decoder.layout, decoder.config, steps[1], batch, d_input=d_input),
        single=allocate(decoder.layout, decoder.config, 1, batch),
        attention=attention.room(
            attended, its_grads, BLANK_ID, steps, batch, config.hidden_size, decoder.layout.shape.rows
        ),
        symbols=np.zeros((1, batch), np.int32),
        guesses=np.zeros((steps[1], batch), np.int32),
        no_values=np.zeros((0, 0, 0), config.dtype),
    )


def half(model: Model, grads: np.ndarray) -> Half:
    """The encoder or the decoder, with its part of a gradient, for kernels."""
    return Half(model.layout.shape, model.layout.offsets, model.parameters, grads)


def _joined(*parts: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """One mapping of the encoder's, without its read-out, the decoder's, and attention's, which has its names."""
    encoder, decoder, attended = parts
    read = {f"encoder.{name}": value for name, value in encoder.items() if name not in READ_OUT}
    return read | {f"decoder.{name}": value for name, value in decoder.items()} | dict(attended)
