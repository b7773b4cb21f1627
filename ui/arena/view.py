"""The Arena in the browser: the words that stand in it."""

from pathlib import Path

from ui.charts.race import colours
from ui.live.component import live_component
from ui.settings import keys

STATIC = Path(__file__).parent / "static"


def show(session, theme, _) -> None:
    """Buttons, results, charts, verdicts, the sweep."""
    words = {
        "results": _("Standings"),
        "reach": _("Before training: does the gradient reach the first step?"),
        "race": _("Which networks learn"),
        "states": _("One sequence in each network's memory"),
        "sweep": _("Sweep: up to which lag?"),
        "climb": _("How far each gets"),
        "rule": _("Does the gradient curve predict it?"),
        "guide": _("How to read this"),
        "table": _("As a table"),
        "reachAlt": _("How strongly the last output depends on the state of each step, for each contender, log scale."),
        "raceAlt": _("Training loss of each contender with chance, and the accuracy below."),
        "statesAlt": _("Symbols, guesses, hidden states of each contender and gradient norms of one sequence."),
        "climbAlt": _("Share of seeds that solved each lag, and the updates that it took, for each contender."),
        "ruleAlt": _(
            "Each network of the sweep: its gradient ratio before training, and the updates to solve the task."
        ),
    }
    live_component(keys.ARENA_LIVE, STATIC, session, theme, words, _, {"contenders": list(colours(theme))})
