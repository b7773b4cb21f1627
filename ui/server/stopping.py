"""Whether this server is about to stop: whoever waits for something new then waits no longer."""

import signal
import threading

STOPPING = threading.Event()


def watch() -> None:
    """Set STOPPING when the process is told to end, beside what else is done then. Called by the main thread."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _also(signal.getsignal(number)))


def _also(before):
    def stop(number, stack):
        STOPPING.set()
        if callable(before):
            before(number, stack)

    return stop
