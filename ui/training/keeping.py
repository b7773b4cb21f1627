"""What a session does so that its network outlives the server: the browser fetches it as a file, and brings it back."""

import math
import secrets
import time
from zlib import crc32

from ui.training.background import Job, Progress
from ui.training.kept_file import Kept
from ui.training.kept_run import KeptRun, content, tidy_name, unpack
from ui.training.looking_back import LooksBack
from ui.training.memory import BUDGET
from ui.training.run import Run
from ui.training.shelf import ShelvedRun, shelved
from ui.training.snapshot import Setup, Training

WORTH_KEEPING = 5.0  # seconds after which a run is one of the list, when another takes its place
SHELVES = "shelves"  # in the budget of memory
BESIDE = "beside"  # the same: a run that is trained for the list


class KeepsRuns(LooksBack):
    """A session whose network can be kept elsewhere and come back. Those who inherit train it."""

    def __init__(self) -> None:
        super().__init__()
        self._since = time.monotonic()  # that the present run is the present one
        self._returned: tuple[KeptRun, bool] | None = None  # from the browser, until the page's script takes it up
        self._unwanted = ""  # identity of the present run that the reader has deleted, until another takes its place
        self.beside: Job[int, str] = Job()  # another run, trained for the list

    def bring(self, kept: KeptRun, instead: bool) -> None:
        """The browser has brought this run. instead : it takes the place of the present one, which nobody asked for;
        else it is a copy of a run that may be in training elsewhere, and goes its own way."""
        if not instead:
            kept.run.identity = secrets.token_hex(8)
        self._returned, self.returning = (kept, instead), instead

    def take_up(self) -> Run | None:
        """Go on with the run that the browser has brought; the page's next request, whatever it says, describes it."""
        returned, self._returned = self._returned, None
        if returned is None:
            return None
        self._wanted = None
        self._commands.put(self._do_take_up, *returned)
        return returned[0].run

    @property
    def runs(self) -> tuple[ShelvedRun, ...]:
        """All runs of the session by their numbers, as they are now; the present one without its file."""
        run, view = self._run, self._snapshot.view
        if not isinstance(run, Run) or view is None or view.run != run.number:
            return self.shelf.runs
        facts = run.identity, run.ordinal, run.name, view.setup, view.training, view.update
        course = view.curve, view.held_out, view.first, view.changes
        others = [one for one in self.shelf.runs if one.identity != run.identity]  # while another takes its place
        return tuple(sorted([*others, ShelvedRun(*facts, *course, self.settings, b"")], key=lambda one: one.ordinal))

    def put_on_shelf(self, kept: KeptRun, settings: str) -> None:
        """The browser has brought a run that did not train. settings : of its page, in short."""
        run = shelved(kept.run, kept.playing, settings)
        if BUDGET.take(SHELVES, self.key, self.shelf.nbytes + len(run.file)):
            self.shelf.put(run)
            self._runs = max(self._runs, run.ordinal)

    def train_beside(self, setup: Setup, training: Training, update: int) -> None:
        """Train a run of these settings to that update, in the background, and put it on the list."""
        number = self._runs + 1

        def make(progress: Progress) -> str | None:
            run = Run(number, setup, training, self._sample_choice)
            if not BUDGET.take(BESIDE, self.key, run.nbytes):
                raise MemoryError
            past = run.rewind(update)(progress)
            if past is None:
                return None
            past.view(complete=True)
            self.put_on_shelf(KeptRun(past, False), "")
            return past.identity

        def made(progress: Progress) -> str | None:
            try:
                return make(progress)
            finally:
                BUDGET.give_back(BESIDE, self.key)

        self.beside.request((setup, training, update), number, made, patient=False)

    def return_to(self, identity: str) -> Run | None:
        """Exchange the network for that of a shelved run; the page's next request describes it. None: there is none."""
        run, present = self.shelf.get(identity), self._run
        if run is None:
            return None
        playing = self._playing or (present is not None and present.diverged)  # only the divergence stopped it
        self._returned = unpack(run.file, 0, self._sample_choice)._replace(playing=playing), False
        return self.take_up()

    def rename(self, identity: str, name: str) -> None:
        """Give a run another name, as far as it can be seen."""
        name, present = tidy_name(name), self._run
        if isinstance(present, Run) and present.identity == identity:
            present.name = name
        else:
            self.shelf.rename(identity, name)

    def delete(self, identity: str) -> Run | None:
        """Forget a run. Where it is the present one, the newest of the others takes its place, which is what comes
        back and what the page's next request describes; or it starts over where there is no other."""
        present = self._run
        if not isinstance(present, Run) or present.identity != identity:
            self.shelf.delete(identity)
            return None
        self._unwanted = identity
        others = [run for run in self.shelf.runs if run.identity != identity]
        if others:
            return self.return_to(others[-1].identity)
        self.reset()
        return None

    # The thread's side

    def _note_settings(self) -> None:
        """The present run is the one that the page's settings ask for, unless that was refused."""
        if isinstance(self._run, Run) and self._refusal is None:
            self._run.settings = self.settings

    def _set_aside(self, replacement: Run) -> None:
        """Put the present run on the shelf, unless it has hardly been there; the one in its place is there no more."""
        self._shelve(replacement)
        super()._set_aside(replacement)

    def _shelve(self, replacement: Run) -> None:
        run, now = self._run, time.monotonic()
        if not isinstance(run, Run) or not isinstance(replacement, Run):
            return
        unwanted, self._unwanted = run.identity == self._unwanted, ""
        worth = run.update and (now - self._since >= WORTH_KEEPING or run.name or self.shelf.get(run.identity))
        self._since, replacement.settings = now, replacement.settings or run.settings
        self.shelf.take(replacement.identity)
        if unwanted:
            self.shelf.delete(run.identity)
        elif worth and BUDGET.take(SHELVES, self.key, self.shelf.nbytes + run.trainer.nbytes):
            self.shelf.put(shelved(run, self._playing, run.settings))
            BUDGET.take(SHELVES, self.key, self.shelf.nbytes)

    def _kept(self, known: str) -> Kept | None:
        run = self._run
        if not isinstance(run, Run) or self.returning:
            return None
        playing = self._playing and not run.diverged
        state = run.identity, run.update, run.model_history.changes, run.training, run.name, playing, self.settings
        stamp = f"{crc32(repr(state).encode()):08x}"
        file = None if stamp == known else content(run, playing)
        return Kept(run.identity, stamp, run.update, self.settings, file)

    def _do_take_up(self, kept: KeptRun, instead: bool) -> None:
        try:
            self._take_the_place(kept, instead)
        finally:
            self.returning = False

    def _take_the_place(self, kept: KeptRun, instead: bool) -> None:
        run = kept.run
        self._runs = run.number = max(self._runs + 1, run.ordinal)
        run.choose_sample(self._sample_choice)
        if not self._room_for(run):
            self._unwanted = ""
            self._refuse(run)
            return
        self._playing = kept.playing
        if instead:
            self._run = self._former = None
        self._replace(run, self._granted)
        self._adopts, self._since = True, -math.inf  # it was a run before, however soon another takes its place
