"""Controls of the page “Language” beside the Lab's."""

import streamlit as st

from ui.i18n import N_, Language, Translate
from ui.language.branches import Drawing
from ui.language.frame_context import ViewOptions
from ui.language.sentences import LONGEST, MOST
from ui.language.views import PICTURES
from ui.network.controls import Choices
from ui.settings import keys
from ui.settings.choices import DEFAULT_TEXT
from ui.settings.help import VIEW, Help
from ui.settings.preset import set_controls
from ui.settings.setting import Setting
from ui.settings.widgets import Widgets
from ui.theme import Theme

VIEWS = {
    "score": N_("Score sentences"),
    "write": N_("Write"),
    "rulers": N_("N-gram models"),
    "game": N_("Guess"),
}
UNITS = {"bits": N_("bits"), "nats": N_("nats")}

TABLE = {
    keys.WRITING_VIEW: Setting("score", tuple(PICTURES), label=N_("Look at"), help=VIEW),
    keys.INFORMATION: Setting(
        "bits",
        tuple(UNITS),
        label=N_("Surprise in"),
        help=Help(
            N_("The unit of surprise and of loss on this page."),
            (
                "bit",
                "nat",
            ),
        ),
    ),
    keys.SENTENCES: Setting(
        "",
        longest=1600,
        label=N_("Sentences, one a line"),
        help=Help(N_("One sentence per line; their probabilities are compared.")),
    ),
    keys.BEFORE: Setting(
        "",
        longest=200,
        label=N_("Context"),
        help=Help(
            N_("The network reads this first, so that the first symbol has a probability too. Empty: a line end.")
        ),
    ),
    keys.PROMPT: Setting(
        "", longest=200, label=N_("Begin with"), help=Help(N_("The network reads this first and continues it."))
    ),
    keys.DRAW_TEMPERATURE: Setting(
        1.0,
        low=0.0,
        high=2.0,
        label=N_("Temperature"),
        help=Help(N_("0 always takes the most probable symbol."), ("temperature",)),
    ),
    keys.TOP_K: Setting(
        None,
        (None, 1, 2, 3, 5, 10, 20, 50, 100),
        label=N_("Top-k: the k likeliest"),
        help=Help(N_("Only the k likeliest symbols can be drawn.")),
    ),
    keys.TOP_P: Setting(
        1.0,
        low=0.05,
        high=1.0,
        label=N_("Top-p: total probability"),
        help=Help(N_("The smallest set of likeliest symbols whose probabilities sum to this; 1 keeps all.")),
    ),
    keys.DRAW_SEED: Setting(
        0,
        low=0,
        high=9999,
        label=N_("Sampling seed"),
        help=Help(N_("The same seed draws the same text from the same network.")),
    ),
    keys.DRAW_LENGTH: Setting(
        40, low=5, high=80, label=N_("Symbols to write"), help=Help(N_("How long the text is that it writes."))
    ),
    keys.BEAMS: Setting(
        3,
        low=1,
        high=8,
        label=N_("Beam width"),
        help=Help(
            N_("How many beginnings are continued side by side; 1 always takes the most probable symbol."),
            ("beam_search",),
        ),
    ),
    keys.PASSAGE: Setting(
        0, low=0, high=9999, label=N_("Number of the passage"), help=Help(N_("The same number is the same passage."))
    ),
    keys.BRANCHES: Setting("", longest=1500),
}


def choose_view(widgets: Widgets, _: Translate) -> str:
    """Which part of the page is shown; beside it the unit."""
    left, right = st.columns([4, 1])
    with left:
        view = widgets.segments(keys.WRITING_VIEW, VIEWS, label_visibility="collapsed")
    with right:
        widgets.segments(keys.INFORMATION, UNITS, label_visibility="collapsed")
    return view


def choose_options(widgets: Widgets, view: str, language: Language, theme: Theme, choices: Choices) -> ViewOptions:
    """Draw the controls of a view and read them; those of the others keep what they are set to."""
    _ = language.gettext
    settings = widgets.settings
    for name in TABLE:
        if name not in settings.values and name != keys.BRANCHES:
            settings.note(name, st.session_state.get(name, settings.first(name)))
    if view == "score":
        _choose_sentences(widgets, _)
    elif view == "write":
        _choose_drawing(widgets, _)
    elif view == "game":
        with st.columns([1, 3])[0]:
            widgets.number(keys.PASSAGE)
    values = settings.values
    drawing = Drawing(
        temperature=values[keys.DRAW_TEMPERATURE],
        top_k=values[keys.TOP_K],
        top_p=None if values[keys.TOP_P] == 1.0 else values[keys.TOP_P],
        seed=values[keys.DRAW_SEED],
        length=values[keys.DRAW_LENGTH],
        beams=values[keys.BEAMS],
    )
    return ViewOptions(
        language=language,
        theme=theme,
        view=view,
        unit=values[keys.INFORMATION],
        sentences=values[keys.SENTENCES],
        before=values[keys.BEFORE],
        prompt=values[keys.PROMPT],
        drawing=drawing,
        passage=values[keys.PASSAGE],
        notation=choices.display.notation,
        layer=choices.display.layer,
        split=choices.sample_choice.split,
    )


def _choose_sentences(widgets: Widgets, _: Translate) -> None:
    left, right = st.columns([3, 1])
    with left:
        widgets.area(
            keys.SENTENCES,
            placeholder=_(
                "Type up to {most} sentences of up to {longest} symbols, or leave it empty for examples."
            ).format(most=MOST, longest=LONGEST),
            height=110,
        )
    with right:
        widgets.text(
            keys.BEFORE,
        )


def _choose_drawing(widgets: Widgets, _: Translate) -> None:
    what, how, kept, more = st.columns(4)
    with what:
        widgets.text(keys.PROMPT, placeholder=_("empty: a line end"))
        widgets.slider(keys.DRAW_LENGTH)
    with how:
        widgets.slider(keys.DRAW_TEMPERATURE, step=0.05)
        widgets.number(keys.DRAW_SEED)
    with kept:
        widgets.steps(keys.TOP_K, lambda k: _("off") if k is None else f"{k}")
        widgets.slider(keys.TOP_P, step=0.05)
    with more:
        widgets.slider(keys.BEAMS)


def offer_a_text(obstacle: str, language: Language) -> None:
    """Show what is needed, and a button that brings it about."""
    _ = language.gettext
    if obstacle == "bidirectional":
        st.info(
            _(
                "The Lab's network reads in both directions. To score or write a text it must read in one "
                "direction only: it may not see the symbol that it is to predict."
            )
        )
        st.button(
            _("Let it read in one direction"),
            key=keys.ONE_WAY,
            on_click=set_controls,
            args=({keys.BIDIRECTIONAL: False},),
        )
        return
    st.info(
        _(
            "The Lab's network learns a task without a text. This page needs one that predicts the next character or "
            "word of a text."
        )
    )
    values = {keys.DATA: DEFAULT_TEXT[language.code], keys.PRESET: "", keys.BIDIRECTIONAL: False}
    st.button(_("Give it a text"), key=keys.TAKE_TEXT, on_click=set_controls, args=(values,))
