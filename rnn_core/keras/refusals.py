"""Why a file of Keras' cannot be taken: a key for the reason, and the values that a sentence about it needs."""

from rnn_core.pytorch import refusals
from rnn_core.pytorch.refusals import PyTorchFileError

NEEDED = (
    "needed: one chain of LSTM, GRU or SimpleRNN layers of one kind and size and one Dense after them, with or without "
    "an Embedding before them"
)
REASONS = {kind: refusals.REASONS[kind] for kind in ("too_large", "damaged", "size", "shape", "type", "not_finite")} | {
    "unknown": "the file is neither a .keras nor a .weights.h5 file of Keras 3; needed: one that model.save or "
    "model.save_weights wrote",
    "other_hdf5": "the file is of HDF5, but not as Keras 3 writes it ({detail}); save it again with Keras 3",
    "legacy": "the file is a whole model in the old .h5 format; load it in Keras and save it as .keras",
    "code": "{found} is code of the model's own, and no code of a file is run here; " + NEEDED,
    "nothing": "the file holds no recurrent layer (found: {found}); " + NEEDED,
    "layer": "{found} is a layer that there is not here; " + NEEDED,
    "normalisation": "{found} is a normalisation layer, which there is not here; " + NEEDED,
    "convolution": "{found} is a convolution, which there is not here; " + NEEDED,
    "attention": "{found} is attention, which there is not here; " + NEEDED,
    "masking": "{found} leaves out steps of its input, which is not done here; " + NEEDED,
    "branches": "{found} is not one layer after the other: it has several inputs, outputs or calls; " + NEEDED,
    "order": "the layers come as {found}; " + NEEDED,
    "several_linear": "{found} are several Dense layers; needed: one, from the states to the outputs",
    "no_linear": "no Dense reads the {width} states of the last recurrent layer (found: {found}); " + NEEDED,
    "kinds": "{found} are recurrent layers of different kinds; " + NEEDED,
    "sizes": "the recurrent layers have different sizes: {found}; " + NEEDED,
    "activation": "{found} is an activation that there is not here; needed: tanh and sigmoid of LSTM and GRU; tanh, "
    "relu, sigmoid or linear of SimpleRNN; softmax or linear of Dense",
    "backwards": "{found} reads backwards alone (go_backwards); needed: a layer that reads forwards, or Bidirectional",
    "merge": "{found} does not put two like layers side by side; needed: Bidirectional(..., merge_mode='concat')",
    "missing": "{found} is missing; a layer has it",
    "foreign": "{found} belongs to no layer that is known here; " + NEEDED,
}


class KerasFileError(PyTorchFileError):
    """A file that cannot be taken as a network of Keras'. kind : key in `REASONS`. values : of its sentence."""

    reasons = REASONS
