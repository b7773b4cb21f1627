"""Texts by word, and what cleaning does to symbols: against counting by hand; saved and read again."""

import io
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core import Model, ModelConfig, TrainConfig, Trainer, generate
from rnn_core.checkpoint import dump, read_checkpoint
from rnn_core.errors import ConfigError, InputError
from rnn_core.tasks import TEXTS, TextTask
from rnn_core.tasks.saving import from_saved, to_saved
from rnn_core.tasks.words import words_of, written

pytestmark = pytest.mark.small
TEXT = "The cat sat. The cat ran, and the Dog sat.\n" * 9 + "A bird sang to the cat; the fox ran.\n"


def test_words_by_hand():
    assert list(words_of("I don’t like l'eau-de-vie (3.5 %)!\n\n  小河\u3000流。ok")) == [
        *("I", "don’t", "like", "l'eau", "-", "de", "-", "vie", "(", "3.5", "%", ")", "!", "\n", "\n"),
        *("小", "河", "流", "。", "ok"),
    ]
    assert list(words_of(" \t ")) == [] and written([]) == ""


@pytest.mark.parametrize(
    "text",
    [
        "हिन्दी भाषा में क्‍या",  # vowel signs, a virama, a joiner
        "বাংলা ভাষা",
        "ภาษาไทย",
        "مُحَمَّد رَسُول",  # vowel points
        "می\u200cخواهم بروم",  # a non-joiner
        "שָׁלוֹם עוֹלָם",
        "cafe\u0301 e\u0301te\u0301 nai\u0308ve",  # letters and accents apart (NFD)
        "\u1112\u1161\u11ab\u1100\u1173\u11af Tie\u0302\u0301ng Vie\u0323\u0302t",
        "👩‍👩‍👧‍👦 👍🏽 🇩🇪 ❤️ 1️⃣",  # joined, coloured, flags, a form, a key
        "3.14 1,000.50 3.5.2020 ٣٫١٤ v2.0.1",
        "か\u3099 葛\U000e0100",  # a mark on kana, a variant of an ideograph
    ],
)
def test_a_mark_a_joiner_a_point_stays_in_its_word(text):
    assert list(words_of(text)) == text.split(" ")
    assert list(words_of(written(words_of(text)))) == text.split(" ")


def test_what_only_stands_beside_a_word_is_none_of_it():
    assert list(words_of("Go. In 2015. A.B 5, 6 .5 \u0301a 👍👍ok🇩🇪🇫🇷")) == [
        *("Go", ".", "In", "2015", ".", "A", ".", "B", "5", ",", "6", ".", "5", "\u0301", "a"),
        *("👍", "👍", "ok", "🇩🇪", "🇫🇷"),
    ]


@given(
    st.text(
        st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Z"], max_codepoint=0x24F)
        | st.sampled_from("春江花月夜の。，\n")
    )
)
def test_a_text_without_them_is_read_as_it_always_was(text):
    """The first rule, written out: what networks were trained on with it they find again."""
    ideograph = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    letters = rf"(?:(?![{ideograph}])\w)+"
    word = re.compile(rf"<unk>|\n|[{ideograph}]|{letters}(?:['’]{letters})*|[^\w\s]")
    text = re.sub(r"(?<=\d)[.,](?=\d)", "", text)
    assert list(words_of(text)) == word.findall(text)


@pytest.mark.parametrize("key", TEXTS)
def test_what_is_written_reads_as_the_same_words(key):
    words = list(words_of(TEXTS[key].text))
    assert list(words_of(written(words))) == words


def test_the_vocabulary_is_the_most_frequent_of_the_training_part():
    task = TextTask(text=TEXT, sequence_length=4, max_words=6)
    words = list(words_of(TEXT))
    training = words[: len(words) - int(len(words) * 0.1)]
    count = Counter(training)
    expected = sorted(count, key=lambda word: (-count[word], word))[:5]
    assert task.vocabulary == ("<unk>", *expected) and task.output_size == 6
    ids = np.concatenate([task.training_ids, task.held_out_ids]).tolist()
    assert ids == [task.vocabulary.index(word) if word in expected else 0 for word in words]
    assert len(task.training_ids) == len(training)


def test_words_of_the_held_out_part_alone_are_unknown():
    task = TextTask(text=TEXT, sequence_length=4, max_words=1000)
    assert "fox" not in task.vocabulary and 0 in task.held_out_ids and 0 not in task.training_ids


