"""A PyTorch module is recorded: what it returns, states, gates and gradients are those of PyTorch and of the core."""

import numpy as np
import pytest
import torch
from torch import nn

from rnn_core import ConfigError, InputError, Model, ModelConfig
from rnn_core.analysis.gradients import itemised_gradients, matrix_of
from rnn_lab import figures, measure_gradients, record
from rnn_lab.unrolling import KINDS

T, B, D, H, K = 6, 3, 4, 5, 7
IDS = np.random.default_rng(0).integers(0, K, (T, B))
TARGETS = np.random.default_rng(1).integers(0, K, (T, B))


class Reader(nn.Module):
    """A network as people write them: embedding, recurrent layer, read-out."""

    def __init__(self, kind="LSTM", **options):
        super().__init__()
        torch.manual_seed(0)
        layer = {"RNN_TANH": nn.RNN, "RNN_RELU": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}[kind]
        options |= {"nonlinearity": "relu"} if kind == "RNN_RELU" else {}
        self.embed = nn.Embedding(K, D)
        self.rnn = layer(D, H, **options)
        self.head = nn.Linear(H * (2 if options.get("bidirectional") else 1), K)

    def forward(self, ids, state=None):
        return self.head(self.rnn(self.embed(ids), state)[0])


def losses_of(logits, targets):
    return nn.functional.cross_entropy(logits.transpose(1, -1), torch.as_tensor(targets), reduction="none")


def twin(module, kind, **options):
    """The same network of rnn_core: the embedding folded into the first weights."""
    model, state = Model(ModelConfig(KINDS[kind], K, H, K, dtype="float64", **options)), {}
    for name, value in module.rnn.state_dict().items():
        table = module.embed.weight.detach().numpy().T if "weight_ih_l0" in name else None
        state[name] = value.numpy() if table is None else value.numpy() @ table
    state |= {"weight_ho": module.head.weight.detach().numpy(), "bias_o": module.head.bias.detach().numpy()}
    model.load_state_dict(state)
    return model


OPTIONS = [{}, {"num_layers": 2}, {"bidirectional": True}, {"num_layers": 2, "bidirectional": True}]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_states_gates_and_gradients_are_those_of_the_core(kind, options):
    module = Reader(kind, **options).double()
    plain = module(torch.as_tensor(IDS))
    with record(module) as recording:
        logits = module(torch.as_tensor(IDS))
    np.testing.assert_allclose(logits.detach(), plain.detach(), atol=1e-12)
    losses_of(logits, TARGETS).mean().backward()
    trace = recording.trace(ids=IDS, logits=logits, targets=TARGETS)
    other = twin(module, kind, **options).backward(IDS, TARGETS)
    for name in ("x", "hidden", "cell", "logits", "probs", "targets", "loss_per_step", "d_hidden", "d_cell"):
        found, known = getattr(trace, name), getattr(other, name)
        assert (found is None) == (known is None), name
        if known is not None:
            np.testing.assert_allclose(found, known, atol=1e-9, err_msg=name)
    assert trace.gates.keys() == other.gates.keys()
    for name, gate in other.gates.items():
        np.testing.assert_allclose(trace.gates[name], gate, atol=1e-9, err_msg=name)


@pytest.mark.parametrize(("kind", "options", "layer"), [("LSTM", {}, 0), ("GRU", {"num_layers": 2}, 0),
                                                        ("RNN_TANH", {"bidirectional": True}, 1)])  # fmt: skip
def test_the_matrix_is_that_of_the_core(kind, options, layer):
    module = Reader(kind, **options).double()
    with record(module) as recording:
        logits = module(torch.as_tensor(IDS))
    found = recording.measure_gradients(losses_of(logits, TARGETS), ids=IDS, sequence=1, layer=layer, step=4)
    model = twin(module, kind, **options)
    trace = model.backward(IDS, TARGETS)
    one = itemised_gradients(model, IDS[:, 1:2], TARGETS[:, 1:2])[:, layer : layer + 1]
    np.testing.assert_allclose(found.flow.flow, matrix_of(one), atol=1e-9)
    other = measure_gradients(model, trace, sequence=1, layer=layer, step=4)
    np.testing.assert_allclose(found.flow.slopes, other.flow.slopes, atol=1e-9)
    np.testing.assert_allclose(found.flow.trace.d_hidden[layer], other.flow.trace.d_hidden[layer], atol=1e-9)
    assert (found.step, found.flow.carrier) == (other.step, other.flow.carrier)
    x = module.embed(torch.as_tensor(IDS)).detach().requires_grad_()
    (by_input,) = torch.autograd.grad(losses_of(module.head(module.rnn(x)[0]), TARGETS)[4, 1], x)
    np.testing.assert_allclose(found.inputs, by_input[:, 1].norm(dim=-1), atol=1e-9)
    figure = figures.gradient_matrix(found, tuple("abcdefg"))
    np.testing.assert_allclose(np.nan_to_num(10.0 ** figure.data[0].z), found.flow.flow, rtol=1e-4)


