"""Names, shapes and starting values of the parameters; what load_state_dict refuses."""

import itertools
import math

import numpy as np
import pytest
from reference import GATES, PAIRS, Network, shapes

from rnn_core import InputError, Model, ModelConfig

H = 12


def network(cell: str, **settings) -> Model:
    return Model(
        ModelConfig(**{"cell": cell, "input_size": 5, "hidden_size": H, "output_size": 7, "seed": 3} | settings)
    )


def blocks(model: Model) -> np.ndarray:
    """Every H x H block of the recurrent weights."""
    weights = [p for name, p in model.state_dict().items() if name.startswith("weight_hh")]
    return np.concatenate([w.reshape(-1, H, H) for w in weights]).astype(np.float64)


@pytest.mark.parametrize(
    ("num_layers", "bidirectional", "bias"), list(itertools.product((1, 2, 4), (False, True), (False, True)))
)
@pytest.mark.parametrize("cell", GATES)
def test_names_and_shapes_are_pytorchs(cell, num_layers, bidirectional, bias):
    model = network(cell, num_layers=num_layers, bidirectional=bidirectional, bias=bias)
    found = {name: p.shape for name, p in model.state_dict().items()}
    assert found == shapes(Network(cell, num_layers, bidirectional), (5, H, 7), bias)
    assert model.num_parameters == sum(math.prod(shape) for shape in found.values())


@pytest.mark.parametrize("cell", GATES)
def test_uniform(cell):
    """Within +-1/sqrt(H) (read-out: of its inputs), and filling that range; the LSTM's forget bias is 1 + 0."""
    model = network(cell, num_layers=2, bidirectional=True, hidden_size=H)
    for name, p in model.state_dict().items():
        bound = 1 / math.sqrt(2 * H if name == "weight_ho" else H)
        if cell == "lstm_layer_norm" and name.startswith(("gain", "bias_ch")):
            assert (p == name.startswith("gain")).all()
            continue
        if cell in PAIRS and name.startswith("bias_") and name != "bias_o":
            assert (p[H : 2 * H] == (1 if name.startswith("bias_ih") else 0)).all()
            p = np.delete(p, np.s_[H : 2 * H])
            if cell == "lstm_layer_norm":
                assert not p.any()
                continue
        assert np.abs(p).max() <= bound
        assert p.size < 50 or (np.abs(p).max() > 0.9 * bound and abs(p.std() * math.sqrt(3) / bound - 1) < 0.15)


@pytest.mark.parametrize("cell", GATES)
def test_orthogonal(cell):
    found = blocks(network(cell, init="orthogonal", num_layers=2))
    assert np.abs(found @ found.swapaxes(1, 2) - np.eye(H)).max() < 1e-6
    assert np.abs(np.diff(found, axis=0)).max(axis=(1, 2)).min(initial=1) > 0.1


@pytest.mark.parametrize("cell", GATES)
def test_identity(cell):
    model = network(cell, init="identity")
    assert (blocks(model) == np.eye(H)).all()
    biases = [p.sum() for name, p in model.state_dict().items() if name.startswith("bias")]
    assert sorted(biases) == [0] * (len(biases) - 1) + [H if cell in PAIRS else 0]


@pytest.mark.parametrize("init", ["uniform", "orthogonal", "identity"])
@pytest.mark.parametrize("cell", GATES)
def test_spectral_radius(cell, init):
    found = blocks(network(cell, init=init, spectral_radius=1.3, num_layers=2))
    assert np.abs(np.linalg.eigvals(found)).max(axis=1) == pytest.approx(1.3, abs=1e-5)


@pytest.mark.parametrize("cell", GATES)
def test_chrono(cell):
    """Gates that keep start at log u, u uniform in 1 .. T - 1; the LSTM's input gate opposite; all else as without."""
    made = {span: network(cell, hidden_size=400, chrono=span).state_dict() for span in (None, 50)}
    changed = {name for name, p in made[50].items() if (p != made[None][name]).any()}
    keep = {"gru": (1, None), "gru_reset_before": (1, None)}.get(cell, (1, 0) if cell in PAIRS else None)
    zero_anyway = {"bias_hh_l0"} if cell == "lstm_layer_norm" else set()
    assert changed == (set() if keep is None else {"bias_ih_l0", "bias_hh_l0"} - zero_anyway)
    if keep is not None:
        own, other = (made[50][name].reshape(-1, 400).astype(float) for name in ("bias_ih_l0", "bias_hh_l0"))
        spans = np.exp(own[keep[0]])
        assert spans.min() >= 1 and spans.max() < 49.001 and np.ptp(spans) > 47 and abs(spans.mean() - 25) < 2
        assert (other[keep[0]] == 0).all()
        if keep[1] is not None:
            assert (own[keep[1]] == -own[keep[0]]).all() and (other[keep[1]] == 0).all()
        assert network(cell, hidden_size=4, chrono=50, bias=False).num_parameters > 0


def test_forget_bias():
    state = network("lstm", forget_bias=5.0, bidirectional=True).state_dict()
    for suffix in ("", "_reverse"):
        assert (state["bias_ih_l0" + suffix][H : 2 * H] == 5).all()
        assert (state["bias_hh_l0" + suffix][H : 2 * H] == 0).all()


