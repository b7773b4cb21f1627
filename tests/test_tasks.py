"""Every task: its data against naive loops, its reference lines against enumeration, its errors."""

import dataclasses
import json
import math
import time
from collections import Counter, defaultdict
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnn_core.errors import ConfigError, InputError
from rnn_core.tasks import (
    TASKS,
    TEXTS,
    AddingTask,
    FixedBatches,
    GrammarTask,
    ReberTask,
    RecallTask,
    SineTask,
    TextTask,
)
from rnn_core.tasks.grammar import CLASSES, TEMPLATES
from rnn_core.tasks.reber import draw_string

SMALL = {
    "text": {"text": "the rain, the river, the sea. " * 8, "sequence_length": 6, "batch_size": 3},
    "grammar": {"sequence_length": 7, "batch_size": 3, "sentences": 1000},
    "recall": {"delay": 5, "batch_size": 3},
    "adding": {"sequence_length": 9, "batch_size": 3},
    "reber": {"batch_size": 3},
    "sine": {"sequence_length": 8, "batch_size": 3},
}
STREAMS = [name for name, kind in TASKS.items() if kind.supports_stateful]
SEEDED = [name for name, kind in TASKS.items() if "seed" in {f.name for f in dataclasses.fields(kind)}]


def make(name, **changes):
    return TASKS[name](**{**SMALL[name], **changes})


def same(a, b):
    return all((p is None and q is None) or np.array_equal(p, q) for p, q in zip(a, b, strict=True))


def check_arrays(task, arrays, lead):
    """Shapes and types of a block (lead = (n,)) or of a batch (lead = ())."""
    steps, batch = arrays.x.shape[len(lead) : len(lead) + 2]
    outputs = steps if task.output == "every" else 1
    assert steps == task.sequence_length
    if task.vocabulary is None:
        assert arrays.x.shape == (*lead, steps, batch, task.input_size)
        assert arrays.x.dtype == np.float32
        assert np.isfinite(arrays.x).all()
    else:
        assert arrays.x.shape == (*lead, steps, batch)
        assert arrays.x.dtype == np.int32
        assert 0 <= arrays.x.min() <= arrays.x.max() < task.input_size == len(task.vocabulary)
    if task.loss == "mse":
        assert arrays.targets.shape == (*lead, outputs, batch, task.output_size)
        assert arrays.targets.dtype == np.float32
    else:
        assert arrays.targets.shape == (*lead, outputs, batch)
        assert arrays.targets.dtype == np.int32
        assert 0 <= arrays.targets.min() <= arrays.targets.max() < task.output_size
    if arrays.mask is not None:
        assert arrays.mask.shape == (*lead, outputs, batch)
        assert arrays.mask.dtype == np.float32
        assert (arrays.mask >= 0).all() and (arrays.mask.sum(axis=(-2, -1)) > 0).all()
    assert all(a.flags.c_contiguous for a in arrays if a is not None)
    return batch


# every task


