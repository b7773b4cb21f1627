"""Models of Keras' that do not fit here, and HDF5 as others write it: refused by name."""

import io
from pathlib import Path

import h5py
import numpy as np
import pytest
from keras_files import COPIES, keras, keras_file, layers, model, recurrent

from rnn_core.keras import KerasFileError, read_keras
from rnn_core.keras.refusals import REASONS

pytestmark = pytest.mark.filterwarnings(COPIES)
V = 6


def refused(data: bytes, kind: str) -> str:
    """The message, short and printable, of a file that is refused for this reason."""
    with pytest.raises(KerasFileError) as error:
        read_keras(data)
    message = str(error.value)
    assert error.value.kind == kind, message
    assert len(message) < 700 and message.isprintable()
    return message


def chain(*parts, inputs=None):
    return keras.Sequential([inputs or keras.Input((None, V)), *parts])


def dense(units=V, **options):
    return layers.Dense(units, **options)


def branched():
    inputs = keras.Input((None, V))
    x = recurrent()(inputs)
    return keras.Model(inputs, layers.Add()([x, recurrent()(inputs)]))


def with_two_inputs():
    first, second = keras.Input((None, V)), keras.Input((5,))
    return keras.Model([first, second], dense()(layers.LSTM(5)(first, initial_state=[second, second])))


def with_two_outputs():
    inputs = keras.Input((None, V))
    states, last, _cell = layers.LSTM(5, return_sequences=True, return_state=True)(inputs)
    return keras.Model(inputs, [dense()(states), last])


def with_a_last_state():
    inputs = keras.Input((None, V))
    _states, _last, cell = layers.LSTM(5, return_sequences=True, return_state=True)(inputs)
    return keras.Model(inputs, dense()(cell))


def called_twice():
    inputs, layer = keras.Input((None, 5)), recurrent()
    return keras.Model(inputs, dense()(layer(layer(inputs))))


@keras.saving.register_keras_serializable("mine")
class Mine(layers.LSTM):
    """A layer of one's own, which looks like one of Keras'."""


@keras.saving.register_keras_serializable("mine")
def twice(x):
    return 2 * x


