"""The sentences beside the Lab's charts: what they say is what was measured in this run."""

import math

import numpy as np
import pytest

from rnn_core.tasks import TASKS
from ui.charts.loss_units import LossUnit
from ui.i18n import Message, language
from ui.lab import guides
from ui.lab.renderer import ViewOptions, loss_figure
from ui.live.levels import baseline
from ui.live.metrics import numbers, quantity
from ui.theme import LIGHT
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, Setup, Training
from ui.unroll.sentence import LONGEST

_ = language("en").gettext
NATS = LossUnit("nats", _)


def run_of(task, cell="rnn_tanh", updates=0, **options):
    """A run of a small network after some updates."""
    made = Run(
        1, Setup(task=task, cell=cell, hidden_size=6, task_options=tuple(options.items())), Training(), SampleChoice()
    )
    if updates:
        made.trainer.step(updates)
    return made


@pytest.mark.parametrize("name", ["copy", "count"])
def test_a_blind_guess_and_a_model_without_memory_are_two_levels(name):
    view = run_of(name).view(complete=True)
    said = guides.loss_guide(view, NATS, _)
    size = view.trace.config.output_size
    assert f"all {size} symbols has a loss of {math.log(size):.2f} nats" in said[0]
    assert f"no memory has a loss of {view.chance:.2f} nats" in said[1]
    assert baseline(view.trace.config, view.chance, _) == "without memory" and "without memory" in guides.loss_in_words(
        view, _
    )


@pytest.mark.parametrize("name", [n for n, kind in TASKS.items() if kind.loss == "cross_entropy" and n != "text"])
def test_what_a_blind_guess_costs_is_right_for_every_task(name):
    """A network whose outputs are all zero guesses blindly among all symbols: it pays what the sentence says."""
    made = run_of(name)
    for values in made.trainer.model.state_dict().values():
        assert values.dtype == np.float32
    made.trainer.model.load_state_dict({k: np.zeros_like(v) for k, v in made.trainer.model.state_dict().items()})
    view = made.view(complete=True)
    assert f"{view.held_out[-1][1]:.2f} nats each time" in guides.loss_guide(view, NATS, _)[0]


def test_where_losses_add_up_the_line_is_not_said_to_vanish():
    view = run_of("flipflop").view(complete=True)
    said = " ".join(guides.score_guide(view.trace, 0, None, _))
    assert f"{len(view.trace.x)} steps have a loss" in said and "vanish" not in said


def test_where_one_loss_counts_its_way_back_is_measured():
    view = run_of("recall", delay=8).view(complete=True)
    trace = view.trace
    norms = np.linalg.norm(trace.d_hidden[0, 1:, 0], axis=-1)
    said = guides.score_guide(trace, 0, view.vocabulary, _)[-1]
    assert f"loss of step {len(trace.x) - 1} counts" in said
    assert Message("multiplied by {share:.1e}").format(share=norms[0] / norms[-1]) in said


def test_the_table_of_the_loss_has_no_training_loss_before_the_first_update():
    made = run_of("recall", delay=4)
    made.view(complete=True)
    assert "on the training data" not in " ".join(guides.loss_guide(made.view(), NATS, _))
    made._note(made.trainer.step(3))
    assert "on the training data" in " ".join(guides.loss_guide(made.view(), NATS, _))
    table = guides.loss_table(made.view(complete=True), NATS, _)
    assert table["update"] == [0, 3] and table["training loss"][0] is None
    assert table["training loss"][1] == round(float(made.view().curve.loss[2]), 4)


def test_a_mean_of_several_updates_is_called_so():
    made = run_of("recall", delay=4)
    made.view(complete=True)
    made._note(made.trainer.step(2000))
    view = made.view(complete=True)
    table = guides.loss_table(view, NATS, _)
    assert view.curve.width == 4 and list(table)[1] == "training loss (mean of 4 updates)"
    assert table["training loss (mean of 4 updates)"] == [None, round(float(view.curve.loss[-1]), 4)]


