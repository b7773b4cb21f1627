"""Layout of the state space: the states as a plane or a tree."""

from ui.i18n import N_
from ui.live.layout import Layout
from ui.memory.states.guides import STATES_GUIDES, TREE_GUIDES
from ui.memory.states.renderer import Request, StatesRenderer
from ui.network.notices import SENTENCES
from ui.settings import keys

LAYOUT = Layout(
    name="memory/states",
    key=keys.PLANE,
    renderer=StatesRenderer,
    request=Request.of,
    guides=STATES_GUIDES | TREE_GUIDES,
    sentences=SENTENCES,
    words={
        "input": N_("Constant input"),
        "fitAxes": N_("Refit the axes"),
        "turn": N_("Turn (degrees)"),
        "tilt": N_("Tilt (degrees)"),
        "statesAlt": N_("The states of the network: the sequence on screen as a path, held-out states, fixed points."),
        "statesGuide": N_("How to read the plane"),
        "statesTable": N_("The states as a table"),
        "fixedGuide": N_("How to read the fixed points"),
        "fixedTable": N_("The fixed points as a table"),
        "nowTitle": N_("This network"),
        "nowAlt": N_("Tree of the mean states: the leaves and how similar they are to this network."),
        "beforeTitle": N_("A network of the same size, untrained"),
        "beforeAlt": N_("Tree of the mean states of an untrained network of the same size."),
        "treeGuide": N_("How to read the trees"),
        "treeTable": N_("The trees as a table"),
    },
    chosen={"input": keys.PLANE_INPUT, "turn": keys.PLANE_TURN, "tilt": keys.PLANE_TILT},
)
