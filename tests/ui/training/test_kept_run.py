"""A run as a file: it goes on from there, bit for bit, with everything that was measured."""

import gzip
import json
import struct

import numpy as np
import pytest
from sessions import setup

from rnn_core import CheckpointError
from rnn_core.cells import CELLS
from rnn_core.optimizers import OPTIMIZERS
from ui.i18n import language
from ui.lab.doctor.outcome import outcome
from ui.lab.doctor.sentences import told_afterwards
from ui.training.history import Sample
from ui.training.kept_file import compressed, unpacked_size
from ui.training.kept_run import LONGEST_SAMPLE, content, tidy_name, unpack
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, Setup, Training, Trial
from ui.training.weights import NewWeights


def trained(updates, made=None, training=None):
    run = Run(1, made or setup(), training or Training(), SampleChoice())
    train(run, updates)
    return run


def train(run, updates):
    end = run.update + updates
    while run.update < end:
        run.train(1)


def again(run, playing=True):
    return unpack(compressed(content(run, playing)), 7, SampleChoice())


def same(run, other):
    """Whether two runs are at the same update with the same bits."""
    one, two = run.trainer, other.trainer
    states = zip(one.state, two.state, strict=True)
    return (
        run.update == other.update
        and np.array_equal(one.model.parameters, two.model.parameters)
        and np.array_equal(one.slots, two.slots)
        and one.optimizer_updates == two.optimizer_updates
        and all(a is b is None or np.array_equal(a, b) for a, b in states)
    )


ENGLISH = language("en").gettext
WAYS = {f"{cell}": ({"cell": cell}, {}) for cell in CELLS} | {name: ({}, {"optimizer": name}) for name in OPTIMIZERS}
WAYS |= {
    "stateful": ({"cell": "lstm"}, {"stateful": True}),
    "dropout": ({"num_layers": 2}, {"dropout": 0.4}),
    "penalty": ({}, {"vanishing_penalty": 0.5}),
    "own guesses": ({}, {"scheduled_sampling": 3}),
    "truncated": ({}, {"truncate": 3, "truncation": "chunked"}),
    "two layers, both ways": ({"num_layers": 2, "bidirectional": True, "cell": "gru"}, {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_updates_after_coming_back_equal_those_without(way):
    network, training = WAYS[way]
    run = trained(9, setup(**network), Training(**training))
    back = again(run).run
    assert same(run, back)
    train(run, 7)
    train(back, 7)
    assert same(run, back)


def test_what_was_measured_and_written_comes_back():
    run = trained(30)
    run.view(complete=True)
    run.name = "日记 <b>"
    kept = again(run, playing=False)
    old, new = run.view(), kept.run.view()
    assert all(np.array_equal(a, b) for a, b in zip(old.curve, new.curve, strict=True))
    assert old.held_out == new.held_out and old.samples == new.samples
    assert (kept.playing, kept.run.name, kept.run.identity) == (False, run.name, run.identity)
    assert dict(new.setup.task_options).items() >= dict(old.setup.task_options).items()


def test_a_large_file_is_not_made_smaller(monkeypatch):
    run = trained(6)
    body = content(run, True)
    assert len(compressed(body)) < len(body)
    monkeypatch.setattr("ui.training.kept_file.LARGE", len(body))
    assert len(body) < len(compressed(body)) < 1.01 * len(body) and same(again(run).run, run)


def test_a_run_that_wrote_very_long_words_comes_back():
    run = trained(30)
    for update in range(12):
        run.memories[2].add(Sample(update, "\U0001f409" * 20_000))  # twelve bytes each in the JSON
    assert [len(sample.text) for sample in again(run).run.memories[2].all()] == [LONGEST_SAMPLE] * 12


def test_every_update_of_a_run_that_came_back_can_be_looked_at():
    run = trained(12)
    run.configure(Training(learning_rate=0.1))
    train(run, 5)
    back = again(run).run
    train(back, 4)
    for update in (0, 5, 14, 17, 19):
        past = back.rewind(update)(lambda share: True)
        assert past.update == update
        twin = Run(1, setup(), Training(), SampleChoice())
        train(twin, min(update, 12))
        twin.configure(Training(learning_rate=0.1) if update > 12 else Training())
        train(twin, update - twin.update)
        assert np.array_equal(past.trainer.model.parameters, twin.trainer.model.parameters)
    assert [change.update for change in back.model_history.changes] == [12]


def test_a_fork_keeps_the_curve_before():
    run = trained(20)
    fork = run.rewind(10)(lambda share: True).fork(2, run)
    train(fork, 3)
    back = again(fork).run
    assert back.parent[:2] == fork.parent[:2] and back.parent.held_out == fork.parent.held_out
    assert all(np.array_equal(a, b) for a, b in zip(back.parent.curve, fork.parent.curve, strict=True))
    assert back.identity == fork.identity != run.identity


@pytest.mark.parametrize("network", [{}, {"cell": "lstm", "hidden_size": 5, "forget_bias": 3.0}], ids=str)
def test_a_trial_is_judged_after_the_run_came_back_as_without_it(network):
    without, run = trained(400), trained(400, setup(**network), Training(learning_rate=0.03))
    without.view(complete=True)
    run.parent, run.trial = without.as_parent(0), Trial("slow", setup(), Training(), 0, 400)
    seen, back = run.view(complete=True), again(run).run.view()
    assert back.trial[:1] + back.trial[2:] == seen.trial[:1] + seen.trial[2:]
    assert back.trial.setup.model_options == seen.trial.setup.model_options
    found = outcome(seen)
    assert found.over and outcome(back) == found
    assert told_afterwards(found, back, ENGLISH) == told_afterwards(found, seen, ENGLISH)


def test_a_file_of_a_version_that_knew_no_trials_is_read():
    facts, checkpoint = opened(compressed(content(trained(6), True)))
    del facts["trial"]
    assert unpack(closed(facts, checkpoint), 1, SampleChoice()).run.update == 6


def opened(data):
    body = gzip.decompress(data)
    (length,) = struct.unpack_from("<Q", body)
    return json.loads(body[8 : 8 + length]), body[8 + length :]


def closed(facts, checkpoint):
    head = json.dumps(facts).encode()
    return gzip.compress(struct.pack("<Q", len(head)) + head + checkpoint)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "rnn-lab run 1"},
        {"identity": 5},
        {"name": "x" * 100},
        {"ordinal": -1},
        {"first": 99},
        {"record": None},
        {"record": {"width": 0, "start": 0, "updates": 6, "buckets": ""}},
        {"held_out": {"spacing": 1, "points": [[1, float("nan")]]}},
        {"held_out": {"spacing": 1, "points": [[1, 2.0]] * 999}},
        {"samples": [[1, 5]]},
        {"samples": {"0": 1}},
        {"changes": [[1, {}, {}, False, False]]},
        {"changes": [[]] * 501},
        {"parent": [1, 2, 3]},
        {"parent": [1, 2, 3, "~~~", []]},
        {"trial": ["slow", {"cell": "unknown"}, {}, 0, 9]},
        {"trial": ["slow", {"task": "unknown"}, {}, 0, 9]},
        {"trial": ["slow", {}, {"learning_rate": -1.0}, 0, 9]},
        {"trial": ["slow", {}, {}, 7, 9]},
        {"trial": ["slow", {}, {}, 5, 4]},
        {"more": 1},
    ],
    ids=str,
)
def test_a_file_that_does_not_hold_together_is_refused(change):
    facts, checkpoint = opened(compressed(content(trained(6), True)))
    with pytest.raises(CheckpointError):
        unpack(closed(facts | change, checkpoint), 1, SampleChoice())