@pytest.mark.parametrize("name", TASKS)
def test_arrays_have_the_promised_shapes_and_types(name):
    task = make(name)
    assert task.name == name
    n = task.block_size
    assert n == max(1, 32768 // (task.sequence_length * task.batch_size))
    block = task.block(index=1, seed=5)
    assert check_arrays(task, block, (n,)) == task.batch_size
    assert block.reset.dtype == bool and block.reset.shape == (n,) and block.reset.all()
    assert 1 <= check_arrays(task, task.held_out(), ()) <= 64
    for split in ("train", "held_out"):
        assert check_arrays(task, task.example(3, split), ()) == 1


@pytest.mark.parametrize("name", TASKS)
def test_can_be_made_without_arguments_and_from_json(name):
    task = TASKS[name]()
    again = TASKS[name](**json.loads(json.dumps(dataclasses.asdict(task), allow_nan=False)))
    assert again == task and hash(again) == hash(task)
    assert same(again.block(0, 0), task.block(0, 0)) and same(again.held_out(), task.held_out())
    with pytest.raises(dataclasses.FrozenInstanceError):
        task.batch_size = 2
    names = {f.name for f in dataclasses.fields(task)}
    assert set(task.difficulty) <= names
    assert task.chance > 0 and (task.best is None or 0 <= task.best < task.chance)


@pytest.mark.parametrize("name", TASKS)
def test_block_is_a_pure_function(name):
    task = make(name)
    state = np.random.get_state()[1].copy()
    first = task.block(2, seed=7)
    task.block(3, seed=7), task.block(2, seed=8), task.held_out(), task.example(1)
    assert same(task.block(2, seed=7), first)
    assert same(make(name).block(np.int64(2), seed=7), first)
    assert not same(task.block(3, seed=7), first)
    assert not same(task.block(2, seed=8), first)
    assert np.array_equal(np.random.get_state()[1], state)


@pytest.mark.parametrize("name", SEEDED)
def test_the_data_sets_seed_matters(name):
    assert not same(make(name, seed=1).block(0, 0), make(name, seed=2).block(0, 0))
    assert not same(make(name, seed=1).held_out(), make(name, seed=2).held_out())


@pytest.mark.parametrize("name", TASKS)
def test_held_out_is_built_once_and_examples_come_from_their_split(name):
    task = make(name)
    held_out, block = task.held_out(), task.block(0, seed=0)
    assert task.held_out() is held_out
    sequences = held_out.x.shape[1]
    for index in (0, 1, sequences - 1, sequences):
        shown = task.example(index, "held_out")
        assert np.array_equal(shown.x[:, 0], held_out.x[:, index % sequences])
        assert np.array_equal(shown.targets[:, 0], held_out.targets[:, index % sequences])
    for index, (row, column) in {0: (0, 0), 2: (0, 2), 3: (1, 0), 10: (3, 1)}.items():
        shown = task.example(index)
        assert np.array_equal(shown.x[:, 0], block.x[row, :, column])
        assert np.array_equal(shown.targets[:, 0], block.targets[row, :, column])
    n = task.block_size * task.batch_size
    assert np.array_equal(task.example(n).x[:, 0], task.block(1, seed=0).x[0, :, 0])


@pytest.mark.parametrize("name", ["recall", "adding", "reber", "sine"])
def test_no_held_out_sequence_is_trained_on(name):
    task = make(name, delay=20) if name == "recall" else make(name)
    trained = set()
    for index in range(3):
        x = task.block(index, seed=index).x
        trained |= {x[u, :, b].tobytes() for u in range(x.shape[0]) for b in range(x.shape[2])}
    x = task.held_out().x
    assert not trained & {x[:, b].tobytes() for b in range(x.shape[1])}


@pytest.mark.parametrize("name", ["grammar", "recall", "adding", "sine"])
def test_held_out_data_has_a_generator_of_its_own(name, monkeypatch):
    seeds, task, default_rng = [], make(name), np.random.default_rng
    monkeypatch.setattr(np.random, "default_rng", lambda seed: seeds.append(tuple(seed)) or default_rng(seed))
    task.held_out()
    held_out = set(seeds)
    seeds.clear()
    task.block(0, seed=0), task.block(1, seed=0), task.block(0, seed=1)
    assert held_out and not held_out & set(seeds) and len(set(seeds)) == len(seeds)


@pytest.mark.parametrize("name", TASKS)
def test_long_sequences_are_fewer_in_the_held_out_batch(name):
    if name in ("text", "grammar"):
        changes = {"text": {"text": "abc " * 80_000}, "grammar": {"sentences": 100_000}}[name]
        assert make(name, sequence_length=2000, **changes).held_out().x.shape == (2000, 8)
    elif name != "reber":
        field = "delay" if name == "recall" else "sequence_length"
        assert make(name, **{field: 1000}).held_out().x.shape[1] == 16
    assert make(name).held_out().x.shape[1] == {"text": 3, "grammar": 53}.get(name, 64)


# arguments and parameters


@pytest.mark.parametrize("name", TASKS)
def test_numbers_out_of_range_are_refused_with_field_value_and_range(name):
    for field in dataclasses.fields(TASKS[name]):
        if "low" not in field.metadata:
            continue
        low, high = field.metadata["low"], field.metadata["high"]
        for wrong in (low - 1, high + 1, math.nan, math.inf, -math.inf, None, "3", True, [4], 10**30):
            with pytest.raises(ConfigError) as error:
                make(name, **{field.name: wrong})
            message = str(error.value)
            assert message.startswith(field.name) and str(low) in message and str(high) in message
            assert len(message) < 300
        if type(field.default) is int:
            with pytest.raises(ConfigError, match="whole number"):
                make(name, **{field.name: 2.5})
            assert type(getattr(make(name, **{field.name: np.int32(field.default)}), field.name)) is int
        else:
            assert type(getattr(make(name, **{field.name: np.float32(field.default)}), field.name)) is float


@pytest.mark.parametrize("name", TASKS)
def test_bounds_themselves_work(name):
    for field in dataclasses.fields(TASKS[name]):
        for end in ("low", "high"):
            if end in field.metadata and (name, field.name, end) != ("text", "sequence_length", "high"):
                task = make(name, **{field.name: field.metadata[end]})
                check_arrays(task, task.block(0, 0), (task.block_size,))
                check_arrays(task, task.held_out(), ())
    with pytest.raises(ConfigError, match=r"text has 240 characters.*4002.*at most 119"):
        make("text", sequence_length=2000)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("wrong", [-1, 1.5, None, 2**32, True, "0"])
def test_wrong_arguments_of_calls(name, wrong):
    task = make(name)
    with pytest.raises(InputError, match="index"):
        task.block(wrong, seed=0)
    with pytest.raises(InputError, match="seed"):
        task.block(0, seed=wrong)
    with pytest.raises(InputError, match="index"):
        task.example(wrong)
    with pytest.raises(InputError, match="split"):
        task.example(0, split=wrong)
    if name not in STREAMS:
        with pytest.raises(ConfigError, match="stateful"):
            task.block(0, seed=0, stateful=True)


# streams: text and grammar


@pytest.mark.parametrize("name", STREAMS)
def test_windows_are_pieces_of_the_right_part(name):
    task = make(name)
    train, held_out = task.training_ids.tolist(), task.held_out_ids.tolist()
    block, steps = task.block(0, seed=3), task.sequence_length
    pieces = {tuple(train[i : i + steps + 1]) for i in range(len(train) - steps)}
    starts = set()
    for u, b in product(range(0, task.block_size, 37), range(task.batch_size)):
        x, targets = block.x[u, :, b].tolist(), block.targets[u, :, b].tolist()
        assert targets[:-1] == x[1:]
        assert (*x, targets[-1]) in pieces
        starts.add(tuple(x))
    assert len(starts) > 10
    batch = task.held_out()
    pieces = {tuple(held_out[i : i + steps + 1]) for i in range(len(held_out) - steps)}
    for b in range(batch.x.shape[1]):
        assert (*batch.x[:, b].tolist(), batch.targets[-1, b]) in pieces
        assert np.array_equal(batch.targets[:-1, b], batch.x[1:, b])


def test_random_windows_reach_both_ends_of_the_training_part():
    text = "".join(chr(0x4E00 + i) for i in range(60))
    task = TextTask(text=text, sequence_length=4, batch_size=8, held_out_fraction=0.2)
    assert task.training_ids.tolist() == list(range(48)) and task.held_out_ids.tolist() == list(range(48, 60))
    block = task.block(0, seed=0)
    assert (block.x.min(), block.x.max(), block.targets.min(), block.targets.max()) == (0, 46, 1, 47)
    assert task.held_out().x.T.tolist() == [[48, 49, 50, 51], [55, 56, 57, 58]]


@pytest.mark.parametrize("name", STREAMS)
def test_stateful_lanes_continue_one_another(name):
    task = make(name, sequence_length=4)
    train, steps, lanes = task.training_ids, task.sequence_length, task.batch_size
    lane = (len(train) - 1) // lanes
    chunks = lane // steps
    blocks = [task.block(i, seed=0, stateful=True) for i in range(2)]
    assert same(blocks[0], task.block(0, seed=9, stateful=True))
    x, targets, reset = (np.concatenate([getattr(b, k) for b in blocks]) for k in ("x", "targets", "reset"))
    for update in range(min(len(x), 3 * chunks)):
        walk, chunk = divmod(update, chunks)
        assert reset[update] == (chunk == 0)
        for b in range(lanes):
            start = b * lane + walk % (lane - chunks * steps + 1) + chunk * steps
            assert x[update, :, b].tolist() == train[start : start + steps].tolist()
            assert targets[update, :, b].tolist() == train[start + 1 : start + steps + 1].tolist()
            if chunk:
                assert x[update, 0, b] == targets[update - 1, -1, b]


def test_stateful_walks_read_every_symbol_in_the_end():
    text = "".join(chr(0x4E00 + i) for i in range(60))
    task = TextTask(text=text, sequence_length=6, batch_size=2, held_out_fraction=0.2)
    block = task.block(0, seed=0, stateful=True)
    assert set(block.targets.ravel().tolist()) == set(range(1, 47))  # 2 lanes of 23; the 48th has no lane
    assert block.reset[:7].tolist() == [True, False, False, True, False, False, True]


def test_too_many_lanes_are_refused():
    with pytest.raises(ConfigError, match=r"batch_size=40 .* 5 of the 216 .*at most 35"):
        make("text", batch_size=40).block(0, 0, stateful=True)
    make("text", batch_size=35).block(0, 0, stateful=True)


@pytest.mark.parametrize("name", STREAMS)
def test_encode_and_decode(name):
    task = make(name)
    text = {"text": "the sea", "grammar": "boy see girl ."}[name]
    ids = task.encode(text)
    assert ids.dtype == np.int32 and task.decode(ids) == text
    assert [task.vocabulary[i] for i in ids] == (list(text) if name == "text" else text.split())
    with pytest.raises(InputError, match="2 symbols"):
        task.encode({"text": "the QZ", "grammar": "boy saw girls ."}[name])
    with pytest.raises(InputError, match="string"):
        task.encode(3)
    for wrong in (-1, len(task.vocabulary)):
        with pytest.raises(InputError, match="ids"):
            task.decode([0, wrong])


@pytest.mark.parametrize("name", STREAMS)
def test_counting_losses_against_loops(name):
    task = make(name)
    train, size, batch = task.training_ids.tolist(), task.output_size, task.held_out()
    count = Counter(train)
    p = {b: (count[b] + 1) / (len(train) + size) for b in range(size)}
    steps = list(zip(batch.x.ravel().tolist(), batch.targets.ravel().tolist(), strict=True))
    assert task.unigram_loss() == pytest.approx(-np.mean([math.log(p[b]) for _, b in steps]), rel=1e-12)

    pairs, before = Counter(pairwise(train)), Counter(train[:-1])

    def loss(some, weight, left_out):
        nats = [-math.log((pairs[a, b] - left_out + weight * p[b]) / (before[a] - left_out + weight)) for a, b in some]
        return float(np.mean(nats))

    training = list(pairwise(train))
    weight = min([2.0**k for k in range(-4, 11)], key=lambda w: loss(training, w, left_out=1))
    assert task.bigram_loss() == pytest.approx(loss(steps, weight, left_out=0), rel=1e-12)
    assert sum((pairs[0, b] + weight * p[b]) / (before[0] + weight) for b in range(size)) == pytest.approx(1)
    assert task.bigram_loss() < task.unigram_loss() < task.chance


# text


def test_vocabulary_is_the_sorted_set_of_the_whole_text():
    text = "aab" * 20 + "z\u0301😀"
    task = TextTask(text=text, sequence_length=3)
    assert task.vocabulary == tuple(sorted(set(text)))
    ids = np.concatenate([task.training_ids, task.held_out_ids])
    assert [task.vocabulary[i] for i in ids] == list(text)
    assert len(task.held_out_ids) == 6 and task.chance == math.log(5) and task.best is None


@pytest.mark.parametrize(
    "text",
    [
        "\ud800\udfff" * 9,
        "\x00\ufeff" * 9,
        "\u202eabc\u202c\u200f" * 4,
        "\U0010ffff\x00" * 9,
        "e\u0301é" * 6,
        "a\r\n" * 6,
        "".join(chr(0x4E00 + i) for i in range(5000)),
    ],
)
def test_any_characters(text):
    task = TextTask(text=text, sequence_length=5)
    assert task.vocabulary == tuple(sorted(set(text)))
    block = task.block(0, seed=0)
    assert all(task.decode(block.x[u, :, 0]) in text for u in range(5))
    assert math.isfinite(task.bigram_loss()) and task.encode(text).shape == (len(text),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "text has 0 characters.*at least 4.*longer text"),
        ("abc", "text has 3 characters.*at least 4"),
        ("aaaaaaaaaaaa", r"one distinct character, 'a', 12 times.*at least 2"),
        ("\ud800" * 12, r"one distinct character, '\\ud800'"),
        ("ab" * 5, "text has 10 characters.*sequence_length=5.*need 12.*at most 4"),
        (b"bytes", "text is a bytes.*string"),
        (None, "text is a NoneType"),
    ],
)
def test_texts_that_cannot_be_learned(text, message):
    with pytest.raises(ConfigError, match=message):
        TextTask(text=text, sequence_length=5)


