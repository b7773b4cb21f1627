"""The page «Arena»: two to four networks learn the same task in lockstep, and the gradient tells before who will."""

import streamlit as st

from ui.arena import view
from ui.arena.controls import TABLE, Choices, choose, new_seed, widgets_of
from ui.arena.presets import MATCHES
from ui.arena.renderer import ArenaRenderer, ViewOptions
from ui.arena.session import arena_session
from ui.live.page import Page, Visit
from ui.settings.keys import ACT


def _act(_session) -> None:
    if st.session_state.pop(ACT, None) == "new_seed":
        new_seed()


def _controls(visit: Visit) -> Choices:
    choices, session = choose(visit.widgets, visit.language), visit.session
    session.request(choices.match, choices.training)
    session.plan(choices.plan)
    session.pace(choices.speed)
    session.choose_sample(choices.sample_choice)
    ArenaRenderer.of(session).show(ViewOptions(visit.language, visit.theme, choices.clock))
    return choices


def _view(visit: Visit, choices: Choices) -> None:
    _, preset = visit.gettext, MATCHES.get(choices.preset)
    if preset is None:
        st.markdown(
            _(
                "Several networks learn the same task in lockstep: the same batches, the same seed, the same number "
                "of updates, and the same number of parameters unless you say otherwise. Make the lag longer and see "
                "who falls behind. Did the gradient curve before the first update foretell it?"
            )
        )
    else:
        st.markdown(_("**{title}** – {text}").format(title=_(preset.title), text=_(preset.look_for)))
    view.show(visit.session, visit.theme, _)


PAGE = Page(
    name="arena",
    settings=TABLE,
    widgets=widgets_of,
    controls=_controls,
    view=_view,
    session=arena_session,
    act=_act,
    renderers=(ArenaRenderer,),
    shared=True,
)
