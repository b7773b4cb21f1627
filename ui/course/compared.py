"""The chart of a lesson with every guess in it: below the lesson's own, the choices and the orders."""

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

import plotly.graph_objects as go

from ui.charts.stack import heading
from ui.charts.symbols import label
from ui.course.figures import LETTERS, Point, guess_marks, measured_marks, segments, width_of
from ui.course.guess import ChoiceGuess, ManyGuess, OrderGuess, Translate
from ui.course.lesson import Answers, Lesson

if TYPE_CHECKING:
    from ui.theme import Theme

LINE, TITLE, AXIS, END = 20, 34, 48, 8  # pixels: of a line of letters, of a title, of the x axis, below everything
ROOM, LONGEST = 24, 52  # Latin letters beside the marks of a phone's chart, and of a title
FIRST, NEXT = 0.04, 0.09  # of the chart's width, to the first column of marks and from one to the next
BESIDE = 12  # pixels from a mark to its label

Mark = tuple[int, int]  # row, column


class Panel(NamedTuple):
    """Answers below one another. guess, measured : where their marks stand. columns : their headings, if any."""

    title: str
    rows: list[str]
    guess: list[Mark]
    measured: list[Mark]
    columns: tuple[str, ...] = ("",)


def chart(lesson: Lesson, measured: Any, answers: Answers, theme: "Theme", translate: Translate) -> go.Figure:
    """The lesson's figure, and what was chosen or ordered beside what was measured. No answers: the figure alone."""
    drawn = lesson.figure(measured, answers, theme, translate)
    truth = lesson.truth(measured) if measured is not None else {}
    panels = list(_panels(lesson, answers, truth, translate)) if answers else []
    return _below(drawn, panels, theme, translate) if panels else drawn


def _panels(lesson: Lesson, answers: Answers, truth: Mapping[str, Any], _: Translate) -> Iterator[Panel]:
    for guess in lesson.guesses:
        answer, right = answers.get(guess.name), truth.get(guess.name)
        match guess:
            case ChoiceGuess(drawn=False):
                yield _choice(_(guess.title or guess.label), guess.options, answer, right, _)
            case ManyGuess(drawn=False):
                for key, item in guess.items:
                    chosen, found = (known and known.get(key) for known in (answer, right))
                    yield _choice(_(item), guess.options, chosen, found, _)
            case OrderGuess():
                labels, columns = dict(guess.items), tuple(str(place + 1) for place in range(len(guess.items)))
                rows = list(right or labels)
                chosen, found = (
                    sorted((rows.index(key), place) for place, key in enumerate(keys or ())) for keys in (answer, right)
                )
                yield Panel(_(guess.title or guess.label), [_(labels[key]) for key in rows], chosen, found, columns)


def _choice(
    title: str, options: tuple[tuple[str, str], ...], answer: str | None, right: str | None, _: Translate
) -> Panel:
    places = {value: [(row, 0)] for row, (value, _name) in enumerate(options)}
    return Panel(
        title, [_(name) for _value, name in options], places.get(answer or "", []), places.get(right or "", [])
    )


def _below(drawn: go.Figure, panels: list[Panel], theme: "Theme", translate: Translate) -> go.Figure:
    """The figure with the panels under its x axis, which says nothing of them."""
    content = drawn.to_plotly_json()
    layout, traces = content["layout"], list(content["data"])
    notes, margin = list(layout.get("annotations", ())), layout["margin"]
    before = layout["height"] - margin["t"] - margin["b"]
    inside = before + AXIS + sum(map(_height, panels))  # pixels
    axes = {"yaxis": layout["yaxis"] | {"domain": [1 - before / inside, 1]}}
    named = {trace.get("name") for trace in traces if trace.get("showlegend", True)}
    top = inside - before - AXIS
    for number, panel in enumerate(panels, start=2):
        bottom, places = top - _height(panel), _places(panel)
        head = (bottom + LINE * places[-1][1]) / inside
        axes[f"yaxis{number}"] = {"domain": [bottom / inside, head], "range": [places[-1][1], 0], "visible": False,
                                  "fixedrange": True}  # fmt: skip
        traces += _traces(panel, number, layout["xaxis"], named, theme, translate)
        named |= {translate("your guess"), translate("measured")}
        notes += _notes(panel, number, layout["xaxis"], theme)
        above = LINE * (len(panel.columns) > 1) + 2
        title = _markup(panel.title, LONGEST)
        notes.append(heading(title, head, theme, LETTERS) | {"xshift": END - margin["l"], "yshift": above})
        top = bottom
    height = margin["t"] + inside + END
    layout = layout | axes | {"height": height, "margin": margin | {"b": END}, "annotations": notes}
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _height(panel: Panel) -> int:
    headings = len(_lines(panel.title, LONGEST)) - 1 + (len(panel.columns) > 1)
    return TITLE + LINE * (headings + round(_places(panel)[-1][1]))


def _places(panel: Panel) -> list[tuple[float, float]]:
    """(middle, end) of every row, in lines."""
    places, end = [], 0.0
    for row in panel.rows:
        lines = len(_lines(row, ROOM))
        places.append((end + lines / 2, end + lines))
        end += lines
    return places


def _across(panel: Panel, axis: Mapping[str, Any]) -> list[float]:
    """Coordinates of the columns on the x axis: exponents on a logarithmic one."""
    low, high = axis["range"]
    return [low + (FIRST + NEXT * column) * (high - low) for column in range(len(panel.columns))]


def _traces(
    panel: Panel, number: int, axis: Mapping[str, Any], named: set[Any], theme: "Theme", translate: Translate
) -> list[dict[str, Any]]:
    """The marks, and lines between those that belong together. named : what the legend names already."""
    places, across = _places(panel), _across(panel, axis)

    def points(marks: list[Mark]) -> list[Point]:
        return [(10 ** across[column] if axis.get("type") == "log" else across[column], places[row][0])
                for row, column in marks]  # fmt: skip

    guess, measured = points(panel.guess), points(panel.measured)
    shared = {"yaxis": f"y{number}", "hoverinfo": "skip"}
    marks = guess_marks(guess, theme, translate), measured_marks(measured, theme, translate)
    return [
        segments(list(zip(guess, measured, strict=False)), theme.faded, 1, "dot") | shared,
        *(mark | shared | {"showlegend": mark["name"] not in named} for mark in marks),
    ]


def _notes(panel: Panel, number: int, axis: Mapping[str, Any], theme: "Theme") -> list[dict[str, Any]]:
    """Labels of the rows, beside their marks, and headings of the columns."""
    across = _across(panel, axis)
    shared = {"yref": f"y{number}", "showarrow": False, "font": {"size": LETTERS, "color": theme.ink}}
    beside = shared | {"x": across[-1], "xshift": BESIDE, "xanchor": "left", "yanchor": "middle", "align": "left"}
    rows = [
        beside | {"text": _markup(row, ROOM), "y": middle}
        for row, (middle, _end) in zip(panel.rows, _places(panel), strict=True)
    ]
    over = shared | {"y": 0, "xanchor": "center", "yanchor": "bottom"}
    return rows + [over | {"text": text, "x": x} for text, x in zip(panel.columns, across, strict=True) if text]


def _markup(text: str, room: int) -> str:
    return "<br>".join(label(line, len(text)) for line in _lines(text, room))


def _lines(text: str, room: int) -> list[str]:
    """The text in lines of so many Latin letters at most."""
    return wrap(text, max(1, room * len(text) // max(1, width_of(text)))) or [""]
