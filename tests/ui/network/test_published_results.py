"""Cards of published results: each belongs to data that can be chosen, and says what is measured now."""

import json

import pytest
from sessions import entered, stepped

from rnn_core.tasks import TASKS, TEXTS
from rnn_core.tasks.texts import STREAMS
from ui.i18n import language
from ui.lab.renderer import LabRenderer, ViewOptions
from ui.lab.view import LAYOUT
from ui.live.request import Request
from ui.network.published_results import CARDS, card, data_of_card
from ui.network.results import RESULTS
from ui.theme import LIGHT
from ui.training.snapshot import Setup


def test_every_card_belongs_to_data_of_the_lab():
    assert set(STREAMS) <= set(CARDS) <= TASKS.keys() | TEXTS.keys()


@pytest.mark.parametrize("name", CARDS)
@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_a_card_has_four_paragraphs_and_one_of_the_page_results(name, code):
    told = card(name, ["1.", "2."], language(code).gettext)
    assert told[3].endswith("1. 2.") and len({text[:3] for text in told}) == len(told)
    titles = [language(code).gettext(result.title) for result in RESULTS.values() if data_of_card(result) == name]
    assert len(told) == 4 + len(titles) and all(titles[0] in text for text in told[4:])


def test_the_lab_shows_the_card_of_its_task_with_the_loss_of_now():
    with entered() as session:
        session.renderer = LabRenderer(LAYOUT)
        session.renderer.show(ViewOptions(language("en"), LIGHT))
        view = stepped(session, Setup("reber", (("batch_size", 4),), hidden_size=6), 3)
        picture = json.loads(session.renderer.frame(session, Request(opened=frozenset({"card"}))))
    loss, told = view.held_out[-1][1], picture["parts"]["card"]
    assert picture["card"] is True and f"After update 3 the held-out loss is {loss:.3g}" in told[3]
    assert "best possible: 0.441" in told[3] and "Hochreiter" in told[0]


def test_other_data_have_no_card():
    assert card("sine", ["1."], str) == []
