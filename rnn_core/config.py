"""The settings of a network and of its training: frozen, checked once when they are made."""

import math
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol, TypeVar

from rnn_core.cells import CELLS
from rnn_core.errors import ConfigError
from rnn_core.optimizers import OPTIMIZERS

OUTPUTS = ("every", "last")
LOSSES = ("cross_entropy", "mse", "ctc")
INITS = ("uniform", "orthogonal", "identity")
DTYPES = ("float32", "float64")
TRUNCATIONS = ("windowed", "chunked")

MAX_HIDDEN, MAX_LAYERS, MAX_SYMBOLS, MAX_SEED = 1024, 4, 65536, 2**32 - 1
MAX_THREADS = 64
# fields that the first files of this format lack: their defaults are meant
LATER = ("chrono", "dropout", "vanishing_penalty", "scheduled_sampling")


class Settings(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


C = TypeVar("C", bound=Settings)


@dataclass(frozen=True)
class ModelConfig:
    """Architecture and initialisation of a network.

    Parameters
    ----------
    cell : one of `CELLS`: "rnn_tanh", "rnn_relu", "rnn_sigmoid", "rnn_identity", "gru",
        "gru_reset_before", "lstm", "lstm_peephole", "lstm_layer_norm".
    input_size : D, the number of symbols or of input channels.
    hidden_size : H, the number of units of each layer and direction.
    output_size : K, the number of symbols or of output channels.
    num_layers : L, 1 to 4.
    bidirectional : whether a second chain of states reads the sequence from its end.
    bias : False leaves out every bias: s_t = f(U x_t + W s_{t-1}), o_t = softmax(V s_t).
    output : "every" reads out after every step, "last" only once, from the last state of each direction.
    loss : "cross_entropy" (integer targets), "mse" (float targets, mean over the outputs), or "ctc" (Graves et al.
        2006): integer targets of which the order alone counts, not the steps at which they stand; 0 is the blank. It
        needs output="every".
    init : of weight_hh: "uniform" (PyTorch's U(-1/sqrt H, 1/sqrt H)), "orthogonal" (Saxe et al. 2014), "identity"
        (Le et al. 2015). The last two start with zero biases; all other weights are uniform, +-1/sqrt H (read-out:
        +-1/sqrt of its inputs). With layer normalisation the gains start at 1 and the biases at zero.
    dtype : "float32" or "float64".
    seed : of the initial weights.
    forget_bias : LSTM: initial b_if (Gers et al. 2000, Jozefowicz et al. 2015 recommend 1); b_hf starts at 0.
    chrono : None, or the longest span of time T_max to be remembered, in steps, for the gates' first biases (Tallec &
        Ollivier 2018): LSTM b_if = log u, b_ii = -b_if, in place of forget_bias; GRU b_iz = log u (z = 1 keeps), with u
        uniform in 1 .. T_max - 1; b_hf, b_hi, b_hz start at 0.
    spectral_radius : None, or the largest |eigenvalue| to which each H x H block of weight_hh is scaled at the start.

    Raises
    ------
    ConfigError : names the field, the value given and the range allowed.
    """

    cell: str
    input_size: int
    hidden_size: int
    output_size: int
    num_layers: int = 1
    bidirectional: bool = False
    bias: bool = True
    output: str = "every"
    loss: str = "cross_entropy"
    init: str = "uniform"
    dtype: str = "float32"
    seed: int = 0
    forget_bias: float = 1.0
    spectral_radius: float | None = None
    chrono: int | None = None

    def __post_init__(self) -> None:
        choice(self, "cell", tuple(CELLS))
        whole(self, "input_size", 1, MAX_SYMBOLS)
        whole(self, "hidden_size", 1, MAX_HIDDEN)
        whole(self, "output_size", 1, MAX_SYMBOLS)
        whole(self, "num_layers", 1, MAX_LAYERS)
        flag(self, "bidirectional")
        flag(self, "bias")
        choice(self, "output", OUTPUTS)
        choice(self, "loss", LOSSES)
        if self.loss == "ctc" and (self.output != "every" or self.output_size < 2):
            raise ConfigError(
                f"loss is 'ctc' with output {self.output!r} and output_size {self.output_size}; expected 'every', and "
                "at least the blank and one label"
            )
        choice(self, "init", INITS)
        choice(self, "dtype", DTYPES)
        whole(self, "seed", 0, MAX_SEED)
        number(self, "forget_bias", -100, 100)
        number(self, "spectral_radius", 0, 100, or_none=True)
        whole(self, "chrono", 2, 1_000_000, or_none=True)

    @property
    def directions(self) -> int:
        """2 for a bidirectional network, else 1."""
        return 2 if self.bidirectional else 1


@dataclass(frozen=True)
class TrainConfig:
    """Options of training.

    Parameters
    ----------
    optimizer : one of `OPTIMIZERS`: "sgd", "momentum", "adagrad", "rmsprop", "adam", "rprop"; the formulas are
        PyTorch's.
    learning_rate : step size; of "rprop" that of the first update.
    momentum : of "momentum" (Polyak 1964). beta1, beta2 : of "adam" (Kingma & Ba 2015). alpha : of "rmsprop".
    eps : added to the denominator; None takes the optimiser's own (1e-8; Adagrad 1e-10).
    clip_norm : largest global norm of the gradient (Pascanu et al. 2013), or None.
    clip_value : largest absolute value of each entry of the gradient, applied after clip_norm, or None.
    truncate : None for full backpropagation through time, or k steps.
    truncation : what k means. "windowed": the loss at step t reaches back to the states t-k .. t. "chunked": the
        sequence falls into chunks of k steps, the state is carried on and the gradient cut between them.
    stateful : carry the final state of an update into the next one (streams of text), gradient cut.
    dropout : p, the probability with which each output of each layer but the last is zero for the layer above, the
        others times 1 / (1 - p) (Zaremba et al. 2014): of a network of several layers, in updates alone.
    vanishing_penalty : weight of the penalty Omega on vanishing gradients (Pascanu et al. 2013, eqs. 9-10), whose
        derivative by W_hh is added to the gradient of the loss; of a network without gates, with full backpropagation.
        The loss that is reported is without it.
    scheduled_sampling : None, or k of the decay e_i = k / (k + exp(i / k)) (Bengio et al. 2015): in update i, counted
        from 0, an input symbol is the true one with probability e_i, else one that the network itself predicts there.
        For streams (text, grammar) read in one direction. The loss that is reported is that of what was read.
    seed : of the order of the data, and of what is dropped.
    threads : of the processor on which an update is computed, at most; fewer where more do not pay, and one for an
        encoder-decoder. The numbers are the same to the last bit, so that files do not keep it.
    """

    optimizer: str = "adam"
    learning_rate: float = 0.01
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    alpha: float = 0.99
    eps: float | None = None
    clip_norm: float | None = None
    clip_value: float | None = None
    truncate: int | None = None
    truncation: str = "windowed"
    stateful: bool = False
    seed: int = 0
    threads: int = 1
    dropout: float = 0.0
    vanishing_penalty: float = 0.0
    scheduled_sampling: float | None = None

    def __post_init__(self) -> None:
        choice(self, "optimizer", tuple(OPTIMIZERS))
        number(self, "learning_rate", 0, 1000)
        number(self, "momentum", 0, 1)
        number(self, "beta1", 0, 1, below=True)
        number(self, "beta2", 0, 1, below=True)
        number(self, "alpha", 0, 1)
        number(self, "eps", 1e-30, 1, or_none=True)
        number(self, "clip_norm", 0, 1e9, or_none=True, above=True)
        number(self, "clip_value", 0, 1e9, or_none=True, above=True)
        whole(self, "truncate", 1, 1_000_000, or_none=True)
        choice(self, "truncation", TRUNCATIONS)
        flag(self, "stateful")
        whole(self, "seed", 0, MAX_SEED)
        whole(self, "threads", 1, MAX_THREADS)
        number(self, "dropout", 0, 1, below=True)
        number(self, "vanishing_penalty", 0, 1e6)
        number(self, "scheduled_sampling", 1, 1e9, or_none=True)


def from_mapping(config_class: type[C], mapping: Any, without: tuple[str, ...] = ()) -> C:
    """A config of this class from a mapping read from a file; unknown or missing names are a ConfigError.

    without : fields that files do not keep. What older files could not know of may be missing.
    """
    names = {field.name for field in fields(config_class)} - set(without)
    if not isinstance(mapping, dict) or not names - set(LATER) <= set(mapping) <= names:
        given = sorted(map(str, mapping)) if isinstance(mapping, dict) else type(mapping).__name__
        raise ConfigError(f"settings have the names {given}; expected {sorted(names)}")
    return config_class(**mapping)


def choice(config: ModelConfig | TrainConfig, name: str, allowed: tuple[str, ...]) -> None:
    """Refuse a value that is not one of the strings allowed. Raises ConfigError."""
    value = getattr(config, name)
    if not isinstance(value, str) or value not in allowed:
        raise ConfigError(f"{name} is {value!r}; expected one of {', '.join(map(repr, allowed))}")


def flag(config: ModelConfig | TrainConfig, name: str) -> None:
    """Refuse a value that is not a bool. Raises ConfigError."""
    if not isinstance(getattr(config, name), bool):
        raise ConfigError(f"{name} is {getattr(config, name)!r}; expected True or False")


def whole(config: ModelConfig | TrainConfig, name: str, low: int, high: int, or_none: bool = False) -> None:
    """Refuse a value that is not an int from low to high; NumPy integers become ints. Raises ConfigError."""
    value = getattr(config, name)
    if value is None and or_none:
        return
    try:
        integer = None if isinstance(value, bool | float | str) else value.__index__()
    except (AttributeError, TypeError):
        integer = None
    if integer is None or not low <= integer <= high:
        none = " or None" if or_none else ""
        raise ConfigError(f"{name} is {value!r}; expected a whole number from {low} to {high}{none}")
    object.__setattr__(config, name, integer)


def number(
    config: ModelConfig | TrainConfig,
    name: str,
    low: float,
    high: float,
    or_none: bool = False,
    above: bool = False,
    below: bool = False,
) -> None:
    """Refuse a value that is not a finite number from low to high (above, below: without the end); make it a float.

    Raises ConfigError.
    """
    value = getattr(config, name)
    if value is None and or_none:
        return
    try:
        real = math.nan if isinstance(value, bool | str) else float(value)
    except (TypeError, ValueError, OverflowError):
        real = math.nan
    inside = low <= real <= high and not (above and real == low) and not (below and real == high)
    if not inside:
        ends = f"{'above' if above else 'from'} {low:g} {'to below' if below else 'to'} {high:g}"
        raise ConfigError(f"{name} is {value!r}; expected a number {ends}{' or None' if or_none else ''}")
    object.__setattr__(config, name, real)
