"""Networks that Keras made and saved: what they compute here, and under which names PyTorch gets them."""

import re
import textwrap
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import torch
from agreement import of_largest
from allpairspy import AllPairs
from keras_files import COPIES, KINDS, keras, keras_file, layers, model, randomise
from safetensors.torch import load
from torch import nn

from rnn_core.keras import read_keras

pytestmark = pytest.mark.filterwarnings(COPIES)
T, B, V = 7, 3, 6
PAGES = Path(__file__).parents[3] / "docs" / "pages.md"
CELLS = {"tanh": "rnn_tanh", "relu": "rnn_relu", "gru": "gru", "reset before": "gru_reset_before", "lstm": "lstm"}
OPTIONS = {
    "kind": [*KINDS],
    "depth": [1, 2],
    "both": [False, True],
    "bias": [True, False],
    "embedding": [None, 4],
    "weights": [False, True],
    "dtype": ["float32", "float64", "bfloat16", "float16"],
    "softmax": [False, True],
    "functional": [False, True],
}


def possible(row):
    """A file of weights does not tell a GRU that resets before, without biases, from one that resets after."""
    known = dict(zip(OPTIONS, row, strict=False))
    return not (known["kind"] == "reset before" and known.get("weights") and not known["bias"])


CASES = [tuple(row) for row in AllPairs([*OPTIONS.values()], filter_func=possible)]


def batch(seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, V, (T, B)), rng.integers(0, V, (T, B))


