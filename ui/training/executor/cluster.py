"""The connection to a Dask scheduler, where one is named: whoever asks here is answered at once.

A thread of its own connects, looks at the workers and notes when the scheduler is gone. Distributed is loaded there, if
at all.
"""

import functools
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Set
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ui.environment import ASK, SCHEDULER, scheduler, well_formed
from ui.training.executor.identity import Difference, identity

if TYPE_CHECKING:
    from distributed import Client, Future

    from ui.training.executor.executor import Call

PATIENCE = 5.0  # seconds that a connection may take
ANSWER = 6.0  # seconds that the scheduler may take to answer: one that is frozen keeps its connections
LOOK = 0.5  # seconds between two looks at the workers
ALONE = 15.0  # seconds without a worker after which nobody waits for one any more
AGAIN = 10.0  # seconds after which a scheduler that was not there is looked for anew
LOG = logging.getLogger(__name__)


class State(NamedTuple):
    """State of a connection. refused : what differs between each worker that gets no trials and this app; a worker on
    which this app cannot be loaded differs in nothing that it could name."""

    kind: Literal["connecting", "ready", "missing", "unreachable", "lost", "alone"]
    places: int = 0  # trials that train at a time
    refused: tuple[tuple[Difference, ...], ...] = ()


class Cluster:
    """A scheduler and its workers.

    running : of each trial in training, by the name of its future: progress, seconds. crew : how often all workers have
    gone. Dask does not give what waited for them to those that join later, which have their resource a moment too late.
    """

    def __init__(self, address: str) -> None:
        self.address, self.state = address, State("connecting")
        self.running: Mapping[str, tuple[float, float]] = {}
        self.crew = 0
        self._workers: Set[str] = frozenset()
        self.connected = threading.Event()  # or known not to be
        self._ended = threading.Event()
        self._since = self._joined = time.monotonic()
        self._client: Client | None = None
        self._train: Callable[[Call], Any] | None = None
        self._thread = threading.Thread(target=self._watch, name="cluster", daemon=True)
        self._thread.start()

    @property
    def stale(self) -> bool:
        """Whether it has failed, long enough ago to try anew."""
        return self.state.kind not in ("connecting", "ready") and time.monotonic() - self._since > AGAIN

    def submit(self, call: "Call", ended: Callable[["Future"], None]) -> "Future":
        """Train this as soon as a worker has time; calls ended(future), from another thread."""
        if self._client is None or self._train is None:
            raise RuntimeError("there is no connection yet; wait until it is ready")
        future = self._client.submit(
            functools.partial(self._train, call),  # whose arguments Dask does not look into
            key=f"{call.function.__name__}-{uuid.uuid4().hex}",  # Dask estimates how long each kind takes
            resources={self._name: 1},
        )
        future.add_done_callback(ended)
        return future

    def lose(self) -> None:
        """The connection is of no use any more."""
        if not self._ended.is_set():
            self._fail("lost")

    def close(self) -> None:
        """End the connection; trials that are under way end, too."""
        self._ended.set()
        self._thread.join()

    def _fail(self, kind: Literal["missing", "unreachable", "lost", "alone"]) -> None:
        self.state, self._since = self.state._replace(kind=kind, places=0), time.monotonic()
        self._ended.set()

    def _watch(self) -> None:
        try:
            if self._connect():
                self.connected.set()
            while not self._ended.wait(LOOK):
                self._look()
        except Exception as error:  # whatever the network, or the other side, came up with
            kind: Literal["lost", "unreachable"] = "lost" if self.connected.is_set() else "unreachable"
            LOG.warning("scheduler %s is %s: %s", self.address, kind, error)
            self._fail(kind)
        finally:
            self.connected.set()
            if self._client is not None:
                self._client.close(timeout=1)

    def _connect(self) -> bool:
        """Whether there is a connection."""
        try:
            from distributed import Client
        except ImportError:
            LOG.warning("%s is set, but distributed is not installed: requirements-cluster.txt has it", SCHEDULER)
            self._fail("missing")
            return False
        from ui.training.executor.remote import Joining, train

        for name in ("distributed", "distributed.client"):  # what becomes of the connection is told here, in one line
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        joining = Joining(identity())
        self._name, self._train = joining.name, train
        self._client = Client(self.address, timeout=PATIENCE, set_as_default=False, name="rnn-lab")
        try:
            self._client.register_plugin(joining, name=joining.name)
        except Exception:  # of one of the workers, on which this app is not installed; the others have it
            LOG.warning("a worker of %s cannot load this app and gets no trials", self.address, exc_info=True)
        self._joined = time.monotonic()
        self._look()
        return True

    def _look(self) -> None:
        """Count the workers, and read what they say."""
        if self._client is None or self._client.status != "running":
            self._fail("lost")
            return
        # scheduler_info() returns what the client remembers: its own refresh may just have left out all workers
        identity = self._client.scheduler.identity
        known = self._client.sync(identity, n_workers=-1, callback_timeout=ANSWER)["workers"]
        workers, taking = known.values(), {name for name, one in known.items() if self._name in one["resources"]}
        places = sum(int(known[name]["resources"][self._name]) for name in taking)
        reports = [worker["metrics"].get(self._name) for worker in workers if self._name not in worker["resources"]]
        running = [worker["metrics"].get(self._name) for worker in workers]
        self.running = {
            key: state for report in running if report is not None for key, state in report["running"].items()
        }
        refused = tuple(tuple(map(tuple, report["differing"])) for report in reports if report is not None)
        if refused != self.state.refused:
            LOG.warning("workers that differ from this app get no trials (what, there, here): %s", refused)
        if taking:
            self._joined = time.monotonic()
        if not taking & self._workers:
            self.crew += 1
        self._workers = taking
        if not self._ended.is_set():
            self.state = State("ready", places, refused)
            if time.monotonic() - self._joined > ALONE:
                self._fail("alone")


_shared: Cluster | None = None
_chosen = ""  # by the reader
_lock = threading.Lock()


def named() -> str:
    """The address of the scheduler that the environment or the reader names; empty where nobody does."""
    given = scheduler()
    return _chosen if given == ASK else given


def choose(address: str) -> None:
    """Have sweeps train on the scheduler at this address from now on; none: in the app. Only who has started the server
    may do so: what comes from a scheduler is unpickled."""
    global _chosen
    if scheduler() != ASK or not (address == "" or well_formed(address)):
        raise ValueError(f"address is {address!r}; expected tcp://host:port where {SCHEDULER} is {ASK!r}")
    _chosen = address
    shared()


def shared() -> Cluster | None:
    """The cluster that is named; None where none is. One that failed is tried anew after a while."""
    global _shared
    address = named()
    with _lock:
        if _shared is not None and _shared.address != address:
            _shared.lose()
            _shared = None
        if not address:
            return None
        if _shared is None or _shared.stale:
            _shared = Cluster(address)
        return _shared
