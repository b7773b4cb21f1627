"""The fixed points of a 3-bit flip-flop (Sussillo & Barak 2013, section 4.2)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Trainer
from rnn_core.analysis.fixed_points import FixedPoints, fixed_points, step_map
from rnn_core.analysis.projection import Basis, fit
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Check, Door, Network, Picture, Points, Quantity, Result, Trial, of

SEQUENCES = 4  # that are drawn
LEAVING = 0.6  # length of half a line along which states leave
STARTS = 400  # states from which fixed points are looked for
CUBE = (8, 12, 6, 1)  # corners, edges, faces, the middle: fixed points with 0, 1, 2, 3 unstable directions


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train, then find the fixed points, and the memories that the stable ones hold."""
    yield from watch(run, network, lambda run: 0.0)
    units = run.model.config.hidden_size
    states = run.model.forward(run.task.held_out().x).hidden[0, 1:].reshape(-1, units)
    found = fixed_points(step_map(run.model), states, starts=STARTS)
    kinds = np.bincount(found.unstable, minlength=len(CUBE))
    weights = run.model.state_dict()
    outputs = weights["weight_ho"] @ found.states[found.unstable == 0].T + weights["bias_o"][:, None]
    numbers: dict[str, float | None] = {f"unstable_{kind}": float(kinds[kind]) for kind in range(len(CUBE))}
    numbers["others"] = float(kinds[len(CUBE) :].sum())
    numbers["memories"] = float(len({tuple(signs) for signs in np.sign(outputs).T}))
    basis = fit(states, 3)
    numbers["share"] = 100 * float(basis.shares(states).sum())
    return Trial(run.config.seed, numbers, parts=picture(run, found, basis))


def picture(run: Trainer, found: FixedPoints, basis: Basis) -> dict[str, Points]:
    """In the first three principal components of the visited states: some sequences (x, y, z, number), the fixed points
    (x, y, z, unstable directions), and of each with one the line along which states leave (x, y, z, number)."""
    sequences = run.model.forward(run.task.held_out().x).hidden[0, 1:, :SEQUENCES]
    numbered = [
        (*position, float(number))
        for number in range(sequences.shape[1])
        for position in basis.project(sequences[:, number]).tolist()
    ]
    points = [
        (*position, float(kind))
        for position, kind in zip(basis.project(found.states).tolist(), found.unstable, strict=True)
    ]
    saddles = found.states[found.unstable == 1]
    lines = []
    for number, (state, jacobian) in enumerate(zip(saddles, step_map(run.model).jacobians(saddles), strict=True)):
        values, vectors = np.linalg.eig(jacobian)
        direction = vectors[:, np.abs(values).argmax()].real
        ends = basis.project(np.array([state - LEAVING * direction, state + LEAVING * direction]))
        lines += [(*end, float(number)) for end in ends.tolist()]
    parts = {"states": numbered, "points": points, "leaving": lines}
    return {name: Points(tuple(zip(*rows, strict=True))) for name, rows in parts.items()}


def exactly(quantity: str, label: str, count: int) -> Check:
    """A check that every seed has so many: its number is that of the seed that is farthest from it."""
    farthest = of("tanh", quantity, lambda found: max(found, key=lambda number: abs(number - count)))
    return Check(label, farthest, count, count, form=".0f")


RESULT = Result(
    "flipflop",
    by="Sussillo & Barak 2013",
    card="flipflop",
    title=N_("Holding three bits: the fixed points"),
    claim=N_("A network that holds three bits has a stable state for each of 8 memories, and saddles between them."),
    published=N_("8 stable fixed points, at the corners of a cube, and saddles between them."),
    here=N_(
        "A tanh network of 16 units in steps, in place of one in continuous time, trained with Adam through all "
        "steps. Fixed points are found by Newton's method from 400 states that the network visits."
    ),
    expected=N_(
        "A cube: 8 stable corners, 12 edges with one unstable direction, 6 faces with two, one middle with three. "
        "The states lie in the three directions of the bits, so three principal components have nearly all of them."
    ),
    networks={
        "tanh": Network(
            N_("RNN (tanh)"),
            {"data": "flipflop", "flipflop_bits": 3, "flipflop_sequence_length": 64, "batch_size": 64,
             "cell": "rnn_tanh", "hidden_size": 16, "learning_rate": 0.01},
            2000,
        )
    },
    measure=measure,
    quantities={
        "unstable_0": Quantity(N_("stable fixed points"), ".0f"),
        "unstable_1": Quantity(N_("saddles with 1 unstable direction"), ".0f"),
        "unstable_2": Quantity(N_("saddles with 2 unstable directions"), ".0f"),
        "unstable_3": Quantity(N_("saddles with 3 unstable directions"), ".0f"),
        "others": Quantity(N_("saddles with more unstable directions"), ".0f"),
        "memories": Quantity(N_("memories that stable points hold"), ".0f"),
        "share": Quantity(N_("share of the first three principal components (%)"), ".1f"),
    },
    checks=(
        exactly("unstable_0", N_("stable fixed points"), 8),
        exactly("unstable_1", N_("saddles with 1 unstable direction"), 12),
        exactly("unstable_2", N_("saddles with 2 unstable directions"), 6),
        exactly("unstable_3", N_("saddles with 3 unstable directions"), 1),
        Check(N_("saddles with more unstable directions"), of("tanh", "others", max), high=0, form=".0f"),
        Check(N_("memories that stable points hold, fewest"), of("tanh", "memories", min), 8, form=".0f"),
        Check(N_("share of the first three principal components, lowest (%)"), of("tanh", "share", min), 90),
    ),
    door=Door("memory", {"memory_view": "plane"}),
    picture=Picture(
        "fixed_points",
        "tanh",
        N_("States of some sequences in their first three principal components, with the fixed points between them."),
        N_(
            "Sussillo and Barak drew the states that the network visits in their first three principal components, "
            "the stable fixed points and the saddles in them, and the directions in which states leave the saddles; "
            "so does this chart, seen from one side."
        ),
    ),
)  # fmt: skip
