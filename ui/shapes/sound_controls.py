"""Controls of the shape “speech”: what is said, or recorded, and what the network hears of it, to be played."""

import numpy as np
import streamlit as st

from rnn_core import InputError
from rnn_core.tasks.speech import SpeechTask
from rnn_core.tasks.speech.features import RATE
from ui.i18n import N_, Translate, join_sentences
from ui.settings import keys
from ui.settings.widgets import Widgets
from ui.shapes.sounds import LONGEST, READ, RECORDED, RecordingError, recording, sound_of, wav
from ui.training.snapshot import SampleChoice

LABELS = {"ctc": N_("what was said (CTC)"), "frames": N_("a label for each frame")}


def choose_sound(widgets: Widgets, typed_key: str, _: Translate) -> SampleChoice:
    """The sound that the network hears: recorded, spoken as it is typed, or an example."""
    left, middle, right = st.columns([4, 4, 2], vertical_alignment="bottom")
    with middle:
        widgets.segments(keys.SHAPE_LABELS, LABELS)
    with left:
        hint = _("Type and press Enter; leave empty for an example")
        typed = widgets.text(typed_key, placeholder=hint).strip()
    played, recorded = st.columns(2, vertical_alignment="bottom")
    with recorded:
        choice = _recorded(_)
    with right:
        number = widgets.number(keys.SHAPE_EXAMPLE, choice is None)
    if choice is None:
        choice = SampleChoice("typed", number, typed) if typed else SampleChoice("held_out", number)
    with played:
        own = _("Your recording is what the network hears; delete it to hear what is typed, or an example.")
        st.caption(own if choice.split == RECORDED else _("What the network hears"))
        st.audio(wav(_samples(choice)), format="audio/wav", alt=_("What the network hears"))
    return choice


def _recorded(_: Translate) -> SampleChoice | None:
    """The reader's own voice; None where there is none, or nothing is to be heard in it.

    Streamlit drops a recording with the control that it was made with. So what is heard of it lies in the session of
    the browser tab, until it is deleted or another one is made.
    """
    state = st.session_state
    file = st.audio_input(
        _("Or your own voice"),
        sample_rate=RATE,
        key=keys.SHAPE_RECORDING,
        on_change=_forget,
        help=_(
            "Say some of a, e, i, o, u. The recording goes to the server that shows this page, for this network alone. "
            "Another page or a reload keeps it; the server deletes it when you do, or five minutes after you leave."
        ),
    )
    if file is not None:
        try:
            state[keys.SHAPE_VOICE], longer = recording(file.getvalue())
        except RecordingError:
            nothing = _(
                "Nothing can be heard in the first {seconds:g} seconds of this recording; no more of it is read."
            )
            st.warning(join_sentences(nothing.format(seconds=READ), _("An example is shown in its place.")))
            return None
        if longer:
            told = _("The network hears {seconds:g} seconds of this recording, from where it becomes loud.")
            st.caption(told.format(seconds=LONGEST))
    elif keys.SHAPE_VOICE in state:
        st.button(_("Delete your recording"), key=keys.SHAPE_FORGET, on_click=_forget)
    heard = state.get(keys.SHAPE_VOICE)
    return None if heard is None else SampleChoice(RECORDED, recording=heard)


def _forget() -> None:
    st.session_state.pop(keys.SHAPE_VOICE, None)


def _samples(choice: SampleChoice) -> np.ndarray:
    task = SpeechTask()
    try:
        return sound_of(task, choice)[0]
    except InputError:  # what was typed cannot be said
        return sound_of(task, SampleChoice("held_out", choice.number))[0]
