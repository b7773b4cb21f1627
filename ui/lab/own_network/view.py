"""A part of the side bar: a file from PyTorch or Keras is chosen, what was recognised is said, what it cannot know is
asked."""

import json

import streamlit as st

from rnn_core.keras import read_keras
from rnn_core.pytorch import PyTorchFileError, PyTorchNetwork, read_pytorch
from ui.i18n import N_
from ui.lab.own_network.build import Answers, possible_data, trainer_of
from ui.lab.own_network.refused import RefusedError
from ui.lab.own_network.sentences import of_answers, of_file, recognised, stand_ins, taken_back
from ui.live.page import Visit
from ui.network.beyond import show_network
from ui.network.controls import Choices
from ui.network.own_text import LONGEST_PASTED
from ui.network.settings import SYMBOL_KINDS, task_setting
from ui.settings import keys
from ui.settings.choices import OWN_TEXT, TASK_NAMES, text_names
from ui.settings.uploaded import forget
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, Training

MEGABYTES = 192  # of a file: as for a checkpoint
LONGEST_VOCABULARY = 2**20  # characters
ACTIVATIONS = {False: "tanh", True: "ReLU"}


def own_network(visit: Visit, choices: Choices) -> None:
    """The part; drawn within the side bar."""
    _ = visit.gettext
    with st.sidebar, visit.widgets.part(keys.OWN_PART, _("Your own network from PyTorch or Keras")) as part:
        if not part.open:
            return
        st.caption(
            _(
                "Open the state_dict() of a PyTorch module with nn.RNN, nn.GRU or nn.LSTM and nn.Linear, or a Keras 3 "
                "model with SimpleRNN, GRU or LSTM and Dense, to look inside and to train it further. Nothing in the "
                "file is run. The present network can be restored."
            )
        )
        st.file_uploader(
            _("State dict (.safetensors, .pt, .pth) or Keras model (.keras, .weights.h5)"),
            key=_uploader(),
            type=["safetensors", "pt", "pth", "keras", "h5"],
            max_upload_size=MEGABYTES,
            on_change=_read,
        )
        found = st.session_state.get(keys.OWN_NETWORK)
        if isinstance(found, PyTorchFileError):
            st.warning(_("This file cannot be opened. The previous network continues unchanged."))
            st.text(of_file(found, _))
        elif isinstance(found, PyTorchNetwork):
            _ask(visit, choices, found)
        opened = st.session_state.get(keys.OWN_OPENED)
        if found is None and opened is not None:
            st.success(_("Your network is open: press Play to train it further."))
            others = stand_ins(st.session_state.get(keys.OWN_STAND_INS, {}), _)
            _say([*recognised(opened, _), *others, *taken_back(opened, _)])


def _uploader() -> str:
    return f"{keys.OWN_FILE}_{st.session_state.get(keys.OWN_READS, 0)}"


def _begin_anew() -> None:
    """Have an empty uploader in the place of the one whose file was read."""
    st.session_state[keys.OWN_READS] = st.session_state.get(keys.OWN_READS, 0) + 1


def _say(lines: list[str]) -> None:
    """Lines with names of a file in them, as plain text."""
    st.text("\n".join(lines))


def _read() -> None:
    """Recognise the network in the file that was just chosen, or keep why there is none."""
    file = st.session_state[_uploader()]
    st.session_state[keys.OWN_REFUSED] = None
    if file is None:
        st.session_state[keys.OWN_NETWORK] = None
        return
    found: PyTorchNetwork | PyTorchFileError
    try:
        found = _network_in(file.getvalue())
        forget(file)  # its numbers are kept
        _begin_anew()
    except PyTorchFileError as error:
        found = type(error)(error.kind, **error.values)  # a new one: the old one holds the file by its traceback
    st.session_state[keys.OWN_NETWORK] = found
    if isinstance(found, PyTorchNetwork):
        known = "" if found.vocabulary is None else _listed(found.vocabulary)
        st.session_state[keys.OWN_VOCABULARY] = known
        st.session_state[keys.OWN_BY] = "words" if found.vocabulary and _of_words(found.vocabulary) else "characters"


def _network_in(data: bytes) -> PyTorchNetwork:
    try:
        return read_pytorch(data)
    except PyTorchFileError as error:
        if error.kind != "keras":
            raise
    return read_keras(data)


def _listed(symbols: tuple[str, ...]) -> str:
    return json.dumps(symbols, ensure_ascii=False)


