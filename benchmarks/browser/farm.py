"""Forty visitors, of whom fifteen train, through nginx under a path with two processes; one is killed
and started again.

    python -m benchmarks.browser.farm

The visitors are light (crowd.py); the numbers are those of docs/hosting.md.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.browser.proxy import proxied
from benchmarks.browser.serving import ROOT, Server, end

TRAINING, PAUSED = 15, 25
SETTLE, WATCHED, AFTER = 30, 20, 40  # seconds: until all have arrived; counted; after the kill
ALONE = 10  # seconds until the server is as it starts


def main() -> None:
    print(f"load of the machine at the beginning: {load()}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = [stack.enter_context(Server({"RNN_LAB_METRICS": "1"})) for _number in range(2)]
        time.sleep(ALONE)
        memory = [server.memory() for server in servers]
        url, _plain = stack.enter_context(proxied(folder, *(server.port for server in servers)))
        command = [sys.executable, "-m", "benchmarks.browser.crowd", f"{url}/course/rnn", str(TRAINING), str(PAUSED)]
        crowd = subprocess.Popen(
            [*command, "returns"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        stack.callback(end, crowd)

        def ask():
            crowd.stdin.write("\n")
            crowd.stdin.flush()
            return json.loads(crowd.stdout.readline())

        time.sleep(SETTLE)
        before, cpu = ask(), [server.cpu_seconds() for server in servers]
        time.sleep(WATCHED)
        after = ask()
        used = sum(server.cpu_seconds() for server in servers) - sum(cpu)
        grown = sum(server.memory() for server in servers) - sum(memory)
        tell("visitors with a picture", f"{sum(one[1] > 0 for one in after)} of {len(after)}")
        tell("errors before the kill", str([one[2] for one in after if one[2]][:3]))
        rates = [(late[0] - early[0]) / WATCHED for early, late in zip(before, after, strict=True)][:TRAINING]
        tell("updates/s of those who train", f"{min(rates):,.0f} to {max(rates):,.0f}, median {median(rates):,.0f}")
        kilobytes = [(late[4] - early[4]) / WATCHED / 1000 for early, late in zip(before, after, strict=True)]
        tell("kB/s of pictures of those who train", f"{median(kilobytes[:TRAINING]):.1f}, at most {max(kilobytes):.1f}")
        tell("kB/s of those who have paused", f"{median(kilobytes[TRAINING:]):.2f}")
        tell("memory of the two processes", f"{sum(memory):.0f} MB alone, {grown:+.0f} MB ({grown / 40:.1f} a visitor)")
        tell("processor time of the two", f"{used / WATCHED:.2f} cores")
        servers[0].process.kill()
        servers[0].process.wait()
        killed, pictures = time.monotonic(), [one[1] for one in ask()]
        port = servers[0].port
        again = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
        again += ["--server.address=127.0.0.1", "--server.headless=true"]
        stack.callback(end, subprocess.Popen(again, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        time.sleep(AFTER)
        last = ask()
        back = sum(one[1] > number for one, number in zip(last, pictures, strict=True))
        moved = [one[3] for one in last if one[3]]
        tell("after one was killed and started again", f"{back} of {len(last)} have pictures")
        tell("who lost theirs, and for how long", f"{len(moved)}; at most {max(moved, default=0):.1f} s")
        tell("errors at the end", str([one[2] for one in last if one[2]][:3]))
        tell("seconds since the kill", f"{time.monotonic() - killed:.0f}")
    print(f"load of the machine at the end: {load()}")


def tell(what: str, found: str) -> None:
    print(f"{what}: {found}", flush=True)


def load() -> str:
    return ", ".join(f"{number:.1f}" for number in os.getloadavg())


if __name__ == "__main__":
    main()