def test_shortest_text():
    task = TextTask(text="ab" * 6, sequence_length=5)
    assert (len(task.training_ids), len(task.held_out_ids)) == (6, 6)
    assert task.held_out().x.shape == (5, 1)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(alphabet=st.characters(exclude_categories=()), max_size=60),
    steps=st.integers(-1, 40),
    batch=st.integers(0, 9),
    fraction=st.floats(0, 1),
    stateful=st.booleans(),
)
@example(text="ab\ud800", steps=1, batch=1, fraction=0.1, stateful=True)
def test_any_text_works_or_says_why_not(text, steps, batch, fraction, stateful):
    try:
        task = TextTask(text=text, sequence_length=steps, batch_size=batch, held_out_fraction=fraction)
        block = task.block(1, seed=2, stateful=stateful)
    except ConfigError as error:
        assert str(error)
        return
    check_arrays(task, block, (task.block_size,))
    check_arrays(task, task.held_out(), ())
    assert len(task.training_ids) + len(task.held_out_ids) == len(text)
    assert 0 < task.bigram_loss() < math.inf


def test_a_megabyte_of_text_is_fast():
    text = "".join(map(chr, np.random.default_rng(0).integers(32, 3000, size=1_000_000)))
    start = time.perf_counter()
    task = TextTask(text=text, sequence_length=50, batch_size=32)
    task.block(0, 0), task.block(0, 0, stateful=True), task.held_out()
    assert time.perf_counter() - start < 1
    with pytest.raises(ConfigError, match="10,000,000"):
        TextTask(text="ab" * 5_000_001)


