"""Every colour of the figures, for a light and for a dark page.

The diverging scale runs from blue through the page's own background to orange: zero is what is not there.
Blue and orange stay apart in the common kinds of colour blindness, and the lightness of either arm and of the
sequential scale is monotonic, so that the order also survives in grey.
"""

from dataclasses import dataclass
from typing import Any

SANS = '"Source Sans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif'
MONO = '"Source Code Pro", "Noto Sans Mono CJK SC", monospace'


@dataclass(frozen=True)
class Theme:
    """One set of colours. The scales are Plotly's: pairs of a position in 0..1 and a colour."""

    name: str
    background: str
    ink: str  # text
    faded: str  # text and lines of the second rank
    grid: str
    training: str  # what the training data say
    held_out: str  # what the held-out data say
    gradient: str
    right: str  # a guess that is right
    wrong: str
    marked: str  # the target, the chosen step
    diverging: tuple[tuple[float, str], ...]
    sequential: tuple[tuple[float, str], ...]
    kinds: tuple[str, ...]  # things without an order, such as symbols
    sans: str = SANS
    mono: str = MONO

    @property
    def template(self) -> dict[str, Any]:
        """The Plotly template: fonts, axes, a transparent background that lets the page's show."""
        axis = {
            "showgrid": False,
            "zeroline": False,
            "linecolor": self.grid,
            "gridcolor": self.grid,
            "ticks": "",
            "tickfont": {"size": 11, "color": self.faded},
            "title": {"font": {"size": 12, "color": self.faded}},
        }
        return {
            "layout": {
                "font": {"family": self.sans, "size": 12, "color": self.ink},
                "paper_bgcolor": "rgba(0,0,0,0)",
                "plot_bgcolor": "rgba(0,0,0,0)",
                "xaxis": axis,
                "yaxis": axis,
                "hoverlabel": {
                    "bgcolor": self.background,
                    "bordercolor": self.grid,
                    "font": {"color": self.ink, "family": self.sans},
                },
            }
        }


LIGHT = Theme(
    name="light",
    background="#ffffff",
    ink="#2b2e38",
    faded="#5b5f6b",
    grid="#d9dbe0",
    training="#1f6fb2",
    held_out="#c2500a",
    gradient="#7a4fb5",
    right="#0b6b54",
    wrong="#6b6e77",
    marked="#2b2e38",
    diverging=((0, "#08519c"), (0.25, "#6baed6"), (0.5, "#f7f7f7"), (0.75, "#fdae6b"), (1, "#a63f00")),
    sequential=((0, "#f7f7f7"), (0.25, "#b5decb"), (0.5, "#63b89c"), (0.75, "#1c8168"), (1, "#004536")),
    kinds=(
        "#1f6fb2",
        "#c2500a",
        "#0b6b54",
        "#7a4fb5",
        "#a8872a",
        "#b5348a",
        "#35b0ab",
        "#6b4a2f",
        "#6f8f1f",
        "#d0576c",
    ),
)
DARK = Theme(
    name="dark",
    background="#0f131a",
    ink="#eceff4",
    faded="#a6abb7",
    grid="#363b47",
    training="#6cb6f5",
    held_out="#ffa65c",
    gradient="#c0a0f0",
    right="#6fdcbb",
    wrong="#868c99",
    marked="#eceff4",
    diverging=((0, "#8fd0ff"), (0.25, "#2f72b0"), (0.5, "#181d26"), (0.75, "#ad5a17"), (1, "#ffbe80")),
    sequential=((0, "#181d26"), (0.25, "#17483f"), (0.5, "#1f7d69"), (0.75, "#4dbb9d"), (1, "#c4fae8")),
    kinds=(
        "#6cb6f5",
        "#ffa65c",
        "#6fdcbb",
        "#c0a0f0",
        "#e3cc5a",
        "#f59ad0",
        "#4fd0e0",
        "#c99a74",
        "#b4d96c",
        "#ff8f9f",
    ),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
