"""Sentiment, the missing verb, digits as strokes: their sentences by hand, and that networks learn them."""

import math
import re

import numpy as np
import pytest

from rnn_core import InputError, Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import AgreementTask, ChineseSentimentTask, SentimentTask, StrokesTask
from rnn_core.tasks.agreement import MANY, TENSES, VERBS

SENTIMENT = [SentimentTask, ChineseSentimentTask]


def trained(task, cell, hidden, updates, rate=0.01, seed=1, **options):
    """A network after so many updates, and its share of right answers on the held-out batch."""
    config = ModelConfig(
        cell, task.input_size, hidden, task.output_size, output=task.output, loss=task.loss, seed=seed, **options
    )
    trainer = Trainer(Model(config), task, TrainConfig(learning_rate=rate, clip_norm=1.0))
    trainer.step(updates)
    held_out = task.held_out()
    return trainer.model, task.accuracy(trainer.model.forward(held_out.x).logits, held_out)


def verdict_by_reading(task, text):
    """Whether a sentence is good, found clause by clause: an oracle that shares no code."""
    good = {phrase for clause in task.grammar.clauses for phrase in clause.good.split("/")}
    bad = {phrase for clause in task.grammar.clauses for phrase in clause.bad.split("/")}
    joiners = {"and", "but", "yet", "although", "though", "而且", "但", "但是", "可是", "虽然", "尽管"}
    marks = sorted(good | bad | joiners | {"not", "never", "不"}, key=len, reverse=True)
    edge = r"\b" if task.language == "en" else ""
    verdict, joiner, negated = None, "", False
    for mark in re.findall(edge + f"({'|'.join(marks)})" + edge, text):
        if mark in joiners:
            joiner = mark
        elif mark in ("not", "never", "不"):
            negated = True
        else:
            said = (mark in good) != negated
            if verdict is None or joiner not in ("although", "though", "尽管"):
                verdict = said
            joiner, negated = "", False
    return verdict


@pytest.mark.parametrize("kind", SENTIMENT)
def test_verdicts_against_a_reader(kind):
    task = kind(batch_size=64)
    block = task.block(0, seed=3)
    for u in range(len(block.x)):
        for b in range(0, 64, 4):
            text = task.grammar.separator.join(task.vocabulary[i] for i in block.x[u, :, b] if i > 2)
            assert verdict_by_reading(task, text) == block.targets[u, 0, b], text
    assert abs(block.targets.mean() - 0.5) < 0.05 and (task.chance, task.best) == (math.log(2), 0)


@pytest.mark.parametrize("kind", SENTIMENT)
def test_sentences_stand_at_the_end_and_fit(kind):
    for clauses in (1, 2, 4):
        task = kind(clauses=clauses, batch_size=64)
        x = task.block(0, seed=1).x
        assert (x > 1).all()  # the verdicts are outputs only
        blank = x == 2
        assert (blank[:, :-1] >= blank[:, 1:]).all() and not blank[:, -1].any()


@pytest.mark.parametrize("kind", SENTIMENT)
def test_written_sentences_use_known_words_and_are_balanced(kind):
    task = kind()
    written = task.written()
    assert all(task.read(sentence)[1] == [] for sentence, _good in written)
    assert sum(good for _sentence, good in written) * 2 == len(written) >= 18


def test_sentences_as_they_are_typed():
    task = SentimentTask()
    ids, unknown = task.read("The WAITER wasn't rude!")
    assert [task.vocabulary[i] for i in ids[:, 0]] == ["the", "was", "not", "rude"] and unknown == ["waiter"]
    with pytest.raises(InputError, match="no word"):
        task.read("Hm?")
    assert [ChineseSentimentTask().vocabulary[i] for i in ChineseSentimentTask().read("房间，不好！")[0][:, 0]] == [
        *"房间不好"
    ]


@pytest.mark.parametrize(("kind", "cell"), [(SentimentTask, "rnn_tanh"), (ChineseSentimentTask, "gru")])
def test_sentiment_is_learned(kind, cell):
    task = kind()
    rate = 0.003 if cell == "rnn_tanh" else 0.01
    model, right = trained(task, cell, 32, 2000, rate)
    assert right >= 0.95
    by_hand = [
        int(model.forward(task.read(sentence)[0]).probs[0, 0].argmax()) == good for sentence, good in task.written()
    ]
    assert np.mean(by_hand) >= 0.85


def test_the_missing_verb_by_hand():
    task = AgreementTask(attractors=2, batch_size=64)
    block = task.block(0, seed=0)
    assert (block.mask.sum(axis=1) == 1).all() and np.array_equal(block.mask > 0, block.x == task.vocabulary.index("_"))
    for sentence, verb in (("i _ old now", "am"), ("the keys near the dog _ lost then", "were"),
                           ("she _ been ready before", "has"), ("we _ be happy soon", "will")):  # fmt: skip
        x, unknown = task.read(sentence)
        assert unknown == [] and verb in VERBS and len(x) == len(sentence.split())
    time_of = {word: row for (_aux, times), row in TENSES for word in times}
    for u in range(0, len(block.x), 7):
        for b in range(64):
            words = [task.vocabulary[i] for i in block.x[u, :, b]]
            verb = task.vocabulary[block.targets[u, words.index("_"), b]]
            subject = next(word for word in words if word not in ("·", "the"))
            one = subject not in {"i", "you", "we", "they", *MANY}
            row = next(time_of[word] for word in words if word in time_of)
            assert verb == row[0 if subject == "i" else 1 if one else 2], words
    for wrong in ("the dog old now", "the _ dog _ now"):
        with pytest.raises(InputError, match="expected one"):
            task.read(wrong)


def test_the_missing_verb_needs_both_directions():
    task = AgreementTask()
    _model, both = trained(task, "gru", 24, 600, bidirectional=True)
    _model, forwards = trained(task, "gru", 36, 600)
    assert both >= 0.98 and forwards <= 0.45  # a quarter, but for the luck of 64 sentences


def test_strokes_have_the_loss_that_is_said_and_are_learned():
    task = StrokesTask()
    held_out = StrokesTask(batch_size=512).block(0, seed=9)
    clean = task.drawings[held_out.x[:, 0]]  # (n, B, T, 3)
    noise = np.square(held_out.targets - clean.transpose(0, 2, 1, 3)).mean()
    assert noise == pytest.approx(task.best, rel=0.05)
    mean = task.drawings.mean(axis=(0, 1))
    assert np.square(held_out.targets - mean).mean() == pytest.approx(task.chance, rel=0.05)
    assert np.abs(task.drawings[..., :2]).max() <= 1 and set(np.unique(task.drawings[..., 2])) == {0, 1}
    model, legible = trained(task, "gru", 32, 1200)
    assert legible == 1
    drawn = np.stack([model.forward(task.read(digit)).logits[:, 0] for digit in range(10)])
    assert np.square(drawn - task.drawings).mean() < 0.01
