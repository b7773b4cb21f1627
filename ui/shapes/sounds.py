"""Sounds of the shape “speech”: what is heard for a choice, as samples and as the bytes of a WAV file."""

import io
import wave

import numpy as np

from rnn_core import InputError
from rnn_core.tasks.speech import SpeechTask
from rnn_core.tasks.speech.features import HOP, RATE, WINDOW, resampled
from rnn_core.tasks.speech.voice import Utterance
from ui.training.snapshot import SampleChoice

RECORDED = "recorded"  # a choice's split
FULL = 32767  # the largest sample of 16 bits
LONGEST_FILE = 8 * 2**20  # bytes
READ = 12.0  # seconds in which the voice must begin
LONGEST, SHORTEST = 3.0, 0.1  # seconds of a recording that are heard
AROUND = 0.1  # seconds that are kept before and after what is loud
LOUD = 0.05  # of the loudest: 26 dB below it
SILENT = 1e-3  # of the largest number: a microphone that is off


class RecordingError(ValueError):
    """The recording cannot be read, or nothing is to be heard in it."""


def wav(samples: np.ndarray) -> bytes:
    """A sound at RATE as a WAV file of 16 bits, as loud as it can be."""
    largest = max(float(np.abs(samples).max()), 1e-9)
    return _wav_of(pcm(0.9 * samples / largest))


def pcm(samples: np.ndarray) -> bytes:
    """Samples from -1 to 1 as numbers of 16 bits."""
    return np.round(FULL * np.clip(samples, -1, 1)).astype("<i2").tobytes()


def _wav_of(numbers: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(numbers)
    return file.getvalue()


def recording(data: bytes) -> tuple[bytes, bool]:
    """(what is loud in a WAV file as 16 bits at RATE, whether it was longer than LONGEST). Raises RecordingError."""
    try:
        with wave.open(io.BytesIO(data[:LONGEST_FILE])) as reader:
            channels, width, rate = reader.getnchannels(), reader.getsampwidth(), reader.getframerate()
            raw = reader.readframes(round(READ * rate))
        if not 1 <= width <= 4 or not raw:
            raise RecordingError
        samples = resampled(_numbers(raw, width).reshape(-1, channels).mean(axis=1), rate)
    except (wave.Error, EOFError, RuntimeError, ValueError, InputError, ZeroDivisionError):  # of wave, the first three
        raise RecordingError from None
    samples -= samples.mean()
    frames = samples[: len(samples) // HOP * HOP].reshape(-1, HOP)
    level = np.sqrt(np.square(frames).mean(axis=1))
    if not level.size or level.max() < SILENT:
        raise RecordingError
    loud = np.flatnonzero(level > LOUD * level.max())
    begin = max(0, int(loud[0] * HOP - AROUND * RATE))
    end = int((loud[-1] + 1) * HOP + AROUND * RATE)
    heard, most = samples[begin:end], int(LONGEST * RATE)
    if len(heard) < max(SHORTEST * RATE, WINDOW):
        raise RecordingError
    return pcm(0.9 * heard[:most] / np.abs(heard).max()), len(heard) > most


def _numbers(raw: bytes, width: int) -> np.ndarray:
    """(n,) samples from -1 to 1 of a WAV file with so many bytes for each: those of one byte have no sign."""
    if width == 1:
        return np.frombuffer(raw, np.uint8) / 128.0 - 1
    high = np.zeros((len(raw) // width, 4), np.uint8)  # the bytes of greatest weight come last
    high[:, 4 - width :] = np.frombuffer(raw, np.uint8).reshape(-1, width)
    return high.view("<i4")[:, 0] / 2.0**31


def sound_of(task: SpeechTask, choice: SampleChoice) -> tuple[np.ndarray, np.ndarray | None]:
    """(samples at RATE, which vowel sounds in each frame; None where nobody knows) of a choice.

    Raises InputError for what cannot be said.
    """
    if choice.split == RECORDED:
        return np.frombuffer(choice.recording, "<i2") / FULL, None
    said: Utterance
    if choice.split == "typed":
        said = task.say(choice.typed, choice.number)
    else:
        said = task.utterance(choice.number % task.held_out_size, "held_out")
    return said.wave, said.path
