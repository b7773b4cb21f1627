"""The parts of the Lab that its script draws beside the controls: what it is, keeping and sharing a network."""

from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from rnn_core import CheckpointError, ConfigError, Trainer
from rnn_core.checkpoint import read_checkpoint
from rnn_core.tasks import TASKS
from ui.equations import equations, letters_of
from ui.i18n import join_sentences
from ui.lab.controls import set_controls, tame
from ui.lab.own_text import own_text
from ui.lab.presets import PRESETS
from ui.lab.settings import LINKED_TEXT, SETTINGS, gentler
from ui.lab.setup import values_of
from ui.server.uploads import forget
from ui.settings import keys
from ui.theme import LIGHT, THEMES, Theme
from ui.training.run import Run
from ui.training.snapshot import Look

CHECKPOINT_SIZE = 192  # megabytes: the largest network that the Lab can make, the memory of Adam, the longest text


def current_theme() -> Theme:
    """The theme of the page as the reader sees it; light until the browser has said."""
    return THEMES.get(st.context.theme.type, LIGHT)


def formula(setup, notation, _) -> str:
    """The equations of this network, one after the other, to be rendered as Markdown; then what they leave out."""
    written = equations(setup.cell, TASKS[setup.task].loss, bias=setup.bias, notation=notation)
    lines = " &emsp; ".join(f"${{{line}}}$" for line in written)  # in braces: never broken
    return "\n\n".join([lines, *beside_the_formula(setup, notation, _)])


def beside_the_formula(setup, notation, _) -> list[str]:
    """How many layers and directions have these equations, and what a letter stands for; nothing where it is plain."""
    state = letters_of(setup.cell, notation)["s"]
    told = []
    if setup.num_layers > 1:
        told.append(
            _(
                "{count} layers have these equations, each with weights of its own; from the second on, the state of "
                "the layer below stands in place of $x_t$."
            ).format(count=setup.num_layers)
        )
    if setup.bidirectional:
        told.append(
            _(
                "In each layer a second direction, with weights of its own, reads from the end: ${state}_{{t+1}}$ in "
                "place of ${state}_{{t-1}}$. The output reads the states of both."
            ).format(state=state)
        )
    if setup.cell == "lstm" and notation == "article":
        told.append(_("$p_t$ is the article's output $o_t$: here $o_t$ is the output gate."))
    return [join_sentences(*told)] if told else []


def introduction(choices, _) -> None:
    """What the page is; or, in an experiment, what to look for."""
    preset = PRESETS.get(choices.preset)
    if preset is not None:
        st.markdown(_("**{title}** – {text}").format(title=_(preset.title), text=_(preset.look_for)))
        return
    st.markdown(
        _(
            "A recurrent network reads one symbol after another. At each step it mixes the input $x_t$ with its "
            "own last state, which is its only memory, and from the new state it guesses what comes next. Below, "
            "it is trained while you watch; every number comes from the network on this page."
        )
    )


def direct(session, choices) -> None:
    """Have the session do what the reader has set: what it trains, how fast, which sequence is read."""
    if choices.setup is not None:
        session.request(choices.setup, choices.training)
    session.pace(choices.speed)
    session.look_at(choices.look)


def act(session) -> None:
    """Do what was pressed beside the score and changes the controls too: called before they are drawn."""
    match st.session_state.pop(keys.ACT, None):
        case "new_seed":
            seed = st.session_state.get(keys.SEED, st.session_state[keys.CHOSEN].get(keys.SEED, 0))
            set_controls({keys.SEED: (seed + 1) % (SETTINGS[keys.SEED].high + 1)})
        case "bring_back":
            former = session.bring_back()
            if former is not None:
                set_controls(values_of(*former))
        case "to_gradients":
            _to_the_same_step(keys.LOSS_STEP, "gradients")
        case "to_unroll":
            _to_the_same_step(keys.GO_TO_STEP, "unroll")
        case "tame" if session.snapshot.view is not None:
            _start_gently(session, session.snapshot.view)


def _to_the_same_step(name: str, page: str) -> None:
    """Open another page at the step that is chosen in the score."""
    step = st.session_state[keys.LIVE].step
    if isinstance(step, int) and step >= 0:
        st.session_state.setdefault(keys.FIRSTS, {}).update({name: step, keys.CHOSEN_STEP: step})
    st.switch_page(f"pages/{page}.py")


def _start_gently(session, view) -> None:
    """Begin anew with settings that rarely diverge, in the side bar as well."""
    tame(view.training.learning_rate)
    rate = gentler(view.training.learning_rate)
    session.request(view.setup, replace(view.training, learning_rate=rate, clip_norm=1.0, clip_value=None))
    session.reset()
    session.play()


def keep(session, _) -> None:
    """Load a network that was saved."""
    st.file_uploader(
        _("Continue with a saved network (.safetensors)"),
        key=_uploader(),
        type=["safetensors"],
        max_upload_size=CHECKPOINT_SIZE,
        on_change=_load,
        args=(session,),
    )
    problem = st.session_state.get(keys.LOADED)
    if problem:
        st.warning(_("This file cannot be loaded. The previous network continues unchanged."))
        st.text(problem)


def _load(session) -> None:
    """Take over the run in the file that was just uploaded, and set the controls to what it is."""
    file = st.session_state[_uploader()]
    st.session_state[keys.LOADED] = None
    if file is None:
        return
    try:
        trainer = read_checkpoint(file)
        if not isinstance(trainer, Trainer):
            raise CheckpointError("the file holds an encoder-decoder; the Lab trains networks of one half")
        loaded = Run.resumed(0, trainer, Look())
    except (CheckpointError, ConfigError) as error:
        st.session_state[keys.LOADED] = str(error)
        return
    session.load(trainer)
    set_controls(values_of(loaded.setup, loaded.training))
    forget(file)
    st.session_state[keys.LOADS] = st.session_state.get(keys.LOADS, 0) + 1


def _uploader() -> str:
    return f"{keys.CHECKPOINT}_{st.session_state.get(keys.LOADS, 0)}"


def share(settings, labels, _) -> None:
    """The link to this page as it is set now; for a class, without some of the controls."""
    st.markdown(_("The address of this page holds its settings. Whoever opens it gets the same run."))
    query = st.query_params.to_dict() | _with_text(settings, _)
    hidden = st.multiselect(
        _("A link without these controls"),
        list(labels),
        format_func=labels.get,
        key=keys.HIDDEN,
        placeholder=_("Choose controls"),
        select_all=False,
    )
    if hidden:
        query[keys.HIDE] = ",".join(hidden)
    if query != st.query_params.to_dict():
        st.code(f"{st.context.url}?{urlencode(query)}", language=None, wrap_lines=True)


def _with_text(settings, _) -> dict[str, str]:
    """What a link holds of the reader's own text: the text if that is wanted, else nothing, for it is private."""
    text = own_text(settings)
    if not text or keys.TEXT in st.query_params:
        return {}
    if len(text) > LINKED_TEXT:
        st.caption(
            _(
                "Your text is not in the address. It has {length:,} characters, too many for a link: send it along."
            ).format(length=len(text))
        )
        return {}
    if st.checkbox(
        _("A link with my text"),
        key=keys.WITH_TEXT,
        help=_("Your text is not in the address. Whoever gets this link can read it."),
    ):
        return {keys.TEXT: text}
    return {}