def test_rare_words_and_capitals():
    some = TextTask(text=TEXT, sequence_length=4, max_words=1000, min_count=10)
    folded = TextTask(text=TEXT, sequence_length=4, max_words=1000, min_count=10, fold_case=1)
    assert set(some.vocabulary) == {"<unk>", "cat", "sat", ".", "The"}
    assert set(folded.vocabulary) == {"<unk>", "cat", "sat", ".", "the"}
    assert folded.decode(folded.encode("THE Cat sat.")) == "the cat sat."
    read = some.read("The cat and the fox, the fox")
    assert read.unknown == ("and", "the", "fox", ",") and read.ids.tolist()[2:] == [0] * 6
    assert read.written == ("The", "cat", "and", "the", "fox", ",", "the", "fox")


def test_rare_characters():
    text = "abcabcabc" * 8 + "zq" + "abcz" * 3
    task = TextTask(text=text, sequence_length=4, min_count=3)
    assert task.vocabulary == ("a", "b", "c", "\ufffd") and task.unknown == "\ufffd"
    assert task.decode(task.encode("azbq!")) == "a\ufffdb\ufffd\ufffd"
    plain = TextTask(text=text, sequence_length=4)
    assert plain.unknown is None and plain.read("az!").unknown == ("!",) and plain.read("az!").ids.tolist() == [0, 4]
    with pytest.raises(InputError, match="1 symbols"):
        plain.encode("a!")
    nothing_rare = TextTask(text="ab" * 60, sequence_length=4, min_count=3)
    assert nothing_rare.unknown is None and nothing_rare.vocabulary == ("a", "b")


@pytest.mark.parametrize(
    ("text", "settings", "message"),
    [
        ("one two three", {}, "3 words; it needs at least 4"),
        ("one two three four five", {"sequence_length": 9}, "5 words, too few for sequence_length=9"),
        ("  \n ", {}, "1 words"),
        ("abc", {"text": 3}, "string"),
        ("a b c d e f", {"max_words": 10_001}, "max_words is 10001"),
        ("a b c d e f", {"fold_case": 2}, "fold_case is 2"),
    ],
)
def test_what_cannot_be_read_is_refused(text, settings, message):
    with pytest.raises(ConfigError, match=message):
        TextTask(**{"text": text, "max_words": 50, "sequence_length": 2} | settings)


def test_one_word_alone_leaves_nothing_to_predict():
    with pytest.raises(ConfigError, match="one distinct word"):
        TextTask(text="la " * 40, max_words=1, sequence_length=2)


def test_a_network_of_words_trains_writes_and_is_saved(tmp_path):
    task = TextTask(text=TEXT, sequence_length=6, batch_size=4, max_words=12, fold_case=1, min_count=2)
    sizes = {"input_size": task.input_size, "hidden_size": 8, "output_size": task.output_size}
    trainer = Trainer(Model(ModelConfig("gru", **sizes)), task, TrainConfig(learning_rate=0.02))
    history = trainer.step(150)
    assert history.loss[-1] < 0.7 < 1.9 < history.loss[0]
    text = task.decode(generate(trainer.model, task.encode("the cat"), 6, temperature=0.0))
    assert set(words_of(text)) <= {*task.vocabulary, "<", "unk", ">"}
    path = tmp_path / "words.safetensors"
    path.write_bytes(dump(trainer))
    with path.open("rb") as file:
        resumed = read_checkpoint(file)
    assert resumed.task == task and resumed.task.vocabulary == task.vocabulary
    assert np.array_equal(resumed.step(3).loss, trainer.step(3).loss)


def test_a_file_from_before_there_were_words_is_read_as_characters():
    task = TextTask(text=TEXT, sequence_length=6)
    settings, arrays = to_saved(task)
    older = {name: value for name, value in settings.items() if name not in ("max_words", "fold_case", "min_count")}
    assert from_saved({"text": TextTask}, older, arrays) == task
    del older["batch_size"]
    with pytest.raises(ConfigError, match="task 'text' has"):
        from_saved({"text": TextTask}, older, arrays)


# a given vocabulary

OTHER = "The dog ran. The red cat sat, and the fox sang to the Dog!\n" * 6


def trained(task: TextTask) -> Trainer:
    sizes = {"input_size": task.input_size, "hidden_size": 8, "output_size": task.output_size}
    trainer = Trainer(Model(ModelConfig("gru", **sizes)), task, TrainConfig(learning_rate=0.02))
    trainer.step(3)
    return trainer


def by_loop(task: TextTask, symbols, stand_in: str | None) -> list[int]:
    known = list(task.vocabulary)
    return [known.index(symbol if symbol in known else stand_in) for symbol in symbols]


