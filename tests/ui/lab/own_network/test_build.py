"""From a file of PyTorch's or Keras' and the reader's answers to a trainer, or to a reason in words."""

from dataclasses import replace

import numpy as np
import pytest
from own_networks import SYMBOLS, TEXT, keras_file, pytorch_file, with_config

from rnn_core.keras import KerasFileError, read_keras
from rnn_core.keras.refusals import REASONS as OF_KERAS
from rnn_core.pytorch import PyTorchFileError, read_pytorch
from rnn_core.pytorch.refusals import REASONS
from rnn_core.tasks import TASKS
from ui.i18n import language
from ui.lab.own_network import keras
from ui.lab.own_network.build import Answers, possible_data, trainer_of
from ui.lab.own_network.refused import RefusedError
from ui.lab.own_network.sentences import OF_ANSWERS, OF_FILES, of_answers, of_file, recognised, taken_back
from ui.network.settings import SETTINGS
from ui.settings.choices import OWN_TEXT
from ui.training.snapshot import Training

WORDS = ("the", "cat", "sat", "on", "mat", "and", "rat", ".")
OWN = Answers(OWN_TEXT, TEXT)
ENGLISH = language("en").gettext


def made(answers=OWN, training=Training(), steps=25, batch=16, **options):  # noqa: B008
    return trainer_of(read_pytorch(pytorch_file(**options)), answers, training, steps, batch)


@pytest.mark.parametrize(
    "vocabulary", ["", "".join(SYMBOLS), str(list(SYMBOLS)).replace("'", '"'), "\n".join(SYMBOLS)],
    ids=("sorted", "in a row", "JSON", "lines"),
)  # fmt: skip
def test_the_same_vocabulary_in_every_way_to_write_it(vocabulary):
    trainer, others = made(OWN._replace(vocabulary=vocabulary))
    assert trainer.task.vocabulary == SYMBOLS and not others and trainer.update == 0
    given = read_pytorch(pytorch_file()).given
    assert all(np.array_equal(value, given[name]) for name, value in trainer.model.state_dict().items())
    assert trainer.step(5).loss[0] == pytest.approx(np.log(len(SYMBOLS)), rel=0.2)


def test_words_and_what_stands_for_other_symbols():
    trainer, others = made(OWN._replace(words=True, vocabulary="\n".join(("[UNK]", *WORDS))), inputs=9)
    assert trainer.task.vocabulary == ("<unk>", *WORDS) and others == {"[UNK]": "<unk>"}
    listed = ["<pad>", "<s>", *SYMBOLS, "<unk>"]
    trainer, others = made(OWN._replace(vocabulary=str(listed).replace("'", '"')), inputs=len(listed))
    assert trainer.task.vocabulary == ("␀", "␁", *SYMBOLS, "\ufffd")
    assert others == {"<pad>": "␀", "<s>": "␁", "<unk>": "\ufffd"}


def test_without_capitals_in_the_vocabulary_a_text_is_read_in_small_letters():
    trainer, _others = made(Answers(OWN_TEXT, TEXT.upper(), "".join(SYMBOLS)))
    assert trainer.task.fold_case == 1 and trainer.task.vocabulary == SYMBOLS


def test_a_short_text_is_read_in_shorter_sequences():
    assert made(OWN._replace(text=TEXT[:60]))[0].task.sequence_length == 25
    assert made(OWN._replace(text="".join(SYMBOLS) + "the", vocabulary=""), steps=90)[0].task.sequence_length == 7


@pytest.mark.parametrize("task", [name for name in TASKS if name != "text"])
def test_a_network_of_a_tasks_sizes_learns_that_task(task):
    first = TASKS[task]()
    network = read_pytorch(pytorch_file(cell="gru", inputs=first.input_size, outputs=first.output_size))
    assert task in possible_data(network, Answers())
    trainer, _others = trainer_of(network, Answers(task), Training(), 25, 4)
    assert trainer.model.config.output == first.output and np.isfinite(trainer.step(2).loss).all()


