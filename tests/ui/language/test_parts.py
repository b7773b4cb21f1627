"""The parts of the page “Language”: sentences, branches, the counting baselines, the game, their figures."""

import math
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from rnn_core import Model, ModelConfig, TrainConfig, Trainer, generate
from rnn_core.analysis.scoring import score
from rnn_core.tasks import TextTask
from ui.i18n import language
from ui.language import game
from ui.language.baselines import KEPT, NgramBaselines, counting
from ui.language.branches import Drawing, Fork, distributions, forks, grow, search, step
from ui.language.figures import FigureStyle, baselines, choices, parting, race
from ui.language.guides import amount, baselines_table, compared_with_counting, game_table, probability, times, verdict
from ui.language.model_copy import ModelCopy, obstacle, start
from ui.language.sentences import best, examples, lines_of, measure
from ui.language.views.write import _entropy
from ui.live.cache import Cache
from ui.theme import LIGHT

_ = language("en").gettext

TEXT = "The cat sat on the mat. The dog ran to the cat, and the cat ran up a tree.\n" * 30
STYLE = FigureStyle(LIGHT, _, "bits")


@pytest.fixture(scope="module")
def copy():
    """A network that has learned the text a little."""
    task = TextTask(text=TEXT, sequence_length=12, batch_size=4)
    sizes = {"input_size": task.input_size, "hidden_size": 12, "output_size": task.output_size}
    trainer = Trainer(Model(ModelConfig("gru", **sizes, seed=1)), task, TrainConfig(learning_rate=0.02))
    trainer.step(120)
    return ModelCopy(1, 120, trainer.model, task)


def words(text=TEXT, **settings):
    return TextTask(text=text, sequence_length=5, max_words=50, **settings)


# sentences


def test_the_sentence_of_the_text_beats_its_words_backwards(copy):
    before = start(copy.task, "")
    assert before.written == ("\n",)
    found = measure(copy, ["the cat ran up", "up ran cat the"], before.ids)
    assert best(found) == 0
    for item in found:
        again = score(copy.model, before.ids, copy.task.encode(item.text))
        assert item.score.log_probs == pytest.approx(again.log_probs) and item.cut == 0
    gap = found[0].score.total - found[1].score.total
    assert times(gap) in verdict(found, 0, _)
    far = [found[0], found[1]._replace(score=found[1].score._replace(log_probs=found[1].score.log_probs - 1e26))]
    assert "more than 10⁹⁹⁹⁹⁹⁹ times" in verdict(far, 0, _)


def test_examples_come_from_the_held_out_part():
    task = words()
    first, swapped, backwards = examples(task)
    assert first in TEXT and sorted(first) == sorted(swapped)
    assert backwards.rstrip(".").split()[::-1] == first.rstrip(".").split()
    assert swapped != first and len(examples(TextTask(text="ab" * 40, sequence_length=4))) >= 1


def test_unknown_symbols_are_left_out_or_read_as_unknown(copy):
    left_out = measure(copy, ["caté", "ωω"], [0])
    assert left_out[0].symbols.unknown == ("é",) and left_out[0].symbols.written == ("c", "a", "t")
    assert left_out[1].score is None and best(left_out) == 0
    task = words()
    model = Model(ModelConfig("gru", task.input_size, 3, task.output_size))
    read = measure(ModelCopy(1, 0, model, task), ["the zebra"], [1])[0]
    assert read.symbols.unknown == ("zebra",) and read.symbols.ids.tolist()[1] == 0 and len(read.score.log_probs) == 2


def test_long_texts_are_cut(copy):
    item = measure(copy, ["the cat " * 40], [0])[0]
    assert len(item.symbols.ids) == 200 and item.cut == 120
    assert len(lines_of("a\n\n b \n" * 10)) == 8


def test_what_stands_before_is_what_was_typed_or_what_is_usual():
    assert start(words(), "the cat").written == ("the", "cat")
    assert start(words(), "").written == ("\n",)
    assert start(TextTask(text="ab b" * 40, sequence_length=4), "").written == (" ",)
    assert start(TextTask(text="aab" * 40, sequence_length=4), "").written == ("a",)


