"""What a tab keeps when another address is opened in it."""

from types import SimpleNamespace

import pytest

from ui.settings import keys
from ui.training import tabs
from ui.training.departed import Tab

pytestmark = pytest.mark.small


def test_a_link_sets_what_its_page_sets_whether_or_not_the_control_is_drawn(monkeypatch):
    """Controls of a closed fold are not drawn: they became what the tab had, and the experiment was left."""
    arranged = {keys.PRESET: "forgets", keys.BATCH_SIZE: 32, keys.HIDDEN_SIZE: 55}
    state = {
        keys.ASKED: {"memory": {keys.PRESET: "forgets"}},
        keys.SPELLED: {name: str(value) for name, value in arranged.items()} | {keys.TEXT: ""},
        keys.CHOSEN: dict(arranged),
        keys.HIDDEN_SIZE: 55,  # the only one that is drawn
    }
    monkeypatch.setattr(tabs, "st", SimpleNamespace(session_state=state))
    had = {keys.PRESET: "", keys.BATCH_SIZE: 16, keys.HIDDEN_SIZE: 8, keys.CLOCK: "seconds"}
    tabs._take_up("the tab's key", Tab(values={keys.CHOSEN: had, keys.TEXT: "my text"}), True)
    assert state[keys.CHOSEN] == arranged | {keys.CLOCK: "seconds"} and state[keys.HIDDEN_SIZE] == 55
    assert state[keys.FIRSTS] == {keys.CLOCK: "seconds"}
    assert state[keys.TEXT] == "my text" and state[keys.VISITOR] == "the tab's key"
