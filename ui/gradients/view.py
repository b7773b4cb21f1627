"""Live element of the page «Gradients»: its words, and the entry of the matrix that is chosen there."""

from pathlib import Path

from ui.live.component import live_component
from ui.settings import keys

STATIC = Path(__file__).parent / "static"
CHOSEN = {"lossStep": keys.LOSS_STEP, "stateStep": keys.STATE_STEP}  # what the reader chooses: its setting


def show(session, theme, settings, _) -> None:
    """Show what moves, and note which loss and which state the reader has chosen."""
    words = {
        "chooseEntry": _("Click an entry, or use the arrow keys, to follow one gradient back."),
        "noEntry": _("No entry is chosen."),
        "untrained": _("Untrained: back to update 0, paused"),
        "matrixGuide": _("How to read the matrix"),
        "matrixTable": _("The matrix as a table"),
        "matrixAlt": _(
            "Gradient matrix: how much the loss of each step depends on each state; below it the inputs, the sum "
            "over all losses, and the factor by which each unit multiplies a gradient."
        ),
        "decayTitle": _("How far it reaches"),
        "decayGuide": _("How to read the decay"),
        "decayTable": _("The decay as a table"),
        "decayAlt": _("Gradient against the number of steps between loss and state, with fitted line and bound."),
        "pathTitle": _("Backpropagation from one loss"),
        "pathGuide": _("How to read the backward path"),
        "pathTable": _("The backward path as a table"),
        "pathAlt": _(
            "From one loss back: gradient, derivative of the states, its singular values, each step's factor."
        ),
        "planeTitle": _("Why: the eigenvalues"),
        "planeGuide": _("How to read the eigenvalues"),
        "planeTable": _("The eigenvalues as a table"),
        "planeAlt": _("Eigenvalues of W and of one step's factor in the complex plane, with the unit circle."),
        "historyTitle": _("While it trains"),
        "historyGuide": _("How to read the history"),
        "historyTable": _("The history as a table"),
        "historyAlt": _("Steps to half and to 1%, factor per step, spectral radius and mean slope over the updates."),
    }
    first = {name: settings.first(key) for name, key in CHOSEN.items()}
    now = live_component(keys.GRADIENTS, STATIC, session, theme, words, _, **first)
    for name, key in CHOSEN.items():
        chosen = getattr(now, name)
        settings.note(key, chosen if isinstance(chosen, int) else settings.first(key))
