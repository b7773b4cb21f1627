"""A run as it was after several of its updates, one after the other: for a film of it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rnn_core import Trainer
from rnn_core.training_loop import History
from ui.training.background import Progress
from ui.training.history import Begun, Record
from ui.training.model_history import Observe, before
from ui.training.snapshot import View
from ui.training.training_state import capture

if TYPE_CHECKING:
    from ui.training.run import Run


class Reel:
    """The past of a run, taken by its training thread; any other thread makes the views.

    updates : after which it is shown, in order. newest : a view of the run now.
    """

    def __init__(self, run: "Run", updates: Sequence[int], newest: View):
        self.updates, self.newest = tuple(updates), newest
        self._history, self._of_run = run.model_history.until(run.update), run.model_history
        self._trainer = run.trainer.nbytes
        self._moments = [run.moment(update) for update in self.updates]

    @property
    def nbytes(self) -> int:
        """Bytes that it takes beside the run: a network to replay, and copies that the run no longer has."""
        return self._trainer + self._history.beyond(self._of_run)

    def views(self, progress: Progress) -> Iterator[View]:
        """A view after each update. It ends early where it is no longer wanted, or the run diverges.

        progress(share) : is told how far it is, and says whether to go on.
        """
        start, count = None, len(self.updates)
        begun: Begun = {}
        for place, (update, moment) in enumerate(zip(self.updates, self._moments, strict=True)):
            replay = self._history.replay(update)
            if start is not None and start.update >= replay.start.update:  # from the moment before
                changes = [change for change in before(update, self._history.changes) if change.update >= start.update]
                replay = replay._replace(start=start, begun=begun, changes=tuple(changes))
            record = moment.record_from(replay)
            trainer = replay.run(lambda share, done=place: progress((done + share) / count), _noted_in(record))
            if trainer is None or trainer.update != update or not progress((place + 1) / count):
                return
            start, begun = capture(trainer), record.begun()
            yield moment.at(trainer).view(complete=True)


def _noted_in(record: Record) -> Observe:
    """What enters the updates of a replay into a record."""

    def note(_trainer: Trainer, made: History) -> None:
        record.append(made.loss, made.grad_norm, made.clip_factor)

    return note
