"""Small pictures to be described: the picture is read once, then the words follow one another (Vinyals et al. 2015)."""

import functools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnn_core.model import Model
from rnn_core.tasks.base import SEEDS, SEQUENCES, Batch, GeneratedTask, Split, setting
from rnn_core.tasks.captions.pictures import CELLS, PIXELS, centres, pictures
from rnn_core.tasks.captions.scenes import (
    CHINESE,
    ENGLISH,
    SEPARATORS,
    attributes,
    captions,
    combinations,
    different,
    letters,
    scenes_of,
    turned,
)
from rnn_core.tasks.splitting import held_out_rows

PAIRS_OF_A_LANE = np.array([[0, 1], [0, 2], [1, 2]])  # two of three places
BATCHES = 8  # of a block: pictures are large


@dataclass(frozen=True, kw_only=True)
class CaptionTask(GeneratedTask):
    """Describe a picture of two objects, such as "a small red ring above a large blue square".

    Inputs: at step 0 the ink of each pixel, then each word as a one-hot vector behind the pixels, beginning with the
    end mark. Outputs from step 1 on: the next word. Each picture has two right captions, one from each of its objects;
    training data have either. Held out are combinations of colours, shapes and relation, in all sizes and places, said
    from either object. batch_size : B. seed : of the data.

    >>> task = CaptionTask()
    >>> x, targets, mask = task.example(3)
    >>> x.shape, task.written(targets[1:, 0])
    ((12, 1, 692), 'a small red square below a small blue circle')
    """

    name: ClassVar[str] = "captions"
    side: ClassVar[int] = ENGLISH
    measure: ClassVar[str] = "right_captions"
    vocabulary: ClassVar[None] = None
    held_out_size: ClassVar[int] = 128
    block_size: ClassVar[int] = BATCHES
    best: ClassVar[None] = None

    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @property
    def words(self) -> tuple[str, ...]:
        """Of the output; the end is the last."""
        return letters(self.side)

    @property
    def output_size(self) -> int:
        return len(self.words)

    @property
    def input_size(self) -> int:
        return PIXELS + len(self.words)

    @property
    def sequence_length(self) -> int:
        return 1 + captions(self.side).shape[1]

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        def generate(n: int) -> tuple[np.ndarray, ...]:
            scenes = rng.choice(different(), n)
            lanes, pairs, shifts = rng.integers(CELLS, size=n), rng.integers(CELLS, size=n), rng.random((n, 2, 2))
            return combinations(scenes), scenes, lanes, pairs, 2 * shifts - 1

        _deciding, scenes, lanes, pairs, shifts = held_out_rows(generate, count, split)
        found = attributes(scenes)
        along = PAIRS_OF_A_LANE[pairs]
        relation = found[:, 3, None]
        along = np.where(relation % 2 == 1, along[:, ::-1], along)
        places = np.where(relation < 2, CELLS * along + lanes[:, None], CELLS * lanes[:, None] + along)
        objects = np.stack([found[:, :3], found[:, 4:]], axis=1)
        return self.batch(pictures(objects, centres(places, shifts)), captions(self.side)[scenes].T)

    def batch(self, ink: np.ndarray, ids: np.ndarray) -> Batch:
        """The batch of pictures (B, PIXELS) whose captions are ids (S, B), each word read when it was written."""
        steps, count = 1 + len(ids), ids.shape[1]
        end = self.output_size - 1
        x = np.zeros((steps, count, self.input_size), np.float32)
        x[0, :, :PIXELS] = ink
        read = np.concatenate([np.full((1, count), end), ids[:-1]])
        np.put_along_axis(x[1:], PIXELS + read[..., None], 1, axis=2)
        targets = np.full((steps, count), end, np.int32)
        targets[1:] = ids
        mask = np.zeros((steps, count), np.float32)
        mask[1] = 1
        mask[2:] = np.logical_and.accumulate(ids[:-1] != end, axis=0)
        return Batch(x, targets, mask)

    def write(self, model: Model, ink: np.ndarray) -> np.ndarray:
        """(S, B) ids: what a network says of pictures (B, PIXELS), the likeliest word at each step; nothing more where
        its numbers are no longer finite."""
        count, end = len(ink), self.output_size - 1
        x = np.zeros((1, count, self.input_size), np.float32)
        x[0, :, :PIXELS] = ink
        trace, ids = model.forward(x), np.full((self.sequence_length, count), end, np.int32)
        broken = np.zeros(count, bool)
        for step in range(1, self.sequence_length):
            x = np.zeros_like(x)
            x[0, np.arange(count), PIXELS + ids[step - 1]] = 1
            parts = trace.state if isinstance(trace.state, tuple) else (trace.state,)
            lost = np.any([~np.isfinite(part).all(axis=(0, 2)) for part in parts], axis=0)
            kept = [np.where(lost[:, None], 0, part) for part in parts]
            trace = model.forward(x, state=tuple(kept) if len(kept) > 1 else kept[0])
            broken |= lost | ~np.isfinite(trace.logits[0]).all(axis=-1)
            ids[step] = np.where(broken, end, trace.logits[0].argmax(axis=-1))
        return ids[1:]

    def written(self, ids: np.ndarray) -> str:
        """The caption that ids (S,) say, to its end."""
        words = [self.words[int(i)] for i in ids]
        return SEPARATORS[self.side].join(words[: words.index(self.words[-1])] if self.words[-1] in words else words)

    def matches(self, ids: np.ndarray, batch: Batch) -> np.ndarray:
        """(B,) bool: whether captions (S, B) are true of the pictures of a batch, said from either object."""
        said, meant = (scenes_of(each, self.side) for each in (ids, batch.targets[1:]))
        return (said == meant) | (said == turned(meant))

    def agreement(self, ids: np.ndarray, batch: Batch) -> np.ndarray:
        """(B, 7) bool: which attributes of captions (S, B) are those of the pictures; what is no caption has none.

        Compared with that of the two right captions with which it has more in common.
        """
        said, meant = (scenes_of(each, self.side) for each in (ids, batch.targets[1:]))
        found = attributes(np.maximum(said, 0))
        one, other = (found == attributes(scenes) for scenes in (meant, turned(meant)))
        best = np.where((one.sum(axis=1) >= other.sum(axis=1))[:, None], one, other)
        return best & (said >= 0)[:, None]

    def exact(self, model: Model) -> float:
        """Share of the held-out pictures whose caption by a network is right, to the last word."""
        batch = self.held_out()
        return float(self.matches(self.write(model, batch.x[0, :, :PIXELS]), batch).mean())

    @functools.cached_property
    def guess(self) -> float:
        """Share of the held-out pictures for which the same caption is right, at most."""
        meant = scenes_of(self.held_out().targets[1:], self.side)
        return float(np.unique(np.minimum(meant, turned(meant)), return_counts=True)[1].max() / len(meant))


@dataclass(frozen=True, kw_only=True)
class ChineseCaptionTask(CaptionTask):
    """The same pictures, in Chinese: 蓝色大正方形上方有一个红色小圆环.

    >>> task = ChineseCaptionTask()
    >>> task.written(task.example(3).targets[1:, 0])
    '蓝色小圆形下方有一个红色小正方形'
    """

    name: ClassVar[str] = "captions_zh"
    side: ClassVar[int] = CHINESE