def test_the_data_that_are_possible():
    every = "".join(map(chr, range(32, 127))) + "\n"
    network = read_pytorch(pytorch_file(inputs=len(every)))
    assert {OWN_TEXT, "river_en"} <= set(possible_data(network, Answers(vocabulary=every)))
    assert possible_data(network, Answers(vocabulary=every[::-1].replace("e", "é")))[:2] != [OWN_TEXT, "river_en"]
    assert possible_data(read_pytorch(pytorch_file(inputs=77, outputs=3)), Answers()) == []


def test_settings_of_training_that_do_not_fit_are_left_out():
    stateful = Training(stateful=True)
    assert made(training=stateful)[0].config.stateful
    assert not made(training=stateful, bidirectional=True)[0].config.stateful
    sentiment = {"inputs": TASKS["sentiment"]().input_size, "outputs": TASKS["sentiment"]().output_size}
    windowed = Training(truncate=3)
    trainer, _others = made(Answers("sentiment"), windowed, bidirectional=True, **sentiment)
    assert trainer.config.truncate is None


REFUSED = {
    "no_words": (OWN._replace(words=True), {}),
    "other_characters": (OWN._replace(text="abcabc" * 20), {}),
    "count": (OWN._replace(vocabulary="abc"), {}),
    "no_characters": (OWN._replace(vocabulary=str([f"<{n}>" for n in range(40)]).replace("'", '"')), {"inputs": 40}),
    "twice": (OWN._replace(vocabulary="".join(SYMBOLS[1:]) + "t"), {}),
    "empty_symbol": (OWN._replace(words=True, vocabulary="a\n\nb"), {"inputs": 3}),
    "symbols": (OWN._replace(vocabulary="".join(SYMBOLS[1:]) + "x"), {}),
    "empty": (OWN._replace(text=" \n"), {}),
    "short": (OWN._replace(text="ca", vocabulary="".join(SYMBOLS)), {}),
    "no_text": (OWN, {"outputs": 3}),
    "sizes": (Answers("adding"), {}),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_answers_that_do_not_fit_are_refused_in_words(kind):
    answers, options = REFUSED[kind]
    with pytest.raises(RefusedError) as error:
        made(answers, **options)
    assert error.value.kind == kind
    for code in ("en", "zh_CN"):
        sentence = of_answers(error.value, language(code).gettext)
        assert len(sentence) < 500 and "{" not in sentence


def test_every_refusal_has_a_sentence():
    assert {*OF_FILES, "keras"} == set(REASONS) and set(OF_ANSWERS) == {*REFUSED, "nothing_fits", "other", "masked"}
    assert set(OF_KERAS) <= {*OF_FILES, *keras.OF_FILES} and set(keras.OF_FILES) | keras.LAYERED <= set(OF_KERAS)
    values = dict.fromkeys(("size", "limit", "width", "layers", "units", "inputs", "outputs"), 7)
    values |= dict.fromkeys(("name", "found", "given", "expected", "detail"), "fc.weight")
    for code in ("en", "zh_CN"):
        errors = [PyTorchFileError(kind, **values) for kind in OF_FILES]
        errors += [KerasFileError(kind, **values) for kind in OF_KERAS]
        for error in errors:
            sentence = of_file(error, language(code).gettext)
            assert "{" not in sentence and sentence
            assert not isinstance(error, KerasFileError) or "nn." not in sentence


def test_what_was_recognised_is_said():
    said = "\n".join(recognised(read_pytorch(pytorch_file(embedding=3, num_layers=2, bidirectional=True)), ENGLISH))
    for words in ("nn.LSTM: lstm; layers: 2, units: 6", "both directions", "nn.Linear: head.weight; outputs: 13",
                  "nn.Embedding: embed.weight; 13 symbols of 3 numbers"):  # fmt: skip
        assert words in said
    assert "no biases" in "\n".join(recognised(read_pytorch(pytorch_file(bias=False)), ENGLISH))


@pytest.mark.parametrize(("embedding", "words"), [(0, "strict=True"), (3, "embedding_dim=13"), (20, "strict=True")])
def test_what_can_be_taken_back_is_said_as_it_is(embedding, words):
    """The sentence, and what the file is once every number has been trained."""
    network = read_pytorch(pytorch_file(embedding=embedding))
    [sentence] = taken_back(network, ENGLISH)
    rng = np.random.default_rng(0)
    trained = {name: value + rng.normal(0, 0.1, value.shape) for name, value in network.model().state_dict().items()}
    assert words in sentence and network.saved(trained).fits == ("strict=True" in sentence)


def test_the_answers_fit_the_controls_of_the_lab():
    assert SETTINGS["text_sequence_length"].allows(made()[0].task.sequence_length)


def test_dropout_of_the_lab_is_left_out_for_one_layer():
    assert made(training=Training(dropout=0.4))[0].config.dropout == 0
    assert made(training=Training(dropout=0.4), num_layers=2)[0].config.dropout == 0.4


def test_the_penalty_of_the_lab_is_left_out_for_gates():
    assert made(training=Training(vanishing_penalty=1.0), cell="lstm")[0].config.vanishing_penalty == 0
    assert made(training=Training(vanishing_penalty=1.0), cell="rnn_tanh")[0].config.vanishing_penalty == 1


def changed_layer(number, name="lstm.keras", **options):
    """A golden file with the options of one of its layers changed."""

    def change(config):
        config["config"]["layers"][number]["config"] |= options

    return read_keras(with_config(change, name))


def test_a_network_of_keras_is_said_in_its_words():
    said = "\n".join(recognised(read_keras(keras_file()), ENGLISH))
    for words in ("keras.layers.LSTM: lstm; layers: 1, units: 6", "keras.layers.Dense: dense; outputs: 13",
                  "keras.layers.Embedding: embedding; 13 symbols of 4 numbers"):  # fmt: skip
        assert words in said
    assert "nn." not in said and "mask_zero" not in said and "dropout" not in said and "defaults" not in said
    assert 'SimpleRNN, activation="relu"' in recognised(read_keras(keras_file("rnn.keras")), ENGLISH)[0]
    weights = "\n".join(recognised(read_keras(keras_file("gru.weights.h5")), ENGLISH))
    assert "both directions" in weights and "Keras' defaults are assumed" in weights
    assert "No keras.layers.Embedding; inputs: 13" in weights


@pytest.mark.parametrize(
    ("layer", "options", "words"),
    [(1, {"mask_zero": True}, "mask_zero"), (2, {"dropout": 0.2}, "dropout"),
     (2, {"return_sequences": False}, "return_sequences=False")],
)  # fmt: skip
def test_what_is_otherwise_than_in_keras_is_said(layer, options, words):
    assert words in "\n".join(recognised(changed_layer(layer, **options), ENGLISH))


def test_what_pytorch_gets_of_keras_is_said():
    [names, embedding] = taken_back(read_keras(keras_file()), ENGLISH)
    assert "embedding.weight, lstm.weight_ih_l0" in names and "…" not in names and "embedding_dim=13" in embedding
    [names] = taken_back(read_keras(keras_file("gru.weights.h5")), ENGLISH)
    assert "gru.bias_hh_l0, …, linear.weight, linear.bias" in names and "reverse" not in names


def test_a_text_with_a_symbol_that_is_masked_is_refused():
    network = changed_layer(1, mask_zero=True)
    answers = OWN._replace(vocabulary="".join(SYMBOLS))
    with pytest.raises(RefusedError) as error:
        trainer_of(network, answers, Training(), 25, 4)
    assert error.value.kind == "masked" and "mask_zero" in of_answers(error.value, ENGLISH)
    trainer, _others = trainer_of(network, answers._replace(text=TEXT.replace(SYMBOLS[0], "")), Training(), 25, 4)
    assert np.isfinite(trainer.step(2).loss).all()
    assert set(possible_data(network, answers)) <= {OWN_TEXT}


def test_probabilities_are_no_answers_of_a_regression():
    sine = TASKS["sine"]()
    network = read_pytorch(pytorch_file(inputs=sine.input_size, outputs=sine.output_size))
    assert sine.loss == "mse" and "sine" in possible_data(network, Answers())
    assert "sine" not in possible_data(replace(network, softmax=True), Answers())
