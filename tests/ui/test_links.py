"""Any link opens a page: no exception, and a network that can train.

RNN_LAB_LINKS=3000 pytest tests/ui/test_links.py tries that many of them.
"""

import os
import random

import pytest
from visits import visits

from ui.pages import PAGES, page
from ui.settings import keys
from ui.training.run import new_trainer
from ui.training.session import TrainingSession

TABLES = {name: page(name).settings for name in PAGES}
PARTS = (keys.MORE_TEXT, keys.MORE_NETWORK, keys.MORE_LEARNING, keys.SHOWN, keys.KEEP, keys.MORE_MATCH, keys.PLANNED)
LINKS, GROUP = int(os.environ.get("RNN_LAB_LINKS", "300")), 30
NONSENSE = [
    "",
    "x",
    "nan",
    "-inf",
    "1e999",
    "9" * 400,
    "\x00",
    "<b>",
    "[[[[",
    "true,false",
    "河水",
    "🜲" * 50,
    "-1",
    "1e-9",
]
TEXTS = ["a", "ab" * 30, "far too short", "the cat sat on the mat. " * 9, "一条河流过旧磨坊。" * 12, "\ud83d?", " \n"]


def value(setting, draw) -> str:
    """How a link could spell a value of this setting, or something like it."""
    if draw.random() < 0.15:
        return draw.choice(NONSENSE)
    if setting.several:
        return ",".join(map(str, draw.sample(setting.choices, draw.randint(0, len(setting.choices)))))
    if setting.choices:
        return setting.spell(draw.choice(setting.choices))
    if isinstance(setting.default, bool):
        return draw.choice(["true", "false"])
    if isinstance(setting.default, str):
        return draw.choice(TEXTS)[: setting.longest]
    low, high = setting.low, setting.high
    some = [low, high, low - 1, high + 1, low + draw.random() * (high - low)]
    return setting.spell(type(setting.default)(draw.choice(some)))


def link(draw) -> tuple[str, dict[str, str]]:
    """A page and a query."""
    page = draw.choice(list(TABLES))
    table = TABLES[page]
    names = draw.sample(list(table), min(len(table), draw.choice([1, 3, 8, 20])))
    query = {name: value(table[name], draw) for name in names}
    if draw.random() < 0.3:
        query |= {"data": draw.choice(["own", "river_en", "grammar"]), "by": draw.choice(["words", "characters"])}
    if draw.random() < 0.3:
        query |= {"stateful": "true", "batch_size": str(draw.randint(1, 64)), "text_sequence_length": "60"}
    if draw.random() < 0.3:
        query["hide"] = ",".join(draw.sample(list(table), min(len(table), 3)))
    if draw.random() < 0.3:
        query[draw.choice(["colour", "lang", "embed", "no_page"])] = draw.choice(NONSENSE)
    return page, query


@pytest.mark.parametrize("group", range(LINKS // GROUP))
def test_any_link_opens_a_page_with_a_network_that_can_train(group, monkeypatch):
    monkeypatch.setattr(TrainingSession, "enter", lambda _session, *_more, **_others: None)
    draw = random.Random(group)
    for _number in range(GROUP):
        page, query = link(draw)
        with visits(page, parts=PARTS if draw.random() < 0.5 else (), joined=False) as visit:
            app = visit(**{name: text.encode("utf-8", "replace").decode() for name, text in query.items()})
            app.run()
            assert not app.exception, (page, query)
            if keys.SESSION in app.session_state and app.session_state[keys.SESSION]._wanted:
                new_trainer(*app.session_state[keys.SESSION]._wanted)
