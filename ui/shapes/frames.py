"""The moving pictures of the page «Shapes»: what the browser gets each time it asks, made from one snapshot."""

import json
import threading
from dataclasses import dataclass

from ui.arena.reading import standing_cost
from ui.arena.verdicts import MEASURES
from ui.controls import CELL_NAMES
from ui.figures import arena, shapes
from ui.frames import Want, line, sendable
from ui.language import N_, Language
from ui.notices import ready_soon
from ui.shapes.records import Network, ShapeView
from ui.shapes.registry import SHAPES
from ui.theme import Theme

BY_HEART = 1.2  # times the least held-out loss so far: then it has risen
WHOLE = N_("whole outputs right, held out")  # of the encoder-decoder


@dataclass(frozen=True)
class Stage:
    """How the page wants it."""

    language: Language
    theme: Theme
    shape: str


class ShapeFrames:
    """The picture maker of one session."""

    want = staticmethod(Want.of)

    def __init__(self):
        self._lock = threading.Lock()  # two requests may overlap when the browser has changed its mind
        self._stage: Stage | None = None
        self.number = 0  # of the stage
        self._ranges = (None, None)  # what they belong to, and the ends of the diagram's scales: they only grow

    def show(self, stage: Stage) -> None:
        """From now on like this."""
        if stage != self._stage:
            self._stage, self.number = stage, self.number + 1

    def frame(self, session, want: Want) -> str:
        """The picture of a ShapesSession as JSON."""
        with self._lock:
            token, snapshot, stage = session.token, session.snapshot, self._stage
            about = {"token": token, "status": snapshot.status}
            if stage is None:
                return json.dumps(about)
            view, _ = snapshot.view, stage.language.gettext
            about["notices"] = notices(snapshot, stage, _)
            if view is None or view.setup.shape != stage.shape:  # the new one is being made
                return json.dumps(about)
            module = SHAPES[view.setup.shape]
            about |= {
                "run": view.run,
                "update": view.update,
                "columns": len(view.diagram.inputs),
                "numbers": [],  # they stand in the table
                "table": standings(view, _),
                "line": line(session.place, _),
                "titles": {"finding": _(module.HEADING)},
                "says": module.guide(view, _)[module.SAYS],
                "alts": {"finding": _(module.ALT)},
                "parts": self._parts(view, want.opened, _),
            }
            figures = {"diagram": self._diagram(view, stage, want.reset)}
            figures["finding"] = module.figure(view, stage.theme, _)
            if want.loss:
                figures["race"] = self._race(view, stage)
            drawn = ", ".join(f'"{name}": {figure.to_json(validate=False)}' for name, figure in figures.items())
            return json.dumps(sendable(about))[:-1] + f', "figures": {{{drawn}}}}}'

    def figure(self, name: str, snapshot):
        """No chart of this page is a file."""
        return None

    def _diagram(self, view: ShapeView, stage: Stage, reset: int):
        key, (known, ranges) = (view.run, view.look, reset), self._ranges
        ranges = shapes.ranges_of(view.diagram, ranges if known == key else None)
        self._ranges = (key, ranges)
        return shapes.diagram(view.diagram, theme=stage.theme, ranges=ranges, translate=stage.language.gettext)

    def _race(self, view: ShapeView, stage: Stage):
        _ = stage.language.gettext
        figure = arena.race(
            view.lanes,
            names(view, _),
            chance=view.chance,
            best=view.best,
            squared=view.squared,
            clock="updates",
            measure=measured(view, _),
            guess=view.guess,
            theme=stage.theme,
            translate=_,
        )
        figure["layout"]["showlegend"] = len(view.lanes) > 1
        return figure

    def _parts(self, view: ShapeView, opened, _) -> dict:
        """The guides and tables that the reader has opened."""
        module = SHAPES[view.setup.shape]
        made = {
            "diagram_guide": lambda: diagram_guide(view, _),
            "diagram_table": lambda: diagram_table(view, _),
            "finding_guide": lambda: module.guide(view, _),
            "finding_table": lambda: module.table(view, _),
            "race_guide": lambda: race_guide(view, _),
            "race_table": lambda: race_table(view, _),
        }
        return {name: made[name]() for name in opened & made.keys()}


def measured(view: ShapeView, _) -> str:
    """What the share of right answers is of."""
    return _(MEASURES.get(view.measure, WHOLE))


def names(view: ShapeView, _) -> list[str]:
    """A name for each network that tells it from the others."""
    return [_named(lane.network, len(view.lanes) > 1, view.setup.shape, _) for lane in view.lanes]


def _named(network: Network, several: bool, shape: str, _) -> str:
    cell = _(CELL_NAMES[network.cell])
    if not several:
        return cell
    if shape == "bidirectional":
        way = _("both directions") if network.bidirectional else _("forwards only")
        return f"{cell}, {way}"
    return _("{cell}, layers: {layers}").format(cell=cell, layers=network.num_layers)


def notices(snapshot, stage: Stage, _) -> list[dict]:
    """What the reader should know now."""
    told, view = [], snapshot.view
    if snapshot.notice is not None and not ready_soon(snapshot):
        told.append(_of_the_session(snapshot, _))
    if view is not None and view.setup.shape == stage.shape and view.look.split == "typed":
        if view.problem:
            sentence = _(SHAPES[stage.shape].NEEDED) + " " + _("An example is shown in its place.")
            told.append(_said("warning", sentence, view.problem))
        elif view.unread:
            sentence = _("The network does not know these symbols and leaves them out:")
            told.append(_said("info", sentence, " ".join(view.unread)))
    return told