def test_built_in_texts():
    languages = [text.language for text in TEXTS.values()]
    assert languages.count("en") >= 2 and languages.count("zh_CN") >= 2
    for key, text in TEXTS.items():
        assert text.key == key and text.title and 800 <= len(text.text) <= 2000
        assert text.text.isprintable() or set(c for c in text.text if not c.isprintable()) == {"\n"}
        share = np.mean(["\u4e00" <= c <= "\u9fff" for c in text.text])
        assert share > 0.7 if text.language == "zh_CN" else share == 0
        task = TextTask(text=text.text)
        assert task.bigram_loss() < task.chance - 0.5


# grammar


def next_word_probabilities(prefix):
    """p(word | prefix of a sentence), the templates marginalised one by one."""
    weight = defaultdict(float)
    for template in TEMPLATES:
        p = 1.0
        for word, name in zip(prefix, template, strict=False):
            p *= (word in CLASSES[name]) / len(CLASSES[name])
        if len(prefix) == len(template):
            weight["."] += p
        elif len(prefix) < len(template) and p:
            for word in CLASSES[template[len(prefix)]]:
                weight[word] += p / len(CLASSES[template[len(prefix)]])
    total = sum(weight.values())
    return {word: w / total for word, w in weight.items() if w}


def test_grammar_entropy_by_marginalising_prefixes():
    nats = symbols = 0.0
    todo = [((), 1.0)]
    while todo:
        prefix, p = todo.pop()
        for word, q in next_word_probabilities(prefix).items():
            nats -= p * q * math.log(q)
            symbols += p * q
            if word != ".":
                todo.append(((*prefix, word), p * q))
    assert GrammarTask().best == pytest.approx(nats / symbols, rel=1e-12)


