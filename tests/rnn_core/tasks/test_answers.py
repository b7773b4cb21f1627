"""The text of questions and answers: a recurrent network needs fewer bits on its held-out part than any counting."""

import pytest

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.analysis.ngrams import MAX_ORDER, count_ngrams
from rnn_core.tasks import TEXTS, TextTask
from rnn_core.tasks.texts.answers import CHINESE, ENGLISH


@pytest.mark.parametrize("lexicon", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_what_comes_twice_lies_farther_apart_than_the_longest_n_gram(lexicon):
    before_name, between_names, _rest = lexicon.line.split("{name}")
    assert before_name and len({name[0] for name in lexicon.names}) == len({name[0] for name in lexicon.places}) == 8
    shortest = min(map(len, lexicon.places))
    assert len(between_names.replace("{place}", "x" * shortest)) >= MAX_ORDER - 1
    assert len(lexicon.line.split("{place}")[1].replace("{name}", "x" * min(map(len, lexicon.names)))) >= MAX_ORDER - 1


@pytest.mark.slow
@pytest.mark.parametrize(("key", "cell"), [("answers_en", "lstm"), ("answers_en", "gru"), ("answers_zh", "lstm")])
def test_a_network_beats_every_n_gram_on_the_held_out_part(key, cell):
    task = TextTask(text=TEXTS[key].text, sequence_length=60, batch_size=16)
    x, targets, _mask = task.held_out()
    ngrams = count_ngrams(task.training_ids, task.output_size, MAX_ORDER)
    best = min(ngrams.loss(x, targets, order) for order in range(1, MAX_ORDER + 1))
    for seed in (0, 1, 2):
        model = Model(ModelConfig(cell, task.input_size, 48, task.output_size, seed=seed))
        trainer = Trainer(model, task, TrainConfig("adam", 0.01, clip_norm=1.0, seed=seed))
        trainer.step(1500)
        assert trainer.evaluate() < 0.9 * best, seed