@pytest.mark.parametrize("weights", [["unknown", "zero"], ["input", "x"], ["input"], [["input"], "zero"], 5], ids=str)
def test_weights_that_were_set_to_nothing_known_are_refused(weights):
    run = trained(3)
    run.set_weights(NewWeights("input", "zero"))
    facts, checkpoint = opened(compressed(content(run, True)))
    assert facts["changes"][0][5] == ["input", "zero"]
    facts["changes"][0][5] = weights
    with pytest.raises(CheckpointError):
        unpack(closed(facts, checkpoint), 1, SampleChoice())


def test_damaged_files_are_refused():
    data = compressed(content(trained(6), True))
    facts, checkpoint = opened(data)
    pickle = b"\x80\x04cos\nsystem\n(S'true'\ntR."
    for wrong in (b"", b"x", data[:-9], data + b"x", pickle, gzip.compress(pickle), closed(facts, checkpoint[:-1])):
        with pytest.raises(CheckpointError):
            unpack(wrong, 1, SampleChoice())
    for place in range(0, len(data), 997):
        with pytest.raises(CheckpointError):
            unpack(data[:place] + bytes([data[place] ^ 64]) + data[place + 1 :], 1, SampleChoice())


def test_a_file_that_grows_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("ui.training.kept_file.MOST_BYTES", 10**6)
    with pytest.raises(CheckpointError, match="no end"):
        unpack(gzip.compress(bytes(10**7)), 1, SampleChoice())


def test_a_file_that_holds_more_than_it_says_is_refused():
    data = compressed(content(trained(6), True))
    size = len(gzip.decompress(data))
    assert unpacked_size(data) == size
    for said in (0, size - 1, size + 1):
        with pytest.raises(CheckpointError):
            unpack(data[:-4] + struct.pack("<I", said), 1, SampleChoice())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\u202eb", "ab"),
        (" two\n\n lines ", "two lines"),
        ("\u200b\u2066", ""),
        ("全角\u3000空格", "全角 空格"),
        ("y" * 99, "y" * 60),
        ("a \U0001f469\u200d\U0001f4bb\u200d ", "a \U0001f469\u200d\U0001f4bb"),
    ],
)
def test_a_name_holds_what_can_be_seen(given, shown):
    assert tidy_name(given) == shown


def test_a_run_of_numbers_comes_back_too():
    made = Setup("adding", (("batch_size", 4), ("sequence_length", 6)), hidden_size=5)
    run = trained(5, made)
    back = again(run).run
    assert dict(made.task_options).items() <= dict(back.setup.task_options).items()
    assert same(run, back)
