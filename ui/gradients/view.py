"""Layout of the page “Gradients”: the matrix, what follows from the entry that is chosen there, the causes."""

from ui.gradients.guides import GUIDES
from ui.gradients.renderer import GradientsRenderer, Request
from ui.i18n import N_
from ui.live.layout import Layout
from ui.network.notices import SENTENCES
from ui.settings import keys

LAYOUT = Layout(
    name="gradients",
    key=keys.GRADIENTS,
    renderer=GradientsRenderer,
    request=Request.of,
    guides=GUIDES,
    sentences=SENTENCES,
    words={
        "chooseEntry": N_("Click an entry, or use the arrow keys, to follow one gradient back."),
        "noEntry": N_("No entry is chosen."),
        "untrained": N_("Untrained: back to update 0, paused"),
        "matrixGuide": N_("How to read the matrix"),
        "matrixTable": N_("The matrix as a table"),
        "matrixAlt": N_(
            "Gradient matrix: how much the loss of each step depends on each state; below it the inputs, the sum "
            "over all losses, and the factor by which each unit multiplies a gradient."
        ),
        "decayTitle": N_("How far it reaches"),
        "decayGuide": N_("How to read the decay"),
        "decayTable": N_("The decay as a table"),
        "decayAlt": N_("Gradient against the number of steps between loss and state, with fitted line and bound."),
        "pathTitle": N_("Backpropagation from one loss"),
        "pathGuide": N_("How to read the backward path"),
        "pathTable": N_("The backward path as a table"),
        "pathAlt": N_(
            "From one loss back: gradient, derivative of the states, its singular values, each step's factor."
        ),
        "planeTitle": N_("Why: the eigenvalues"),
        "planeGuide": N_("How to read the eigenvalues"),
        "planeTable": N_("The eigenvalues as a table"),
        "planeAlt": N_("Eigenvalues of W and of one step's factor in the complex plane, with the unit circle."),
        "historyTitle": N_("While it trains"),
        "historyGuide": N_("How to read the history"),
        "historyTable": N_("The history as a table"),
        "historyAlt": N_("Steps to half and to 1%, factor per step, spectral radius and mean slope over the updates."),
    },
    chosen={"lossStep": keys.LOSS_STEP, "stateStep": keys.STATE_STEP},
)
