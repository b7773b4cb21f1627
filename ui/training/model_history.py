"""Copies of a network at some of its updates, so that it can be looked at as it was. The training thread alone uses
them; a model that is kept is never changed again, so whoever gets it may read it anywhere."""

from rnn_core import Model
from rnn_core.training_loop import MOST as MOST_UPDATES

MOST = 12  # copies
ROOM = 16 * 2**20  # bytes that they may take; the first is kept whatever its size


class ModelHistory:
    """The network at its first update (0, or that of a checkpoint), then at 1, 3, 10, 30, 100, ... and where the reader
    held it. Where there is no room for all, neighbours that are close to one another make room.

    most, room : how many copies, and how many bytes of them. One that the reader holds counts for neither.

    >>> from rnn_core import ModelConfig
    >>> model, model_history = Model(ModelConfig("rnn_tanh", 3, 4, 3)), ModelHistory()
    >>> for update in range(40): model_history.note(update, model)
    >>> model_history.updates, model_history.to_go(40)
    ((0, 1, 3, 10, 30), 60)
    """

    def __init__(self, most: int = MOST, room: int = ROOM):
        self._most, self._room = most, room
        self._kept: dict[int, Model] = {}  # update -> the network after it, in order
        self._pinned: tuple[int, Model] | None = None  # by the reader
        self._next = 0

    def note(self, update: int, model: Model) -> None:
        """The network has come to this update: keep a copy if it is one of those."""
        if update < self._next:
            return
        self._kept[update] = model.copy()
        self._next = _after(update)
        fitting = max(1, min(self._most, self._room // max(model.parameters.nbytes, 1)))
        while len(self._kept) > fitting:
            del self._kept[_closest(list(self._kept))]

    def forget_after(self, update: int) -> None:
        """The network has gone back to this update."""
        self._kept = {known: model for known, model in self._kept.items() if known <= update}
        if self._pinned is not None and self._pinned[0] > update:
            self._pinned = None
        self._next = _after(update) if self._kept else 0

    def to_go(self, update: int) -> int:
        """Updates from this one to the next that is kept, as far as one request goes."""
        return min(max(1, self._next - update), MOST_UPDATES)

    def hold(self, update: int, model: Model) -> int:
        """Keep the network as it is now, in the place of the one that was held before; its update."""
        if update not in self._kept:
            self._pinned = update, model.copy()
        return update

    def at(self, update: int) -> Model | None:
        """The network after that update; None where it is not kept."""
        if self._pinned is not None and self._pinned[0] == update:
            return self._pinned[1]
        return self._kept.get(update)

    @property
    def updates(self) -> tuple[int, ...]:
        """The updates that are kept."""
        pinned = () if self._pinned is None else (self._pinned[0],)
        return tuple(sorted({*self._kept, *pinned}))


def _after(update: int) -> int:
    """The first of 1, 3, 10, 30, ... beyond an update.

    >>> [_after(update) for update in (0, 1, 2, 3, 29, 30, 1000)]
    [1, 3, 3, 10, 30, 100, 3000]
    """
    step = 1
    while 3 * step <= update:
        step *= 10
    return step if update < step else 3 * step


def _closest(updates: list[int]) -> int:
    """Which to leave out: the one between the two neighbours of the smallest ratio; of two the last."""
    if len(updates) < 3:
        return updates[-1]
    inner = range(1, len(updates) - 1)
    return updates[min(inner, key=lambda i: (updates[i + 1] + 1) / (updates[i - 1] + 1))]
