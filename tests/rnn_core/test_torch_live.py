"""Against PyTorch itself, where it is installed (always on CI): truncation, 300 updates of each optimiser."""

import numpy as np
import pytest
import torch
from agreement import of_largest
from core_models import build, distances
from ctc_cases import LARGER
from ctc_cases import batch_of as batch_of_logits
from ctc_cases import by_torch as ctc_by_torch
from ctc_cases import distances as distances_of_ctc
from encoder_decoder_cases import CASES as PAIR_CASES
from encoder_decoder_cases import D, H, K, batch_of, by_torch
from golden_cases import CASES as STORED
from golden_cases import cases
from make_golden import parts
from reference import GATES, PAIRS
from samples import sample
from torch_network import CELLS, as_torch, loss_of, nonlinearity
from torch_network import OPTIMIZERS as TORCH_OPTIMIZERS

from rnn_core import OPTIMIZERS, EncoderDecoder, EncoderDecoderConfig, TrainConfig, Trainer
from rnn_core.tasks import FixedBatches

torch.set_num_threads(1)


def gradients(loss, net, x, states) -> tuple[list[np.ndarray], np.ndarray]:
    """(gradients by the parameters and x, dL/dh (LD, T+1, B, H)); zero where the loss does not depend on it."""
    named = net.named()
    single = [pair[0] for row in states for pair in row]
    wanted = [*named.values(), x, *single]
    found = torch.autograd.grad(loss, wanted, allow_unused=True)
    arrays = [np.zeros(w.shape) if g is None else g.numpy() for w, g in zip(wanted, found, strict=True)]
    per_state = np.array(arrays[len(named) + 1 :]).reshape(len(states), len(states[0]), *single[0].shape)
    return arrays[: len(named) + 1], per_state


@pytest.mark.small
@pytest.mark.parametrize("case", [case for case in cases(GATES) if case not in STORED], ids=str)
def test_networks_that_are_in_no_golden_file(case):
    """As test_golden.py, with results that PyTorch computes now. They are in float64 for both dtypes: its float32 has
    an error of its own, with layer normalisation up to 6e-6, where ours has 4.5e-6."""
    now = parts(case)
    for dtype, bound in {"float64": 1e-12, "float32": 1e-5}.items():
        given = {name: a if a.dtype.kind == "i" else a.astype(np.float64) for name, a in now["given"].items()}
        apart = distances(case, dtype, given, now["float64"])
        assert {name: d for name, d in apart.items() if not d <= bound} == {}, dtype


