"""Attention of an encoder-decoder: against a slow reference and differences; training, copies, checkpoints."""

import copy
import io
import pickle

import numpy as np
import pytest
from agreement import in_norm, of_largest
from encoder_decoder_cases import central_differences
from uncompiled import one_uncompiled

from rnn_core import (
    ConfigError,
    EncoderDecoder,
    EncoderDecoderConfig,
    EncoderDecoderTrainer,
    InputError,
    TrainConfig,
)
from rnn_core.cells import CELLS
from rnn_core.checkpoint import dump, read_checkpoint
from rnn_core.tasks.pairs import DatesTask, ReverseTask

D, H, K, T, S, B = 5, 4, 6, 4, 3, 3


def network(cell, dtype="float64", scale=2.5):
    """One with weights large enough that its attention is not even."""
    made = EncoderDecoder(EncoderDecoderConfig(cell, D, H, K, dtype=dtype, attention=True, seed=1))
    made.load_state_dict({name: scale * value for name, value in made.state_dict().items()})
    return made


def batch(seed=0):
    """x, targets and mask; two of the inputs are shorter."""
    rng = np.random.default_rng(seed)
    x = rng.integers(1, D, (T, B))
    x[0, 1], x[:2, 2] = 0, 0
    return x, rng.integers(0, K, (S, B)), np.array([[1, 1, 1], [1, 0.5, 1], [1, 0, 1]])


def small(cell="gru", forcing=1.0, dtype="float32", **settings):
    task = ReverseTask(longest=4, kinds=3, batch_size=8)
    config = EncoderDecoderConfig(cell, task.input_size, 16, task.output_size, dtype=dtype, attention=True)
    made = EncoderDecoder(config)
    return EncoderDecoderTrainer(made, task, TrainConfig(**{"clip_norm": 1.0} | settings), forcing)


# a slow reference, from the equations: one sequence, one number at a time


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def normal(a):
    return (a - a.mean()) / np.sqrt(a.var() + 1e-5)


