"""Layout of the Lab: score, loss and texts of the network in training."""

from ui.i18n import N_
from ui.lab.guides import GUIDES
from ui.lab.renderer import LabRenderer
from ui.live.layout import Layout
from ui.live.request import Request
from ui.network.notices import SENTENCES
from ui.settings import keys

LAYOUT = Layout(
    name="lab",
    key=keys.LIVE,
    renderer=LabRenderer,
    request=Request.of,
    guides=GUIDES,
    sentences=SENTENCES,
    words={
        "chooseStep": N_("Click a step, or use ← and →, to see its exact values."),
        "noStep": N_("No step is chosen."),
        "downloadCheckpoint": N_("The network itself (checkpoint)"),
        "downloadPyTorch": N_("For PyTorch (.safetensors)"),
        "downloadHistory": N_("Loss history (CSV)"),
        "taskGuide": N_("The task: what goes in, what must come out"),
        "scoreGuide": N_("How to read the score"),
        "scoreTable": N_("The score as a table"),
        "lossGuide": N_("How to read the loss"),
        "lossTable": N_("The loss as a table"),
        "samples": N_("Texts by the network"),
        "noText": N_("This network writes no text: it needs a text or a grammar to learn from, read in one direction."),
        "makeFilm": N_("Save as a film (HTML)"),
        "cancelFilm": N_("Cancel"),
        "downloadFilm": N_("Download the film"),
        "showEvidence": N_("Show the evidence"),
        "scoreAlt": N_("Score of one sequence: symbols, hidden states, outputs, loss and gradient norm of each step."),
        "lossAlt": N_("Training loss, held-out loss and gradient norm over the updates."),
    },
    chosen={"step": keys.CHOSEN_STEP},
)