def test_probabilities_and_factors_in_words():
    assert (probability(math.log(0.5)), probability(-23.0)) == ("50.0%", "1.0×10⁻¹⁰")
    assert (times(math.log(791)), times(math.log(1280)), times(math.log(9999.7))) == ("791", "1,280", "1.0×10⁴")
    assert (times(math.log(12.34)), times(math.log(99.97))) == ("12.3", "100")


# branches


def test_a_branch_keeps_what_was_chosen_and_draws_the_rest(copy):
    drawing, prompt = Drawing(temperature=0.8, seed=4, length=20), copy.task.encode("the ")
    whole = grow(copy, prompt, (), drawing)
    assert whole.ids.tolist() == generate(copy.model, prompt, 20, temperature=0.8, seed=4).tolist()
    prefix = (*whole.ids[:6].tolist(), (whole.ids[6] + 1) % copy.task.output_size)
    fork = grow(copy, prompt, prefix, drawing)
    assert fork.given == 7 and tuple(fork.ids[:7]) == prefix and len(fork.ids) == 20
    rest = generate(copy.model, [*prompt, *prefix], 13, temperature=0.8, seed=4)
    assert fork.ids[7:].tolist() == rest.tolist()
    assert fork.score.total == pytest.approx(score(copy.model, prompt, fork.ids).total)


def test_the_distributions_are_those_of_each_step(copy):
    drawing, prompt = Drawing(temperature=0.5, top_k=4, length=9, seed=2), copy.task.encode("the ")
    branch = grow(copy, prompt, (), drawing)
    before, after = distributions(copy, prompt, branch.ids, drawing)
    assert before.sum(axis=1) == pytest.approx(np.ones(9)) and after.sum(axis=1) == pytest.approx(np.ones(9))
    assert ((after > 0).sum(axis=1) == 4).all() and (after[np.arange(9), branch.ids] > 0).all()
    assert np.log(before[np.arange(9), branch.ids]) == pytest.approx(branch.score.log_probs, abs=1e-5)
    assert -(before * np.log(before)).sum(axis=1) == pytest.approx(branch.score.entropy, abs=1e-5)
    assert _entropy(after)[0] == pytest.approx(-(after[0][after[0] > 0] * np.log(after[0][after[0] > 0])).sum())
    unlikely = int(before[3].argmin())
    order = step(before[3], after[3], unlikely).order
    assert unlikely in order and before[3, order[0]] == before[3].max() and len(order) == 12


def test_where_there_is_no_time_something_older_is_shown_once_more():
    cache = Cache()
    cache.begin(1000)
    assert cache.recall("branch", 1, lambda: "old", kind="a") == "old" and not cache.late
    cache.begin(-1)
    assert cache.recall("branch", 2, lambda: "new", kind="a") == "old" and cache.late
    assert cache.recall("branch", 1, lambda: "made twice", kind="a") == "old"
    assert cache.recall("branch", 3, lambda: "another kind", kind="b") == "another kind"
    assert cache.recall("branch", 4, lambda: "cannot wait") == "cannot wait"
    cache.begin(1000)
    assert not cache.late and cache.recall("branch", 5, lambda: "in time", kind="b") == "in time"
    for number in range(100):
        cache.recall(number, 0, lambda: 0)
    cache.begin(1000)
    assert cache.recall(0, 0, lambda: "forgotten") == "forgotten" and cache.recall(99, 0, lambda: 1) == 0


def test_beams_beat_greedy_writing(copy):
    drawing, prompt = Drawing(length=15, beams=5), copy.task.encode("the ")
    greedy = grow(copy, prompt, (), drawing._replace(temperature=0.0))
    found = search(copy, prompt, drawing)
    assert found.ids.shape == (5, 15) and found.log_probs[0] >= greedy.score.total - 1e-6


@pytest.mark.parametrize(
    "sent", [["x"], [[0]], [[0, []]], [[0, [True]]], [[-1, [1]]], [[0, [1.0]]], [[1, [1]]], [None]]
)
def test_nonsense_from_a_browser_makes_no_branch(sent):
    assert forks(sent, 5, 10) == (Fork(),)
    assert len(forks([[0, [1]]] * 50, 5, 10)) == 12


# baselines


