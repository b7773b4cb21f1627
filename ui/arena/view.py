"""The Arena's moving part as a Streamlit element: the browser draws it from what ui/arena/frames.py makes."""

from functools import cache

import streamlit as st
from streamlit.components.v2 import component

from ui import state
from ui.figures.arena import colours
from ui.live import BROWSER, LOADER


@cache
def _component():
    html = (BROWSER / "arena.html").read_text(encoding="utf-8")
    css = "".join((BROWSER / f"{name}.css").read_text(encoding="utf-8") for name in ("live", "arena"))
    return component("arena", html=html, css=css, js=LOADER, isolate_styles=False)


def show(session, theme, _) -> None:
    """Buttons, standings, charts, verdicts, the sweep. A button that changes controls too is left in the session's
    state for the next run of the script."""
    base = st.get_option("server.baseUrlPath").strip("/")
    base = f"/{base}" if base else ""
    words = {
        "play": _("Play"),
        "pause": _("Pause"),
        "oneStep": _("One step"),
        "startOver": _("Start over"),
        "newSeed": _("New seed"),
        "resetAxes": _("Reset axes"),
        "standings": _("Standings"),
        "reach": _("Before training: does the gradient reach the first step?"),
        "race": _("Who learns"),
        "states": _("The same sequence in everybody's memory"),
        "sweep": _("Sweep: up to which lag?"),
        "climb": _("How far each gets"),
        "rule": _("Does the gradient curve predict it?"),
        "guide": _("How to read this"),
        "table": _("As a table"),
        "reachAlt": _("How strongly the last output depends on the state of each step, for each contender, log scale."),
        "raceAlt": _("Training loss of each contender with chance, and the share of right answers below."),
        "statesAlt": _("Symbols, guesses, hidden states of each contender and gradient norms of one sequence."),
        "climbAlt": _("Share of seeds that solved each lag, and the updates that it took, for each contender."),
        "ruleAlt": _(
            "Each network of the sweep: its gradient ratio before training, and the updates to solve the task."
        ),
    }
    data = {
        "key": session.key,
        "address": f"{base}/live",
        "script": f"{base}/browser/arena.js",
        "words": words,
        "colours": {"faded": theme.faded, "positive": theme.held_out, "negative": theme.training},
        "contenders": list(colours(theme)),
    }
    _component()(key=state.ARENA_LIVE, data=data, on_act_change=_pressed)


def _pressed() -> None:
    st.session_state[state.ARENA_ACT] = st.session_state[state.ARENA_LIVE].act
