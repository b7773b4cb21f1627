"""Time one training step of RNN Lab beside PyTorch, JAX and NumPy, and what else was promised: `make benchmark`, or

    python -m benchmarks.training --parts steps,cold --cases S1,S3-gru --rounds 11 --json figures.json

Every contender runs in its own process and all take turns, so that a slow phase of the machine hits them alike. They
start from the same parameters and train on the same batches; if their first losses differ, the exit status is 1.
The other parts measure no other library, each in its own process: its limits, a cold start, what looking costs,
long runs, sweeps on Dask, growth, what each trick of the kernels buys.
"""

import argparse
import json
import os
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks import machine
from benchmarks.cases import CASES, Case
from benchmarks.contenders import CONTENDERS, OURS
from benchmarks.parts import HEADS
from benchmarks.process import ROOT, Process
from benchmarks.report import table, write

PARTS = ["steps", *HEADS]
AGREEMENT = 1e-3  # relative difference allowed between first losses
TURN = 0.15  # seconds of work a contender does in a turn; at least one step
MOST_STEPS = 20_000


def main(arguments: list[str] | None = None) -> int:
    options = parsed(arguments)
    failed = compared(options) if "steps" in options.parts else 0
    for part in options.parts:
        if part != "steps":
            print(flush=True)
            failed |= alone(part, options)
    return failed


def alone(part: str, options) -> int:
    """Measure a part that needs no other library in a process of its own, and show it; its exit status."""
    command = [sys.executable, "-m", "benchmarks.parts", part, str(options.rounds)]
    environment = os.environ | CONTENDERS[OURS].environment
    lines = []
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if options.write and process.returncode == 0:
        write(part, "".join(lines))
    return process.returncode


def compared(options) -> int:
    """Print the table of steps beside the other libraries; 1 where first losses differ."""
    names = [name for name in options.contenders if machine.version_of(CONTENDERS[name].package) is not None]
    for name in options.contenders:
        if name not in names:
            print(f"{CONTENDERS[name].label}: {CONTENDERS[name].package} is not installed; left out", file=sys.stderr)
    facts = {"cpu": machine.cpu_model(), "cores": machine.cores(), "versions": machine.versions()}
    seconds, losses, differing = {}, {}, []
    for case in options.cases:
        print(f"{case.name} ...", file=sys.stderr, flush=True)
        seconds[case.name], losses[case.name] = measure(case, names, options.rounds)
        differing += disagreements(case, losses[case.name])
        if options.json:
            report = {"machine": facts, "seconds": seconds, "losses": losses}
            options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    measured = table(seconds, facts)
    print(measured, flush=True)
    if options.write and set(seconds) == set(CASES) and set(names) == set(CONTENDERS):
        write("steps", measured)
    print(*differing, sep="\n", file=sys.stderr)
    return 1 if differing else 0


def parsed(arguments):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__.splitlines()[0])
    parser.add_argument("--parts", type=chosen_parts, default=PARTS, help=f"some of {','.join(PARTS)} (default: all)")
    parser.add_argument("--cases", type=chosen_cases, default=list(CASES.values()), help="such as S1,S3-gru")
    parser.add_argument("--contenders", type=chosen_contenders, default=list(CONTENDERS), help=", ".join(CONTENDERS))
    parser.add_argument("--rounds", type=positive, default=11, help="turns of each contender (default: 11)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every single figure there, case by case")
    parser.add_argument("--write", action="store_true", help="write the parts that are measured whole to docs/speed.md")
    return parser.parse_args(arguments)


def chosen_parts(text: str) -> list[str]:
    wanted = text.split(",")
    for name in wanted:
        if name not in PARTS:
            raise argparse.ArgumentTypeError(f"{name!r} is no part; expected some of {', '.join(PARTS)}")
    return wanted


def chosen_cases(text: str) -> list[Case]:
    wanted = text.split(",")
    for name in wanted:
        if not any(name in (case.shape, case.name) for case in CASES.values()):
            raise argparse.ArgumentTypeError(f"{name!r} is no case; expected some of {', '.join(CASES)}")
    return [case for case in CASES.values() if case.shape in wanted or case.name in wanted]


def chosen_contenders(text: str) -> list[str]:
    wanted = text.split(",")
    for name in wanted:
        if name not in CONTENDERS:
            raise argparse.ArgumentTypeError(f"{name!r} is no contender; expected some of {', '.join(CONTENDERS)}")
    return wanted


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} rounds; expected 1 or more")
    return value


def measure(case: Case, names: list[str], rounds: int):
    """(seconds per step of every round, first losses), each by contender."""
    with ExitStack() as stack:
        processes = {name: stack.enter_context(closing(Process(name, case))) for name in names}
        losses = {name: process.first_losses() for name, process in processes.items()}
        steps = {name: steps_of_a_turn(process) for name, process in processes.items()}
        for number in range(rounds):
            first = number % len(names)  # so that nobody always follows the same one
            for name in names[first:] + names[:first]:
                processes[name].seconds.append(processes[name].measure(steps[name]))
    return {name: process.seconds for name, process in processes.items()}, losses


def steps_of_a_turn(process: Process) -> int:
    """Number of steps that take about TURN seconds."""
    steps = 1
    while (seconds := process.measure(steps) * steps) < TURN / 4 and steps < MOST_STEPS:
        steps = min(MOST_STEPS, 4 * steps)
    return max(1, min(MOST_STEPS, round(steps * TURN / seconds)))


def disagreements(case: Case, losses: dict[str, list[float]]) -> list[str]:
    """A sentence for every contender whose first losses are not those of the first contender."""
    reference, *others = losses
    return [
        f"{case.name}: {name} starts with the losses {losses[name]}, {reference} with {losses[reference]}"
        for name in others
        if any(not abs(a - b) <= AGREEMENT * abs(b) for a, b in zip(losses[name], losses[reference], strict=True))
    ]


if __name__ == "__main__":
    sys.exit(main())
