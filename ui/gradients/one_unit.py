"""“One unit”: where gradients explode for a reason that can be drawn; published numbers beside measured ones."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from rnn_core.analysis.dynamics import Walk, cliff, fixed_points, folds, latch, latched, walk
from ui.gradients import figures_one_unit as figures
from ui.gradients.controls import CLIPS
from ui.i18n import Translate
from ui.live.figure import figure
from ui.live.line import connection_line
from ui.live.table import table
from ui.settings import keys
from ui.settings.widgets import Widgets
from ui.theme import Theme

GRID = 161  # points of the surface each way
LATCH_STEPS = 40
PUSH = 10, 15  # the steps at which the latch is pushed


@st.cache_data(show_spinner=False)
def _surface() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(w, b, error): the same for everybody."""
    w, b = np.linspace(4, 8, GRID), np.linspace(-4, 0, GRID)
    return w, b, cliff(w[None, :], b[:, None])[0]


@st.cache_data(show_spinner=False, max_entries=200)
def _path(w: float, b: float, rate: float, clip: float | None) -> Walk:
    return walk(w, b, rate, clip=clip)


def show(widgets: Widgets, theme: Theme, _: Translate) -> None:
    """Cliff, bifurcation and latch, one below the other."""
    connection_line(_)
    w, b = _cliff(widgets, theme, _)
    _bifurcation(w, b, theme, _)
    _latch(widgets, theme, _)


def _cliff(widgets: Widgets, theme: Theme, _: Translate) -> tuple[float, float]:
    st.header(_("The cliff"), anchor=False)
    st.markdown(
        _(
            "One unit, $x_t = w\\,\\sigma(x_{t-1}) + b$ from $x_0 = 0.5$, should end at $\\sigma(x_{50}) = 0.7$ "
            "(Pascanu, Mikolov and Bengio 2013, figure 6). The error is flat almost everywhere and has a wall: there "
            "the gradient is thousands of times larger, and a step along it is thrown far away. A clipped step is not."
        )
    )
    columns = st.columns(4)
    with columns[0]:
        w = widgets.slider(keys.UNIT_W, step=0.05)
    with columns[1]:
        b = widgets.slider(keys.UNIT_B, step=0.05)
    with columns[2]:
        rate = widgets.steps(keys.UNIT_RATE, lambda value: f"{value:g}")
    with columns[3]:
        written = [_("none") if clip is None else f"{clip:g}" for clip in CLIPS]
        clip = widgets.steps(keys.UNIT_CLIP, lambda value: written[CLIPS.index(value)])
    free, clipped = _path(w, b, rate, None), _path(w, b, rate, clip)
    paths = [(_("without clipping"), "held_out", free), (_("clipped"), "training", clipped)]
    left, right = st.columns(2, gap="medium")
    across, up, error = _surface()
    drawn = figures.surface(across, up, error, paths, theme=theme, translate=_)
    with left:
        alt = _("Error surface over w and b with both paths.")
        figure(drawn, keys.CLIFF_CHART, alt, _)
    with right:
        alt = _("Error and gradient norm of both paths against the update.")
        drawn = figures.descent(paths, theme=theme, translate=_)
        figure(drawn, f"{keys.CLIFF_CHART}_descent", alt, _)
    rows = [_path_row(name, steps) for name, _colour, steps in paths]
    with st.expander(_("How to read the cliff"), expanded=True):
        st.write(
            _(
                "Without clipping the longest step is {jump:.3g} and the path ends with E = {error:.2e}; "
                "clipped, the longest step is {clipped_jump:.3g} and it ends with E = {clipped_error:.2e}. From "
                "(5.2, −2.2) at rate 0.1, 2,000 updates, expect one jump above 5 and E above 0.05 without "
                "clipping, E below 0.001 clipped at 1."
            ).format(jump=rows[0][1], error=rows[0][3], clipped_jump=rows[1][1], clipped_error=rows[1][3])
        )
    names = (_("path"), _("longest step"), _("largest gradient norm"), _("last error"), "w", "b")
    with st.expander(_("The paths as a table")):
        table(_columns(names, rows), keys.PATHS_TABLE, _)
    return w, b


