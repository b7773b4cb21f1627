"""Layout of the page “Shapes”: buttons, the diagram, what the shape shows beside it, curves, the networks."""

from typing import Any

from ui.i18n import N_, Translate
from ui.live.layout import Layout
from ui.live.request import Request
from ui.settings import keys
from ui.shapes import decoding, encoder_decoder, guides
from ui.shapes.records import ShapeView
from ui.shapes.registry import SHAPES
from ui.shapes.renderer import ShapesRenderer


def of_quality(view: ShapeView, part: str, _: Translate) -> Any:
    """Table or guide of how good outputs are, of a shape that measures it; None of the others."""
    told = getattr(SHAPES[view.setup.shape], f"quality_{part}", None)
    return told and told(view, _)


GUIDES = {
    "diagram_guide": guides.diagram_guide,
    "diagram_table": guides.diagram_table,
    "finding_guide": lambda view, _: SHAPES[view.setup.shape].guide(view, _),
    "finding_table": lambda view, _: SHAPES[view.setup.shape].table(view, _),
    "alignment_guide": encoder_decoder.alignment_guide,
    "alignment_table": encoder_decoder.alignment_table,
    "search_table": decoding.search_table,
    "search_guide": decoding.search_guide,
    "known_guide": decoding.known_guide,
    "quality_table": lambda view, _: of_quality(view, "table", _),
    "quality_guide": lambda view, _: of_quality(view, "guide", _),
    "race_guide": guides.race_guide,
    "race_table": guides.race_table,
}

LAYOUT = Layout(
    name="shapes",
    key=keys.SHAPES_LIVE,
    renderer=ShapesRenderer,
    request=Request.of,
    guides=GUIDES,
    words={
        "diagram": N_("The network, unrolled over one sequence"),
        "alignment": N_("Which steps of the input each output reads"),
        "search": N_("The most probable outputs, by beam search"),
        "known": N_("Symbols of which an input may be made"),
        "quality": N_("How good the outputs are"),
        "race": N_("How it learns"),
        "results": N_("The networks"),
        "guide": N_("How to read this"),
        "table": N_("As a table"),
        "diagramAlt": N_("Inputs at the bottom, states as columns from left to right, outputs on top."),
        "alignmentAlt": N_("Weights of attention: a row for each symbol written, a column for each one read."),
        "raceAlt": N_("Training loss of each network with chance, and the accuracy below."),
    },
)
