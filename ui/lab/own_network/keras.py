"""Sentences about a network from Keras, in Keras' words: its layers, what cannot be, under which names it is saved."""

from rnn_core.keras import KerasNetwork
from rnn_core.pytorch.refusals import listed
from ui.i18n import N_, Translate

NEEDED = N_("Needed: LSTM, GRU or SimpleRNN layers of one kind and size, one after the other, and one Dense behind "
            "them, with or without an Embedding in front.")  # fmt: skip
OF_FILES = {
    "unknown": N_("The file is an archive, but not one of Keras 3. Save the whole model with "
                  'model.save("mine.keras").'),
    "other_hdf5": N_("The file is of HDF5, but not as Keras 3 writes it: {detail}. Load the model in Keras 3, and save "
                     'it with model.save("mine.keras").'),
    "legacy": N_("The file is a model in the old .h5 format. Load it in Keras, and save it with "
                 'model.save("mine.keras").'),
    "code": N_("{found} is code of your own, and no code of a file is run here."),
    "layer": N_("{found} is a layer that these networks do not have."),
    "normalisation": N_("{found} is a normalisation layer, which these networks do not have."),
    "convolution": N_("{found} is a convolution or pooling, which these networks do not have."),
    "attention": N_("{found} looks like attention, which these networks do not have."),
    "masking": N_("{found} leaves out steps of the input; here none is left out."),
    "branches": N_("The layers do not come one after the other: {found} has several inputs, outputs or calls."),
    "order": N_("The layers come in an order that is not possible here: {found}."),
    "several_linear": N_("These are several Dense layers: {found}. One is possible, from the states to the outputs."),
    "no_linear": N_("There is no Dense that reads the {width} states. Found: {found}."),
    "kinds": N_("These recurrent layers are of different kinds: {found}."),
    "sizes": N_("The recurrent layers have different numbers of units: {found}."),
    "activation": N_("This activation is not possible here: {found}. LSTM and GRU need tanh, and sigmoid for the "
                     "gates; SimpleRNN tanh, relu, sigmoid or linear; Dense softmax or linear."),
    "backwards": N_("{found} reads the sequence backwards (go_backwards). Possible are layers that read forwards, and "
                    "Bidirectional."),
    "merge": N_("{found} is a Bidirectional that is not possible here. It needs two like layers, and "
                'merge_mode="concat".'),
    "missing": N_("A part of the network is missing: {found}. Save the whole model with "
                  'model.save("mine.keras").'),
}  # fmt: skip
LAYERED = {"nothing", "code", "layer", "normalisation", "convolution", "attention", "masking", "branches", "order",
           "no_linear", "kinds", "sizes", "foreign"}  # fmt: skip
CELLS = {
    "lstm": "keras.layers.LSTM", "gru": "keras.layers.GRU", "gru_reset_before": "keras.layers.GRU, reset_after=False",
    "rnn": "keras.layers.SimpleRNN", "rnn_tanh": 'keras.layers.SimpleRNN, activation="tanh"',
    "rnn_relu": 'keras.layers.SimpleRNN, activation="relu"',
    "rnn_sigmoid": 'keras.layers.SimpleRNN, activation="sigmoid"',
    "rnn_identity": 'keras.layers.SimpleRNN, activation="linear"',
}  # fmt: skip


def names(network: KerasNetwork) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
    """(class, name) of the recurrent layers, of the Dense, of the embedding."""
    origin = network.origin
    recurrent = listed(layer.name for layer in origin.recurrent)
    return (
        (CELLS[network.cell or network.layers.kind], recurrent),
        ("keras.layers.Dense", listed([origin.dense.name])),
        ("keras.layers.Embedding", listed([origin.embedding.name if origin.embedding else ""])),
    )


def remarks(network: KerasNetwork, _: Translate) -> list[str]:
    """What is otherwise here than in Keras, or is not in the file."""
    origin, lines = network.origin, []
    if not origin.described:
        lines.append(
            _(
                "The file does not describe the model. Its layers were recognised by their shapes and put in the order "
                "of their names; of what shapes do not tell, Keras' defaults are assumed. A .keras file tells all."
            )
        )
    if origin.masked:
        lines.append(
            _(
                "Keras leaves out the steps of id 0 (mask_zero). Here none is left out, so a text must not have the "
                "symbol with id 0."
            )
        )
    if origin.dropout:
        lines.append(_("Its dropout is not taken along. The Lab has a dropout of its own, between layers."))
    if origin.last:
        lines.append(
            _(
                "The model gives an output after the last step alone (return_sequences=False). Here what it reads "
                "decides: of a text there is an output after each step."
            )
        )
    return lines


def taken_back(network: KerasNetwork, _: Translate) -> list[str]:
    """What the file for PyTorch holds."""
    lines = [
        _("The file for PyTorch has PyTorch's names and orders, for load_state_dict: {names}.").format(
            names=", ".join(_shown(network))
        )
    ]
    if network.layers.kind == "gru_reset_before":
        lines.append(
            _(
                "PyTorch's nn.GRU resets after the product (reset_after=True): it takes these numbers, but computes "
                "something else with them."
            )
        )
    return lines


def _shown(network: KerasNetwork) -> list[str]:
    """The names in the file for PyTorch; of the recurrent layers the first."""
    own = network.layers.recurrent
    first = [own[name] for name in own if name.endswith("_l0")]
    before = [name for name in network.tensors if name == network.layers.embedding]
    after = [name for name in network.tensors if name not in own.values() and name not in before]
    return [*before, *first, *(["…"] if len(own) > len(first) else []), *after]
