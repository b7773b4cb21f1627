"""Pictures and their captions: what is drawn, said in two languages, and held out."""

import dataclasses
import json

import numpy as np
import pytest

from rnn_core import Model, ModelConfig
from rnn_core.tasks import TASKS
from rnn_core.tasks.captions import CAPTIONS, CaptionTask, ChineseCaptionTask
from rnn_core.tasks.captions.pictures import INK, PIXELS, SIDE, centres, pictures, places_of, relation_of
from rnn_core.tasks.captions.scenes import (
    CHINESE,
    ENGLISH,
    attributes,
    captions,
    combinations,
    different,
    grammar,
    held_out,
    letters,
    number_of,
    scenes_of,
    turned,
)


@pytest.mark.parametrize("name", CAPTIONS)
def test_the_promises_of_a_task(name):
    task = CAPTIONS[name](batch_size=4)
    again = CAPTIONS[name](**json.loads(json.dumps(dataclasses.asdict(task))))
    assert again == task and task.name == name and name not in TASKS
    block, shape = task.block(1, seed=5), (task.block_size, task.sequence_length, 4)
    assert block.x.shape == (*shape, task.input_size) and block.targets.shape == block.mask.shape == shape
    assert all(array.flags.c_contiguous for array in block[:3]) and block.reset.all()
    same = [np.array_equal(*pair) for pair in zip(block, again.block(1, seed=5), strict=True)]
    assert all(same) and not np.array_equal(block.x, task.block(2, seed=5).x)
    assert not np.array_equal(CAPTIONS[name](seed=1).held_out().x, task.held_out().x)
    model = Model(ModelConfig("lstm", task.input_size, 4, task.output_size, seed=1))
    assert task.chance == pytest.approx(
        model.loss(*task.held_out()[:2], mask=task.held_out().mask), rel=0.2
    )  # before it has learned anything


def test_both_languages_say_the_same_of_the_same_pictures():
    one, other = CaptionTask(), ChineseCaptionTask()
    english, chinese = one.held_out(), other.held_out()
    assert np.array_equal(english.x[0, :, :PIXELS], chinese.x[0, :, :PIXELS])
    assert np.array_equal(scenes_of(english.targets[1:], ENGLISH), scenes_of(chinese.targets[1:], CHINESE))
    text = "a small red ring above a large blue square"
    [scene] = (n for n, row in enumerate(captions(ENGLISH)) if one.written(row) == text)
    assert other.written(captions(CHINESE)[scene]) == "蓝色大正方形上方有一个红色小圆环"
    [words] = grammar().translations(text.split(), ENGLISH)
    assert "".join(words) == "蓝色大正方形上方有一个红色小圆环"
    assert one.written(captions(ENGLISH)[turned(np.array(scene))]) == "a large blue square below a small red ring"


def test_a_picture_shows_what_its_caption_says():
    task = CaptionTask()
    batch = task.held_out()
    ink = batch.x[0, :, :PIXELS]
    found = attributes(scenes_of(batch.targets[1:], ENGLISH))
    for picture, scene in zip(ink, found, strict=True):
        places = places_of(picture)
        order = places if scene[3] % 2 == 0 else places[::-1]
        assert relation_of(*order) == scene[3]
        for place, (size, colour, _shape) in zip(order, (scene[:3], scene[4:]), strict=True):
            row, column = divmod(place, 3)
            part = picture.reshape(SIDE, SIDE, 3)[5 * row : 5 * row + 5, 5 * column : 5 * column + 5].sum(axis=(0, 1))
            assert (INK @ part / np.linalg.norm(INK, axis=1)).argmax() == colour
            assert (part[INK[colour] > 0] / INK[colour][INK[colour] > 0]).mean() > (6 if size else 2)
    assert (ink >= 0).all() and (ink <= 1).all() and ink.max() > 0.8


