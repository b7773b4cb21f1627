"""An executor of trials: in the thread that asks for them, one after the other; on a Dask cluster where there is one.

A call is a function that can be imported, with its arguments: a generator, which yields its progress and returns its
result. The same arguments give the same result to the last bit, wherever and in whatever pieces it runs.
"""

import logging
import queue
import time
from collections.abc import Callable, Generator, Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from threadpoolctl import threadpool_limits

from ui.training.executor.cluster import Cluster, State, shared

if TYPE_CHECKING:
    from distributed import Future

Key = TypeVar("Key", bound=Hashable)
FETCH = 5.0  # seconds that the result of a trial may take from its worker
LOG = logging.getLogger(__name__)


class Call(NamedTuple):
    """What is to be run."""

    function: Callable[..., Generator[float, None, Any]]
    arguments: tuple[Any, ...]


class Running(NamedTuple):
    """A call that has begun: what it yielded last, and the seconds that it took so far."""

    progress: float = 0
    seconds: float = 0.0


class Done(NamedTuple, Generic[Key]):
    """A call that has ended, and the seconds that it took."""

    key: Key
    result: Any
    seconds: float


class Executor(Generic[Key]):
    """Runs the calls of one sweep. One thread at a time may use it; `running` and `state` may be read from any.

    clock : the time in seconds, for calls that run here. cluster : called before the first call, and after a rest.

    >>> def count(n):
    ...     yield from range(n)
    ...     return f"counted to {n}"
    >>> calls = {"a": Call(count, (2,)), "b": Call(count, (3,))}
    >>> [done.result for done in Executor(cluster=lambda: None).run(calls)]
    ['counted to 2', 'counted to 3']
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, cluster: Callable[[], Cluster | None] = shared
    ) -> None:
        self.running: Mapping[Key, Running] = {}
        self.state: State | None = None  # of the cluster as it was last; None: there is none
        self._clock, self._find = clock, cluster
        self._begun: dict[Key, Generator[float, None, Any]] = {}  # here
        self._cluster: Cluster | None = None
        self._sought = False  # whether a cluster was looked for
        self._futures: dict[Key, Future] = {}  # on the cluster
        self._crew = 0  # to which they were given
        self._ended: queue.SimpleQueue[tuple[Key, Future, Any]] = queue.SimpleQueue()

    def here(self) -> bool:
        """Whether the thread that asks for the next piece of work does it, and does not only wait for it."""
        if not self._sought:
            threadpool_limits(1, user_api="blas")  # as workers have it: the same sums in the same order
            self._sought, self._cluster = True, self._find()
        if self._cluster is not None:
            self.state = self._cluster.state
            if self.state.kind not in ("connecting", "ready"):  # what is left is done here
                self._cluster = None
                self._forget()
        return self._cluster is None

    @property
    def places(self) -> int:
        """Calls that run at a time, about."""
        return max(1, self.state.places) if self.state is not None else 1

    def work(self, ready: Mapping[Key, Call], seconds: float) -> list[Done[Key]]:
        """Work, or wait, for about so long, until a call has ended at most; those that have ended.

        ready : what may run by now, also what is under way, in the order in which it should. What a call raises is
        raised here, and the call is forgotten.
        """
        if not self.here() and self._cluster is not None:
            return self._wait(self._cluster, ready, seconds)
        end = self._clock() + seconds
        key, call = next(iter(ready.items()))
        while True:
            done = self._advance(key, call)
            if done is not None:
                return [done]
            if self._clock() >= end:
                return []

    def run(self, calls: Mapping[Key, Call]) -> Iterator[Done[Key]]:
        """All of them, each as soon as it has ended."""
        left = dict(calls)
        while left:
            for done in self.work(left, 1.0):
                del left[done.key]
                yield done

    def rest(self) -> None:
        """Stop until there is work again. Here a call goes on where it was; on the cluster it ends, and begins anew."""
        self._forget()
        self._sought = False

    def _advance(self, key: Key, call: Call) -> Done[Key] | None:
        """One piece of a call, up to what it yields next."""
        before = self.running.get(key, Running())
        looks = self._begun.pop(key, None) or call.function(*call.arguments)
        others = {other: state for other, state in self.running.items() if other != key}
        begin = self._clock()
        try:
            progress = next(looks)
        except BaseException as end:
            self.running = others
            if isinstance(end, StopIteration):
                return Done(key, end.value, before.seconds + self._clock() - begin)
            raise
        self._begun[key] = looks
        self.running = {**others, key: Running(progress, before.seconds + self._clock() - begin)}
        return None

    # On a cluster

    def _wait(self, cluster: Cluster, ready: Mapping[Key, Call], seconds: float) -> list[Done[Key]]:
        """Submit what is not under way yet, and wait for results."""
        if not cluster.connected.is_set():
            cluster.connected.wait(seconds)
            return []
        if self._crew != cluster.crew:
            self._forget()
            self._crew = cluster.crew
        self._begun.clear()
        for key, call in ready.items() if cluster.state.places else ():
            if key not in self._futures:
                self._futures[key] = cluster.submit(call, self._ending(cluster, key))
        try:
            ended = [self._ended.get(timeout=max(0.0, seconds))]
            while not self._ended.empty():
                ended.append(self._ended.get())
        except queue.Empty:
            ended = []
        done = [one for key, future, outcome in ended if (one := self._taken(key, future, outcome)) is not None]
        known = cluster.running
        self.running = {
            key: Running(*known[future.key]) for key, future in self._futures.items() if future.key in known
        }
        return done

    def _ending(self, cluster: Cluster, key: Key) -> Callable[["Future"], None]:
        """What is called when a trial has ended, from another thread."""

        def ended(future: "Future") -> None:
            outcome: Any = None  # its worker is gone, or going: it runs again
            try:
                if future.status == "finished":
                    outcome = future.result(timeout=FETCH)
                elif future.status == "error":
                    outcome = future.exception(timeout=FETCH)
                elif self._futures.get(key) is future:  # nobody has cancelled it: the connection is lost
                    cluster.lose()
            except Exception:
                LOG.warning("the result of a trial could not be fetched", exc_info=True)
            self._ended.put((key, future, outcome))

        return ended

    def _taken(self, key: Key, future: "Future", outcome: Any) -> Done[Key] | None:
        """What a trial came to; None where it runs again, or nobody wants it."""
        if self._futures.get(key) is not future:
            return None
        del self._futures[key]
        if isinstance(outcome, BaseException):
            raise outcome
        return None if outcome is None else Done(key, *outcome)

    def _forget(self) -> None:
        """Let the cluster stop what it has not finished."""
        futures, self._futures = self._futures, {}
        for future in reversed(futures.values()):  # first those that wait: none begins in the place of one that ends
            future.release()
        self.running = {key: state for key, state in self.running.items() if key in self._begun}