REFUSED = {
    "code": (lambda: chain(Mine(5, return_sequences=True), dense()), "mine (Mine)"),
    "lambda": (lambda: chain(layers.Lambda(lambda x: x, name="evil"), recurrent(), dense()), "evil (Lambda)"),
    "nothing": (lambda: chain(dense()), "Dense"),
    "layer": (lambda: chain(recurrent(last=True), layers.RepeatVector(3, name="again"), dense()), "again (Rep"),
    "cells": (lambda: chain(layers.RNN(layers.LSTMCell(5), return_sequences=True), dense()), "rnn (RNN)"),
    "normalisation": (lambda: chain(recurrent(), layers.LayerNormalization(), dense()), "layer_normalization"),
    "batch norm": (lambda: chain(layers.BatchNormalization(), recurrent(), dense()), "batch_normalization"),
    "convolution": (lambda: chain(layers.Conv1D(4, 3), recurrent(), dense()), "conv1d"),
    "pooling": (lambda: chain(recurrent(), layers.GlobalMaxPooling1D(), dense()), "GlobalMaxPooling1D"),
    "masking": (lambda: chain(layers.Masking(), recurrent(), dense()), "masking"),
    "order": (lambda: chain(dense(4), recurrent()), "Dense, LSTM"),
    "several_linear": (lambda: chain(recurrent(), dense(name="first"), dense(name="second")), "first, second"),
    "no_linear": (lambda: chain(recurrent()), "5 states"),
    "kinds": (lambda: chain(recurrent("gru"), recurrent("lstm"), dense()), "gru, lstm"),
    "activations": (lambda: chain(recurrent("tanh"), recurrent("relu"), dense()), "simple_rnn"),
    "directions": (lambda: chain(layers.Bidirectional(recurrent()), recurrent(), dense()), "bidirectional, lstm"),
    "sizes": (lambda: chain(recurrent(units=7), recurrent(units=5), dense()), "7, lstm_1: 5"),
    "activation": (lambda: chain(layers.LSTM(5, activation="relu"), dense()), "relu (lstm)"),
    "gates": (lambda: chain(layers.GRU(5, recurrent_activation="hard_sigmoid"), dense()), "hard_sigmoid (gru)"),
    "of one's own": (lambda: chain(layers.SimpleRNN(5, activation=twice), dense()), "twice (simple_rnn)"),
    "a layer": (lambda: chain(layers.SimpleRNN(5, activation=layers.LeakyReLU()), dense()), "LeakyReLU (simple_rnn)"),
    "of the outputs": (lambda: chain(recurrent(), dense(activation="relu", name="out")), "relu (out)"),
    "after them": (lambda: chain(recurrent(), dense(name="out"), layers.Activation("sigmoid")), "sigmoid (out)"),
    "twice": (lambda: chain(recurrent(), dense(activation="softmax"), layers.Softmax()), "softmax, softmax"),
    "another axis": (lambda: chain(recurrent(), dense(), layers.Softmax(axis=1)), "dense"),
    "backwards": (lambda: chain(layers.LSTM(5, go_backwards=True, name="back"), dense()), "back reads"),
    "merge": (lambda: chain(layers.Bidirectional(recurrent(), merge_mode="sum"), dense()), "bidirectional"),
    "unlike": (lambda: chain(layers.Bidirectional(recurrent(), backward_layer=recurrent("gru", go_backwards=True)),
                             dense()), "bidirectional"),
    "size": (lambda: chain(*[recurrent() for _ in range(5)], dense()), "num_layers"),
    "branches": (branched, "add"),
    "initial state": (with_two_inputs, "lstm"),
    "outputs": (with_two_outputs, "outputs"),
    "a last state": (with_a_last_state, "lstm"),
    "calls": (called_twice, "lstm"),
}  # fmt: skip
KINDS = {
    "lambda": "code", "cells": "layer", "batch norm": "normalisation", "pooling": "convolution", "activations": "kinds",
    "directions": "kinds", "gates": "activation", "of one's own": "activation", "a layer": "activation",
    "of the outputs": "activation", "after them": "activation", "twice": "activation", "another axis": "activation",
    "unlike": "merge", "initial state": "branches", "outputs": "branches", "a last state": "branches",
    "calls": "branches",
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_models_that_do_not_fit_are_refused_by_name(case):
    make, words = REFUSED[case]
    keras.utils.clear_session()
    assert words in refused(keras_file(make()), KINDS.get(case, case))


class Attentive(keras.Model):
    """A class of one's own, of which the arrays alone tell."""

    def __init__(self, between, embedding=None):
        super().__init__()
        self.embedding = embedding
        self.rnn, self.between, self.fc = recurrent(), between, dense()

    def call(self, x):
        x = self.rnn(x if self.embedding is None else self.embedding(x))
        return self.fc(self.between(x, x) if isinstance(self.between, layers.MultiHeadAttention) else self.between(x))


BETWEEN = {
    "attention": lambda: layers.MultiHeadAttention(1, 5),
    "convolution": lambda: layers.Conv1D(5, 1),
    "normalisation": lambda: layers.LayerNormalization(),
    "several_linear": lambda: layers.Dense(5, name="first"),
}


@pytest.mark.parametrize("kind", BETWEEN)
def test_arrays_of_other_layers_are_refused_by_name(kind):
    layer = BETWEEN[kind]()
    made = Attentive(layer, layers.Dense(5) if kind == "several_linear" else None)
    made(np.zeros((2, 3, V), np.float32))
    assert "between" in refused(keras_file(made, weights=True), kind)


def rewritten(change, made=None, **options) -> bytes:
    """A .weights.h5 that was opened with h5py, and changed by change(file)."""
    file = io.BytesIO(keras_file(made or model(embedding=4), weights=True))
    with h5py.File(file, "r+", **options) as opened:
        change(opened)
    return file.getvalue()


KERNEL, OUT = "layers/lstm/cell/vars/0", "layers/dense/vars/0"


def replaced(path, value, **options):
    def change(file):
        del file[path]
        if value is not None:
            file.create_dataset(path, data=value, **options)

    return change


NUMBERS = np.zeros((4, 20), np.float32)
CHANGED = {
    "missing": (replaced(KERNEL, None), KERNEL),
    "a reverse": (lambda file: file.move("layers/lstm", "layers/b/backward_layer"), "forward_layer"),
    "shape": (replaced(KERNEL, NUMBERS[:, :19]), "(4, 20)"),
    "one axis": (replaced("layers/lstm/cell/vars/1", NUMBERS[0]), "(20,)"),
    "none": (replaced("layers/lstm/cell/vars/1", NUMBERS[:0]), "(0, 20)"),
    "of the bias": (replaced("layers/dense/vars/1", NUMBERS[0, :7]), "(7,)"),
    "type": (replaced(KERNEL, NUMBERS.astype(np.int8)), KERNEL),
    "long": (replaced(KERNEL, NUMBERS.astype(np.longdouble)), KERNEL),
    "not_finite": (replaced(KERNEL, NUMBERS * np.nan), KERNEL),
    "too much": (replaced(OUT, np.full((5, 6), 1e300)), "finite"),
    "other width": (replaced(OUT, np.zeros((7, 6), np.float32)), "layers/dense"),
    "none of them": (lambda file: file.pop("layers/dense"), "layers/embedding"),
    "foreign": (lambda file: file.create_dataset("vars/0", data=NUMBERS), "vars/0"),
    "three": (lambda file: file.create_dataset("layers/dense/vars/2", data=NUMBERS), "layers/dense"),
    "embedding": (replaced("layers/embedding/vars/0", np.zeros((6, 3), np.float32)), "layers/embedding"),
}
WHY = {"a reverse": "missing", "one axis": "shape", "none": "shape", "of the bias": "shape", "long": "type",
       "too much": "not_finite", "other width": "no_linear", "none of them": "no_linear", "three": "foreign",
       "embedding": "foreign"}  # fmt: skip


@pytest.mark.parametrize("case", CHANGED)
def test_arrays_that_do_not_hold_together(case):
    change, words = CHANGED[case]
    assert words in refused(rewritten(change), WHY.get(case, case))


def linked(link):
    def change(file):
        del file[KERNEL]
        file[KERNEL] = link

    return change


def virtual(file):
    layout = h5py.VirtualLayout((4, 20), "f4")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "secret", (4, 20))
    del file[KERNEL]
    file.create_virtual_dataset(KERNEL, layout)


