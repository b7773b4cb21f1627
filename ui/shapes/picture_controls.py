"""Controls of the shape “captions”: an example, a picture that the reader composes of two objects, or draws."""

import streamlit as st

from rnn_core.tasks.captions.pictures import CELLS, relation_of
from rnn_core.tasks.captions.scenes import COLOURS, SHAPES, SIZES
from ui.i18n import LANGUAGES, N_, Translate, join_sentences
from ui.settings import keys
from ui.settings.help import Help
from ui.settings.setting import Setting
from ui.settings.widgets import Widgets
from ui.shapes.captions import COLOURS as COLOUR_NAMES
from ui.shapes.captions import HELP as KIND_HELP
from ui.shapes.captions import PLACES, TYPE
from ui.shapes.drawings import DRAWN, FIRST, LONGEST, PATTERN
from ui.shapes.paper import paper
from ui.training.snapshot import SampleChoice

KINDS = {"example": N_("an example"), "own": N_("two objects of your choice"), "drawn": N_("your drawing")}
OWN = {  # of each object: the names of what can be chosen
    "size": (N_("small"), N_("large")),
    "colour": COLOUR_NAMES,
    "form": (N_("circle"), N_("square"), N_("triangle"), N_("ring")),
    "place": PLACES,
}
LABELS = {
    "size": (N_("First object: size"), N_("Second object: size")),
    "colour": (N_("First object: colour"), N_("Second object: colour")),
    "form": (N_("First object: shape"), N_("Second object: shape")),
    "place": (N_("First object: place"), N_("Second object: place")),
}
FIRST_OBJECTS = ({"size": 0, "colour": 0, "form": 3, "place": 1}, {"size": 1, "colour": 2, "form": 1, "place": 7})
HELP = Help(N_("The network reads your picture at once; it continues to learn from pictures of its own."))

DRAWING = N_(
    "The training pictures have two objects, each in one of the nine fields. Draw anything else, and see what the "
    "network takes it for."
)

assert [len(OWN[name]) for name in OWN] == [len(SIZES), len(COLOURS), len(SHAPES), CELLS**2]


def settings() -> dict[str, Setting]:
    """A setting for each attribute of the two objects."""
    kind = Setting(
        "example",
        tuple(KINDS),
        label=TYPE,
        help=Help(KIND_HELP),
    )
    drawing = Setting(FIRST, longest=LONGEST, pattern=PATTERN, label=N_("Your drawing"), help=Help(DRAWING))
    return {keys.SHAPE_PICTURE: kind, keys.SHAPE_DRAWING: drawing} | {
        keys.SHAPE_OBJECTS[k][name]: Setting(
            FIRST_OBJECTS[k][name], tuple(range(len(OWN[name]))), label=LABELS[name][k], help=HELP
        )
        for k in range(2)
        for name in OWN
    }


def choose_picture(widgets: Widgets, needed: str, _: Translate) -> SampleChoice:
    """The picture that the network describes. needed : what is said when two objects share a place."""
    left, middle, right = st.columns([5, 3, 2], vertical_alignment="bottom")
    with left:
        kind = widgets.segments(keys.SHAPE_PICTURE, KINDS)
    with middle:
        widgets.segments(keys.SHAPE_WORDS, LANGUAGES)
    with right:
        number = widgets.number(keys.SHAPE_EXAMPLE, kind == "example")
    if kind == "example":
        return SampleChoice("held_out", number)
    if kind == "drawn":
        label = widgets.label(keys.SHAPE_DRAWING)
        return SampleChoice(
            DRAWN, typed=widgets.own(keys.SHAPE_DRAWING, lambda first: paper(first, label, _(DRAWING), _))
        )
    chosen = []
    for k in range(2):
        for name, column in zip(OWN, st.columns(4), strict=True):
            with column:
                chosen.append(widgets.select(keys.SHAPE_OBJECTS[k][name], dict(enumerate(OWN[name]))))
    if chosen[3] == chosen[7]:
        st.warning(join_sentences(needed, _("An example is shown in its place.")))
        return SampleChoice("held_out", number)
    if relation_of(chosen[3], chosen[7]) is None:
        st.caption(
            _("In all training pictures one object is directly above or below the other, or directly beside it.")
        )
    return SampleChoice("typed", typed=",".join(map(str, chosen)))