@pytest.mark.parametrize("batched", [True, False])
def test_a_batch_may_come_first_or_not_be_there(batched):
    module = Reader(batch_first=True)
    ids = torch.as_tensor(IDS.T if batched else IDS[:, 0])
    with record(module) as recording:
        logits = module(ids)
    targets = torch.as_tensor(TARGETS.T if batched else TARGETS[:, 0])
    losses = losses_of(logits, targets) if batched else nn.functional.cross_entropy(logits, targets, reduction="none")
    gradients = recording.measure_gradients(losses, ids=ids)
    losses.sum().backward()
    trace = recording.trace(ids=ids, logits=logits, targets=targets)
    assert trace.hidden.shape == (1, T + 1, B if batched else 1, H) and trace.x[:, 0].tolist() == IDS[:, 0].tolist()
    np.testing.assert_allclose(trace.loss_per_step[:, 0], losses[0].detach() if batched else losses.detach(), rtol=1e-5)
    np.testing.assert_allclose(trace.d_hidden[0, :, 0], T * gradients.flow.trace.d_hidden[0, :, 0], atol=1e-6)


def test_one_output_at_the_end_and_ignored_targets():
    module = Reader("GRU")
    with record(module.rnn) as recording:
        logits = module(torch.as_tensor(IDS))[-1]
    losses = nn.functional.cross_entropy(logits, torch.as_tensor(TARGETS[-1]), reduction="none")
    gradients = recording.measure_gradients(losses, sequence=2)
    assert gradients.flow.losses.tolist() == [T - 1] and gradients.step == T - 1 and gradients.inputs.min() > 0
    trace = recording.trace(logits=logits, targets=np.where(np.arange(B) == 1, -100, TARGETS[-1]))
    assert trace.config.output == "last" and trace.mask.tolist() == [[1, 0, 1]]
    figures.score(trace, gates=["z"]), figures.gradient_matrix(gradients)


def test_regression_and_states_alone():
    layer = nn.RNN(2, H)
    x = torch.randn(T, B, 2)
    with record(layer) as recording, torch.no_grad():
        output, _ = layer(x)
    assert recording.trace().d_hidden is None
    headings = [note.text for note in figures.score(recording).layout.annotations]
    assert len(headings) == 2 and "channel 1" in headings[0] and headings[1] == "hidden state s<sub>t</sub>, 5 units"
    trace = recording.trace(logits=output, targets=np.zeros((T, B, H), np.float32))
    assert trace.config.loss == "mse"
    np.testing.assert_allclose(trace.loss_per_step, np.square(output.numpy()).mean(-1), rtol=1e-5)
    figures.score(trace)


def test_the_hook_goes_with_the_block_and_training_goes_on():
    module, ids = Reader(num_layers=2, dropout=0.5), torch.as_tensor(IDS)
    with record(module) as recording:
        module(ids)
        logits = module(ids)
    assert not module.rnn._forward_hooks
    losses_of(logits, TARGETS).mean().backward()
    assert all(parameter.grad is not None for parameter in module.parameters())
    before = recording.trace().hidden.copy()
    module.eval()(ids)
    assert np.array_equal(recording.trace().hidden, before)


def test_a_state_that_is_given_is_the_first():
    layer = nn.LSTM(D, H)
    state = torch.randn(1, B, H), torch.randn(1, B, H)
    with record(layer) as recording:
        _, ends = layer(torch.randn(T, B, D), state)
    trace = recording.trace()
    assert np.array_equal(trace.hidden[:, 0], state[0]) and np.array_equal(trace.cell[:, 0], state[1])
    assert np.array_equal(trace.hidden[:, -1], ends[0].detach()) and np.array_equal(trace.cell[:, -1], ends[1].detach())


def test_what_does_not_fit_is_said():
    layer, x = nn.GRU(D, H), torch.randn(T, B, D)
    with pytest.raises(InputError, match=r"expected a torch.nn.Module"):
        record(3)
    with pytest.raises(InputError, match=r"has 2 recurrent layers \(0, 1\); expected one"):
        record(nn.Sequential(nn.GRU(D, H), nn.GRU(H, H)))
    with pytest.raises(InputError, match="has 0 recurrent layers"):
        record(nn.Linear(2, 2))
    with pytest.raises(InputError, match="proj_size=2"):
        record(nn.LSTM(D, H, proj_size=2))
    with record(layer) as recording:
        pass
    with pytest.raises(InputError, match="nothing was recorded"):
        recording.trace()
    with record(layer) as recording, pytest.raises(InputError, match="not packed"):
        layer(nn.utils.rnn.pack_padded_sequence(x, [6, 5, 4]))
    with record(layer) as recording:
        output, _ = layer(x)
    with pytest.raises(InputError, match=r"logits has shape \(18, 5\); expected \(6, 3\) and K outputs, or \(3,\)"):
        recording.trace(logits=output.reshape(-1, H))
    with pytest.raises(InputError, match=r"targets have shape .* expected ids below 5"):
        recording.trace(logits=output, targets=np.full((T, B), 5))
    with pytest.raises(InputError, match="without logits"):
        recording.trace(targets=TARGETS)
    with pytest.raises(InputError, match="ids"):
        recording.trace(ids=IDS[:-1])
    with pytest.raises(InputError, match="losses carry no gradient"):
        recording.measure_gradients(np.zeros((T, B)))
    losses = output.sum(-1)
    losses.sum().backward()
    with pytest.raises(InputError, match="before backward"):
        recording.measure_gradients(losses)
    big = nn.GRU(1, 1025)
    with record(big) as recording:
        big(torch.zeros(1, 1, 1))
    with pytest.raises(ConfigError, match="hidden_size is 1025"):
        recording.trace()
