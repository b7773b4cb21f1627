"""An executor of trials: here, in the thread that asks for them, one after the other.

A call is a function that can be imported, with its arguments: a generator, which yields its progress and returns its
result. The same arguments give the same result to the last bit, wherever and in whatever pieces it runs.
"""

import time
from collections.abc import Callable, Generator, Hashable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)


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
    """Runs the calls of one sweep. One thread at a time may use it; `running` may be read from any.

    clock : the time in seconds.

    >>> def count(n):
    ...     yield from range(n)
    ...     return f"counted to {n}"
    >>> [done.result for done in Executor().run({"a": Call(count, (2,)), "b": Call(count, (3,))})]
    ['counted to 2', 'counted to 3']
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: dict[Key, Generator[float, None, Any]] = {}
        self.running: Mapping[Key, Running] = {}

    def work(self, ready: Mapping[Key, Call], seconds: float) -> list[Done[Key]]:
        """Work for about so long, until a call has ended at most; those that have ended.

        ready : what may run by now, also what is under way, in the order in which it should. What a call raises is
        raised here, and the call is forgotten.
        """
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