def external(file):
    del file[KERNEL]
    file.create_dataset(KERNEL, (4, 20), "f4", external=[("elsewhere", 0, h5py.h5f.UNLIMITED)])


OUTWARDS = {
    "a link elsewhere": linked(h5py.ExternalLink("elsewhere.h5", "/secret")),
    "a soft link": linked(h5py.SoftLink("/layers/dense/vars/0")),
    "of another file": virtual,
    "raw elsewhere": external,
    "a bomb": replaced(KERNEL, np.zeros((4000, 2000), np.float32), compression="gzip", chunks=(4000, 2000)),
    "in chunks": replaced(KERNEL, NUMBERS, chunks=(2, 5)),
    "summed": replaced(KERNEL, NUMBERS, fletcher32=True),
}


@pytest.mark.parametrize("case", OUTWARDS)
def test_what_leads_out_of_the_file_or_is_compressed(case):
    data = rewritten(OUTWARDS[case])
    assert len(data) < 200_000
    refused(data, "other_hdf5")


@pytest.mark.parametrize("libver", ["v108", "latest"])
def test_newer_layouts(libver):
    file = io.BytesIO()
    with h5py.File(file, "w", libver=libver) as made:
        made[KERNEL] = NUMBERS
    refused(file.getvalue(), "other_hdf5")


def test_a_circle_of_groups():
    def circle(file):
        file["layers/lstm/again"] = file["layers"]

    refused(rewritten(circle), "damaged")


def test_many_arrays_beside_them_are_no_trouble():
    def change(file):
        for number in range(3000):
            file[f"optimizer/vars/{number}"] = np.float32(number)

    assert read_keras(rewritten(change)).input_size == V


def test_the_old_format(tmp_path):
    made = model()
    made.save(tmp_path / "old.h5")
    refused((tmp_path / "old.h5").read_bytes(), "legacy")


def test_names_are_printable_and_short():
    refused(rewritten(lambda file: file.create_group("/".join("abc" * 200))), "damaged")
    refused(
        rewritten(lambda file: file.create_dataset("\x1b[2J" + "x" * 200 + "/vars/0", data=NUMBERS)), "several_linear"
    )
    many = rewritten(lambda file: [file.create_dataset(f"fc{n}/vars/0", data=NUMBERS) for n in range(99)])
    refused(many, "several_linear")


def test_every_reason_is_tested():
    source = "".join(
        (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("test_refused.py", "test_files.py")
    )
    assert [kind for kind in REASONS if f'"{kind}"' not in source and kind != "too_large"] == []
