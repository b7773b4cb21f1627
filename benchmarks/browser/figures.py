"""Results of the parts of the benchmark: rows of the table, and the single figures behind them."""

from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass(frozen=True)
class Row:
    """One line of the table; `kept`: whether the target is reached, None where there is none."""

    what: str
    measured: str
    target: str = ""
    kept: bool | None = None


@dataclass
class Figures:
    """Results of one part: rows, remarks to stand below the table, and every single figure."""

    rows: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    single: dict = field(default_factory=dict)

    def below(self, what: str, value: float, limit: float, measured: str, target: str) -> None:
        """A row whose value must be at most so large."""
        self.rows.append(Row(what, measured, target, value <= limit))

    def note(self, what: str, measured: str) -> None:
        """A row without a target."""
        self.rows.append(Row(what, measured))


def percentile(values: list[float], share: int) -> float:
    """The value that so many percent of the values do not exceed, interpolated."""
    return quantiles(values, n=100, method="inclusive")[share - 1] if len(values) > 1 else values[0]


def summary(values: list[float]) -> str:
    """Median, 95th percentile and maximum of milliseconds."""
    return f"p50 {median(values):.0f}, p95 {percentile(values, 95):.0f}, max {max(values):.0f} ms (n = {len(values)})"


def table(rows: list[Row]) -> str:
    """Markdown."""
    signs = {True: "yes", False: "**no**", None: ""}
    lines = [["what", "measured", "target", "reached"], ["---"] * 4]
    lines += [[row.what, row.measured, row.target, signs[row.kept]] for row in rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
