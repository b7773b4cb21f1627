"""What came of a sweep as a file that the browser keeps, and how what is in it is checked."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ui.sweeps.records import Outcome, Place, Plan
from ui.sweeps.trial import POINTS
from ui.training import kept_file
from ui.training.kept_file import checked, finite, need, opened, whole, words
from ui.training.kept_lockstep import in_short

FORMAT = "rnn-lab sweep 1"
NAMES = {"format", "plan", "outcomes", "playing"}
LONGEST = 2000  # characters of why there can be no such network


def content(plan: Plan, outcomes: Mapping[Place, Outcome], playing: bool) -> bytes:
    """The outcomes of a sweep as a file that is not yet compressed."""
    rows = [[*place, *_plain(outcome)] for place, outcome in outcomes.items()]
    facts = {"format": FORMAT, "plan": in_short(plan), "outcomes": rows, "playing": playing}
    curves = b"".join(np.asarray(outcome.curve, "<f8").tobytes() for outcome in outcomes.values())
    return kept_file.content(facts, curves)


def read(data: bytes, plan: Plan) -> tuple[dict[Place, Outcome], bool]:
    """The outcomes in a file, and whether their sweep was training. CheckpointError, saying what is wrong, for whatever
    is no such file, or one of another plan."""
    with checked():
        facts, curves = opened(data)
        need(isinstance(facts, dict) and set(facts) == NAMES and facts["format"] == FORMAT, "it is no sweep")
        need(facts["plan"] == in_short(plan), "the sweep is not the one that this page has")
        places, found = set(plan.places), dict[Place, Outcome]()
        points, begin = np.frombuffer(curves, "<f8").reshape(-1, 2).tolist(), 0
        for column, row, seed, *outcome, count in facts["outcomes"]:
            place, end = (column, row, seed), begin + whole(count, 0, POINTS)
            need(place in places and place not in found, "an outcome is not one of this plan")
            need(end <= len(points), "a curve has no end")
            found[place] = _outcome(plan.budget, points[begin:end], *outcome)
            begin = end
        return found, facts["playing"] is True


def _plain(outcome: Outcome) -> list[Any]:
    """An outcome as JSON has it: what is not finite is null, and of the curve it has the number of points."""
    *numbers, curve = outcome
    finite_ones = [None if isinstance(one, float) and not math.isfinite(one) else one for one in numbers]
    return [*finite_ones, len(curve)]


def _outcome(
    budget: int,
    curve: list[list[float]],
    updates: Any,
    loss: Any,
    right: Any,
    diverged: Any,
    chance: Any,
    problem: Any,
) -> Outcome:
    return Outcome(
        whole(updates, 0, budget),
        math.nan if loss is None else finite(loss),
        finite(right),
        diverged is True,
        math.nan if chance is None else finite(chance),
        words(problem, 0, LONGEST),
        tuple((whole(int(finite(update)), 0, budget), finite(mean)) for update, mean in curve),
    )
