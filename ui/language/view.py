"""The page in the browser: the words that stand in it."""

from pathlib import Path

from ui.language.frame_context import ViewOptions
from ui.live.component import live_component
from ui.settings import keys

STATIC = Path(__file__).parent / "static"


def show(session, theme, options: ViewOptions, settings, _) -> None:
    """Show what moves, and note which branches the reader has made."""
    words = {
        "guide": _("How to read this"),
        "table": _("The same as a table"),
        "choose": _("Click a sentence to see it on the score."),
        "partingTitle": _("Where they diverge"),
        "partingAlt": _("Sum of the surprise of each sentence, from its first to its last symbol."),
        "scoreAlt": _("Score of the chosen sentence: symbols, hidden states, outputs, surprise and gradient norm."),
        "branches": _("What it writes"),
        "sentences": _("The sentences"),
        "chooseStep": _("Click a symbol to see what else might have come."),
        "forget": _("Forget the branches"),
        "choicesAlt": _("Surprise and entropy of each step, and how many symbols could be drawn."),
        "compared": _("Branches and beams: which text is the most probable?"),
        "samples": _("What it wrote earlier in training"),
        "noText": _("Nothing yet."),
        "rulersAlt": _("Held-out loss of the network over the updates, with the losses of the n-gram models."),
        "raceAlt": _("What you, the network and the counting models have paid so far."),
        "guess": _("Next symbol"),
        "guessHint": _("Type it. Enter stands for a line end."),
        "guessWord": _("Type a word and press Enter. An empty line stands for a line end."),
        "sure": _("How sure are you?"),
        "again": _("Start this passage over"),
    }
    more = {"view": options.view, "passage": options.passage, "bar": theme.training, "mark": theme.held_out}
    now = live_component(
        keys.WRITING, STATIC, session, theme, words, _, more, **{keys.BRANCHES: settings.first(keys.BRANCHES)}
    )
    made = getattr(now, keys.BRANCHES)
    settings.note(keys.BRANCHES, made if isinstance(made, str) else "")