@pytest.mark.small
@pytest.mark.parametrize("case", LARGER, ids=str)
def test_ctc_of_longer_sequences(case):
    given = batch_of_logits(case)
    apart = distances_of_ctc(given, ctc_by_torch(given, "float64"), "float64")
    assert {name: d for name, d in apart.items() if not d <= 1e-12} == {}


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("output", ["every", "last"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", GATES)
def test_chunked(cell, bidirectional, output, k):
    """detach() between steps of different chunks, in both directions."""
    s = sample(cell, 2, bidirectional, output=output, T=6, masked=output == "every")
    net, x, targets, state, mask = as_torch(s)
    logits, states = net.unroll(x, state, cut=lambda d, t, p: 0 <= p < 6 and max(t, p) % k == 0)
    found, per_state = gradients(loss_of("cross_entropy", logits, targets, mask), net, x, states)
    expected = s.reference(k, "chunked")
    for name, grad in zip([*net.named()], found, strict=False):
        assert of_largest(expected.grads[name], grad) <= 1e-12, name
    assert of_largest(expected.d_input, found[-1]) <= 1e-12
    assert of_largest(expected.d_hidden[:, 1:], per_state[:, 1:]) <= 1e-12


@pytest.mark.parametrize("k", [1, 2, 4])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", GATES)
def test_windowed(cell, bidirectional, k):
    """For each loss a run of its own, in which states further than k steps away are constants to the nearer."""
    s = sample(cell, 2, bidirectional, T=6)
    net, x, targets, state, _ = as_torch(s)
    expected = s.reference(k)
    total, d_hidden = 0, 0
    for t in range(6):
        logits, states = net.unroll(x, state, cut=lambda d, s, p, t=t: abs(t - p) > k)
        loss = loss_of("cross_entropy", logits[t], targets[t]) / 6
        found, per_state = gradients(loss, net, x, states)
        near = np.abs(t - np.arange(6)) <= k
        total = [a + b for a, b in zip(total, found, strict=True)] if total else found
        d_hidden = d_hidden + per_state[:, 1:] * near[None, :, None, None]
    for name, grad in zip([*net.named()], total, strict=False):
        assert of_largest(expected.grads[name], grad) <= 1e-12, name
    assert of_largest(expected.d_input, total[-1]) <= 1e-12
    assert of_largest(expected.d_hidden[:, 1:], d_hidden) <= 1e-12


# Rates at which training is not chaotic: with momentum 0.05 PyTorch itself, its weights moved by 1e-15, is 2e-6 away
# from itself after 300 updates of rnn_tanh; with 0.01 it is 4e-16.
RATES = {"sgd": 0.1, "momentum": 0.01, "adagrad": 0.05, "rmsprop": 0.003, "adam": 0.003, "rprop": 0.003}
CALM = {"lstm_layer_norm": {"adagrad": 0.003, "rmsprop": 5e-4, "adam": 5e-4}}  # moved so at RATES, it ends 0.1 away


# An optimiser sees numbers and their gradients, not the cell that they are of.
OF_EACH = {("lstm", optimizer) for optimizer in OPTIMIZERS} | {(cell, "adam") for cell in GATES}


@pytest.mark.parametrize(("cell", "optimizer"), sorted(OF_EACH))
def test_three_hundred_updates(cell, optimizer):
    """Two layers, five batches in turn: loss, norm and clip factor of every update, the parameters at the end."""
    s = sample(cell, 2, T=8, B=4, sizes=(5, 6, 5))
    batches = [(one.x, one.targets) for one in (sample(cell, 2, T=8, B=4, sizes=(5, 6, 5), seed=i) for i in range(5))]
    task = FixedBatches(batches, input_size=5, output_size=5)
    rate = CALM.get(cell, RATES).get(optimizer, RATES[optimizer])
    settings = TrainConfig(optimizer=optimizer, learning_rate=rate, clip_norm=0.4)
    trainer = Trainer(build(s), task, settings)
    history = trainer.step(300)

    net = as_torch(s)[0]
    descent = TORCH_OPTIMIZERS[optimizer](net.parameters(), rate)
    losses, norms = [], []
    for update in range(300):
        x, targets = batches[update % 5]
        loss = loss_of("cross_entropy", net(torch.tensor(np.eye(5)[x])), torch.tensor(targets).long())
        descent.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(net.parameters(), 0.4).item())
        losses.append(loss.item())
        descent.step()
    assert np.abs(history.loss - losses).max() <= 1e-10
    assert of_largest(history.grad_norm, norms) <= 1e-9
    assert losses[-5:] < losses[:5]
    factors = np.minimum(1, 0.4 / (np.array(norms) + 1e-6))
    assert (factors < 1).any() and of_largest(history.clip_factor, factors) <= 1e-9
    for name, value in trainer.model.state_dict().items():
        assert of_largest(value, net.named()[name].detach().numpy()) <= 1e-9, name


@pytest.mark.parametrize("case", PAIR_CASES, ids=str)
def test_encoder_decoder(case):
    """Parameters and a batch that are in no golden file."""
    given = batch_of(case, seed=11)
    config = EncoderDecoderConfig(case.cell, D, H, K, num_layers=case.num_layers, bias=case.bias, dtype="float64")
    network = EncoderDecoder(config)
    network.load_state_dict(case.unflatten(given["parameters"]))
    passes, expected = network.backward(given["x"], given["targets"], given["mask"]), by_torch(case, given, "float64")
    assert of_largest(case.flatten(passes.grads), expected["grads"]) < 1e-12
    assert of_largest(passes.encoder.d_hidden, expected["encoder_d_hidden"]) < 1e-12


@pytest.mark.parametrize("cell", CELLS)
def test_attention(cell):
    """The equations of `rnn_core.encoder_decoder.attention` with nn.*Cell, whose input is symbol and context."""
    network = EncoderDecoder(EncoderDecoderConfig(cell, D, H, K, dtype="float64", seed=4, attention=True))
    network.load_state_dict({name: 2 * value for name, value in network.state_dict().items()})
    rng = np.random.default_rng(6)
    x, targets = rng.integers(1, D, (5, 3)), rng.integers(0, K, (4, 3))
    x[:2, 1] = 0
    passes = network.backward(x, targets)

    named = {name: torch.tensor(value, requires_grad=True) for name, value in network.state_dict().items()}
    one_hot = torch.nn.functional.one_hot

    def step(half, inputs, weight_ih, state):
        cell_of_torch = CELLS[cell](weight_ih.shape[1], H, dtype=torch.float64, **nonlinearity(cell))
        wanted = {name: named[f"{half}.{name}_l0"] for name, _ in cell_of_torch.named_parameters()}
        argument = state if cell in PAIRS else state[0]
        new = torch.func.functional_call(cell_of_torch, wanted | {"weight_ih": weight_ih}, (inputs, argument))
        return tuple(new) if cell in PAIRS else (new,)

    zero = torch.zeros(3, H, dtype=torch.float64)
    state, read = (zero, zero) if cell in PAIRS else (zero,), []
    for ids in x:
        state = step("encoder", one_hot(torch.tensor(ids), D).double(), named["encoder.weight_ih_l0"], state)
        read.append(state[0])
    states, blank = torch.stack(read, 1), torch.tensor(x.T == 0)
    keys = states @ named["attention.weight_key"].T
    joined = torch.cat([named["decoder.weight_ih_l0"], named["attention.weight_context"]], 1)
    logits, alignment = [], []
    for ids in network.shifted(targets):
        query = (state[0] @ named["attention.weight_query"].T)[:, None]
        energies = (torch.tanh(query + keys) @ named["attention.weight_score"].T)[..., 0]
        shares = torch.softmax(energies.masked_fill(blank, -torch.inf), -1)
        context = (shares[..., None] * states).sum(1)
        symbol = one_hot(torch.tensor(ids), K + 1).double()
        state = step("decoder", torch.cat([symbol, context], 1), joined, state)
        logits.append(state[0] @ named["decoder.weight_ho"].T + named["decoder.bias_o"])
        alignment.append(shares)
    loss = loss_of("cross_entropy", torch.stack(logits), torch.tensor(targets).long())
    grads = dict(zip(named, torch.autograd.grad(loss, [*named.values()]), strict=True))
    assert passes.loss == pytest.approx(loss.item(), abs=1e-13)
    assert of_largest(passes.alignment, torch.stack(alignment).detach().numpy()) < 1e-12
    for name, gradient in passes.grads.items():
        assert of_largest(gradient, grads[name].numpy()) < 1e-11, name
