"""The list of runs on the Lab."""

import pytest
from visits import session_of, until, view, visits

from ui.settings import keys
from ui.training import keeping


@pytest.fixture
def visit(monkeypatch):
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 0.0)
    with visits("lab", (keys.RUNS,)) as made:
        yield made


def texts(app):
    return [text.value for text in app.text]


def test_runs_are_listed_compared_named_returned_to_and_deleted(visit):
    app = visit(data="recall", hidden_size="6", speed="100")
    session = session_of(app)
    view(app, 1, 3)
    app.slider(key=keys.HIDDEN_SIZE).set_value(9).run()
    view(app, 2, 3)
    app.run()
    [first, second] = session.runs
    told = "\n".join(texts(app))
    assert "Run 1\n" in told and "Run 2 · this network\n" in told and "6 units · update" in told
    assert "Changed from Run 1: Hidden units: 9" in told
    name = app.text_input(key=f"{keys.RUN_NAME}_{first.identity}")
    name.set_value("*small*").run()
    assert "*small*\n" in "\n".join(texts(app))
    app.selectbox(key=keys.RUN_BESIDE).set_value(first.identity).run()
    assert not app.exception
    told = texts(app)
    assert any(text.startswith("this network, update") for text in told)
    assert f"*small*, update {first.update}" in told
    app.button(key=f"{keys.RUN_RETURN}_{first.identity}").click().run()
    until(lambda: session.snapshot.view.setup.hidden_size == 6 and session.snapshot.view.update >= first.update)
    assert app.slider(key=keys.HIDDEN_SIZE).value == 6
    app.run()
    app.button(key=f"{keys.RUN_DELETE}_{second.identity}").click().run()
    assert [run.name for run in session.runs] == ["*small*"] and second.identity in session.shelf.forgotten
    assert not app.exception