def _of_words(symbols: tuple[str, ...]) -> bool:
    """Whether most symbols have several characters."""
    return 2 * sum(len(symbol) > 1 for symbol in symbols) > len(symbols)


def _ask(visit: Visit, choices: Choices, network: PyTorchNetwork) -> None:
    """What was recognised; questions; the button."""
    _ = visit.gettext
    _say(recognised(network, _))
    if network.layers.kind == "rnn" and network.cell is None:
        st.segmented_control(
            _("Activation"),
            list(ACTIVATIONS),
            format_func=ACTIVATIONS.__getitem__,
            default=None if keys.OWN_RELU in st.session_state else False,
            required=True,
            key=keys.OWN_RELU,
            help=_("What nonlinearity=, in Keras activation=, said when it was made. The file does not hold it."),
            persist_state="session",
        )
    if network.input_size == network.output_size:
        st.segmented_control(
            _("It reads"),
            list(SYMBOL_KINDS),
            format_func=lambda kind: _(SYMBOL_KINDS[kind]),
            default=None if keys.OWN_BY in st.session_state else "characters",
            required=True,
            key=keys.OWN_BY,
            help=_("What an id stands for: one character, or one word of a text."),
            persist_state="session",
        )
        st.text_area(
            _("Vocabulary, in the order of the ids"),
            key=keys.OWN_VOCABULARY,
            max_chars=LONGEST_VOCABULARY,
            placeholder=_("Empty: the characters of the text below, sorted"),
            help=_(
                "A list in JSON, or one symbol on each line; of characters also all in a row. Empty: the different "
                "characters of the text, sorted, as sorted(set(text)) gives them."
            ),
            persist_state="session",
        )
    data = possible_data(network, _answers(visit))
    if not data:
        error = RefusedError("nothing_fits", inputs=network.input_size, outputs=network.output_size)
        st.warning(of_answers(error, _))
        return
    names = text_names(_) | {OWN_TEXT: N_("Your own text")} | TASK_NAMES
    chosen = st.selectbox(
        _("What it reads and learns from"),
        data,
        format_func=lambda name: _(names[name]),
        key=keys.OWN_DATA,
        help=_("Your own text, the texts of the Lab whose symbols it knows, and the tasks that have its sizes."),
        persist_state="session",
    )
    if chosen == OWN_TEXT:
        st.text_area(
            _("Text"),
            key=keys.OWN_WORDS,
            max_chars=LONGEST_PASTED,
            placeholder=_("Empty: your own text in the Lab"),
            help=_("The text that the network was trained on, or another one with the same symbols."),
            persist_state="session",
        )
    refused = st.session_state.get(keys.OWN_REFUSED)
    if refused is not None:
        st.warning(_("The network cannot be opened yet. The previous network continues unchanged."))
        st.text(of_answers(refused, _))
    st.button(
        _("Open this network"),
        type="primary",
        key=keys.OWN_OPEN,
        on_click=_open,
        args=(visit, network, choices.training),
    )
    _say(taken_back(network, _))


def _answers(visit: Visit) -> Answers:
    """What the controls say now: the press on the button may come with a text that no run of the script has seen."""
    now = st.session_state
    return Answers(
        data=now.get(keys.OWN_DATA, OWN_TEXT),
        text=str(now.get(keys.OWN_WORDS) or visit.widgets.settings.now(keys.TEXT) or now.get(keys.KEPT_TEXT, "")),
        vocabulary=now.get(keys.OWN_VOCABULARY) or "",
        words=now.get(keys.OWN_BY) == "words",
        relu=bool(now.get(keys.OWN_RELU)),
    )


def _open(visit: Visit, network: PyTorchNetwork, training: Training) -> None:
    """Have the session take up the network as the reader describes it, and set the controls to what it is."""
    session, settings = visit.session, visit.widgets.settings
    steps = settings.values.get(task_setting("text", "sequence_length"), 25)
    try:
        trainer, others = trainer_of(network, _answers(visit), training, steps, settings.now(keys.BATCH_SIZE))
    except RefusedError as error:
        st.session_state[keys.OWN_REFUSED] = RefusedError(error.kind, **error.values)
        return
    loaded = Run.resumed(0, trainer, SampleChoice(), network)
    session.load(trainer, network)
    show_network(loaded.setup, loaded.training)
    st.session_state[keys.OWN_STAND_INS] = others
    st.session_state[keys.OWN_REFUSED] = st.session_state[keys.OWN_NETWORK] = None
