"""A scheduler and its workers on this machine: `make cluster`, or python -m ui.training.executor [WORKERS [PORT]]."""

import signal
import sys
import threading
from contextlib import suppress

import dask
from distributed import LocalCluster

from ui.environment import SCHEDULER

FAILURES = 10  # workers that may die with the same trial waiting or training before it is the trial's fault


def main(workers: int = 2, port: int = 8786) -> None:
    """Serve until Ctrl-C, for this machine alone. A worker trains one network at a time."""
    dask.config.set({"distributed.scheduler.allowed-failures": FAILURES})
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", scheduler_port=port, dashboard_address="127.0.0.1:0"
    ) as cluster:
        print(f"{workers} workers. In another terminal: {SCHEDULER}={cluster.scheduler_address} make run", flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