def test_the_rulers_are_measured_on_the_networks_own_held_out_batch():
    task = words()
    found = counting(task).future.result(60)
    batch = task.held_out()
    assert len(found.losses) == 8 and found.counted == len(task.training_ids)
    for order in (1, 2, 8):
        p = found.ngrams.probabilities(batch.x, batch.targets, order)
        assert found.losses[order - 1] == pytest.approx(-np.log(p).mean())
    assert found.losses[found.best - 1] == min(found.losses) < found.losses[0]
    assert counting(task).baselines is found and counting(words(fold_case=1)).baselines is not found
    table = baselines_table(found, 1.0, math.log(task.output_size), STYLE)
    assert len(table["model"]) == 10 and table["model"][0] == "blind guess, log₂ K"


def test_only_some_texts_are_kept_and_a_count_can_be_stopped(monkeypatch):
    begun, go = threading.Event(), threading.Event()
    counting(words(min_count=2)).future.result(60)  # whatever other tests began has come to an end

    def slow(*_arguments, stop, **_more):
        begun.set()
        go.wait(20)
        return None if stop() else pytest.fail("it was to stop")

    monkeypatch.setattr("ui.language.baselines.count_ngrams", slow)
    tasks = [TextTask(text=f"abc {n} " * 20, sequence_length=4) for n in range(KEPT + 2)]
    first = counting(tasks[0])
    assert begun.wait(20) and first.baselines is None and not first.failed
    for task in tasks[1:]:
        counting(task)
    go.set()
    assert first.future.result(20) is None
    monkeypatch.undo()
    assert counting(tasks[0]) is not first and counting(tasks[0]).future.result(60).losses


def test_where_the_network_stands():
    found = NgramBaselines(None, (3.0, 2.0, 1.5), 100)
    assert "less than n = 2, more than n = 3" in compared_with_counting(found, 1.8, STYLE)
    assert "less than every counting model" in compared_with_counting(found, 1.0, STYLE)
    assert "more than counting single symbols" in compared_with_counting(found, 4.0, STYLE)
    needs = f"Counting does best here with the last {found.best - 1} symbols"
    assert [needs in compared_with_counting(found, loss, STYLE) for loss in (1.8, 1.0, 4.0)] == [True, False, True]


# the game


def test_a_guess_is_a_distribution():
    frequency = np.array([0.5, 0.3, 0.15, 0.05])
    for symbol in range(4):
        for certainty in (0.25, 0.5, 0.95):
            guess = game.Guess(symbol, certainty)
            p = [math.exp(-game.price(guess, target, frequency)) for target in range(4)]
            assert sum(p) == pytest.approx(1) and p[symbol] == pytest.approx(certainty)


@pytest.mark.parametrize("task", [words(), TextTask(text="abcd" * 5, sequence_length=4), TextTask(text=TEXT)])
def test_passages_are_held_out_and_always_the_same(task):
    for number in (0, 1, 9999):
        piece = game.passage(task, number)
        whole = np.concatenate(piece).tolist()
        held_out = task.held_out_ids.tolist()
        assert any(held_out[i : i + len(whole)] == whole for i in range(len(held_out)))
        assert 1 <= len(piece.targets) <= 30 and 1 <= len(piece.context) <= 100
        assert np.array_equal(game.passage(task, number).targets, piece.targets)


def test_all_players_pay_for_the_same_symbols(copy):
    piece = game.passage(copy.task, 3)
    paid, likeliest = game.of_the_network(copy, piece)
    assert paid == pytest.approx(-score(copy.model, piece.context, piece.targets).log_probs)
    assert len(likeliest) == len(paid) == 30
    found = counting(copy.task).future.result(60)
    for order in (1, 4):
        prices = found.surprise(piece.context, piece.targets, order)
        whole = np.concatenate(piece)
        for i in (0, 7, 29):
            p = found.ngrams.distribution(whole[: len(piece.context) + i], order)[piece.targets[i]]
            assert prices[i] == pytest.approx(-math.log(p))


def test_what_a_browser_sends_is_read_as_far_as_it_can_be(copy):
    task = copy.task
    guesses, unread = game.understood(task, [["t", 50], ["h", 95], ["ω", 50], ["e", 25]], 30)
    assert [g.certainty for g in guesses] == [0.5, 0.95] and unread == "ω"
    for nonsense in (None, [["t", 51]], [["t"]], [[3, 50]], "t", [[["t"], 50]]):
        assert game.understood(task, nonsense, 30) == ([], "")
    assert len(game.understood(task, [["t", 50]] * 50, 30)[0]) == 30
    assert game.understood(words(), [["zebra", 80]], 30)[0][0].symbol == 0