def outputs_of(made, x, embedding):
    """(T, B, K), as a tensor of PyTorch's, which Keras computes with."""
    return made(x.T if embedding else np.eye(V)[x.T]).transpose(0, 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_it_computes_the_same(case):
    """Outputs, and gradients with respect to every variable of Keras'; of any two options all values meet."""
    kind, depth, both, bias, embedding, weights, dtype, softmax, functional = case
    options = {"kind": kind, "symbols": V, "depth": depth, "both": both, "bias": bias, "embedding": embedding,
               "functional": functional, "distributed": functional}  # fmt: skip
    made = model(**options, softmax=softmax, dtype=dtype)
    found = read_keras(keras_file(made, weights))
    assert found.cell == (None if weights else CELLS[kind]) and found.dtypes == (dtype,)
    assert found.config(relu=kind == "relu").cell == CELLS[kind]
    assert (found.layers.num_layers, found.layers.bidirectional, found.layers.hidden_size) == (depth, both, 5)
    assert (found.input_size, found.output_size, found.added, found.vocabulary) == (V, V, (), None)
    assert (found.origin.described, found.origin.softmax) == (not weights, softmax and not weights)

    exact = model(**options, dtype="float64")
    exact.set_weights([np.asarray(value, np.float64) for value in made.get_weights()])
    x, targets = batch()
    logits = outputs_of(exact, x, embedding)
    nn.functional.cross_entropy(logits.flatten(0, 1), torch.tensor(targets).flatten()).backward()
    trace = found.model(relu=kind == "relu").backward(x, targets)
    assert of_largest(trace.logits, logits.detach()) <= 1e-5
    if softmax and dtype == "float32":
        assert of_largest(trace.probs, outputs_of(made, x, embedding).detach()) <= 1e-5
    assert_gradients(found, trace.grads, exact, embedding)


def assert_gradients(found, grads, exact, embedding):
    """Ours are Keras'; those of an embedding, and of the first weights behind it, by the chain rule."""
    theirs = iter([variable.value.grad.numpy() for variable in exact.trainable_variables])
    table = exact.trainable_variables[0].numpy() if embedding else None
    by_embedding = next(theirs) if embedding else 0
    found_there = 0
    for number in range(found.layers.num_layers):
        for way in ("", "_reverse")[: 1 + found.layers.bidirectional]:
            grad = {
                name: grads.get(f"{name}_l{number}{way}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            }
            first = grad["weight_ih"]
            if embedding and number == 0:
                found_there = found_there + first.T @ found.tensors[found.layers.recurrent[f"weight_ih_l0{way}"]]
                first = first @ table
            assert of_largest(in_kerass_order(found, first.T), next(theirs)) <= 1e-5
            assert of_largest(in_kerass_order(found, grad["weight_hh"].T), next(theirs)) <= 1e-5
            if grad["bias_ih"] is not None:
                both = np.stack([grad["bias_ih"], grad["bias_hh"]])
                ours = both if found.layers.kind == "gru" else both[0]
                assert of_largest(in_kerass_order(found, ours), next(theirs)) <= 1e-5
    assert of_largest(grads["weight_ho"].T, next(theirs)) <= 1e-5
    if found.layers.linear_bias:
        assert of_largest(grads["bias_o"], next(theirs)) <= 1e-5
    assert next(theirs, None) is None
    if embedding:
        assert of_largest(found_there, by_embedding) <= 1e-5


def in_kerass_order(found, array):
    """The blocks of the last axis: z, r, h of a GRU."""
    if not found.layers.kind.startswith("gru"):
        return array
    r, z, n = np.split(array, 3, axis=-1)
    return np.concatenate([z, r, n], axis=-1)


class InPyTorch(nn.Module):
    """The module that the file for PyTorch is for."""

    def __init__(self, kind, depth, both, bias, embedding):
        super().__init__()
        layer = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[kind]
        if embedding:
            self.embedding = nn.Embedding(V, embedding)
        setattr(self, kind, layer(embedding or V, 5, depth, bidirectional=both, bias=bias))
        self.linear = nn.Linear(5 * (1 + both), V, bias=bias)
        self.kind = kind

    def forward(self, x):
        x = self.embedding(x) if hasattr(self, "embedding") else nn.functional.one_hot(x, V).float()
        return self.linear(getattr(self, self.kind)(x)[0])


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("embedding", [None, 8])
@pytest.mark.parametrize("kind", ["tanh", "gru", "lstm"])
def test_pytorch_takes_what_was_trained(kind, embedding, both):
    found = read_keras(keras_file(model(kind, embedding=embedding, depth=2, both=both)))
    trained = found.model()
    rng = np.random.default_rng(1)
    numbers = trained.state_dict()
    trained.load_state_dict({name: value + rng.normal(0, 0.05, value.shape) for name, value in numbers.items()})
    saved = found.saved(trained.state_dict())
    assert saved.fits
    module = InPyTorch(found.layers.kind, 2, both, True, embedding)
    module.load_state_dict(load(saved.dump()), strict=True)
    x, _targets = batch()
    assert of_largest(trained.forward(x).logits, module(torch.tensor(x)).detach()) <= 1e-5


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("weights", [False, True])
def test_a_network_that_is_read_out_once(both, weights):
    made = model("lstm", depth=2, both=both, outputs=2, last=True)
    found = read_keras(keras_file(made, weights))
    x, _targets = batch()
    trace = found.model(output="last").forward(x)
    assert of_largest(trace.logits[-1], made(np.eye(V)[x.T]).detach()) <= 1e-5
    assert found.origin.last == (not weights)


@pytest.mark.parametrize("weights", [False, True])
def test_a_model_that_was_compiled_and_trained(weights):
    """The optimiser's numbers lie beside the network's; dropout and a softmax of its own may be among the layers."""
    parts = [keras.Input((None, V)), layers.LSTM(5, return_sequences=True, dropout=0.1), layers.Dropout(0.2)]
    made = keras.Sequential([*parts, layers.Dense(V, name="Ausgabe"), layers.Softmax()])
    made.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, targets = batch()
    made.fit(np.eye(V)[x.T], targets.T[..., None], verbose=0)
    found = read_keras(keras_file(made, weights))
    assert of_largest(found.model().forward(x).probs, outputs_of(made, x, None).detach()) <= 1e-5
    assert (found.origin.dropout, found.origin.softmax) == (not weights, not weights)


class Own(keras.Model):
    """A model of a class of one's own, as in TensorFlow's tutorial on text generation."""

    def __init__(self, **options):
        super().__init__(**options)
        self.embedding = layers.Embedding(V, 4)
        self.rnns = [layers.GRU(5, return_sequences=True) for _ in range(12)][:3]
        self.out = layers.Dense(V)

    def call(self, x):
        x = self.embedding(x)
        for rnn in self.rnns:
            x = rnn(x)
        return self.out(x)


@pytest.mark.parametrize("weights", [False, True])
def test_a_class_of_the_users_own_is_recognised_by_its_arrays(weights):
    made = Own()
    x, _targets = batch()
    made(x.T)
    randomise(made)
    found = read_keras(keras_file(made, weights))
    assert not found.origin.described and found.layers.num_layers == 3
    assert of_largest(found.model().forward(x).logits, outputs_of(made, x, True).detach()) <= 1e-5


@pytest.mark.parametrize("functional", [False, True])
def test_steps_that_are_masked(functional):
    """As long as id 0 does not come, the outputs are the same."""
    inputs = keras.Input((None,))
    parts = [layers.Embedding(V, 4, mask_zero=True), layers.Bidirectional(layers.LSTM(5, return_sequences=True))]
    parts.append(layers.Dense(V))
    made = keras.Sequential([inputs, *parts])
    if functional:
        made = keras.Model(inputs, parts[2](parts[1](parts[0](inputs))))
    randomise(made)
    found = read_keras(keras_file(made))
    x, _targets = batch()
    assert found.masked
    assert of_largest(found.model().forward(1 + x % 5).logits, outputs_of(made, 1 + x % 5, True).detach()) <= 1e-5
    assert of_largest(found.model().forward(0 * x).logits, outputs_of(made, 0 * x, True).detach()) > 1e-2


@pytest.mark.parametrize("weights", [False, True])
def test_biases_that_only_some_layers_have(weights):
    parts = [layers.GRU(5, return_sequences=True, use_bias=use) for use in (False, True)]
    made = keras.Sequential([keras.Input((None, V)), *parts, layers.Dense(V, use_bias=False)])
    randomise(made)
    found = read_keras(keras_file(made, weights))
    x, _targets = batch()
    assert found.added == ("bias_o",) and not found.given["bias_ih_l0"].any()
    assert of_largest(found.model().forward(x).logits, outputs_of(made, x, None).detach()) <= 1e-5


def test_keras_takes_it_back_as_the_docs_say(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = model("lstm", embedding=8)
    found = read_keras(keras_file(made))
    trained = found.model()
    rng = np.random.default_rng(1)
    trained.load_state_dict({name: value + rng.normal(0, 0.05, value.shape) for name, value in found.given.items()})
    Path("network.safetensors").write_bytes(found.saved(trained.state_dict()).dump())
    [said] = re.findall(r"```py\n(  new = .*?)```", PAGES.read_text(encoding="utf-8"), re.DOTALL)
    embedding, lstm, dense = made.layers
    exec(textwrap.dedent(said), {"safetensors": safetensors, "embedding": embedding, "lstm": lstm, "dense": dense})
    x, _targets = batch()
    assert of_largest(trained.forward(x).logits, outputs_of(made, x, True).detach()) <= 1e-5


def test_untouched_it_is_saved_as_it_came():
    made = model("lstm", embedding=3)
    found = read_keras(keras_file(made))
    saved = found.saved(found.model().state_dict())
    assert saved.fits and list(saved.tensors) == [
        "embedding.weight", "lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0",
        "linear.weight", "linear.bias",
    ]  # fmt: skip
    assert of_largest(saved.tensors["lstm.weight_hh_l0"].T, made.get_weights()[2]) <= 1e-6


def test_activations_of_a_plain_layer():
    for activation, cell in {"sigmoid": "rnn_sigmoid", "linear": "rnn_identity"}.items():
        made = keras.Sequential(
            [keras.Input((None, V)), layers.SimpleRNN(5, activation=activation, return_sequences=True), layers.Dense(V)]
        )
        found = read_keras(keras_file(made))
        x, _targets = batch()
        assert found.config().cell == cell
        assert of_largest(found.model().forward(x).logits, outputs_of(made, x, None).detach()) <= 1e-5