@pytest.mark.parametrize("settings", [{"max_words": 12}, {"max_words": 12, "fold_case": 1}, {"min_count": 4}])
def test_a_model_goes_on_with_another_text_in_its_own_vocabulary(settings):
    first = TextTask(text=TEXT, sequence_length=4, batch_size=2, **settings)
    trainer = trained(first)
    own = replace(first, text=OTHER)
    assert own.vocabulary != first.vocabulary, "after None, the other text has a vocabulary of its own"
    task = replace(own, given_vocabulary=first.vocabulary)
    assert task.vocabulary == first.vocabulary and task.unknown == first.unknown is not None
    ids = np.concatenate([task.training_ids, task.held_out_ids])
    symbols = list(task.symbols_of(OTHER))
    assert ids.dtype == np.int32 and ids.tolist() == by_loop(first, symbols, first.unknown)
    assert task.vocabulary.index(task.unknown) in ids and len(set(ids.tolist())) > 3
    again = Trainer(trainer.model, task, TrainConfig(learning_rate=0.02))
    assert np.isfinite(again.step(30).loss).all() and np.isfinite(again.evaluate())
    assert replace(task, text=TEXT).given_vocabulary == first.vocabulary, "what was given stays"
    assert task.chance == first.chance and np.isfinite(task.bigram_loss())


def test_symbols_without_a_place_in_a_given_vocabulary_are_refused():
    letters = TextTask(text="abc cab " * 12, sequence_length=4)
    task = replace(letters, text="cacaba " * 12, given_vocabulary=letters.vocabulary)
    assert task.vocabulary == (" ", "a", "b", "c") and task.unknown is None and task.encode("ca").tolist() == [3, 1]
    with pytest.raises(ConfigError, match=r"2 symbols which given_vocabulary lacks, such as 'x', '\\xe9', and"):
        replace(task, text="abcxé " * 12)
    stood_in = replace(letters, text="abcxé " * 12, given_vocabulary=(*letters.vocabulary, "\ufffd"))
    assert stood_in.unknown == "\ufffd" and stood_in.decode(stood_in.training_ids[:6]) == "abc\ufffd\ufffd "
    words = {"text": "one two three four " * 9, "sequence_length": 2, "max_words": 9}
    with pytest.raises(ConfigError, match=r"text has 1 symbols.*'four', and no '<unk>'"):
        TextTask(**words, given_vocabulary=("one", "two", "three"))
    assert TextTask(**words, given_vocabulary=("one", "two", "three", "four")).unknown is None


@pytest.mark.parametrize(
    ("given_vocabulary", "message"),
    [
        ("abc", "is a str of 'abc'; expected a tuple"),
        (3, "is a int"),
        (("a", ""), "is a tuple"),
        (("a", 3), "is a tuple"),
        (("a",), "has 1 symbols; expected 2 to 65,536"),
        (("a", "b", "a"), "has 'a' twice"),
        (("a", "b", "so"), "has 'so', which is no single character: set max_words"),
    ],
)
def test_what_can_be_no_vocabulary_is_refused(given_vocabulary, message):
    with pytest.raises(ConfigError, match=f"given_vocabulary {message}"):
        TextTask(text="abab" * 9, sequence_length=2, given_vocabulary=given_vocabulary)


@pytest.mark.parametrize(
    "task",
    [
        TextTask(text=OTHER, sequence_length=4, max_words=5, given_vocabulary=["the", "<unk>", "\n", "ё"]),
        TextTask(text="ab\ud800\0" * 9, sequence_length=4, given_vocabulary=("\0", "😀", "\ud800", "b", "a", '"')),
    ],
    ids=["words", "characters"],
)
def test_a_given_vocabulary_is_saved_and_read_again(task):
    trainer = trained(task)
    resumed = read_checkpoint(io.BytesIO(dump(trainer)))
    assert resumed.task == task and resumed.task.given_vocabulary == task.given_vocabulary
    assert hash(resumed.task) == hash(task) and resumed.model.vocabulary == task.vocabulary
    assert np.array_equal(resumed.step(3).loss, trainer.step(3).loss)


def test_a_file_without_a_given_vocabulary_is_what_it_was_before_there_was_one():
    settings, arrays = to_saved(TextTask(text=TEXT, sequence_length=6))
    assert "given_vocabulary" not in settings and set(arrays) == {"text"}


@pytest.mark.parametrize("damaged", [b"[[" * 5000, b"\xff", b'{"a": 1, "b": 2}', b'"ab"', b"null", b"[1, 2]"])
def test_a_damaged_given_vocabulary_is_refused(damaged):
    settings, arrays = to_saved(TextTask(text="abab" * 9, sequence_length=2, given_vocabulary=("a", "b")))
    arrays["given_vocabulary"] = np.frombuffer(damaged, np.uint8)
    if damaged == b"null":
        assert from_saved({"text": TextTask}, settings, arrays).given_vocabulary is None
        return
    with pytest.raises((ConfigError, UnicodeDecodeError)):
        from_saved({"text": TextTask}, settings, arrays)
