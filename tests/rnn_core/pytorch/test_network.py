"""Networks that PyTorch made and saved: what they compute here, and that PyTorch takes them back."""

import io
import itertools

import numpy as np
import pytest
import safetensors.torch
import torch
from agreement import of_largest
from pytorch_files import NAMES, Network, network, safetensors_file, torch_file

from rnn_core.pytorch import read_pytorch

T, B, V = 7, 3, 6
DTYPES = (torch.float32, torch.float64, torch.bfloat16, torch.float16)
WRAPPED = (
    lambda state: state,
    lambda state: {"epoch": 3, "model_state_dict": state, "optimizer": {"state": {0: {"step": 1.5}}}},
    lambda state: {f"module.{name}": value for name, value in state.items()},
)
EMBEDDINGS = {"one-hot": None, "wide": 8, "narrow": 4, "tied": 5, "tied wide": 7}


def cases():
    """Every cell, depth, direction, bias and embedding; types, names and formats take turns, so that each meets all."""
    shapes = itertools.product(("tanh", "relu", "gru", "lstm"), (1, 2), (False, True), (True, False), EMBEDDINGS)
    for number, (cell, layers, both, bias, embedding) in enumerate(shapes):
        turn = number + number // 5 + number // 40
        yield cell, layers, both, bias, embedding, DTYPES[turn % 4], NAMES[turn % 3], turn % 2, WRAPPED[turn // 2 % 3]


def options_of(cell, layers, both, bias, embedding, names):
    size = EMBEDDINGS[embedding]
    hidden = size // (1 + both) if embedding.startswith("tied") else 5
    size = hidden * (1 + both) if embedding.startswith("tied") else size
    kind = "rnn" if cell in ("tanh", "relu") else cell
    return {
        "kind": kind, "symbols": V, "hidden": hidden, "layers": layers, "both": both, "bias": bias, "names": names,
        "embedding": size, "tied": embedding.startswith("tied"), "relu": cell == "relu",
    }  # fmt: skip


def batch(seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, V, (T, B)), rng.integers(0, V, (T, B))


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: "-".join(map(str, case[:6])))
def test_it_computes_the_same_and_goes_back(case):
    """Logits and gradients of the file's own network; and, trained on, of what is written, in a module of PyTorch's."""
    cell, layers, both, bias, embedding, dtype, names, as_safetensors, wrap = case
    options = options_of(cell, layers, both, bias, embedding, names)
    module = network(dtype=dtype, **options)
    state = module.state_dict()
    data = safetensors_file(state) if as_safetensors else torch_file(wrap(state))
    found = read_pytorch(data)
    assert (found.layers.kind, found.layers.num_layers, found.layers.bidirectional) == (options["kind"], layers, both)
    assert found.dtypes == (str(dtype).removeprefix("torch."),)
    assert (found.layers.embedding is not None, found.layers.tied) == (embedding != "one-hot", options["tied"])
    assert (found.input_size, found.output_size, found.added) == (V, V, ())

    model = found.model(relu=cell == "relu")
    module = module.double()
    x, targets = batch()
    logits = module(torch.tensor(x))
    torch.nn.functional.cross_entropy(logits.flatten(0, 1), torch.tensor(targets).flatten()).backward()
    trace = model.backward(x, targets)
    assert of_largest(trace.logits, logits.detach()) <= 1e-5
    assert_gradients(found, trace.grads, module, tied=options["tied"])

    rng = np.random.default_rng(1)
    trained = {name: value + rng.normal(0, 0.05, value.shape) for name, value in model.state_dict().items()}
    model.load_state_dict(trained)
    saved = found.saved(model.state_dict())
    size = options["embedding"]
    assert saved.embedding == ("none" if size is None else "kept" if size >= V else "identity") and not saved.biases
    assert saved.fits == (saved.embedding != "identity") == found.keeps_embedding
    if not saved.fits:
        options |= {"embedding": V, "tied": False}
    again = Network(**options).double()
    state = safetensors.torch.load(saved.dump())
    prefix = "module." if any(name.startswith("module.") for name in state) else ""
    again.load_state_dict({name.removeprefix(prefix): value.double() for name, value in state.items()}, strict=True)
    assert of_largest(model.forward(x).logits, again(torch.tensor(x)).detach()) <= 1e-5


def assert_gradients(found, grads, module, tied):
    """Ours are the module's; those of the first weights behind an embedding by the chain rule."""
    theirs = {name: parameter.grad.numpy() for name, parameter in module.named_parameters()}
    numbers = {name: parameter.detach().numpy() for name, parameter in module.named_parameters()}
    prefix = "module." if found.layers.linear.startswith("module.") else ""
    layers, named = found.layers, lambda name: name.removeprefix(prefix)
    embedding = numbers.get(named(layers.embedding)) if layers.embedding else None
    by_embedding = 0
    for name, own in layers.recurrent.items():
        grad = grads[name]
        if embedding is not None and name.startswith("weight_ih_l0"):
            by_embedding = by_embedding + grad.T @ numbers[named(own)]
            grad = grad @ embedding
        assert of_largest(grad, theirs[named(own)]) <= 1e-5, name
    if embedding is not None:
        total = by_embedding + (grads["weight_ho"] if tied else 0)
        assert of_largest(total, theirs[named(layers.embedding)]) <= 1e-5
    if not tied:
        assert of_largest(grads["weight_ho"], theirs[named(layers.linear)]) <= 1e-5
    if layers.linear_bias:
        assert of_largest(grads["bias_o"], theirs[named(layers.linear_bias)]) <= 1e-5


