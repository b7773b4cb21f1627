"""Spoken vowels to be written down: every sound is a row of frames, and what is said in it are a few symbols."""

import functools
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnn_core.ctc import best_path, even_loss, label_error_rate, labels_of
from rnn_core.errors import InputError
from rnn_core.tasks.base import SEEDS, SEQUENCES, STREAM_NUMBER, Batch, Block, Loss, Split, Task, setting, split_updates
from rnn_core.tasks.speech.features import BANDS, log_mel
from rnn_core.tasks.speech.voice import VOWELS, Utterance, speak, speaker

FRAMES = 64  # a good second
FRAMES_OF_A_VOWEL = 14  # of what a reader asks for, with the pauses
LOWEST_NOISE, HIGHEST_NOISE = 8.0, 35.0  # decibels of the voice above the noise
UNSEEN = 16  # speakers of the held-out utterances
SPEAKER, UTTERANCE = 0, 1  # words in the seeds
BLANK = "–"
MOST_VOWELS = 8


@dataclass(frozen=True, kw_only=True)
class SpeechTask(Task):
    """Write down the vowels of a second of synthetic speech, learning from what was said and not when (CTC).

    Inputs: the log-mel features of 64 frames. Outputs: the blank, then a, e, i, o, u; the targets name the vowel that
    sounds in each frame, of which CTC takes the order alone. Held out are utterances of speakers who are never heard in
    training. longest : vowels of an utterance, at most; at least there is one. speakers, utterances : of the training
    data. batch_size : B. seed : of the data. `chance` is the loss of equal probabilities.

    >>> task = SpeechTask(utterances=16)
    >>> x, targets, _ = task.example(0)
    >>> x.shape, [task.symbols[label] for label in labels_of(targets[:, 0])]
    ((64, 1, 20), ['a', 'u', 'e', 'a'])
    """

    name: ClassVar[str] = "speech"
    loss: ClassVar[Loss] = "ctc"
    measure: ClassVar[str] = "right_symbols"
    vocabulary: ClassVar[None] = None
    symbols: ClassVar[tuple[str, ...]] = (BLANK, *VOWELS)
    sequence_length: ClassVar[int] = FRAMES
    input_size: ClassVar[int] = BANDS
    output_size: ClassVar[int] = 1 + len(VOWELS)
    best: ClassVar[None] = None

    longest: int = setting(4, 1, 5)
    speakers: int = setting(32, 1, 1000)
    utterances: int = setting(768, 16, 4096)
    batch_size: int = setting(16, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @functools.cached_property
    def chance(self) -> float:
        return even_loss(self.held_out().targets, None, self.output_size)

    def utterance(self, number: int, split: Split) -> Utterance:
        """The sound behind a sequence: utterance `number` of the training data, or of the held-out batch."""
        rng = np.random.default_rng([self.seed, STREAM_NUMBER[split], UTTERANCE, number])
        vowels = rng.integers(len(VOWELS), size=rng.integers(1, self.longest + 1))
        return self._spoken(rng, vowels, number, split, FRAMES)

    def say(self, text: str, number: int) -> Utterance:
        """Vowels that a reader typed, said by one of the unseen speakers.

        text : one to eight of a, e, i, o, u, with anything between that is no letter. number : which speaker.
        Raises InputError for anything else.
        """
        letters = [letter for letter in text.lower() if letter.isalnum()]
        if not 0 < len(letters) <= MOST_VOWELS or set(letters) - set(VOWELS):
            raise InputError(f"text is {text[:50]!r}; expected one to {MOST_VOWELS} of {', '.join(VOWELS)}")
        vowels = np.array([VOWELS.index(letter) for letter in letters])
        rng = np.random.default_rng([self.seed, STREAM_NUMBER["held_out"], UTTERANCE, number, *vowels])
        return self._spoken(rng, vowels, number, "held_out", max(FRAMES, 8 + FRAMES_OF_A_VOWEL * len(vowels)))

    def _spoken(
        self, rng: np.random.Generator, vowels: np.ndarray, number: int, split: Split, frames: int
    ) -> Utterance:
        voices = self.speakers if split == "train" else UNSEEN
        voice = speaker(np.random.default_rng([self.seed, STREAM_NUMBER[split], SPEAKER, number % voices]))
        return speak(rng, vowels, voice, frames, rng.uniform(LOWEST_NOISE, HIGHEST_NOISE))

    def make_block(self, index: int, seed: int, stateful: bool) -> Block:
        x, paths = _corpus(self.longest, self.speakers, self.utterances, self.seed)
        n = self.block_size
        rng = np.random.default_rng([self.seed, STREAM_NUMBER["train"], seed, index])
        chosen = rng.integers(self.utterances, size=n * self.batch_size)
        frames, targets = (split_updates(array[:, chosen], n) for array in (x, paths))
        return Block(frames, targets, None, np.ones(n, bool))

    def make_held_out(self) -> Batch:
        return Batch(*_as_batch([self.utterance(number, "held_out") for number in range(self.held_out_size)]), None)

    def accuracy(self, outputs: np.ndarray, batch: Batch) -> float:
        """1 - the error rate of the vowels on the best paths of outputs (T, B, K), or 0 where that exceeds 1."""
        outputs = self.checked_outputs(outputs, batch)
        found = [best_path(outputs[:, b]) for b in range(outputs.shape[1])]
        return max(0.0, 1 - label_error_rate(found, [labels_of(path) for path in batch.targets.T]))


@dataclass(frozen=True, kw_only=True)
class SpeechFramesTask(SpeechTask):
    """The same utterances, learning from a label for each frame: the vowel that sounds in it, or the blank.

    >>> task = SpeechFramesTask(utterances=16)
    >>> task.loss, task.chance == math.log(6)
    ('cross_entropy', True)
    """

    name: ClassVar[str] = "speech_frames"
    loss: ClassVar[Loss] = "cross_entropy"

    @property
    def chance(self) -> float:
        return math.log(self.output_size)


def _as_batch(spoken: list[Utterance]) -> tuple[np.ndarray, np.ndarray]:
    """(x (T, N, BANDS), targets (T, N))"""
    x = np.stack([log_mel(each.wave) for each in spoken], axis=1)
    return x, np.stack([each.path for each in spoken], axis=1)


@functools.lru_cache(maxsize=2)
def _corpus(longest: int, speakers: int, utterances: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The training data: all who train on the same share them."""
    task = SpeechTask(longest=longest, speakers=speakers, utterances=utterances, seed=seed)
    return _as_batch([task.utterance(number, "train") for number in range(utterances)])
