"""The page “Arena”: two to four networks learn the same task in lockstep, and the gradient tells before who will."""

import streamlit as st

from ui.arena.controls import TABLE, Choices, choose, widgets_of
from ui.arena.presets import MATCHES
from ui.arena.renderer import ViewOptions
from ui.arena.session import arena_session
from ui.arena.view import LAYOUT
from ui.charts.race import colours
from ui.live.layout import Shown
from ui.live.page import Page, Visit
from ui.settings.keys import ARENA_SEED


def _controls(visit: Visit) -> Choices:
    choices, session = choose(visit.widgets, visit.language), visit.session
    session.request(choices.match, choices.training)
    session.plan(choices.plan)
    session.pace(choices.speed)
    session.choose_sample(choices.sample_choice)
    return choices


def _show(visit: Visit, choices: Choices) -> Shown:
    _, preset = visit.gettext, MATCHES.get(choices.preset)
    if preset is None:
        st.markdown(
            _(
                "Several networks learn the same task in lockstep: the same batches, the same seed, the same number "
                "of updates, and the same number of parameters unless you say otherwise. Make the lag longer and see "
                "which fall behind. Did the gradient curve before the first update foretell it?"
            )
        )
    else:
        st.markdown(_("**{title}** – {text}").format(title=_(preset.title), text=_(preset.look_for)))
    contenders = {"contenders": list(colours(visit.theme))}
    return Shown(LAYOUT, ViewOptions(visit.language, visit.theme, choices.clock), contenders)


PAGE = Page(
    name="arena",
    settings=TABLE,
    widgets=widgets_of,
    controls=_controls,
    show=_show,
    layouts=(LAYOUT,),
    session=arena_session,
    seed=ARENA_SEED,
    shared=True,
)