def test_seed_and_dtype():
    """A seed is one network: float32 is float64 rounded; another seed is another network."""
    double, single, other = (network("gru", **s).state_dict() for s in ({"dtype": "float64"}, {}, {"seed": 4}))
    for name in double:
        assert np.array_equal(double[name].astype(np.float32), single[name])
        assert not np.array_equal(single[name], other[name])


def test_first_loss_of_the_article():
    """8,000 words, 100 units, weights U(+-1/sqrt fan-in): ln 8000 = 8.987197 before training."""
    model = Model(ModelConfig("rnn_tanh", 8000, 100, 8000, bias=False))
    rng = np.random.default_rng(10)
    weights = {name: p.shape for name, p in model.state_dict().items()}
    model.load_state_dict({name: rng.uniform(-1, 1, shape) / math.sqrt(shape[1]) for name, shape in weights.items()})
    loss = model.loss(rng.integers(0, 8000, (40, 1)), rng.integers(0, 8000, (40, 1)))
    assert loss == pytest.approx(8.987197, abs=1e-3)


def test_load_what_was_saved():
    first, second = network("lstm", num_layers=2, seed=1), network("lstm", num_layers=2, seed=2)
    second.load_state_dict(first.state_dict())
    assert all(np.array_equal(p, first.state_dict()[name]) for name, p in second.state_dict().items())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.pop("bias_o"), "bias_o"),
        (lambda s: s.update(weight_hh_l1=s["weight_hh_l0"]), "weight_hh_l1"),
        (lambda s: s.update(weight_ho=s["weight_ho"].T), r"weight_ho.*\(12, 7\).*\(7, 12\)"),
        (lambda s: s["weight_ih_l0"].__setitem__((2, 3), np.nan), "weight_ih_l0.*finite"),
        (lambda s: s["bias_hh_l0"].__setitem__(0, -np.inf), "bias_hh_l0.*finite"),
        (lambda s: s.update(bias_o=s["bias_o"].astype(np.float64) * 1e300), "bias_o.*finite"),
        (lambda s: s.update(bias_o="seven"), "bias_o"),
    ],
)
def test_what_does_not_fit_is_refused(change, said):
    model = network("gru")
    before, given = model.parameters.tobytes(), model.state_dict()
    change(given)
    with pytest.raises(InputError, match=said):
        model.load_state_dict(given)
    assert model.parameters.tobytes() == before


# Parameters as PyTorch hands them out


class Tensor:
    """What the door sees of a tensor that requires a gradient: NumPy cannot have it as it is."""

    def __init__(self, values, dtype="torch.float32"):
        self.values, self.dtype = values, dtype

    def __array__(self, *_arguments, **_options):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")

    def detach(self):
        return Detached(self.values, self.dtype)


class Detached(Tensor):
    def __array__(self, *_arguments, **_options):
        if self.dtype == "torch.bfloat16":
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self.values

    def cpu(self):
        return self

    def float(self):
        return Detached(self.values, "torch.float32")


@pytest.mark.parametrize("dtype", ["torch.float32", "torch.bfloat16"])
def test_tensors_that_require_a_gradient_and_those_in_bfloat16_are_taken(dtype):
    source, target = network("gru"), network("gru", seed=4)
    target.load_state_dict({name: Tensor(p, dtype) for name, p in source.state_dict().items()})
    assert (target.parameters == source.parameters).all()


def test_pytorch_s_own_tensors_are_taken():
    torch = pytest.importorskip("torch")
    source, target = network("lstm"), network("lstm", seed=4)
    for kind in (torch.float32, torch.float64, torch.float16, torch.bfloat16):
        tensors = {n: torch.tensor(p).to(kind).requires_grad_() for n, p in source.state_dict().items()}
        target.load_state_dict(tensors)
        for name, value in target.state_dict().items():
            assert (value == tensors[name].detach().float().numpy()).all()


@pytest.mark.parametrize("start", ["module.", "_orig_mod.", "model.rnn."])
def test_what_a_wrapper_puts_before_every_name_is_left_out(start):
    source, target = network("lstm", num_layers=2), network("lstm", num_layers=2, seed=4)
    target.load_state_dict({start + name: p for name, p in source.state_dict().items()})
    assert (target.parameters == source.parameters).all()


def test_names_of_several_modules_are_refused_with_the_renaming():
    model = network("gru")
    before = model.parameters.copy()
    renamed = {"weight_ho": "head.weight", "bias_o": "head.bias"}
    given = {renamed.get(name, f"rnn.{name}"): p for name, p in model.state_dict().items()}
    with pytest.raises(InputError) as error:
        model.load_state_dict(given)
    for name in model.state_dict():
        old = renamed.get(name, f"rnn.{name}")
        assert f"{old!r} to {name!r}" in str(error.value)
        given[name] = given.pop(old) * 0
    assert (model.parameters == before).all()
    model.load_state_dict(given)
    assert not model.parameters.any()


def test_a_mapping_is_needed():
    with pytest.raises(InputError, match="state_dict is a list; expected a mapping"):
        network("gru").load_state_dict([1, 2])
