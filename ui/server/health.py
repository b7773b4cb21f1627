"""The addresses for whoever runs the server: /health says that it answers, /metrics what it has to do."""

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ui import environment
from ui.pages import load
from ui.server.stopping import STOPPING


async def health(_request: Request) -> Response:
    """200 while it serves, 503 when it is about to stop."""
    text, status = ("stopping\n", 503) if STOPPING.is_set() else ("ok\n", 200)
    return PlainTextResponse(text, status, {"cache-control": "no-store"})


async def metrics(_request: Request) -> Response:
    """The numbers of `measured` as Prometheus reads them; 404 unless they were asked for."""
    if not environment.metrics():
        return Response(status_code=404)
    lines = []
    for name, (kind, text, values) in measured().items():
        lines += [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]
        lines += [f"{name}{label} {value:.15g}" for label, value in values.items()]
    return Response("\n".join([*lines, ""]), media_type="text/plain; version=0.0.4; charset=utf-8")


def measured() -> dict[str, tuple[str, str, Mapping[str, float]]]:
    """name -> (kind, explanation, label -> value). Numbers alone: nothing that a visitor has typed or opened."""
    capacity, budget = load("ui.training.capacity").CAPACITY, load("ui.training.memory").BUDGET
    scheduler = load("ui.training.scheduler").SCHEDULER
    used = {f'{{of="{kind}"}}': float(size) for kind, size in budget.used().items()}
    found: dict[str, tuple[str, str, Mapping[str, float]]] = {
        "rnn_lab_visitors": ("gauge", "Browser tabs that have a place.", {"": capacity.admitted}),
        "rnn_lab_visitors_limit": ("gauge", "Browser tabs that the server admits.", {"": capacity.limit}),
        "rnn_lab_training": ("gauge", "Networks that train now.", {"": scheduler.training}),
        "rnn_lab_training_limit": ("gauge", "Networks that train at the same time.", {"": scheduler.places}),
        "rnn_lab_waiting": ("gauge", "Networks that wait for their turn to train.", {"": scheduler.waiting}),
        "rnn_lab_memory_bytes": ("gauge", "Memory taken from the budget, by what for.", used),
        "rnn_lab_memory_limit_bytes": ("gauge", "The budget of memory.", {"": budget.limit}),
        "process_threads": ("gauge", "Threads.", {"": threading.active_count()}),
        "process_cpu_seconds_total": ("counter", "Processor time.", {"": time.process_time()}),
    }
    statm, files = Path("/proc/self/statm"), Path("/proc/self/fd")
    if statm.exists():
        resident = int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        found["process_resident_memory_bytes"] = ("gauge", "Memory that the process has now.", {"": resident})
        found["process_open_fds"] = ("gauge", "Open files and sockets.", {"": len(list(files.iterdir()))})
    return found
