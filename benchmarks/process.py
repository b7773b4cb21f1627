"""One contender in its own process: it waits, makes the number of steps asked for, and reports how long they took.

The parent writes one number of steps a line and reads one JSON value a line. A process that waits uses no CPU.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.cases import CASES, Case
from benchmarks.contenders import CONTENDERS

ROOT = Path(__file__).parents[1]
FIRST = 5  # losses that are compared


class Process:
    """A contender at work on a case, seen from the parent."""

    def __init__(self, name: str, case: Case, root: Path = ROOT, environment: dict[str, str] | None = None):
        contender = CONTENDERS[name]
        self.label = contender.label
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.process", name, case.name],
            cwd=root,
            env=environment or os.environ | contender.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seconds: list[float] = []  # per step, one entry a turn

    def first_losses(self) -> list[float]:
        """First losses, asked for once and before anything else: returns when everything is compiled."""
        return self._answer()

    def measure(self, n: int) -> float:
        """Seconds per step of n steps."""
        self.process.stdin.write(f"{n}\n")
        self.process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.label} ended with exit status {self.process.wait()}; its error is above")
        return json.loads(line)


def serve(name: str, case_name: str) -> None:
    """The child's side."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print goes to stderr
    contender = CONTENDERS[name].build(CASES[case_name])
    print(json.dumps([contender.step(1) for _ in range(FIRST)]), file=answers, flush=True)
    for line in sys.stdin:
        n = int(line)
        begin = time.perf_counter()
        contender.step(n)
        print(json.dumps((time.perf_counter() - begin) / n), file=answers, flush=True)


if __name__ == "__main__":
    serve(*sys.argv[1:])
