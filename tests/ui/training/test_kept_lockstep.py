"""Networks in lockstep as a file: they go on from there, bit for bit, with everything that was measured."""

import gzip
import json
import struct

import numpy as np
import pytest

from rnn_core import CheckpointError
from ui.arena.contest import ArenaRun
from ui.arena.records import Contender, Match
from ui.shapes.records import Network, ShapeSetup
from ui.shapes.training import ShapesRun
from ui.training.kept_file import compressed
from ui.training.kept_lockstep import content, take_up
from ui.training.snapshot import SampleChoice, Training

CONTENDERS = (Contender("rnn_tanh", 5, learning_rate=0.003), Contender("gru", 4), Contender("lstm", 3))
MATCH = Match("recall", (("batch_size", 4), ("delay", 6), ("symbols", 3)), CONTENDERS, seed=2)
PAIR = ShapeSetup("encoder_decoder", "reverse", (Network("gru", 6, attention=True), Network("gru", 6)), seed=1)
LABELS = ShapeSetup("bidirectional", "agreement", (Network("lstm", 4, 1, True), Network("lstm", 4)), seed=1)
SPOKEN = ShapeSetup("speech", "speech", (Network("lstm", 4, 1, True),), (("speakers", 4), ("utterances", 32)), seed=1)
DESCRIBED = ShapeSetup("captions", "captions", (Network("lstm", 4),), (("batch_size", 4),), seed=1)
MADE = {
    "arena": lambda: ArenaRun(1, MATCH, Training(), SampleChoice()),
    "attention": lambda: ShapesRun(1, PAIR, Training(), SampleChoice()),
    "both ways": lambda: ShapesRun(1, LABELS, Training(), SampleChoice()),
    "spoken": lambda: ShapesRun(1, SPOKEN, Training(), SampleChoice("held_out")),
    "described": lambda: ShapesRun(1, DESCRIBED, Training(), SampleChoice("held_out")),
}


def trained(run, updates):
    end = run.update + updates
    while run.update < end:
        run.train(1)
    return run


def file_of(run, playing=True):
    return compressed(content(run, playing))


def parameters(entry):
    network = getattr(entry.trainer, "network", None) or entry.trainer.model
    return network.parameters


def same(run, other):
    """Whether all networks are at the same update with the same bits and measurements, but for the clock."""
    ours = [entry.progress() | {"clock": None} for entry in run.entries]
    theirs = [entry.progress() | {"clock": None} for entry in other.entries]
    return (
        run.update == other.update
        and all(map(np.array_equal, map(parameters, run.entries), map(parameters, other.entries)))
        and repr(ours) == repr(theirs)
    )


@pytest.mark.parametrize("name", MADE)
def test_networks_that_come_back_go_on_as_if_nothing_had_been(name):
    run, back = trained(MADE[name](), 30), MADE[name]()
    clocks = [entry.progress()["clock"] for entry in run.entries]
    assert take_up(back, file_of(run)).playing and same(run, back)
    assert [entry.progress()["clock"] for entry in back.entries] == clocks
    for one in (run, back):
        trained(one, 75)
    assert same(run, back)
    old, new = run.view(complete=True), back.view(complete=True)
    assert repr(getattr(old, "finding", None)) == repr(getattr(new, "finding", None))
    assert not take_up(MADE[name](), file_of(run, playing=False)).playing


def test_how_far_back_the_gradient_reached_and_when_it_was_solved_come_back():
    run, back = trained(MADE["arena"](), 30), MADE["arena"]()
    run.entries[1]._solved_at = 25
    take_up(back, file_of(run))
    for one, other in zip(run.view().competitors, back.view().competitors, strict=True):
        assert np.array_equal(one.before, other.before) and np.array_equal(one.now, other.now)
        assert one.solved_at == other.solved_at


def test_a_network_that_has_diverged_stays_so_beside_the_others():
    far = tuple((name, 40 if name == "delay" else value) for name, value in MATCH.task_options)
    match = Match("recall", far, (CONTENDERS[1], Contender("rnn_relu", 5, learning_rate=1000)))
    run, back = (ArenaRun(1, match, Training(), SampleChoice()) for _ in range(2))
    trained(run, 60)
    take_up(back, file_of(run))
    for one in (run, back):
        trained(one, 40)
    assert [entry.trainer.diverged for entry in back.entries] == [False, True] and same(run, back)


def test_settings_that_were_changed_since_hold_from_there_on():
    run, other = trained(MADE["attention"](), 20), Training("adam", 0.5)
    back = ShapesRun(1, PAIR, other, SampleChoice())
    take_up(back, file_of(run))
    run.configure(other)
    for one in (run, back):
        trained(one, 10)
    assert same(run, back)


def facts_of(file):
    body = gzip.decompress(file)
    (length,) = struct.unpack_from("<Q", body)
    return json.loads(body[8 : 8 + length]), body[8 + length :]


def forged(file, change):
    facts, checkpoints = facts_of(file)
    change(facts)
    head = json.dumps(facts).encode()
    return gzip.compress(struct.pack("<Q", len(head)) + head + checkpoints)


FORGERIES = {
    "one network less": lambda facts: (facts["networks"].pop(), facts["sizes"].pop()),
    "cut elsewhere": lambda facts: facts["sizes"].reverse(),
    "another length": lambda facts: facts["sizes"].__setitem__(0, facts["sizes"][0] - 1),
    "of no bytes": lambda facts: facts["sizes"].__setitem__(0, 0),
    "ahead of the others": lambda facts: facts.update(update=3),
    "no update": lambda facts: facts.update(update=None),
    "another setup": lambda facts: facts.update(setup="00000000"),
    "another format": lambda facts: facts.update(format="rnn-lab run 2"),
    "no seconds": lambda facts: facts["networks"][0].update(seconds=float("nan")),
    "measured later": lambda facts: facts["networks"][0]["held_out"]["points"].append([31, 1.0]),
    "solved later": lambda facts: facts["networks"][0].update(solved_at=31),
    "another way back": lambda facts: facts["networks"][0].update(now=facts["networks"][0]["now"][:10]),
    "a name missing": lambda facts: facts["networks"][0].pop("clock"),
    "no list": lambda facts: facts.update(networks=7),
}


@pytest.fixture(scope="module")
def file():
    return file_of(trained(MADE["arena"](), 30))


@pytest.mark.parametrize("name", FORGERIES)
def test_a_file_that_is_not_whole_is_refused(file, name):
    with pytest.raises(CheckpointError):
        take_up(MADE["arena"](), forged(file, FORGERIES[name]))


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b" + bytes(30), gzip.compress(bytes(5), mtime=0)])
def test_what_is_no_file_is_refused(data):
    with pytest.raises(CheckpointError):
        take_up(MADE["arena"](), data)


def test_networks_of_another_seed_are_refused_though_the_file_says_otherwise(file):
    match = Match("recall", MATCH.task_options, (*CONTENDERS[:2], Contender("lstm", 4)), seed=2)
    run = ArenaRun(1, match, Training(), SampleChoice())
    with pytest.raises(CheckpointError, match="not the one that this page has"):
        take_up(run, forged(file, lambda facts: facts.update(setup=facts_of(file_of(run))[0]["setup"])))
