"""Three rounds of visitors, of whom many train at full speed: what the server holds of them when they are forgotten.

    python -m benchmarks.browser.rounds

Open files and threads are to be as they were after a first visit, memory within 150 MB. The visitors are light
(crowd.py); it takes half an hour, most of it until the server has forgotten them; the numbers are those of
docs/hosting.md.
"""

import time

from benchmarks.browser.farm import load, tell
from benchmarks.browser.load import REMAINS, call, crowd, time_to_live
from benchmarks.browser.serving import Server
from benchmarks.browser.visit import chromium
from ui.training.departed import KEPT

ROUNDS, TRAINING, PAUSED = 3, 15, 27
WATCHED = 60  # seconds from the last arrival until all leave
FORGOTTEN = 15  # seconds more than the server says that it keeps them


def main() -> int:
    print(f"load of the machine at the beginning: {load()}", flush=True)
    with Server() as server, chromium() as browser:
        server.settle()
        call(browser, server)
        forget()
        memory, (files, threads) = server.memory(), server.held()
        tell("at the start: memory, open files, threads", f"{memory:.0f} MB, {files}, {threads}")
        for number in range(1, ROUNDS + 1):
            with crowd(server.url, TRAINING, PAUSED) as ask:
                seen = arrived(ask)
                time.sleep(WATCHED)
                lost = [one[2] for one in ask() if one[2]]
                now = f"{server.memory():.0f} MB, {', '.join(map(str, server.held()))}; with a picture: {seen}"
                tell(f"round {number}", f"{now}; lost the server: {len(lost)}")
            forget()
            tell(f"after round {number}", f"{server.memory():.0f} MB, {', '.join(map(str, server.held()))}")
        more, held = server.memory() - memory, server.held()
    print(f"load of the machine at the end: {load()}")
    tell("memory that is kept", f"{more:+.0f} MB (at most {REMAINS})")
    tell("open files and threads more than at the start", f"{held[0] - files:+d}, {held[1] - threads:+d} (0 at most)")
    return 0 if more <= REMAINS and held[0] <= files and held[1] <= threads else 1


def arrived(ask) -> int:
    """Wait until all have a picture, or a minute; how many have."""
    end = time.monotonic() + 60
    while (seen := sum(one[1] > 0 for one in ask())) < TRAINING + PAUSED and time.monotonic() < end:
        time.sleep(1)
    return seen


def forget() -> None:
    """Wait until the server has forgotten who has left."""
    time.sleep(max(time_to_live(), KEPT) + FORGOTTEN)


if __name__ == "__main__":
    raise SystemExit(main())