def stepped(cell, weights, products, state):
    """(h, c) after one step, from W_ih x (+ C c) and the state before it."""
    h, c = state
    if cell == "lstm_layer_norm":
        sums = weights["gain_ih_l0"] * normal(products) + weights["bias_ih_l0"] + weights["bias_hh_l0"]
        i, f, g, o = np.split(sums + weights["gain_hh_l0"] * normal(weights["weight_hh_l0"] @ h), 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(weights["gain_ch_l0"] * normal(c) + weights["bias_ch_l0"]), c
    gates = products + weights["bias_ih_l0"]
    from_h = weights["weight_hh_l0"] @ h + weights["bias_hh_l0"]
    if cell == "gru":
        (xr, xz, xn), (hr, hz, hn) = np.split(gates, 3), np.split(from_h, 3)
        z, n = sigmoid(xz + hz), np.tanh(xn + sigmoid(xr + hr) * hn)
        return (1 - z) * n + z * h, c
    if cell == "gru_reset_before":
        r, z = sigmoid(gates[: 2 * H] + from_h[: 2 * H]).reshape(2, H)
        after = weights["weight_hh_l0"][2 * H :] @ (r * h) + weights["bias_hh_l0"][2 * H :]
        return (1 - z) * np.tanh(gates[2 * H :] + after) + z * h, c
    if cell == "lstm":
        i, f, g, o = np.split(gates + from_h, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    if cell == "lstm_peephole":
        (i, f, g, o), (p_i, p_f, p_o) = np.split(gates + from_h, 4), np.split(weights["weight_ch_l0"], 3)
        c = sigmoid(f + p_f * c) * c + sigmoid(i + p_i * c) * np.tanh(g)
        return sigmoid(o + p_o * c) * np.tanh(c), c
    function = {"rnn_tanh": np.tanh, "rnn_relu": lambda a: np.maximum(a, 0), "rnn_sigmoid": sigmoid}
    return function.get(cell, lambda a: a)(gates + from_h), c


def by_hand(cell, parameters, x, reads):
    """logits (S, K) and alignment (S, T) of one sequence."""
    encoder, decoder, attend = (
        {name.removeprefix(f"{part}."): value for name, value in parameters.items() if name.startswith(part)}
        for part in ("encoder", "decoder", "attention")
    )
    state, read = (np.zeros(H), np.zeros(H)), []
    for symbol in x:
        state = stepped(cell, encoder, encoder["weight_ih_l0"][:, symbol], state)
        read.append(state[0])
    logits, alignment = [], []
    for symbol in reads:
        scores = [
            float(attend["weight_score"][0] @ np.tanh(attend["weight_query"] @ state[0] + attend["weight_key"] @ h))
            for h in read
        ]
        shares = np.array([np.exp(e) if at else 0.0 for e, at in zip(scores, x, strict=True)])
        shares /= shares.sum()
        context = sum(share * h for share, h in zip(shares, read, strict=True))
        gates = decoder["weight_ih_l0"][:, symbol] + attend["weight_context"] @ context
        state = stepped(cell, decoder, gates, state)
        logits.append(decoder["weight_ho"] @ state[0] + decoder["bias_o"])
        alignment.append(shares)
    return np.array(logits), np.array(alignment)


@pytest.mark.small
@pytest.mark.parametrize("cell", CELLS)
def test_against_a_reference_that_shares_no_code(cell):
    made, (x, targets, _mask) = network(cell), batch()
    reads = made.shifted(targets)
    passes = made.forward(x, reads)
    for b in range(B):
        logits, alignment = by_hand(cell, made.state_dict(), x[:, b], reads[:, b])
        assert of_largest(passes.decoder.logits[:, b], logits) < 1e-12
        assert of_largest(passes.alignment[:, b], alignment) < 1e-12
    assert np.ptp(passes.alignment[:, 0], axis=-1).max() > 0.05  # it is not even


STEPS = {"lstm_layer_norm": 1e-6}  # of the differences: what is normalised can be small


@pytest.mark.small
@pytest.mark.parametrize("cell", one_uncompiled(CELLS, "gru"))
def test_against_central_differences(cell):
    made, (x, targets, mask) = network(cell, scale=1.5), batch()
    passes, differences = (
        made.backward(x, targets, mask),
        central_differences(made, STEPS.get(cell, 1e-4), x, targets, mask),
    )
    assert passes.loss == pytest.approx(made.loss(x, targets, mask), abs=1e-14)
    assert set(passes.grads) == set(differences)
    for name, gradient in passes.grads.items():
        assert in_norm(gradient, differences[name]) < 1e-5, name
        assert np.abs(gradient).max() > 1e-9


# blanks


def test_the_blanks_before_an_input_are_not_attended_to():
    made, (x, targets, _mask) = network("gru"), batch()
    passes = made.forward(x, made.shifted(targets))
    assert not passes.alignment[:, x.T == 0].any()
    assert np.allclose(passes.alignment.sum(axis=-1), 1)
    nothing = made.backward(np.zeros_like(x), targets)
    assert not nothing.alignment.any() and np.isfinite(nothing.loss)


# training


@pytest.mark.small
@pytest.mark.parametrize("cell", CELLS)
def test_a_compiled_update_is_the_gradient_that_is_shown(cell):
    for forcing in (1.0, 0.0):
        trainer = small(cell, forcing, "float64", optimizer="sgd", learning_rate=1.0, clip_norm=None)
        block, made = trainer.task.block(0, 0), trainer.network
        reads = made.shifted(block.targets[0] if forcing else made.translate(block.x[0], len(block.targets[0])))
        before, passes = made.state_dict(), made.backward(block.x[0], block.targets[0], block.mask[0], reads)
        norm = np.sqrt(sum(np.square(g, dtype=np.float64).sum() for g in passes.grads.values()))
        history = trainer.step(1)
        assert history.loss[0] == pytest.approx(passes.loss, rel=1e-12)
        assert history.grad_norm[0] == pytest.approx(norm, rel=1e-12)
        for name, gradient in passes.grads.items():
            assert of_largest(before[name] - made.state_dict()[name], gradient) < 1e-5, name


@pytest.mark.small
@pytest.mark.parametrize("cell", one_uncompiled(CELLS, "rnn_tanh"))
def test_translation_reads_its_own_symbols(cell):
    trainer = small(cell, learning_rate=0.01)
    trainer.step(30)
    pairs, made = trainer.task.held_out(), trainer.network
    ids = made.translate(pairs.x, len(pairs.targets))
    again = made.forward(pairs.x, made.shifted(ids)).decoder.logits.argmax(axis=-1)
    assert np.array_equal(ids, again)
    assert np.array_equal(made.translate(pairs.x[:, 5:6], len(ids))[:, 0], ids[:, 5])


def test_updates_do_not_depend_on_their_grouping():
    one, many = small(learning_rate=0.01, forcing=0.5), small(learning_rate=0.01, forcing=0.5)
    losses = np.concatenate([one.step(1).loss for _ in range(40)])
    assert np.array_equal(losses, many.step(40).loss)
    assert np.array_equal(one.network.parameters, many.network.parameters)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_with_attention_dates_are_learned_where_one_state_does_not_suffice(seed):
    """600 updates of a GRU with 48 units: all the held-out dates with it; without, hardly any yet."""
    task, found = DatesTask(), {}
    for attention in (True, False):
        config = EncoderDecoderConfig("gru", task.input_size, 48, task.output_size, seed=seed, attention=attention)
        trainer = EncoderDecoderTrainer(EncoderDecoder(config), task, TrainConfig(learning_rate=0.003, clip_norm=1.0))
        trainer.step(600)
        found[attention] = trainer.exact()
    assert found[True] >= 0.95 and found[False] <= 0.2


# copies and checkpoints


@pytest.mark.parametrize("way", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies_train_to_the_same_bits(way):
    trainer = small(learning_rate=0.01)
    trainer.step(5)
    other = way(trainer)
    assert np.array_equal(trainer.step(20).loss, other.step(20).loss)
    assert np.array_equal(trainer.network.parameters, other.network.parameters)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_goes_on_bit_for_bit(cell):
    trainer = small(cell, 0.7, learning_rate=0.01)
    trainer.step(7)
    resumed = read_checkpoint(io.BytesIO(dump(trainer)))
    assert resumed.network.config.attention is True
    assert np.array_equal(trainer.step(40).loss, resumed.step(40).loss)
    assert np.array_equal(trainer.network.parameters, resumed.network.parameters)


def test_another_type_of_numbers_has_the_same_weights():
    made = network("lstm", "float32")
    other = made.astype("float64")
    assert all(np.array_equal(value, other.state_dict()[name]) for name, value in made.state_dict().items())
    x, targets, mask = batch()
    assert made.loss(x, targets, mask) == pytest.approx(other.loss(x, targets, mask), rel=1e-6)


# the door


def test_what_cannot_be_is_refused():
    with pytest.raises(ConfigError, match="num_layers=1"):
        EncoderDecoderConfig("gru", D, H, K, num_layers=2, attention=True)
    with pytest.raises(ConfigError, match="True or False"):
        EncoderDecoderConfig("gru", D, H, K, attention="additive")
    made, (x, targets, _mask) = network("gru"), batch()
    with pytest.raises(InputError, match="integer ids"):
        made.forward(np.eye(D)[x], made.shifted(targets))
    with pytest.raises(InputError, match="integer ids"):
        made.translate(np.eye(D)[x], 3)
    with pytest.raises(InputError, match="for each sequence"):
        made.backward(x, targets[:, :2])
    plain = EncoderDecoder(EncoderDecoderConfig("gru", D, H, K))
    with pytest.raises(InputError, match="attention"):
        made.load_state_dict(plain.state_dict())
    assert plain.forward(x, plain.shifted(targets)).alignment is None
