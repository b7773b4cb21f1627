"""The parts of the Lab that its script draws beside the controls: what it is, keeping and sharing a network."""

import streamlit as st

from rnn_core import CheckpointError, ConfigError, Trainer
from rnn_core.checkpoint import read_checkpoint
from ui.i18n import N_, Translate
from ui.network.beyond import show_network
from ui.network.controls import Choices
from ui.network.presets import PRESETS
from ui.settings import keys
from ui.settings.uploaded import forget
from ui.training.run import Run
from ui.training.session import TrainingSession
from ui.training.snapshot import SampleChoice

REFUSED = {  # kind of the error -> what was given, what is needed, what to do
    "foreign": N_(
        "This is not a file that RNN Lab saved, or not all of one. Upload a file saved with “The network itself "
        "(checkpoint)” below the loss curve. A network from PyTorch or Keras opens under “Your own network from "
        "PyTorch or Keras” in the side bar."
    ),
    "incomplete": N_(
        "The file is not complete: its length is not the one that its header says. Copy or download it again, and "
        "upload that."
    ),
    "altered": N_(
        "The file was changed after RNN Lab saved it, and only an unchanged one can be loaded. Upload the original, or "
        "save the network again."
    ),
    "encoder_decoder": N_(
        "The file holds an encoder-decoder; the Lab trains single networks. Upload a network that was saved in the Lab."
    ),
    "elsewhere": N_(
        "This network was trained on data that the Lab does not have, or for more updates than it can show. Upload a "
        "network that was saved in the Lab; rnn_core can continue this one in a script."
    ),
    "damaged": N_(
        "The file is damaged, or from another version of RNN Lab: its parts do not fit together. Save the network "
        "again and upload that."
    ),
}
CHECKPOINT_SIZE = 192  # megabytes: the largest network that the Lab can make, the memory of Adam, the longest text


def introduction(choices: Choices, _: Translate) -> None:
    """Introduction to the page; in an experiment, what to look for."""
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


def keep(session: TrainingSession, _: Translate) -> None:
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
        kind, detail = problem
        st.text(_(REFUSED[kind]))
        st.text(_("Technical detail, in English: {detail}").format(detail=detail))
    elif nearest := st.session_state.get(keys.NEAREST):
        st.info(_("Not all that the loaded network learned with could be set here. It continued with the nearest:"))
        st.text("\n".join(nearest))


def _load(session: TrainingSession) -> None:
    """Take over the run in the file that was just uploaded, and set the controls to what it is."""
    file = st.session_state[_uploader()]
    st.session_state[keys.LOADED] = None
    if file is None:
        return
    try:
        trainer = read_checkpoint(file)
        if not isinstance(trainer, Trainer):
            raise CheckpointError(
                "the file holds an encoder-decoder; the Lab trains networks of one half", "encoder_decoder"
            )
        loaded = Run.resumed(0, trainer, SampleChoice())
    except (CheckpointError, ConfigError) as error:
        st.session_state[keys.LOADED] = (getattr(error, "kind", "damaged"), str(error))
        return
    session.load(trainer)
    show_network(loaded.setup, loaded.training)
    forget(file)
    st.session_state[keys.LOADS] = st.session_state.get(keys.LOADS, 0) + 1


def _uploader() -> str:
    return f"{keys.CHECKPOINT}_{st.session_state.get(keys.LOADS, 0)}"
