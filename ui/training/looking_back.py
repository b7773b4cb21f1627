"""What a session does with the past of its network: look at it, go on from there."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ClassVar

from ui.training.background import Job, Progress
from ui.training.commands import Answer, answer, last
from ui.training.memory import BUDGET
from ui.training.model_history import LARGE_ROOM, MOST_ROOM, PART, ROOM
from ui.training.named import sessions
from ui.training.past import Choice, Past
from ui.training.reel import Reel
from ui.training.run import Run
from ui.training.snapshot import Network, Notice, Remedy, Setup, Snapshot, Trial, View
from ui.training.weights import NewWeights
from ui.training.worker import Worker

PASTS = "pasts"  # in the budget of memory: moments that are looked at
MOST_STOPS = 120  # updates of a film
LEAST_TRIAL = 200  # updates: a remedy is judged after no fewer


class LooksBack(Worker[Setup, Run, View]):
    """A session that can show its network as it was. Those who inherit say how a run is made."""

    def __init__(self) -> None:
        super().__init__()
        self.past = Past()
        self._trials: Job[int, bool] = Job()  # replays to where a remedy is tried from
        self._tried: Remedy | None = None
        self._origins: dict[str, tuple[str, Network, Network]] = {}  # of a trial: the run before, its network, its own
        self._judged: set[str] = set()  # trials that made all their updates, or diverged

    @property
    def shown(self) -> Snapshot:
        """Snapshot that was published last, with the moment in it that the reader looks at."""
        return self.past.in_place_of(self._snapshot)

    @property
    def _moment(self) -> int:
        return self.past.number

    def look(self, update: int | None) -> bool:
        """Look at the network as it was after that update, or will be; None: at the newest."""
        return self._commands.put(self._do_look, self.past.choose(update), fold=last)

    def fork(self) -> bool:
        """Go on from the moment that is looked at, paused, with the settings of now; the run before can be brought
        back."""
        return self._commands.put(self._do_fork, fold=last)

    commands: ClassVar = {"fork": fork}

    def set_weights(self, new: NewWeights) -> bool:
        """Go on with other weights, from the moment that is looked at."""
        return self._commands.put(self._do_set_weights, new)

    @property
    def stops(self) -> list[int]:
        """The updates that a film of the run shows, in order."""
        run = self._run
        return run.model_history.stops(run.update, MOST_STOPS) if isinstance(run, Run) else []

    def try_out(self, remedy: Remedy) -> None:
        """Go on with this remedy from where it begins, or with the network that it is; the page's controls say the same
        from now on. The run before can be brought back."""
        self._wanted = remedy.setup, remedy.training
        self._commands.put(self._do_try_out, remedy)

    def reel(self) -> "Future[Reel | None]":
        """The past of the run for a film, taken between two slices of its training; None before the first run."""
        future: Future[Reel | None] = Future()
        self._commands.put(self._do_reel, future)
        return future

    @property
    def trying(self) -> Remedy | None:
        """The remedy to whose beginning the run is being replayed."""
        return self._tried if self._trials.subject is not None else None

    @property
    def tried(self) -> list[Network]:
        """The networks from which trials led to the present run, and those that were tried from it and judged."""
        run, origins = self._run, dict(self._origins)
        if not isinstance(run, Run):
            return []
        found = [own for trial, (before, _, own) in origins.items() if before == run.identity and trial in self._judged]
        identity = run.identity
        while identity in origins:
            identity, without, _own = origins[identity]
            found.append(without)
        return found

    # The thread's side

    def _do_reel(self, future: "Future[Reel | None]") -> None:
        run, view = self._run, self._snapshot.view
        answer(
            future, lambda: None if run is None or view is None else Reel(run, [*self.stops[:-1:2], run.update], view)
        )

    def _do_look(self, choice: Choice) -> None:
        self.past.look(self._run, choice)

    def _look(self) -> None:
        self.past.look(self._run)

    def _set_aside(self, replacement: Run) -> None:
        run = self._run
        if run is not None:
            self.past.leave()
            if run.trial is not None and (run.diverged or run.update >= run.trial.end):
                self._judged.add(run.identity)

    def _do_fork(self, new: NewWeights | None = None) -> None:
        """new : weights with which it goes on from there."""
        present, past = self._run, self.past.of(self._run)
        if present is None or past is None or past is present:
            return
        self._playing = False
        fork = past.fork(self._runs + 1, present)
        if new is not None:
            fork.set_weights(new)
        if self._room_for(fork):
            self._replace(fork, self._granted)
            self._publish(notice=Notice("forked", {"update": fork.update}))
        else:
            self._refuse(fork)

    def _do_set_weights(self, new: NewWeights) -> None:
        run = self._run
        if run is None or self.past.of(run) is not run:
            self._do_fork(new)
            return
        run.set_weights(new)
        if self._training:
            run.train(1)  # the picture of this update was that of the weights before
        self._publish()

    def _do_try_out(self, remedy: Remedy) -> None:
        run = self._run
        if run is None:
            return
        if remedy.setup != run.setup:
            other = self._make(remedy.setup, remedy.training)
            other.parent = run.as_parent(0)
            self._take_up(other, remedy)
            return
        self._tried, rewind = remedy, run.rewind(remedy.begin)

        def make(progress: Progress) -> bool:
            past = rewind(progress)
            return past is not None and self._commands.put(self._do_fork_to_try, past, remedy)

        self._trials.request((run.number, remedy), self._runs, make, patient=False)

    def _do_fork_to_try(self, past: Run, remedy: Remedy) -> None:
        """The run as it was where the remedy begins is there."""
        present = self._run
        if present is not None and present.number == past.number:
            self._take_up(past.fork(self._runs + 1, present, remedy.training), remedy)

    def _take_up(self, run: Run, remedy: Remedy) -> None:
        """Train a run that tries a remedy."""
        present = self._run
        if present is None:
            return
        begin = run.update
        end = max(present.update, begin + LEAST_TRIAL)
        run.trial = Trial(remedy.diagnosis, present.setup, present.training, begin, end)
        if self._room_for(run):
            without, own = (present.setup, present.training), (remedy.setup, remedy.training)
            self._origins[run.identity] = present.identity, without, own
            self._playing = True
            self._replace(run, remedy.setup)
        else:
            self._refuse(run)

    def _do_ask(self, function: Callable[[Any], Answer], future: Future[Answer]) -> None:
        answer(future, lambda: function(self.past.of(self._run)))

    def _take_room(self) -> None:
        """Let the copies of the run have twice the memory, and twice that, as far as they need it and the server has
        it."""
        run = self._run
        while isinstance(run, Run) and (history := run.model_history).crowded:
            most = MOST_ROOM
            if BUDGET.free > BUDGET.limit // 2:
                most = max(most, min(LARGE_ROOM, BUDGET.limit // PART))
            more = min(2 * history.room, most)
            if more <= history.room or not self._reserve(self.reserved + more - history.room):
                return
            history.limit(more)

    def _thin_former(self) -> None:
        """The copies of a run that another one has replaced take no more than those of a new one."""
        if self._former is not None and isinstance(self._former[0], Run):
            copies = self._former[0].model_history
            copies.limit(min(copies.room, ROOM))


BUDGET.count(PASTS, lambda: sum(one.past.nbytes for one in sessions() if isinstance(one, LooksBack)))
