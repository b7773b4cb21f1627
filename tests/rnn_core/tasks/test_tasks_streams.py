"""Streams of symbols, a text and the grammar: against naive loops and enumeration."""

import math
from collections import Counter, defaultdict
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from task_cases import STREAMS, check_arrays, make, same

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.errors import ConfigError, InputError
from rnn_core.tasks import TEXTS, GrammarTask, TextTask
from rnn_core.tasks.grammar import CLASSES, TEMPLATES

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

    together, alone = Counter(steps), Counter(a for a, _ in steps)
    bound = np.mean([-math.log(together[step] / alone[step[0]]) for step in steps])
    assert task.one_symbol_bound() == pytest.approx(bound, rel=1e-12, abs=1e-12) and bound < task.bigram_loss()


def test_a_network_without_memory_comes_below_the_bigrams_and_not_below_the_bound():
    task = TextTask(text=TEXTS["river_en"].text)
    trainer = Trainer(
        Model(ModelConfig("rnn_tanh", task.input_size, 32, task.output_size)), task, TrainConfig(learning_rate=0.02)
    )
    losses = []
    for _ in range(200):
        trainer.step(1)
        weights = trainer.model.state_dict()
        trainer.model.load_state_dict(weights | {"weight_hh_l0": np.zeros((32, 32))})
        losses.append(trainer.evaluate())
    assert task.one_symbol_bound() < min(losses) < task.bigram_loss()


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


def test_a_megabyte_of_text_and_no_more_than_ten():
    text = "".join(map(chr, np.random.default_rng(0).integers(32, 3000, size=1_000_000)))
    task = TextTask(text=text, sequence_length=50, batch_size=32)
    for block in (task.block(0, 0), task.block(0, 0, stateful=True)):
        check_arrays(task, block, (task.block_size,))
    with pytest.raises(ConfigError, match="10,000,000"):
        TextTask(text="ab" * 5_000_001)


def test_built_in_texts():
    languages = [text.language for text in TEXTS.values()]
    assert languages.count("en") >= 2 and languages.count("zh_CN") >= 2
    for key, text in TEXTS.items():
        longest = 2000 if text.make is None else 100_000
        assert text.key == key and text.title and 800 <= len(text.text) <= longest
        assert text.text.isprintable() or set(c for c in text.text if not c.isprintable()) == {"\n"}
        share = np.mean(["\u4e00" <= c <= "\u9fff" for c in text.text])
        assert share > 0.7 if text.language == "zh_CN" else share == 0
        task = TextTask(text=text.text)
        if key == "xor_stream":  # one symbol says nothing about the next: it takes two
            assert abs(task.bigram_loss() - task.chance) < 0.01
        else:
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
