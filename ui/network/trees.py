"""The tree of the mean states of symbols or words: which the network treats alike (Elman 1990, figures 7 and 8)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from rnn_core import Model
from rnn_core.tasks.base import Task
from rnn_core.tasks.stream import StreamTask

STEPS = 10_000  # of training data that are read
LONGEST = 100  # steps of a sequence, where the data are one stream
MOST = 40  # leaves: the most frequent ones
LEAST = 2  # times that a leaf was read


class Tree(NamedTuple):
    """A hierarchical clustering of n leaves: average linkage, Euclidean distance."""

    names: tuple[str, ...]  # of the leaves, from the first place to the last
    counts: tuple[int, ...]  # how often each was read
    positions: np.ndarray  # (n - 1, 4): of each join the places of its corners, leaf k at k
    heights: np.ndarray  # (n - 1, 4): and their distances
    together: tuple[str, ...]  # the groups whose members stand side by side


class Trees(NamedTuple):
    """The tree of a network, and that of an untrained one of the same size: where training began here, the same."""

    now: Tree
    before: Tree


def trees(model: Model, task: Task, stack: int, by: str) -> Trees | None:
    """Both trees of the means by "symbol" or by "word"; None where there are fewer than three to compare."""
    if task.vocabulary is None:
        return None
    x = _read(task)
    positions = _positions(x, task, task.vocabulary, by)
    if len(positions) < 3:
        return None
    now, before = (_tree(network, x, positions, task, stack) for network in (model, Model(model.config)))
    return Trees(now, before)


def _read(task: Task) -> np.ndarray:
    """(T, B) ids of training data."""
    if isinstance(task, StreamTask):
        ids = task.training_ids[:STEPS]
        long = min(LONGEST, len(ids))
        return np.ascontiguousarray(ids[: len(ids) // long * long].reshape(-1, long).T)
    x = task.block(0, seed=0).x
    x = x.swapaxes(0, 1).reshape(x.shape[1], -1)
    return np.ascontiguousarray(x[:, : max(1, STEPS // len(x))])


def _positions(x: np.ndarray, task: Task, vocabulary: tuple[str, ...], by: str) -> dict[str, np.ndarray]:
    """The steps, in the flat (T, B), at which each leaf has just been read: of a word its last letter."""
    found: dict[str, list[int]] = defaultdict(list)
    if by == "word" and isinstance(task, StreamTask) and task.separator == "":
        for column in range(x.shape[1]):
            begin, letters = None, [vocabulary[i] for i in x[:, column]]
            for t, letter in enumerate([*letters, " "]):
                if letter.isalpha() and begin is None:
                    begin = t
                elif not letter.isalpha() and begin is not None:
                    found["".join(letters[begin:t]).lower()].append((t - 1) * x.shape[1] + column)
                    begin = None
    else:
        for symbol, name in enumerate(vocabulary):
            found[name] = np.flatnonzero(x.ravel() == symbol).tolist()
    known = [(name, np.asarray(steps)) for name, steps in found.items() if len(steps) >= LEAST]
    return dict(sorted(known, key=lambda pair: -len(pair[1]))[:MOST])


def _tree(model: Model, x: np.ndarray, positions: dict[str, np.ndarray], task: Task, stack: int) -> Tree:
    from scipy.cluster.hierarchy import dendrogram, linkage  # half a second that only this thread needs

    hidden = model.forward(x).hidden[stack, 1:].reshape(-1, model.config.hidden_size)
    means = np.array([hidden[steps].mean(axis=0, dtype=np.float64) for steps in positions.values()])
    drawn = dendrogram(linkage(means, "average"), no_plot=True)
    leaves, names = drawn["leaves"], list(positions)
    order = [names[i] for i in leaves]
    return Tree(
        tuple(order),
        tuple(len(positions[name]) for name in order),
        (np.array(drawn["icoord"]) - 5) / 10,  # SciPy's leaves lie at 5, 15, 25, ...
        np.array(drawn["dcoord"]),
        tuple(name for name, members in task.groups.items() if side_by_side(order, members)),
    )


def side_by_side(order: Sequence[str], members: Collection[str]) -> bool:
    """Whether all members stand next to one another.

    >>> side_by_side(["cat", "dog", "eat"], ("dog", "cat")), side_by_side(["cat", "eat", "dog"], ("dog", "cat"))
    (True, False)
    """
    positions = [place for place, name in enumerate(order) if name in members]
    return len(positions) == len(members) and positions[-1] - positions[0] == len(positions) - 1
