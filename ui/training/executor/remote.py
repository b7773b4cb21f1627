"""What runs in a worker of Dask: who may join, and one trial, which can be stopped."""

import functools
import logging
import time
from collections.abc import Mapping
from typing import Any

from distributed import Status, Worker, WorkerPlugin, get_worker
from threadpoolctl import threadpool_limits

from ui.training.executor.executor import Call
from ui.training.executor.identity import differences, digest_of, identity

LOG = logging.getLogger(__name__)
ENDED = (Status.closing, Status.closed, Status.failed)
_running: dict[str, tuple[float, float]] = {}  # the trials in training: progress, seconds of processor time
_cancelled: set[str] = set()


class Joining(WorkerPlugin):
    """Compares a worker with the app when it joins. One that is alike has a resource of this name, which trials need;
    of another, the metric of this name says what differs."""

    def __init__(self, app: Mapping[str, str]) -> None:
        self._app, self.name = app, name_of(app)

    async def setup(self, worker: Worker) -> None:
        """The worker joins."""
        differing = differences(identity(), self._app)
        worker.metrics[self.name] = functools.partial(_report, differing)
        if differing:
            LOG.warning("This worker gets no trials of an app that differs: %s", differing)
        else:
            await worker.set_resources(**{self.name: worker.state.nthreads})

    def transition(self, key: Any, start: str, finish: str, **_more: Any) -> None:
        """A trial that is no longer wanted while it trains ends after its present look."""
        if start == "executing" and finish == "released" and key in _running:
            _cancelled.add(key)


def name_of(app: Mapping[str, str]) -> str:
    """Name of the plugin, resource and metric of all apps that are alike."""
    return f"rnn-lab-{digest_of(app)}"


def _report(differing: list[tuple[str, str, str]], _worker: Worker) -> dict[str, Any]:
    return {"differing": differing, "running": dict(_running)}


def train(call: Call) -> tuple[Any, float] | None:
    """Result of a trial and the processor time that it took; None where it was stopped."""
    worker, begin = get_worker(), time.thread_time()
    key = str(worker.get_current_task())
    _running[key] = (0.0, 0.0)
    threadpool_limits(1, user_api="blas")  # as in the app
    looks = call.function(*call.arguments)
    try:
        while key not in _cancelled and worker.status not in ENDED:
            progress = next(looks)
            _running[key] = (float(progress), time.thread_time() - begin)
        return None
    except StopIteration as end:
        return end.value, time.thread_time() - begin
    finally:
        looks.close()
        _running.pop(key, None)
        _cancelled.discard(key)