def test_grammar_stream_is_made_of_its_sentences_in_the_right_shares():
    task = GrammarTask(seed=4)
    assert task.output_size == 30 and len(set(task.vocabulary)) == 30 and task.chance == math.log(30)
    sentences = [tuple(s.split()) for s in task.decode(task.training_ids).split(" .") if s]
    assert len(sentences) == task.sentences
    legal = {words for t in TEMPLATES for words in product(*(CLASSES[name] for name in t))}
    assert set(sentences) == legal
    # the loss of one who knows the grammar, measured on the stream, is the best loss
    known = {prefix: next_word_probabilities(prefix) for s in legal for prefix in (s[:i] for i in range(4))}
    nats = [-math.log(known[s[:i]][w]) for s in sentences for i, w in enumerate((*s, "."))]
    assert len(nats) == len(task.training_ids)
    assert np.mean(nats) == pytest.approx(task.best, abs=0.02)


# recall


@pytest.mark.parametrize("delay", [1, 2, 7])
def test_recall_against_its_description(delay):
    task = RecallTask(delay=delay, symbols=5, distractors=3, batch_size=4)
    assert task.sequence_length == delay + 1 and task.output == "every"
    assert task.vocabulary == ("A", "B", "C", "D", "E", "a", "b", "c", "?")
    block = task.block(0, seed=1)
    for u, b in product(range(task.block_size), range(4)):
        words = [task.vocabulary[i] for i in block.x[u, :, b]]
        assert words[0] in "ABCDE" and words[-1] == "?" and set(words[1:-1]) <= set("abc")
        assert block.mask[u, :, b].tolist() == [0.0] * delay + [1.0]
        assert task.vocabulary[block.targets[u, -1, b]] == words[0]
    shares = np.bincount(block.x[:, 0].ravel(), minlength=5) / block.x[:, 0].size
    assert np.abs(shares - 1 / 5).max() < 0.05
    assert (task.chance, task.best) == (math.log(5), 0)


# adding


