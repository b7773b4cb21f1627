"""Measurements as Markdown tables, and their place in docs/speed.md."""

import re
from pathlib import Path
from statistics import median

from benchmarks.cases import CASES, Case
from benchmarks.contenders import CONTENDERS, OURS, OURS_ON_TWO

SPEED = Path(__file__).parents[1] / "docs" / "speed.md"
CELLS = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}


def table(seconds: dict[str, dict[str, list[float]]], machine: dict) -> str:
    """seconds[case name][contender name]: per step, one entry a round. Each figure is the median of the rounds."""
    names = [name for name in CONTENDERS if any(name in row for row in seconds.values())]
    head = ["case", *(CONTENDERS[name].label for name in names), "ours is faster by", "on 2 threads by", "goal"]
    lines = [head, ["---", *["---:"] * (len(head) - 1)]]
    lines += [line(CASES[case], row, names) for case, row in seconds.items()]
    rows = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    return f"{rows}\n\n{caption(seconds, machine)}"


def write(part: str, text: str, file: Path = SPEED) -> None:
    """Put a measured table in the place of the part's last one, between its two marks."""
    begin, end = f"<!-- measured: {part} -->\n", "\n<!-- end -->"
    page = file.read_text(encoding="utf-8")
    measured = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    file.write_text(measured.sub(lambda _found: begin + text.strip() + end, page, count=1), encoding="utf-8")


def line(case: Case, row: dict[str, list[float]], names: list[str]) -> list[str]:
    medians = {name: median(times) for name, times in row.items()}
    best = best_peer(medians)
    cells = []
    for name in names:
        text = f"{medians[name] * 1e6:,.{decimals(medians[name])}f}" if name in medians else ""
        cells.append(f"**{text}**" if name == best else text)
    ratios = [
        f"{medians[best] / medians[ours]:.2f}×" if best is not None and ours in medians else ""
        for ours in (OURS, OURS_ON_TWO)
    ]
    return [description(case), *cells, *ratios, f"{case.goal:g}×"]


def best_peer(medians: dict[str, float]) -> str | None:
    peers = {name: value for name, value in medians.items() if name not in (OURS, OURS_ON_TWO)}
    return min(peers, key=peers.get, default=None)


def decimals(seconds: float) -> int:
    return 1 if seconds < 1e-4 else 0


def description(case: Case) -> str:
    what = "adding" if case.adding else f"V{case.vocabulary}"
    return f"{case.shape} {CELLS[case.cell]}, {what} H{case.hidden} T{case.steps} B{case.batch}, {case.optimizer}"


def caption(seconds, machine) -> str:
    rounds = sorted({len(times) for row in seconds.values() for times in row.values()})
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (
        f"Microseconds per training step, float32, medians of {' or '.join(map(str, rounds))} rounds; bold: the best "
        f"peer. {machine['cpu']}, {machine['cores']} cores; {versions}."
    )