def test_in_perplexity_metric_guide_table_chart_and_step_agree():
    made = run_of("recall", delay=4)
    made.view(complete=True)
    made._note(made.trainer.step(3))
    view = made.view(complete=True)
    unit = LossUnit.of(view.trace.config, "perplexity", _)
    held_out = math.exp(view.held_out[-1][1])
    assert numbers(view, "perplexity", _)[2][1:] == [f"{held_out:,.2f}", "perplexity"]
    assert f"a perplexity of {held_out:,.2f} on data it is never" in guides.loss_guide(view, unit, _)[-2]
    assert "8 symbols has a perplexity of 8.00 each time" in guides.loss_guide(view, unit, _)[0]
    assert guides.loss_table(view, unit, _)["held-out perplexity"][-1] == round(held_out, 4)
    chart = loss_figure(view, ViewOptions(language("en"), LIGHT, unit="perplexity"))
    assert chart.data[2].y[-1] == pytest.approx(held_out)
    last = float(view.trace.loss_per_step[-1, 0])
    assert guides.score_table(view.trace, 0, view.vocabulary, unit, _)["perplexity"][-1] == round(math.exp(last), 4)
    rows = dict(guides.step_details(view, 0, 4, "article", unit, _)["rows"])
    assert float(rows["perplexity"]) == pytest.approx(math.exp(last), rel=1e-5)


def test_the_perplexity_of_a_network_that_is_running_away_is_no_bound_of_ours():
    view = run_of("recall", delay=4).view(complete=True)
    assert quantity(1000.0, view, "perplexity") == "2.0×10⁴³⁴" and quantity(1e22, view, "perplexity") == "> 10⁹⁹⁹⁹⁹⁹"
    assert LossUnit("perplexity", _).written(1000.0) == "a perplexity of 2.0×10⁴³⁴"
    assert LossUnit("nats", _).written(7.5e19) == "a loss of 7.5×10¹⁹ nats"


def test_a_squared_error_has_no_perplexity():
    view = run_of("adding").view(complete=True)
    unit = LossUnit.of(view.trace.config, "perplexity", _)
    assert unit.kind == "squared" and "squared error of 0.167" in guides.loss_guide(view, unit, _)[0]
    assert numbers(view, "perplexity", _)[2][2] == "squared error"


@pytest.mark.parametrize(
    ("name", "read"),
    [("grammar", "words"), ("recall", "symbols"), ("sine", "steps"), ("sentiment_zh", "characters")],
)
def test_the_pace_says_what_is_read(name, read):
    assert numbers(run_of(name).view(), "nats", _)[3][2] == f"0 {read} per second"


def test_the_step_leads_to_unroll_as_far_as_that_page_reaches():
    view = run_of("recall", delay=15).view(complete=True)
    links = [dict(guides.step_details(view, 0, step, "article", NATS, _)["links"]) for step in (3, LONGEST)]
    assert links[0]["to_unroll"] == "This step on the page “Unroll”"
    assert links[1]["to_unroll"] == f"The first {LONGEST} steps on the page “Unroll”"
    numbers_only = run_of("sine").view(complete=True)
    assert "to_unroll" not in dict(guides.step_details(numbers_only, 0, 3, "article", NATS, _)["links"])


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_loss_below_the_bigrams_is_put_down_to_memory_only_where_nothing_is_read_ahead(bidirectional):
    options = (("text", "to be or not " * 20),)
    setup = Setup(task="text", hidden_size=6, bidirectional=bidirectional, task_options=options)
    said = " ".join(guides.loss_guide(Run(1, setup, Training(), SampleChoice()).view(complete=True), NATS, _))
    assert ("remembers more than one symbol" in said) is not bidirectional
    assert ("no rule that sees one symbol alone comes below a loss of" in said) is not bidirectional
    assert ("what it reads ahead, not from memory" in said) is bidirectional
