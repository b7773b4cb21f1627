"""Layout of the page “Language”: its four views."""

from ui.i18n import N_
from ui.language.renderer import LanguageRenderer, Request
from ui.language.views import ALL_GUIDES
from ui.live.layout import Layout
from ui.network.notices import SENTENCES
from ui.settings import keys

LAYOUT = Layout(
    name="language",
    key=keys.WRITING,
    renderer=LanguageRenderer,
    request=Request.of,
    guides=ALL_GUIDES,
    sentences=SENTENCES,
    words={
        "guide": N_("How to read this"),
        "table": N_("The same as a table"),
        "choose": N_("Click a sentence to see it on the score."),
        "partingTitle": N_("Where they diverge"),
        "partingAlt": N_("Sum of the surprise of each sentence, from its first to its last symbol."),
        "scoreAlt": N_("Score of the chosen sentence: symbols, hidden states, outputs, surprise and gradient norm."),
        "branches": N_("What it writes"),
        "sentences": N_("The sentences"),
        "chooseStep": N_("Click a symbol to see what else might have come."),
        "forget": N_("Forget the branches"),
        "choicesAlt": N_("Surprise and entropy of each step, and how many symbols could be drawn."),
        "compared": N_("Branches and beams: which text is the most probable?"),
        "samples": N_("What it wrote earlier in training"),
        "noText": N_("Nothing yet."),
        "rulersAlt": N_("Held-out loss of the network over the updates, with the losses of the n-gram models."),
        "raceAlt": N_("What you, the network and the counting models have paid so far."),
        "guess": N_("Next symbol"),
        "guessHint": N_("Type it. Enter stands for a line end."),
        "guessWord": N_("Type a word and press Enter. An empty line stands for a line end."),
        "sure": N_("How sure are you?"),
        "again": N_("Start this passage over"),
    },
    chosen={keys.BRANCHES: keys.BRANCHES},
)
