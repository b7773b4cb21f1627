"""Spoken vowels: the voice, its features, and the tasks that are made of them."""

import dataclasses
import io
import json

import numpy as np
import pytest
from scipy.signal import lfilter
from task_cases import check_arrays, same

from rnn_core import InputError, Model, ModelConfig, TrainConfig, Trainer
from rnn_core.checkpoint import dump, read_checkpoint
from rnn_core.ctc import labels_of
from rnn_core.tasks import TASKS
from rnn_core.tasks.speech import SPEECH, SpeechTask
from rnn_core.tasks.speech.features import (
    BANDS,
    FLOOR,
    HIGHEST,
    HOP,
    LOWEST,
    RATE,
    WINDOW,
    centres,
    decibels,
    log_mel,
    mel,
    resampled,
)
from rnn_core.tasks.speech.voice import CONTROL, FORMANTS, VOWELS, resonate, speak, speaker


def make(name="speech", **changes) -> SpeechTask:
    return SPEECH[name](**{"utterances": 32, "batch_size": 4} | changes)


# features


def features_by_definition(wave: np.ndarray) -> np.ndarray:
    """(frames, BANDS), one sum after the other."""
    edges = np.interp(np.linspace(mel(LOWEST), mel(HIGHEST), BANDS + 2), mel(np.arange(4001)), np.arange(4001))
    hann, n = np.hanning(WINDOW + 1)[:-1], np.arange(WINDOW)
    rows = []
    for start in range(0, len(wave) - WINDOW + 1, HOP):
        frame, row = wave[start : start + WINDOW] * hann, np.zeros(BANDS)
        for k in range(WINDOW // 2 + 1):
            energy = abs((frame * np.exp(-2j * np.pi * k * n / WINDOW)).sum()) ** 2
            for band in range(BANDS):
                row[band] += energy * np.interp(k * RATE / WINDOW, edges[band : band + 3], [0, 1, 0])
        rows.append(row)
    loud = np.sort(np.mean(rows, axis=1))[-(len(rows) // 4) :].mean()
    return np.log10(np.array(rows) / loud + FLOOR) + 1.5


@pytest.mark.small
def test_features_against_their_definition():
    wave = np.random.default_rng(0).normal(size=WINDOW + 7 * HOP) * np.linspace(0.1, 2, WINDOW + 7 * HOP)
    found = log_mel(wave)
    assert found.shape == (8, BANDS) and found.dtype == np.float32
    assert found == pytest.approx(features_by_definition(wave), abs=1e-4)
    assert log_mel(3 * wave) == pytest.approx(found, abs=1e-5)  # loudness does not matter
    assert np.isfinite(log_mel(np.zeros(WINDOW))).all()


@pytest.mark.small
def test_a_tone_is_loudest_in_the_band_of_its_frequency():
    for band in (4, 11, 17):
        tone = np.sin(2 * np.pi * centres()[band] * np.arange(8 * HOP) / RATE)
        level = decibels(log_mel(tone)).mean(axis=0)
        assert (
            level.argmax() == band and 0 < level.max() < 14 and level.min() >= -30.01
        )  # 13 dB: all of it in one of 20


@pytest.mark.small
@pytest.mark.parametrize("rate", [8000, 16_000, 44_100, 6000])
def test_another_rate_is_brought_to_ours(rate):
    """A tone stays, and one that is too high for RATE is gone."""
    times, own = np.arange(rate // 2) / rate, np.arange(RATE // 2) / RATE
    tone = np.sin(2 * np.pi * 440 * times)
    high = np.sin(2 * np.pi * 6000 * times) if rate > 12_000 else 0.0
    assert resampled(tone + high, rate) == pytest.approx(np.sin(2 * np.pi * 440 * own), abs=1e-3)
    uneven = resampled((tone + high)[: rate // 2 - 7 * rate // 100], rate)  # no whole tenths of a second
    assert len(uneven) == RATE * 43 // 100
    inside = slice(RATE // 20, -RATE // 20)  # its sharp ends ring
    assert uneven[inside] == pytest.approx(np.sin(2 * np.pi * 440 * own)[: len(uneven)][inside], abs=0.02)


@pytest.mark.small
@pytest.mark.parametrize(
    ("wave", "rate"),
    [(np.zeros(0), 8000), (np.zeros((2, 2)), 8000), ([np.nan], 8000), (np.zeros(10**6), 8000), ([1.0], 7)],
)
def test_what_is_no_sound_is_refused(wave, rate):
    with pytest.raises(InputError):
        resampled(wave, rate)


# the voice


@pytest.mark.small
def test_resonators_are_the_filters_of_the_equations():
    source, bandwidths = np.random.default_rng(1).normal(size=10 * CONTROL), np.array([80.0, 100.0, 150.0])
    tracks, found = np.tile(FORMANTS[0], (10, 1)), np.empty(len(source))
    resonate(source, tracks, bandwidths, 0.8, np.zeros((4, 3)), found)
    wanted = lfilter([1], [1, -0.8], source)
    for formant, bandwidth in zip(FORMANTS[0], bandwidths, strict=True):
        radius = np.exp(-np.pi * bandwidth / RATE)
        b, c = 2 * radius * np.cos(2 * np.pi * formant / RATE), -(radius**2)
        wanted = lfilter([1 - b - c], [1, -b, -c], wanted)
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_vowels_have_their_speakers_formants_and_glide(monkeypatch):
    given = []
    monkeypatch.setattr("rnn_core.tasks.speech.voice.resonate", lambda source, tracks, *rest: given.append(tracks))
    rng = np.random.default_rng(2)
    voice = speaker(rng)
    with np.errstate(all="ignore"):  # nothing is filtered: there is no sound
        spoken = speak(rng, np.array([2, 0]), voice, 64, 60.0)
    begins = [int(np.flatnonzero(spoken.path == 1 + vowel)[0]) for vowel in (2, 0)]
    for vowel, begin in zip((2, 0), begins, strict=True):
        wanted = FORMANTS[vowel] * voice.accent[vowel] * voice.tract
        assert given[0][(begin + 3) * HOP // CONTROL] == pytest.approx(wanted, rel=0.07)
    second = given[0][:, 1]
    assert (np.diff(second) <= 1e-9).all() and len(np.unique(second.round(6))) > 6  # from i down to a, in steps


def test_the_path_of_an_utterance_spells_what_is_said():
    task = make()
    for text in ("a", "uuuu", "aeiou", "ooeeiiaa", "a, e... I"):
        for number in range(12):
            said = "".join(task.symbols[label] for label in labels_of(task.say(text, number).path))
            assert said == "".join(letter for letter in text.lower() if letter in VOWELS)
    lengths = {len(labels_of(task.utterance(number, "train").path)) for number in range(60)}
    assert lengths == {1, 2, 3, 4}


@pytest.mark.parametrize("text", ["", "xyz", "a b", "aeiouaeio", "ä", 9 * "a"])
def test_what_cannot_be_said_is_refused(text):
    with pytest.raises(InputError, match="expected one to 8 of a, e, i, o, u"):
        make().say(text, 0)


# the tasks


@pytest.mark.parametrize("name", SPEECH)
def test_the_promises_of_a_task(name):
    task = make(name)
    again = SPEECH[name](**json.loads(json.dumps(dataclasses.asdict(task))))
    assert again == task and task.name == name and name not in TASKS
    block = task.block(1, seed=5)
    assert check_arrays(task, block, (task.block_size,)) == 4 and block.mask is None
    assert check_arrays(task, task.held_out(), ()) == 64 and check_arrays(task, task.example(3, "held_out"), ()) == 1
    assert same(again.block(1, seed=5), block) and not same(task.block(2, seed=5), block)
    assert not same(make(name, seed=1).held_out(), task.held_out())
    model = Model(ModelConfig("lstm", task.input_size, 4, task.output_size, bidirectional=True, loss=task.loss, seed=1))
    assert task.chance == pytest.approx(model.loss(*task.held_out()[:2]), rel=0.2)  # before it has learned anything


def test_a_sequence_is_the_sound_that_is_heard():
    task = make()
    spoken, batch = task.utterance(5, "held_out"), task.example(5, "held_out")
    assert np.array_equal(batch.x[:, 0], log_mel(spoken.wave)) and np.array_equal(batch.targets[:, 0], spoken.path)


def test_held_out_speakers_are_never_heard_in_training(monkeypatch):
    voices = {"train": [], "held_out": []}
    monkeypatch.setattr(
        "rnn_core.tasks.speech.task.speaker", lambda rng: voices[split].append(one := speaker(rng)) or one
    )
    task = make(speakers=3)
    for split in voices:
        for number in range(20):
            task.utterance(number, split)
    trained, unseen = ({voice.tract for voice in found} for found in voices.values())
    assert len(trained) == 3 and len(unseen) == 16 and not trained & unseen


def test_accuracy_is_one_less_the_error_rate():
    task = make()
    batch = task.held_out()
    outputs = np.eye(task.output_size)[batch.targets]
    assert task.accuracy(outputs, batch) == 1
    outputs[:, :32, 0] = 2  # nothing but blanks
    labels = [len(labels_of(path)) for path in batch.targets.T]
    assert task.accuracy(outputs, batch) == pytest.approx(1 - sum(labels[:32]) / sum(labels))


@pytest.mark.parametrize("name", SPEECH)
def test_a_network_learns_to_hear_unseen_speakers(name):
    task = make(name, utterances=256, batch_size=16)
    model = Model(ModelConfig("lstm", task.input_size, 24, task.output_size, bidirectional=True, loss=task.loss))
    trainer = Trainer(model, task, TrainConfig(learning_rate=0.01, clip_norm=1.0))
    trainer.step(800)
    batch = task.held_out()
    assert task.accuracy(model.forward(batch.x).probs, batch) > 0.75
    again = read_checkpoint(io.BytesIO(dump(trainer)))
    assert again.task == task and np.array_equal(again.step(1).loss, trainer.step(1).loss)