def test_large_objects_have_more_ink_and_no_two_objects_look_alike():
    objects = np.array([[[size, colour, shape]] * 2 for size in range(2) for colour in range(4) for shape in range(4)])
    middles = np.broadcast_to(centres(np.array([4, 4])), (len(objects), 2, 2))
    drawn = pictures(objects, middles)
    apart = np.abs(drawn[:, None] - drawn[None]).sum(axis=2) + 9 * np.eye(len(drawn))
    assert apart.min() > 1
    totals = drawn.sum(axis=1).reshape(2, 4, 4)
    assert (totals[1] > 1.4 * totals[0]).all()


def test_a_held_out_combination_is_in_no_training_picture_in_whatever_size_and_order():
    task = CaptionTask()
    kept = scenes_of(task.held_out().targets[1:], ENGLISH)
    unseen = combinations(kept)
    trained = [task.block(index, seed=0).targets for index in range(6)]
    scenes = np.concatenate([scenes_of(targets[1:], ENGLISH) for block in trained for targets in block])
    assert (scenes >= 0).all() and not held_out(scenes).any() and held_out(kept).all()
    assert not set(map(tuple, combinations(scenes))) & set(map(tuple, unseen))
    every = different()
    assert np.array_equal(held_out(every), held_out(turned(every))) and 0.08 < held_out(every).mean() < 0.17
    assert len(np.unique(combinations(np.arange(4096)), axis=0)) == 512


def test_scenes_turn_round_and_are_read_back():
    every = np.arange(4096)
    assert np.array_equal(turned(turned(every)), every) and np.array_equal(number_of(attributes(every)), every)
    for side in (ENGLISH, CHINESE):
        assert np.array_equal(scenes_of(captions(side).T, side), every)
        behind = captions(side).T.copy()
        behind[-1, behind[-2] == len(letters(side)) - 1] = 0  # behind the end anything may stand
        assert np.array_equal(scenes_of(behind, side), every)
        assert scenes_of(captions(side)[:3, ::-1].T.copy(), side).tolist() == [-1, -1, -1]
    assert len(different()) == 4096 - 32 * 4


@pytest.mark.parametrize("name", CAPTIONS)
def test_captions_are_judged_from_either_object(name):
    task = CAPTIONS[name]()
    batch = task.held_out()
    right = batch.targets[1:]
    meant = scenes_of(right, task.side)
    other = captions(task.side)[turned(meant)].T
    assert task.matches(right, batch).all() and task.matches(other, batch).all()
    assert task.agreement(right, batch).all() and task.agreement(other, batch).all()
    found = attributes(meant)
    found[:, 1] = (found[:, 1] + 1) % 4
    wrong = captions(task.side)[number_of(found)].T
    same = meant == turned(number_of(found))
    assert not (task.matches(wrong, batch) & ~same).any()
    assert task.agreement(wrong, batch)[~same].sum(axis=1).min() == 6
    assert not task.agreement(np.zeros_like(right), batch).any() and 0 < task.guess < 0.1


def test_writing_is_reading_its_own_words():
    task = ChineseCaptionTask()
    model = Model(ModelConfig("lstm", task.input_size, 6, task.output_size, seed=3))
    ink = task.held_out().x[0, :5, :PIXELS]
    ids = task.write(model, ink)
    forced = model.forward(task.batch(ink, ids).x).logits[1:].argmax(axis=-1)
    assert np.array_equal(forced, ids) and ids.shape == (task.sequence_length - 1, 5)
    assert task.exact(model) == 0


def test_each_word_counts_up_to_the_end():
    x, targets, mask = CaptionTask().held_out()
    end = CaptionTask().output_size - 1
    lengths = (targets[1:] != end).sum(axis=0)
    assert set(lengths.tolist()) == {9, 10} and np.array_equal(mask.sum(axis=0), lengths + 1) and not mask[0].any()
    assert np.array_equal(x[2:, :, PIXELS:].argmax(axis=2), targets[1:-1]) and (x[1, :, PIXELS + end] == 1).all()
    assert not x[1:, :, :PIXELS].any() and not x[0, :, PIXELS:].any()
