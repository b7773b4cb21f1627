"""Arena: two to four networks learn the same task in lockstep, and the gradient tells before who will."""

import streamlit as st

from ui.arena import controls, view
from ui.arena.presets import MATCHES
from ui.arena.renderer import ArenaFrames, Stage
from ui.arena.session import arena_session
from ui.live.full import server_full
from ui.settings import remarks
from ui.settings.appearance import current_theme
from ui.settings.keys import ACT, KEEP
from ui.settings.language import current_language
from ui.settings.share import share

language, theme, session = current_language(), current_theme(), arena_session()
_ = language.gettext
if session is None:
    server_full(_)
if st.session_state.pop(ACT, None) == "new_seed":
    controls.new_seed()
widgets = controls.widgets_of(language)
choices = controls.choose(widgets, language)
session.request(choices.match, choices.training)
session.plan(choices.plan)
session.pace(choices.speed)
session.look_at(choices.look)
if not isinstance(session.pictures, ArenaFrames):
    session.pictures = ArenaFrames()
session.pictures.show(Stage(language, theme, choices.clock))

st.title(_("Which network can learn what?"), anchor=False)
remarks.show(widgets.settings, _("Arena"), _)
preset = MATCHES.get(choices.preset)
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
view.show(session, theme, _)
widgets.settings.write_url()
with st.sidebar, widgets.part(KEEP, _("Keep and share")) as part:
    if part.open:
        share(widgets.settings, widgets.labels, _)
