"""The parts of the Lab that its script draws: buttons, what is going on, keeping and loading a network."""

from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from rnn_core import CheckpointError, ConfigError
from rnn_core.checkpoint import read_checkpoint
from rnn_core.tasks import TASKS
from ui import state
from ui.controls import CELL_NAMES, LINKED_TEXT, SETTINGS, gentler, set_controls, tame, values_of
from ui.equations import equations
from ui.presets import PRESETS
from ui.run import Run
from ui.snapshot import Look
from ui.theme import LIGHT, THEMES, Theme

CHECKPOINT_SIZE = 20  # megabytes


def current_theme() -> Theme:
    """The theme of the page as the reader sees it; light until the browser has said."""
    return THEMES.get(st.context.theme.type, LIGHT)


def formula(setup, notation) -> str:
    """The equations of this network, one after the other, to be rendered as Markdown."""
    written = equations(setup.cell, TASKS[setup.task].loss, bias=setup.bias, notation=notation)
    return " &emsp; ".join(f"${{{line}}}$" for line in written)  # in braces: never broken


def introduction(choices, _) -> None:
    """What the page is; or, in an experiment, what to look for."""
    preset = PRESETS.get(choices.preset)
    if preset is not None:
        title, look_for = _(preset.title), _(preset.look_for)
        st.markdown(f"**{title}.** {look_for}")
        return
    st.markdown(
        _(
            "A recurrent network reads one symbol after another. At each step it mixes the input $x_t$ with its "
            "own last state, which is its only memory, and from the new state it guesses what comes next. Below, "
            "it is trained while you watch; every number comes from the network on this page."
        )
    )


def transport(session, snapshot, _) -> None:
    """Play or pause, one step, from the beginning; the network before."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if snapshot.status in ("running", "starting", "compiling"):
            st.button(_("Pause"), key=state.PAUSE, icon=":material/pause:", on_click=session.pause)
        else:
            st.button(_("Play"), key=state.PLAY, icon=":material/play_arrow:", on_click=session.play)
        st.button(_("One step"), key=state.STEP, icon=":material/skip_next:", on_click=session.step)
        st.button(_("Start over"), key=state.RESET, icon=":material/replay:", on_click=session.reset)
        if st.button(_("New seed"), key=state.NEW_SEED, icon=":material/casino:", on_click=_new_seed):
            st.rerun()  # the side bar is outside this fragment
        if snapshot.former is not None:
            label = _("Bring back the network before ({update:,} updates)").format(update=snapshot.former)
            if st.button(label, key=state.BRING_BACK, icon=":material/undo:", on_click=_bring_back, args=(session,)):
                st.rerun()


def _new_seed() -> None:
    """The next seed: other initial weights, other data."""
    highest = SETTINGS[state.SEED].high
    set_controls({state.SEED: (st.session_state.get(state.SEED, 0) + 1) % (highest + 1)})


def _bring_back(session) -> None:
    """The network before, and the controls as they were for it."""
    former = session.bring_back()
    if former is not None:
        set_controls(values_of(*former))


def notices(session, snapshot, _) -> None:
    """What the reader should know or do now."""
    notice = snapshot.notice
    if notice is None:
        return
    values = notice.values
    if notice.kind == "compiling":
        st.info(
            _(
                "Preparing the {cell} for this machine. Its equations are compiled once, which can take half a minute; "
                "the next start takes a second."
            ).format(cell=_(CELL_NAMES[values["cell"]]))
        )
    elif notice.kind == "asleep":
        st.info(
            _(
                "Nobody looked at this page for {minutes:.0f} minute, so the training paused. The network is as it "
                "was; press Play to go on."
            ).format(minutes=values["minutes"])
        )
    elif notice.kind == "diverged":
        rate = snapshot.view.training.learning_rate
        st.error(
            _(
                "The network diverged: after update {update} its numbers are no longer finite. The last finite state "
                "is kept. A smaller learning rate or clipped gradients usually help."
            ).format(update=values["update"])
        )
        label = _("Start over with learning rate {rate:g} and the norm clipped to 1").format(rate=gentler(rate))
        if st.button(label, key=state.TAME, on_click=_start_gently, args=(session, snapshot.view)):
            st.rerun()
    elif notice.kind == "error":
        st.error(_("An error stopped the training. The network is kept; press Play to try again."))
        st.text(values["detail"])
    else:
        _refusal(notice.kind, values, _)


def _start_gently(session, view) -> None:
    """Begin anew with settings that rarely diverge, in the side bar as well."""
    tame(view.training.learning_rate)
    rate = gentler(view.training.learning_rate)
    session.request(view.setup, replace(view.training, learning_rate=rate, clip_norm=1.0, clip_value=None))
    session.reset()
    session.play()


def _refusal(kind, values, _) -> None:
    """Why a request was not granted."""
    sentences = {
        "text_empty": _("There is no text yet: paste one of at least {needed} characters."),
        "text_one_symbol": _(
            "The text has {length} characters but only one symbol: there is nothing to predict. Use at least "
            "two different ones."
        ),
        "text_short": _(
            "The text has {length} characters; sequences of {steps} steps need at least {needed}, one to "
            "train on and one to hold out. Paste a longer text or choose shorter sequences."
        ),
        "refused": _("These settings cannot be used:"),
    }
    st.warning(sentences[kind].format(**values) + " " + _("The network you had goes on unchanged."))
    if kind == "refused":
        st.text(values["detail"])


def typed_text(view, look, _) -> None:
    """What the network cannot read of a text that the reader has typed."""
    if look.split != "typed" or view is None:
        return
    if view.look.split != "typed":
        st.info(_("Type at least two symbols that the network knows. Until then, training data are shown."))
    if view.unread:
        st.caption(_("The network does not know these symbols and leaves them out:"))
        st.text(view.unread)


def keep(session, _) -> None:
    """Load a network that was saved."""
    st.file_uploader(
        _("Go on with a saved network (.safetensors)"),
        key=state.CHECKPOINT,
        type=["safetensors"],
        max_upload_size=CHECKPOINT_SIZE,
        on_change=_load,
        args=(session,),
    )
    problem = st.session_state.get(state.LOADED)
    if problem:
        st.warning(_("This file cannot be loaded. The network you had goes on unchanged."))
        st.text(problem)


def _load(session) -> None:
    """Take over the run in the file that was just uploaded, and set the controls to what it is."""
    file = st.session_state[state.CHECKPOINT]
    st.session_state[state.LOADED] = None
    if file is None:
        return
    try:
        trainer = read_checkpoint(file)
        loaded = Run.resumed(0, trainer, Look())
    except (CheckpointError, ConfigError) as error:
        st.session_state[state.LOADED] = str(error)
        return
    session.load(trainer)
    set_controls(values_of(loaded.setup, loaded.training))


def share(settings, labels, _) -> None:
    """The link to this page as it is set now; for a class, without some of the controls."""
    st.markdown(_("The address of this page holds its settings. Whoever opens it gets the same run."))
    text = settings.values.get(state.TEXT, "")
    if len(text) > LINKED_TEXT:
        st.caption(
            _("Your text, {length:,} characters, is too long for an address: send it along.").format(length=len(text))
        )
    hidden = st.multiselect(
        _("A link without these controls"), list(labels), format_func=labels.get, key=state.HIDDEN, placeholder=""
    )
    if hidden:
        query = urlencode(st.query_params.to_dict() | {state.HIDE: ",".join(hidden)})
        st.code(f"{st.context.url}?{query}", language=None, wrap_lines=True)
