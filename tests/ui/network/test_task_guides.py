"""The sentences on each task: every one has them, their numbers are the task's, every special sign is explained."""

import math

import numpy as np
import pytest
from task_cases import SMALL, make

from rnn_core.tasks import TASKS, texts
from ui.i18n import LANGUAGES, language
from ui.network.task_guides import STREAMS, TASK_GUIDES, task_guide

_ = language("en").gettext
WORDS = 2  # a sign of fewer characters that is no letter and no digit needs an explanation


def told(name, code="en", **changes) -> str:
    return task_guide(name, SMALL[name] | changes, language(code).gettext)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", TASKS)
def test_every_task_says_what_goes_in_what_comes_out_how_far_back_and_what_a_guess_costs(name, code):
    assert len(TASK_GUIDES[name]) >= 3
    sentences = told(name, code)
    assert "{" not in sentences and ("In: " in sentences or code != "en")
    if name != "text":  # its chance is that of the text
        chance = make(name).chance
        written = [f"{chance:.0f}", f"{chance:.2f}", f"{chance:.3f}"]
        assert any(number in sentences for number in written)


@pytest.mark.parametrize("name", TASKS)
def test_every_special_sign_is_explained(name):
    task = make(name)
    read = np.unique(task.example(0).x) if task.vocabulary else ()
    signs = [task.vocabulary[i] for i in read if len(task.vocabulary[i]) < WORDS and not task.vocabulary[i].isalnum()]
    known = {" ": "␣", ",": "", ".": "" if name == "text" else "."}
    for sign in signs:
        assert known.get(sign, sign) in told(name), sign


def test_recall_names_the_delay():
    x, targets, mask = make("recall", delay=7).example(0)
    assert "How many steps back it lies: 7." in told("recall", delay=7)
    answer = int(np.flatnonzero(mask[:, 0])[0])
    assert answer == 7 and x[0, 0] == targets[answer, 0]


def test_copied_letters_lie_as_far_back_as_is_said():
    task = make("copy", delay=6, length=4)
    x, targets, _mask = task.example(0)
    back = [t for t in range(1, len(x)) if np.array_equal(x[:4, 0], targets[t : t + 4, 0])]
    assert back == [10] and "How many steps back each lies: 10." in told("copy", delay=6, length=4)
    assert f"costs {task.chance:.2f} nats per step" in told("copy", delay=6, length=4)
    assert f"would cost {math.log(task.output_size):.2f}" in told("copy", delay=6, length=4)


def test_marked_letters_of_temporal_order_lie_where_it_is_said():
    task = make("order", sequence_length=40)
    batch = task.make_block(0, 0, False)
    relevant = np.isin(np.asarray(batch.x), [task.vocabulary.index("X"), task.vocabulary.index("Y")])
    steps = np.nonzero(relevant.reshape(-1, 40, relevant.shape[-1]))[1]
    backs = 39 - steps
    assert "about 34 steps back, the second about 18" in told("order", sequence_length=40)
    assert np.abs(backs[backs > 25] - 34).max() <= 3 and np.abs(backs[backs <= 25] - 18).max() <= 3


def test_the_subject_lies_before_the_gap_as_far_as_is_said():
    task = make("agreement", attractors=2)
    x = np.asarray(task.make_block(0, 0, False).x).reshape(-1, task.sequence_length, task.batch_size)
    gap = (x == task.vocabulary.index("_")).argmax(axis=1)
    assert gap.max() - 1 == 7 and "up to 7 words before the gap" in told("agreement", attractors=2)


def test_the_outer_letters_of_reber_strings_lie_as_far_apart_as_is_said():
    task = make("reber")
    apart = [len(string) - 3 for split in ("train", "held_out") for string in task.strings(split)]
    assert min(apart) == 6 and f"6 to {max(apart)} letters after it" in told("reber")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_stream_says_how_far_back_it_needs_memory_and_nothing_of_words(code):
    gettext = language(code).gettext
    told = {name: task_guide(name, {}, gettext, symbols=2) for name in (*STREAMS, "text")}
    assert len(set(told.values())) == len(told) and STREAMS.keys() == set(texts.STREAMS)
    assert [name for name, sentences in told.items() if "␣" in sentences] == ["text"]


def test_an_exclusive_or_can_be_known_at_every_third_bit_alone():
    bits = np.array(list(texts.TEXTS["xor_stream"].text), int).reshape(-1, 3)
    assert (bits[:, 2] == bits[:, 0] ^ bits[:, 1]).all()
    assert f"ln 2 = {2 / 3 * math.log(2):.2f}" in task_guide("xor_stream", {}, _, symbols=2)


def test_the_blind_guess_of_a_text_is_that_of_its_own_symbols():
    told = task_guide("text", {}, language("en").gettext, symbols=91)
    assert "here 4.51 for 91 symbols" in told