def _columns(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _path_row(name: str, steps: Walk) -> tuple[str, float, float, float, float, float]:
    jump = float(np.hypot(np.diff(steps.w), np.diff(steps.b)).max(initial=0))
    return name, jump, float(steps.norm.max()), float(steps.error[-1]), float(steps.w[-1]), float(steps.b[-1])


def _bifurcation(w: float, b: float, theme: Theme, _: Translate) -> None:
    st.header(_("The bifurcation behind it"), anchor=False)
    st.markdown(
        _(
            "Run long enough, the unit comes to rest at a fixed point. Where $w > 4$ there is a range of $b$ with "
            "three: two attract, one between them repels. At its ends, the folds, a pair meets and vanishes, and the "
            "state falls to the other side: a small change of $b$ makes a large change of the output (Doya 1993)."
        )
    )
    drawn = figures.bifurcation(w, b, theme=theme, translate=_)
    alt = _("Fixed points of the unit against b, with the folds.")
    figure(drawn, keys.UNIT_CHART, alt, _)
    ends, here = folds(w), fixed_points(w, b)
    with st.expander(_("How to read the bifurcation"), expanded=True):
        if ends is None:
            st.write(_("At w = {w:.2f} there is one fixed point for every b: no fold, no cliff.").format(w=w))
        else:
            st.write(
                _(
                    "At w = {w:.2f} the folds lie at b = {low:.4f} and b = {high:.4f}; at w = 5, exactly, at −2.6556 "
                    "and −2.3444."
                ).format(w=w, low=ends[0], high=ends[1])
            )  # fmt: skip
    with st.expander(_("The fixed points as a table")):
        columns: dict[str, list[Any]] = {"x": [x for x, _slope in here], _("slope there"): [s for _x, s in here]}
        columns[_("kind")] = [_("attracts") if abs(slope) < 1 else _("repels") for _x, slope in here]
        table(columns, keys.POINTS_TABLE, _)


def _latch(widgets: Widgets, theme: Theme, _: Translate) -> None:
    st.header(_("The latch"), anchor=False)
    st.markdown(
        _(
            "A unit $x_t = \\tanh(w x_{t-1} + u_t)$ with $w > 1$ can hold one bit: it rests near one of two "
            "attractors, and only an input beyond a threshold moves it over (Bengio, Simard and Frasconi 1994). But "
            "where it holds, each step multiplies the gradient by a number below 1: what can be stored safely "
            "cannot be learned."
        )
    )
    left, right = st.columns(2)
    with left:
        w = widgets.slider(keys.LATCH_W, step=0.05)
    with right:
        u = widgets.slider(keys.LATCH_U, step=0.05)
    inputs = np.zeros(LATCH_STEPS)
    inputs[slice(*PUSH)] = u
    found, (x, derivative) = latch(w), latched(w, inputs)
    drawn = figures.latch(x, derivative, found.attractor, inputs, theme=theme, translate=_)
    alt = _("State of the latch, its input, and the derivative of the last state by each earlier one.")
    figure(drawn, keys.LATCH_CHART, alt, _)
    with st.expander(_("How to read the latch"), expanded=True):
        if w <= 1:
            st.write(_("At w = {w:.2f} there is only the state 0: nothing can be held.").format(w=w))
        else:
            st.write(
                _(
                    "At w = {w:.2f} the attractors are ±{attractor:.4f}, the slope there is {slope:.4f}, and a lasting "
                    "input beyond ∓{threshold:.5f} switches it; here it {held}. From the last step back to the first, "
                    "the gradient is multiplied by {whole:.1e}."
                ).format(
                    w=w,
                    attractor=found.attractor,
                    slope=found.slope,
                    threshold=found.threshold,
                    held=_("kept its bit") if x[-1] > 0 else _("lost its bit"),
                    whole=derivative[0],
                )
            )
    rows = [(value, *latch(value)) for value in (1.25, 1.5, 2.0, 3.0, w)]
    names = ("w", _("attractor"), _("slope there"), _("threshold"))
    with st.expander(_("The latch as a table")):
        table(_columns(names, rows), keys.LATCH_TABLE, _)
