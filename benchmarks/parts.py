"""One part of the benchmark that needs no other library, as a table: python -m benchmarks.parts NAME ROUNDS."""

import importlib
import sys

HEADS = {
    "limits": ("limit", "measured", ""),
    "cold": ("cold start", "seconds of one core", "goal"),
    "features": ("looking", "measured", "goal"),
    "running": ("long runs", "measured", "goal"),
    "tricks": (
        "a step without it takes longer by",
        "S1-rnn",
        "S1-gru",
        "S3-gru",
        "S4-gru",
        "S6-rnn",
        "S4-gru, 2 threads",
    ),
    "sweeps": ("sweeps", "measured", "to one worker"),
    "growth": ("GRU, V64 H128 T32 B16 L1 but for", "grows as", "multiplications"),
}


def main(name: str, rounds: str) -> None:
    print("| " + " | ".join(HEADS[name]) + " |\n|---" + "|---:" * (len(HEADS[name]) - 1) + "|", flush=True)
    for row in importlib.import_module(f"benchmarks.{name}").rows(int(rounds)):
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
