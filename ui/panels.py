"""The parts of a training page: buttons, what is going on, numbers, the two charts, the text that the model
writes."""

import time
from dataclasses import replace

import streamlit as st

from rnn_core.tasks import TASKS
from ui import state
from ui.chart import live_chart
from ui.controls import CELL_NAMES, gentler, tame
from ui.equations import equations
from ui.figures.limits import limits
from ui.figures.loss import loss
from ui.figures.score import score
from ui.reading import loss_guide, loss_table, score_guide, score_table
from ui.theme import LIGHT, THEMES, Theme

LOSS_EVERY = 0.5  # seconds between two drawings of the loss: it moves more slowly than the score


def current_theme() -> Theme:
    """The theme of the page as the reader sees it; light until the browser has said."""
    return THEMES.get(st.context.theme.type, LIGHT)


def formula(setup, notation) -> str:
    """The equations of this network, one after the other, to be rendered as Markdown."""
    written = equations(setup.cell, TASKS[setup.task].loss, bias=setup.bias, notation=notation)
    return " &emsp; ".join(f"${line}$" for line in written)


def transport(session, snapshot, _) -> None:
    """Play or pause, one step, from the beginning; and the numbers of the run."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if snapshot.status in ("running", "starting", "compiling"):
            st.button(_("Pause"), key=state.PAUSE, icon=":material/pause:", on_click=session.pause, type="primary")
        else:
            st.button(_("Play"), key=state.PLAY, icon=":material/play_arrow:", on_click=session.play, type="primary")
        st.button(_("One step"), key=state.STEP, icon=":material/skip_next:", on_click=session.step)
        st.button(_("Start over"), key=state.RESET, icon=":material/replay:", on_click=session.reset)
        if snapshot.view is not None:
            _numbers(snapshot.view, _)


def _numbers(view, _) -> None:
    """The numbers of the run."""
    training = view.curve.loss[-1] if len(view.curve.loss) else None
    pace = _("That is {steps:,.0f} symbols or values per second.").format(steps=view.steps_per_second)
    for label, text, note in (
        (_("Update"), f"{view.update:,}", None),
        (_("Training loss"), "–" if training is None else f"{training:.3f}", None),
        (_("Held-out loss"), f"{view.held_out[-1][1]:.3f}", None),
        (_("Updates/s"), f"{view.updates_per_second:,.0f}", pace),
        (_("Parameters"), f"{view.parameters:,}", None),
    ):
        st.metric(label, text, help=note, width=116)


def notices(session, snapshot, _) -> None:
    """What the reader should know or do now."""
    notice = snapshot.notice
    if notice is None:
        return
    values = notice.values
    if notice.kind == "compiling":
        cell = CELL_NAMES[values["cell"]]
        st.info(
            _(
                "Preparing the {cell} for this machine, {seconds:.0f} s so far. Its equations are compiled once, "
                "which takes up to a minute; the next start takes a second."
            ).format(cell=_(cell), seconds=time.monotonic() - snapshot.since)
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
            st.rerun()  # the side bar is outside this fragment
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


def score_panel(snapshot, display, theme, language) -> None:
    """The score of the sequence that is shown."""
    _ = language.gettext
    view = snapshot.view
    layer = min(display.layer, len(view.trace.hidden) - 1)
    gates = tuple(
        name for name in display.gates if name in view.trace.gates or (name == "c" and view.trace.cell is not None)
    )
    key = (view.run, view.example, layer)
    known, ranges = st.session_state.get(state.LIMITS, (None, None))
    ranges = limits(view.trace, layer, ranges if known == key else None)
    st.session_state[state.LIMITS] = (key, ranges)

    def draw():
        return score(
            view.trace,
            view.vocabulary,
            theme=theme,
            layer=layer,
            gates=gates,
            notation=display.notation,
            ranges=ranges,
            translate=_,
        )

    alt = _("Score of one sequence: symbols, hidden states, outputs, loss and gradient norm of each step.")
    _show(
        state.SCORE, view.run, (snapshot.number, layer, gates, display.notation, theme.name, language.code), draw, alt
    )


def loss_panel(snapshot, theme, language) -> None:
    """The loss over training."""
    _ = language.gettext
    view = snapshot.view
    references = [(_("chance"), view.chance)]
    references += [(_("best possible"), view.best)] if view.best else []
    references += [(_("pairs of symbols"), view.bigram)] if view.bigram else []

    def draw():
        return loss(
            view.curve,
            view.held_out,
            references=references,
            theme=theme,
            clip=view.training.clip_norm,
            kind=view.trace.config.loss,
            translate=_,
        )

    alt = _("Training loss, held-out loss and gradient norm over the updates.")
    look = (view.run, theme.name, language.code)
    _show(state.LOSS, look, (snapshot.number, *look), draw, alt, every=LOSS_EVERY)


def _show(name, run, version, draw, alt, every=0.0) -> None:
    """Show a figure; draw it anew if its version is another than the last time, of one run at most every so many
    seconds: what did not change costs the browser nothing."""
    drawn = st.session_state.setdefault(state.DRAWN, {})
    last = drawn.get(name)
    if last is None or (last[0] != version and (last[1] != run or time.monotonic() - last[2] >= every)):
        figure = draw()
        drawn[name] = (version, run, time.monotonic(), figure.to_json(validate=False), figure.layout["height"])
    *_rest, figure, height = drawn[name]
    live_chart(figure, key=name, height=height, alt=alt)


def sample(view, _) -> None:
    """A text by the network, as plain text."""
    if view.sample is not None:
        st.caption(_("Text by the network after {update:,} updates").format(update=view.sample_update))
        # A lone half of a surrogate pair cannot be sent.
        st.code(view.sample.encode("utf-8", "replace").decode("utf-8"), language=None, wrap_lines=True, height=190)


def reading(view, display, _) -> None:
    """How to read the charts, and their numbers as tables."""
    layer = min(display.layer, len(view.trace.hidden) - 1)
    left, right = st.columns([3, 2])
    with left:
        with st.expander(_("How to read the score")):
            st.write("\n\n".join(score_guide(view.trace, layer, view.vocabulary, _)))
        with st.expander(_("The score as a table"), key=state.SCORE_TABLE, on_change="rerun") as table:
            if table.open:
                st.dataframe(score_table(view.trace, layer, view.vocabulary, _), hide_index=True)
    with right:
        with st.expander(_("How to read the loss")):
            st.write("\n\n".join(loss_guide(view, _)))
        with st.expander(_("The loss as a table"), key=state.LOSS_TABLE, on_change="rerun") as table:
            if table.open:
                st.dataframe(loss_table(view, _), hide_index=True)