def _of_the_session(snapshot, _) -> dict:
    detail = snapshot.notice.values.get("detail", "")
    match snapshot.notice.kind:
        case "compiling":
            return _said(
                "info",
                _(
                    "Preparing the networks for this machine. Their equations are compiled once, which can take "
                    "half a "
                    "minute; the next start takes a second."
                ),
            )
        case "asleep":
            return _said("info", _("Nobody looked at this page for a minute, so training paused. Press Play to go on."))
        case "diverged":
            return _said("error", _("Training has diverged. Choose a lower learning rate and start over."))
        case "error":
            return _said("error", _("An error stopped the training. Nothing is lost; press Play to try again."), detail)
    return _said("warning", _("These settings cannot be used."), detail)


def _said(kind: str, sentence: str, detail: str = "") -> dict:
    return {"kind": kind, "sentence": sentence, "detail": detail, "action": None}


def standings(view: ShapeView, _) -> dict:
    """The networks: headings, and a row for each."""
    headings = [
        _("network"), _("units"), _("parameters"), _("training loss"), _("held-out loss"), _("right"), _("ms per "
          "update"),
    ]  # fmt: skip
    rows = [
        [
            name,
            str(lane.network.hidden_size),
            f"{lane.parameters:,}",
            f"{lane.curve.loss[-1]:.3g}" if len(lane.curve.loss) else "–",
            f"{lane.held_out[-1][1]:.3g}",
            f"{lane.accuracy[-1][1]:.1%}",
            f"{standing_cost(lane):.2f}" if lane.update else "–",
        ]
        for name, lane in zip(names(view, _), view.lanes, strict=True)
    ]
    caption = _("Update {update:,}; {pace:,.0f} rounds per second").format(
        update=view.update, pace=view.updates_per_second
    )
    return {"headings": headings, "rows": rows, "caption": caption}


def diagram_guide(view: ShapeView, _) -> list[str]:
    """How to read the diagram."""
    diagram = view.diagram
    enters, leaves = (sum(map(bool, texts)) for texts in (diagram.inputs, diagram.outputs))
    told = [
        _("Time runs from left to right; every column is the same network one step later. A column's colours are "
          "its units: blue "
          "is negative, orange positive, and zero fades into the page."),
        _("In this picture something enters at {enters} of {steps} steps and leaves at {leaves}. Where there is "
          "no symbol and no "
          "arrow, nothing does.").format(enters=enters, leaves=leaves, steps=len(diagram.inputs)),
    ]  # fmt: skip
    if diagram.first:
        told.append(
            _("The sequences are of one length in training: {blanks} blanks before this one are left out.").format(
                blanks=diagram.first
            )
        )
    if diagram.gradient is not None:
        told.append(
            _(
                "The curve below: the norm of the gradient of this sequence's loss by the states of each step, "
                "{first:.2g} at the "
                "first column, {last:.2g} at the last. It enters where outputs are, and goes back "
                "against the arrows."
            ).format(first=float(diagram.gradient[0]), last=float(diagram.gradient[-1]))
        )
    if any(diagram.wanted):
        told.append(
            _("The upper row of the outputs is what should come, the lower row what the network says: green is right.")
        )
    return told


def diagram_table(view: ShapeView, _) -> dict[str, list]:
    """The diagram's symbols, and the size of each state."""
    diagram = view.diagram
    rows = {
        _("step t"): [diagram.first + t for t in range(len(diagram.inputs))],
        _("input"): list(diagram.inputs),
        _("output"): list(diagram.outputs),
        _("target"): list(diagram.wanted),
    }
    for chain in diagram.chains:
        way = "←" if chain.reverse else "→"
        heading = _("layer {layer} {way}, mean size").format(layer=chain.layer + 1, way=way)
        rows[heading] = [round(float(size), 3) for size in abs(chain.states).mean(axis=1)]
    if diagram.gradient is not None:
        rows[_("gradient norm")] = [float(f"{norm:.3g}") for norm in diagram.gradient]
    return rows


def race_guide(view: ShapeView, _) -> list[str]:
    """How to read the curves."""
    told = [
        _("Above: the loss of every update on its training data. One that knows nothing pays {chance:.3g}: "
          "chance.").format(
            chance=view.chance
        ),
        _("Below: {measure}, in percent, on data that are never trained on. The dashed line is the best answer "
          "that is always "
          "the same, {guess:.1%}.").format(measure=measured(view, _), guess=view.guess),
    ]  # fmt: skip
    for name, lane in zip(names(view, _), view.lanes, strict=True):
        losses = [loss for _update, loss in lane.held_out]
        if losses[-1] > BY_HEART * min(losses) and losses[-1] > BY_HEART * lane.curve.loss[-1]:
            sentence = _(
                "{name}: the held-out loss has risen from {least:.3g} to {now:.3g} while the training loss fell. "
                "It learns "
                "its training data by heart."
            )
            told.append(sentence.format(name=name, least=min(losses), now=losses[-1]))
    return told


def race_table(view: ShapeView, _) -> dict[str, list]:
    """The measured points of all networks."""
    rows = {_("update"): [update for update, _right in view.lanes[0].accuracy]}
    for name, lane in zip(names(view, _), view.lanes, strict=True):
        rows[_("{name}: held-out loss").format(name=name)] = [float(f"{loss:.4g}") for _u, loss in lane.held_out]
        rows[_("{name}: right").format(name=name)] = [round(right, 4) for _u, right in lane.accuracy]
    return rows
