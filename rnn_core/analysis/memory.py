"""How long a network remembers, measured by intervention: something is changed, and what it puts out later is compared.

Reach by gradients (`rnn_core.analysis.reach`) predicts the effect of a small change; this measures that of a real one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.analysis.interventions import divergence
from rnn_core.analysis.scoring import log_softmax
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import array_of, check_whole
from rnn_core.model import Model

KINDS = ("symbol", "state")


class MemoryCurve(NamedTuple):
    """Effect of a change at each of the R steps from the changed one (index 0) on."""

    mean: np.ndarray  # (R,) Kullback-Leibler divergence of the outputs from what they were, nats, mean over the places
    low: np.ndarray  # (R,) first quartile
    high: np.ndarray  # (R,) third quartile
    loss: np.ndarray  # (R,) mean change of the loss, nats: above 0 the change did harm
    places: int  # how many were changed
    half: int | None  # steps after which the mean is at or below a half of its largest; None: never
    hundredth: int | None  # the same for 1 %


def memory_curve(
    model: Model,
    x: ArrayLike,
    targets: ArrayLike | None = None,
    kind: str = "symbol",
    reach: int = 60,
    places: int = 100,
    seed: int = 0,
) -> MemoryCurve:
    """The MemoryCurve of a network over ids x (T, S), at least three steps of one or more sequences.

    Parameters
    ----------
    targets : (T, S) ids, -1 where nothing is asked; None: the next symbol.
    kind : "symbol": at each place another symbol of the text is read, drawn as often as it occurs. "state": the state
        before it is set to zero.
    reach : steps that are compared after each change, at most T - 1. places : how many are changed, evenly spread.
    seed : of the symbols drawn.

    Raises InputError and ConfigError: the network must read ids in one direction and predict symbols at every step.
    """
    config, ids = model.config, array_of("x", x)
    if config.bidirectional or config.output != "every" or config.loss != "cross_entropy":
        raise ConfigError(
            f"the network has bidirectional={config.bidirectional}, output={config.output!r}, loss={config.loss!r}; "
            "it must read in one direction and predict symbols after every step"
        )
    if kind not in KINDS:
        raise InputError(f"kind is {kind!r}; expected one of {', '.join(map(repr, KINDS))}")
    if ids.ndim != 2 or len(ids) < 3:
        raise InputError(f"x has shape {ids.shape}; expected (T, S) ids with T of at least 3")
    trace = model.forward(ids)
    reach = min(check_whole("reach", reach, 1, 100_000), len(ids) - 1)
    first = 1 if kind == "state" else 0  # the state before the first symbol is zero already
    starts = np.arange(first, len(ids) - reach + 1)
    spread = np.linspace(0, starts.size * ids.shape[1] - 1, check_whole("places", places, 1, 10_000))
    at, sequence = np.divmod(np.unique(spread.astype(int)), ids.shape[1])
    at = starts[at]
    if targets is None:
        targets = np.full_like(ids, -1)
        targets[:-1] = ids[1:]
    before = [part[:, at, sequence] for part in (trace.hidden, trace.cell) if part is not None]
    rows = at + np.arange(reach)[:, None]  # (R, P)
    read, asked = ids[rows, sequence], array_of("targets", targets)[rows, sequence]
    changed, states = read, before
    if kind == "symbol":
        changed = read.copy()
        changed[0] = _others(ids, read[0], np.random.default_rng(seed))
    else:
        states = [np.zeros_like(part) for part in before]
    plain, other = (
        log_softmax(model.forward(symbols, tuple(state) if len(state) == 2 else state[0]).logits)
        for symbols, state in ((read, before), (changed, states))
    )
    kl = divergence(plain, other)
    return curve_of(kl, _loss_change(plain, other, asked))


def curve_of(kl: np.ndarray, loss: np.ndarray) -> MemoryCurve:
    """The MemoryCurve of divergences (R, P) and changes of the loss (R, P), NaN where there is none."""
    mean = kl.mean(axis=1)
    counted = np.isfinite(loss)
    change = np.where(counted, loss, 0).sum(axis=1) / np.maximum(counted.sum(axis=1), 1)
    low, high = np.quantile(kl, (0.25, 0.75), axis=1)
    return MemoryCurve(mean, low, high, change, kl.shape[1], *(_falls_to(mean, share) for share in (0.5, 0.01)))


def _falls_to(mean: np.ndarray, share: float) -> int | None:
    """Steps until the mean has fallen to that share of its largest, for good."""
    above = np.flatnonzero(mean > share * mean.max())
    last = int(above[-1]) if len(above) else -1
    return None if last == len(mean) - 1 else last + 1


def _loss_change(plain: np.ndarray, other: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """(R, P): what the change adds to the loss; NaN where nothing is asked."""
    index = np.maximum(asked, 0)[..., None]
    change = np.take_along_axis(plain, index, axis=-1) - np.take_along_axis(other, index, axis=-1)
    return np.where(asked >= 0, change[..., 0], np.nan)


def _others(ids: np.ndarray, replaced: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For each symbol another one, drawn as often as it occurs in the text."""
    kinds, counts = np.unique(ids, return_counts=True)
    if len(kinds) < 2:
        raise InputError("the text has one distinct symbol; expected two, so that one can take the other's place")
    weights = np.tile(counts.astype(np.float64), (len(replaced), 1))
    weights[kinds[None] == replaced[:, None]] = 0
    mass = np.cumsum(weights, axis=1)
    return kinds[(mass <= rng.random(len(replaced))[:, None] * mass[:, -1:]).sum(axis=1)]