def test_untouched_it_goes_back_as_it_came():
    """Also with an embedding of fewer numbers than symbols: the very numbers, in their order."""
    module = network(embedding=3)
    found = read_pytorch(torch_file(module.state_dict()))
    saved = found.saved(found.model().state_dict())
    assert saved.fits and list(saved.tensors) == list(module.state_dict())
    for name, value in module.state_dict().items():
        assert of_largest(saved.tensors[name], value) <= 1e-6, name


def test_an_embedding_with_a_row_of_zeros_stays_as_long_as_that_symbol_learns_nothing():
    """As padding_idx makes it: the rows are not independent, and still the other columns can be kept."""
    module = network(embedding=8)
    with torch.no_grad():
        module.parts[0].weight[0] = 0
    found = read_pytorch(torch_file(module.state_dict()))
    assert not found.keeps_embedding
    trained = {name: value + np.float32(0.1) for name, value in found.model().state_dict().items()}
    assert found.saved(trained).embedding == "identity"
    trained["weight_ih_l0"][:, 0] = 0
    saved = found.saved(trained)
    assert saved.embedding == "kept" and np.array_equal(
        saved.tensors["embedding.weight"], module.parts[0].weight.detach()
    )


@pytest.mark.parametrize("bias", [True, False])
def test_a_tied_matrix_that_is_saved_once(bias):
    """As safetensors.torch.save_model leaves it: one name for both."""
    module = network(embedding=5, tied=True, names=NAMES[1], linear_bias=bias)
    state = {name: value for name, value in module.state_dict().items() if name != "decoder.weight"}
    found = read_pytorch(safetensors_file(state))
    assert found.layers.embedding == found.layers.linear == "encoder.weight" and found.layers.tied
    x, _targets = batch()
    assert of_largest(found.model().forward(x).logits, module(torch.tensor(x)).detach()) <= 1e-5
    saved = found.saved(found.model().state_dict())
    assert saved.embedding == "kept" and set(saved.tensors) - set(state) == ({"decoder.weight"} if bias else set())


@pytest.mark.parametrize(("bias", "linear_bias"), [(True, False), (False, True)])
def test_biases_that_only_one_layer_has(bias, linear_bias):
    """Zeros stand in for the others. Left alone they are not saved; trained, they are, and it is said."""
    module = network(bias=bias, linear_bias=linear_bias)
    found = read_pytorch(torch_file(module.state_dict()))
    x, _targets = batch()
    model = found.model()
    assert found.added == (("bias_o",) if bias else ("bias_ih_l0", "bias_hh_l0"))
    assert of_largest(model.forward(x).logits, module(torch.tensor(x)).detach()) <= 1e-5
    assert found.saved(model.state_dict()).fits
    model.load_state_dict({name: value + np.float32(0.1) for name, value in model.state_dict().items()})
    saved = found.saved(model.state_dict())
    assert saved.biases == (("fc.bias",) if bias else ("rnn.bias_hh_l0", "rnn.bias_ih_l0")) and not saved.fits
    again = Network(bias=True, linear_bias=True)
    again.load_state_dict(safetensors.torch.load(saved.dump()), strict=True)
    assert of_largest(model.forward(x).logits, again(torch.tensor(x)).detach()) <= 1e-5


@pytest.mark.parametrize("both", [False, True])
def test_a_network_that_is_read_out_once(both):
    module = network(both=both, outputs=2)
    found = read_pytorch(torch_file(module.state_dict()))
    x, _targets = batch()
    trace = found.model(output="last").forward(x)
    assert of_largest(trace.logits, module(torch.tensor(x), last=True).detach()) <= 1e-5


def test_symbols_beside_the_state_dict():
    state = network().state_dict()
    for known in (list("abcdef"), dict(zip("abcdef", range(6), strict=True)), dict(enumerate("abcdef"))):
        assert read_pytorch(torch_file({"net": state, "symbols": known})).vocabulary == tuple("abcdef")
    assert read_pytorch(torch_file({"net": state, "symbols": list("abc")})).vocabulary is None


def test_parameters_and_other_ways_of_saving():
    """A dict of parameters, another protocol of pickle, weights that lie transposed in memory."""
    module = network()
    state = module.state_dict()
    wanted = read_pytorch(torch_file(state)).given
    turned = {name: value.t().contiguous().t() if value.ndim == 2 else value for name, value in state.items()}
    fifth = io.BytesIO()
    torch.save(state, fifth, pickle_protocol=5)
    for data in (torch_file(dict(module.named_parameters())), torch_file(turned), fifth.getvalue()):
        given = read_pytorch(data).given
        assert all(np.array_equal(given[name], value) for name, value in wanted.items())
