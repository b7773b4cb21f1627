"""The verdict on a run follows its recorded losses, whatever they are."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from ui.lab.verdict import LossCurve, course, verdict

CHANCE = 2.08


def said(*held_out, best=0.0, bigram=None, training=None, output_size=8, diagnosed=False, unit="nats"):
    """The verdict on a run with these held-out losses (update, loss)."""
    config = SimpleNamespace(loss="cross_entropy", output_size=output_size)
    view = SimpleNamespace(
        setup=SimpleNamespace(source=None),
        held_out=held_out,
        chance=math.log(8),
        best=best,
        bigram=bigram,
        training_loss=training,
        trace=SimpleNamespace(config=config),
    )
    return verdict(view, str, diagnosed, unit)


@pytest.mark.parametrize(
    ("losses", "sentence"),
    [
        ([2.1], "Not trained yet: held-out loss 2.1 (chance: 2.08)."),
        (
            [2.1, 2.07, 2.08],
            "So far no better than chance: after update 200 the held-out loss is 2.08 (chance: 2.08).",
        ),
        ([2.1, 2.07, 0.01], "No better than chance up to update 100, then it learned: held-out loss 0.01 after 200."),
        ([2.1, 0.01], "It has learned: held-out loss 0.01 after update 100 (chance: 2.08)."),
        (
            [2.1, 2.05, 1.4],
            "No better than chance (2.08) up to update 100, then better: held-out loss 1.4 after 200. It is as"
            " uncertain as a fair choice among 4.1 of the 8 symbols.",
        ),
        (
            [2.1, 1.4],
            "Better than chance (2.08): held-out loss 1.4 after update 100. It is as"
            " uncertain as a fair choice among 4.1 of the 8 symbols.",
        ),
        (
            [2.1, 0.5, 2.08],
            "It had left this level (chance: 2.08), with 0.5 after update 100, and is back at it: 2.08 after 200.",
        ),
    ],
)
def test_the_sentence_follows_the_losses(losses, sentence):
    assert said(*((100 * place, loss) for place, loss in enumerate(losses))) == sentence


def test_a_network_that_was_loaded_is_not_said_to_have_been_at_chance():
    """The first of its losses is that of the update at which its file was saved."""
    sentence = "Better than chance (2.08): held-out loss 1.4 after update 1,100."
    assert said((982, 1.5), (1100, 1.4)).startswith(sentence)
    assert said((982, 0.02), (1100, 0.01)).startswith("It has learned: held-out loss 0.01 after update 1,100")


def test_a_held_out_loss_that_turns_is_told_with_its_lowest_point():
    told = said((0, 2.0), (100, 1.2), (200, 1.8), best=None, bigram=1.5, training=0.25)
    assert told == (
        "Better than chance (2.08): held-out loss 1.8 after update 200. The held-out loss was lowest, 1.2, after "
        "update 100 and has risen since, while the training loss is 0.25: the network overfits. The bigram model "
        "reaches 1.5."
    )
    shorter = said((0, 2.0), (100, 1.2), (200, 1.8), best=None, bigram=1.5, training=0.25, diagnosed=True)
    assert "overfits" not in shorter and shorter.endswith("after update 200. The bigram model reaches 1.5.")
    told = said((0, 2.0), (100, 1.0), (200, 1.5), best=None, bigram=2.5, training=1.2)
    assert told.endswith("and has risen since. A held-out loss of 1.5 is below that of the bigram model, 2.5.")


def test_a_network_that_overfits_beyond_chance_is_not_said_to_have_forgotten():
    told = said((0, 2.1), (100, 1.0), (200, 4.3), best=None, training=0.25)
    assert told == (
        "No better than chance (2.08) any more: held-out loss 4.3 after update 200. The held-out loss was lowest, 1, "
        "after update 100 and has risen since, while the training loss is 0.25: the network overfits."
    )


def test_a_network_that_runs_away_in_its_first_update_does_not_overfit():
    told = said((0, 2.1), (1, 8.7e29), best=None, training=2.09)  # measured before the update
    assert told.endswith("The held-out loss was lowest, 2.1, after update 0 and has risen since.")


def test_where_most_steps_are_certain_the_level_is_that_without_memory():
    told = said((0, 3.0), (100, 1.0), output_size=9)
    assert told == "Better than without memory (2.08): held-out loss 1 after update 100."


def test_the_best_possible_loss_stands_beside_it():
    assert said((0, 2.0), (100, 0.45), best=0.441).endswith("The best possible is 0.441.")


def test_beside_perplexities_the_sentences_say_that_they_are_in_nats():
    assert said((0, 2.0), unit="perplexity").endswith("(chance: 2.08). Losses in these sentences are in nats.")


def test_numbers_that_are_not_finite_say_nothing():
    assert said((0, 2.0), (100, math.nan)) == ""


@pytest.mark.parametrize("seed", range(20))
def test_a_course_holds_for_any_losses(seed):
    rng = np.random.default_rng(seed)
    held_out = [(25 * place, float(loss)) for place, loss in enumerate(rng.uniform(0, 1.2 * CHANCE, 30))]
    found: LossCurve = course(held_out, CHANCE, 0.0)
    losses = dict(held_out)
    if found.left is not None:
        assert all(loss >= 0.95 * CHANCE for update, loss in held_out if update <= found.left) or found.left == 0
    assert found.lowest[1] == min(losses.values()) and (not found.learned or held_out[-1][1] <= 0.05 * CHANCE)
    assert found.back == (found.left is not None and held_out[-1][1] >= 0.95 * CHANCE)