def test_the_game_as_a_table():
    table = game_table([("a", "b", {"you": math.log(4), "network": math.log(2)})], STYLE)
    assert table["you (bits)"] == ["2.00"] and table["network (bits)"] == ["1.00"] and table["what came"] == ["b"]


# figures


def test_parting_adds_the_surprise_up():
    figure = parting([np.array([math.log(2), math.log(4)]), np.zeros(0)], 0, STYLE)
    assert figure.data[0].y.tolist() == pytest.approx([0, 1, 3]) and len(figure.data[1].y) == 0
    assert "bits" in figure.layout.yaxis.title.text and figure.layout.xaxis.range == (0, 2)


def test_choices_show_surprise_and_entropy():
    kept = np.array([1, 10, 100])
    figure = choices(np.log([2, 2, 8]), np.log([2, 4, 8]), np.log([1, 2, 4]), kept, STYLE)
    assert figure.data[0].y.tolist() == pytest.approx([1, 1, 3])
    assert figure.data[1].y.tolist() == pytest.approx([1, 2, 3]) and figure.data[2].y.tolist() == pytest.approx(
        [0, 1, 2]
    )
    assert figure.data[3].y.tolist() == pytest.approx([0, 1, 2])


def test_rulers_are_levels_and_those_that_coincide_share_a_name():
    losses = [2.0, 1.5, 1.0, 1.001, 0.999]
    figure = baselines([(0, 3.0), (50, 1.7)], losses, 3.2, FigureStyle(LIGHT, _, "nats"))
    assert figure.data[0].y.tolist() == [3.0, 1.7]
    assert [shape.y0 for shape in figure.layout.shapes] == [3.2, *losses]
    assert [note.text for note in figure.layout.annotations] == ["blind guess, ln K", "n = 1", "n = 2", "n = 3, 4, 5"]
    assert figure.layout.yaxis.range[0] < 0.999 and figure.layout.yaxis.range[1] > 3.2
    bits = baselines([(0, 3.0)], [], 3.2, STYLE)
    assert bits.data[0].y[0] == pytest.approx(3 / math.log(2)) and len(bits.layout.shapes) == 1
    assert len(baselines([(0, math.nan)], [], 3.2, STYLE).data) == 1


def test_orders_whose_names_have_no_room_for_themselves_share_one():
    """The third and the fourth are nearer than a name is high."""
    losses = [level * math.log(2) for level in (4.35, 2.62, 1.61, 1.41, 1.30, 1.26, 1.24, 1.25)]
    figure = baselines([(0, 3.57), (800, 1.19)], losses, 3.53, STYLE)
    assert [note.text for note in figure.layout.annotations][-2:] == ["n = 3, 4", "n = 5, 6, 7, 8"]


def test_beside_a_network_that_has_diverged_the_levels_share_one_name():
    figure = baselines([(0, 3.0), (50, 1e22)], [2.0, 1.5, 1.0], 3.2, FigureStyle(LIGHT, _, "nats"))
    assert [note.text for note in figure.layout.annotations] == ["blind guess, ln K · n = 1, 2, 3"]


def test_the_race_adds_prices_up():
    figure = race([("you", np.array([math.log(2)] * 3)), ("network", np.zeros(0))], 30, STYLE)
    assert figure.data[0].y.tolist() == pytest.approx([0, 1, 2, 3]) and figure.data[1].y.tolist() == [0]
    assert figure.layout.xaxis.range == (0, 30)


def test_which_networks_cannot_write():
    setup = type("Setup", (), {"task": "adding", "bidirectional": False})
    assert obstacle(setup) == "task"
    setup.task, setup.bidirectional = "text", True
    assert obstacle(setup) == "bidirectional"
    setup.bidirectional = False
    assert obstacle(setup) == ""


def test_where_there_is_no_number_there_is_a_dash():
    style = SimpleNamespace(scale=1.0, unit_name="nats")
    assert amount(3.2e24, style) == "3.2×10²⁴ nats" and len(times(1e22)) + len(probability(-1e22)) < 30  # diverged
    assert amount(math.nan, style) == amount(math.inf, style) == "–" and amount(1.5, style) == "1.50 nats"
