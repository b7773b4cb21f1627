"""The network as it was after an update, while another thread trains it on: replayed in the background."""

from dataclasses import replace
from typing import Any, NamedTuple

from ui.training.background import Job, Progress
from ui.training.model_history import before
from ui.training.nearby import Nearby
from ui.training.run import Run
from ui.training.snapshot import Look, Snapshot, View


class Choice(NamedTuple):
    """The reader's choice of a moment."""

    update: int | None  # None: the newest
    number: int  # of the choice


class Past:
    """The moment of a session's network that the reader looks at. Any thread may `choose` and ask; what is `chosen`
    reaches the training thread as a command, which says of which run it is."""

    def __init__(self) -> None:
        self.number = 0  # changes with whatever there is to show
        self._asked = self._chosen = Choice(None, 0)
        self._job: Job[None, tuple[Run, View]] = Job(self._changed)
        self._subject: Any = None  # what is wanted; None: the newest network
        self._shown: tuple[Run, View] | None = None  # what was made last
        self._nearby: Nearby | None = None  # copies on the way there

    def choose(self, update: int | None) -> Choice:
        """The reader chooses this moment."""
        self._asked = Choice(update, self._asked.number + 1)
        return self._asked

    @property
    def wanted(self) -> int | None:
        """The update that the reader has chosen; None: the newest."""
        return (self._chosen if self._chosen.number == self._asked.number else self._asked).update

    @property
    def nbytes(self) -> int:
        """Bytes that the moment takes beside the run."""
        shown, nearby = self._shown, self._nearby
        trainer = 0 if shown is None else shown[0].trainer.nbytes
        return trainer + (0 if nearby is None else nearby.nbytes)

    # The training thread's side

    def look(self, run: Run | None, choice: Choice | None = None) -> None:
        """Look at this run at the moment that was chosen: now, or before. Called whenever the choice has changed, or
        the run, its settings, or the sequence that is shown."""
        self._chosen = choice or self._chosen
        update = self._chosen.update
        if update is None or not isinstance(run, Run):
            self._look_at_newest()
            return
        moment = run.number, update, before(update, run.model_history.changes)
        subject = (*moment, run.sample_choice)
        if subject == self._subject:
            return
        known: Any = self._job.done
        self._nearby = Nearby(run.number, run.model_history, self._nearby)
        rewind = run.rewind(update, self._nearby)

        def make(progress: Progress) -> tuple[Run, View] | None:
            there = known.result is not None and known.subject[:3] == moment
            past = known.result[0] if there else rewind(progress)
            if past is None:
                return None
            past = past.with_sample(subject[3])
            return past, past.view(complete=True)

        self._subject = subject
        self._job.request(subject, None, make, patient=False)
        self._changed()

    def leave(self) -> None:
        """Another network takes the place of the run."""
        self._chosen = self._chosen._replace(update=None)
        self._look_at_newest()

    def _look_at_newest(self) -> None:
        if self._subject is not None:
            self._job.cancel()
            self._subject = self._shown = self._nearby = None
            self._changed()

    def _changed(self) -> None:
        done = self._job.done
        if self._subject is not None and done.subject == self._subject and done.result is not None:
            self._shown = done.result
        self.number += 1

    # For whoever shows it

    def of(self, run: Run | None) -> Run | None:
        """This run as it was; the run itself where the newest network is looked at. While another moment is replayed,
        it is the one before."""
        shown, subject = self._shown, self._subject
        if run is None or shown is None or subject is None:
            return run
        return shown[0] if subject[0] == run.number == shown[0].number else run

    def in_place_of(self, snapshot: Snapshot) -> Snapshot:
        """The same with the moment that is looked at."""
        newest, subject, shown = snapshot.view, self._subject, self._shown
        if newest is None or subject is None or subject[0] != newest.run:
            return snapshot
        wanted, done, under_way = subject[1], self._job.about(subject), self._job.under_way(subject)
        look = Look(wanted, None, self._job.share if under_way else None, done.error)
        if shown is None or shown[1].run != newest.run:
            return replace(snapshot, look=look)
        diverged = not under_way and shown[1].update < wanted
        look = look._replace(newest=newest, problem="diverged" if diverged else look.problem)
        return replace(snapshot, view=shown[1], look=look)
