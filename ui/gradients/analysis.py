"""Gradient analysis of one network at one moment, on the sequence that is shown: gradients and their causes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnn_core.analysis.jacobians import (
    CARRIERS,
    Spectrum,
    is_reverse,
    products,
    singular_values,
    slopes,
    spectrum,
    step_jacobians,
)
from rnn_core.analysis.reach import Decay, decay, flow_matrix, kept
from rnn_core.model import Model
from rnn_core.trace import BackwardTrace, Trace
from ui.charts.limits import gradient_norms

if TYPE_CHECKING:
    from ui.training.snapshot import View


@dataclass(frozen=True, eq=False)
class GradientFlow:
    """Dependence of each loss on each state, of one stack (a layer in one direction), in float64."""

    stack: int
    trace: Trace  # with the gradient by each state, as training gets it
    flow: np.ndarray  # (T, T): ||d loss_t / d s_k||, all of it
    used: np.ndarray  # (T, T) bool: what truncation leaves
    slopes: np.ndarray  # (T, H): |f'|, or the gate that carries
    carrier: str  # the name of that gate; empty for a plain network

    @property
    def steps(self) -> int:
        """T."""
        return len(self.flow)

    @property
    def losses(self) -> np.ndarray:
        """The steps that have a loss which counts."""
        return np.flatnonzero(np.isfinite(self.flow).any(axis=1))

    def loss_step(self, wanted: int | None) -> int:
        """The wanted step if it has a loss that counts, else the one nearest; without a wish the last."""
        losses = self.losses
        if not losses.size:
            return self.steps - 1
        return int(losses[-1] if wanted is None else losses[np.abs(losses - wanted).argmin()])


@dataclass(frozen=True, eq=False)
class GradientAnalysis(GradientFlow):
    """Everything about the sequence: what flows, and its causes."""

    trace: BackwardTrace  # of the same network, truncated as it is trained
    run: int
    update: int
    reverse: bool  # the stack reads from the end
    column: np.ndarray  # (T,): ||dL / d s_k||, what training gets
    decay: Decay
    spectrum: Spectrum
    jacobians: np.ndarray  # (T, S, S)

    @property
    def radius(self) -> float:
        """Spectral radius of W, the largest of the gates' blocks."""
        return float(self.spectrum.radius.max())

    @property
    def largest(self) -> float:
        """Largest singular value of W, likewise."""
        return float(self.spectrum.largest.max())

    @property
    def top(self) -> bool:
        """Whether it is the layer that the outputs are read from: to it a loss has no other path than its own chain."""
        config = self.trace.config
        return self.stack // config.directions == config.num_layers - 1

    @property
    def bounded(self) -> bool:
        """Whether sigma_max(W)^lag bounds the gradients: in the top layer of a plain network."""
        return self.top and not self.carrier


@dataclass(frozen=True, eq=False)
class BackwardPath:
    """The way back from the loss of one step: one entry for each lag, from 0 on."""

    t: int
    steps: np.ndarray  # the state steps: t, t-1, ... (reverse: t, t+1, ...)
    norms: np.ndarray  # ||d loss_t / d s||
    values: np.ndarray  # (lags, S) singular values of d s_t / d s, from the largest on
    factors: np.ndarray  # (lags,) largest singular value of the step's own Jacobian that leads there; NaN at lag 0
    bound: np.ndarray  # plain network: sigma_max(W)^lag; else the carrying gates alone, their largest product
    inputs: np.ndarray  # (T,): ||d loss_t / d x||
    cells: np.ndarray | None  # LSTM: ||d loss_t / d c||, like `norms`
    own: np.ndarray  # complex: the eigenvalues of step t's own Jacobian; none where it has left the finite numbers


def flow(
    model: Model, trace: BackwardTrace, stack: int, truncate: int | None = None, truncation: str = "windowed"
) -> GradientFlow:
    """The GradientFlow of a model on the first sequence of a trace; truncate, truncation : as TrainConfig has them."""
    own = model.backward(trace.x, trace.targets, mask=trace.mask, truncate=truncate, truncation=truncation)
    return GradientFlow(
        stack=stack,
        trace=own,
        flow=flow_matrix(model, trace.x, trace.targets, trace.mask, stack),
        used=kept(len(trace.x), truncate, truncation),
        slopes=slopes(own, stack),
        carrier=CARRIERS.get(model.config.cell, ""),
    )


def measure(model: Model, view: "View", stack: int, taken_at: int) -> GradientAnalysis:
    """Measure a model on a view's sequence; taken_at: its updates."""
    reverse = is_reverse(model.config, stack)
    with np.errstate(all="ignore"):  # an exploding gradient leaves the numbers of float32; what is left is shown
        found = flow(model, view.trace, stack, view.training.truncate, view.training.truncation)
        return GradientAnalysis(
            **vars(found),
            run=view.run,
            update=taken_at,
            reverse=reverse,
            column=gradient_norms(found.trace, stack),
            decay=decay(found.flow, reverse),
            spectrum=spectrum(model, stack),
            jacobians=step_jacobians(model, found.trace, stack),
        )


def path(model: Model, measured: GradientAnalysis, t: int) -> BackwardPath:
    """The way back from the loss of step t."""
    trace, reverse = measured.trace, measured.reverse
    lags = measured.steps - t if reverse else t + 1
    steps = t + np.arange(lags) if reverse else t - np.arange(lags)
    with np.errstate(all="ignore"):
        chain = products(measured.jacobians, t, reverse)
        values = _values(chain)
        factors = np.concatenate([[np.nan], _values(measured.jacobians[steps[:-1]])[:, 0]])
        if measured.carrier:
            carried = measured.slopes[steps[:-1]]
            bound = np.concatenate([[1.0], np.cumprod(carried, axis=0).max(axis=1)])
        else:
            bound = measured.largest ** np.arange(lags)
    alone = alone_at(model, trace, t)
    inputs = input_norms(alone)
    cells = None
    if alone.d_cell is not None:
        cells = np.linalg.norm(alone.d_cell[measured.stack, 1 + steps, 0].astype(np.float64), axis=-1)
    jacobian = measured.jacobians[t]
    own = np.linalg.eigvals(jacobian).astype(complex) if np.isfinite(jacobian).all() else np.zeros(0, complex)
    return BackwardPath(t, steps, measured.flow[t, steps], values, factors, bound, inputs, cells, own)


def _values(matrices: np.ndarray) -> np.ndarray:
    """Singular values; NaN where a matrix has left the finite numbers."""
    finite = np.isfinite(matrices).all(axis=(1, 2))
    return np.where(finite[:, None], singular_values(np.where(finite[:, None, None], matrices, 0)), np.nan)


def input_norms(trace: BackwardTrace) -> np.ndarray:
    """(T,): ||dL / d x_k|| of the first sequence."""
    return np.linalg.norm(trace.d_input[:, 0].astype(np.float64), axis=-1)


def alone_at(model: Model, trace: BackwardTrace, t: int) -> BackwardTrace:
    """The trace of a backward pass of the loss of step t alone."""
    mask = None
    if model.config.output == "every":
        mask = np.zeros(trace.loss_per_step.shape)
        mask[t] = 1
    return model.backward(trace.x, trace.targets, mask=mask)
