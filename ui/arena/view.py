"""Layout of the Arena: buttons, results, charts, verdicts, the sweep."""

from ui.arena.guides import GUIDES
from ui.arena.renderer import ArenaRenderer
from ui.i18n import N_
from ui.live.layout import Layout
from ui.live.request import Request
from ui.settings import keys

SENTENCES = {
    "compiling": N_(
        "Preparing the contenders for this machine. Their equations are compiled once, which can take half a "
        "minute each; the next start takes a second."
    ),
    "asleep": N_(
        "Nobody looked at this page for a minute, so the arena paused. Press Play, or “Resume the sweep”, to continue."
    ),
    "diverged": N_("All contenders have diverged. Lower their learning rates or clip their gradients."),
    "error": N_("An error stopped the arena. Nothing is lost; press Play to try again."),
    "refused": N_("These settings cannot be used. The previous match continues unchanged."),
}

LAYOUT = Layout(
    name="arena",
    key=keys.ARENA_LIVE,
    renderer=ArenaRenderer,
    request=Request.of,
    guides=GUIDES,
    sentences=SENTENCES,
    words={
        "results": N_("Standings"),
        "reach": N_("Before training: does the gradient reach the first step?"),
        "race": N_("Which networks learn"),
        "states": N_("One sequence in each network's memory"),
        "sweep": N_("Sweep: up to which lag?"),
        "climb": N_("How far each gets"),
        "rule": N_("Does the gradient curve predict it?"),
        "guide": N_("How to read this"),
        "table": N_("As a table"),
        "reachAlt": N_(
            "How strongly the last output depends on the state of each step, for each contender, log scale."
        ),
        "raceAlt": N_("Training loss of each contender with chance, and the accuracy below."),
        "statesAlt": N_("Symbols, guesses, hidden states of each contender and gradient norms of one sequence."),
        "climbAlt": N_("Share of seeds that solved each lag, and the updates that it took, for each contender."),
        "ruleAlt": N_(
            "Each network of the sweep: its gradient ratio before training, and the updates to solve the task."
        ),
    },
)