@pytest.mark.parametrize("steps", [2, 3, 10, 11])
def test_adding_against_its_description(steps):
    task = AddingTask(sequence_length=steps, batch_size=4)
    block = task.block(0, seed=1)
    positions = []
    for u, b in product(range(0, task.block_size, 5), range(4)):
        marked = [t for t in range(steps) if block.x[u, t, b, 1] == 1]
        assert len(marked) == 2 and marked[0] < steps // 2 <= marked[1]
        assert set(block.x[u, :, b, 1]) <= {0.0, 1.0}
        assert block.targets[u, 0, b, 0] == np.float32(sum(block.x[u, t, b, 0] for t in marked))
        positions.append(tuple(marked))
    assert len(set(positions)) == (steps // 2) * (steps - steps // 2)
    assert block.x.min() >= 0 and block.x[..., 0].max() < 1
    assert np.square(block.targets - 1.0).mean() == pytest.approx(task.chance, rel=0.1)
    assert (task.chance, task.best) == (1 / 6, 0)


# reber

EMBEDDED = {0: "B1", 1: "T2 P3", 2: "S2 X4", 3: "T3 V5", 4: "X3 S6", 5: "P4 V6", 6: "E7"}


def reber_walks(depth):
    """All Reber strings of at most `depth` symbols, with their probabilities."""
    found, todo = {}, [("", 0, 1.0)]
    while todo:
        text, state, p = todo.pop()
        arrows = EMBEDDED[state].split()
        for symbol, follower in arrows:
            if follower == "7":
                found[text + symbol] = p / len(arrows)
            elif len(text) + 1 < depth:
                todo.append((text + symbol, int(follower), p / len(arrows)))
    return found


def test_reber_reference_losses():
    task = ReberTask()
    assert task.best == pytest.approx(0.441, abs=5e-4) and task.best == pytest.approx(7 * math.log(2) / 11)
    assert task.coin_flip_loss == pytest.approx(0.504, abs=5e-4)
    assert task.coin_flip_loss == pytest.approx(8 * math.log(2) / 11)
    walks = reber_walks(depth=22)
    total = sum(walks.values())
    assert total > 0.99
    nats = sum(p * (-math.log(p) + math.log(2)) for p in walks.values())  # + ln 2 for the outer symbol
    symbols = sum(p * (len(s) + 3) for s, p in walks.items())
    assert nats / symbols == pytest.approx(task.best, abs=0.002)
    assert (nats + total * math.log(2)) / symbols == pytest.approx(task.coin_flip_loss, abs=0.002)
    assert task.chance == math.log(7)


def test_reber_strings_are_legal_disjoint_and_as_frequent_as_in_the_grammar():
    walks = reber_walks(depth=22)
    counts = Counter(draw_string(np.random.default_rng([5, i])) for i in range(4000))
    for string, count in counts.items():
        assert string[0] == "B" and string[1] == string[-2] in "TP" and string[-1] == "E"
        if len(string) <= 26:
            p = walks[string[2:-2]] / 2
            assert p < 1e-3 or abs(count / 4000 - p) < 5 * math.sqrt(p / 4000)
    losses = []
    for seed in range(8):
        task = ReberTask(seed=seed)
        train, test = task.strings("train"), task.strings("held_out")
        assert len(train) == len(test) == 256 and not set(train) & set(test)
        assert all(s[2:-2] in walks for s in (*train, *test) if len(s) <= 26)
        losses.append([task.grammar_loss(task.string_set(split)) for split in ("train", "held_out")])
    trained, held_out = np.mean(losses, axis=0)
    assert trained == pytest.approx(ReberTask.best, abs=0.01)  # frequent strings as often as they should be
    assert 0.48 < held_out < 0.54  # the short strings are among those to train on


def test_reber_batches_spell_their_strings():
    task = make("reber")
    block = task.block(0, seed=2)
    for arrays, strings in (
        (block._replace(x=block.x[4], targets=block.targets[4], mask=block.mask[4]), task.strings("train")),
        (task.held_out(), task.strings("held_out")),
    ):
        for b in range(arrays.x.shape[1]):
            steps = int(arrays.mask[:, b].sum())
            assert arrays.mask[:, b].tolist() == [1.0] * steps + [0.0] * (task.sequence_length - steps)
            x, targets = ("".join(task.vocabulary[i] for i in a[:steps, b]) for a in arrays[:2])
            assert x + targets[-1] in strings and targets == (x + targets[-1])[1:]
    assert task.sequence_length == max(map(len, task.strings("train") + task.strings("held_out"))) - 1


def legal_by_hand(string):
    """The symbols that may follow each symbol of a string but its last."""
    legal, state = ["TP", "B"], 0
    for symbol in string[2:-3]:
        state = next(int(n) for s, n in EMBEDDED[state].split() if s == symbol)
        legal.append("".join(arrow[0] for arrow in EMBEDDED[state].split()))
    return [*legal, string[1], "E"]


def test_reber_legal_symbols_and_strict_criterion():
    task = make("reber")
    batch, strings = task.string_set("held_out"), task.strings("held_out")
    legal = task.legal(batch)
    for b, string in enumerate(strings):
        expected = legal_by_hand(string)
        shown = [{task.vocabulary[k] for k in np.flatnonzero(row)} for row in legal[:, b]]
        assert shown == [set(s) for s in expected] + [set()] * (task.sequence_length - len(expected))
    probs = np.where(legal, 1.0, 0.1)
    assert task.accuracy(probs, batch) == 1
    closing = batch.mask.sum(axis=0).astype(int) - 2  # the step that predicts the outer T or P
    probs[closing, range(256), :] = np.eye(7)[1]  # always says T there
    assert task.accuracy(probs, batch) == np.mean([s[1] == "T" for s in strings])
    probs[closing, range(256), :] = 0.5  # equal is not above
    assert task.accuracy(probs, batch) == 0
    hits = legal.sum(axis=-1)[batch.mask > 0]
    assert task.grammar_loss(batch) == pytest.approx(np.log(hits).mean())


# sine


def test_sine_continues_a_noisy_wave():
    task = SineTask(sequence_length=40, batch_size=3, period=12.5, noise=0)
    block = task.block(0, seed=1)
    assert np.array_equal(block.x[:, 1:], block.targets[:, :-1])
    y = block.x[..., 0].astype(float)
    angle = 2 * math.pi / 12.5
    assert np.abs(y[:, 2:] - (2 * math.cos(angle) * y[:, 1:-1] - y[:, :-2])).max() < 1e-5
    noisy = SineTask(sequence_length=40, batch_size=3, period=12.5, noise=0.3).block(0, seed=1).x[..., 0] - y
    assert noisy.std() == pytest.approx(0.3, rel=0.02)


@pytest.mark.parametrize(("period", "noise"), [(20, 0.1), (7.5, 0.5), (13, 0)])
def test_sine_reference_losses(period, noise):
    steps = 12
    task = SineTask(sequence_length=steps, batch_size=64, period=period, noise=noise)
    batches = [task.block(i, seed=3) for i in range(6)]
    x, targets = (
        np.concatenate([np.moveaxis(getattr(b, k)[..., 0], 1, 0).reshape(steps, -1) for b in batches], axis=1)
        for k in ("x", "targets")
    )
    assert np.square(targets).mean() == pytest.approx(task.chance, rel=0.02)
    # the best linear predictor of each step, from the exact covariance cos(ωk)/2 + noise² [k = 0]
    lag = np.arange(steps + 1)[:, None] - np.arange(steps + 1)
    cov = np.cos(2 * math.pi / period * lag) / 2 + noise**2 * np.eye(steps + 1)
    expected, measured = [], []
    for t in range(1, steps + 1):
        weights = np.linalg.lstsq(cov[:t, :t], cov[:t, t], rcond=1e-12)[0]
        expected.append(cov[t, t] - cov[t, :t] @ weights)
        measured.append(np.square(weights @ x[:t] - targets[t - 1]).mean())
    assert task.linear_loss == pytest.approx(np.mean(expected), abs=1e-9)
    assert task.linear_loss == pytest.approx(np.mean(measured), rel=0.03)
    assert task.noise_floor == pytest.approx(noise**2) and task.best is None
    assert task.noise_floor < task.linear_loss < task.chance


# accuracy


@pytest.mark.parametrize("name", TASKS)
def test_accuracy_of_right_and_wrong_outputs(name):
    task = make(name)
    batch = task.held_out()
    if task.loss == "mse":
        assert task.accuracy(batch.targets, batch) == 1
        assert task.accuracy(batch.targets + 5, batch) == 0
    elif name != "reber":
        right = np.eye(task.output_size)[batch.targets]
        assert task.accuracy(right, batch) == 1 and task.accuracy(-right, batch) == 0
        rng = np.random.default_rng(0)
        outputs = rng.random(right.shape)
        hits = [
            outputs[i].tolist().index(max(outputs[i])) == batch.targets[i]
            for i in np.ndindex(batch.targets.shape)
            if batch.mask is None or batch.mask[i]
        ]
        assert task.accuracy(outputs, batch) == pytest.approx(np.mean(hits))
    shape = (*batch.targets.shape[:2], task.output_size)
    with pytest.raises(InputError, match=r"outputs have shape .*expected"):
        task.accuracy(np.zeros(shape[1:]), batch)
    with pytest.raises(InputError, match="finite"):
        task.accuracy(np.full(shape, np.nan), batch)


def test_accuracy_by_hand():
    adding = AddingTask(sequence_length=4)
    batch = adding.held_out()
    outputs = batch.targets + np.where(np.arange(64) % 4 == 0, 0.05, 0.03)[None, :, None]
    assert adding.accuracy(outputs, batch) == 0.75
    sine = SineTask(noise=0.2)
    batch = sine.held_out()
    expected = 1 - np.square(batch.targets - 0.5).mean() / 0.54
    assert sine.accuracy(np.full_like(batch.targets, 0.5), batch) == pytest.approx(max(0, expected), abs=1e-6)


# fixed batches


def test_fixed_batches_cycle_through_what_was_given():
    rng = np.random.default_rng(0)
    given_batches = [(rng.integers(0, 5, (300, 8)), rng.integers(0, 4, (300, 8))) for _ in range(5)]
    task = FixedBatches(given_batches)
    assert (task.input_size, task.output_size, task.output, task.loss) == (5, 4, "every", "cross_entropy")
    assert task.block_size == 13 and task.chance == math.log(4)
    for index in range(3):
        block = task.block(index, seed=index)
        check = task.block_size * index + np.arange(task.block_size)
        assert block.x.dtype == block.targets.dtype == np.int32 and block.mask is None and block.reset.all()
        for row, update in enumerate(check):
            assert np.array_equal(block.x[row], given_batches[update % 5][0])
            assert np.array_equal(block.targets[row], given_batches[update % 5][1])
    assert np.array_equal(task.held_out().x, given_batches[0][0])
    assert np.array_equal(task.example(9).x[:, 0], given_batches[1][0][:, 1])
    with pytest.raises(ConfigError, match="stateful"):
        task.block(0, 0, stateful=True)


@pytest.mark.parametrize(
    ("x", "targets", "options", "expected"),
    [
        ((5, 2), (5, 2), {}, ("every", "cross_entropy", (5, 2))),
        ((5, 2), (2,), {}, ("last", "cross_entropy", (1, 2))),
        ((5, 2), (1, 2), {}, ("last", "cross_entropy", (1, 2))),
        ((1, 2), (1, 2), {}, ("every", "cross_entropy", (1, 2))),
        ((1, 2), (1, 2), {"output": "last"}, ("last", "cross_entropy", (1, 2))),
        ((5, 2, 3), (5, 2, 4), {}, ("every", "mse", (5, 2, 4))),
        ((5, 2, 3), (2, 4), {}, ("last", "mse", (1, 2, 4))),
        ((5, 2, 3), (1, 2, 4), {}, ("last", "mse", (1, 2, 4))),
        ((5, 2, 3), (2,), {"input_size": 3, "output_size": 9}, ("last", "cross_entropy", (1, 2))),
    ],
)
def test_fixed_batches_infer_the_read_out(x, targets, options, expected):
    def array(shape, ids):
        return np.ones(shape, int) if ids else np.linspace(0, 1, math.prod(shape)).reshape(shape)

    task = FixedBatches([(array(x, len(x) == 2), array(targets, expected[1] != "mse"))] * 2, **options)
    assert (task.output, task.loss, task.held_out().targets.shape) == expected
    check_shape = (task.block_size, *expected[2])
    assert task.block(0, 0).targets.shape == check_shape
    assert task.output_size == options.get("output_size", 2 if expected[1] != "mse" else 4)
    if expected[1] == "mse":
        values = task.held_out().targets.reshape(-1, 4).astype(float)
        assert task.chance == pytest.approx(values.var(axis=0).mean(), rel=1e-5)
        assert task.accuracy(task.held_out().targets, task.held_out()) == 1


@pytest.mark.parametrize("name", TASKS)
def test_fixed_batches_take_the_batches_of_every_task(name):
    task = make(name)
    fixed = FixedBatches(
        [task.held_out(), task.held_out()],
        input_size=task.input_size,
        output_size=task.output_size,
        output=task.output,
        vocabulary=task.vocabulary,
    )
    assert same(fixed.held_out(), task.held_out())
    assert (fixed.loss, fixed.output, fixed.vocabulary) == (task.loss, task.output, task.vocabulary)
    check_arrays(fixed, fixed.block(0, 0), (fixed.block_size,))


IDS, FLOATS = np.ones((5, 2), int), np.ones((5, 2, 3))


@pytest.mark.parametrize(
    ("batches", "options", "error", "message"),
    [
        ([], {}, InputError, "empty"),
        (3, {}, InputError, "must be a list"),
        ([3], {}, InputError, "must be a list"),
        ([(IDS,)], {}, InputError, "1 parts"),
        ([(IDS[:, 0], IDS)], {}, InputError, r"x has shape \(5,\).*x\[:, None\]"),
        ([(FLOATS[0], IDS)], {}, InputError, r"x has shape \(2, 3\)"),
        ([(IDS, IDS[:3])], {}, InputError, r"targets have shape \(3, 2\).*T=5, B=2.*last"),
        ([(IDS, IDS[0])], {"output": "every"}, InputError, r"targets have shape \(2,\).*every"),
        ([(IDS, IDS)], {"output": "last"}, InputError, r"targets have shape \(5, 2\).*\(B=2\)"),
        ([(IDS, IDS), (IDS[:4], IDS[:4])], {}, InputError, "batch 1 has shape .*alike"),
        ([(IDS, FLOATS)], {"loss": "cross_entropy"}, InputError, "does not fit"),
        ([(IDS, IDS)], {"loss": "mse"}, InputError, "does not fit"),
        ([(IDS, -IDS)], {}, InputError, "targets holds the id -1"),
        ([(FLOATS * np.nan, IDS)], {}, InputError, "x of batch 0 .*finite"),
        ([(FLOATS * 1e300, IDS)], {}, InputError, "x of batch 0 .*scale"),
        ([([["a"]], [[0]])], {}, InputError, "x of batch 0"),
        ([([[1, 2], [3]], [[0]])], {}, InputError, "x is no array"),
        ([(IDS[:0], IDS[:0])], {}, InputError, "x has shape .*at least one"),
        ([(IDS, np.ones((5, 2, 0)))], {}, InputError, "targets has shape .*at least one"),
        ([(IDS, IDS, IDS), (IDS, IDS)], {}, InputError, "others none"),
        ([(IDS, IDS, IDS[:2])], {}, InputError, r"mask has shape \(2, 2\).*\(5, 2\)"),
        ([(IDS, IDS, -IDS)], {}, InputError, "mask needs weights"),
        ([(IDS, IDS, 0 * IDS)], {}, InputError, "mask needs weights"),
        ([(IDS, IDS)], {"input_size": 1}, ConfigError, "input_size is 1.*at least 2"),
        ([(IDS, IDS)], {"output_size": 70000}, ConfigError, "output_size is 70000"),
        ([(IDS * 10**9, IDS)], {}, ConfigError, "input_size is 1000000001"),
        ([(FLOATS, FLOATS)], {"output_size": 4}, ConfigError, "output_size is 4; targets needs 3"),
        ([(IDS, IDS)], {"input_size": "2"}, ConfigError, "whole number"),
        ([(IDS, IDS)], {"output": "first"}, ConfigError, "output is 'first'"),
        ([(IDS, IDS)], {"loss": "mae"}, ConfigError, "loss is 'mae'"),
        ([(IDS, IDS)], {"vocabulary": "abc"}, ConfigError, "vocabulary has 3"),
        ([(IDS, IDS)], {"vocabulary": 3}, ConfigError, "vocabulary is a int"),
    ],
)
def test_fixed_batches_that_do_not_fit(batches, options, error, message):
    with pytest.raises(error, match=message):
        FixedBatches(batches, **options)


def test_fixed_masks():
    mask = np.array([[0, 1], [2, 0.5]])
    task = FixedBatches([([[0, 1], [1, 0]], [[1, 0], [0, 1]], mask)])
    assert task.block(0, 0).mask.dtype == np.float32 and np.array_equal(task.block(0, 0).mask[3], mask)
    last = FixedBatches([([[0, 1], [1, 0]], [1, 0], [1, 0])])
    assert last.held_out().mask.tolist() == [[1, 0]]
    weighted = FixedBatches([(np.ones((2, 1), int), [[[1.0]], [[3.0]]], [[1], [3]])])
    assert weighted.chance == pytest.approx(0.75)  # mean 2.5: (1·2.25 + 3·0.25) / 4
